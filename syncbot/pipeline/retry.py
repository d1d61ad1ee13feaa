"""Reading again what was put aside: one item that could not be stored or mapped is tried again by itself, by its id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from syncbot.connector import Again
from syncbot.errors import ToolError
from syncbot.guard import guarded
from syncbot.pipeline.feed import Ready, want
from syncbot.pipeline.moments import instant
from syncbot.store import Store, records, scopes

AGAIN = dt.timedelta(hours=1)
"""How long what was put aside waits; it is also tried again when it changes, and when the mapping does."""


def retry(ready: Ready, store: Store, now: dt.datetime, *, at_once: bool) -> tuple[records.Saved, ToolError | None]:
    """Read what was put aside an hour ago, or ``at_once`` all of it; what is no longer there is forgotten."""
    before = instant(now if at_once else now - AGAIN)
    with store.reading() as db:
        due = records.aside(db, ready.name, before, instant(now))
    read = {scope.remote_id for scope in ready.scopes}
    due = {scope: ids for scope, ids in due.items() if scope in read}
    if not due:
        return records.Saved(), None
    try:
        found = ask_again(ready, store, due)
    except ToolError as error:
        return records.Saved(), error
    with store.writing() as db:
        gone = {key for ids in due.values() for key in ids} - found.unread.keys()
        records.forget_aside(db, ready.name, gone - {record.remote_id for record in found.records})
        return save(db, ready, due, found, now), None


def ask_again(ready: Ready, store: Store, remote_ids: Mapping[str, Sequence[str]]) -> Again:
    """Ask for records by their ids (by the scope that each was last in), wherever they are by now."""
    with store.reading() as db:
        cursors = scopes.cursors(db, ready.name)
    wants = [want(ready, scope, cursors.get(scope.remote_id)) for scope in ready.scopes]
    with guarded(ready.name):
        return ready.feed.connector.again(wants, remote_ids, ready.wanted)


def save(
    db: Connection, ready: Ready, asked: Mapping[str, Sequence[str]], found: Again, now: dt.datetime
) -> records.Saved:
    """Store what was ``asked`` for again, by the scope that it was last in, and put aside what did not come."""
    parts = [records.Part(record.places[0].scope, [record]) for record in found.records]
    parts += [
        records.Part(scope, unread={key: found.unread[key] for key in ids if key in found.unread})
        for scope, ids in asked.items()
    ]
    return records.save(db, ready.name, parts, ready.apply, at=instant(now))
