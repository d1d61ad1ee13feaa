"""What tools tell of the history of records: kept as they tell it, and in our words as the table ``change``.

An entry is stored once, however often it is told. Of which records all is known is known by their content: one that has
changed since is told of again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, text

from syncbot.connector import History
from syncbot.model import Change, Entry, Record, Word
from syncbot.store import bulk, inputs, rows

Tell = Callable[[Record, Sequence[Entry]], Sequence[Change]]
"""What entries come to in our words: see `syncbot.mapping.past`."""

_ENTRY = ("record_id", "remote_id", "at", "field", "old_id", "old", "new_id", "new", "account")
_CHANGE = ("item_id", "field", "old", "new", "at", "day", "account_id")
_BATCH = 500
# All records of a scope that are known when its cursor moves on; one that comes later is new to the history.
_PASSED = """
    insert into past (record_id, hash) select r.id, '' from record r join scope s on s.id = r.home_scope_id
    where r.connection = :connection and s.remote_id = :scope
        and not exists (select 1 from past p where p.record_id = r.id)"""


def unread(db: Connection, connection: str, since_day: int) -> dict[str, dict[str, bool]]:
    """The records that changed on that day or after it and whose history was not read since, by their home scope, and
    whether it is new, so that none of it was ever read.
    """
    query = text("""
        select s.remote_id as scope, r.remote_id, p.hash is null as is_new from record r
        join item i on i.id = r.id join scope s on s.id = r.home_scope_id
        left join past p on p.record_id = r.id
        where r.connection = :connection and r.seen = 'here' and s.is_configured and i.changed_day >= :since
            and (p.hash is null or p.hash <> r.hash)
        order by s.id, r.id""")
    found: dict[str, dict[str, bool]] = {}
    for row in db.execute(query, {"connection": connection, "since": since_day}):
        found.setdefault(row.scope, {})[row.remote_id] = bool(row.is_new)
    return found


def known_from(db: Connection, connection: str) -> int | None:
    """The day from which on the history of a connection is kept; None: of none."""
    query = text("select history_day from connection where name = :name")
    return db.execute(query, {"name": connection}).scalar_one_or_none()


def keep_from(db: Connection, connection: str, day: int | None) -> None:
    """Say from which day on history is wanted, None: of none; all of it is then read again.

    What is known already stays, and counts as far as it goes.
    """
    if known_from(db, connection) != day:
        query = "update connection set history_day = :day where name = :name"
        db.execute(text(query), {"day": day, "name": connection})
        ours = "select id from record where connection = :name"
        db.execute(text(f"delete from past where record_id in ({ours})"), {"name": connection})
        inputs.touch(db, connection)


def save(db: Connection, connection: str, told: History, tell: Tell) -> None:
    """Store what was told, and what it comes to.

    Also for records that were not asked for: what a tool kept back is told later, beside something else.
    """
    wanted = {entry.item for entry in told.entries} | {*told.whole}
    stored = bulk.lookup(db, "record", "remote_id, id, hash", connection, wanted)
    numbers = {remote_id: (number, digest) for remote_id, number, digest in stored}
    new = {(numbers[one.item][0], one.remote_id): one for one in told.entries if one.item in numbers}
    key = ("record_id", "remote_id")
    bulk.upsert(db, "entry", _ENTRY, key, [(*keys, *_columns(one)) for keys, one in new.items()])
    whole = {numbers[one]: one in told.unsure for one in told.whole if one in numbers}
    _retell(db, connection, sorted({number for number, _ in (*whole, *new)}), tell)
    rows_ = [(*keys, is_unsure) for keys, is_unsure in whole.items()]
    bulk.upsert(db, "past", ("record_id", "hash", "is_unsure"), ("record_id",), rows_)
    if told.cursor is not None:
        db.execute(text(_PASSED), {"connection": connection, "scope": told.scope})


def retell(db: Connection, connection: str, tell: Tell) -> None:
    """Say all that is kept of a connection's history anew, as a changed mapping reads it."""
    query = text("select p.record_id from past p join record r on r.id = p.record_id where r.connection = :connection")
    numbers = db.scalars(query, {"connection": connection}).all()
    for start in range(0, len(numbers), _BATCH):
        _retell(db, connection, numbers[start : start + _BATCH], tell)


