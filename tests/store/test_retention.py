"""What is older than the config keeps goes; what a report, a rule or a write may still need stays, however old."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text

from syncbot.model import Keep
from syncbot.store import Store, retention, targets
from syncbot.store.retention import Pruned
from tests.store.helpers import connect, put, record, rows, save

NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
DAY = 1440
OLD, RECENT = "2026-11-01T08:00:00.000Z", "2026-11-20T08:00:00.000Z"
KEEP = Keep(runs=10 * DAY, findings=10 * DAY, changes=10 * DAY, gone=10 * DAY)


def day(instant: str) -> int:
    return (dt.datetime.fromisoformat(instant).date() - dt.date(1970, 1, 1)).days


def prune(store: Store, **later: float) -> Pruned:
    return retention.prune(store, KEEP, now=NOW + dt.timedelta(**later))


def test_nothing_is_taken_from_a_new_store(store: Store):
    assert prune(store) == Pruned()


def test_runs_and_changes_go_when_they_are_old(store: Store):
    with store.writing() as db:
        connect(db)
    save(store, [record(1)])
    put(store, "run", *({"command": "sync", "started_at": at} for at in (OLD, OLD, RECENT)))
    put(store, "change", *({"item_id": 1, "field": "status", "at": at, "day": day(at)} for at in (OLD, RECENT)))
    assert prune(store) == Pruned(runs=2, changes=1)
    assert rows(store, "select started_at from run union all select at from change") == [(RECENT,), (RECENT,)]


def test_old_snapshots_go_with_what_they_hold(store: Store):
    with store.writing() as db:
        connect(db)
    save(store, [record(1)])
    told = {"of": "sprint", "of_id": 1}
    put(store, "snapshot", {**told, "event": "start", "taken_day": day(OLD)})
    put(store, "snapshot", {**told, "event": "close", "taken_day": day(RECENT)})
    put(store, "snapshot_item", *({"snapshot_id": number, "item_id": 1} for number in (1, 2)))
    assert prune(store) == Pruned(snapshots=1)
    assert rows(store, "select snapshot_id from snapshot_item") == [(2,)]


def test_the_last_run_stays_so_that_somebody_can_see_when_it_was(store: Store):
    put(store, "run", {"command": "sync", "started_at": OLD})
    assert prune(store) == Pruned()


@pytest.mark.parametrize(
    ("state", "checked", "edition", "goes"),
    [
        ("resolved", OLD, 1, True),
        ("unsaid", OLD, 1, True),
        ("resolved", RECENT, 1, False),
        ("resolved", OLD, 2, False),  # the edition that is under way tells of it
        ("still", OLD, 1, False),
        ("not_checked", OLD, 1, False),
        ("baseline", OLD, 1, False),
        ("waived", OLD, 1, False),
    ],
)
def test_only_findings_that_are_over_go_with_all_their_events(
    store: Store, state: str, checked: str, edition: int, goes: bool
):
    put(store, "edition", {"started_on": OLD[:10]}, {"started_on": RECENT[:10]})
    days = {"first_day": 1, "last_day": 1, "first_edition": 1, "edition": edition}
    named = {"rule": "overdue", "view": "task", "subject": 1, "connection": "delivery", "scope": "1", "side": "project"}
    put(
        store,
        "finding",
        {
            "fingerprint": "aa",
            **named,
            "severity": "error",
            "state": state,
            "checked_day": day(checked),
            "body": b"",
            **days,
        },
    )
    put(store, "finding_event", {"fingerprint": "aa", "day": 1, "event": "open", **days})
    assert prune(store) == Pruned(findings=int(goes))
    assert len(rows(store, "select 1 from finding_event")) == int(not goes)


def test_writes_go_but_not_the_last_of_a_target_nor_one_whose_end_is_not_known(store: Store):
    put(store, "target", *({"key": key, "connection": "d", "scope": "1", "title": "t"} for key in "ab"))
    written = {"body": b"", "body_hash": "", "created_at": OLD}
    put(
        store,
        "outbox",
        {"target_id": 1, "state": "settled", **written},
        {"target_id": 1, "state": "failed", **written},
        {"target_id": 1, "state": "sending", **written},
        {"target_id": 2, "state": "settled", **written},
    )
    assert prune(store) == Pruned(writes=1)
    assert rows(store, "select target_id, state from outbox order by id") == [
        (1, "failed"),
        (1, "sending"),
        (2, "settled"),
    ]


def test_news_of_old_editions_go_but_the_last_that_were_told_of_a_report(store: Store):
    report = {"connection": "d", "scope": "1", "title": "t"}
    put(store, "target", {"key": "report", **report, "written_at": OLD})
    put(store, "target", *({"key": key, **report, "news_of": "report", "written_at": OLD} for key in ("1st", "2nd")))
    assert prune(store) == Pruned(writes=1)
    assert rows(store, "select key from target order by id") == [("report",), ("2nd",)]


def test_what_was_told_last_stays_though_later_news_were_not_written(store: Store):
    report = {"connection": "d", "scope": "1", "title": "t", "news_of": "report", "written_at": OLD}
    put(store, "target", *({"key": key, **report} for key in ("1st", "2nd", "3rd")))
    sent = {"body_hash": "", "created_at": OLD}
    put(
        store,
        "outbox",
        {"target_id": 1, "state": "settled", "outcome": "created", "body": b"old", **sent},
        {"target_id": 2, "state": "settled", "outcome": "created", "body": b"told", **sent},
        {"target_id": 2, "state": "failed", "body": b"not told", **sent},
        {"target_id": 3, "state": "settled", "outcome": "muted", "body": b"not told", **sent},
    )
    prune(store)
    with store.reading() as db:
        assert targets.told(db, "report") == b"told"
    assert rows(store, "select key from target order by id") == [("2nd",), ("3rd",)]


def test_waivers_of_commands_go_long_after_they_are_over(store: Store):
    over = {"rule": "overdue", "reason": "why"}
    put(store, "waiver", *({**over, "subject": on, "origin": "command", "until": on[:10]} for on in (OLD, RECENT)))
    put(store, "waiver", {**over, "subject": "x", "origin": "config", "until": OLD[:10]})
    assert prune(store) == Pruned(waivers=1)
    assert rows(store, "select subject from waiver order by subject") == [(RECENT,), ("x",)]


def test_items_that_are_gone_go_with_all_that_hangs_on_them_once_that_was_long_enough(store: Store):
    with store.writing() as db:
        connect(db)
    save(store, [record(number) for number in range(1, 6)])
    with store.writing() as db:
        for table in ("record", "item"):
            db.execute(text(f"update {table} set seen = 'gone' where id in (2, 3, 5)"))
        db.execute(text("insert into lost_twins (item_id, twin_id) values (1, 3)"))
    assert prune(store) == Pruned()  # first seen gone
    assert prune(store, days=9) == Pruned()
    assert prune(store, days=10) == Pruned(items=1)
    # 3 is the twin that somebody still asks for, 5 the highest number, which must not be given again.
    assert rows(store, "select id from record order by id") == [(1,), (3,), (4,), (5,)]
    assert rows(store, "select id from item order by id") == [(1,), (3,), (4,), (5,)]
    assert rows(store, "select distinct item_id from assignee order by 1") == [(1,), (3,), (4,), (5,)]


def test_an_item_that_came_back_is_gone_anew_from_then_on(store: Store):
    with store.writing() as db:
        connect(db)
    save(store, [record(1), record(2)])

    def seen(what: str) -> None:
        with store.writing() as db:
            db.execute(text("update record set seen = :what where id = 1"), {"what": what})

    seen("gone")
    prune(store)
    seen("here")
    prune(store, days=5)
    seen("gone")
    assert prune(store, days=9) == Pruned()
    assert prune(store, days=18) == Pruned()
    assert prune(store, days=19) == Pruned(items=1)
