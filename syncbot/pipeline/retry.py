"""Reading again what was put aside: one item that could not be stored or mapped is tried again by itself, by its id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from syncbot.connector import Want
from syncbot.errors import ToolError
from syncbot.model import Record
from syncbot.pipeline.feed import Ready, instant
from syncbot.pipeline.guard import guarded
from syncbot.store import Store, records, scopes

AGAIN = dt.timedelta(hours=1)
"""How long what was put aside waits; it is also tried again when it changes, and when the mapping does."""


def retry(ready: Ready, store: Store, now: dt.datetime, *, at_once: bool) -> tuple[records.Saved, ToolError | None]:
    """Read what was put aside an hour ago, or ``at_once`` all of it; what is no longer there is forgotten."""
    before = instant(now if at_once else now - AGAIN)
    with store.reading() as db:
        due = records.aside(db, ready.name, before)
        cursors = scopes.cursors(db, ready.name)
    read = {scope.remote_id for scope in ready.scopes}
    due = {scope: ids for scope, ids in due.items() if scope in read}
    if not due:
        return records.Saved(), None
    wants = [Want(scope, cursors.get(scope.remote_id)) for scope in ready.scopes]
    try:
        with guarded(ready.name):
            found = ready.feed.connector.again(wants, due, ready.wanted)
    except ToolError as error:
        return records.Saved(), error
    return _save(ready, store, due, found, now), None


def _save(
    ready: Ready, store: Store, due: Mapping[str, Sequence[str]], found: Sequence[Record], now: dt.datetime
) -> records.Saved:
    there = {record.remote_id for record in found}
    with store.writing() as db:
        records.forget_aside(db, ready.name, {key for ids in due.values() for key in ids} - there)
        return records.save(db, ready.name, records.at_home(found), ready.apply, at=instant(now))
