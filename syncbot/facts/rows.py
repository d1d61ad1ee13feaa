"""Writing facts: only what differs from what is stored, so that a run which changes nothing writes nothing.

Facts use plain SQL over the tables of the store that both engines read alike, because stages meet only through the
model and never import each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import OperationalError

_PART = 5000
_EPOCH = date(1970, 1, 1).toordinal()


def day(on: date) -> int:
    """Days since 1970-01-01."""
    return on.toordinal() - _EPOCH


def on_day(number: int) -> date:
    """The date of a day number."""
    return date.fromordinal(number + _EPOCH)


def fetch(db: Connection, query: TextClause | str, **values: Any) -> Iterator[Any]:
    """The rows of a query, read many at a time: one by one costs three times more."""
    result = db.execute(text(query) if isinstance(query, str) else query, values)
    for part in result.partitions(_PART):
        yield from part


def tuples(db: Connection, query: TextClause | str) -> Iterator[Any]:
    """The rows of a query as the driver gives them, for where there are very many: their names cost as much again.

    They stay in the database until they are asked for.
    """
    named = {"name": f"syncbot_{uuid4().hex}"} if db.dialect.name == "postgresql" else {}
    cursor: Any = db.connection.cursor(**named)
    try:
        cursor.execute(str(query))
        while part := cursor.fetchmany(_PART):
            yield from part
    except db.dialect.loaded_dbapi.OperationalError as error:
        raise OperationalError(None, None, error) from error
    finally:
        cursor.close()


def settle(
    db: Connection, table: str, key: Sequence[str], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Make the table hold exactly these rows, each of the key's values and then the columns'."""
    settle_many(db, table, key, columns, sorted(rows, key=lambda row: row[: len(key)]))


def settle_many(
    db: Connection, table: str, key: Sequence[str], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """The same for rows that come in the order of their keys: so many that neither they nor those that are stored are
    ever held together.
    """
    size = len(key)
    names = (*key, *columns)
    where = " and ".join(f"{name} = %s" for name in key)
    lost = Batch(lambda found: many(db, f"delete from {table} where {where}", found))
    assigned = f"update {table} set {', '.join(f'{name} = %s' for name in columns)} where {where}"
    changed = Batch(lambda found: many(db, assigned, found))
    fresh = Batch(lambda found: insert(db, table, names, found))
    # What is written lies before what is read next, so neither disturbs the other.
    stored = tuples(db, f"select {', '.join(names)} from {table} order by {', '.join(key)}")
    before = next(stored, None)
    for row in rows:
        while before is not None and before[:size] < row[:size]:
            lost.add(before[:size])
            before = next(stored, None)
        if before is None or before[:size] != row[:size]:
            fresh.add(row)
            continue
        if before != row:
            changed.add((*row[size:], *row[:size]))
        before = next(stored, None)
    while before is not None:
        lost.add(before[:size])
        before = next(stored, None)
    for several in (lost, changed, fresh):
        several.write()


class Batch:
    """Rows that are written many at a time."""

    def __init__(self, write: Callable[[list[tuple[Any, ...]]], None]) -> None:
        self._write = write
        self._rows: list[tuple[Any, ...]] = []

    def add(self, row: tuple[Any, ...]) -> None:
        """One more."""
        self._rows.append(row)
        if len(self._rows) == _PART:
            self.write()

    def write(self) -> None:
        """What is left of them."""
        self._write(self._rows)
        self._rows = []


def settle_from(db: Connection, table: str, key: Sequence[str], columns: Sequence[str], source: str) -> None:
    """The same where the rows stand in a temporary table with these columns, none of them null: there may be many."""
    same = " and ".join(f"s.{name} = {table}.{name}" for name in key)
    differ = " or ".join(f"s.{name} <> {table}.{name}" for name in columns)
    assigned = ", ".join(f"{name} = s.{name}" for name in columns)
    names = ", ".join((*key, *columns))
    if db.execute(text(f"select 1 from {table} limit 1")).first() is None:
        # PostgreSQL would look through the growing table for each row, because it was empty.
        db.execute(text(f"insert into {table} ({names}) select {names} from {source} s"))
        look(db, table)
        return
    db.execute(text(f"delete from {table} where not exists (select 1 from {source} s where {same})"))
    db.execute(text(f"update {table} set {assigned} from {source} s where {same} and ({differ})"))
    fresh = f"select {names} from {source} s where not exists (select 1 from {table} where {same})"
    db.execute(text(f"insert into {table} ({names}) {fresh}"))


def look(db: Connection, *tables: str) -> None:
    """Let PostgreSQL count what was just put into temporary tables: it takes them for nearly empty, else."""
    if db.dialect.name == "postgresql":
        for table in tables:
            db.execute(text(f"analyze {table}"))


def insert(db: Connection, table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows."""
    if rows and db.dialect.name == "postgresql":
        cursor: Any = db.connection.cursor()
        with cursor, cursor.copy(f"copy {table} ({', '.join(names)}) from stdin") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        many(db, f"insert into {table} ({', '.join(names)}) values ({', '.join(['%s'] * len(names))})", rows)


def many(db: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Run a statement with ``%s`` for its values, once for each row."""
    if rows:
        db.exec_driver_sql(statement if db.dialect.paramstyle == "pyformat" else statement.replace("%s", "?"), rows)


def differs(*pairs: tuple[str, str]) -> str:
    """SQL that is true if a pair of whole numbers differs, where null differs from every number."""
    return " or ".join(f"coalesce({one}, -1) <> coalesce({other}, -1)" for one, other in pairs)
