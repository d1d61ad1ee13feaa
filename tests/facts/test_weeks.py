from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from syncbot.facts import weeks
from syncbot.facts.calendar import Workdays
from syncbot.facts.rows import day
from syncbot.facts.weeks import NO_HOURS, NOT_FOUND, Presence
from syncbot.model import KnownPerson
from tests.worlds import DAY, NOW, TODAY, Item, Scope, Sprint, World, build_facts, fill

ADA = KnownPerson("ada", accounts={"delivery": "ada", "marketing": "ada"}, weekly_minutes=2400)
SCOPES = (Scope("delivery/PAY", side="project"), Scope("marketing/LAUNCH", side="project"))


def planned(store, *items, people=(ADA,), sprints=(), scopes=SCOPES, today=TODAY, accounts=()):
    with store.writing() as db:
        world = World(items, scopes, sprints, people, accounts=accounts)
        fill(db, world, build=False)
        build_facts(db, world, now=NOW, today=today)
        rows = db.execute(
            text("""
            select p.key, w.week_on, w.planned_minutes, w.capacity_minutes, w.capacity_from, w.sources, w.unknown
            from person_weeks w join person p on p.id = w.person_id order by p.key, w.week_on""")
        ).all()
    return [tuple(row) for row in rows]


def minutes(store, *items, **options):
    return {row[1]: row[2] for row in planned(store, *items, **options)}


def task(ref="PAY-1", **values):
    return Item(ref, **{"owner": "ada", "minutes": 600, "start": 0, "due": 4, **values})


def test_work_of_every_tool_is_summed_by_the_week(store):
    rows = planned(
        store,
        task(minutes=1200),
        task("PAY-2", due=11, minutes=600),
        task("LAUNCH-1", scope="marketing/LAUNCH", minutes=90),
    )

    assert rows == [
        ("ada", "2026-11-23", 1590, 2400, "40 h a week", "delivery 25 h, marketing 1.5 h", None),
        ("ada", "2026-11-30", 300, 2400, "40 h a week", "delivery 5 h", None),
    ]


def test_weeks_between_are_empty_and_past_ones_are_left_out(store):
    assert minutes(store, task(start=-7, due=4), task("PAY-2", start=14, due=18)) == {
        "2026-11-23": 300,
        "2026-11-30": 0,
        "2026-12-07": 600,
    }


def test_holidays_and_absences_take_no_work_and_give_no_hours(store):
    ada = KnownPerson(
        "ada",
        accounts={"delivery": "ada"},
        weekly_minutes=1500,
        region="GB-ENG",
        away=(("2026-12-21", "2026-12-22"), ("1900-01-01", "1900-01-05")),
    )

    rows = planned(store, task(start=28, due=39, minutes=600), people=(ada,))

    assert [row[1:5] for row in rows[4:]] == [
        ("2026-12-21", 240, 600, "25 h a week less 3 days off"),  # Wednesday and Thursday
        ("2026-12-28", 360, 900, "25 h a week less 2 days off"),  # the 28th stands for Boxing Day
    ]


def test_work_in_absences_and_on_weekends_only_is_planned_there_all_the_same(store):
    ada = KnownPerson("ada", accounts={"delivery": "ada"}, weekly_minutes=600, away=(("2026-11-23", "2026-11-27"),))

    assert planned(store, task(), task("PAY-2", start=5, due=6, minutes=30), people=(ada,)) == [
        ("ada", "2026-11-23", 630, 0, "10 h a week less 5 days off", "delivery 10.5 h", None)
    ]


@pytest.mark.parametrize(
    ("values", "weeks"),
    [
        ({"start": None, "due": None}, {}),
        ({"start": None, "due": 4}, {}),
        ({"start": 0, "due": None}, {}),
        ({"start": None, "due": 11, "created": 0}, {"2026-11-23": 300, "2026-11-30": 300}),
        ({"start": None, "due": 4, "started": -7, "created": -300}, {"2026-11-23": 300}),
        ({"start": 9, "due": 4, "created": 0}, {"2026-11-23": 600}),
        ({"start": None, "due": None, "sprints": ("S",)}, {"2026-11-23": 300, "2026-11-30": 300}),
        ({"start": 7, "due": None, "sprints": ("S",)}, {"2026-11-23": 0, "2026-11-30": 600}),
        ({"start": None, "due": 4, "sprints": ("S",)}, {"2026-11-23": 600}),
        ({"start": None, "due": None, "sprints": ("OLD",)}, {}),
        ({"start": None, "due": None, "past": ("S",)}, {}),
        ({"start": -30, "due": -10}, {}),
        ({"start": 200, "due": 204}, {}),
        ({"start": -7, "due": 4, "left": 240}, {"2026-11-23": 240}),
        ({"start": -7, "due": 4, "spent": 500}, {"2026-11-23": 100}),
        ({"start": -7, "due": 4, "spent": 700}, {}),
        ({"minutes": 0}, {}),
        ({"minutes": -60}, {}),
        ({"status": "done"}, {}),
        ({"status": "dropped"}, {}),
        ({"status": "paused"}, {}),
        ({"kind": "feature"}, {}),
        ({"seen": "gone"}, {}),
        ({"owner": None}, {}),
        ({"owner": None, "on": ("ada", "bo", "cy")}, {"2026-11-23": 200}),
    ],
)
def test_what_counts_and_when(store, values, weeks):
    sprints = (Sprint("S", start=0, end=13), Sprint("OLD", state="closed", start=-14, end=20, closed=-1))
    rows = planned(store, task(**values), sprints=sprints)

    assert {row[1]: row[2] for row in rows if row[0] == "ada"} == weeks


