"""What a report without ``covers`` reaches: its own scope's items, what they link to, and the work below that."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert

from syncbot.model import Linked
from syncbot.store import Store, targets
from syncbot.store import schema as t

SCOPES = {1: ("roadmap", "5abb"), 2: ("delivery", "10001"), 3: ("marketing", "77")}


def item(number: int, scope: int, **more: Any) -> dict[str, Any]:
    connection = SCOPES[scope][0]
    row = {"id": number, "connection": connection, "remote_id": f"i{number}", "ref": str(number), "kind": "task"}
    row |= {"side": "project", "title": "", "title_key": "", "status": "doing", "changed_day": 1}
    return {**row, "home_scope_id": scope, "feature_id": None, "seen": "here", **more}


def company(store: Store) -> None:
    """A card (1) with its epic (2), the epic's story (3), a task of another feature (4) and a card of nobody's (5)."""
    items = [
        item(1, 1, feature_id=1),
        item(2, 2, feature_id=1),
        item(3, 2, feature_id=1),
        item(4, 2, feature_id=9),
        item(5, 1),
        item(6, 3, seen="gone"),
        item(7, 3),
    ]
    links = [(1, 2, "twin_of"), (3, 2, "child_of"), (5, 6, "relates"), (7, 5, "relates")]
    sprints = {11: 3, 12: 4}
    with store.writing() as db:
        for number, (connection, remote_id) in SCOPES.items():
            scope = {
                "id": number,
                "connection": connection,
                "remote_id": remote_id,
                "key": remote_id,
                "name": remote_id,
            }
            db.execute(insert(t.scope).values(scope))
        db.execute(insert(t.item), items)
        home = [{"item_id": row["id"], "scope_id": row["home_scope_id"], "is_home": True} for row in items]
        db.execute(insert(t.membership), home)
        names = ("from_id", "to_id", "type", "origin")
        db.execute(insert(t.link), [dict(zip(names, (*link, "native"), strict=True)) for link in links])
        for number, work in sprints.items():
            sprint = {"id": number, "connection": "delivery", "remote_id": f"s{number}", "name": "", "scope_id": None}
            db.execute(insert(t.sprint).values(sprint))
            db.execute(insert(t.item_sprint).values(item_id=work, sprint_id=number))
        past = {"id": 13, "connection": "delivery", "remote_id": "s13", "name": "", "scope_id": None}
        db.execute(insert(t.sprint).values(past))
        db.execute(insert(t.item_sprint).values(item_id=3, sprint_id=13, is_current=False))


def reached(store: Store, connection: str, scope: str) -> Linked:
    with store.reading() as db:
        return targets.linked(db, connection, scope)


def test_a_board_reaches_the_delivery_of_its_cards_and_the_sprints_it_is_in(store):
    company(store)
    found = reached(store, "roadmap", "5abb")
    assert {remote_id for _, remote_id in found.subjects} == {"i1", "i2", "i3", "i5", "i7", "s11"}
    assert found.scopes == {("roadmap", "5abb"), ("delivery", "10001"), ("marketing", "77")}


def test_a_project_reaches_the_cards_that_its_work_is_for(store):
    company(store)
    found = reached(store, "delivery", "10001")
    assert {one for one in found.subjects if one[0] != "delivery"} == {("roadmap", "i1")}
    assert ("marketing", "77") not in found.scopes


def test_people_of_whom_a_report_may_speak_have_open_work_somewhere(store):
    company(store)
    with store.writing() as db:
        for number, person in ((1, 21), (4, 21), (6, 21), (3, 22)):
            row = {"item_id": number, "account_id": person, "person_id": person, "role": "owner", "share": 1.0}
            db.execute(insert(t.assignee).values(row))
        db.execute(insert(t.person_weeks).values(person_id=21, week_on="2026-11-23", week_day=20780))
        db.execute(t.item.update().where(t.item.c.id == 4).values(is_open=False))
    with store.reading() as db:
        assert targets.work(db) == {21: {("roadmap", "5abb")}}


def test_a_scope_without_links_reaches_nothing_else(store):
    company(store)
    assert reached(store, "roadmap", "unknown") == Linked()
