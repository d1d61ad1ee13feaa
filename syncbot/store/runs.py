"""The runs themselves: what was done when, step by step, and how it ended. One without an end was killed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, text

from syncbot.model import Struct, decoder


class Step(Struct, frozen=True):
    """One step of a run. ``counts``: what was new, changed, written and so on; ``error``: why it failed."""

    name: str
    seconds: float
    connection: str = ""
    counts: dict[str, int] = {}
    error: str | None = None


class Recorded(Struct, frozen=True):
    """A run. ``outcome``: done, failed (a tool, or the store: see ``error``) or stopped; ``doing``: its last step."""

    number: int
    command: str
    started_at: str
    ended_at: str | None
    outcome: str | None
    error: str | None
    doing: str | None
    steps: tuple[Step, ...]


def begin(db: Connection, command: str, *, at: str) -> int:
    """Record that a command started; the run's number."""
    query = text("insert into run (command, started_at) values (:command, :at) returning id")
    number: int = db.execute(query, {"command": command, "at": at}).scalar_one()
    return number


def go_on(db: Connection, number: int, doing: str) -> None:
    """Record which step is begun, for whoever asks what goes on, or where it was killed."""
    db.execute(text("update run set doing = :doing where id = :id"), {"id": number, "doing": doing})


def end(db: Connection, number: int, steps: Sequence[Step], *, at: str, outcome: str, error: str | None = None) -> None:
    """Record how a run ended, and its steps."""
    row = {"id": number, "at": at, "outcome": outcome, "error": error, "steps": msgspec.msgpack.encode(steps)}
    values = "ended_at = :at, outcome = :outcome, error = :error, steps = :steps"
    db.execute(text(f"update run set {values} where id = :id"), row)


def recent(db: Connection, most: int) -> list[Recorded]:
    """The last runs, the newest first."""
    query = text("select * from run order by id desc limit :most")
    return [_recorded(row) for row in db.execute(query, {"most": most})]


def last(db: Connection) -> list[Recorded]:
    """The last run of each command, and the last of each that was done, the newest first."""
    query = text("""
        select * from run where id in (
            select max(id) from run group by command
            union select max(id) from run where outcome = 'done' group by command)
        order by id desc""")
    return [_recorded(row) for row in db.execute(query)]


def _recorded(row: Row[Any]) -> Recorded:
    return Recorded(
        row.id, row.command, row.started_at, row.ended_at, row.outcome, row.error, row.doing, _steps(row.steps)
    )


def _steps(body: bytes | None) -> tuple[Step, ...]:
    decoder(Step)  # prepared, also for the thread of a web page
    return msgspec.msgpack.decode(body, type=tuple[Step, ...]) if body else ()
