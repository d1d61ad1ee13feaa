"""Teams from a field: which there are, what they are called, whose an item or a sprint is, and who is in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, text

from syncbot.facts.teams import RECENT_DAYS
from syncbot.model import KnownPerson, Team
from syncbot.store import Store
from tests.worlds import NOW, TODAY, Item, Scope, Sprint, World, build_facts, fill

PAYMENTS, RISK = ("10400", "Payments"), ("10401", "Risk")
PAY = Scope("delivery/PAY")
RECORD = """
    insert into record (id, connection, remote_id, home_scope_id, hash, body, read_at)
    values (:id, 'delivery', :ref, 1, :none, :none, :at)"""


def team_of(db: Connection) -> dict[str, str | None]:
    """The team's name of each item, by ref."""
    rows = db.execute(text("select i.ref, t.name from items i left join teams t on t.id = i.team_id"))
    return {row.ref: row.name for row in rows}


def members(db: Connection) -> dict[str, set[str]]:
    """The names of the people in each team."""
    rows = db.execute(
        text("""select t.name, p.name as person from teams t
            left join team_people m on m.team_id = t.id left join people p on p.id = m.person_id""")
    ).all()
    return {row.name: {other.person for other in rows if other.name == row.name} - {None} for row in rows}


def keys(db: Connection) -> dict[str, str]:
    return {row.name: row.key for row in db.execute(text("select name, key from team"))}


def test_an_item_is_of_the_team_of_its_field_then_of_its_task_then_of_its_scope(store: Store) -> None:
    world = World(
        items=(
            Item("EPIC", kind="feature", side="project", team=RISK),
            Item("OWN", team=PAYMENTS, parent="EPIC"),
            Item("PART", parent="OWN"),
            Item("OTHERS-PART", parent="OWN", team=RISK),
            Item("SCOPES", parent="EPIC"),
        ),
        teams=(Team("crew", boards=("delivery/PAY",)),),
    )
    with store.writing() as db:
        fill(db, world)
        expected = {"EPIC": "Risk", "OWN": "Payments", "PART": "Payments", "OTHERS-PART": "Risk", "SCOPES": "crew"}
        assert team_of(db) == expected


def test_the_people_of_a_team_are_those_on_its_work_of_ninety_days(store: Store) -> None:
    gone, bot = {"active": False}, {"is_bot": True}
    logins = ({"remote_id": "left", **gone}, {"remote_id": "robot", **bot}, {"remote_id": "bo"})
    world = World(
        items=(
            Item("OPEN", team=PAYMENTS, on=("bo", "left", "robot")),
            Item("PART", parent="OPEN", owner="dee"),
            Item("DONE", team=PAYMENTS, status="done", done=-RECENT_DAYS, owner="eli"),
            Item("LONG-DONE", team=PAYMENTS, status="done", done=-RECENT_DAYS - 1, owner="old"),
            Item("DROPPED", team=PAYMENTS, status="dropped", done=-1, owner="never"),
            Item("LOST", team=PAYMENTS, seen="gone", owner="ghost"),
            Item("BOTH", team=RISK, owner="bo"),
        ),
        accounts=tuple({"connection": "delivery", "name": login["remote_id"].title(), **login} for login in logins),
    )
    with store.writing() as db:
        fill(db, world)
        assert members(db) == {"Payments": {"Bo", "Dee", "Eli"}, "Risk": {"Bo"}}
        shares = "select m.share from team_people m join people p on p.id = m.person_id where p.name = 'Bo'"
        assert set(db.scalars(text(shares))) == {0.5}
        build_facts(db, world, today=TODAY + timedelta(days=1), now=NOW + timedelta(days=1))
        assert members(db)["Payments"] == {"Bo", "Dee"}
        build_facts(db, world, today=TODAY + timedelta(days=RECENT_DAYS + 1), now=NOW)
        assert members(db)["Payments"] == set(), "nobody has touched this work for long"


def test_what_the_config_says_of_a_team_of_this_name_counts(store: Store) -> None:
    world = World(
        items=(
            Item("A", team=("10400", "PAYMENTS"), owner="bo", sprints=("S1",), points=4),
            Item("B", team=RISK, owner="cy"),
        ),
        people=(KnownPerson("ada", "Ada"),),
        teams=(Team("payments", members=("ada",), lead="ada", capacity={"points": 8}), Team("design")),
        sprints=(Sprint("S1", start=0, end=9),),
    )
    with store.writing() as db:
        fill(db, world)
        assert members(db) == {"PAYMENTS": {"Ada"}, "Risk": {"Cy"}, "design": set()}
        assert keys(db) == {"PAYMENTS": "delivery:10400", "Risk": "delivery:10401", "design": "design"}
        (load,) = db.execute(text("select capacity, capacity_from, percent from sprint_load"))
        assert tuple(load) == (8, "config", 50)
        build_facts(db, replace(world, teams=()))
        assert keys(db) == {"PAYMENTS": "delivery:10400", "Risk": "delivery:10401"}, "the config came and went"


