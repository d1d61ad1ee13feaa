"""What befalls a daemon: tools, disks and databases that fail, and who watches it; each is said, nothing is lost."""

from __future__ import annotations

import importlib
import logging
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from syncbot.cli.progress import Progress
from syncbot.cli.session import opened
from syncbot.daemon import state as states
from syncbot.daemon.health import Window
from syncbot.daemon.post import Post
from syncbot.daemon.watch import Watcher
from syncbot.store import Store, engine
from tests.daemon.conftest import Watchman, job, reports
from tests.stores import Server


def test_a_tool_that_fails_is_told_once_and_the_rest_is_done(watchman: Watchman, caplog: pytest.LogCaptureFixture):
    watchman.write(whole=True)
    daemon = watchman.daemon()
    watchman.at(lambda: watchman.sandbox.fault("jira", ".", "answer", status=401, times=None), minutes=1)
    errors = []
    watchman.at(lambda: errors.append(job(daemon, "sync").last_error), minutes=40)
    watchman.at(watchman.sandbox.clear, minutes=40)
    watchman.watch(daemon, hours=1)
    assert "The credential is not accepted" in errors[0]
    assert "The config has them from env:JIRA_TOKEN." in errors[0]
    assert job(daemon, "sync").last_error is None
    assert [run.outcome for run in watchman.runs()] == ["done", "failed", "failed", "done", "done"]
    told = [one.getMessage() for one in caplog.records if one.levelname == "WARNING"]
    assert len([said for said in told if said.startswith("delivery: ")]) == 1
    assert caplog.text.count("delivery: works again, after 30 minutes") == 1
    assert caplog.text.count("1 connection not read completely") == 1


def test_a_store_that_is_gone_for_ten_minutes_is_said_and_nothing_is_lost(
    watchman: Watchman, postgresql: Server, caplog: pytest.LogCaptureFixture
):
    postgresql.empty()
    watchman.keep_in(postgresql.url)
    daemon, gone, told = watchman.daemon(), ExitStack(), []
    watchman.at(lambda: gone.enter_context(postgresql.closed()), minutes=14)
    watchman.at(lambda: told.append(daemon.state.trouble), minutes=23)
    watchman.at(gone.close, minutes=24)
    watchman.at(lambda: told.append(daemon.state.trouble), minutes=26)
    watchman.watch(daemon, minutes=31)
    assert "not currently accepting connections" in told[0]
    assert told[1] is None
    assert watchman.began() == ["09:00", "09:24", "09:30"]
    assert caplog.text.count("not currently accepting connections") == 1


