"""A small tool that keeps reports in memory and can fail around any write, and what a test needs to write to it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from syncbot import outbox
from syncbot.connector import Found, Target, Write, Written
from syncbot.model import Report, Scope
from syncbot.store import Store

NOW = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
BOARD = Scope(remote_id="b1", key="abc", name="Product roadmap")
REPORT = Report(connection="roadmap", scope="Product roadmap", list="Reports")


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)


class Killed(BaseException):
    """The process is gone: nothing of ours may handle it."""


class Kept(msgspec.Struct):
    marker: str
    author: str
    body: dict[str, Any]
    shown_at: dt.datetime
    closed: bool = False


class Tool:
    """A small tool that keeps reports in memory; what is created shows up in its search after ``lag``.

    ``before`` and ``after`` are raised by the next write, before or after it has happened; ``told``: what the last one
    said may stand there.
    """

    def __init__(self, lag: float = 0) -> None:
        self.now = NOW
        self.lag = minutes(lag)
        self.made = 0
        self.kept: dict[str, Kept] = {}
        self.calls: list[str] = []
        self.told: list[str] = []
        self.before: BaseException | None = None
        self.after: BaseException | None = None

    def clock(self) -> dt.datetime:
        return self.now

    def find(self, _: Target, marker: str, authors: frozenset[str]) -> Found | None:
        self.calls.append("find")
        for remote_id, kept in sorted(self.kept.items()):
            if kept.marker == marker and kept.author in authors and kept.shown_at <= self.now:
                return Found(remote_id, remote_id.upper(), f"https://t.example/{remote_id}", kept.closed)
        return None

    def apply(self, write: Write) -> Written:
        self.calls.append("apply")
        self.told = [body["desc"] for body in write.before]
        self._fail("before")
        written = self._apply(write)
        self._fail("after")
        return written

    def _apply(self, write: Write) -> Written:
        remote_id = write.remote_id
        if remote_id not in self.kept:
            found = self.find(write.target, write.marker, write.authors)
            remote_id = found.remote_id if found else None
        if remote_id is None:
            self.made += 1
            remote_id = f"r{self.made}"
            self.kept[remote_id] = Kept(write.marker, "bot", write.body, self.now + self.lag)
            return self._written(remote_id, "created", 1)
        kept = self.kept[remote_id]
        if kept.closed:
            return self._written(remote_id, "muted", 0)
        if kept.body == write.body:
            return self._written(remote_id, "unchanged", 0)
        kept.body = write.body
        return self._written(remote_id, "updated", 1)

    def _fail(self, when: str) -> None:
        error = getattr(self, when)
        setattr(self, when, None)
        if error is not None:
            raise error

    @staticmethod
    def _written(remote_id: str, outcome: Any, requests: int) -> Written:
        return Written(remote_id, remote_id.upper(), f"https://t.example/{remote_id}", outcome, requests)


def draft(body: str = "one", **changes: Any) -> outbox.Draft:
    return outbox.draft(msgspec.structs.replace(REPORT, **changes), BOARD, {"desc": body})


def publish(store: Store, tool: Tool, *drafts: outbox.Draft, writes: outbox.Writes = "apply") -> list[outbox.Outcome]:
    planned = outbox.plan(store, drafts, {"roadmap": writes}, tool.now)
    return outbox.apply(store, {"roadmap": tool}, planned, {"roadmap": "bot"}, tool.clock)


def results(outcomes: list[outbox.Outcome]) -> list[str]:
    return [outcome.result for outcome in outcomes]
