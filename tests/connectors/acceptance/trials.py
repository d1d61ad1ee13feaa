"""A company that is read through faults, trial after trial: what was lost, buried or accused, and what mends it.

Each trial finds the world and the store as they were: before a first read, twenty minutes after one, a day after one,
when everything is counted, or when a read looks back, after that. Pages are short in all of them, so that even a small
world has many.
"""

from __future__ import annotations

import copy
import random
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace
from sqlalchemy import text

from syncbot.model import Record
from syncbot.sandbox.cruelty import Plan, Rule
from syncbot.sandbox.cruelty.people import DEEDS, act
from syncbot.sandbox.server import Sandbox
from syncbot.store import Store, records
from tests.company import Company, Run
from tests.connectors.acceptance.sites import SHORT, SITES, with_history

DAY = {"days": 1, "minutes": 1}
PHASES = {"first": ({"minutes": 20},), "again": ({"minutes": 20},), "count": (DAY,), "wide": (DAY, {"minutes": 20})}
"""How long after the first read (of nothing, for ``first``), and after one that meets no fault, a trial happens."""

WRONG = ("work-abandoned", "idea-without-owner", "launch-work-abandoned", "sprint-overfull")
MENDING = ({"minutes": 20}, DAY, DAY, {"minutes": 20})
"""When runs without faults follow: at once, and, for what only counting finds, after two counts."""


Told = tuple[Record, set[tuple[str, ...]]]


