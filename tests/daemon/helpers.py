"""A store in which something has happened, and a daemon that says how it is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from syncbot.daemon.state import Job, State
from syncbot.store import Store, runs, scopes
from tests.store.helpers import PAY, RISK, connect, put

NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
AT = "2026-11-23T08:00:00.000Z"
EARLIER = "2026-11-23T07:45:00.000Z"
LONG_AGO = "2026-11-20T07:45:00.000Z"
FINDING = {
    "fingerprint": "aa",
    "rule": "overdue",
    "view": "task",
    "subject": 1,
    "connection": "delivery",
    "scope": "1",
    "side": "project",
    "severity": "error",
    "state": "still",
    "first_day": 1,
    "last_day": 1,
    "checked_day": 1,
    "first_edition": 1,
    "edition": 1,
    "body": b"",
}
STATE = State(
    host="ops-1",
    pid=7,
    started_at=EARLIER,
    role="active",
    since=EARLIER,
    config="/srv/syncbot/config.toml",
    loaded_at=EARLIER,
    seen_at=AT,
    jobs=(Job("sync", "*/15 * * * *", "2026-11-23T08:15:00.000Z", EARLIER),),
)


def fill(store: Store) -> None:
    """A sync that went well: two sources read, two findings, one report."""
    with store.writing() as db:
        connect(db)
        for scope in (PAY, RISK):
            scopes.finish_read(db, "delivery", scope.remote_id, at=EARLIER, complete=True)
        number = runs.begin(db, "sync", at=EARLIER)
        steps = [runs.Step("pull", 2.5, "delivery", {"changed": 3}), runs.Step("check", 0.5)]
        runs.end(db, number, steps, at="2026-11-23T07:45:04.000Z", outcome="done")
    put(store, "finding", FINDING, {**FINDING, "fingerprint": "bb", "state": "unsaid"})
    report = {"key": "k", "connection": "delivery", "scope": PAY.remote_id, "title": "Alignment report"}
    put(store, "target", {**report, "url": "https://example.atlassian.net/browse/PAY-9", "written_at": EARLIER})
    write(store, state="settled", outcome="created")


def write(store: Store, **values: Any) -> None:
    """An attempt to write the report."""
    ended = {"settled_at": EARLIER} if values["state"] != "sending" else {}
    put(store, "outbox", {"target_id": 1, "body": b"", "body_hash": "", "created_at": EARLIER, **ended, **values})
