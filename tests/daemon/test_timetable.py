"""What is due when, tried without a clock."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syncbot.config import Schedule
from syncbot.daemon import timetable
from syncbot.daemon.state import Job

LONDON = "Europe/London"
LINES = Schedule(sync="0,15,30,45 * * * *")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2026-{text}").replace(tzinfo=dt.UTC)


def times(jobs: tuple[Job, ...]) -> dict[str, str]:
    return {job.name: job.next_at[5:16] for job in jobs if job.next_at}


def plan(now: dt.datetime, *before: Job) -> tuple[Job, ...]:
    return timetable.plan(LINES, LONDON, before, now)


def test_the_first_daemon_reads_at_once_and_does_the_rest_at_its_time():
    jobs = plan(at("11-23T09:07"))
    assert times(jobs) == {
        "sync": "11-23T09:07",
        "census": "11-24T03:00",
        "report": "11-24T08:00",
        "prune": "11-24T03:30",
    }
    assert timetable.due(jobs, LONDON, 0, at("11-23T09:07")) == ("sync",)


def test_what_passed_while_no_daemon_ran_is_made_up_for_once():
    before = timetable.begun(plan(at("11-23T09:07")), {"sync", "prune"}, LONDON, at("11-23T09:07"))
    jobs = plan(at("11-25T12:01"), *before)
    assert times(jobs) == {
        "sync": "11-23T09:15",
        "census": "11-24T03:00",
        "report": "11-24T08:00",
        "prune": "11-24T03:30",
    }
    due = timetable.due(jobs, LONDON, 0, at("11-25T12:01"))
    assert due == ("sync", "census", "report", "prune")
    jobs = timetable.begun(jobs, due, LONDON, at("11-25T12:01"))
    assert {job.name: job.missed for job in jobs} == {"sync": 203, "census": 1, "report": 1, "prune": 1}
    assert times(jobs)["sync"] == "11-25T12:15"


def test_what_never_ran_is_due_at_its_first_time_though_no_daemon_is_up_then():
    jobs = timetable.begun(plan(at("11-23T09:07")), {"sync"}, LONDON, at("11-23T09:07"))
    jobs = plan(at("11-24T09:00"), *jobs)
    assert times(jobs) == {
        "sync": "11-23T09:15",
        "census": "11-24T03:00",
        "report": "11-24T08:00",
        "prune": "11-24T03:30",
    }
    assert "prune" in timetable.due(jobs, LONDON, 0, at("11-24T09:00"))
    elsewhen = timetable.plan(replace(LINES, prune="0 12 * * *"), LONDON, jobs, at("11-24T09:00"))
    assert times(elsewhen)["prune"] == "11-24T12:00", "another schedule counts from now on"
    assert times(plan(at("11-20T09:00"), *jobs))["prune"] == "11-21T03:30", "so does a clock that was set back"


def test_after_the_clock_was_set_back_the_schedule_counts_from_now_on():
    jobs = timetable.begun(plan(at("11-23T09:07")), {"sync"}, LONDON, at("11-23T09:07"))
    assert times(plan(at("11-20T17:01"), *jobs))["sync"] == "11-20T17:15"


def test_another_schedule_holds_from_the_last_time_on():
    jobs = timetable.begun(plan(at("11-23T09:07")), {"sync"}, LONDON, at("11-23T09:07"))
    hourly = timetable.plan(replace(LINES, sync="10 * * * *"), LONDON, jobs, at("11-23T09:08"))
    assert times(hourly)["sync"] == "11-23T09:10"
    assert hourly[0].cron == "10 * * * *"


@pytest.mark.parametrize(("share", "seconds"), [(0.0, 0), (0.5, 15), (1.0, 30)])
def test_each_daemon_begins_a_little_later_than_the_others(share, seconds):
    jobs = timetable.begun(plan(at("11-23T09:07")), {"sync"}, LONDON, at("11-23T09:07"))
    assert timetable.begins(jobs[0], LONDON, share) == at("11-23T09:15") + dt.timedelta(seconds=seconds)
    assert times(jobs)["sync"] == "11-23T09:15"


def test_where_there_is_little_time_in_between_it_is_a_tenth_of_it():
    lines = replace(LINES, sync="* * * * *")
    jobs = timetable.plan(
        lines, LONDON, timetable.begun(plan(at("11-23T09:07")), {"sync"}, LONDON, at("11-23T09:07")), at("11-23T09:07")
    )
    assert timetable.begins(jobs[0], LONDON, 1.0) == at("11-23T09:08:06")


def test_what_is_never_due_begins_never():
    jobs = timetable.plan(replace(LINES, census="0 3 31 2 *"), LONDON, (), at("11-23T09:07"))
    assert "census" not in times(jobs)
    assert timetable.due(jobs, LONDON, 0, at("11-23T09:07")) == ("sync",)


@given(st.lists(st.integers(1, 500), max_size=20), st.integers(0, 60 * 24 * 400))
def test_every_time_is_either_used_or_counted_as_missed(naps: list[int], start: int):
    """Whenever somebody looks: each quarter of an hour since the first run is one run or one that was missed."""
    now = at("01-01T00:00") + dt.timedelta(minutes=start)
    jobs = timetable.begun(plan(now), {"sync"}, LONDON, now)
    first, ran = now, 0
    for nap in naps:
        now += dt.timedelta(minutes=nap)
        if "sync" in timetable.due(jobs, LONDON, 0, now):
            jobs = timetable.begun(jobs, {"sync"}, LONDON, now)
            ran += 1
        assert "sync" not in timetable.due(jobs, LONDON, 0, now)
    quarter = dt.timedelta(minutes=15)
    epoch = at("01-01T00:00")
    assert ran + jobs[0].missed == (now - epoch) // quarter - (first - epoch) // quarter