def test_a_subtask_takes_its_people_and_its_period_from_above_and_counts_instead(store):
    assert minutes(
        store,
        task("PAY-1", minutes=6000, start=0, due=4),
        Item("PAY-2", parent="PAY-1", minutes=300),
        Item("PAY-3", parent="PAY-1", minutes=120, status="done"),
        Item("PAY-4", parent="PAY-2", minutes=240),
    ) == {"2026-11-23": 240}


def test_twins_count_once(store):
    card = Item("CARD", side="product", scope="marketing/LAUNCH", owner="ada", minutes=900, start=0, due=4)

    assert minutes(store, task(twins=("CARD",)), card) == {"2026-11-23": 600}


def test_two_accounts_of_a_person_are_one_and_a_bot_is_nobody(store):
    accounts = ({"connection": "delivery", "remote_id": "bot", "is_bot": True},)
    items = (task(owner=None, on=("ada", "ada2", "bot")),)
    ada = KnownPerson("ada", accounts={"delivery": "ada"}, email="a@x")
    twice = ({"connection": "delivery", "remote_id": "ada2", "email_key": "a@x"}, *accounts)

    assert [row[:3] for row in planned(store, *items, people=(ada,), accounts=twice)] == [("ada", "2026-11-23", 400)]


def test_what_is_not_known_is_said(store):
    stale = (Scope("delivery/PAY", read=48), Scope("marketing/LAUNCH"))
    nobody = KnownPerson("ada", accounts=ADA.accounts)

    assert planned(store, task(), people=(nobody,))[0][3:] == (None, None, "delivery 10 h", NO_HOURS)
    for table in ("item", "assignee", "scope", "connection", "account", "person"):
        with store.writing() as db:
            db.execute(text(f"delete from {table}"))
    rows = planned(
        store,
        task("LAUNCH-1", scope="marketing/LAUNCH"),
        task("PAY-1", start=7, due=11),
        task("LAUNCH-2", scope="marketing/LAUNCH", start=14, due=18, seen="missing"),
        scopes=stale,
    )
    assert [row[6] for row in rows] == [None, "delivery: its last complete read is older than promised", NOT_FOUND]


def test_the_week_is_the_same_on_each_of_its_days(store):
    sunday = date(2026, 11, 29)

    assert minutes(store, task(start=-7, due=11, left=480), today=sunday) == {"2026-11-23": 240, "2026-11-30": 240}


@given(st.integers(-40_000, 60_000), st.integers(0, 60), st.lists(st.integers(0, 60), max_size=2))
def test_days_are_counted_as_a_calendar_counts_them(first, length, away):
    region = Workdays("GB-ENG", date(2026, 1, 1), date(2026, 12, 31))
    begin = day(date(2026, 10, 1))
    gone = tuple((weeks.on_day(begin + one).isoformat(),) * 2 for one in away)
    presence = Presence(region, gone, range(DAY, DAY + 1))
    at = begin + first % 60

    one_by_one = [weeks.on_day(number) for number in range(at, at + length + 1)]
    assert presence.days(at, at + length) == sum(
        region.works(on) and (on.isoformat(),) * 2 not in gone for on in one_by_one
    )
    assert weeks.weekdays(first, first + length) == sum(
        weeks.on_day(number).isoweekday() <= 5 for number in range(first, first + length + 1)
    )


@given(st.integers(-60, 60), st.integers(0, 90))
def test_no_part_of_a_period_is_lost(first, length):
    region = Workdays("", date(2026, 1, 1), date(2026, 12, 31))
    span = (DAY + first, DAY + first + length)
    every = range(DAY - 70, DAY + 210, 7)
    parts = Presence(region, (), every).parts(span)

    assert sum(here for _, here, _ in parts) == parts[0][2]
    assert Presence(region, (), every[10:]).parts(span) == tuple(part for part in parts if part[0] >= DAY)
