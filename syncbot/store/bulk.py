"""Many rows at once, without building an expression for each: the paths on which a pull spends its time.

Rows are tuples in the order of their columns; table and column names are our own, values are always bound.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection

Rows = Sequence[tuple[Any, ...]]

_TOGETHER = 1_000  # rows
_WRITTEN = {None: "null", True: "1", False: "0"}


def _mark(db: Connection) -> str:
    return "?" if db.dialect.name == "sqlite" else "%s"


@lru_cache(maxsize=256)
def _insert(table: str, columns: Sequence[str], marks: Sequence[str]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f"insert into {table} ({names}) values ({', '.join(marks)})"


@lru_cache(maxsize=256)
def _upsert(table: str, columns: Sequence[str], key: Sequence[str], mark: str) -> str:
    new = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in key)
    return f"{_insert(table, columns, (mark,) * len(columns))} on conflict ({', '.join(key)}) do update set {new}"


def insert(db: Connection, table: str, columns: tuple[str, ...], rows: Rows) -> None:
    """Add rows that are not there yet."""
    if not rows:
        return
    if db.dialect.name == "sqlite":
        for start in range(0, len(rows), _TOGETHER):
            marks, bound = _bound(rows[start : start + _TOGETHER])
            db.exec_driver_sql(_insert(table, columns, marks), bound)
        return
    names = ", ".join(f'"{name}"' for name in columns)
    cursor: Any = db.connection.cursor()
    with cursor, cursor.copy(f"copy {table} ({names}) from stdin") as copy:
        for row in rows:
            copy.write_row(row)


def _bound(rows: Rows) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """How each column of these rows stands in a statement, and the rows as far as they are bound.

    The driver looks long for an adapter of None, and of what is true or false: where a column holds nothing else it is
    written down once.
    """
    marks: list[str] = []
    kept: list[Sequence[Any]] = []
    for column in zip(*rows, strict=True):
        first = column[0]
        if first is not None and not isinstance(first, bool):
            marks.append("?")
            kept.append(column)
        elif column.count(first) == len(column):
            marks.append(_WRITTEN[first])
        else:
            marks.append("?")
            kept.append(column if first is None else [None if value is None else +value for value in column])
    return tuple(marks), list(zip(*kept, strict=True))


def upsert(db: Connection, table: str, columns: tuple[str, ...], key: tuple[str, ...], rows: Rows) -> None:
    """Add rows, or give those that are there (by a unique key) these values; other columns keep theirs."""
    if rows:
        db.exec_driver_sql(_upsert(table, columns, key, _mark(db)), list(rows))


def update(db: Connection, table: str, columns: tuple[str, ...], key: tuple[str, ...], rows: Rows) -> None:
    """Give rows new values: each tuple holds the values, then the key."""
    if rows:
        mark = _mark(db)
        values = ", ".join(f'"{name}" = {mark}' for name in columns)
        where = " and ".join(f'"{name}" = {mark}' for name in key)
        db.exec_driver_sql(f"update {table} set {values} where {where}", list(rows))


def delete(db: Connection, table: str, key: tuple[str, ...], rows: Rows) -> None:
    """Take away the rows with these keys."""
    if rows:
        mark = _mark(db)
        db.exec_driver_sql(f"delete from {table} where {' and '.join(f'{name} = {mark}' for name in key)}", list(rows))


def delete_ids(db: Connection, table: str, column: str, ids: Collection[int]) -> None:
    """Take away the rows with one of these integers, in one statement."""
    if ids:
        one_of, values = _one_of(db, ids)
        db.exec_driver_sql(f"delete from {table} where {column} {one_of}", (values,))


def lookup(
    db: Connection, table: str, columns: str, connection: str, remote_ids: Collection[str]
) -> Sequence[tuple[Any, ...]]:
    """The rows of one connection with one of these remote ids, however many, in one query."""
    if not remote_ids:
        return []
    one_of, values = _one_of(db, remote_ids)
    query = f"select {columns} from {table} where connection = {_mark(db)} and remote_id {one_of}"
    return list(map(tuple, db.exec_driver_sql(query, (connection, values)).all()))


def among(db: Connection, table: str, columns: str, column: str, ids: Collection[int]) -> Sequence[tuple[Any, ...]]:
    """The rows with one of these integers, in one query."""
    if not ids:
        return []
    one_of, values = _one_of(db, ids)
    found = db.exec_driver_sql(f"select {columns} from {table} where {column} {one_of}", (values,))
    return list(map(tuple, found.all()))


def has(db: Connection, table: str, connection: str) -> bool:
    """Whether there is any row of a connection."""
    query = f"select 1 from {table} where connection = {_mark(db)} limit 1"
    return db.exec_driver_sql(query, (connection,)).first() is not None


def _one_of(db: Connection, values: Collection[Any]) -> tuple[str, Any]:
    if db.dialect.name == "sqlite":
        return "in (select value from json_each(?))", msgspec.json.encode(list(values)).decode()
    return "= any(%s)", list(values)


def resolve(
    db: Connection, table: str, connection: str, remote_ids: Iterable[str], defaults: dict[str, Any]
) -> dict[str, int]:
    """Our ids of an account's or a sprint's remote ids; those that nobody described yet get a row of defaults."""
    wanted = set(remote_ids)
    found: dict[str, int] = dict(lookup(db, table, "remote_id, id", connection, wanted))
    new = sorted(wanted - found.keys())
    if new:
        columns = ("connection", "remote_id", *defaults)
        insert(db, table, columns, [(connection, remote_id, *defaults.values()) for remote_id in new])
        found.update(lookup(db, table, "remote_id, id", connection, new))
    return found


def ids(db: Connection) -> Callable[[], int]:
    """Numbers for new records and items, one each call. No other transaction gets the same ones."""
    if db.dialect.name == "postgresql":  # SQLite has one writer anyway
        db.exec_driver_sql("select pg_advisory_xact_lock(hashtext('syncbot ids'))")
    last = db.exec_driver_sql("select coalesce(max(id), 0) from record").scalar_one()
    derived = db.exec_driver_sql("select coalesce(max(id), 0) from item").scalar_one()
    numbers = iter(range(max(last, derived) + 1, 1 << 62))
    return numbers.__next__
