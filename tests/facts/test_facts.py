from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from syncbot.facts import effort
from syncbot.facts.calendar import Workdays
from syncbot.facts.effort import Task
from syncbot.facts.links import locate
from syncbot.facts.load import percentage
from syncbot.model import KnownPerson, Team
from syncbot.store.schema import metadata
from tests import worlds
from tests.random_worlds import random_world
from tests.worlds import NOW, TODAY, Item, Scope, Sprint, World, fill


@pytest.mark.parametrize(
    ("url", "spot"),
    [
        ("https://example.atlassian.net/browse/PAY-12", ("example.atlassian.net", "PAY-12")),
        ("https://Example.atlassian.net/browse/pay-12?focusedId=1#c", ("example.atlassian.net", "PAY-12")),
        ("https://x.net/jira/software/c/projects/PAY/boards/1?selectedIssue=PAY-12", ("x.net", "PAY-12")),
        ("https://x.net/jira/software/projects/PAY/issues/PAY-12", ("x.net", "PAY-12")),
        ("http://127.0.0.1:8080/jira/browse/PAY-12", ("127.0.0.1:8080", "PAY-12")),
        ("https://trello.com/c/AbCd1234/12-pay-faster", ("trello.com", "AbCd1234")),
        ("https://app.asana.com/0/1200000000000001/1200000000000042/f", ("app.asana.com", "1200000000000042")),
        ("https://app.asana.com/1/12/project/34/task/56", ("app.asana.com", "56")),
        ("https://trello.com/b/AbCd1234/roadmap", None),
        ("https://example.com/a-page", None),
        ("https://[broken", None),
        ("", None),
    ],
)
def test_addresses_name_what_they_point_at(url, spot):
    assert locate(url) == spot


@given(st.text())
def test_no_text_breaks_the_reading_of_addresses(url):
    locate(url)


def dump(db):
    return {table.name: sorted(map(tuple, db.execute(select(table))), key=repr) for table in metadata.tables.values()}


def test_facts_built_twice_are_the_same(store):
    for seed in (1, 2):
        with store.writing() as db:
            for table in reversed(metadata.sorted_tables):
                db.execute(table.delete())
            world = random_world(seed)
            fill(db, world)
            first = dump(db)
            worlds.build_facts(db, world)

            assert dump(db) == first
            assert first["link"]
            assert first["trust"]


def test_accounts_join_by_the_config_then_by_mail_and_never_by_name(store):
    accounts = (
        {"connection": "delivery", "remote_id": "5b10", "name": "Ada", "email_key": "ada@example.com"},
        {"connection": "roadmap", "remote_id": "77", "name": "A. Park", "handle": "AdaPark"},
        {"connection": "marketing", "remote_id": "9", "name": "Ada P", "email_key": "ada@example.com"},
        {"connection": "delivery", "remote_id": "6", "name": "Bo", "email_key": "bo@example.com"},
        {"connection": "marketing", "remote_id": "7", "name": "Bo", "email_key": "bo@example.com", "active": False},
        {"connection": "roadmap", "remote_id": "8", "name": "Ada"},
    )
    people = (KnownPerson("ada", name="Ada Park", accounts={"roadmap": "adapark", "delivery": "5b10"}),)
    with store.writing() as db:
        fill(db, World(accounts=accounts, people=people))
        rows = db.execute(
            text("""
            select a.connection, a.remote_id, p.key, a.matched_by
            from account a join person p on p.id = a.person_id""")
        )

        assert {(row[0], row[1]): (row[2], row[3]) for row in rows} == {
            ("delivery", "5b10"): ("ada", "config"),
            ("roadmap", "77"): ("ada", "config"),
            ("marketing", "9"): ("ada", "email"),
            ("delivery", "6"): ("mailto:bo@example.com", "email"),
            ("marketing", "7"): ("mailto:bo@example.com", "email"),
            ("roadmap", "8"): ("roadmap:8", "account"),
        }
        assert db.scalar(text("select active from person where key = 'mailto:bo@example.com'"))


def test_sprints_of_a_board_without_dates_take_their_teams(store):
    team = Team("all", boards=("board/*",), sprints_first="2026-11-02", sprints_weeks=2)
    sprints = tuple(
        Sprint(name, "Everything", "future", "board/B", None, None, derived=True, connection="board")
        for name in ("Sprint 1", "Sprint 2", "Sprint 3", "Sprint soon")
    )
    with store.writing() as db:
        fill(db, World(scopes=(Scope("board/B"),), sprints=sprints, teams=(team,)))
        rows = db.execute(text("select name, state, start_on, end_on from sprint order by name")).all()

    assert [tuple(row) for row in rows] == [
        ("Sprint 1", "closed", "2026-11-02", "2026-11-15"),
        ("Sprint 2", "active", "2026-11-16", "2026-11-29"),
        ("Sprint 3", "future", "2026-11-30", "2026-12-13"),
        ("Sprint soon", "future", None, None),
    ]


def test_effort_is_that_of_the_lowest_estimated_level():
    tasks = [
        Task(1, None, 8, None),
        Task(2, 1, 3, None),
        Task(3, 1, None, 60),
        Task(4, None, None, None),
        Task(5, 4, None, None),
    ]
    efforts = effort.count(tasks).efforts

    assert [(one.points, one.minutes) for one in efforts.values()] == [
        (None, None),
        (3, None),
        (None, 60),
        (None, None),
        (None, None),
    ]
    assert efforts[3].unestimated == {"points"}
    assert efforts[4].unestimated == {"points", "minutes"}
    assert efforts[5].unestimated == set()
    assert [one.unknown for one in efforts.values()] == [False, False, False, True, False]