def test_a_store_file_that_was_deleted_is_made_anew_and_the_reports_are_adopted(
    watchman: Watchman, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    def delete() -> None:
        for file in tmp_path.glob("own.db*"):
            file.unlink()

    watchman.at(delete, minutes=20)
    watchman.watch(hours=1)
    assert "is not there any more" in caplog.text
    assert watchman.began() == ["09:30", "09:45", "10:00"]
    assert len(reports(watchman)) == 1


def test_a_store_that_cannot_be_opened_anew_is_no_fault_of_the_config_and_is_tried_again(
    watchman: Watchman, tmp_path: Path
):
    daemon, told = watchman.daemon(), []

    def harm() -> None:
        for file in tmp_path.glob("own.db*"):
            file.unlink()
        (tmp_path / "own.db").write_bytes(b"no database at all" * 100)

    watchman.at(harm, minutes=20)
    watchman.at(lambda: told.append(daemon.state), minutes=40)
    watchman.at((tmp_path / "own.db").unlink, minutes=41)
    watchman.watch(daemon, hours=1, minutes=1)
    assert told[0].refused is None
    assert "own.db" in str(told[0].trouble)
    assert (daemon.state.refused, daemon.state.trouble) == (None, None)
    assert watchman.began()[-1] == "10:00"


def test_while_another_command_is_at_work_it_looks_now_and_then(watchman: Watchman, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG, "syncbot.daemon")
    command = ExitStack()
    other = command.enter_context(Store.open(watchman.store_url))
    watchman.at(lambda: command.enter_context(other.lock("run")), minutes=10)
    watchman.at(command.close, minutes=25)
    watchman.watch(minutes=31)
    assert watchman.began() == ["09:00", "09:25", "09:30"]
    assert 15 <= caplog.text.count("another command is at work") <= 21  # for ten minutes, twice a minute


def test_a_config_that_names_another_store_leaves_alone_what_the_daemon_there_says(watchman: Watchman, tmp_path: Path):
    elsewhere = f"sqlite:///{tmp_path / 'other.db'}"
    with Store.open(elsewhere) as store, ExitStack() as stack:
        there = Post(elsewhere)
        stack.callback(there.leave)
        assert there.hold()
        daemon, roles = watchman.daemon(), []
        watchman.at(lambda: watchman.keep_in(elsewhere), minutes=10)
        watchman.at(lambda: watchman.write("# another store\n"), minutes=10)
        watchman.at(lambda: roles.append(daemon.state.role), minutes=14)
        watchman.watch(daemon, minutes=16)
        with store.reading() as db:
            assert states.recall(db) is None
    assert roles == ["standby"]


def test_a_report_whose_board_was_closed_is_told_once_and_by_status(
    watchman: Watchman, caplog: pytest.LogCaptureFixture
):
    board = next(iter(watchman.sandbox.world.trello.boards.values()))

    def close() -> None:
        board.closed, board.active = True, watchman.sandbox.world.stamp()
        watchman.sandbox.apply("idea-without-owner")

    watchman.watch(minutes=10)
    watchman.at(close, minutes=1)
    watchman.sandbox.clear()
    daemon = watchman.watch(minutes=40)
    assert watchman.sandbox.writes() == []
    assert "is closed or archived: open it again" in (job(daemon, "sync").last_error or "")
    assert caplog.text.count("is closed or archived: open it again") == 1


@contextmanager
def no_space(store_url: str) -> Iterator[None]:
    """Let no file grow any more, or let PostgreSQL answer as it does then."""
    if store_url.startswith("sqlite"):
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        return
    with psycopg.connect(store_url, autocommit=True) as db:
        db.execute(
            """create function no_space() returns trigger language plpgsql as $$ begin
            raise exception 'could not extend file "base/1/2": No space left on device' using errcode = 'disk_full';
            end $$"""
        )
        db.execute("create trigger no_space before insert or update on run execute function no_space()")
        try:
            yield
        finally:
            db.execute("drop function no_space cascade")


def test_a_full_disk_is_said_and_the_next_run_goes_on(watchman: Watchman, store_url: str):
    watchman.keep_in(store_url)
    daemon, told, full = watchman.daemon(), [], ExitStack()
    watchman.at(lambda: full.enter_context(no_space(store_url)), minutes=10)
    watchman.at(lambda: told.append(daemon.state.trouble), minutes=20)
    watchman.at(full.close, minutes=25)
    with full:
        watchman.watch(daemon, minutes=31)
    assert ("disk I/O error" if "sqlite" in store_url else "No space left on device") in told[0]
    assert daemon.state.trouble is None
    assert watchman.began() == ["09:00", "09:25", "09:30"]
    assert len(reports(watchman)) == 1


def test_a_store_that_somebody_keeps_locked_is_said_and_the_next_run_goes_on(
    watchman: Watchman, monkeypatch: pytest.MonkeyPatch, store_url: str
):
    watchman.keep_in(store_url)
    monkeypatch.setattr(engine, "_BUSY_SECONDS", 0.01)
    daemon, told, busy = watchman.daemon(), [], ExitStack()
    other = busy.enter_context(Store.open(store_url))

    def lock() -> None:
        db = busy.enter_context(other.writing())
        if db.dialect.name == "postgresql":
            db.exec_driver_sql("lock table run in access exclusive mode")

    watchman.at(lock, minutes=10)
    watchman.at(lambda: told.append(daemon.state.trouble), minutes=20)
    watchman.at(busy.close, minutes=20)
    watchman.watch(daemon, minutes=31)
    assert ("database is locked" if "sqlite" in store_url else "lock timeout") in told[0]
    assert daemon.state.trouble is None
    assert [begin for begin in watchman.began() if begin > "09:16"] == ["09:20", "09:30"]


def test_who_watches_is_answered_where_the_config_says_now(watchman: Watchman, caplog: pytest.LogCaptureFixture):
    with socket.create_server(("127.0.0.1", 0)) as found:
        there = f"127.0.0.1:{found.getsockname()[1]}"
    watchman.write('[daemon]\nlisten = ""\n')
    answers: list[tuple[str | None, bool]] = []

    def ask() -> None:
        try:
            answers.append((daemon.state.watched_at, httpx.get(f"http://{there}/ready").is_success))
        except httpx.ConnectError:
            answers.append((daemon.state.watched_at, False))

    with closing(Window(Watcher(lambda: daemon.session.store, lambda: daemon.state, lambda: watchman.now))) as window:
        daemon = watchman.daemon(move=window.move)
        watchman.at(lambda: watchman.write(f'[daemon]\nlisten = "{there}"\n'), minutes=2)
        watchman.at(ask, minutes=1)
        watchman.at(ask, minutes=4)
        watchman.at(lambda: watchman.write('[daemon]\nlisten = ""\n'), minutes=5)
        watchman.at(ask, minutes=8)
        watchman.watch(daemon, minutes=9)
    assert answers == [(None, False), (there, True), (None, False)]
    assert caplog.text.count(f"it answers at http://{there}/health") == 1


def test_a_report_whose_tool_is_out_of_reach_does_not_count_as_written(watchman: Watchman):
    with opened(watchman.file, clock=lambda: watchman.now) as session:
        ready = session.prepare(Progress(level=-1))
        verdict = session.check(ready)
        assert session.publish(ready, verdict, apply=False).mark == verdict.mark
        assert session.publish({}, verdict, apply=False).mark is None


def test_what_was_not_looked_at_again_in_one_run_is_told_by_the_next(
    watchman: Watchman, monkeypatch: pytest.MonkeyPatch
):
    """With a look at one card a run in place of ten at a thousand, and nothing that differs in the next run."""
    confirm = importlib.import_module("syncbot.pipeline.confirm")
    monkeypatch.setattr(confirm, "MOST", 1)
    monkeypatch.setattr(confirm, "ROUNDS", 1)
    watchman.watch(minutes=40)
    watchman.sandbox.apply("owner-leaves", "idea-without-owner")
    looked_at = watchman.sandbox.fault("trello", "GET /1/batch.*cards", "bent")
    looked_at.before = lambda _: watchman.sandbox.undo("owner-leaves")
    watchman.watch(minutes=50)
    assert looked_at.times == 0
    sheets = watchman.sandbox.world.trello.checklists.values()
    assert sum("Nobody owns" in item.name for sheet in sheets for item in sheet.items) == 1
