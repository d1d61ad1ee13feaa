"""What ``doctor`` says of each thing that it looked at, with the lines to paste, and the exit code that follows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from rich.console import Console
from rich.text import Text

from syncbot.cli import tables, worst
from syncbot.cli.steps import MUST_EDIT, TOOL_FAILED
from syncbot.model import Struct

LABELS = {"ok": ("ok", "green"), "look": ("look", "yellow"), "bad": ("wrong", "red"), "down": ("fails", "red")}
CODES = {"bad": MUST_EDIT, "down": TOOL_FAILED}


class Remark(Struct, frozen=True):
    """One thing that was looked at. ``paste``: lines for the file that ``into`` names."""

    level: Literal["ok", "look", "bad", "down"]
    said: str
    paste: str = ""
    into: str = ""


def show(console: Console, about: str, remarks: Iterable[Remark]) -> int:
    """Draw what was found; the exit code that follows from it."""
    tables.heading(console, about)
    codes = []
    for remark in remarks:
        label, colour = LABELS[remark.level]
        tables.entry(console, Text(f"{label:<6}", style=colour), remark.said)
        if remark.paste:
            console.print(Text(f"        in {remark.into}:", style="dim"))
            for pasted in remark.paste.splitlines():
                console.print(Text(f"          {pasted}"), soft_wrap=True)
        codes.append(CODES.get(remark.level, 0))
    return worst(codes)
