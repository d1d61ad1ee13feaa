"""How far each scope can be trusted: which fields are mapped and filled in it, and whether its last read counts.

Rules ask here before they run, so that one which lacks data says "cannot tell" instead of accusing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from syncbot.facts.rows import day, fetch, settle
from syncbot.model import FAILED_READ, Need

FILLED = {
    "owner": "owner_account_id is not null or assigned",
    "assignees": "assigned",
    "points": "points is not null",
    "minutes": "minutes is not null",
    "left_minutes": "left_minutes is not null",
    "spent_minutes": "spent_minutes is not null",
    "start_on": "start_on is not null",
    "due_on": "due_on is not null",
    "priority": "priority is not null",
}
"""Our fields, each with the SQL that is true of an item of `ITEMS` in which it is filled."""

LINKED = {"feature": "feature_id is not null or goal_id is not null"}
"""What is no field and needs no mapping: whether an item belongs to a feature or a goal, or is one."""

ITEMS = "select i.*, exists (select 1 from assignee a where a.item_id = i.id) as assigned from item i"
"""Items as the tables have them, and whether anybody is on them."""

NEVER = "it was never read completely"
LACKING = "a field that its mapping wants was not read yet"
OLD = "its last complete read is older than promised"
_RECENT_DAYS = 90
_KINDS = ("", "goal", "feature", "milestone", "task")

_LINKED = text("""
    with pair as (
        select distinct a.home_scope_id as one_id, b.home_scope_id as other_id
        from link l join item a on a.id = l.from_id join item b on b.id = l.to_id
        where a.home_scope_id <> b.home_scope_id)
    select one_id, other_id from pair union select other_id, one_id from pair""")
_SIDES = text("select distinct home_scope_id, side from item where seen <> 'gone'")
_COUNTS = text(f"""
    select home_scope_id, kind, count(*) as items,
        {", ".join(f"sum(case when {told} then 1 else 0 end) as {name}" for name, told in (FILLED | LINKED).items())}
    from (
        {ITEMS}
        where i.seen = 'here' and i.derived_from is null and i.status <> 'dropped'
            and (i.is_open or i.done_day >= :recent)) w
    group by home_scope_id, kind""")


def build(
    db: Connection,
    mapped: Mapping[tuple[str, str], frozenset[str]],
    promises: Mapping[str, int],
    now: datetime,
    today: date,
) -> None:
    """Fill trust, scope_link, scope_side and scope.is_complete; needs link.

    A row of kind "" is of all kinds, one of field "" of the scope's reads.
    ``complete``: its last complete read is within the promise, and had all that the mapping wants; ``fresh``: no read
    has failed since.
    """
    scopes = db.execute(
        text("select id, connection, remote_id, complete_at, is_lacking, error from scope where is_configured")
    ).all()
    counts: defaultdict[tuple[int, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in db.execute(_COUNTS, {"recent": day(today) - _RECENT_DAYS}).mappings():
        for kind in (row["kind"], ""):
            for name in ("items", *FILLED, *LINKED):
                counts[row["home_scope_id"], kind][name] += int(row[name])
    rows: list[tuple[Any, ...]] = []
    complete = {}
    for scope in scopes:
        lacking = LACKING if scope.complete_at and scope.is_lacking else None
        reason = lacking or _doubt(scope.complete_at, promises.get(scope.connection), now)
        whole, fresh = reason is None, scope.error is None
        complete[scope.id] = whole
        rows.append((scope.id, "", "", False, None, fresh, whole, reason or (None if fresh else FAILED_READ)))
        known = mapped.get((scope.connection, scope.remote_id), frozenset()) | LINKED.keys()
        for kind in _KINDS:
            found = counts[scope.id, kind]
            for name in (*FILLED, *LINKED):
                percent = found[name] * 100 // found["items"] if found["items"] else None
                unmapped = None if name in known else f"no field is mapped to {name}"
                rows.append((scope.id, kind, name, name in known, percent, fresh, whole, unmapped))
    columns = ("mapped", "filled_percent", "fresh", "complete", "reason")
    settle(db, "trust", ("scope_id", "kind", "field"), columns, rows)
    settle(db, "scope_link", ("scope_id", "other_id"), (), map(tuple, fetch(db, _LINKED)))
    settle(db, "scope_side", ("scope_id", "side"), (), map(tuple, fetch(db, _SIDES)))
    for number in db.scalars(text("select id from scope")).all():
        told = {"id": number, "complete": complete.get(number, False)}
        db.execute(text("update scope set is_complete = :complete where id = :id and is_complete <> :complete"), told)


def weigh(db: Connection, needs: Iterable[Need], filled_percent: int) -> None:
    """Fill needs: whether what each rule asks to be filled is, in ``filled_percent`` of the items; needs trust.

    One of several fields is enough. What is not mapped is not asked for: that is no matter of filling it in.
    """
    known: dict[tuple[int, str, str], int | None] = {
        (row.scope_id, row.kind, row.field): row.filled_percent
        for row in db.execute(text("select scope_id, kind, field, filled_percent from trust where mapped"))
    }
    rows = []
    for need in needs:
        places = [(need.scope_id, need.kind, field) for field in need.field.split(" or ")]
        filled = [known[place] for place in places if place in known]
        if filled:
            most = None if None in filled else max(percent for percent in filled if percent is not None)
            enough = most is None or most >= filled_percent
            rows.append((need.scope_id, need.rule, need.field, need.kind, most, enough))
    settle(db, "needs", ("scope_id", "rule", "field"), ("kind", "filled_percent", "enough"), rows)


def _doubt(complete_at: str | None, promise: int | None, now: datetime) -> str | None:
    """Why the last complete read does not count; None if it does. ``promise`` in minutes; None: any age will do."""
    if complete_at is None:
        return NEVER
    if promise is not None and datetime.fromisoformat(complete_at) < now - timedelta(minutes=promise):
        return OLD
    return None
