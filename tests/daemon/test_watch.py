"""What is to know of a store and its daemon, and that the guide says what to do about each of it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from syncbot.daemon import state as states
from syncbot.daemon.alarms import ALARMS, LEVELS, worst
from syncbot.daemon.state import Job, Refusal, State, Work
from syncbot.daemon.watch import Watcher, look, told
from syncbot.store import Store, runs, scopes
from tests.daemon.helpers import AT, EARLIER, LONG_AGO, NOW, STATE, fill, write
from tests.store.helpers import PAY, put, rows

GUIDE = Path(__file__).parents[2] / "docs" / "operation.md"


def seen(store: Store, state: State | None = None, now: dt.datetime = NOW) -> dict[str, str]:
    """What another process sees, by the alarm's id; a daemon with a state is alive."""
    if state is None:
        return {alarm.id: alarm.said for alarm in look(store, now=now).alarms}
    with store.writing() as db:
        states.keep(db, state)
    with store.lock(states.LOCK):
        return {alarm.id: alarm.said for alarm in look(store, now=now).alarms}


def test_nothing_is_wrong_with_an_empty_store_or_after_a_sync_that_went_well(store: Store):
    assert seen(store) == {}
    fill(store)
    assert seen(store) == {}
    assert seen(store, STATE) == {}


def test_a_source_that_fails_is_told_once_for_one_reason_and_worse_when_its_promise_is_broken(store: Store):
    fill(store)
    with store.writing() as db:
        for scope in ("10000", "10001"):
            scopes.finish_read(db, "delivery", scope, at=AT, complete=False, error="delivery: no answer")
    assert seen(store) == {"source-failing": "Payments, Risk (delivery) were not read: no answer"}
    late = NOW + dt.timedelta(days=1)
    assert seen(store, now=late) == {
        "source-stale": "Payments, Risk (delivery) were not read completely since 2026-11-23 07:45 UTC: no answer"
    }


def test_what_fails_in_two_places_of_a_tool_for_one_reason_is_one_alarm(store: Store):
    fill(store)
    with store.writing() as db:
        for scope, asked in (("10000", "GET jira.example/search"), ("10001", "POST jira.example/bulkfetch")):
            scopes.finish_read(db, "delivery", scope, at=AT, complete=False, error=f"delivery: {asked}: 401. Sign in.")
    assert seen(store) == {
        "source-failing": "Payments, Risk (delivery) were not read: GET jira.example/search: 401. Sign in"
    }


def test_a_source_that_was_never_read_is_stale(store: Store):
    with store.writing() as db:
        scopes.sync_connection(db, "delivery", "jira", [PAY], sides={})
    assert seen(store) == {"source-stale": "Payments (delivery) was never read completely"}


def test_a_daemon_that_is_gone_is_told_from_one_that_was_stopped(store: Store):
    with store.writing() as db:
        states.keep(db, STATE)
    assert seen(store) == {
        "daemon-gone": "the daemon (ops-1, process 7) ended without saying so after 2026-11-23 08:00 UTC"
    }
    with store.writing() as db:
        states.keep(db, replace(STATE, is_stopping=True))
    assert seen(store) == {"daemon-stopped": "the daemon (ops-1, process 7) was stopped after 2026-11-23 08:00 UTC"}


@pytest.mark.parametrize(
    ("change", "alarm", "said"),
    [
        ({"trouble": "the disk is full"}, "store-failing", "the disk is full"),
        ({"refused": Refusal(AT, ("config.toml:3: no", "b"))}, "config-refused", "config.toml:3: no (and 1 more)"),
        ({"jobs": (Job("sync", "", AT, AT, "disk full"),)}, "job-failing", "sync failed at"),
    ],
)
def test_what_a_daemon_says_of_itself_is_told(store: Store, change: dict[str, object], alarm: str, said: str):
    found = seen(store, replace(STATE, **change))
    assert list(found) == [alarm]
    assert said in found[alarm]


def test_a_job_all_of_whose_failures_have_alarms_of_their_own_has_none(store: Store):
    assert seen(store, replace(STATE, jobs=(Job("sync", "", AT, AT, "no answer", is_told=True),))) == {}


