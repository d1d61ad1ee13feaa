"""Durations, cron lines, regions and addresses: what is taken, what it becomes, what is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given
from hypothesis import strategies as st

from syncbot.config import values
from syncbot.toml import Wrong
from tests.store.helpers import run


@pytest.mark.parametrize(("text", "minutes"), [("90m", 90), ("24h", 1440), ("7d", 10080), ("2 W", 20160)])
def test_durations_are_minutes(text, minutes):
    assert values.duration(text) == minutes


@pytest.mark.parametrize("text", ["", "24", "h", "0h", "-1h", "1.5h", "24h30m", "9999999m", "٣h"])
def test_other_durations_are_refused(text):
    with pytest.raises(Wrong):
        values.duration(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*/15 * * * *", "0,15,30,45 * * * *"),
        ("0 8 * * 1-5", "0 8 * * mon,tue,wed,thu,fri"),
        ("0 8 * * MON-FRI", "0 8 * * mon,tue,wed,thu,fri"),
        ("0 8 * * 0,7", "0 8 * * sun"),
        ("0 8 * * 6-7", "0 8 * * sun,sat"),
        ("0 8 * * */2", "0 8 * * sun,tue,thu,sat"),
        ("0 8 * * 0-7", "0 8 * * *"),
        ("0 8 1 jan,mar-apr *", "0 8 1 1,3,4 *"),
        ("  5  4   *  1-12 * ", "5 4 * * *"),
        ("50/4 0-1/2 * * *", "50,54,58 0 * * *"),
        ("0-59 0-23 1-31 1-12 0-6", "* * * * *"),
    ],
)
def test_cron_lines_are_normalised(text, expected):
    assert values.cron(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 8 * *", "must have five fields"),
        ("60 8 * * *", "its minute must be from 0 to 59."),
        ("0 24 * * *", "its hour must be from 0 to 23."),
        ("0 8 0 * *", "its day must be from 1 to 31."),
        ("0 8 * foo *", "its month must be from 1 to 12, or a name."),
        ("0 8 * * 8", "its weekday must be from 0 to 7, or a name."),
        ("0 8 * * fri-mon", "its weekday is not as cron has it."),
        ("*/0 * * * *", "its minute is not as cron has it."),
        ("*-5 * * * *", "its minute is not as cron has it."),
        ("@daily * * * *", "its minute is not as cron has it."),
        ("0 8 1 * mon", "must name a day of the month or a weekday, not both."),
    ],
)
def test_other_cron_lines_are_refused(text, expected):
    with pytest.raises(Wrong, match=expected.replace("*", r"\*")):
        values.cron(text)


def field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    span = st.tuples(number, number).map(sorted).map(lambda ends: f"{ends[0]}-{ends[1]}")
    step = st.tuples(st.just("*") | span, st.integers(1, 9)).map(lambda parts: f"{parts[0]}/{parts[1]}")
    return st.just("*") | st.lists(number.map(str) | span | step, min_size=1, max_size=3).map(",".join)


@given(field(0, 59), field(0, 23), field(1, 12), field(0, 6))
def test_every_line_that_is_taken_suits_the_scheduler(minute, hour, month, weekday):
    line = values.cron(f"{minute} {hour} * {month} {weekday}")

    CronTrigger.from_crontab(line)
    assert values.cron(line) == line


def test_weekdays_are_those_of_cron_at_the_scheduler_too():
    trigger = CronTrigger.from_crontab(values.cron("0 8 * * 0"), "UTC")

    first = trigger.get_next_fire_time(None, datetime(2026, 11, 2, tzinfo=UTC))
    assert first == datetime(2026, 11, 8, 8, tzinfo=UTC)  # a Sunday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://Example.Atlassian.NET/", "https://example.atlassian.net"),
        ("HTTPS://example.com:443/jira/", "https://example.com/jira"),
        ("http://127.0.0.1:8080/Jira", "http://127.0.0.1:8080/Jira"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_one_site_has_one_spelling(text, expected):
    assert values.site(text) == expected


@pytest.mark.parametrize(
    "text",
    ["example.com", "ftp://a.example", "https://", "https://[::1", "https://u@h", "https://:pw@h", "https://h#f"],
)
def test_other_sites_are_refused(text):
    with pytest.raises(Wrong):
        values.site(text)


@pytest.mark.parametrize("text", ["GB", "GB-ENG", "DE-BY"])
def test_regions_with_holidays_are_taken(text):
    assert values.region(text) == text


def test_to_know_a_region_its_holidays_need_not_be_loaded():
    program = "import sys; from syncbot.config import values; values.region('GB-ENG'); print('holidays' in sys.modules)"
    assert run(program).stdout == "False\n"


@pytest.mark.parametrize(
    ("text", "hint"),
    [("UK", ""), ("GB-EN", 'Did you mean "GB-ENG"?'), ("gb", 'Did you mean "GB"?'), ("SG-X", 'Write "SG".')],
)
def test_other_regions_are_refused_with_a_hint(text, hint):
    with pytest.raises(Wrong) as caught:
        values.region(text)

    assert hint in caught.value.hint


@pytest.mark.parametrize("text", ["ada", "ada@", "@example.com", "ada park@example.com"])
def test_other_addresses_are_refused(text):
    with pytest.raises(Wrong):
        values.address(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Europe/Lundon", 'Did you mean "Europe/London"?'),
        ("europe/london", 'Did you mean "Europe/London"?'),
        ("+01:00", "Examples: UTC, Europe/London, America/New_York."),
        ("../etc/passwd", "Examples: UTC, Europe/London, America/New_York."),
    ],
)
def test_other_time_zones_are_refused_with_a_hint(text, hint):
    with pytest.raises(Wrong) as caught:
        values.timezone(text)

    assert caught.value.hint == hint
