"""Columns as the tables need them, the same on both engines."""

from __future__ import annotations

from typing import Any

import sqlalchemy
from sqlalchemy import BigInteger, Boolean, Column, Double, ForeignKey, Index, Integer, MetaData, Text, false, true

metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s"})

# Sorted by code point on both engines, whatever the locale of the server.
TEXT = Text().with_variant(Text(collation="C"), "postgresql")
# SQLite numbers rows only in a column of exactly this type; PostgreSQL's INTEGER ends at 2**31.
INTEGER = BigInteger().with_variant(Integer(), "sqlite")


def own_id() -> Column[int]:
    """A key that the database counts up."""
    return Column("id", INTEGER, primary_key=True)


def belongs_to(table: str, *, key: bool = False) -> Column[int]:
    """A row that goes with another one: deleted together with it."""
    there = ForeignKey(f"{table}.id", ondelete="CASCADE")
    return Column(f"{table}_id", INTEGER, there, primary_key=key, autoincrement=False, nullable=False)


def text(name: str, default: str | None = None, *, key: bool = False, required: bool = True) -> Column[str]:
    """Text that is always there."""
    return Column(name, TEXT, primary_key=key, nullable=not (key or required), server_default=default)


def maybe(name: str) -> Column[str]:
    """Text that may be unknown."""
    return text(name, required=False)


def integer(name: str, *, key: bool = False, required: bool = False, index: bool = False) -> Column[int]:
    """An integer: one of our ids, a day, minutes."""
    nullable = not (key or required)
    return Column(name, INTEGER, primary_key=key, autoincrement=False, nullable=nullable, index=index)


def count(name: str) -> Column[int]:
    """How many: 0 unless said."""
    return Column(name, INTEGER, nullable=False, server_default="0")


def number(name: str) -> Column[float]:
    """Points and what is counted in them."""
    return Column(name, Double)


def yes(name: str) -> Column[bool]:
    """True unless said."""
    return Column(name, Boolean, nullable=False, server_default=true())


def no(name: str) -> Column[bool]:
    """False unless said."""
    return Column(name, Boolean, nullable=False, server_default=false())


def unknown(name: str) -> Column[bool]:
    """True, false or not known."""
    return Column(name, Boolean)


def fact(column: Column[Any]) -> Column[Any]:
    """A column of `item` that reading leaves alone."""
    column.info["facts"] = True
    return column


def filled(name: str) -> Index:
    """An index of the rows that have a value: it costs nothing until facts gives them one."""
    return some(None, name, f"{name} is not null")


def some(name: str | None, column: str, condition: str) -> Index:
    """An index of the few rows that meet a condition."""
    return Index(name, column, info={"where": condition})


def whole() -> MetaData:
    """All tables, with the conditions of their indexes: who only reads and writes needs no dialect loaded for them."""
    for index in (index for table in metadata.tables.values() for index in table.indexes):
        if where := index.info.get("where"):
            index.dialect_kwargs["sqlite_where"] = index.dialect_kwargs["postgresql_where"] = sqlalchemy.text(where)
    return metadata
