"""``python -m bench.faults``: faults on every endpoint that reading asks, and what was lost, buried or accused by them.

Each trial reads once through the fault and then without it (`tests.connectors.acceptance.trials`). ``--site``,
``--phase`` and ``--kind`` (repeatable) narrow it, ``--chance`` lets only a share of the requests meet the fault.
``--into FILE`` keeps each trial there, and leaves out those that it holds: so all of it can be tried in slices.
"""

from __future__ import annotations

import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from syncbot.model import Struct
from syncbot.sandbox.cruelty import KINDS, Rule
from syncbot.sandbox.server import Sandbox
from tests.connectors.acceptance.sites import SITES
from tests.connectors.acceptance.trials import PHASES, Ground, Outcome

Key = tuple[str, str, str, str]


class Trial(Struct, frozen=True):
    """What became of one kind of fault on one endpoint in one phase. ``seconds``: of CPU, the sandbox's too."""

    site: str
    phase: str
    endpoint: str
    kind: str
    outcome: Outcome
    seconds: float

    @property
    def key(self) -> Key:
        """Which it is."""
        return self.site, self.phase, self.endpoint, self.kind


def measure(
    sites: Sequence[str], phases: Sequence[str], kinds: Sequence[str], chance: float, *, done: Collection[Key] = ()
) -> Iterator[Trial]:
    """Every trial that is not done, endpoint by endpoint."""
    for site in sites:
        with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
            ground = Ground(sandbox, site, Path(folder))
            for phase in phases:
                for endpoint in ground.endpoints(phase):
                    for kind in kinds:
                        if (site, phase, endpoint, kind) in done:
                            continue
                        began = time.process_time()
                        outcome = ground.trial(phase, Rule((kind,), ground.tool, endpoint, chance))
                        yield Trial(site, phase, endpoint, kind, outcome, time.process_time() - began)


def show(trials: Sequence[Trial]) -> None:
    """Print a table of each site, one of all kinds, and each trial that was not clean."""
    console = Console(width=150)
    for site in dict.fromkeys(one.site for one in trials):
        _show_site(console, site, [one for one in trials if one.site == site])
    sums = Table("kind", "trials", "struck", "refused", "late", "lost", "buried", "accused", "cleared")
    for kind in KINDS:
        sums.add_row(kind, *_figures([one for one in trials if one.kind == kind]))
    sums.add_section()
    sums.add_row("all", *_figures(trials))
    console.print(sums)
    for one in trials:
        if not one.outcome.is_clean:
            console.print(*one.key, one.outcome, soft_wrap=True)
    rows = {one.key[:3] for one in trials}
    console.print(
        f"{len(trials)} trials in {len(rows)} endpoint rows, {sum(one.seconds for one in trials):.0f} s of CPU"
    )


def _show_site(console: Console, site: str, trials: Sequence[Trial]) -> None:
    """Kinds by endpoints: in how many phases it struck and left nothing wrong; ``!``: and in how many it did."""
    endpoints = sorted({one.endpoint for one in trials})
    for number, endpoint in enumerate(endpoints, 1):
        console.print(f"{number:>3}  {endpoint}", highlight=False)
    table = Table(site, *(str(number) for number, _ in enumerate(endpoints, 1)), pad_edge=False)
    for kind in KINDS:
        cells = []
        for endpoint in endpoints:
            struck = [one for one in trials if (one.endpoint, one.kind) == (endpoint, kind) and one.outcome.struck]
            wrong = sum(not one.outcome.is_clean for one in struck)
            cells.append((f"{len(struck) - wrong}" + (f" !{wrong}" if wrong else "")) if struck else "-")
        table.add_row(kind, *cells)
    console.print(table)


def _figures(trials: Sequence[Trial]) -> list[str]:
    struck = [one.outcome for one in trials if one.outcome.struck]
    counts = [len(trials), len(struck), sum(one.failed for one in struck), sum(one.mended > 1 for one in struck)]
    counts += [sum(len(getattr(one, name)) for one in struck) for name in ("lost", "buried", "accused", "cleared")]
    return [str(count) for count in counts]


def main() -> int:
    """Try, and print."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--site", action="append", choices=list(SITES))
    parser.add_argument("--phase", action="append", choices=list(PHASES))
    parser.add_argument("--kind", action="append", choices=list(KINDS))
    parser.add_argument("--chance", type=float, default=1.0)
    parser.add_argument("--into", type=Path)
    told = parser.parse_args()
    kept = told.into.read_bytes().splitlines() if told.into and told.into.exists() else []
    trials = [msgspec.json.decode(line, type=Trial) for line in kept]
    known = {one.key for one in trials}
    for one in measure(told.site or [*SITES], told.phase or [*PHASES], told.kind or [*KINDS], told.chance, done=known):
        trials.append(one)
        if told.into:
            with told.into.open("ab") as file:
                file.write(msgspec.json.encode(one) + b"\n")
        if not one.outcome.is_clean:
            sys.stderr.write(f"{one}\n")
    show(trials)
    return 0


if __name__ == "__main__":
    sys.exit(main())
