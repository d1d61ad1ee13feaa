"""The database as the rest of syncbot holds it: a way to read, a way to write, and a lock.

What is stored and how is in the modules beside this one, by topic; each of their functions takes the connection of a
transaction that its caller opened here, so that several of them can be one step that happens wholly or not at all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, text

from syncbot.errors import UserError
from syncbot.store import engine as engine_
from syncbot.store.migrate import migrate, revision
from syncbot.store.schema import REVISION


class Store:
    """An open store; close it, or use it as a context manager."""

    def __init__(self, url: URL, writer: Engine, reader: Engine) -> None:
        self.url = url
        self._writer = writer
        self._reader = reader

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the store at a URL, made or migrated where needed.

        Raises UserError, without any password: no such place, no server, no database of ours, or a newer one.
        """
        parsed = engine_.parse(url)
        store = cls(parsed, *engine_.engines(parsed))
        try:
            with engine_.opening(parsed):
                with store._writer.connect() as db:
                    current = revision(db) == REVISION
                if not current:
                    with store.writing() as db:
                        migrate(db)
        except BaseException:
            store.close()
            raise
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        self._reader.dispose()
        self._writer.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: committed at the end, undone by an exception. On SQLite one at a time, others wait.

        Raises UserError if the database is locked for too long, full, or gone; so does `reading`.
        """
        with engine_.using(self.url), self._writer.begin() as db:
            yield db

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that cannot write, with one unmoving picture of the store."""
        with engine_.using(self.url), self._reader.begin() as db:
            yield db

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold a name that no other process can hold at the same time; it is let go even if this process is killed.

        Raises UserError at once if another one holds it.
        """
        hold = self._lock_sqlite if self._writer.dialect.name == "sqlite" else self._lock_postgresql
        with hold(name) as held:
            if not held:
                raise UserError(f"another syncbot holds the lock {name!r} of this store: wait until it has ended")
            yield

    @contextmanager
    def _lock_sqlite(self, name: str) -> Iterator[bool]:
        # A lock inside the store itself would keep every other writer waiting. One on a file beside it goes with its
        # process, on every system.
        path = Path(f"{self.url.database}.{quote(name, safe='')}.lock")
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as beside:
            try:
                beside.execute("begin exclusive")
            except sqlite3.OperationalError:
                yield False
            else:
                yield True

    @contextmanager
    def _lock_postgresql(self, name: str) -> Iterator[bool]:
        # The lock is the session's and goes with it.
        with self._writer.connect().execution_options(isolation_level="AUTOCOMMIT") as db:

            def call(function: str) -> bool:
                query = text(f"select {function}(hashtextextended(:name, 0))")
                return bool(db.scalar(query, {"name": f"syncbot {name}"}))

            held = call("pg_try_advisory_lock")
            try:
                yield held
            finally:
                if held:
                    call("pg_advisory_unlock")
