"""Taking away what is older than the config wants to keep, in small transactions, so that nobody waits for long.

What a report, a rule or a write may still need is never old: findings that were not resolved, items whose twin is told
to have lost them, the last attempt at each target and the last that went
well, writes whose end is not known, and answers that could
still hold: their tools tell them for ever.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import text

from syncbot.model import Keep, Struct
from syncbot.store import bulk, inputs, rows, waivers
from syncbot.store.store import Store

_BATCH = 5000
_LONGEST = waivers.LONGEST // dt.timedelta(minutes=1)


class Pruned(Struct, frozen=True):
    """How many of each were taken away."""

    runs: int = 0
    writes: int = 0
    findings: int = 0
    waivers: int = 0
    changes: int = 0
    snapshots: int = 0
    items: int = 0


def prune(store: Store, keep: Keep, *, now: dt.datetime) -> Pruned:
    """Take away what is older than that at an instant. An item is gone from the first call on that sees it gone."""

    def cut(minutes: int) -> str:
        before = now.astimezone(dt.UTC) - dt.timedelta(minutes=minutes)
        return before.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    runs, found, changed = cut(keep.runs), rows.day(cut(keep.findings)), cut(keep.changes)
    removed = {
        name: _run(
            store,
            query,
            {"at": runs, "said": cut(_LONGEST), "day": found, "on": cut(keep.findings)[:10], "changed": changed},
        )
        for name, query in _OLD.items()
    }
    return Pruned(
        runs=removed["runs"],
        writes=removed["writes"] + removed["news"],
        findings=removed["findings"],
        waivers=removed["waivers"],
        changes=_batches(store, "change", _CHANGES, rows.day(cut(keep.changes)) or 0),
        snapshots=_batches(store, "snapshot", _SNAPSHOTS, rows.day(cut(keep.changes)) or 0),
        items=_gone(store, rows.day(cut(0)) or 0, rows.day(cut(keep.gone)) or 0),
    )


def _run(store: Store, query: str, values: dict[str, str | int | None]) -> int:
    with store.writing() as db:
        named = {name: value for name, value in values.items() if f":{name}" in query}
        return db.execute(text(query), named).rowcount


def _gone(store: Store, today: int, before: int) -> int:
    _run(store, "update record set gone_day = null where gone_day is not null and seen <> 'gone'", {})
    _run(store, "update record set gone_day = :day where gone_day is null and seen = 'gone'", {"day": today})
    return _batches(store, "record", _GONE, before)


def _batches(store: Store, table: str, query: str, day: int) -> int:
    """Take away the rows of a table whose ids a query gives, some at a time; with a record goes its item."""
    count = 0
    while True:
        with store.writing() as db:
            ids = db.scalars(text(f"{query} order by id limit {_BATCH}"), {"day": day}).all()
            for one in ("item", table) if table == "record" else (table,):
                bulk.delete_ids(db, one, "id", ids)
            if ids:
                inputs.touch(db)
        count += len(ids)
        if len(ids) < _BATCH:
            return count


_OLD = {
    "runs": "delete from run where started_at < :at and id < (select max(id) from run)",
    "writes": """
        delete from outbox where state <> 'sending' and created_at < :at
            and id not in (select max(id) from outbox where state <> 'sending' group by target_id)
            and id not in (
                select max(id) from outbox where state = 'settled' and outcome <> 'muted' group by target_id)""",
    "news": """
        delete from target where news_of is not null and written_at < :at
            and id not in (select max(id) from target where news_of is not null group by news_of)
            and id not in (
                select max(t.id) from target t join outbox o on o.target_id = t.id
                where t.news_of is not null and o.state = 'settled' and o.outcome <> 'muted' group by t.news_of)
            and not exists (select 1 from outbox o where o.target_id = target.id and o.state = 'sending')""",
    "findings": """
        delete from finding where state in ('resolved', 'unsaid') and checked_day < :day
            and edition < (select max(id) from edition)""",
    "waivers": "delete from waiver where origin <> 'config' and until < :on",
    "answers": "delete from answer where at < :said",
    "entries": "delete from entry where at < :changed",
}
_CHANGES = "select id from change where day < :day"
_SNAPSHOTS = "select id from snapshot where taken_day < :day"
# The newest number stays, so that it is never given to another one.
_GONE = """
    select id from record where gone_day <= :day and id < (select max(id) from record)
        and id not in (select twin_id from lost_twins)"""
