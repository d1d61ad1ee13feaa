"""How often a tool may be asked: its documented limits, kept by us before the tool must, shared by all who count there.

What the tool says of its limits while it answers is learned: a bucket that it describes, one that is nearly empty, a
refusal although we kept to what is documented.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b

from syncbot.model import Struct
from syncbot.transport.wire import Request

ACCOUNT = "account"
LEAST = 10  # of the documented calls, one in so many is left after refusals: who refuses more counts something else
UNTOLD = 2.0  # seconds to wait when the tool does not say
BELIEVED = (
    10  # windows for which a limit that was learned from a refusal is kept: it may have been somebody else's doing
)


def everything(_: Request) -> str | None:
    """The lane that every request is in."""
    return ""


def holder(*said: str) -> str:
    """A name for whom a tool counts, from what tells one from another; secrets among it cannot be read from it."""
    return blake2b("\0".join(said).encode(), digest_size=8).hexdigest()


class Limit(Struct, frozen=True):
    """At most ``calls`` requests in any ``seconds``, counted for each lane apart.

    ``lane`` names the lane of a request (an endpoint, an issue), or None where the limit does not concern it.
    ``reason`` is the word by which the tool says that this limit was hit: then only that lane waits.
    ``whose``: for whom the tool counts, of those that `Queue` knows: an account, an API key, a whole site.
    A sliding window keeps the promise exactly; a token bucket of this size would allow twice as many at first.
    """

    calls: int
    seconds: float
    lane: Callable[[Request], str | None] = everything
    reason: str | None = None
    whose: str = ACCOUNT


class Room(Struct, frozen=True):
    """How many requests a limit still lets through now, in the lane of it that is fullest."""

    calls: int
    seconds: float
    left: int


class _Window:
    """One lane of one limit: when requests were sent, until when the tool asked to hold, what was learned."""

    __slots__ = ("believed", "calls", "held", "sent")

    def __init__(self) -> None:
        self.sent: deque[float] = deque()
        self.held = 0.0
        self.calls, self.believed = 0, 0.0

    def most(self, limit: Limit, now: float) -> int:
        return min(limit.calls, self.calls) if now < self.believed else limit.calls

    def learn(self, calls: int, until: float) -> None:
        self.calls, self.believed = max(1, calls), until

    def wait(self, limit: Limit, weight: int, now: float) -> float:
        """Seconds until so many more fit in."""
        while self.sent and self.sent[0] <= now - limit.seconds:
            self.sent.popleft()
        most = self.most(limit, now)
        too_many = len(self.sent) + min(weight, most) - most
        return max(0.0, self.sent[too_many - 1] + limit.seconds - now) if too_many > 0 else 0.0


class _Bucket:
    """A bucket of requests that the tool itself describes, refilled every so many seconds."""

    def __init__(self, left: int, fill: int, seconds: float, now: float) -> None:
        self.left, self.fill, self.seconds, self.at = left, fill, seconds, now

    def wait(self, weight: int, now: float) -> float:
        """Seconds until so many are in it again."""
        steps = int((now - self.at) / self.seconds)
        self.left, self.at = self.left + steps * self.fill, self.at + steps * self.seconds
        if self.left >= min(weight, self.fill):
            return 0.0
        return self.at + self.seconds * -(-(min(weight, self.fill) - self.left) // self.fill) - now


class Queues:
    """What all connections of a process have sent: those that count as one for the tool wait for each other."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.windows: dict[tuple[str, int, str], _Window] = {}
        self.buckets: dict[str, _Bucket] = {}


