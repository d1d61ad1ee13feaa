"""``python -m bench.faults``: faults on every endpoint that reading asks, and what was lost, buried or accused by them.

One row a kind of site, phase and endpoint: how many kinds were tried and how many struck, then what became of it. Each
trial reads once through the fault and then without it (`tests.connectors.acceptance.trials`). ``--site``, ``--phase``
and ``--kind`` (repeatable) narrow it, ``--chance`` lets only a share of the requests meet the fault.
"""

from __future__ import annotations

import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from syncbot.model import Struct
from syncbot.sandbox.cruelty import KINDS, Rule
from syncbot.sandbox.server import Sandbox
from tests.connectors.acceptance.sites import SITES
from tests.connectors.acceptance.trials import PHASES, Ground, Outcome


class Row(Struct, frozen=True):
    """What became of the trials of one endpoint in one phase, by kind of fault."""

    site: str
    phase: str
    endpoint: str
    outcomes: dict[str, Outcome]

    @property
    def struck(self) -> dict[str, Outcome]:
        """Those in which the fault fell at all."""
        return {kind: one for kind, one in self.outcomes.items() if one.struck}


def measure(sites: list[str], phases: list[str], kinds: list[str], chance: float) -> Iterator[Row]:
    """Every trial, endpoint by endpoint."""
    for site in sites:
        with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
            ground = Ground(sandbox, site, Path(folder))
            for phase in phases:
                for endpoint in ground.endpoints(phase):
                    rules = {kind: Rule((kind,), ground.tool, endpoint, chance) for kind in kinds}
                    yield Row(site, phase, endpoint, {kind: ground.trial(phase, rule) for kind, rule in rules.items()})


def show(rows: list[Row]) -> None:
    """Print the table, its sums, and each trial that was not clean."""
    heads = ("site", "phase", "endpoint", "kinds", "struck", "refused", "late", "lost", "buried", "accused", "cleared")
    table = Table(*heads)
    for row in rows:
        table.add_row(row.site, row.phase, row.endpoint, *_figures([row]))
    table.add_section()
    table.add_row("all", "", "", *_figures(rows))
    console = Console(width=150)
    console.print(table)
    by_kind = Table("kind", *heads[3:])
    for kind in KINDS:
        parts = [Row(row.site, "", "", {kind: row.outcomes[kind]}) for row in rows if kind in row.outcomes]
        by_kind.add_row(kind, *_figures(parts))
    console.print(by_kind)
    for row in rows:
        for kind, one in row.struck.items():
            if not one.is_clean:
                console.print(f"{row.site} {row.phase} {row.endpoint} {kind}: {one}")


def _figures(rows: list[Row]) -> list[str]:
    struck = [one for row in rows for one in row.struck.values()]
    counts = [sum(len(row.outcomes) for row in rows), len(struck), sum(one.failed for one in struck)]
    counts.append(sum(one.mended > 1 for one in struck))
    counts += [sum(len(getattr(one, name)) for one in struck) for name in ("lost", "buried", "accused", "cleared")]
    return [str(count) for count in counts]


def main() -> int:
    """Try, and print."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--site", action="append", choices=list(SITES))
    parser.add_argument("--phase", action="append", choices=list(PHASES))
    parser.add_argument("--kind", action="append", choices=list(KINDS))
    parser.add_argument("--chance", type=float, default=1.0)
    told = parser.parse_args()
    rows = []
    for row in measure(told.site or [*SITES], told.phase or [*PHASES], told.kind or [*KINDS], told.chance):
        rows.append(row)
        sys.stderr.write(f"{row.site} {row.phase} {row.endpoint} {' '.join(_figures([row]))}\n")
        for kind, one in row.struck.items():
            if not one.is_clean:
                sys.stderr.write(f"  {kind}: {one}\n")
    show(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
