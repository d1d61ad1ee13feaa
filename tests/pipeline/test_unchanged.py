"""A check is spared only if it could say nothing else than the last one: whatever people do, nothing is overlooked."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

from syncbot import pipeline, rules
from syncbot.model import Checked, Waiver
from syncbot.pipeline import Verdict, unchanged
from syncbot.sandbox.mutations import MUTATIONS
from syncbot.sandbox.server import Sandbox
from syncbot.store import Store, findings, inputs, schema, waivers
from tests.company import Company

EDITS = (
    ("capacity = { points = 40 }", "capacity = { points = 4 }"),
    ("weekly_hours = 32", "weekly_hours = 3"),
    ('timezone = "Europe/London"', 'timezone = "Pacific/Kiritimati"'),
    ('members = ["cy", "hal"]', 'members = ["cy"]'),
    ("[people.gus]", "[rules.status-drift]\nenabled = false\n\n[people.gus]"),
    ("[people.gus]", '[schedule]\nreport = "*/10 * * * *"\n\n[people.gus]'),
)
FACTS = {  # what facts say in tables that are read into: they follow from the rest
    "assignee": {"person_id"},
    "account": {"person_id", "matched_by"},
    "sprint": {"team_id", "state", "start_on", "start_day", "end_on", "end_day", "closed_day"},
    "scope": {"team_id", "is_complete", "read_at", "complete_at", "complete_day", "error", "cursor"},
    "item": {column.name for column in schema.item.columns if column.info.get("facts")},
}
READ_INTO = (
    *FACTS,
    "membership",
    "reference",
    "item_sprint",
    "container",
    "unmapped",
    "former_key",
    "change",
    "waiver",
)


class Walk:
    """Days of a company in which people do this and that, the same for a seed."""

    def __init__(self, company: Company, seed: int) -> None:
        self.company, self.dice = company, random.Random(seed)
        self.applied: list[str] = []
        self.edits: set[tuple[str, str]] = set()
        self.seen: set[bool] = set()
        with Store.open(company.store_url) as store, store.writing() as db:
            self.guarded = db.dialect.name == "sqlite"
            if self.guarded:
                db.execute(text("create table written (name text)"))
                for table in READ_INTO:
                    for event in _events(table):
                        trigger = f"create trigger {table}_{event.split()[0]} after {event} on {table}"
                        db.execute(text(f"{trigger} begin insert into written values ('{table}'); end"))

    def step(self) -> str:
        """Something happens; which it was."""
        act = self.dice.choice(
            (self._mutate, self._mutate, self._undo, self._edit, self._waive, self._accept, self._wait)
        )
        act()
        return act.__name__

    def run(self) -> None:
        """The pipeline runs, and says what a check that spares nothing says."""
        before = self._touches()
        verdict = self.company.later(minutes=20).run(apply=None).verdict
        self.seen.add(verdict.unchanged)
        written = self._written()
        assert before != self._touches() or not written
        assert _said(verdict) == _said(self._anew())
        again = self.company.later(minutes=1).run(apply=None).verdict
        assert again.unchanged
        assert _said(again, but="sources") == _said(verdict, but="sources")  # they were read a minute later

    def _anew(self) -> Verdict:
        with Store.open(self.company.store_url) as store:
            return pipeline.check(store, (), self.company.config, rules.load(), now=self.company.now, anew=True)

    def _touches(self) -> dict[str, int]:
        with Store.open(self.company.store_url) as store, store.reading() as db:
            return inputs.touches(db)

    def _written(self) -> set[str]:
        """The tables that somebody wrote to since this was asked last."""
        if not self.guarded:
            return set()
        with Store.open(self.company.store_url) as store, store.writing() as db:
            found = set(db.scalars(text("select distinct name from written")))
            db.execute(text("delete from written"))
            return found

    def _mutate(self) -> None:
        name = self.dice.choice([name for name in MUTATIONS if name not in self.applied])
        self.applied.append(name)
        self.company.sandbox.apply(name)

    def _undo(self) -> None:
        if self.applied:
            self.company.sandbox.undo(self.applied.pop())

    def _edit(self) -> None:
        self.edits ^= {self.dice.choice(EDITS)}
        self.company.configure(*sorted(self.edits))

    def _waive(self) -> None:
        until = self.company.now.date().isoformat()
        with Store.open(self.company.store_url) as store, store.writing() as db:
            made = waivers.made(db)
            said = findings.kept_findings(db)
            if said and self.dice.random() < 0.7:
                one = self.dice.choice(said)
                waivers.add(db, Waiver(one.rule, one.fingerprint, until, "so be it", origin="command"))
            else:
                waivers.remove(db, made)

    def _accept(self) -> None:
        today = self.company.now.date().isoformat()
        with Store.open(self.company.store_url) as store, store.writing() as db:
            if self.dice.random() < 0.6:
                findings.accept(db, [one.fingerprint for one in findings.kept_findings(db)], today=today)
            else:
                findings.disown(db, today=today)

    def _wait(self) -> None:
        self.company.later(hours=self.dice.choice((0, 1, 8, 24, 30)))


def _events(table: str) -> list[str]:
    kept = [column.name for column in schema.metadata.tables[table].columns if column.name not in FACTS.get(table, ())]
    return ["insert", "delete", f"update of {', '.join(kept)}"]


def _said(verdict: Verdict, but: str = "unchanged") -> object:
    """What a verdict says, in an order of its own."""
    said = msgspec.to_builtins(verdict)
    said |= {"unchanged": False, but: None}
    said["stated"] = sorted(said["stated"], key=lambda one: one["finding"]["fingerprint"])
    return said


@pytest.mark.parametrize("seed", range(int(os.environ.get("SYNCBOT_WALKS", "1"))))  # each costs seconds
def test_whatever_happens_a_spared_check_says_what_a_check_would_say(
    sandbox: Sandbox, store_url: str, tmp_path: Path, seed: int
) -> None:
    company = Company(sandbox, store_url, tmp_path)
    company.run(apply=None)
    walk = Walk(company, seed)
    for _ in range(6):
        for _ in range(walk.dice.randint(0, 2)):
            walk.step()
        walk.run()
    assert walk.seen == {True, False}


EACH: dict[str, Callable[[Company], object]] = {
    "the next day": lambda company: company.later(days=1),
    "a setting": lambda company: company.configure(EDITS[0]),
    "a person": lambda company: company.configure(EDITS[1]),
    "a record": lambda company: company.sandbox.apply("owner-leaves"),
    "a sprint": lambda company: company.sandbox.apply("sprint-forgotten"),
}


def test_any_one_change_is_enough(sandbox: Sandbox, store_url: str, tmp_path: Path) -> None:
    company = Company(sandbox, store_url, tmp_path)
    company.run(apply=None)
    spared = {}
    for name, change in EACH.items():
        change(company)
        spared[name] = [company.later(minutes=16).run(apply=None).verdict.unchanged for _ in range(2)]
    assert spared == {name: [False, True] for name in EACH}


def test_a_rule_that_changes_is_asked(sandbox: Sandbox, store_url: str, tmp_path: Path) -> None:
    company = Company(sandbox, store_url, tmp_path)
    company.run(apply=None)
    shipped = rules.load()
    one = shipped.rules["overdue"]
    changed = msgspec.structs.replace(shipped, rules=shipped.rules | {one.id: msgspec.structs.replace(one, title="?")})
    reads = msgspec.structs.replace(one, sql=f"{one.sql} and 1 not in (select subject from findings)")
    own = msgspec.structs.replace(shipped, rules=shipped.rules | {one.id: reads})
    with Store.open(store_url) as store:

        def spared(catalogue: rules.Catalogue) -> bool:
            return pipeline.check(store, (), company.config, catalogue, now=company.now).unchanged

        assert [spared(shipped), spared(changed), spared(changed)] == [True, False, True]
        assert [spared(own), spared(own)] == [False, False]  # a check changes what it reads


def test_a_promise_that_is_broken_meanwhile_is_a_change(sandbox: Sandbox, store_url: str, tmp_path: Path) -> None:
    company = Company(sandbox, store_url, tmp_path, edit=('timezone = "Europe/London"', 'timezone = "Etc/GMT+12"'))
    company.run(apply=None)
    with Store.open(store_url) as store:

        def later(hours: float) -> Verdict:
            company.later(hours=hours)
            return pipeline.check(store, (), company.config, rules.load(), now=company.now)

        day = later(0.1).today
        assert later(0.1).unchanged
        company.configure(
            ('timezone = "Europe/London"', 'timezone = "Etc/GMT+12"'),
            ("[connections.roadmap]", '[connections.roadmap]\npromise = "60m"'),
        )
        assert not later(0.1).unchanged
        assert later(0.1).unchanged
        broken = later(1)
        assert broken.today == day
        assert not broken.unchanged
        assert "source-stale" in {one.finding.rule for one in broken.stated}


def test_a_check_that_did_not_come_to_its_end_spares_nothing(store: Store) -> None:
    with store.writing() as db:
        unchanged.end(db, "mark", [Checked("one")], (), "2026-11-23T09:00:00.000Z")
        assert unchanged.last(db, "mark") is not None
        assert unchanged.last(db, "another") is None
        unchanged.begin(db)
        assert unchanged.last(db, "mark") is None
        unchanged.end(db, "mark", [Checked("one"), Checked("two", broke_off=True)], (), "2026-11-23T09:00:00.000Z")
        assert unchanged.last(db, "mark") is None
