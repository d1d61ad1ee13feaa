"""When something is due, through everything that clocks do."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncbot.pipeline import schedule

QUARTERS = "0,15,30,45 * * * *"


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def times(cron: str, timezone: str, since: str, count: int) -> list[str]:
    """So many times after an instant, as UTC."""
    found, now = [], at(since)
    for _ in range(count):
        following = schedule.following(cron, timezone, now)
        assert following is not None
        assert following.utcoffset() == dt.timedelta(0)
        now = following
        found.append(now.strftime("%m-%d %H:%M"))
    return found


def test_every_quarter_of_an_hour_is_real_time_through_both_changes_of_the_clocks():
    for night in ("2026-03-28T23:00", "2026-10-24T22:00"):
        found = [at(night)]
        while len(found) < 40:
            following = schedule.following(QUARTERS, "Europe/London", found[-1])
            assert following is not None
            found.append(following)
        assert {later - one for one, later in pairwise(found)} == {dt.timedelta(minutes=15)}


@pytest.mark.parametrize(
    ("cron", "timezone", "since", "expected"),
    [
        # Europe/London, 29 March 2026: 1:00 is 2:00. At half past one that day it is half past two.
        ("30 1 * * *", "Europe/London", "2026-03-28T12:00", ["03-29 01:30", "03-30 00:30", "03-31 00:30"]),
        # 25 October 2026: from 1:00 to 2:00 twice. The first one counts.
        ("30 1 * * *", "Europe/London", "2026-10-24T12:00", ["10-25 00:30", "10-26 01:30", "10-27 01:30"]),
        ("50 1 * * *", "Europe/London", "2026-10-25T01:10", ["10-26 01:50"]),
        ("0,30 0,1,2 * * *", "Europe/London", "2026-10-25T00:10", ["10-25 00:30", "10-25 02:00", "10-25 02:30"]),
        # In Havana the clocks go forward at midnight: half past midnight is half past one.
        ("30 0 * * *", "America/Havana", "2026-03-07T12:00", ["03-08 05:30", "03-09 04:30"]),
        ("0 8 * * mon,tue,wed,thu,fri", "Europe/London", "2026-10-23T07:00", ["10-26 08:00", "10-27 08:00"]),
        # Half an hour of daylight saving.
        ("0,30 * * * *", "Australia/Lord_Howe", "2026-04-04T14:20", ["04-04 14:30", "04-04 15:00", "04-04 15:30"]),
        ("0 3 29 2 *", "UTC", "2026-03-01T00:00", ["02-29 03:00"]),
        ("0 3 * * *", "UTC", "2028-02-28T00:00", ["02-28 03:00", "02-29 03:00", "03-01 03:00"]),
    ],
)
def test_a_time_that_names_its_hour_is_due_once_a_day_whatever_the_clocks_do(cron, timezone, since, expected):
    assert times(cron, timezone, since, len(expected)) == expected


def test_what_never_comes_is_never_due():
    assert schedule.following("0 0 31 2 *", "UTC", at("2026-01-01")) is None
    assert schedule.last("0 0 31 2 *", "UTC", at("2026-01-01")) is None
    assert not schedule.has_come("0 0 31 2 *", "UTC", at("2026-01-01"), at("2036-01-01"))


def test_it_has_come_at_its_very_time_and_not_before():
    since = at("2026-11-23T08:00")
    assert not schedule.has_come("0 8 * * *", "UTC", since, at("2026-11-24T07:59"))
    assert schedule.has_come("0 8 * * *", "UTC", since, at("2026-11-24T08:00"))
    assert schedule.has_come("0 8 * * *", "UTC", since, at("2026-12-24T08:00"))


LINES = st.tuples(
    st.sampled_from(["0", "30", "0,15,30,45", "*"]),
    st.sampled_from(["*", "0", "1", "2,3", "8"]),
    st.sampled_from(["* * *", "29 * *", "* * mon,sun", "* 3,10 *"]),
).map(" ".join)
ZONES = st.sampled_from(["UTC", "Europe/London", "America/New_York", "America/Havana", "Australia/Lord_Howe"])
INSTANTS = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2029, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001


@given(LINES, ZONES, INSTANTS)
def test_the_last_time_and_the_following_one_enclose_any_instant(cron: str, timezone: str, now: dt.datetime):
    last, following = schedule.last(cron, timezone, now), schedule.following(cron, timezone, now)
    assert last is not None
    assert following is not None
    assert last <= now < following
    assert schedule.following(cron, timezone, last) == following