def test_among_estimated_subtasks_one_without_an_estimate_is_unknown_unless_their_parent_says_it_in_another_unit():
    tasks = [Task(1, None, None, None), Task(2, 1, 3, None), Task(3, 1, None, None)]

    assert [one.unknown for one in effort.count(tasks).efforts.values()] == [False, False, True]
    tasks[0] = Task(1, None, None, 60)
    assert [one.unknown for one in effort.count(tasks).efforts.values()] == [False, False, False]


def test_effort_ends_in_a_circle():
    assert effort.count([Task(1, 2, 3, None), Task(2, 1, None, None)]).efforts.keys() == {1, 2}


@pytest.mark.parametrize(
    ("planned", "capacity", "percent"), [(4.4, 4, 110), (4.41, 4, 111), (0, 3, 0), (0.1 + 0.2, 0.3, 101), (11, 10, 110)]
)
def test_percent_exceeds_a_limit_only_if_the_share_does(planned, capacity, percent):
    assert percentage(planned, capacity) == percent


def test_the_calendar_knows_weekends_and_the_holidays_of_a_region():
    england, nowhere = (Workdays(region, date(2026, 1, 1), date(2026, 12, 31)) for region in ("GB-ENG", "XX-1"))

    assert not england.works(date(2026, 12, 25))
    assert nowhere.works(date(2026, 12, 25))
    assert not nowhere.works(date(2026, 12, 26))
    rows = {on: number for _, _, on, number in england.rows()}
    assert rows["2026-11-30"] - rows["2026-11-23"] == 5


def test_only_what_was_read_is_linked_and_a_key_in_a_text_is_a_suggestion(store):
    world = World(
        items=(
            Item("CARD", "feature", scope="roadmap/BOARD", names=("PAY-1", "NOWHERE")),
            Item("PAY-1", "feature", "project"),
            Item("PAY-2", names=("CARD",), seen="gone"),
        )
    )
    with store.writing() as db:
        fill(db, world)
        db.execute(
            text(
                "insert into reference (item_id, target, form, origin, inward) values (2, 'card', 'key', 'key', false)"
            )
        )
        worlds.build_facts(db, world)

        assert [tuple(row) for row in db.execute(text("select * from links"))] == [(1, 2, "twin_of", "url")]
        db.execute(text("delete from reference where form = 'url'"))
        worlds.build_facts(db, world)
        assert list(db.execute(text("select * from links"))) == []
        assert [tuple(row)[:3] for row in db.execute(text("select * from link_suggestions"))] == [(1, 2, "twin_of")]


def test_what_rules_ask_to_be_filled_is_weighed_by_the_field_that_is_filled_most(store):
    items = (
        Item("PAY-1", points=1, due=1),
        Item("PAY-2", minutes=60, due=1),
        Item("PAY-3", points=2, kind="feature"),
        Item("PAY-4", points=2),
        Item("PAY-5", points=2),
    )
    asked = (
        {"rule": "one", "field": "points or minutes"},
        {"rule": "one", "field": "due_on", "kind": "task"},
        {"rule": "two", "field": "due_on", "kind": "feature"},
        {"rule": "three", "field": "due_on", "kind": "goal"},
        {"rule": "four", "field": "left_minutes"},
    )
    needs = tuple({"scope": "delivery/PAY", **one} for one in asked)
    with store.writing() as db:
        fill(db, World(items=items, needs=needs))
        rows = db.execute(text("select rule, field, kind, filled_percent, enough from needs order by rule, field"))

        assert [tuple(row) for row in rows] == [
            ("one", "due_on", "task", 50, False),
            ("one", "points or minutes", "", 80, True),
            ("three", "due_on", "goal", None, True),
            ("two", "due_on", "feature", 0, False),
        ]


def test_a_read_grows_old(store):
    world = World(items=(Item("PAY-1", owner="ada"), Item("PAY-2")))
    with store.writing() as db:
        fill(db, world)
        query = text("select filled_percent from trust where scope_id = 2 and kind = 'task' and field = 'owner'")
        assert db.scalar(query) == 50
        worlds.build_facts(db, world, now=NOW + timedelta(days=2), today=TODAY + timedelta(days=2))

        assert not db.scalar(text("select complete from trust where scope_id = 2 and field = ''"))
        assert not db.scalar(text("select is_complete from scope where id = 2"))


def test_what_points_to_something_that_is_not_read_is_told_by_what_that_could_be(store):
    world = World(
        items=(Item("CARD", "feature"), Item("PAY-1"), Item("PAY-2"), Item("PAY-3"), Item("GONE", seen="gone"))
    )
    rows = (
        (1, "OPS-1", "child_of", True),
        (2, "OPS-1", "child_of", False),
        (3, "OPS-1", "blocks", False),
        (3, "OPS-1", "relates", False),
        (4, "GONE", "child_of", False),
        (5, "OPS-1", None, False),
    )
    with store.writing() as db:
        fill(db, world)
        for form in ("id", "url"):
            db.execute(text("delete from reference"))
            for number, target, meaning, inward in rows:
                there = target if form == "id" else f"https://delivery.example/browse/{target}"
                db.execute(
                    text("""
                    insert into reference (item_id, target, form, origin, meaning, inward)
                    values (:item, :target, :form, 'native', :meaning, :inward)"""),
                    {"item": number, "target": there, "form": form, "meaning": meaning, "inward": inward},
                )
            worlds.build_facts(db, world)

            assert db.scalars(text("select id from item where leads_out")).all() == [1]
            assert db.scalars(text("select id from item where leads_up")).all() == [2]
