"""Tables that fit the width of a terminal, and stay plain in a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from syncbot.cli.prose import fill
from syncbot.report.words import clean

LONGEST = 1000
_NARROWEST = 20


def show(
    console: Console,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    right: Sequence[str] = (),
    whole: Sequence[str] = (),
) -> None:
    """Draw a table; text from tools is shown as it is, never read as markup.

    ``right``: columns of numbers; ``whole``: columns that are never broken, as people copy what stands in them.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        justify: Literal["left", "right"] = "right" if column in right else "left"
        table.add_column(column, justify=justify, overflow="fold", no_wrap=column in whole)
    for row in rows:
        table.add_row(*(Text(clean("" if cell is None else str(cell), LONGEST)) for cell in row))
    console.print(table)


def line(console: Console, said: str) -> None:
    """A line that is never broken where it is read by a program, and never read as markup."""
    console.print(Text(clean(said, LONGEST)), soft_wrap=not console.is_terminal)


def heading(console: Console, text: str) -> None:
    """A line that says what comes next, with air above it."""
    console.print()
    console.print(Text(clean(text), style="bold"))


def entry(console: Console, label: Text, said: str) -> None:
    """A labelled sentence, wrapped beside its label."""
    beside = Text.assemble("  ", label)
    indent = beside.cell_len
    for line in fill(clean(said, LONGEST), max(console.width - indent, _NARROWEST)):
        console.print(Text.assemble(beside, line), soft_wrap=True)
        beside = Text(" " * indent)


def minute(at: str | None) -> str:
    """An instant as people read it, to the minute."""
    return f"{at[:10]} {at[11:16]} UTC" if at else ""
