"""Copies of the store, made while it is in use, put back, and looked over.

SQLite copies itself; PostgreSQL has tools for it, which are used where they are installed. A copy holds titles of work,
so only its owner may read it. Passwords go to those tools through their environment: a command line is seen by all.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import URL, inspect, text

from syncbot.errors import UserError
from syncbot.store.engine import shown
from syncbot.store.migrate import revisions
from syncbot.store.schema import metadata
from syncbot.store.store import Store

_BESIDE = ("", "-wal", "-shm")  # the files of one SQLite database


def back_up(url: URL, file: Path) -> None:
    """Copy the store into a new file, as it is at one instant. Raises UserError, and then leaves no file behind."""
    if file.exists():
        raise UserError(f"{file} is there already: name a new file, or take that one away.")
    partial = file.with_name(f"{file.name}.part")
    try:
        partial.touch(mode=0o600)
        if url.get_backend_name() == "sqlite":
            with closing(_read_only(Path(str(url.database)))) as source, closing(sqlite3.connect(partial)) as copy:
                source.backup(copy)
                copy.execute("pragma journal_mode = delete")
        else:
            _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={partial}")
        partial.rename(file)
    except (OSError, sqlite3.Error) as error:
        raise UserError(f"the store {shown(url)} could not be copied to {file}: {error}") from None
    finally:
        partial.unlink(missing_ok=True)


def restore(url: URL, file: Path) -> Path | None:
    """Put a copy in the place of the store, which on SQLite is kept beside it: its name, if there was one.

    Raises UserError for a file that is no sound copy of a store, and then leaves the store as it is. Nobody else may
    use the store meanwhile.
    """
    if not file.is_file():
        raise UserError(f"{file} is no file.")
    if url.get_backend_name() != "sqlite":
        _run(
            url,
            "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            "--no-privileges",
            "--single-transaction",
            "--exit-on-error",
            f"--dbname={url.database}",
            str(file),
        )
        return None
    _look_over(file)
    place = Path(str(url.database))
    new = place.with_name(f"{place.name}.new")
    try:
        new.touch(mode=0o600)
        with closing(_read_only(file)) as source, closing(sqlite3.connect(new)) as copy:
            source.backup(copy)
        old = _put_aside(place)
        new.rename(place)
    except (OSError, sqlite3.Error) as error:
        raise UserError(f"{file} could not be put in the place of {place}: {error}") from None
    finally:
        new.unlink(missing_ok=True)
    return old


def troubles(store: Store) -> Iterator[str]:
    """What is wrong with an open store, in words; nothing for a sound one."""
    with store.reading() as db:
        if db.dialect.name == "sqlite":
            yield from (
                str(said) for said in db.exec_driver_sql("pragma integrity_check(20)").scalars() if said != "ok"
            )
            for row in db.exec_driver_sql("pragma foreign_key_check").fetchmany(20):
                yield f"row {row[1]} of {row[0]} belongs to a row of {row[2]} that is not there"
        there = set(inspect(db).get_table_names())
        yield from (f"the table {name} is not there" for name in sorted(metadata.tables.keys() - there))
        for said, query in _STRAYS.items():
            if count := db.scalar(text(query)):
                yield said.format(count=count)


def held(store: Store) -> dict[str, int]:
    """How many rows of what an admin knows a store holds."""
    with store.reading() as db:
        return {name: db.scalar(text(f"select count(*) from {name}")) or 0 for name in _HELD}


def size(store: Store) -> int:
    """How many bytes the store takes."""
    if store.url.get_backend_name() == "sqlite":
        files = (Path(f"{store.url.database}{ending}") for ending in _BESIDE)
        return sum(one.stat().st_size for one in files if one.exists())
    with store.reading() as db:
        return int(db.scalar(text("select pg_database_size(current_database())")) or 0)


def _read_only(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=30)


def _look_over(file: Path) -> None:
    try:
        with closing(_read_only(file)) as db:
            sound = [said for (said,) in db.execute("pragma integrity_check(1)")] == ["ok"]
            found = [number for (number,) in db.execute("select version_num from alembic_version")]
    except sqlite3.Error as error:
        raise UserError(f"{file} is no copy of a store: {error}.") from None
    if not sound:
        raise UserError(f"{file} is damaged: take another copy.")
    if not set(found) <= revisions():
        raise UserError(f"{file} was made by a newer syncbot: use that version.")


def _put_aside(place: Path) -> Path | None:
    if not place.exists():
        return None
    number = 1
    while (old := place.with_name(f"{place.name}.before-{number}")).exists():
        number += 1
    for ending in reversed(_BESIDE):
        with suppress(FileNotFoundError):
            Path(f"{place}{ending}").rename(f"{old}{ending}")
    return old


def _run(url: URL, program: str, *arguments: str) -> None:
    """Call a tool of PostgreSQL. Raises UserError with its own words if it is not there or fails."""
    found = shutil.which(program)
    if found is None:
        raise UserError(
            f"{program} is not installed here: it comes with PostgreSQL's client programs, in the server's version or "
            "a later one. Or use the backups of whoever runs your database."
        )
    told = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": str(url.password) if url.password else None,
        "PGDATABASE": url.database,
        "PGSSLMODE": url.query.get("sslmode"),
    }
    known = {name: value for name, value in told.items() if isinstance(value, str)}
    ended = subprocess.run(  # noqa: S603 - a program of PostgreSQL, its arguments are ours
        [found, "--no-password", *arguments], env={**os.environ, **known}, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        said = " ".join(ended.stderr.split())[:500]
        raise UserError(f"{program} failed for the store {shown(url)}: {said}")


_HELD = ("record", "item", "finding", "run")
_STRAYS = {
    "items that have neither a record nor anything that they are derived from: {count}": """
        select count(*) from item i
        where derived_from is null and not exists (select 1 from record r where r.id = i.id)""",
    "records of a scope that is not there: {count}": """
        select count(*) from record r where not exists (select 1 from scope s where s.id = r.home_scope_id)""",
}
