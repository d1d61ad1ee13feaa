"""A connection "delivery" with two scopes, and records whose item is a plain task."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, text

from syncbot.model import Assignee, Item, Mapped, Place, Record, Scope, Tie
from syncbot.store import Store, records, scopes
from syncbot.store.records import Map, Part, Saved

AT = "2026-11-23T06:00:00.000Z"
PAY = Scope("10000", "PAY", "Payments", "https://example.atlassian.net/browse/PAY")
RISK = Scope("10001", "RISK", "Risk")


def connect(db: Connection, *configured: Scope, connection: str = "delivery") -> None:
    scopes.sync_connection(db, connection, "jira", configured or (PAY, RISK), sides={})


def record(number: int, **values: Any) -> Record:
    plain = Record(
        remote_id=f"{number}",
        ref=f"PAY-{number}",
        url=f"https://example.atlassian.net/browse/PAY-{number}",
        title=f"Settle payout {number}",
        changed="2026-11-20T09:30:00.000Z",
        places=(Place(PAY.remote_id),),
    )
    return msgspec.structs.replace(plain, **values)


def item(record: Record, **values: Any) -> Item:
    plain = Item(
        connection="delivery",
        remote_id=record.remote_id,
        ref=record.ref,
        url=record.url,
        kind="task",
        side="project",
        title=record.title,
        status="planned",
        word="To Do",
        home_scope=record.places[0].scope,
        changed=record.changed,
    )
    return msgspec.structs.replace(plain, **values)


def as_task(record: Record) -> Mapped:
    """Ada works on every record, and record 1 is the parent of all others."""
    return Mapped(
        record.remote_id,
        item(record, owner="ada"),
        assignees=(Assignee("ada", "owner", 1.0),),
        places=record.places,
        sprints=record.sprints,
        past_sprints=record.past_sprints,
        ties=(Tie("1", "id", "native", "child_of"),) if record.remote_id != "1" else (),
    )


def save(
    store: Store, pages: Sequence[Record], apply: Map = as_task, *, scope: Scope = PAY, cursor: str | None = None
) -> Saved:
    with store.writing() as db:
        return records.save(db, "delivery", [Part(scope.remote_id, pages, cursor)], apply, at=AT)


def run(program: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a Python of its own, which can be killed."""
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    with store.reading() as db:
        return [tuple(row) for row in db.execute(text(query))]


def put(store: Store, table: str, *found: dict[str, Any]) -> None:
    """Rows as they are."""
    with store.writing() as db:
        for one in found:
            names = ", ".join(f'"{name}"' for name in one)
            db.execute(text(f"insert into {table} ({names}) values ({', '.join(f':{name}' for name in one)})"), one)


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables that hold what was read."""
    tables = ("record", "item", "membership", "assignee", "reference", "item_sprint", "sprint", "unmapped", "scope")
    return {table: sorted(rows(store, f"select * from {table}"), key=repr) for table in tables}
