"""Snapshots: what a sprint or a milestone held when it began and when it ended, kept as it was then.

No tool tells later what was planned at the start. So the first check after such a moment keeps it, if it comes in time
and all that it holds was read since. One that comes too late finds another plan: it rebuilds that of a sprint from the
history of its items, where that is read, and else keeps nothing. A milestone's is never rebuilt: what an item was
linked to, and which dates a version had, is in no history.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, text

from syncbot.facts.effort import Counted
from syncbot.facts.load import inside
from syncbot.facts.rebuilt import Held, held, unread
from syncbot.facts.rows import day, insert, tuples

LATE = 1
"""So many days after its moment, what is there still tells what was there then."""


class Moment(NamedTuple):
    """When a sprint or milestone began or ended, and what it was planned for then."""

    connection: str
    of: str  # sprint, milestone
    of_id: int
    event: str  # start, close
    day: int
    scope_id: int | None
    start_on: str | None
    due_on: str | None


_SPRINTS = """
    select s.connection, 'sprint', s.id, 'start', s.start_day, s.scope_id, s.start_on, s.end_on
    from sprint s where s.is_known and s.state in ('active', 'closed')
    union all
    select s.connection, 'sprint', s.id, 'close', coalesce(s.closed_day, s.end_day), s.scope_id,
        s.start_on, s.end_on
    from sprint s where s.is_known and s.state = 'closed'"""
# A milestone that names no start begins with the first work that is delivered with it.
_MILESTONES = """
    select i.connection, 'milestone', i.id, 'start', coalesce(i.start_day, i.started_day, (
            select min(t.started_day) from link l join item t on t.id in (l.from_id, l.to_id)
            where (l.from_id = i.id or l.to_id = i.id) and t.id <> i.id)), i.home_scope_id, i.start_on, i.due_on
    from item i where i.kind = 'milestone' and i.seen = 'here' and i.is_open
    union all
    select i.connection, 'milestone', i.id, 'close', i.done_day, i.home_scope_id, i.start_on, i.due_on
    from item i where i.kind = 'milestone' and i.seen = 'here' and not i.is_open"""
_TOLD = "select s.of, s.of_id, s.event from snapshot s"
_ORPHANS = """
    delete from snapshot where of = 'milestone'
        and not exists (select 1 from item i where i.id = snapshot.of_id and i.kind = 'milestone')"""
# A sprint that is opened again, a milestone that was only released by mistake.
_UNDONE = """
    delete from snapshot where (of = 'sprint' and exists (
            select 1 from sprint s where s.id = snapshot.of_id and s.is_known
                and (s.state = 'future' or (s.state = 'active' and snapshot.event = 'close'))))
        or (of = 'milestone' and event = 'close' and exists (
            select 1 from item i where i.id = snapshot.of_id and i.seen = 'here' and i.is_open))"""
_PUT_OFF = "delete from snapshot where of = 'milestone' and event = 'start' and of_id = :id"
_READ = "select id, complete_day, error is not null or is_lacking from scope where is_configured"
_IN_SPRINTS = """
    select x.item_id, x.sprint_id, e.item_id is not null
    from item_sprint x left join effort e on e.item_id = x.item_id order by x.item_id, x.sprint_id"""
# What is delivered with a milestone relates to it; what stands below it is part of it.
_IN_MILESTONES = """
    select distinct case when l.from_id = m.id then l.to_id else l.from_id end, m.id, e.item_id is not null
    from item m join link l on l.from_id = m.id or l.to_id = m.id
    left join effort e on e.item_id = case when l.from_id = m.id then l.to_id else l.from_id end
    where m.kind = 'milestone' and (l.type = 'relates' or (l.type = 'child_of' and l.to_id = m.id))
    order by 1, 2"""
_HISTORY = "select name, history_day from connection where history_day is not null"
_UNDER = "select i.id, i.feature_id from effort e join item i on i.id = e.item_id where i.feature_id is not null"
_STATES = """
    select i.home_scope_id, i.id, e.points, e.minutes, i.status, i.due_on
    from effort e join item i on i.id = e.item_id"""


def build(db: Connection, counted: Counted, today: date, since: date) -> None:
    """Keep what sprints and milestones hold that have just begun or ended; needs item's facts and links.

    ``since``: the day before which no changes are kept any more, so that nothing can be rebuilt.
    """
    db.execute(text(_ORPHANS))
    db.execute(text(_UNDONE))
    moments = [Moment(*row) for query in (_SPRINTS, _MILESTONES) for row in tuples(db, query) if row[4] is not None]
    to_come = {one for one in moments if (one.of, one.event) == ("milestone", "start") and one.day > day(today)}
    for one in to_come:
        db.execute(text(_PUT_OFF), {"id": one.of_id})
    kept = {tuple(row) for row in tuples(db, _TOLD)}
    open_ = [one for one in moments if one not in to_come and (one.of, one.of_id, one.event) not in kept]
    _take(db, [one for one in open_ if abs(day(today) - one.day) <= LATE], counted, day(today))
    _rebuild(db, [one for one in open_ if one.of == "sprint" and day(since) < one.day < day(today) - LATE])


def _take(db: Connection, moments: Sequence[Moment], counted: Counted, today: int) -> None:
    """Keep what is there now, if all of it was read on the day of the moment or later."""
    if not moments:
        return
    members = _members(db, counted, {moment.of for moment in moments})
    there = [(moment, members[moment.of].get(moment.of_id, ())) for moment in moments]
    wanted = {number for _, several in there for number in several}
    homes, states = {}, {}
    for home, *state in tuples(db, _STATES):
        if state[0] in wanted:
            homes[state[0]], states[state[0]] = home, Held(*state)
    last_read = {scope: -1 if is_lacking else read or -1 for scope, read, is_lacking in tuples(db, _READ)}
    for moment, several in there:
        scopes = {moment.scope_id, *(homes[number] for number in several)}
        if all(last_read.get(scope, moment.day) >= moment.day for scope in scopes):
            _keep(db, moment, today, [states[number] for number in several], rebuilt=False)


def _rebuild(db: Connection, moments: Sequence[Moment]) -> None:
    """Keep what was there then, as far as history is kept and read."""
    kept_from = dict(tuples(db, _HISTORY)) if moments else {}
    there = [one for one in moments if one.day >= kept_from.get(one.connection, one.day + 1)]
    lacking = unread(db) if there else {}
    for moment in there:
        if lacking.get(moment.connection, moment.day - 1) < moment.day:
            members = held(db, moment.of_id, moment.day)
            if members is not None:
                _keep(db, moment, moment.day, members, rebuilt=True)


def _members(db: Connection, counted: Counted, wanted: Collection[str]) -> dict[str, Mapping[int, Sequence[int]]]:
    """The tasks that count, by the sprint and by the milestone that hold them.

    What a sprint had when it was closed has left it for the next one: the tool keeps that it was there.
    """
    found: dict[str, Mapping[int, Sequence[int]]] = {}
    if "sprint" in wanted:
        found["sprint"] = inside(counted, tuples(db, _IN_SPRINTS))
    if "milestone" in wanted:
        found["milestone"] = inside(counted, tuples(db, _IN_MILESTONES), tuples(db, _UNDER))
    return found


def _keep(db: Connection, moment: Moment, taken: int, members: Sequence[Held], *, rebuilt: bool) -> None:
    query = text("""
        insert into snapshot (of, of_id, event, taken_day, rebuilt, start_on, due_on)
        values (:of, :of_id, :event, :taken, :rebuilt, :start_on, :due_on) returning id""")
    number = db.scalar(query, {**moment._asdict(), "taken": taken, "rebuilt": rebuilt})
    rows = [(number, *one) for one in members]
    insert(db, "snapshot_item", ("snapshot_id", "item_id", "points", "minutes", "status", "due_on"), rows)
