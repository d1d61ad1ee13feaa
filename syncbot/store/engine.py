"""Connections to the database: what SQLite and PostgreSQL need said, and their errors in words for people."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, PendingRollbackError

from syncbot.errors import StoreError, UserError

_BUSY_SECONDS = 30.0  # how long one waits for what another one has locked
# For a server of our own or one that is shared. Compiling a query takes longer than any of ours runs; what is streamed
# is read to its end; and most of what is read lies in memory, so that few rows are found sooner by their keys than by
# looking through a million. Several processes for one query only do more work for it together.
_SETTINGS = (
    *("jit = off", "cursor_tuple_fraction = 1", "random_page_cost = 1.1"),
    *("max_parallel_workers_per_gather = 0", "work_mem = '64MB'"),
)
_TROUBLES = ("is locked", "lock timeout", "is full", "disk I/O error", "No space left")
_FORMS = "write sqlite:///syncbot.db, or env:NAME holding postgresql://user:password@host/database"


def parse(url: str) -> URL:
    """The store's URL with its driver. Raises UserError, which never repeats the URL: it may hold a password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise UserError(f"the store's URL cannot be read: {_FORMS}") from None
    match parsed.drivername:
        case "sqlite" if parsed.database and parsed.database != ":memory:":
            return parsed
        case "postgres" | "postgresql" | "postgresql+psycopg":
            return parsed.set(drivername="postgresql+psycopg")
    raise UserError(f"the store cannot be kept in {parsed.drivername}://{parsed.database or ''}: {_FORMS}")


def shown(url: URL) -> str:
    """The URL as it may be shown to anyone."""
    return url.set(drivername=url.get_backend_name(), query={}).render_as_string(hide_password=True)


def engines(url: URL) -> tuple[Engine, Engine]:
    """One engine that writes and one that can only read."""
    if url.get_backend_name() == "sqlite":
        path = Path(str(url.database)).absolute()
        return _sqlite(path, "rwc"), _sqlite(path, "ro")
    writer = create_engine(url, connect_args={"connect_timeout": 10}, pool_pre_ping=True)

    @event.listens_for(writer, "connect")
    def prepare(connection: DBAPIConnection, _: object) -> None:
        cursor = connection.cursor()
        for setting in (*_SETTINGS, f"lock_timeout = {max(1, int(_BUSY_SECONDS * 1000))}"):
            cursor.execute(f"set {setting}")
        connection.commit()

    return writer, writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _sqlite(path: Path, mode: str) -> Engine:
    def connect() -> sqlite3.Connection:
        address = f"file:{quote(str(path))}?mode={mode}"
        # isolation_level None: transactions begin where we say so, below.
        made = sqlite3.connect(
            address,
            uri=True,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
        if mode != "ro":
            made.execute("pragma page_size = 8192")  # of a new file: half as many pages to write as with 4096
            made.execute("pragma journal_mode = wal")
            made.execute("pragma synchronous = normal")
            made.execute("pragma foreign_keys = on")
        made.execute("pragma wal_autocheckpoint = 4000")
        made.execute("pragma cache_size = -65536")
        made.execute(
            "pragma temp.cache_size = -16384"
        )  # what facts put there grows with the store: the rest is on disk
        return made

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool)
    start = "begin" if mode == "ro" else "begin immediate"

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(start)

    return engine


@contextmanager
def opening(url: URL) -> Iterator[None]:
    """Turn the database's own errors into a UserError that says which store and why, without its password."""
    try:
        yield
    except DBAPIError as error:
        raise StoreError(f"the store {shown(url)} cannot be opened: {_reason(url, error)}") from None


@contextmanager
def using(url: URL) -> Iterator[None]:
    """The same for what can happen to a store at any time, and is no fault of ours."""
    try:
        yield
    except OperationalError as error:
        reason = _reason(url, error)
        is_unreachable = error.connection_invalidated or error.statement is None
        if is_unreachable or any(trouble in reason for trouble in _TROUBLES):
            raise StoreError(f"the store {shown(url)} failed: {reason}") from None
        raise
    except PendingRollbackError:  # somebody went on in spite of the error that told it
        raise StoreError(f"the store {shown(url)} failed: the connection was lost") from None


def _reason(url: URL, error: DBAPIError) -> str:
    reason = str(error.orig).strip().split("\n")[0]
    return reason.replace(str(url.password), "***") if url.password else reason
