"""Companies in which everything is wrong in one way: every rule still ends, and every report stays short."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from syncbot import rules
from syncbot.model import KnownPerson, Report, Team
from syncbot.report import NATIVE, compose
from syncbot.store import Store, findings, scopes
from tests.rules import cases
from tests.worlds import BOARD, NOW, TODAY, Item, Sprint, World

BO = KnownPerson("bo", name="Bo Li", accounts={"delivery": "bo"}, weekly_minutes=2400)
TEAM = Team("pay", ("bo",), "bo", ("delivery/PAY board",), {"points": 40})
REPORT = Report("delivery", "PAY", covers=("*",), may_show=("*",))
MANY = 10_000


def parts_of_each_other() -> World:
    """Tasks and features that are parts of each other, block each other, and do both to themselves."""
    ring = [Item(f"T{n}", parent=f"T{(n + 1) % 50}", blocks=(f"T{(n + 7) % 50}", f"T{n}")) for n in range(50)]
    epics = [
        Item(f"E{n}", "feature", "project", parent=f"E{(n + 1) % 9}", status="doing", due=n, twins=(f"E{n}",))
        for n in range(9)
    ]
    selfish = Item("SELF", parent="SELF", names=("SELF",), twins=("SELF",), blocks=("SELF",), status="doing")
    below = [Item(f"W{n}", parent=f"E{n % 9}", owner="bo", points=1) for n in range(30)]
    return World((*ring, *epics, *below, selfish), people=(BO,), teams=(TEAM,))


def a_sprint_of_ten_thousand() -> World:
    """One running sprint holds it all, most of it without an estimate or a person."""
    told = [(1 if n % 5 == 0 else None, "bo" if n % 7 == 0 else None) for n in range(MANY)]
    items = [
        Item(f"T{n}", sprints=("S1",), points=points, owner=owner, status="doing")
        for n, (points, owner) in enumerate(told)
    ]
    return World(tuple(items), sprints=(Sprint("S1"),), people=(BO,), teams=(TEAM,))


def sprints_without_dates() -> World:
    """Sprints of every state without a start or an end, with work in them."""
    sprints = tuple(
        Sprint(f"{state} {start} {end}", state=state, start=start, end=end)
        for state in ("active", "future", "closed")
        for start, end in ((None, None), (-7, None), (None, 6))
    )
    items = [Item(f"T{n}", sprints=(sprints[n % 9].name,), points=2, minutes=60, owner="bo") for n in range(90)]
    return World(tuple(items), sprints=sprints, people=(BO,), teams=(TEAM,))


def estimates_of_nothing_and_less() -> World:
    """Zeros and negative numbers."""
    told = [(0.0, 0), (-5.0, -60), (None, 0), (0.0, None)]
    items = [
        Item(f"T{n}", sprints=("S1",), points=told[n % 4][0], minutes=told[n % 4][1], owner="bo", due=3, start=-3)
        for n in range(40)
    ]
    return World(tuple(items), sprints=(Sprint("S1"),), people=(BO,), teams=(TEAM,))


def everything_overdue() -> World:
    """Work and features of which nothing was done in time."""
    cards = [Item(f"C{n}", "feature", scope=BOARD.label, due=-30, owner="bo", status="doing") for n in range(200)]
    work = [Item(f"T{n}", due=-1 - n % 90, owner="bo", names=(f"C{n % 200}",)) for n in range(2000)]
    return World((*cards, *work), people=(BO,))


def one_hub() -> World:
    """A thousand items wait for one, which waits for a thousand others."""
    before = [Item(f"B{n}", blocks=("HUB",), due=9) for n in range(1000)]
    after = tuple(f"A{n}" for n in range(1000))
    return World((*before, Item("HUB", blocks=after, due=5), *(Item(ref, status="ready", due=1) for ref in after)))


def a_chain_of_ten_thousand() -> World:
    """Each item waits for the one before it."""
    refs = [f"T{n}" for n in range(MANY)]
    return World((*(Item(one, blocks=(other,), status="ready") for one, other in pairwise(refs)), Item(refs[-1])))


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (parts_of_each_other, {"dependency-cycle": 1}),
        (a_sprint_of_ten_thousand, {"sprint-over-capacity": 1, "work-without-assignee": 8571}),
        (sprints_without_dates, {"sprint-over-capacity": 0, "sprint-not-closed": 0}),
        (estimates_of_nothing_and_less, {"sprint-over-capacity": 0, "person-overloaded": 0}),
        (everything_overdue, {"overdue": 2200}),
        (one_hub, {"blocker-due-later": 1001, "blocked-chain": 0}),
        (a_chain_of_ten_thousand, {"blocked-chain": 1}),
        (World, {}),
    ],
)
def test_every_rule_ends_and_every_report_stays_short(store, make, expected):
    answers, document = _said(store, make())
    found = {answer.rule: len(answer.findings) for answer in answers}
    assert {rule: found[rule] for rule in expected} == expected
    assert [gap for answer in answers for gap in answer.cannot_tell if "query" in gap.reason] == []
    lines = [line for group in document.groups for line in group.lines]
    left_out = document.left_out + sum(group.left_out for group in document.groups)
    assert len(lines) <= 30
    assert sum(line.count for line in lines) + left_out == sum(found.values())
    for render in NATIVE.values():
        assert len(json.dumps(render(document), ensure_ascii=False)) < 30_000


def _said(store: Store, world: World):
    cases.warm(store)
    with cases.filled(store, world) as db:
        answers = list(rules.check(db, rules.load(), today=TODAY))
        stated = findings.reconcile(db, answers, (), today=TODAY.isoformat())
        sources = scopes.sources(db, NOW.isoformat())
    gaps = [gap for answer in answers for gap in answer.cannot_tell]
    return answers, compose(stated, gaps, sources, REPORT, today=TODAY.isoformat())
