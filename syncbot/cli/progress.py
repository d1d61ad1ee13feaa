"""What a command says while it works: a live line on a terminal, plain lines elsewhere, nothing with --quiet.

All of it goes to standard error, so that standard output holds results only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from syncbot.pipeline import Tell


class Progress:
    """Says what is going on. ``level``: -1 quiet, 0 usual, 1 and more verbose."""

    def __init__(self, *, level: int = 0) -> None:
        self.console = Console(stderr=True, highlight=False)
        self.level = level

    def say(self, text: str, *, level: int = 1) -> None:
        """A line, if the level is wanted."""
        if self.level >= level:
            self.console.print(Text(text, style="dim"), soft_wrap=True)

    @contextmanager
    def reading(self) -> Iterator[Tell]:
        """A line that counts what has been read so far, per scope."""
        come: dict[str, int] = {}
        if self.level < 0 or not self.console.is_terminal:
            yield lambda *_: None
            return
        with self.console.status("reading") as status:

            def tell(connection: str, scope: str, records: int) -> None:
                come[scope] = records
                status.update(f"{escape(connection)}: {sum(come.values())} records, {escape(scope)}")

            yield tell


def level(verbose: int, *, quiet: bool) -> int:
    """The level that -v and -q ask for."""
    return -1 if quiet else verbose
