"""Who and what the work of a feature involves: people, sprints, and the functions that it requires.

Work is under each feature above it, however high: needs the table ``under``, item's facts and feature.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from sqlalchemy import Connection, text

from syncbot.facts.features import WORK
from syncbot.facts.rows import fetch, settle, settle_many, tuples

# Twins are one piece of work. A finding may not name who is on what was missing in a census.
_PEOPLE = text(f"""
    select w.above_id, a.person_id, count(distinct case when w.status = 'doing' then w.group_id end),
        count(distinct w.group_id),
        count(distinct case when w.status <> 'paused' and not w.is_flagged and not exists (
            select 1 from link l join item b on b.id = l.from_id
            where l.to_id = w.id and l.type = 'blocks' and b.is_open) then w.group_id end)
    from {WORK}
    join assignee a on a.item_id = w.id
    where w.is_open and w.seen = 'here' and a.person_id is not null
    group by w.above_id, a.person_id order by w.above_id, a.person_id""")
_SPRINTS = text(f"""
    select w.above_id, x.sprint_id, count(distinct w.group_id)
    from {WORK}
    join item_sprint x on x.item_id = w.id and x.is_current
    join sprint s on s.id = x.sprint_id and s.is_known and s.state <> 'closed'
    where w.is_open and w.seen <> 'gone'
    group by w.above_id, x.sprint_id order by w.above_id, x.sprint_id""")
_REQUIRED = text("""
    select i.feature_id, i.requires from item i
    where i.kind = 'feature' and i.requires is not null and i.seen <> 'gone' and i.feature_id is not null""")
_FUNCTIONS = text("""
    select i.id, i.function, i.feature_id, i.status from item i where i.function is not null and i.seen <> 'gone'""")
_UNDER = text("""
    select u.item_id, u.feature_id from under u join item i on i.id = u.item_id where i.function is not null""")


def build(db: Connection) -> None:
    """Fill feature_people, feature_sprints and feature_functions."""
    settle_many(db, "feature_people", ("feature_id", "person_id"), ("doing", "open", "free"), tuples(db, _PEOPLE))
    settle_many(db, "feature_sprints", ("feature_id", "sprint_id"), ("open",), tuples(db, _SPRINTS))
    _functions(db)


def _functions(db: Connection) -> None:
    required: defaultdict[int, set[str]] = defaultdict(set)
    for row in fetch(db, _REQUIRED):
        required[row.feature_id].update(row.requires.split(","))
    above: defaultdict[int, list[int]] = defaultdict(list)
    work: Counter[tuple[int, str]] = Counter()
    anywhere: Counter[str] = Counter()
    if required:
        for row in fetch(db, _UNDER):
            above[row.item_id].append(row.feature_id)
        for row in fetch(db, _FUNCTIONS):
            anywhere[row.function] += 1
            if row.status != "dropped":
                work.update((feature, row.function) for feature in {row.feature_id, *above[row.id]})
    rows = (
        (feature, function, work[feature, function], anywhere[function])
        for feature, functions in required.items()
        for function in sorted(functions)
    )
    settle(db, "feature_functions", ("feature_id", "function"), ("work", "anywhere"), rows)
