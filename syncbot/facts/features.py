"""What a twin group adds up to, one row by the id of its head: the view ``features`` stands on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from syncbot.facts.rows import settle, tuples
from syncbot.model import GoalSetting
from syncbot.patterns import fold

_STATES = {"paused": "paused", "done": "reached", "dropped": "dropped"}
_COLUMNS = (
    "group_id",
    "is_committed",
    "is_waiting",
    "lead_id",
    "goal_id",
    "due_on",
    "due_day",
    "done_day",
    "work_open",
    "work_doing",
    "work_done",
    "effort_minutes",
    "effort_points",
)

WORK = """(
        select i.id, i.feature_id from item i where i.kind = 'task' and i.feature_id is not null
        union all select u.item_id, u.feature_id from under u) w"""
"""SQL: the tasks with each feature that they are under; sub-features with those above them are among them."""

# Work counts once however many twins it has, for each feature above it, also while it is missing in one census.
_SUMS = text(f"""
    select w.feature_id, sum(case when i.is_open then 1 else 0 end),
        sum(case when i.status = 'doing' then 1 else 0 end), sum(case when i.status = 'done' then 1 else 0 end),
        sum(e.minutes), sum(e.points)
    from {WORK}
    join item i on i.id = w.id
    left join twin p on p.id = i.id
    left join effort e on e.item_id = i.id
    where i.kind = 'task' and i.seen <> 'gone' and coalesce(p.counted_id, i.id) = i.id
    group by w.feature_id""")
_MEMBERS = text("""
    select i.feature_id, i.id, i.group_id, i.side, i.is_committed, i.owner_id, i.goal_id, i.due_on, i.due_day,
        i.done_day
    from item i where i.kind = 'feature' and i.seen <> 'gone' and i.feature_id is not null
    order by i.feature_id, i.id""")


_TWINS = text("""
    select f.id, t.id, case
        when h.is_open or t.is_open then null
        when coalesce(h.done_day, 0) > coalesce(t.done_day, 0) then h.done_day
        else coalesce(t.done_day, 0) end
    from feature f
    join item h on h.id = f.id
    join item t on t.group_id = f.group_id
    where t.side = 'project' and t.id <> f.id and t.seen <> 'gone'""")


class _Member(NamedTuple):
    head: int
    id: int
    group_id: int
    side: str
    is_committed: bool
    owner_id: int | None
    goal_id: int | None
    due_on: str | None
    due_day: int | None
    done_day: int | None


def build(db: Connection) -> None:
    """Fill feature and twins; needs the tables ``twin`` and ``under``, item's facts and effort."""
    sums = {head: values for head, *values in tuples(db, _SUMS)}
    groups: dict[int, list[_Member]] = {}
    for row in map(_Member._make, tuples(db, _MEMBERS)):
        groups.setdefault(row.head, []).append(row)
    settle(db, "feature", ("id",), _COLUMNS, (_row(head, members, sums.get(head)) for head, members in groups.items()))
    settle(db, "twins", ("feature_id", "twin_id"), ("done_day",), tuples(db, _TWINS))


def _row(head: int, members: Sequence[_Member], sums: list[Any] | None) -> tuple[Any, ...]:
    own = next((row for row in members if row.id == head), members[0])
    delivering = [row for row in members if row.side == "project"]
    work_open, doing, done, minutes, points = sums or (0, 0, 0, None, None)
    dated = [own, *sorted((row for row in members if row.due_on), key=lambda row: (row.due_day, row.id))]
    due = next((row for row in dated if row.due_on), own)
    return (
        head,
        own.group_id,
        bool(own.is_committed),
        bool(own.is_committed) and not doing,
        next((row.owner_id for row in delivering if row.owner_id is not None), None),
        next((row.goal_id for row in (own, *members) if row.goal_id is not None), None),
        due.due_on,
        due.due_day,
        own.done_day,
        int(work_open),
        int(doing),
        int(done),
        None if minutes is None else int(minutes),
        points,
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