def test_a_team_is_called_what_it_was_called_when_last_read(store: Store) -> None:
    world = World(items=(Item("OLD", team=("10400", "Payments")), Item("NEW", team=("10400", "Checkout"))))
    with store.writing() as db:
        fill(db, world, build=False)
        for number, at in ((1, "2026-11-20"), (2, "2026-11-21")):
            row = {"id": number, "ref": world.items[number - 1].ref, "at": f"{at}T00:00:00.000Z", "none": b""}
            db.execute(text(RECORD), row)
        build_facts(db, world)
        assert keys(db) == {"Checkout": "delivery:10400"}
        assert team_of(db) == {"OLD": "Checkout", "NEW": "Checkout"}


def test_options_of_one_name_are_one_team_and_text_counts_as_it_is_mostly_written(store: Store) -> None:
    text_teams = [("core", "Core"), ("core", "Core"), ("core", "CORE")]
    world = World(
        items=(
            *(Item(f"T{number}", team=team) for number, team in enumerate(text_teams)),
            Item("A", team=("10999", "Payments"), owner="bo"),
            Item("B", team=("10400", "payments"), owner="dee"),
            Item("C", scope="marketing/LAUNCH", team=("77", "Payments"), owner="fay"),
        ),
        scopes=(PAY, Scope("marketing/LAUNCH")),
    )
    with store.writing() as db:
        fill(db, world)
        assert keys(db) == {"Core": "delivery:core", "payments": "delivery:10400"}
        assert members(db)["payments"] == {"Bo", "Dee", "Fay"}


def test_a_team_goes_with_its_last_work_and_its_return_is_no_new_team(store: Store) -> None:
    world = World(items=(Item("A", team=PAYMENTS), Item("B", team=RISK)))
    finished = "update item set status = 'done', is_open = :is_open, done_day = 0 where ref = 'A'"
    with store.writing() as db:
        fill(db, world)
        before = keys(db)
        db.execute(text(finished), {"is_open": False})
        build_facts(db, world)
        assert team_of(db) == {"A": None, "B": "Risk"}
        assert keys(db).keys() == {"Risk"}
        db.execute(text(finished), {"is_open": True})
        build_facts(db, world)
        assert keys(db) == before


def test_a_sprint_is_its_boards_team_else_that_of_most_of_its_work_if_nothing_speaks_against_it(store: Store) -> None:
    world = World(
        items=(
            Item("A", team=PAYMENTS, sprints=("all", "most", "few", "two", "board")),
            Item("B", team=PAYMENTS, sprints=("all", "most")),
            Item("C", sprints=("most", "few")),
            Item("D", team=RISK, sprints=("two",), past=("all",)),
        ),
        sprints=(*(Sprint(name) for name in ("all", "most", "few", "two")), Sprint("board", board="Ours")),
        teams=(Team("ours", boards=("delivery/Ours",)),),
    )
    with store.writing() as db:
        fill(db, world)
        found = db.execute(text("select s.name, t.name as team from sprints s left join teams t on t.id = s.team_id"))
        expected = {"all": "Payments", "most": "Payments", "few": None, "two": None, "board": "ours"}
        assert {row.name: row.team for row in found} == expected


def test_a_scope_is_its_boards_team_if_all_are_of_one_else_an_item_is_of_its_sprints_board(store: Store) -> None:
    boards = (
        Sprint("S1", board="Alpha"),
        Sprint("S2", board="Beta"),
        Sprint("S3", board="Core", scope="delivery/RISK"),
    )
    world = World(
        items=(
            Item("IN-ALPHA", sprints=("S1",)),
            Item("WAS-IN-ALPHA", sprints=("S2",), past=("S1",)),
            Item("IN-BOTH", sprints=("S1", "S2")),
            Item("NOWHERE"),
            Item("RISKS", scope="delivery/RISK"),
        ),
        scopes=(PAY, Scope("delivery/RISK")),
        sprints=boards,
        teams=(Team("a", boards=("delivery/Alpha",)), Team("b", boards=("*/Beta",)), Team("c", boards=("*/Core",))),
    )
    with store.writing() as db:
        fill(db, world)
        expected = {"IN-ALPHA": "a", "WAS-IN-ALPHA": "b", "IN-BOTH": None, "NOWHERE": None, "RISKS": "c"}
        assert team_of(db) == expected
        build_facts(db, replace(world, teams=world.teams[:1]))
        assert team_of(db)["NOWHERE"] is None, "another board of the project has no team"


def test_teams_built_twice_are_the_same(store: Store) -> None:
    world = World(
        items=(
            Item("A", team=PAYMENTS, owner="bo", sprints=("S1", "S2")),
            Item("PART", parent="A", owner="dee"),
            Item("B", team=RISK, owner="cy", sprints=("S2",)),
        ),
        sprints=(Sprint("S1"), Sprint("S2", board="Ours")),
        teams=(Team("ours", boards=("delivery/Ours",)),),
    )
    tables = ("team", "team_word", "team_person", "team_board", "sprint", "item")
    with store.writing() as db:
        fill(db, world)
        before = {table: sorted(map(repr, db.execute(text(f"select * from {table}")))) for table in tables}
        build_facts(db, world)
        assert {table: sorted(map(repr, db.execute(text(f"select * from {table}")))) for table in tables} == before
