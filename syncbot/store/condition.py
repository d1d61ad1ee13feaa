"""How things stand, for whoever watches: sources, findings, reports, writes and runs, as the store has them now."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, text

from syncbot.model import Source, Struct
from syncbot.store import answers, runs, scopes
from syncbot.store.runs import Recorded

_DAY, _WEEK = dt.timedelta(days=1), dt.timedelta(days=7)


class Count(Struct, frozen=True):
    """How many findings of a rule are in a state."""

    rule: str
    severity: str
    state: str
    count: int


class Written(Struct, frozen=True):
    """A report at its target. ``error``: why its last write failed; ``is_open``: that no answer came to it yet.

    ``held``: why what it should say by now is not written yet. ``is_left``: the config has no such report any more.
    """

    connection: str
    scope: str
    title: str
    url: str | None
    written_at: str | None
    muted_at: str | None
    error: str | None
    is_open: bool
    held: str | None = None
    is_left: bool = False


class Ended(Struct, frozen=True):
    """How many writes of a connection ended so (created, updated, unchanged, muted, failed) within a day."""

    connection: str
    outcome: str
    count: int


class Aside(Struct, frozen=True):
    """How many records of a connection could not be stored or mapped, with one of them and why."""

    connection: str
    count: int
    example: str
    reason: str


class Refused(Struct, frozen=True):
    """How many answers to reports were refused within a week, and why the last one was."""

    count: int
    reply: str


class Condition(Struct, frozen=True):
    """All of it. ``runs``: the last of each command, and the last of each that went well, the newest first."""

    at: str
    sources: tuple[Source, ...]
    findings: tuple[Count, ...]
    reports: tuple[Written, ...]
    writes: tuple[Ended, ...]
    aside: tuple[Aside, ...]
    runs: tuple[Recorded, ...]
    refused: Refused | None = None


def read(db: Connection, *, now: dt.datetime) -> Condition:
    """How things stand at an instant."""
    at, since = _instant(now), _instant(now - _DAY)
    return Condition(
        at=at,
        sources=tuple(scopes.sources(db, at)),
        findings=tuple(Count(*row) for row in db.execute(text(_FINDINGS))),
        reports=tuple(_written(*row) for row in db.execute(text(_REPORTS))),
        writes=tuple(Ended(*row) for row in db.execute(text(_WRITES), {"since": since})),
        aside=tuple(Aside(*row) for row in db.execute(text(_ASIDE))),
        runs=tuple(runs.last(db)),
        refused=_refused(db, _instant(now - _WEEK)),
    )


def _refused(db: Connection, since: str) -> Refused | None:
    found = answers.refused(db, since)
    return Refused(len(found), found[0].reply) if found else None


def _written(
    connection: str,
    scope: str,
    title: str,
    url: str | None,
    written_at: str | None,
    muted_at: str | None,
    held: str | None,
    is_left: bool,
    state: str | None,
    error: str | None,
) -> Written:
    failed = error if state == "failed" else None
    return Written(connection, scope, title, url, written_at, muted_at, failed, state == "sending", held, bool(is_left))


def _instant(time: dt.datetime) -> str:
    return time.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_FINDINGS = """
    select rule, severity, state, count(*) from finding where state <> 'unsaid'
    group by rule, severity, state order by rule, severity, state"""
_REPORTS = """
    select t.connection, coalesce(s.name, t.scope), t.title, t.url, t.written_at, t.muted_at, t.held, t.is_left,
        o.state, o.error
    from target t
    left join scope s on s.connection = t.connection and s.remote_id = t.scope
    left join outbox o on o.id = (select max(l.id) from outbox l where l.target_id = t.id)
    where t.news_of is null order by t.connection, 2, t.title, t.id"""
_WRITES = """
    select t.connection, coalesce(o.outcome, o.state), count(*) from outbox o join target t on t.id = o.target_id
    where o.state <> 'sending' and o.settled_at >= :since group by 1, 2 order by 1, 2"""
_ASIDE = """
    select connection, count(*), min(remote_id),
        (select f.reason from quarantine f where f.connection = q.connection order by f.remote_id limit 1)
    from quarantine q group by connection order by connection"""
