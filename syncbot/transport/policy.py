"""The policy itself: when a request is sent, when again, and what its failure means."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from random import SystemRandom
from typing import TypeVar

from syncbot.errors import Interrupted, Limited, Missing, Refused, ToolError, Unknown, Unreachable
from syncbot.transport.limits import Limit, Queue, Queues, Room
from syncbot.transport.wire import Answer, Lost, NotSent, Request, scrub, words

LOG = logging.getLogger("syncbot.transport")

S = TypeVar("S")
T = TypeVar("T")

TIMEOUT = (10.0, 60.0)  # seconds to connect, and between two pieces of an answer
PATIENCE = 300.0  # seconds that one request may spend waiting
ATTEMPTS = 4
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 30.0  # Atlassian: start at 2 s, double, at most 30 s, jitter 0.7 to 1.3
ERROR, TOO_MANY, FAILURE = 400, 429, 500
PASSING = frozenset({408, 500, 502, 503, 504})


class Transport:
    """One connection's way to its tool. May be used by many threads; `hurry` and `close` wake those that wait.

    ``reads``: how the paths end to which a POST changes nothing, so that it may be sent twice.
    ``patience``: how many seconds one request may wait because of refusals and failures; a tool that asks for more
    ends it as Limited. The short waits that keep us below a tool's limits do not count.
    ``queues``: shared with the transports that the tool may count as one with this, by the names in ``holders`` (see
    `Limit.whose`).
    ``clock`` (monotonic seconds), ``wall`` (seconds since 1970), ``sleep`` and ``jitter`` are there for tests.
    """

    def __init__(
        self,
        name: str,
        *,
        limits: Sequence[Limit] = (),
        secrets: Iterable[str] = (),
        reads: tuple[str, ...] = (),
        patience: float = PATIENCE,
        queues: Queues | None = None,
        holders: Mapping[str, str] | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        sleep: Callable[[float], object] | None = None,
        jitter: Callable[[], float] = lambda: SystemRandom().uniform(0.7, 1.3),
    ) -> None:
        self.name = name
        self._secrets, self._reads = tuple(secrets), reads
        self._patience = patience
        self._clock, self._wall, self._jitter = clock, wall, jitter
        self._closed, self._hurried = False, threading.Event()
        self._sleep = sleep or self._hurried.wait
        self._here = threading.local()
        self._queue = Queue(limits, queues, holders)
        self._reasons = {limit.reason for limit in limits if limit.reason}

    def hurry(self) -> None:
        """Wait for nothing any more: whoever must gives up at once. May be called from anywhere, at any time."""
        self._hurried.set()

    def close(self) -> None:
        """Send nothing more; whoever waits for a turn gives up at once."""
        self._closed = True
        self._hurried.set()

    @contextmanager
    def once(self) -> Iterator[None]:
        """Raise what the tool answers with 500 without another try, in this thread: there is another question then."""
        before, self._here.once = self._is_once(), True
        try:
            yield
        finally:
            self._here.once = before

    def _is_once(self) -> bool:
        return getattr(self._here, "once", False)

    def room(self) -> tuple[Room, ...]:
        """What is left of each of the tool's limits at this moment."""
        return self._queue.room(self._clock())

    def scrub(self, text: str) -> str:
        """The text without this connection's secrets."""
        return scrub(text, self._secrets)

    def send(self, request: Request, call: Callable[[], Answer]) -> Answer:
        """Call, as often as is safe, and return the first answer below 400.

        ``call`` sends the request once and reads the whole answer, or raises `NotSent` or `Lost`. Raises Limited,
        Refused, Missing, Unreachable, Unknown (a write whose answer was lost) or a plain ToolError (any other 4xx).
        """
        waited, failures, refusals = 0.0, 0, 0
        while True:
            self._check_open(request)
            waited = self._take_turn(request, waited)
            outcome = self._attempt(request, call)
            if isinstance(outcome, Answer):
                self._queue.learn(request, outcome.headers, self._clock())
                if outcome.status < ERROR:
                    return outcome
                if outcome.status == TOO_MANY:
                    refusals += 1
                    self._hold(request, outcome, refusals)
                    continue
            failures += 1
            error = self._error(request, outcome)
            if error.status == FAILURE and self._is_once():
                raise error
            pause = max(asked_to_wait(outcome, self._wall), self._pause(failures))
            if not self._may_repeat(request, outcome) or failures == ATTEMPTS or waited + pause > self._patience:
                raise error
            LOG.info("%s; trying again in %.0f s", error, pause, extra=self._about(pause))
            waited = self._rest(request, pause, waited)

    def parts(
        self, request: Request, ask: Callable[[list[S]], list[T | ToolError]], about: Sequence[S]
    ) -> list[T | ToolError]:
        """What is answered about each of these inside of larger answers to reads (``request``: of which kind).

        What is refused or fails there for a moment is asked for again, all of it together, as often and as late as a
        request by itself would be.
        """
        answers, waited = ask([*about]), 0.0
        for failures in range(1, ATTEMPTS):
            failed = {n: one for n, one in enumerate(answers) if isinstance(one, ToolError) and _is_passing(one)}
            asked = max((one.wait for one in failed.values() if isinstance(one, Limited)), default=0.0)
            pause = max(asked, self._pause(failures))
            if not failed or waited + pause > self._patience:
                break
            error = next(iter(failed.values()))
            LOG.info("%s (%d such parts); trying again in %.0f s", error, len(failed), pause, extra=self._about(pause))
            waited = self._rest(request, pause, waited)
            for n, answer in zip(failed, ask([about[n] for n in failed]), strict=True):
                answers[n] = answer
        return answers

    def _may_repeat(self, request: Request, outcome: Answer | NotSent | Lost) -> bool:
        """Only where a second time is harmless, or where there provably was no first."""
        if isinstance(outcome, NotSent):
            return not outcome.lasting
        passing = isinstance(outcome, Lost) or outcome.status in PASSING
        return passing and self._is_harmless(request)

    def _is_harmless(self, request: Request) -> bool:
        return request.is_idempotent or request.path.endswith(self._reads)

    def _attempt(self, request: Request, call: Callable[[], Answer]) -> Answer | NotSent | Lost:
        began = self._clock()
        outcome: Answer | NotSent | Lost
        try:
            outcome = call()
        except (NotSent, Lost) as failure:
            outcome = failure
        if LOG.isEnabledFor(logging.DEBUG):
            said = outcome.status if isinstance(outcome, Answer) else self.scrub(str(outcome))
            LOG.debug("%s: %s after %.0f ms", self._where(request), said, (self._clock() - began) * 1000)
        return outcome

    def _take_turn(self, request: Request, waited: float) -> float:
        """Wait while the tool asked to, as far as the patience goes, and for room in our own count of its limits."""
        while True:
            if (wait := self._queue.held(request, self._clock())) > 0:
                if waited + wait > self._patience:
                    raise self._limited(request, wait)
                waited = self._rest(request, wait, waited)
            elif (wait := self._queue.enter(request, self._clock())) > 0:
                if wait > max(self._patience, LONGEST_PAUSE):
                    raise self._limited(request, wait)
                self._rest(request, wait, 0.0)
            else:
                return waited

    def _limited(self, request: Request, wait: float) -> Limited:
        text = f"{self._where(request)}: the tool's limits ask for a wait of {wait:.0f} s, longer than this run waits."
        return Limited(text, wait=wait)

    def _rest(self, request: Request, seconds: float, waited: float) -> float:
        self._sleep(seconds)
        self._check_open(request)
        if self._hurried.is_set():
            raise Interrupted(f"{self._where(request)}: not waited for, because syncbot was asked to stop.")
        return waited + seconds

    def _check_open(self, request: Request) -> None:
        if self._closed:
            raise Unreachable(f"{self._where(request)}: not sent, because the connection was closed.")

    def _hold(self, request: Request, answer: Answer, refusals: int) -> None:
        reason = answer.headers.get("RateLimit-Reason") or next(
            (reason for reason in self._reasons if reason.encode() in answer.body), None
        )
        asked = asked_to_wait(answer, self._wall)
        # Where the time that the tool gave was too short, wait longer each time; where it gives none, as for a failure.
        wait = min(asked * refusals, max(asked, LONGEST_PAUSE)) if asked or refusals == 1 else self._pause(refusals)
        wait = self._queue.hold(request, reason, wait, self._clock())
        said = "%s: asked to slow down (%s), waiting %.0f s"
        LOG.info(said, self._where(request), reason or "no reason given", wait, extra=self._about(wait))

    def _pause(self, failures: int) -> float:
        return min(FIRST_PAUSE * 2.0 ** (failures - 1), LONGEST_PAUSE) * self._jitter()

    def _about(self, wait: float) -> dict[str, object]:
        """What a line of the log on a wait holds besides its words."""
        return {"wait": wait, "fields": {"connection": self.name}}

    def _where(self, request: Request) -> str:
        return self.scrub(f"{self.name}: {request.method} {request.place}")

    def _error(self, request: Request, outcome: Answer | NotSent | Lost) -> ToolError:
        where = self._where(request)
        if isinstance(outcome, NotSent):
            return Unreachable(self.scrub(f"{where}: {outcome}"))
        if isinstance(outcome, Lost):
            if self._is_harmless(request):
                return Unreachable(self.scrub(f"{where}: {outcome}"))
            return Unknown(self.scrub(f"{where}: {outcome}, so it may or may not have happened."))
        status, said = outcome.status, self.scrub(words(outcome))
        text = f"{where}: {status}" + (f" {said!r}" if said else "")
        if status >= FAILURE and not self._is_harmless(request):
            return Unknown(f"{text}, so it may or may not have happened.", status=status, said=said)
        return _meaning(status)(text + _ADVICE.get(status, ""), status=status, said=said)


