"""Reads what pictures are drawn from out of the public views and facts, as the last check left them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, text

from syncbot import rules
from syncbot.facts import dependencies
from syncbot.report.material import Chain, Load, Material, Stages, Waiting, Week

WEEKS = 6
ROOTS = 20
"""How many chains are read; a report shows fewer, those that its readers are concerned with."""
NEAREST = 12
"""How many of those that wait in one chain are read."""

_LOADS = text("""
    select s.id, s.state, s.start_on, s.end_on, l.unit, l.planned, l.unestimated, l.capacity, l.capacity_from,
        l.percent, l.unknown
    from sprints s join sprint_load l on l.sprint_id = s.id
    where s.state in ('active', 'future')
    order by s.state, s.start_on, s.id, l.unit""")
_WEEKS = text("""
    select w.person_id, w.week_on, w.planned_minutes, w.capacity_minutes, w.capacity_from, w.sources, w.unknown
    from person_weeks w join people p on p.id = w.person_id
    where p.active is not false and not p.is_bot and w.week_on >= :first and w.week_on <= :last
    order by w.person_id, w.week_on""")
_STAGES = text("""
    select f.id, h.side, h.status, h.due_on, t.id as twin_id, t.status as twin_status, t.due_on as twin_due_on
    from features f
    join items h on h.id = f.id
    left join items t on t.group_id = f.group_id and t.id <> f.id and t.kind = 'feature' and t.side = 'project'
        and t.seen = 'here'
    where f.is_open or t.is_open
    order by f.id, t.id""")
_ROOTS = text("""
    select d.root_id, count(*) as kept, sum(case when i.seen = 'here' then 1 else 0 end) as waiting,
        max(d.cycle_id) as cycle_id
    from dependencies d join items i on i.id = d.item_id
    where d.item_id <> d.root_id
    group by d.root_id having sum(case when i.seen = 'here' then 1 else 0 end) > 1
    order by sum(case when i.seen = 'here' then 1 else 0 end) desc, max(d.depth) desc, d.root_id limit :roots""")
_NEAREST = text("""
    select d.item_id, d.next_id, d.depth from dependencies d join items i on i.id = d.item_id
    where d.root_id = :root and d.item_id <> d.root_id and i.seen = 'here'
    order by d.depth, d.item_id limit :nearest""")


def read(db: Connection, today: dt.date) -> Material:
    """Everything that pictures show; ``today`` begins the weeks."""
    monday = today - dt.timedelta(days=today.weekday())
    weeks_on = tuple((monday + dt.timedelta(weeks=ahead)).isoformat() for ahead in range(WEEKS))
    return Material(
        loads=tuple(_loads(db)),
        weeks=tuple(_weeks(db, weeks_on)),
        weeks_on=weeks_on,
        stages=tuple(_stages(db)),
        chains=tuple(_chains(db)),
    )


def _loads(db: Connection) -> list[Load]:
    rows = [dict(row) for row in db.execute(_LOADS).mappings()]
    sprints = rules.named.subjects(db, "sprint", [row["id"] for row in rows])
    return [Load(sprints[number], **row) for row in rows if (number := row.pop("id")) in sprints]


def _weeks(db: Connection, weeks_on: Sequence[str]) -> list[Week]:
    query = {"first": weeks_on[0], "last": weeks_on[-1]}
    rows = [dict(row) for row in db.execute(_WEEKS, query).mappings()]
    people = rules.named.people(db, [row["person_id"] for row in rows])
    return [Week(people[row.pop("person_id")], **row) for row in rows]


def _stages(db: Connection) -> list[Stages]:
    rows = db.execute(_STAGES).all()
    named = rules.named.subjects(db, "item", [one for row in rows for one in (row.id, row.twin_id) if one is not None])
    return [
        Stages(
            feature=named[row.id],
            product=row.status if row.side == "product" else None,
            project=row.twin_status if row.side == "product" else row.status,
            twin=named.get(row.twin_id),
            due_on=row.due_on,
            twin_due_on=row.twin_due_on,
        )
        for row in rows
        if row.id in named
    ]


def _chains(db: Connection) -> list[Chain]:
    roots = db.execute(_ROOTS, {"roots": ROOTS}).all()
    nearest = {row.root_id: db.execute(_NEAREST, {"root": row.root_id, "nearest": NEAREST}).all() for row in roots}
    ids = {*nearest, *(one.item_id for several in nearest.values() for one in several)}
    named = rules.named.subjects(db, "item", ids)
    return [
        Chain(
            root=named[row.root_id],
            waiting=tuple(
                Waiting(named[one.item_id], one.next_id, one.depth)
                for one in nearest[row.root_id]
                if one.item_id in named
            ),
            count=int(row.waiting),
            at_least=row.kept >= dependencies.MOST,
            circle=row.cycle_id is not None,
        )
        for row in roots
        if row.root_id in named
    ]
