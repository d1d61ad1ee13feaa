"""A company of any size in a store, straight into its tables: what checks are measured on.

Features on one board, each with a goal, its epic and eight items of work in Jira: 1.2 people an item, every third open
item in a sprint, one in three dated, one in ten waiting for another. One feature in five is open. Of each kind, one in
a hundred breaks a rule: by chance, or because its number ends so.
"""

from __future__ import annotations

import random
from typing import Any

from sqlalchemy import Connection, text

from syncbot.model import KnownPerson, Team
from syncbot.store import Store, schema
from tests import worlds

PART = 100_000
"""As many items are made; more are copies of them under other names."""

_EACH = 500  # items a person
_WORK = 8  # tasks a feature
_GOALS = 100
_FEATURES = (PART - _GOALS) // (_WORK + 2)
_OFFENDERS = 0.01
_OPEN, _DOING = 0.2, 0.04  # of the features, of the work of those
_SHARED, _IN_SPRINT, _DATED, _WAITING = 0.2, 0.3, 0.3, 0.1
_SPRINTS = 20
_SIDES = ("delivery", "roadmap")


def frame() -> worlds.World:
    """The company without its work: what facts need of the config."""
    names = [f"person{number}" for number in range(PART // _EACH)]
    people = tuple(
        KnownPerson(
            name,
            accounts=dict.fromkeys(_SIDES, name),
            weekly_minutes=60 if number % 100 == 1 else 2400,
            roles=("product", "project") if number % 100 else (),
        )
        for number, name in enumerate(names)
    )
    gone = [{"connection": side, "remote_id": name, "active": False} for name in names[2::100] for side in _SIDES]
    sprints = tuple(worlds.Sprint(f"Sprint {number}") for number in range(_SPRINTS))
    team = Team("all", tuple(names), names[0], ("delivery/PAY board",), {"points": 5000})
    return worlds.World(people=people, sprints=sprints, teams=(team,), accounts=tuple(gone))


def fill(store: Store, items: int) -> None:
    """Write so many items, a multiple of `PART`, into an empty store; no facts yet."""
    made = frame()
    work = tuple(_work(random.Random(1), [person.key for person in made.people]))
    with store.writing() as db:
        worlds.fill(db, worlds.World(work, sprints=made.sprints, accounts=made.accounts), build=False)
    for copy in range(1, items // PART):
        with store.writing() as db:
            _copy(db, copy)
    if store.url.get_backend_name() == "postgresql":
        with store.writing() as db:
            db.execute(text("analyze"))


def _work(chance: random.Random, people: list[str]) -> list[worlds.Item]:
    items = [_goal(number) for number in range(_GOALS)]
    for number in range(_FEATURES):
        is_open = chance.random() < _OPEN
        status = chance.choice(("planned", "planned", "ready", "doing")) if is_open else "done"
        closed = None if is_open else chance.randrange(-900, 0)
        items += _pair(chance, number, status, closed, people)
        items += [_task(chance, number, task, people, closed) for task in range(_WORK)]
    return items


def _goal(number: int) -> worlds.Item:
    return worlds.Item(
        f"G-{number}",
        kind="goal",
        scope=worlds.BOARD.label,
        status="dropped" if _ends(number, 1) else "doing",
        owner="person5",
    )


def _pair(
    chance: random.Random, number: int, status: str, closed: int | None, people: list[str]
) -> tuple[worlds.Item, worlds.Item]:
    """A card and its epic, of one person and with one date."""
    epic, owner, due = f"E-{number}", chance.choice(people), chance.choice((None, 20, 60))
    told: dict[str, Any] = {"kind": "feature", "done": closed, "priority": 1 if _ends(number, 4) else 3}
    card = worlds.Item(
        f"F-{number}",
        scope=worlds.BOARD.label,
        status="paused" if _offends(chance) else status,
        owner=None if _offends(chance) else owner,
        due=due and due + 30 * _offends(chance),
        names=() if _ends(number, 5) else (epic,),
        parent=None if _offends(chance) else f"G-{chance.randrange(_GOALS - 1)}",
        requires=("legal",) if _ends(number, 6) else (),
        words=("type: Epos",) if _ends(number, 7) else (),
        **told,
    )
    lead = chance.choice(people) if _offends(chance) else owner
    seen = "gone" if _ends(number, 3) else "here"
    return card, worlds.Item(epic, side="project", status=status, owner=lead, due=due, seen=seen, **told)


def _task(chance: random.Random, number: int, task: int, people: list[str], closed: int | None) -> worlds.Item:
    owner = None if _offends(chance) else chance.choice(people)
    status = chance.choice(("planned", "planned", "planned", "done", "done", "done")) if closed is None else "done"
    if closed is None and chance.random() < _DOING:
        status = "doing"
    if _offends(chance) or (closed is None and (_ends(number, 8) or _ends(number, 9))):
        status = "planned"
    is_open = status != "done"
    waits = task + 1 < _WORK and (chance.random() < _WAITING or _ends(number, 8) or _ends(number, 9))
    in_circle = task == _WORK - 1 and _ends(number, 9)
    return worlds.Item(
        f"T-{number}-{task}",
        status=status,
        done=None if is_open else closed or chance.randrange(-200, 0),
        owner=owner,
        on=(chance.choice(people),) if owner and chance.random() < _SHARED else (),
        points=chance.choice((None, 1, 2, 3)),
        minutes=chance.choice((None, None, 60, 240)),
        due=_due(chance) if chance.random() < _DATED and not (task == 0 and _ends(number, 8)) else None,
        parent=None if _offends(chance) else f"E-{number}",
        blocks=(f"T-{number}-{task + 1}",) if waits else (f"T-{number}-0",) if in_circle else (),
        sprints=(f"Sprint {chance.randrange(_SPRINTS)}",) if is_open and chance.random() < _IN_SPRINT else (),
        function="legal" if _ends(number, 10) else None,
    )


def _due(chance: random.Random) -> int:
    """Long ago, long after everything, or soon."""
    return -3 if _offends(chance) else 90 if _offends(chance) else chance.randrange(0, 20)


def _offends(chance: random.Random) -> bool:
    return chance.random() < _OFFENDERS


def _ends(number: int, so: int) -> bool:
    """Whether it is the one in a hundred that offends in this way."""
    return number % 100 == so


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
