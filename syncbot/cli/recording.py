"""Runs of one store follow each other, and each is recorded: what it did, how long each step took, how it ended."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from msgspec.structs import replace

from syncbot.cli import prose
from syncbot.errors import Busy, SyncbotError, ToolError
from syncbot.pipeline import instant
from syncbot.store import Store, runs

PATIENCE = 600.0
"""How many seconds a run waits for another one to end."""


class Recorder:
    """Records the runs of one process into a store, one at a time; steps outside of a run are measured for nobody."""

    def __init__(self, store: Store, clock: Callable[[], dt.datetime]) -> None:
        self._store, self._clock = store, clock
        self._run: int | None = None
        self._steps: list[runs.Step] = []

    @contextmanager
    def run(self, command: str, *, patience: float = PATIENCE) -> Iterator[int]:
        """Record that a command runs, and how it ended; gives the run's number. One without an end was killed.

        Raises Busy if another run of this store has not ended after ``patience`` seconds.
        """
        with self.alone(patience):
            with self._store.writing() as db:
                number = self._run = runs.begin(db, command, at=instant(self._clock()))
            self._steps = []
            outcome, error = "done", None
            try:
                yield number
            except SyncbotError as failed:
                outcome, error = "failed", str(failed)
                raise
            except Exception as fault:
                outcome, error = "failed", f"a fault of syncbot itself: {type(fault).__name__}"
                raise
            except BaseException as stopped:
                outcome, error = "stopped", type(stopped).__name__
                raise
            finally:
                self._run = None
                if outcome == "done" and any(one.error for one in self._steps):
                    outcome = "failed"
                with self._store.writing() as db:
                    runs.end(db, number, self._steps, at=instant(self._clock()), outcome=outcome, error=error)

    @contextmanager
    def step(self, name: str, connection: str = "") -> Iterator[Counter[str]]:
        """Measure a step of the run; what it counts is kept with it."""
        if self._run is not None:
            with self._store.writing() as db:
                runs.go_on(db, self._run, f"{name} {connection}".strip())
        counts: Counter[str] = Counter()
        began, error = time.monotonic(), None
        try:
            yield counts
        except SyncbotError as failed:
            error = str(failed)
            raise
        finally:
            seconds = round(time.monotonic() - began, 3)
            told = {what: count for what, count in counts.items() if count}
            self._steps.append(runs.Step(name, seconds, connection, told, error))

    def failed(self, why: Mapping[str, ToolError]) -> None:
        """Say of the last step that it failed in part: by scope or connection, why."""
        if why:
            said = "; ".join(f"{name}: {error}" if name else str(error) for name, error in why.items())
            self._steps[-1] = replace(self._steps[-1], error=said)

    @contextmanager
    def alone(self, patience: float = PATIENCE) -> Iterator[None]:
        """Keep runs of this store waiting, and wait for one: what is checked must not change meanwhile.

        Raises Busy if another run has not ended after ``patience`` seconds.
        """
        with ExitStack() as stack:
            try:
                stack.enter_context(self._store.lock("run"))
            except Busy:
                if not patience:
                    raise
                prose.remark("Another syncbot is at work on this store: waiting until it has ended.")
                stack.enter_context(self._store.lock("run", patience=patience))
            yield
