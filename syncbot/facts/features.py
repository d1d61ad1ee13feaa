"""What a twin group adds up to, one row by the id of its head: the view ``features`` stands on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from syncbot.facts.rows import settle, settle_many, tuples
from syncbot.model import GoalSetting
from syncbot.patterns import fold

_STATES = {"paused": "paused", "done": "reached", "dropped": "dropped"}
_COLUMNS = (
    *("group_id", "connection", "scope_id", "seen", "side", "status", "word", "is_open", "priority", "owner_id"),
    *("is_committed", "is_waiting", "lead_id", "goal_id", "due_on", "due_day", "done_day"),
    *("work_open", "work_doing", "work_done", "effort_minutes", "effort_points"),
)

WORK = """(
        select i.id, i.feature_id as above_id, i.group_id, i.is_open, i.is_flagged, i.status, i.seen
        from item i where i.kind = 'task' and i.feature_id is not null
        union all
        select i.id, u.feature_id, i.group_id, i.is_open, i.is_flagged, i.status, i.seen
        from under u join item i on i.id = u.item_id where i.kind = 'task') w"""
"""SQL: the tasks with each feature that they are under."""

# Work counts once however many twins it has, for each feature above it, also while it is missing in one census.
_SUMS = text(f"""
    select w.above_id, sum(case when w.is_open then 1 else 0 end) as open,
        sum(case when w.status = 'doing' then 1 else 0 end) as doing,
        sum(case when w.status = 'done' then 1 else 0 end) as done, sum(e.minutes) as minutes, sum(e.points) as points
    from {WORK}
    left join twin p on p.id = w.id
    left join effort e on e.item_id = w.id
    where w.seen <> 'gone' and coalesce(p.counted_id, w.id) = w.id
    group by w.above_id order by w.above_id""")
_MEMBERS = text("""
    select i.feature_id, i.id, i.group_id, i.connection, i.home_scope_id, i.seen, i.side, i.status, i.word, i.is_open,
        i.priority, i.owner_id, i.is_committed, i.goal_id, i.due_on, i.due_day, i.done_day
    from item i
    where i.kind = 'feature' and i.seen <> 'gone' and i.feature_id is not null
    order by i.feature_id, i.id""")


_TWINS = text("""
    select f.id, t.id, t.connection, t.home_scope_id, t.status, t.word, t.is_open, t.owner_id, t.due_on, t.due_day,
        case
            when f.is_open or t.is_open then null
            when coalesce(f.done_day, 0) > coalesce(t.done_day, 0) then f.done_day
            else coalesce(t.done_day, 0) end
    from feature f
    join item t on t.group_id = f.group_id
    where t.side = 'project' and t.id <> f.id and t.seen <> 'gone'
    order by f.id, t.id""")
_TWIN = ("connection", "scope_id", "status", "word", "is_open", "owner_id", "due_on", "due_day", "done_day")


class _Member(NamedTuple):
    head: int
    id: int
    group_id: int
    connection: str
    scope_id: int
    seen: str
    side: str
    status: str
    word: str
    is_open: bool
    priority: int | None
    owner_id: int | None
    is_committed: bool
    goal_id: int | None
    due_on: str | None
    due_day: int | None
    done_day: int | None


class _Work(NamedTuple):
    head: int
    open: int
    doing: int
    done: int
    minutes: int | None
    points: float | None


def build(db: Connection) -> None:
    """Fill feature and twins; needs the tables ``twin`` and ``under``, item's facts and effort."""
    settle_many(db, "feature", ("id",), _COLUMNS, _rows(db))
    settle_many(db, "twins", ("feature_id", "twin_id"), _TWIN, tuples(db, _TWINS))


def _rows(db: Connection) -> Iterator[tuple[Any, ...]]:
    works = map(_Work._make, tuples(db, _SUMS))
    work = next(works, None)
    for head, members in groupby(map(_Member._make, tuples(db, _MEMBERS)), key=attrgetter("head")):
        while work is not None and work.head < head:
            work = next(works, None)
        none = _Work(head, 0, 0, 0, None, None)
        yield _row(head, list(members), work if work is not None and work.head == head else none)


def _row(head: int, members: Sequence[_Member], work: _Work) -> tuple[Any, ...]:
    own = next((row for row in members if row.id == head), members[0])
    delivering = [row for row in members if row.side == "project"]
    dated = [own, *sorted((row for row in members if row.due_on), key=lambda row: (row.due_day, row.id))]
    due = next((row for row in dated if row.due_on), own)
    return (
        head,
        own.group_id,
        own.connection,
        own.scope_id,
        own.seen,
        own.side,
        own.status,
        own.word,
        bool(own.is_open),
        own.priority,
        own.owner_id,
        bool(own.is_committed),
        bool(own.is_committed) and not work.doing,
        next((row.owner_id for row in delivering if row.owner_id is not None), None),
        next((row.goal_id for row in (own, *members) if row.goal_id is not None), None),
        due.due_on,
        due.due_day,
        own.done_day,
        int(work.open),
        int(work.doing),
        int(work.done),
        None if work.minutes is None else int(work.minutes),
        work.points,
    )


def goals(db: Connection, settings: Sequence[GoalSetting]) -> None:
    """Fill goal from the goals' statuses and, by their titles, from the config.

    What the config says of a goal's owner and state counts where the tool has none: a label has no status.
    """
    told = {fold(setting.title): setting for setting in settings}
    people = {row.key: row.id for row in db.execute(text("select id, key from person"))}
    query = "select id, title, owner_id, status, derived_from from item where kind = 'goal' and seen <> 'gone'"
    found = [(row, told.get(fold(row.title), GoalSetting(row.title))) for row in db.execute(text(query))]
    states = (
        (row.id, setting.share, setting.state if row.derived_from else _STATES.get(row.status, "active"))
        for row, setting in found
    )
    settle(db, "goal", ("id",), ("share", "state"), states)
    for row, setting in found:
        owner = people.get(setting.owner or "")
        if owner is not None and row.owner_id is None:
            db.execute(text("update item set owner_id = :owner where id = :id"), {"owner": owner, "id": row.id})
