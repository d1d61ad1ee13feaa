"""The daemon as a process: how it ends, and who goes on when it is killed."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from syncbot.daemon import state as states
from syncbot.store import Store, runs, scopes
from tests.cli.conftest import Desk, desk, sandbox
from tests.daemon.conftest import Watchman

__all__ = ["desk", "sandbox"]


@pytest.fixture
def start(desk: Desk, watchman: Watchman, store_url: str) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts daemons over one store."""
    watchman.keep_in(store_url)
    with ExitStack() as stack:

        def begin() -> subprocess.Popen[str]:
            process = stack.enter_context(desk.start("daemon", "--apply"))
            stack.callback(process.kill)
            return process

        yield begin


def wait_for(store_url: str, what: Callable[[states.State], bool]) -> states.State:
    with Store.open(store_url) as store:
        for _ in range(600):
            with store.reading() as db:
                state = states.recall(db)
            if state is not None and what(state):
                return state
            time.sleep(0.1)
    pytest.fail(f"it never came to it: {state}")


def ran(state: states.State) -> bool:
    return state.working is None and state.jobs[0].last_at is not None


def test_one_that_is_killed_is_followed_by_another_and_one_that_is_asked_ends_by_itself(start, store_url: str):
    first = start()
    assert wait_for(store_url, ran).pid == first.pid
    second = start()
    first.kill()
    assert wait_for(store_url, lambda state: state.pid == second.pid).role == "active"
    second.send_signal(signal.SIGTERM)
    assert second.wait(30) == 0
    state = wait_for(store_url, lambda state: state.is_stopping)
    assert state.pid == second.pid
    with Store.open(store_url) as store:
        assert not store.is_locked(states.LOCK)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_asked_in_the_middle_of_a_read_it_ends_after_the_page_and_the_run_is_recorded_so(start, desk: Desk, store_url):
    desk.sandbox.latency = 0.2
    process = start()
    wait_for(store_url, lambda state: state.working is not None)
    process.send_signal(signal.SIGINT)
    _, log = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in log
    with Store.open(store_url) as store, store.reading() as db:
        (run,) = runs.recent(db, 5)
    assert (run.outcome, run.error) == ("stopped", "Stopped")
    assert not any(step.name == "publish" for step in run.steps)
    assert desk.sandbox.writes() == []


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_asked_while_a_tool_lets_it_wait_it_ends_at_once_and_blames_nobody(start, desk: Desk, store_url):
    desk.sandbox.fault("trello", "cards=all", times=None, status=429, headers={"Retry-After": "250"})
    process = start()
    while not any("cards=all" in one.url for one in desk.sandbox.requests):
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in log
    with Store.open(store_url) as store, store.reading() as db:
        assert {run.outcome for run in runs.recent(db, 5)} == {"stopped"}
        assert not [one.error for one in scopes.sources(db, "2026-11-23T09:00:00.000Z") if one.error]
