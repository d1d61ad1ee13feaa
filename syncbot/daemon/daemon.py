"""The daemon: wakes up when something is due, does it in a run of its own, and goes on whatever happens.

One thread does one thing at a time, so nothing overlaps. What a run could not do the next one does: the store says how
far everything came. The time and the waiting are arguments, so a simulated day takes as long as its work.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
import threading
from collections.abc import Callable, Collection
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from syncbot import config as configs
from syncbot.cli import session as sessions
from syncbot.cli.failure import CrashError, hiding
from syncbot.cli.session import Clock, Session
from syncbot.daemon import cycle, files, timetable, troubles
from syncbot.daemon import state as states
from syncbot.daemon.post import Post
from syncbot.daemon.state import JobName, Refusal, State, Work
from syncbot.daemon.troubles import Silence, Since, Trouble
from syncbot.errors import Busy, ConfigErrors, Mistake, StoreError, SyncbotError, UserError
from syncbot.logs import Log
from syncbot.pipeline import instant

LOG = logging.getLogger("syncbot.daemon")

LOOK = 2.0  # seconds; a standby takes over after at most so many

AGAIN = dt.timedelta(minutes=1)
"""How soon a run is tried again that the store failed."""

BACK = dt.timedelta(minutes=1)
"""A clock that was set back by more than this is said to be."""


class Daemon:
    """A daemon by a config file; `run` it. ``jitter``: see `timetable.begins`; ``pause`` waits so many seconds;
    ``look``: seconds between two looks at the files, the clock and the lock.

    ``log`` is told of secrets, and to which run lines belong; ``move`` answers those who watch where the config says
    (`syncbot.daemon.health.Window`).

    Raises ConfigErrors or UserError at once if the files are wrong or the store cannot be opened: a person looks on.
    """

    def __init__(
        self,
        file: Path,
        *,
        apply: bool | None = None,
        clock: Clock = sessions.now,
        jitter: float = 0.0,
        pause: Callable[[float], object] | None = None,
        look: float = LOOK,
        log: Log | None = None,
        move: Callable[[str | None], str | None] = lambda _: None,
    ) -> None:
        self._log, self._move = log or Log(), move
        self._file, self._apply, self._clock, self._jitter, self._look = file, apply, clock, jitter, look
        self._halt = threading.Event()
        self._pause = pause or self._halt.wait
        now = instant(clock())
        self._stack, self._session = self._open()
        self._post = Post(self._url())
        self._files = self._edited = files.look(self._session.config)
        self._not_before = clock()
        self._failing: dict[str, Since] = {}
        self._silence: Silence | None = None
        self._renew = self._waits = False
        self._settled: str | None = None
        self._state = State(
            host=socket.gethostname(),
            pid=os.getpid(),
            started_at=now,
            role="standby",
            since=now,
            config=str(file.absolute()),
            loaded_at=now,
            seen_at=now,
        )

    def stop(self) -> None:
        """End after the page or the write that is in flight, without waits for a tool. May be called from anywhere."""
        self._halt.set()
        self._session.hurry()

    @property
    def state(self) -> State:
        """What it knows of itself; asked for from any thread."""
        return replace(self._state, is_stopping=self._halt.is_set())

    @property
    def session(self) -> Session:
        """The config and store by which it works now; asked for from any thread."""
        return self._session

    def run(self) -> None:
        """Go on until stopped."""
        LOG.info("started, for %s", self._file)
        self._be_watched()
        try:
            while not self._halt.is_set():
                self._turn()
                if not self._halt.is_set():
                    self._pause(self._rest())
            self._say_in_store()
        finally:
            self._post.leave()
            self._stack.close()
        LOG.info("stopped")

    def _turn(self) -> None:
        now = self._clock()
        self._mind_the_clock(now)
        self._mind_the_files(now)
        if not self._hold(now) or now < self._not_before:
            return
        due = timetable.due(self.state.jobs, self._session.config.timezone, self._jitter, now)
        if due:
            self._work(due, now)

    def _rest(self) -> float:
        """Seconds until the next look, or until something is due before that."""
        timezone = self._session.config.timezone
        begins = [at for job in self.state.jobs if (at := timetable.begins(job, timezone, self._jitter)) is not None]
        now = self._clock()
        until = max(min(begins, default=now), self._not_before) - now
        return min(self._look, max(until.total_seconds(), 0.1)) if self.state.role == "active" else self._look

    # The clock and the files ----------------------------------------------------------------------------------------

    def _mind_the_clock(self, now: dt.datetime) -> None:
        """Plan anew from now on if the clock was set back: else nothing would be due until it is where it was."""
        before = dt.datetime.fromisoformat(self.state.seen_at)
        if now < before - BACK:
            LOG.warning("the clock was set back from %s to %s; the schedule counts from now on", before, now)
            self._not_before = now
            self._plan(now)
        self._state = replace(self._state, seen_at=instant(now))

    def _mind_the_files(self, now: dt.datetime) -> None:
        """Take up what was edited, once it has stayed the same for one look: a file is not read half written."""
        seen = files.look(self._session.config)
        is_new, is_settled = seen != self._files, seen == self._edited
        self._edited = seen
        if not (is_new and is_settled) and not self._renew:
            return
        try:
            stack, session = self._open(known=self._session.catalogue.mistakes)
        except UserError as error:
            is_down = isinstance(error, StoreError)
            if is_down and not is_new:
                self._trouble(str(error), now)
            else:
                self._refuse(error, now)
            if not is_down:
                self._files, self._renew = seen, False
            return
        self._stack.close()
        self._stack, self._session, self._renew, self._settled = stack, session, False, None
        self._files = self._edited = files.look(session.config)
        self._state = replace(self._state, loaded_at=instant(now), refused=None)
        self._be_watched()
        if is_new:
            LOG.info("took up the changed files")
        if self._url() != self._post.url:
            self._post.leave()
            self._post = Post(self._url())
            self._state = replace(self._state, role="standby", since=instant(now))  # of that store it is not active yet
        self._plan(now)
        self._say_in_store()

    def _refuse(self, error: UserError, now: dt.datetime) -> None:
        said = [str(one) for one in error.mistakes] if isinstance(error, ConfigErrors) else [str(error)]
        before, refused = self.state.refused, Refusal(instant(now), tuple(said))
        if before is None or before.mistakes != refused.mistakes:
            LOG.error("the changed files are not taken up, those of before stay in force: %s", "; ".join(said))
            self._state = replace(self._state, refused=refused)
            self._say_in_store()

    def _open(self, known: Collection[Mistake] | None = None) -> tuple[ExitStack, Session]:
        """The files as they are now; mistakes in rules of one's own count only where others are ``known``."""
        with ExitStack() as stack:
            session = stack.enter_context(sessions.opened(self._file, clock=self._clock))
            self._log.hide(session.hidden)
            if known is not None and (more := set(session.catalogue.mistakes).difference(known)):
                raise ConfigErrors(list(more))
            return stack.pop_all(), session

    def _be_watched(self) -> None:
        address = self._move(self._session.config.watching.listen)
        if address is not None and address != self._state.watched_at:
            LOG.info("it answers at http://%s/health", address)
        self._state = replace(self._state, watched_at=address)

    def _url(self) -> str:
        return configs.store_url(self._session.config, os.environ)

    # The place ------------------------------------------------------------------------------------------------------

    def _hold(self, now: dt.datetime) -> bool:
        """Whether this is the active daemon; a new one goes on where the one before it ended."""
        try:
            held = self._post.hold()
            if held and not self._session.store.is_there():
                self._renew = True
                self._trouble("the store's file is not there any more: it is opened anew", now)
                return False
            if held and self.state.role == "standby":
                with self._session.store.reading() as db:
                    before = states.recall(db)
                self._state = replace(
                    self._state, role="active", since=instant(now), jobs=before.jobs if before else self.state.jobs
                )
                self._plan(now)
                self._be_watched()
                self._well()
                self._waits = False
                self._say_in_store()
                LOG.info("active: the work on this store is done here from now on")
        except StoreError as error:
            self._trouble(str(error), now)
            held = False
        if not held and self.state.role == "active":
            self._state = replace(self._state, role="standby", since=instant(now))
            LOG.warning("the lock of the store is lost")
        elif not held and not self._waits:
            LOG.info("another daemon is active on this store: standing by until it ends")
            self._waits = True
        return held

    def _plan(self, now: dt.datetime) -> None:
        config = self._session.config
        self._state = replace(self._state, jobs=timetable.plan(config.schedule, config.timezone, self.state.jobs, now))

    def _trouble(self, said: str, now: dt.datetime) -> None:
        if self.state.trouble != said:
            LOG.warning("%s", said)
        self._state = replace(self._state, trouble=said)
        self._not_before = now + AGAIN

    def _well(self) -> None:
        self._state = replace(self._state, trouble=None)
        self._not_before = dt.datetime.fromisoformat(self.state.seen_at)

    # The work -------------------------------------------------------------------------------------------------------

    def _work(self, due: tuple[JobName, ...], now: dt.datetime) -> None:
        session = self._session
        try:
            with (
                hiding(session.hidden),
                session.recorder.run("daemon", patience=0) as number,
                self._log.about(run=number),
            ):
                self._state = replace(self._state, working=Work(number, due, instant(now)))
                self._say_in_store()
                settled, self._settled = self._settled, None
                done = cycle.run(
                    session, due, apply=self._apply, go_on=lambda: not self._halt.is_set(), settled=settled
                )
                self._settled = done.settled
                self._tell(done, now)
        except Busy:
            LOG.debug("another command is at work on this store: looking again in %g s", self._look)
            self._not_before = now + dt.timedelta(seconds=self._look)
            self._idle()
            return
        except StoreError as error:
            self._trouble(str(error), now)
            self._idle()
            return
        except cycle.Stopped:
            self._idle()
            return
        except SyncbotError as error:
            log = error.log if isinstance(error, CrashError) else ""
            LOG.error("this run ended early: %s %s", error, log)  # noqa: TRY400 - the traceback with secrets is not shown
            failed: tuple[JobName, ...] = due
            done = cycle.Done("", {"": Trouble(str(error), "")})
        else:
            failed = tuple(name for name in due if name in states.PASS)
        self._renew = done.is_refused
        self._well()
        jobs = timetable.begun(self.state.jobs, due, session.config.timezone, now)
        self._idle(jobs=troubles.of_jobs(jobs, due, failed, done.failed))

    def _idle(self, **changes: Any) -> None:
        self._state = replace(self._state, working=None, **changes)
        self._say_in_store()

    def _tell(self, done: cycle.Done, now: dt.datetime) -> None:
        """Log what a run did. The same trouble is said once; of runs that did nothing, one in an hour."""
        self._failing, new, over = troubles.news(self._failing, done.failed, now, looked=done.looked)
        for name, trouble in new:
            LOG.warning("%s: %s", name, trouble.said, exc_info=trouble.fault)
        for said in over:
            LOG.info("%s", said)
        self._silence, said = troubles.summed_up(self._silence, done.summary, now, happened=done.happened)
        if said:
            LOG.info("%s", said)

    def _say_in_store(self) -> None:
        """Keep the state for other processes; where the store does not answer, the next time will do."""
        if self.state.role != "active":
            return
        try:
            with self._session.store.writing() as db:
                states.keep(db, self.state)
        except StoreError as error:
            LOG.debug("the state was not kept: %s", error)