class Queue:
    """When the next request may go: the windows of all limits, and the lanes that the tool asked to hold.

    ``holders``: under which names in ``shared`` is counted, for each `Limit.whose`.
    """

    def __init__(
        self, limits: Sequence[Limit], shared: Queues | None = None, holders: Mapping[str, str] | None = None
    ) -> None:
        self._limits = limits
        self._shared = shared or Queues()
        self._holders = {ACCOUNT: "", **(holders or {})}
        self._lock = self._shared.lock
        self._all = Limit(0, 0.0)

    def held(self, request: Request, now: float) -> float:
        """The seconds for which the tool asked to hold a request of these lanes."""
        with self._lock:
            lanes = [self._window(-1, self._all, ""), *(window for _, window in self._lanes(request))]
            return max(0.0, max(window.held for window in lanes) - now)

    def enter(self, request: Request, now: float) -> float:
        """Take a turn and return 0, or return the seconds until there is room in every window (and take none)."""
        with self._lock:
            lanes = self._lanes(request)
            bucket = self._shared.buckets.get(self._holders[ACCOUNT])
            waits = [window.wait(limit, request.weight, now) for limit, window in lanes]
            if bucket:
                waits.append(bucket.wait(request.weight, now))
            if (wait := max(waits, default=0.0)) > 0:
                return wait
            for _, window in lanes:
                window.sent.extend([now] * request.weight)
            if bucket:
                bucket.left -= request.weight
            return 0.0

    def hold(self, request: Request, reason: str | None, wait: float, now: float) -> float:
        """Keep back what the tool's reason names: one endpoint, one issue, or, by default, everything.

        Where the tool does not say for how long (``wait`` 0), it is as long as the limit that it names lasts, or
        `UNTOLD`. Returns the seconds.
        """
        with self._lock:
            lanes = self._lanes(request)
            named = [(limit, window) for limit, window in lanes if reason and limit.reason == reason]
            wait = wait or max((limit.seconds for limit, _ in named), default=UNTOLD)
            for limit, window in named or [one for one in lanes if one[0].reason is None]:
                recent = sum(at > now - limit.seconds for at in window.sent) - request.weight
                least = min(recent, window.most(limit, now))
                window.learn(max(least, -(-limit.calls // LEAST)), now + BELIEVED * limit.seconds)
            for window in [window for _, window in named] or [self._window(-1, self._all, "")]:
                window.held = max(window.held, now + wait)
            return wait

    def learn(self, request: Request, headers: Mapping[str, str], now: float) -> None:
        """Take what an answer tells of the limits.

        Jira Data Center describes a bucket of tokens and its filling; Jira Cloud says that a limit is near, to which
        others of the same site may have come closer than we know: then we halve our pace for as long.
        """
        left, fill = _number(headers, "X-RateLimit-Remaining"), _number(headers, "X-RateLimit-FillRate")
        seconds = _number(headers, "X-RateLimit-Interval-Seconds")
        if left is not None and fill and seconds:
            with self._lock:
                holder = self._holders[ACCOUNT]
                bucket = self._shared.buckets.get(holder)
                if bucket is None or left < bucket.left:
                    self._shared.buckets[holder] = _Bucket(left, fill, seconds, now)
        elif headers.get("X-RateLimit-NearLimit", "").lower() == "true":
            with self._lock:
                for limit, window in self._lanes(request):
                    if now >= window.believed:
                        window.learn(limit.calls // 2, now + limit.seconds)

    def room(self, now: float) -> tuple[Room, ...]:
        """What is left of each limit."""
        with self._lock:
            return tuple(self._room(number, limit, now) for number, limit in enumerate(self._limits))

    def _room(self, number: int, limit: Limit, now: float) -> Room:
        place = (self._holders.get(limit.whose, self._holders[ACCOUNT]), number)
        windows = [window for key, window in self._shared.windows.items() if key[:2] == place]
        left = (one.most(limit, now) - sum(at > now - limit.seconds for at in one.sent) for one in windows)
        return Room(limit.calls, limit.seconds, max(0, min(left, default=limit.calls)))

    def _lanes(self, request: Request) -> list[tuple[Limit, _Window]]:
        names = [(number, limit, limit.lane(request)) for number, limit in enumerate(self._limits)]
        return [(limit, self._window(number, limit, name)) for number, limit, name in names if name is not None]

    def _window(self, number: int, limit: Limit, name: str) -> _Window:
        key = (self._holders.get(limit.whose, self._holders[ACCOUNT]), number, name)
        window = self._shared.windows.get(key)
        if window is None:
            window = self._shared.windows[key] = _Window()
        return window


def _number(headers: Mapping[str, str], name: str) -> int | None:
    said = headers.get(name, "").strip()
    return int(said) if said.isascii() and said.isdigit() else None
