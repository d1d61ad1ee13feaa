"""What sprints held at a moment that syncbot was not there for: today's work, with what changed since undone.

It stands on the history of every item of the connection; where that of one is not read, or could not be understood,
nothing is rebuilt. What was imported from elsewhere has no history of its own: where work of a sprint was done later,
and nobody ever set it to done, nothing is rebuilt of that sprint.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from syncbot.facts.effort import Task, count
from syncbot.facts.load import inside
from syncbot.facts.rows import fetch

_UNREAD = """
    select r.connection, max(i.changed_day) from record r join item i on i.id = r.id
    join connection c on c.name = r.connection and c.history_day is not null
    left join past p on p.record_id = r.id
    where r.seen = 'here' and (p.hash is null or p.hash <> r.hash or p.is_unsure) group by r.connection"""
_NOW_OR_SINCE = """
    insert into concerned
    select x.item_id from item_sprint x where x.sprint_id = :sprint
    union select c.item_id from change c
    where c.field = 'sprint' and c.day > :day and (c.old = :name or c.new = :name)"""
# The trees of tasks that they stand in: what is above an item decides of its sprint, what is below of its effort.
_RELATED = (
    """
    select coalesce(q.counted_id, i.parent_id) as id from concerned c join item i on i.id = c.id
    left join twin q on q.id = i.parent_id where i.parent_id is not null""",
    "select i.id from concerned c join item i on i.parent_id = c.id",
    "select i.id from concerned c join twin q on q.counted_id = c.id join item i on i.parent_id = q.id",
    "select q.counted_id as id from concerned c join twin q on q.id = c.id",
)
_GROW = """
    insert into concerned select distinct f.id from ({}) f join item w on w.id = f.id and w.kind = 'task'
    where not exists (select 1 from concerned c where c.id = f.id)"""
_TASKS = """
    select i.id, coalesce(q.counted_id, i.parent_id) as parent, i.points, i.minutes, i.status, i.due_on, i.created_day,
        i.done_day
    from concerned c join item i on i.id = c.id
    left join twin p on p.id = i.id
    left join twin q on q.id = i.parent_id
    where i.kind = 'task' and i.seen <> 'gone' and coalesce(p.counted_id, i.id) = i.id
    order by i.id"""
_IN_SPRINTS = "select x.item_id, x.sprint_id from concerned i join item_sprint x on x.item_id = i.id"
_SINCE = """
    select c.item_id, c.field, c.old, c.new from concerned i join change c on c.item_id = i.id
    where c.day > :day and c.field in ('sprint', 'status', 'points', 'minutes', 'due_on')
    order by c.at desc, c.id desc"""


class Held(NamedTuple):
    """A task as it was."""

    id: int
    points: float | None
    minutes: int | None
    status: str
    due_on: str | None


def unread(db: Connection) -> dict[str, int]:
    """By connection, the last day on which something changed whose history is not known, where there is any."""
    return {row[0]: row[1] for row in db.execute(text(_UNREAD))}


def held(db: Connection, sprint: int, day: int) -> Sequence[Held] | None:
    """What a sprint held at the end of a day, None: its history is not whole; needs the table ``twin``."""
    _gather(db, sprint, day)
    columns = ("id", "parent", "points", "minutes", "status", "due_on", "created_day", "done_day")
    states = {row[0]: dict(zip(columns, row, strict=True)) for row in fetch(db, _TASKS)}
    pairs = {(row.item_id, row.sprint_id) for row in fetch(db, _IN_SPRINTS)}
    changes = list(fetch(db, _SINCE, day=day))
    db.execute(text("drop table concerned"))
    for row in changes:
        if row.field == "sprint":
            pairs -= {(row.item_id, int(row.new))} if row.new else set()
            pairs |= {(row.item_id, int(row.old))} if row.old else set()
        elif row.item_id in states:
            states[row.item_id][row.field] = _value(row.field, row.old)
    there = {key: one for key, one in states.items() if (one["created_day"] or 0) <= day and one["status"] != "dropped"}
    counted = count([Task(one["id"], one["parent"], one["points"], one["minutes"]) for one in there.values()])
    members = inside(counted, [(item, holder, item in there) for item, holder in sorted(pairs)])
    moved = {row.item_id for row in changes if row.field == "status"}
    if any(_was_done_later(there[one], day) for one in members.get(sprint, ()) if one not in moved):
        return None
    return list(_told(counted.efforts, members.get(sprint, ()), there))


def _was_done_later(state: dict[str, Any], day: int) -> bool:
    return state["status"] == "done" and (state["done_day"] or day) > day


def _gather(db: Connection, sprint: int, day: int) -> None:
    """Put into the table ``concerned`` what was in a sprint at the end of a day or is since, and the trees of that."""
    db.execute(text("create temporary table concerned (id bigint primary key)"))
    db.execute(text(_NOW_OR_SINCE), {"sprint": sprint, "name": str(sprint), "day": day})
    while sum(db.execute(text(_GROW.format(related))).rowcount for related in _RELATED):
        pass


def _told(efforts: Any, members: Sequence[int], states: dict[int, dict[str, Any]]) -> Iterator[Held]:
    for number in members:
        effort, state = efforts[number], states[number]
        yield Held(number, effort.points, effort.minutes, state["status"], state["due_on"])


def _value(field: str, said: str | None) -> float | str | None:
    if said is None:
        return None
    return float(said) if field == "points" else int(said) if field == "minutes" else said