_ADVICE = {
    401: ". The credential is not accepted: check the user and the token of this connection.",
    403: ". This account lacks the permission.",
    407: ". The proxy wants credentials: put them into the proxy's URL.",
}


def _meaning(status: int) -> type[ToolError]:
    if status >= FAILURE:
        return Unreachable
    return {401: Refused, 403: Refused, 404: Missing, 410: Missing, 408: Unreachable}.get(status, ToolError)


def _is_passing(error: ToolError) -> bool:
    return error.status == TOO_MANY or error.status in PASSING


def asked_to_wait(outcome: Answer | NotSent | Lost, wall: Callable[[], float]) -> float:
    """The seconds that the tool asks for, or 0: Retry-After in seconds or as a date, else X-RateLimit-Reset.

    Dates are read against the answer's own Date, so that a wrong clock here does not matter.
    """
    if not isinstance(outcome, Answer):
        return 0.0
    headers = outcome.headers
    asked = headers.get("Retry-After", "").strip()
    try:
        if asked:
            return max(0.0, float(asked))
    except ValueError:
        pass
    until = epoch_seconds(asked) or epoch_seconds(headers.get("X-RateLimit-Reset", ""))
    return max(0.0, until - (epoch_seconds(headers.get("Date", "")) or wall())) if until else 0.0


def epoch_seconds(text: str) -> float | None:
    """An HTTP date or an ISO instant as seconds since 1970; None for anything else."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            return read(text).timestamp()
        except ValueError:
            continue
    return None
