"""How things stand, put together for whoever watches: the daemon's own pages, its metrics, and ``syncbot status``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec

from syncbot import __version__
from syncbot.daemon import state as states
from syncbot.daemon.alarms import Alarm, alarms, by_level, freshness, named, worst
from syncbot.daemon.state import State
from syncbot.errors import UserError
from syncbot.model import Struct
from syncbot.store import Store, condition
from syncbot.store.condition import Condition
from syncbot.transport import Room

Clock = Callable[[], dt.datetime]

STUCK = dt.timedelta(minutes=5)
"""A daemon that neither works nor looks at the time for so long does not look any more."""


class Watch(Struct, frozen=True):
    """What there is to see. ``condition`` None: the store does not answer. ``limits``: by connection."""

    condition: Condition | None
    state: State | None
    alarms: tuple[Alarm, ...]
    limits: dict[str, tuple[Room, ...]] = {}


def look(store: Store, *, now: dt.datetime) -> Watch:
    """How things stand with a store and its daemon, seen by another process. Raises UserError: it does not answer."""
    is_alive, is_busy = store.is_locked(states.LOCK), store.is_locked("run")
    with store.reading() as db:
        found, state = condition.read(db, now=now), states.recall(db)
    return Watch(found, state, tuple(alarms(found, state, is_alive=is_alive, is_busy=is_busy)))


class Watcher:
    """Looks from within a daemon. What it is given gives what the daemon has now; threads may ask at any time."""

    def __init__(
        self,
        store: Callable[[], Store],
        state: Callable[[], State],
        clock: Clock,
        limits: Callable[[], dict[str, tuple[Room, ...]]] = dict,
    ) -> None:
        self._store, self._state, self._clock, self._limits = store, state, clock, limits

    def look(self) -> Watch:
        """How things stand at this moment; a store that does not answer is one of them."""
        state, now = self._state(), self._clock()
        try:
            with self._store().reading() as db:
                found = condition.read(db, now=now)
        except UserError as error:
            return Watch(None, state, (Alarm("store-failing", "", str(error)),))
        said = alarms(found, state, is_alive=True, is_busy=state.working is not None)
        if self.is_stuck():
            said.append(Alarm("daemon-stuck", "", f"the daemon does not look at the time since {state.seen_at}"))
        return Watch(found, state, tuple(by_level(said)), self._limits())

    def is_stuck(self) -> bool:
        """Whether the daemon, while not at work, has not looked at the time for too long: a restart would help.

        Neither a tool that is down nor a store that is gone is mended by one.
        """
        state = self._state()
        return state.working is None and self._clock() - dt.datetime.fromisoformat(state.seen_at) > STUCK

    def is_ready(self) -> bool:
        """Whether it can do its work, or take over at once."""
        return not self._state().is_stopping and self.look().condition is not None


def told(watch: Watch) -> dict[str, Any]:
    """It as /health and ``syncbot status --format json`` say it."""
    told: dict[str, Any] = {
        "status": worst(list(watch.alarms)),
        "version": __version__,
        "daemon": msgspec.to_builtins(watch.state),
        "alarms": [
            {"id": one.id, "level": one.level, "about": one.about, "said": one.said, "advice": one.advice}
            for one in watch.alarms
        ],
    }
    if watch.condition is not None:
        told["findings"] = msgspec.to_builtins(watch.condition.findings)
        told["reports"] = msgspec.to_builtins(watch.condition.reports)
        told["runs"] = msgspec.to_builtins(watch.condition.runs)
        told["sources"] = {
            named(one): {"complete_at": one.read_at, "fresh": freshness(one) == "fresh"}
            for one in watch.condition.sources
        }
    return told
