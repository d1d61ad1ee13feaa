"""A daemon over the sandbox's company, whose time passes only while it rests."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from syncbot.daemon import Daemon
from syncbot.daemon.state import Job, JobName
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.settings import ENVIRONMENT, config_text
from syncbot.store import Store, runs
from syncbot.store.runs import Recorded
from tests.stores import postgresql, store, store_url

__all__ = ["Watchman", "postgresql", "store", "store_url", "watchman"]

Happening = Callable[[], object]
ROADMAP = """
[connections.roadmap]
tool   = "trello"
url    = "{url}"
key    = "env:TRELLO_KEY"
token  = "env:TRELLO_TOKEN"
scopes = ["Product roadmap"]
side   = "product"
[[reports]]
connection = "roadmap"
scope      = "Product roadmap"
list       = "Reports"
"""


class Watchman:
    """Runs daemons for some time; what happens meanwhile happens while a daemon rests, at its time or after it."""

    def __init__(self, sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sandbox, self._monkeypatch = sandbox, monkeypatch
        self.keep_in(f"sqlite:///{folder / 'own.db'}")
        self.file = folder / "config.toml"
        self.now = sandbox.now
        self._until = self.now
        self._happenings: list[tuple[dt.datetime, Happening]] = []
        self.write()

    def keep_in(self, store_url: str) -> None:
        """Use another store."""
        self.store_url = store_url
        self._monkeypatch.setenv("SYNCBOT_STORE", store_url)

    def write(self, more: str = "", *, settings: str = "", whole: bool = False) -> None:
        """A config that reads the roadmap only, or the whole company."""
        settings += 'store = "env:SYNCBOT_STORE"\n'
        if whole:
            text = config_text(self.sandbox).replace("[syncbot]\n", f"[syncbot]\n{settings}")
        else:
            text = f'[syncbot]\ntimezone = "Europe/London"\n{settings}{ROADMAP.format(url=self.sandbox.trello_url)}'
        self.file.write_text(f"{text}\n{more}", encoding="utf-8")

    def at(self, happening: Happening, **later: float) -> None:
        """Let something happen so much later."""
        self._happenings.append((self.now + dt.timedelta(**later), happening))

    def watch(self, daemon: Daemon | None = None, **time: float) -> Daemon:
        """Run a daemon, a new one unless given, for so long, and then stop it."""
        one = daemon or self.daemon()
        self._until = self.now + dt.timedelta(**time)
        self._stop = one.stop
        one.run()
        return one

    def daemon(self, move: Callable[[str | None], str | None] = lambda _: None) -> Daemon:
        return Daemon(self.file, apply=True, clock=lambda: self.now, pause=self._rest, look=30, move=move)

    def _rest(self, seconds: float) -> None:
        if self.now >= self._until:
            self._stop()
            return
        self.set(self.now + dt.timedelta(seconds=seconds))
        for one in [one for one in self._happenings if one[0] <= self.now]:
            self._happenings.remove(one)
            one[1]()

    def set(self, now: dt.datetime) -> None:
        """Set all clocks."""
        self.now = self.sandbox.now = now

    def jump(self, **time: float) -> None:
        """Set all clocks to another time, which is no time that passes."""
        by = dt.timedelta(**time)
        self.set(self.now + by)
        self._until += by
        self._happenings = [(at + by, one) for at, one in self._happenings]

    def runs(self) -> list[Recorded]:
        """What was recorded, the first one first."""
        with Store.open(self.store_url) as store, store.reading() as db:
            return runs.recent(db, 1000)[::-1]

    def began(self) -> list[str]:
        """When the runs began."""
        return [one.started_at[11:16] for one in self.runs()]


def reports(watchman: Watchman) -> list[str]:
    """The names of all reports that are there."""
    world = watchman.sandbox.world
    found = [one.summary for one in world.jira.issues.values() if "syncbot-report" in one.labels]
    found += [one.name for one in (*world.trello.cards.values(), *world.asana.tasks.values())]
    return [name for name in found if name == "Alignment report"]


def job(daemon: Daemon, name: str) -> Job:
    """A job of the schedule."""
    return next(one for one in daemon.state.jobs if one.name == name)


def next_at(daemon: Daemon, name: JobName) -> str | None:
    """When a job is due."""
    return next(job.next_at for job in daemon.state.jobs if job.name == name)


@pytest.fixture
def watchman(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Watchman:
    """A watchman over a store on SQLite, on a Monday at nine."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    caplog.set_level(logging.INFO, "syncbot.daemon")
    sandbox.now = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
    return Watchman(sandbox, tmp_path, monkeypatch)