@dataclass(frozen=True)
class Outcome:
    """What became of one trial; everything but ``struck``, ``failed`` and ``mended`` should be empty.

    ``buried``: items that are there and that the store took for missing or gone. ``accused``: findings that neither the
    world nor the store gave cause for; ``cleared``: findings that were taken for resolved and are not. ``lost``: items
    that the store lacks, or has as they are not, after the runs of `MENDING`; ``mended``: after how many it was whole.
    """

    struck: int
    failed: bool
    buried: frozenset[str]
    accused: frozenset[tuple[str, str]]
    cleared: frozenset[tuple[str, str]]
    lost: frozenset[str]
    mended: int

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, buried, accused or cleared."""
        return not (self.buried or self.accused or self.cleared or self.lost)


UNTOUCHED = Outcome(
    0, failed=False, buried=frozenset(), accused=frozenset(), cleared=frozenset(), lost=frozenset(), mended=0
)
"""What becomes of a trial in which the fault never fell."""


class Ground:
    """Where trials happen. ``site`` is one of `SITES`, ``folder`` its own; ``asked``: the endpoints of a first read."""

    def __init__(self, sandbox: Sandbox, site: str, folder: Path) -> None:
        self.sandbox, self.folder = sandbox, folder
        self.tool, self.connection = SITES[site]
        sandbox.apply(*WRONG)
        self.start = sandbox.now
        self.company = Company(sandbox, self._url("kept"), folder, text=with_history(sandbox, site))
        self._read_the_others()
        self.before = copy.deepcopy(sandbox.world)
        self.found_before = frozenset(self.company.run(apply=None).found)
        self.asked = self._asked()
        dice = random.Random(1)
        for deed in ("edit", "edit", "create", "delete"):
            act(sandbox.world, self.tool, deed, dice)
        self.after = copy.deepcopy(sandbox.world)
        self.truth, self.found_after = self.fresh()

    def endpoints(self, phase: str) -> list[str]:
        """Every endpoint of the tool that reading asks in a phase."""
        self._prepare(phase)
        self.sandbox.plan = Plan(1, [SHORT])
        self.sandbox.clear()
        self.company.run(apply=None, asking=[self.connection])
        return self._asked()

    def _asked(self) -> list[str]:
        return sorted({f"{one.method} {one.path}" for one in self.sandbox.requests if one.tool == self.tool})

    def trial(self, phase: str, rule: Rule, seed: int = 1) -> Outcome:
        """Read through the faults of a rule, then without until the store is whole."""
        self._prepare(phase)
        plan = self.sandbox.plan = Plan(seed, [rule, SHORT])
        run = self.company.run(apply=None, expect_mistakes=None, asking=[self.connection])
        self.sandbox.plan = None
        struck = sum(count for (_, __, kind), count in plan.struck.items() if kind in rule.kinds)
        if not struck:
            return UNTOUCHED
        truth, found = self.truth, self.found_after
        if set(rule.kinds) & DEEDS.keys():
            truth, found = self.fresh()
            known = frozenset[tuple[str, str]]()
        else:
            known = frozenset() if phase == "first" else self.found_before
        buried = self._buried(truth)
        said = frozenset(one for one in run.found if one[0] != "source-stale")  # which is true then
        accused = said - found - known if not set(rule.kinds) & DEEDS.keys() else frozenset()
        cleared = frozenset(run.resolved) & found
        lost, mended = self._mend(truth)
        buried |= self._buried(truth)
        return Outcome(struck, _failed(run), buried, accused, cleared, lost, mended)

    def _mend(self, truth: dict[str, Told]) -> tuple[frozenset[str], int]:
        lost = frozenset(truth)
        for mended, time in enumerate(MENDING, 1):
            self.company.later(**time).read(self.connection)
            there = self.records()
            lost = frozenset(key for key, record in truth.items() if there.get(key) != record)
            if not lost:
                return lost, mended
        return lost, len(MENDING)

    def _prepare(self, phase: str) -> None:
        self.sandbox.world = copy.deepcopy(self.after)
        self.company.store_url = self._url("trial")
        for file in self.folder.glob("trial.db*"):
            file.unlink()
        shutil.copy(self.folder / ("others.db" if phase == "first" else "kept.db"), self.folder / "trial.db")
        self.company.now = self.start
        *before, last = PHASES[phase]
        for time in before:
            self.company.later(**time).read(self.connection)
        self.company.later(**last)

    def _read_the_others(self) -> None:
        """The store that a first read meets: it knows all connections but the one that is tried."""
        kept, self.company.store_url = self.company.store_url, self._url("others")
        for name in self.company.config.connections:
            if name != self.connection:
                self.company.read(name)
        self.company.store_url = kept

    def fresh(self) -> tuple[dict[str, Told], frozenset[tuple[str, str]]]:
        """What a store without a past reads of the world as it is, and what is found in it."""
        kept, now = self.company.store_url, self.company.now
        for file in self.folder.glob("fresh.db*"):
            file.unlink()
        self.company.store_url = self._url("fresh")
        run = self.company.later(minutes=20).run(apply=None)
        assert not _failed(run)
        truth = self.records()
        self.company.store_url, self.company.now = kept, now
        return truth, frozenset(run.found)

    def records(self) -> dict[str, Told]:
        """What the store has of the connection, but for what is gone: records, and how they came to be so.

        References to addresses that it knows to be former ones are those to what was there: nobody touches an issue
        whose epic gets another key.
        """
        former = text("""
            select f.url, i.url from former_key f join item i on i.connection = f.connection
            and i.remote_id = f.remote_id where f.connection = :connection""")
        history = text("""
            select i.remote_id, c.field, c.old, c.new, c.at from changes c join items i on i.id = c.item_id
            where c.field not in ('owner', 'sprint')""")  # which each store knows by numbers of its own
        with Store.open(self.company.store_url) as store, store.reading() as db:
            now = {one[0]: one[1] for one in db.execute(former, {"connection": self.connection})}
            kept = records.records(db, self.connection)
            found: dict[str, Told] = {one.remote_id: (_led(one, now), set()) for one in kept}
            for remote_id, *told in db.execute(history):
                if remote_id in found:
                    found[remote_id][1].add(tuple(told))
            return found

    def _buried(self, truth: dict[str, Told]) -> frozenset[str]:
        query = text("select remote_id from record where seen <> 'here' and connection = :connection")
        with Store.open(self.company.store_url) as store, store.reading() as db:
            return frozenset(db.scalars(query, {"connection": self.connection})) & truth.keys()

    def _url(self, name: str) -> str:
        return f"sqlite:///{self.folder / name}.db"


def _led(record: Record, now: Mapping[str, str]) -> Record:
    references = [replace(one, target=now.get(one.target, one.target)) for one in record.references]
    return replace(record, references=tuple(references))


def _failed(run: Run) -> bool:
    return any(one.failed for one in run.pulled)
