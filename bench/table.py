"""One row a measurement: what was measured, its figure, the baseline of the same run, and the bar."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from syncbot.model import Struct


class Row(Struct, frozen=True):
    """Seconds (or what ``unit`` says) against a baseline.

    ``bar``: at most so many times the baseline; without one, at most so much. ``limited``: by which side.
    ``measured``: None for what could not be.
    """

    what: str
    measured: float | None
    baseline: float | None = None
    bar: float | None = None
    unit: str = "s"
    limited: str = ""


def side(sides: Mapping[str, float], wall: float) -> str:
    """The side that needed the most seconds, and its share of all: near 100%, nothing else could make it faster."""
    most = max(sides, key=sides.__getitem__)
    return f"{most} {sides[most] / wall:.0%}"


def show(rows: list[Row]) -> None:
    """Print the rows; a row above its bar says so."""
    table = Table("what", "measured", "baseline", "ratio", "bar", "", "limited by")
    for row in rows:
        if row.measured is None:
            table.add_row(row.what)
            continue
        ratio = row.measured / row.baseline if row.baseline else None
        judged = row.measured if ratio is None else ratio
        above = row.bar is not None and judged > row.bar
        table.add_row(
            row.what,
            f"{row.measured:.3f} {row.unit}",
            f"{row.baseline:.3f} {row.unit}" if row.baseline is not None else "",
            f"{ratio:.2f}" if ratio is not None else "",
            f"{row.bar:.2f}" if row.bar is not None else "",
            "ABOVE" if above else "",
            row.limited,
        )
    Console(width=180).print(table)
