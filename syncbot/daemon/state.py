"""What a running daemon knows of itself: what its health says, what its metrics count, what ``syncbot status`` shows.

The daemon keeps it in the store whenever it changes, so that another process can read it (`recall`). Whether a daemon
runs at all is told by the lock that it holds (`LOCK`): an old state may be that of a daemon which is gone.
"""

from __future__ import annotations

from typing import Literal

from sqlalchemy import Connection

from syncbot.model import Struct
from syncbot.store import memory

LOCK = "daemon"
"""The store's lock that the active daemon holds as long as it lives."""

JobName = Literal["sync", "census", "report", "prune"]
PASS: frozenset[JobName] = frozenset({"sync", "census", "report"})
"""A census and an edition are due by their own times, for whichever pass of the pipeline comes first after them."""


class Job(Struct, frozen=True):
    """One line of the schedule. Instants are ISO in UTC; ``next_at`` is the scheduled time, before any jitter.

    ``last_at``: when it was last begun; ``last_error``: why that failed, in words; None: it did not. ``is_told``: the
    alarms of sources and reports tell all of that.
    ``missed``: how many of its times went by unused since the daemon started: several that passed are one run.
    """

    name: JobName
    cron: str
    next_at: str | None
    last_at: str | None = None
    last_error: str | None = None
    is_told: bool = False
    missed: int = 0


class Refusal(Struct, frozen=True):
    """A changed config, mapping or rule that was not taken up: since when, and its mistakes with file and line."""

    at: str
    mistakes: tuple[str, ...]


class Work(Struct, frozen=True):
    """What is being done: the number of the recorded run, why now, and since when."""

    run: int
    due: tuple[JobName, ...]
    since: str


class State(Struct, frozen=True):
    """A daemon. ``config``: the file it runs by, as it was at ``loaded_at``.

    ``role``: a standby waits for the store's lock, ``since`` then. ``seen_at``: when it last looked at the time; a
    daemon that works on something does not look. ``trouble``: why nothing can be done at all at present (the store).
    ``watched_at``: the address that answers those who watch; None: none does.
    """

    host: str
    pid: int
    started_at: str
    role: Literal["active", "standby"]
    since: str
    config: str
    loaded_at: str
    seen_at: str
    jobs: tuple[Job, ...] = ()
    working: Work | None = None
    refused: Refusal | None = None
    trouble: str | None = None
    watched_at: str | None = None
    is_stopping: bool = False


def keep(db: Connection, state: State) -> None:
    """Keep it for those who ask the store."""
    memory.put_state(db, "", "daemon", state, at=state.seen_at)


def recall(db: Connection) -> State | None:
    """The state that the active daemon of this store kept last; None: none ever ran."""
    kept = memory.get_state(db, "", "daemon", State)
    return kept[0] if kept else None
