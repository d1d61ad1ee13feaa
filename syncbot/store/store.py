"""The database as the rest of syncbot holds it: a way to read, a way to write, and a lock.

What is stored and how is in the modules beside this one, by topic; each of their functions takes the connection of a
transaction that its caller opened here, so that several of them can be one step that happens wholly or not at all.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Self
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from syncbot.errors import Busy, StoreError
from syncbot.store import engine as engine_
from syncbot.store.migrate import migrate, revision
from syncbot.store.schema import REVISION

StillHeld = Callable[[], bool]
"""Whether a lock is still held: a server that was restarted has forgotten it, a file may have been deleted."""

_AGAIN = 0.2  # seconds between two tries to get a lock


class Store:
    """An open store; close it, or use it as a context manager."""

    def __init__(self, url: URL, writer: Engine, reader: Engine) -> None:
        self.url = url
        self._writer = writer
        self._reader = reader
        self._inode = self._file()

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
            store._inode = store._file()
        except BaseException:
            store.close()
            raise
        return store

    @staticmethod
    def is_made(url: str) -> bool:
        """Whether opening the store at a URL would not make a file that is not there."""
        parsed = engine_.parse(url)
        return parsed.get_backend_name() != "sqlite" or Path(str(parsed.database)).is_file()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        self._reader.dispose()
        self._writer.dispose()

    def is_there(self) -> bool:
        """Whether the file that is open still is the one at its place; a server's database always is."""
        return self._file() == self._inode

    def _file(self) -> int | None:
        if self._writer.dialect.name != "sqlite":
            return None
        try:
            return Path(str(self.url.database)).stat().st_ino
        except OSError:
            return 0

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
    def lock(self, name: str, *, patience: float = 0.0) -> Iterator[StillHeld]:
        """Hold a name that no other process can hold at the same time; it is let go even if this process is killed.

        Raises Busy if another one still holds it after ``patience`` seconds.
        """
        hold = self._lock_sqlite if self._writer.dialect.name == "sqlite" else self._lock_postgresql
        until = time.monotonic() + patience
        while True:
            with hold(name) as held:
                if held is not None:
                    yield held
                    return
            if time.monotonic() >= until:
                raise Busy(f"another syncbot holds the lock {name!r} of this store: wait until it has ended")
            time.sleep(_AGAIN)

    def is_locked(self, name: str) -> bool:
        """Whether a process, or this one elsewhere, holds that name."""
        try:
            with self.lock(name):
                return False
        except Busy:
            return True

    @contextmanager
    def _lock_sqlite(self, name: str) -> Iterator[StillHeld | None]:
        # A lock inside the store itself would keep every other writer waiting. One on a file beside it goes with its
        # process, on every system, and is found by every way to the store, a link too.
        path = Path(f"{Path(str(self.url.database)).resolve()}.{quote(name, safe='')}.lock")
        try:
            beside = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        except sqlite3.OperationalError as error:
            raise StoreError(f"the lock {path.name} beside the store cannot be made: {error}") from None
        with closing(beside):
            # SQLite would open it for reading, where its lock keeps nobody out.
            if path.exists() and not os.access(path, os.W_OK):
                raise StoreError(f"the lock {path} cannot be written: another user made it; run syncbot as one user")
            try:
                beside.execute("begin immediate")  # of two that begin at once, one gets it
            except sqlite3.OperationalError:
                yield None
            else:
                mine = _number(path)
                yield lambda: mine is not None and _number(path) == mine

    @contextmanager
    def _lock_postgresql(self, name: str) -> Iterator[StillHeld | None]:
        # The lock is the session's and goes with it.
        with (
            engine_.using(self.url),
            self._writer.connect().execution_options(isolation_level="AUTOCOMMIT") as db,
        ):
            query = text("select pg_try_advisory_lock(hashtextextended(:name, 0))")
            held = bool(db.scalar(query, {"name": f"syncbot {name}"}))
            try:
                yield (lambda: _is_held(db)) if held else None
            finally:
                if held:
                    with suppress(SQLAlchemyError):  # then it went with its session
                        db.execute(text("select pg_advisory_unlock_all()"))


def _number(path: Path) -> int | None:
    """What tells a file from another one that was put in its place; None where there is none."""
    try:
        return path.stat().st_ino
    except OSError:
        return None


def _is_held(db: Connection) -> bool:
    """Whether this session is still there and has the lock."""
    query = "select exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and granted)"
    try:
        return bool(db.scalar(text(query)))
    except SQLAlchemyError:
        return False
