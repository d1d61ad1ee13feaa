"""Writing facts: only what differs from what is stored, so that a run which changes nothing writes nothing.

Facts use plain SQL over the tables of the store that both engines read alike, because stages meet only through the
model and never import each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

_EPOCH = date(1970, 1, 1).toordinal()


def day(on: date) -> int:
    """Days since 1970-01-01."""
    return on.toordinal() - _EPOCH


def on_day(number: int) -> date:
    """The date of a day number."""
    return date.fromordinal(number + _EPOCH)


def settle(
    db: Connection, table: str, key: Sequence[str], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Make the table hold exactly these rows, each of the key's values and then the columns'."""
    size = len(key)
    names = (*key, *columns)
    before = {tuple(row[:size]): tuple(row) for row in db.execute(text(f"select {', '.join(names)} from {table}"))}
    fresh, changed = [], []
    for row in rows:
        stored = before.pop(row[:size], None)
        if stored is None:
            fresh.append(dict(zip(names, row, strict=True)))
        elif stored != row:
            changed.append(dict(zip(names, row, strict=True)))
    where = " and ".join(f"{name} = :{name}" for name in key)
    gone = [dict(zip(key, found, strict=True)) for found in before]
    _many(db, f"delete from {table} where {where}", gone)
    _many(db, f"update {table} set {', '.join(f'{name} = :{name}' for name in columns)} where {where}", changed)
    insert(db, table, names, fresh)


def insert(db: Connection, table: str, names: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    """Add rows."""
    _many(db, f"insert into {table} ({', '.join(names)}) values ({', '.join(f':{name}' for name in names)})", rows)


def _many(db: Connection, statement: str, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        db.execute(text(statement), rows)


def differs(*pairs: tuple[str, str]) -> str:
    """SQL that is true if a pair of whole numbers differs, where null differs from every number."""
    return " or ".join(f"coalesce({one}, -1) <> coalesce({other}, -1)" for one, other in pairs)
