"""Sentences that fit the width, at a terminal and in a pipe alike; addresses, paths and commands are never broken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

HANGING = 2
_WORD = re.compile(r"'syncbot [^']+'\S*|syncbot \w+ --.*|\S+")


def fill(text: str, width: int, hanging: int = 0) -> Iterator[str]:
    """The words in lines of at most so many columns; one that is longer, or a command, has a line of its own.

    ``hanging``: by how much the lines after the first one are shorter.
    """
    line = ""
    for word in _WORD.findall(text):
        if line and cell_len(line) + 1 + cell_len(word) > width:
            yield line
            line, width, hanging = word, width - hanging, 0
        else:
            line = f"{line} {word}" if line else word
    yield line


def say(console: Console, text: str, style: str = "", *, hanging: int = HANGING) -> None:
    """Each line of the text as a paragraph, indented as it is; never read as markup.

    ``hanging``: by how many columns more what follows its first line is indented.
    """
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        for at, filled in enumerate(fill(line, console.width - indent, hanging)):
            console.print(Text(" " * (indent + hanging * (at > 0)) + filled, style), soft_wrap=True)


def complain(text: str) -> None:
    """What is wrong, on standard error."""
    say(_errors(), text, "red")


def locate(mistake: str) -> None:
    """A mistake with its file and line, on standard error; in a pipe on one line, as editors and searches want it."""
    console = _errors()
    if console.is_terminal:
        say(console, mistake)
    else:
        console.print(Text(mistake), soft_wrap=True)


def remark(text: str) -> None:
    """What is neither a result nor wrong, on standard error."""
    say(_errors(), text, hanging=0)


def _errors() -> Console:
    return Console(stderr=True, highlight=False)