def test_a_run_that_was_killed_is_told_until_another_one_has_ended(store: Store):
    with store.writing() as db:
        number = runs.begin(db, "sync", at=EARLIER)
        runs.go_on(db, number, "pull delivery")
    assert seen(store) == {
        "run-killed": "the run of 2026-11-23 07:45 UTC (sync) ended during pull delivery, unrecorded"
    }
    with store.lock("run"):
        assert seen(store) == {}, "it is still at work"
    with store.writing() as db:
        runs.end(db, number, [], at=AT, outcome="done")
    assert seen(store) == {}


def test_a_run_that_failed_says_why(store: Store):
    with store.writing() as db:
        runs.end(db, runs.begin(db, "sync", at=EARLIER), [], at=AT, outcome="failed", error="the disk is full")
    assert seen(store) == {"run-failed": "the run of 2026-11-23 07:45 UTC (sync) failed: the disk is full"}


@pytest.mark.parametrize(
    ("last", "alarm"),
    [
        ({"state": "failed", "error": "403"}, "write-failed"),
        ({"state": "sending"}, "write-unsure"),
        ({"state": "settled", "outcome": "updated"}, None),
    ],
)
def test_the_last_write_of_a_report_counts(store: Store, last: dict[str, str], alarm: str | None):
    fill(store)
    write(store, state="failed", error="an old one")
    write(store, **last)
    assert list(seen(store)) == ([alarm] if alarm else [])


def test_a_muted_report_and_records_put_aside_are_no_trouble_but_told(store: Store):
    fill(store)
    with store.writing() as db:
        db.exec_driver_sql(f"update target set muted_at = '{AT}'")
    aside = {"connection": "delivery", "scope": "10000", "at": AT, "since": AT}
    put(store, "quarantine", *({**aside, "remote_id": f"{n}", "reason": f"bad {n}"} for n in (1, 2)))
    found = look(store, now=NOW)
    assert {alarm.id: alarm.said for alarm in found.alarms} == {
        "report-muted": "“Alignment report” was closed or moved by a person, seen 2026-11-23 08:00 UTC: "
        "https://example.atlassian.net/browse/PAY-9",
        "records-aside": "2 records were put aside, as 1: bad 1",
    }
    assert (told(found)["status"], worst(list(found.alarms))) == ("ok", "ok")


def test_the_worst_comes_first(store: Store):
    fill(store)
    write(store, state="failed", error="403")
    with store.writing() as db:
        db.exec_driver_sql(f"update target set muted_at = '{AT}'")
        scopes.finish_read(db, "delivery", "10000", at=LONG_AGO, complete=True)
    levels = [alarm.level for alarm in look(store, now=NOW).alarms]
    assert levels == sorted(levels, key=LEVELS.index)
    assert len(set(levels)) == 3
    assert told(look(store, now=NOW))["status"] == "failing"


def test_a_daemon_that_looks_no_more_is_stuck_unless_it_is_at_work(store: Store):
    def stuck(state: State, **later: float) -> bool:
        watcher = Watcher(lambda: store, lambda: state, lambda: NOW + dt.timedelta(**later))
        assert watcher.is_stuck() == any(alarm.id == "daemon-stuck" for alarm in watcher.look().alarms)
        return watcher.is_stuck()

    assert not stuck(STATE, minutes=4)
    assert stuck(STATE, minutes=6)
    assert not stuck(replace(STATE, working=Work(1, ("sync",), AT)), hours=3)


def test_the_guide_says_what_to_do_about_every_alarm_and_about_no_other():
    text = GUIDE.read_text(encoding="utf-8")
    table = text[text.index("## Alarms") :]
    assert set(re.findall(r"^\| `([a-z-]+)` \| (?:failing|degraded|notice) \|", table, re.MULTILINE)) == set(ALARMS)
    for name, (level, _) in ALARMS.items():
        assert f"| `{name}` | {level} |" in table


def test_watching_writes_nothing(store: Store):
    fill(store)
    before = [rows(store, f"select * from {name} order by 1") for name in ("run", "target", "outbox", "scope")]
    look(store, now=NOW)
    assert [rows(store, f"select * from {name} order by 1") for name in ("run", "target", "outbox", "scope")] == before