def _columns(entry: Entry) -> tuple[Any, ...]:
    sides = ((rows.clean(one.id), rows.clean(one.name)) if one else (None, None) for one in (entry.old, entry.new))
    old, new = sides
    return entry.at, entry.field, *old, *new, entry.account


def _retell(db: Connection, connection: str, numbers: Sequence[int], tell: Tell) -> None:
    """Make the changes of these items say what the entries of their records come to."""
    entries: dict[int, list[Entry]] = {}
    for number, remote_id, *rest in bulk.among(db, "entry", ", ".join(_ENTRY), "record_id", numbers):
        at, field, old_id, old, new_id, new, account = rest
        entry = Entry(remote_id, "", at, field, _word(old_id, old), _word(new_id, new), account)
        entries.setdefault(number, []).append(entry)
    told: dict[int, Sequence[Change]] = {}
    for number, body in bulk.among(db, "record", "id, body", "id", list(entries)):
        told[number] = tell(rows.unpack(body), entries[number])
    everything = [change for several in told.values() for change in several]
    named = {one for change in everything if change.field == "owner" for one in (change.old, change.new) if one}
    named |= {change.account for change in everything if change.account}
    accounts = bulk.resolve(db, "account", connection, named, {"name": ""})
    held = {one for change in everything if change.field == "sprint" for one in (change.old, change.new) if one}
    sprints = bulk.resolve(db, "sprint", connection, held, {"name": "", "is_known": False})
    ours = {"owner": accounts, "sprint": sprints}
    there = {row[0] for row in bulk.among(db, "item", "id", "id", list(told))}
    made = [
        (number, *_row(change, ours.get(change.field), accounts))
        for number, several in told.items()
        if number in there
        for change in several
    ]
    before = sorted(map(repr, bulk.among(db, "change", ", ".join(_CHANGE), "item_id", numbers)))
    if before != sorted(map(repr, made)):
        bulk.delete_ids(db, "change", "item_id", numbers)
        bulk.insert(db, "change", _CHANGE, made)
        inputs.touch(db, connection)
    _date_sprints(db, numbers)


def _date_sprints(db: Connection, numbers: Sequence[int]) -> None:
    """Say when these items came into their sprints, and when they left them, if that was later."""
    days: dict[tuple[int, str], dict[str, int]] = {}
    for item, old, new, day in bulk.among(db, "change", "item_id, old, new, day", "item_id", numbers):
        for side, name in ((new, "added_day"), (old, "removed_day")):
            if side is not None and side.isdecimal():
                told = days.setdefault((item, side), {})
                told[name] = max(day, told.get(name, day))
    for one in days.values():
        if one.get("removed_day", 0) < one.get("added_day", 0):
            one.pop("removed_day", None)
    rows_ = bulk.among(db, "item_sprint", "item_id, sprint_id", "item_id", numbers)
    dated = [
        (one.get("added_day"), one.get("removed_day"), item, sprint)
        for item, sprint in rows_
        for one in (days.get((item, str(sprint)), {}),)
    ]
    bulk.update(db, "item_sprint", ("added_day", "removed_day"), ("item_id", "sprint_id"), dated)


def _row(change: Change, ours: dict[str, int] | None, accounts: dict[str, int]) -> tuple[Any, ...]:
    """A change with our ids in place of the tool's."""
    sides = (side if side is None or ours is None else str(ours[side]) for side in (change.old, change.new))
    account = accounts[change.account] if change.account else None
    return change.field, *sides, change.at, rows.day(change.at), account


def _word(id_: str | None, name: str | None) -> Word | None:
    return None if id_ is None and name is None else Word(id_ or "", name or "")
