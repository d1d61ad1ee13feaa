"""Lets the database itself end a query that takes too long, so that one rule cannot hold up the others."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from sqlalchemy import Connection, text

_STEPS = 100_000  # SQLite looks at the clock after so many of its own instructions


@contextmanager
def limited(db: Connection, seconds: float) -> Iterator[None]:
    """Let the database itself end a query that takes longer."""
    if db.dialect.name == "postgresql":
        db.execute(text("select set_config('statement_timeout', :limit, true)"), {"limit": f"{int(seconds * 1000)}ms"})
        yield
        return
    raw = db.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        yield
        return
    left = _Steps(seconds)
    raw.set_progress_handler(left.spent, _STEPS)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)


class _Steps:
    """Ends a query of SQLite: true once its time is over."""

    def __init__(self, seconds: float) -> None:
        self.end = monotonic() + seconds

    def spent(self) -> bool:
        return monotonic() > self.end
