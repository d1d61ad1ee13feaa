"""``python -m syncbot``: the command line."""

from syncbot.cli import main

main()
