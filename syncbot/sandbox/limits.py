"""How often the sandbox may be asked, if it shall be as strict as the real tools: their documented limits.

Jira Cloud: a bucket for each endpoint and method of a site. Data Center: a bucket for each account, which its headers
describe. Asana: requests a minute of one token, each action of a batch being one. Trello: requests in ten seconds of
one token, and of one key.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

from syncbot.sandbox.http import Answer, Call, Endpoint

Refusal = Callable[["Bucket"], Answer]


@dataclass(slots=True)
class Bucket:
    """So many requests at once, and so many more in every so many seconds; they come back as time goes by."""

    size: int
    seconds: float
    left: float
    at: float

    def take(self, weight: int, now: float) -> bool:
        """Whether there was room; a request that was refused takes none."""
        self.left = min(self.size, self.left + (now - self.at) * self.size / self.seconds)
        self.at = now
        if self.left < weight:
            return False
        self.left -= weight
        return True

    @property
    def wait(self) -> int:
        """Seconds, rounded up, until one more may come."""
        return max(1, ceil((1 - self.left) * self.seconds / self.size))


@dataclass(slots=True)
class Limits:
    """The limits of each tool, as (requests, seconds). ``refused``: how many requests were, by tool."""

    jira: tuple[int, float] = (100, 1)
    jira_slow: tuple[int, float] = (50, 1)
    datacenter: tuple[int, float] = (50, 5)
    asana: tuple[int, float] = (1500, 60)
    token: tuple[int, float] = (100, 10)
    key: tuple[int, float] = (300, 10)
    clock: Callable[[], float] = time.monotonic
    refused: dict[str, int] = field(default_factory=dict)
    _buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)

    def meet(self, tool: str, endpoint: Endpoint, call: Call) -> tuple[Answer | None, dict[str, str]]:
        """The refusal of a request, if it is one too many, and what every answer says of the limits."""
        weight = 1
        lanes: list[tuple[str, tuple[int, float], Refusal]] = []
        if tool == "jira":
            slow = call.method in {"PUT", "DELETE"}
            lanes = [(f"{call.method} {endpoint.path}", self.jira_slow if slow else self.jira, _jira)]
        elif tool == "dc":
            lanes = [(call.headers.get("authorization", ""), self.datacenter, _datacenter)]
        elif tool == "asana":
            lanes = [(call.headers.get("authorization", ""), self.asana, _asana)]
            actions = (call.body or {}).get("data", {}).get("actions") if endpoint.path.endswith("/batch") else None
            weight = len(actions) if isinstance(actions, list) else 1
        elif tool == "trello":
            told = call.headers.get("authorization", "") or f"{call.query.get('key')}, {call.query.get('token')}"
            key = told.partition(",")[0]
            lanes = [(told, self.token, _trello("TOKEN")), (f"key {key}", self.key, _trello("KEY"))]
        headers: dict[str, str] = {}
        for name, (size, seconds), refusal in lanes:
            bucket = self._buckets.get((tool, name))
            if bucket is None:
                bucket = self._buckets[tool, name] = Bucket(size, seconds, size, self.clock())
            if not bucket.take(weight, self.clock()):
                self.refused[tool] = self.refused.get(tool, 0) + 1
                return refusal(bucket), {}
            headers |= _told(tool, bucket)
        return None, headers


def _told(tool: str, bucket: Bucket) -> dict[str, str]:
    if tool not in {"jira", "dc"}:
        return {}
    told = {"X-RateLimit-Limit": str(bucket.size), "X-RateLimit-Remaining": str(max(0, int(bucket.left)))}
    if tool == "dc":
        # What is shown refills by whole seconds.
        fill = max(1, int(bucket.size / bucket.seconds))
        told |= {"X-RateLimit-Interval-Seconds": str(ceil(fill * bucket.seconds / bucket.size))}
        told |= {"X-RateLimit-FillRate": str(fill)}
    elif bucket.left < bucket.size / 5:
        told["X-RateLimit-NearLimit"] = "true"
    return told


def _jira(bucket: Bucket) -> Answer:
    headers = {"RateLimit-Reason": "jira-burst-based", "Retry-After": str(bucket.wait), **_told("jira", bucket)}
    return Answer({"errorMessages": ["Rate limit exceeded."], "errors": {}}, 429, headers)


def _datacenter(bucket: Bucket) -> Answer:
    return Answer("Rate limit exceeded.", 429, {"Retry-After": str(bucket.wait), **_told("dc", bucket)})


def _asana(bucket: Bucket) -> Answer:
    message = "You have made too many requests recently."
    return Answer({"errors": [{"message": message}]}, 429, {"Retry-After": str(bucket.wait)})


def _trello(whose: str) -> Refusal:
    return lambda _: Answer({"error": f"API_{whose}_LIMIT_EXCEEDED", "message": "Rate limit exceeded"}, 429)
