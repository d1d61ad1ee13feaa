"""What is remembered between runs: probes and vocabularies, and names as they were resolved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, text

from syncbot.model import decoder
from syncbot.store import bulk

T = TypeVar("T")
Kept = Mapping[tuple[str, str, str], str]

_STATE = ("connection", "key", "body", "at")
_NAME = ("connection", "facet", "scope", "name_key", "id")


def put_state(db: Connection, connection: str, key: str, value: Any, *, at: str) -> None:
    """Keep a value (of any type of syncbot.model) with the instant it was true at."""
    body = msgspec.msgpack.encode(value)
    bulk.upsert(db, "state", _STATE, ("connection", "key"), [(connection, key, body, at)])


def get_state(db: Connection, connection: str, key: str, kind: type[T]) -> tuple[T, str] | None:
    """A kept value and its instant; None if there is none, or if it was kept in a form of another version."""
    query = text("select body, at from state where connection = :connection and key = :key")
    row = db.execute(query, {"connection": connection, "key": key}).one_or_none()
    if row is None:
        return None
    try:
        decoder(kind)  # prepared, also for the thread of a web page
        return msgspec.msgpack.decode(row.body, type=kind), row.at
    except msgspec.DecodeError:
        return None


def drop_state(db: Connection, connection: str, key: str) -> None:
    """Keep a value no longer."""
    db.execute(
        text("delete from state where connection = :connection and key = :key"), {"connection": connection, "key": key}
    )


def keep_names(db: Connection, connection: str, kept: Kept) -> None:
    """Keep what names of a mapping were resolved to: (facet, scope or "", name) to the tool's id."""
    before = kept_names(db, connection)
    rows = [(connection, *key, found) for key, found in kept.items() if before.get(key) != found]
    bulk.upsert(db, "name", _NAME, ("connection", "facet", "scope", "name_key"), rows)


def kept_names(db: Connection, connection: str) -> dict[tuple[str, str, str], str]:
    """What names were resolved to, the first time that they were."""
    query = text("select facet, scope, name_key, id from name where connection = :connection")
    return {(row.facet, row.scope, row.name_key): row.id for row in db.execute(query, {"connection": connection})}
