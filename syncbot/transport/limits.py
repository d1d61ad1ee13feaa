"""How often a tool may be asked: its documented limits, kept by us before the tool must, shared by all threads."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Sequence

from syncbot.model import Struct
from syncbot.transport.wire import Request


def everything(_: Request) -> str | None:
    """The lane that every request is in."""
    return ""


class Limit(Struct, frozen=True):
    """At most ``calls`` requests in any ``seconds``, counted for each lane apart.

    ``lane`` names the lane of a request (an endpoint, an issue), or None where the limit does not concern it.
    ``reason`` is the ``RateLimit-Reason`` by which the tool says that this limit was hit: then only that lane waits.
    A sliding window keeps the promise exactly; a token bucket of this size would allow twice as many at first.
    """

    calls: int
    seconds: float
    lane: Callable[[Request], str | None] = everything
    reason: str | None = None


EVERYTHING = (-1, "")  # no limit's own lane: all requests of the connection


class Queue:
    """When the next request may go: the windows of all limits, and the lanes that the tool asked to hold."""

    def __init__(self, limits: Sequence[Limit]) -> None:
        self._limits = limits
        self._sent: dict[tuple[int, str], deque[float]] = defaultdict(deque)
        self._held: dict[tuple[int, str], float] = {}
        self._lock = threading.Lock()

    def held(self, request: Request, now: float) -> float:
        """The seconds for which the tool asked to hold a request of these lanes."""
        with self._lock:
            until = max(self._held.get(lane, 0.0) for lane in (EVERYTHING, *self._lanes(request)))
            return max(0.0, until - now)

    def enter(self, request: Request, now: float) -> float:
        """Take a turn and return 0, or return the seconds until there is room in every window (and take none)."""
        with self._lock:
            lanes = self._lanes(request)
            until = now
            for number, name in lanes:
                limit, sent = self._limits[number], self._sent[number, name]
                while sent and sent[0] <= now - limit.seconds:
                    sent.popleft()
                if len(sent) >= limit.calls:
                    until = max(until, sent[0] + limit.seconds)
            if until > now:
                return until - now
            for lane in lanes:
                self._sent[lane].append(now)
            return 0.0

    def hold(self, request: Request, reason: str | None, until: float) -> None:
        """Keep back what the tool's reason names until then: one endpoint, one issue, or, by default, everything."""
        with self._lock:
            named = [lane for lane in self._lanes(request) if reason and self._limits[lane[0]].reason == reason]
            for lane in named or [EVERYTHING]:
                self._held[lane] = max(self._held.get(lane, 0.0), until)

    def _lanes(self, request: Request) -> list[tuple[int, str]]:
        names = ((number, limit.lane(request)) for number, limit in enumerate(self._limits))
        return [(number, name) for number, name in names if name is not None]
