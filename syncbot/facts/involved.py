"""Who and what the work of a feature involves: people, sprints, and the functions that it requires.

Work is under each feature above it, however high: needs the table ``under``, item's facts and feature.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from sqlalchemy import Connection, text

from syncbot.facts.features import WORK
from syncbot.facts.rows import fetch, settle

# Twins are one piece of work. A finding may not name who is on what was missing in a census.
_PEOPLE = text(f"""
    select w.feature_id, a.person_id, count(distinct case when i.status = 'doing' then i.group_id end),
        count(distinct i.group_id),
        count(distinct case when i.status <> 'paused' and not i.is_flagged and not exists (
            select 1 from link l join item b on b.id = l.from_id
            where l.to_id = i.id and l.type = 'blocks' and b.is_open) then i.group_id end)
    from {WORK}
    join item i on i.id = w.id
    join assignee a on a.item_id = i.id
    where i.kind = 'task' and i.is_open and i.seen = 'here' and a.person_id is not null
    group by w.feature_id, a.person_id""")
_SPRINTS = text(f"""
    select w.feature_id, x.sprint_id, count(distinct i.group_id)
    from {WORK}
    join item i on i.id = w.id
    join item_sprint x on x.item_id = i.id and x.is_current
    join sprint s on s.id = x.sprint_id and s.is_known and s.state <> 'closed'
    where i.kind = 'task' and i.is_open and i.seen <> 'gone'
    group by w.feature_id, x.sprint_id""")
_REQUIRED = text("""
    select i.feature_id, i.requires from item i
    where i.kind = 'feature' and i.requires is not null and i.seen <> 'gone' and i.feature_id is not null""")
_FUNCTIONS = text("""
    select i.id, i.function, i.feature_id, i.status from item i where i.function is not null and i.seen <> 'gone'""")
_UNDER = text("""
    select u.item_id, u.feature_id from under u join item i on i.id = u.item_id where i.function is not null""")


def build(db: Connection) -> None:
    """Fill feature_people, feature_sprints and feature_functions."""
    people = map(tuple, fetch(db, _PEOPLE))
    settle(db, "feature_people", ("feature_id", "person_id"), ("doing", "open", "free"), people)
    settle(db, "feature_sprints", ("feature_id", "sprint_id"), ("open",), map(tuple, fetch(db, _SPRINTS)))
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
