"""A company of any size in a store, straight into its tables: what checks are measured on.

Features on one board, each with its epic and eight items of work in Jira: 1.2 people an item, every third open item in
a sprint, one in three dated, one in ten waiting for another. One feature in five is open. Of each kind, one in
a hundred breaks a rule.
"""

from __future__ import annotations

import random

from sqlalchemy import Connection, text

from syncbot.model import KnownPerson, Team
from syncbot.store import Store, schema
from tests import worlds

PART = 100_000
"""As many items are made; more are copies of them under other names."""

_EACH = 500  # items a person
_WORK = 8  # tasks a feature
_OFFENDERS = 0.01
_OPEN, _DOING = 0.2, 0.04  # of the features, of the work of those
_SHARED, _IN_SPRINT, _DATED, _WAITING = 0.2, 0.3, 0.3, 0.1
_SPRINTS = 20


def frame() -> worlds.World:
    """The company without its work: what facts need of the config."""
    names = [f"person{number}" for number in range(PART // _EACH)]
    people = tuple(
        KnownPerson(name, accounts={"delivery": name, "roadmap": name}, weekly_minutes=2400) for name in names
    )
    sprints = tuple(worlds.Sprint(f"Sprint {number}") for number in range(_SPRINTS))
    team = Team("all", tuple(names), names[0], ("delivery/PAY board",), {"points": 5000})
    return worlds.World(people=people, sprints=sprints, teams=(team,))


def fill(store: Store, items: int) -> None:
    """Write so many items, a multiple of `PART`, into an empty store; no facts yet."""
    made = frame()
    work = tuple(_work(random.Random(1), [person.key for person in made.people]))
    with store.writing() as db:
        worlds.fill(db, worlds.World(work, sprints=made.sprints), build=False)
    for copy in range(1, items // PART):
        with store.writing() as db:
            _copy(db, copy)
    if store.url.get_backend_name() == "postgresql":
        with store.writing() as db:
            db.execute(text("analyze"))


def _work(chance: random.Random, people: list[str]) -> list[worlds.Item]:
    items: list[worlds.Item] = []
    for number in range(PART // (_WORK + 2)):
        feature, epic, owner = f"F-{number}", f"E-{number}", chance.choice(people)
        is_open = chance.random() < _OPEN
        status = chance.choice(("planned", "planned", "ready", "doing")) if is_open else "done"
        due, closed = chance.choice((None, 20, 60)), None if is_open else chance.randrange(-900, 0)
        card = worlds.Item(
            feature,
            kind="feature",
            scope=worlds.BOARD.label,
            status="paused" if _offends(chance) else status,
            owner=None if _offends(chance) else owner,
            due=due and due + 30 * _offends(chance),
            done=closed,
            names=(epic,),
        )
        items += [
            card,
            worlds.Item(epic, kind="feature", side="project", status=status, owner=None, due=due, done=closed),
            *(_task(chance, number, task, people, closed) for task in range(_WORK)),
        ]
    return items


def _task(chance: random.Random, number: int, task: int, people: list[str], closed: int | None) -> worlds.Item:
    owner = None if _offends(chance) else chance.choice(people)
    status = chance.choice(("planned", "planned", "planned", "done", "done", "done")) if closed is None else "done"
    if closed is None and chance.random() < _DOING:
        status = "doing"
    if _offends(chance):
        status = "planned"
    is_open = status != "done"
    return worlds.Item(
        f"T-{number}-{task}",
        status=status,
        done=None if is_open else closed or chance.randrange(-200, 0),
        owner=owner,
        on=(chance.choice(people),) if owner and chance.random() < _SHARED else (),
        points=chance.choice((None, 1, 2, 3)),
        minutes=chance.choice((None, None, 60, 240)),
        due=(-3 if _offends(chance) else chance.randrange(0, 20)) if chance.random() < _DATED else None,
        parent=None if _offends(chance) else f"E-{number}",
        blocks=(f"T-{number}-{task + 1}",) if task + 1 < _WORK and chance.random() < _WAITING else (),
        sprints=(f"Sprint {chance.randrange(_SPRINTS)}",) if is_open and chance.random() < _IN_SPRINT else (),
    )


def _offends(chance: random.Random) -> bool:
    return chance.random() < _OFFENDERS


def _copy(db: Connection, copy: int) -> None:
    """The first part again, its items under names of their own."""
    renamed = {column: f"{column} || '-{copy}'" for column in ("remote_id", "ref", "url", "target")}
    moved = {"item_id": f"item_id + {copy * PART}"}
    for table in (schema.item, schema.assignee, schema.reference, schema.item_sprint):
        if table is schema.item:
            told = {column.name: column.name for column in table.columns} | renamed | {"id": f"id + {copy * PART}"}
            told.pop("target")
        else:
            told = {column.name: column.name for column in table.columns if column.name != "id"}
            told |= {name: value for name, value in (renamed | moved).items() if name in told}
        own = "id" if table is schema.item else "item_id"
        into, values = ", ".join(told), ", ".join(told.values())
        db.execute(text(f"insert into {table.name} ({into}) select {values} from {table.name} where {own} <= {PART}"))
