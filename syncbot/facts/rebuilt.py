"""What sprints held at a moment that syncbot was not there for: today's work, with what changed since undone.

It stands on the history of every item of the connection; where that of one is not read, nothing is rebuilt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from syncbot.facts.effort import Task, count
from syncbot.facts.load import inside
from syncbot.facts.rows import fetch

_UNREAD = text("""
    select max(i.changed_day) from record r join item i on i.id = r.id left join past p on p.record_id = r.id
    where r.connection = :connection and r.seen = 'here' and (p.hash is null or p.hash <> r.hash)""")
_TASKS = """
    select i.id, coalesce(q.counted_id, i.parent_id) as parent, i.points, i.minutes, i.status, i.due_on, i.created_day
    from item i
    left join twin p on p.id = i.id
    left join twin q on q.id = i.parent_id
    where i.connection = :connection and i.kind = 'task' and i.seen <> 'gone' and coalesce(p.counted_id, i.id) = i.id
    order by i.id"""
_IN_SPRINTS = """
    select x.item_id, x.sprint_id from item_sprint x join item i on i.id = x.item_id where i.connection = :connection"""
_SINCE = """
    select c.item_id, c.field, c.old, c.new from change c join item i on i.id = c.item_id
    where i.connection = :connection and c.day > :day and c.field in ('sprint', 'status', 'points', 'minutes', 'due_on')
    order by c.at desc, c.id desc"""


class Held(NamedTuple):
    """A task as it was."""

    id: int
    points: float | None
    minutes: int | None
    status: str
    due_on: str | None


def known(db: Connection, connection: str, day: int) -> bool:
    """Whether the history of all that changed on a day or after it was read."""
    unread = db.scalar(_UNREAD, {"connection": connection})
    return unread is None or unread < day


def held(db: Connection, connection: str, sprint: int, day: int) -> Sequence[Held]:
    """What a sprint held at the end of a day; needs the table ``twin``."""
    columns = ("id", "parent", "points", "minutes", "status", "due_on", "created_day")
    states = {row[0]: dict(zip(columns, row, strict=True)) for row in fetch(db, _TASKS, connection=connection)}
    pairs = {(row.item_id, row.sprint_id) for row in fetch(db, _IN_SPRINTS, connection=connection)}
    for row in fetch(db, _SINCE, connection=connection, day=day):
        if row.field == "sprint":
            pairs -= {(row.item_id, int(row.new))} if row.new else set()
            pairs |= {(row.item_id, int(row.old))} if row.old else set()
        elif row.item_id in states:
            states[row.item_id][row.field] = _value(row.field, row.old)
    there = {key: one for key, one in states.items() if (one["created_day"] or 0) <= day and one["status"] != "dropped"}
    counted = count([Task(one["id"], one["parent"], one["points"], one["minutes"]) for one in there.values()])
    members = inside(counted, [(item, holder, item in there) for item, holder in sorted(pairs)])
    return list(_told(counted.efforts, members.get(sprint, ()), there))


def _told(efforts: Any, members: Sequence[int], states: dict[int, dict[str, Any]]) -> Iterator[Held]:
    for number in members:
        effort, state = efforts[number], states[number]
        yield Held(number, effort.points, effort.minutes, state["status"], state["due_on"])


def _value(field: str, said: str | None) -> float | str | None:
    if said is None:
        return None
    return float(said) if field == "points" else int(said) if field == "minutes" else said
