"""What sprints and milestones hold when they begin and end is kept as it was, and only by whoever comes in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from syncbot.store import Store
from tests.worlds import DAY, PAY, TODAY, Item, Scope, Sprint, World, build_facts, fill

ITEMS = """
    select s.event, i.ref, x.points, x.minutes, x.status from snapshots s join snapshot_items x on x.snapshot_id = s.id
    join items i on i.id = x.item_id order by s.event, i.ref"""


@pytest.fixture
def db(store: Store) -> Iterator[Connection]:
    with store.writing() as opened:
        yield opened


def ask(db: Connection, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in db.execute(text(query))]


def later(db: Connection, world: World, days: int, *edits: str) -> None:
    """Edit the tables and build the facts of another day, on which all is read."""
    db.execute(text(f"update scope set complete_day = {DAY + days} where complete_day is not null"))
    for edit in edits:
        db.execute(text(edit))
    build_facts(db, world, today=TODAY + timedelta(days=days))


RUNNING = World(
    (
        Item("PAY-1", sprints=("S",), points=5, status="ready", due=3),
        Item("PAY-2", sprints=("S",), points=3),
        Item("PAY-3", parent="PAY-2", points=2),
        Item("PAY-4", parent="PAY-2"),
        Item("PAY-5", points=8),
        Item("PAY-6", sprints=("S",), seen="gone"),
        Item("PAY-7", sprints=("S",), minutes=90),
        Item("EPIC", kind="feature", side="project", sprints=("S",)),
    ),
    sprints=(Sprint("S", start=0, end=13), Sprint("NEXT", state="future", start=14, end=27)),
)
STARTED = [
    ("start", "PAY-1", 5, None, "ready"),
    ("start", "PAY-2", None, None, "planned"),
    ("start", "PAY-3", 2, None, "planned"),
    ("start", "PAY-4", None, None, "planned"),
    ("start", "PAY-7", None, 90, "planned"),
]


def test_a_sprint_is_kept_as_it_began_whatever_becomes_of_it(db: Connection) -> None:
    fill(db, RUNNING)
    assert ask(db, ITEMS) == STARTED
    planned = ask(db, "select sum(points) from snapshot_items"), ask(db, "select sum(planned) from sprint_load")
    assert planned == ([(7,)], [(7 + 90,)])
    told = "select of, event, taken_day, rebuilt, start_on, due_on from snapshots"
    assert ask(db, told) == [("sprint", "start", DAY, 0, TODAY.isoformat(), "2026-12-06")]
    assert ask(db, "select due_on from snapshot_items where due_on is not null") == [("2026-11-26",)]
    grown = "insert into item_sprint (item_id, sprint_id, is_current) select id, 1, true from item where ref = 'PAY-5'"
    later(db, RUNNING, 1, grown, "update item set points = 13, status = 'doing' where ref = 'PAY-1'")
    assert ask(db, ITEMS) == STARTED


def test_at_its_close_it_holds_also_what_has_left_it_for_the_next_one(db: Connection) -> None:
    fill(db, RUNNING)
    later(
        db,
        RUNNING,
        14,
        f"update sprint set state = 'closed', closed_day = {DAY + 13} where name = 'S'",
        "update item set status = 'done' where ref = 'PAY-1'",
        "update item_sprint set is_current = false where item_id = (select id from item where ref = 'PAY-2')",
        "insert into item_sprint (item_id, sprint_id, is_current) select id, 2, true from item where ref = 'PAY-2'",
        "update sprint set state = 'active' where name = 'NEXT'",
    )
    closed = [("close", "PAY-1", 5, None, "done"), *(("close", *row[1:]) for row in STARTED[1:])]
    assert [row for row in ask(db, ITEMS) if row[0] == "close"] == closed
    begun = "select x.item_id from snapshots s join snapshot_items x on x.snapshot_id = s.id where s.of_id = 2"
    assert len(ask(db, begun)) == 3


@pytest.mark.parametrize(("days", "kept"), [(0, 1), (1, 1), (2, 0)])
def test_whoever_comes_later_keeps_nothing(db: Connection, days: int, kept: int) -> None:
    world = World(RUNNING.items, sprints=(Sprint("S", start=-days, end=13),))
    fill(db, world)
    assert len(ask(db, "select * from snapshots")) == kept


def test_whoever_comes_later_rebuilds_it_where_history_is_read(db: Connection) -> None:
    others = (Item("PAY-8", parent="PAY-7", minutes=60), Item("PAY-9", parent="PAY-3", sprints=("NEXT",), points=1))
    late = (Sprint("S", start=-9, end=13), Sprint("NEXT", state="future", start=14, end=27))
    world = World((*RUNNING.items, *others), sprints=late)
    fill(db, world)
    assert ask(db, ITEMS) == []
    in_, out = ("new", "old")
    since = """insert into change (item_id, field, {}, at, day)
        select id, '{}', {}, '2026-11-20', {} from item where ref = '{}'"""
    later(
        db,
        world,
        0,
        f"update connection set history_day = {DAY - 30}",
        f"update item set created_day = {DAY - 20}",
        "delete from item_sprint where item_id = (select id from item where ref = 'PAY-1')",
        "insert into item_sprint (item_id, sprint_id, is_current) select id, 1, true from item where ref = 'PAY-5'",
        since.format(out, "sprint", "'1'", DAY - 3, "PAY-1"),
        since.format(in_, "sprint", "'1'", DAY - 3, "PAY-5"),
        since.format(out, "points", "'2'", DAY - 3, "PAY-9"),
        since.format(in_, "sprint", "'2'", DAY - 3, "PAY-9"),
        since.format(out, "minutes", "'30'", DAY - 3, "PAY-8"),
    )
    assert ask(db, "select taken_day, rebuilt from snapshots") == [(DAY - 9, 1)]
    grown = ("start", "PAY-7", None, None, "planned"), ("start", "PAY-8", None, 30, "planned")
    nested = ("start", "PAY-3", None, None, "planned")
    assert ask(db, ITEMS) == [*STARTED[:2], nested, STARTED[3], *grown, ("start", "PAY-9", 2, None, "planned")]


@pytest.mark.parametrize(
    ("is_unsure", "changed", "rebuilt"), [("false", -3, 1), ("true", -3, 0), ("true", -9, 0), ("true", -10, 1)]
)
def test_it_is_rebuilt_only_if_the_history_of_all_that_changed_since_is_understood(
    db: Connection, is_unsure: str, changed: int, rebuilt: int
) -> None:
    known = Item("PAY-1", sprints=("S",), words=("type: Epos",))
    world = World((known,), sprints=(Sprint("S", start=-9, end=13),))
    fill(db, world)
    later(
        db,
        world,
        0,
        f"update connection set history_day = {DAY - 30}",
        f"update item set created_day = 1, changed_day = {DAY + changed}",
        f"insert into past (record_id, hash, is_unsure) select id, hash, {is_unsure} from record",
    )
    assert len(ask(db, "select * from snapshots")) == rebuilt


def test_of_a_sprint_whose_work_was_done_later_and_never_set_to_done_nothing_is_rebuilt(db: Connection) -> None:
    world = World(
        (Item("PAY-1", sprints=("S",), status="done", done=-3), Item("PAY-2", sprints=("T",), status="done", done=-3)),
        sprints=(Sprint("S", start=-9, end=13), Sprint("T", start=-9, end=13)),
    )
    fill(db, world)
    change = f"""insert into change (item_id, field, old, new, at, day)
        select id, 'status', 'ready', 'done', '2026-11-20', {DAY - 3} from item where ref = 'PAY-2'"""
    later(db, world, 0, f"update connection set history_day = {DAY - 30}", "update item set created_day = 1", change)
    assert ask(db, ITEMS) == [("start", "PAY-2", None, None, "ready")]


def test_a_milestone_is_kept_with_what_is_delivered_with_it(db: Connection) -> None:
    world = World(
        (
            Item("BETA", kind="milestone", side="project", start=0, due=20),
            Item("EPIC", kind="feature", side="project", names=("BETA",)),
            Item("PAY-1", parent="EPIC", points=5),
            Item("PAY-2", names=("BETA",), points=1),
            Item("PAY-3", points=9),
            Item("LATER", kind="milestone", side="project", start=5),
            Item("PAY-4", names=("LATER",)),
        )
    )
    fill(db, world)
    held = [("start", "PAY-1", 5, None, "planned"), ("start", "PAY-2", 1, None, "planned")]
    assert ask(db, ITEMS) == held
    done = f"update item set status = 'done', is_open = false, done_day = {DAY + 3} where ref = 'BETA'"
    later(db, world, 3, done, "update item set points = 3, due_on = '2026-12-01' where ref = 'PAY-2'")
    assert ask(db, ITEMS)[:2] == [("close", "PAY-1", 5, None, "planned"), ("close", "PAY-2", 3, None, "planned")]
    assert ask(db, ITEMS)[2:] == held
    assert ask(db, "select of, due_on from snapshots") == [("milestone", "2026-12-13")] * 2


def test_one_without_a_start_begins_with_its_first_work(db: Connection) -> None:
    items = (
        Item("BETA", kind="milestone", side="project"),
        Item("PAY-1", names=("BETA",)),
        Item("PAY-2", names=("BETA",)),
    )
    fill(db, World(items))
    assert ask(db, ITEMS) == []
    later(db, World(items), 4, f"update item set started_day = {DAY + 4} where ref = 'PAY-2'")
    assert [row[:2] for row in ask(db, ITEMS)] == [("start", "PAY-1"), ("start", "PAY-2")]


@pytest.mark.parametrize(
    "trouble", ["error = 'refused'", "is_lacking = true", f"complete_day = {DAY - 1}", "complete_day = null"]
)
@pytest.mark.parametrize("where", ["PAY", "RISK"])
def test_what_was_not_read_since_is_not_kept_before_it_is(db: Connection, trouble: str, where: str) -> None:
    elsewhere = Item("RISK-1", scope="delivery/RISK", sprints=("S",))
    world = World((*RUNNING.items, elsewhere), (PAY, Scope("delivery/RISK")), RUNNING.sprints)
    fill(db, world, build=False)
    db.execute(text(f"update scope set {trouble} where key = '{where}'"))
    build_facts(db, world)
    assert ask(db, ITEMS) == []
    later(db, world, 1, "update scope set error = null, is_lacking = false, complete_day = 99999")
    assert [row[1] for row in ask(db, ITEMS)] == [*(row[1] for row in STARTED), "RISK-1"]


def test_a_start_that_is_put_off_is_kept_when_it_comes(db: Connection) -> None:
    world = World((Item("BETA", kind="milestone", side="project", start=1, due=20), Item("PAY-1", names=("BETA",))))
    taken = "select event, taken_day from snapshots order by event"
    fill(db, world)
    assert ask(db, taken) == [], "not before its day"
    later(db, world, 1)
    assert ask(db, taken) == [("start", DAY + 1)]
    later(db, world, 2, f"update item set start_day = {DAY + 9} where ref = 'BETA'")
    assert ask(db, taken) == []
    later(db, world, 9)
    assert ask(db, taken) == [("start", DAY + 9)]


def test_a_close_that_is_taken_back_is_kept_when_it_comes(db: Connection) -> None:
    beta = Item("BETA", kind="milestone", side="project", start=0, due=20)
    world = World((beta, Item("PAY-1", sprints=("S",), names=("BETA",))), sprints=RUNNING.sprints)
    taken = "select of, taken_day from snapshots where event = 'close' order by of"
    milestone = "update item set is_open = {}, done_day = {} where ref = 'BETA'"
    sprint = "update sprint set state = '{}', closed_day = {} where name = 'S'"
    fill(db, world)
    for days in (3, 9):
        later(db, world, days, milestone.format("false", DAY + days), sprint.format("closed", DAY + days))
        assert ask(db, taken) == [("milestone", DAY + days), ("sprint", DAY + days)]
        later(db, world, days + 1, milestone.format("true", "null"), sprint.format("active", "null"))
        assert ask(db, taken) == []


def test_what_is_deleted_leaves_snapshots_too(db: Connection) -> None:
    world = World((Item("BETA", kind="milestone", side="project", start=0), Item("PAY-1", names=("BETA",))))
    fill(db, world)
    later(db, world, 0, "delete from item where ref = 'PAY-1'")
    assert (ask(db, "select * from snapshot_items"), len(ask(db, "select * from snapshots"))) == ([], 1)
    later(db, world, 0, "delete from item where ref = 'BETA'")
    assert ask(db, "select * from snapshots") == []
