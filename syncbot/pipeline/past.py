"""Reading history: how what changed came to change, where the config asks for it.

Only records that changed since their history was read are asked about, so a run in which nothing changed asks nothing.
What is told is stored part by part; a run that is killed goes on with those that it had not come to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from syncbot import mapping as mappings
from syncbot.connector import Lookback
from syncbot.errors import ToolError
from syncbot.guard import guarded, tool_error
from syncbot.model import Change, Entry, Record, Scope
from syncbot.pipeline.feed import Ready
from syncbot.pipeline.moments import instant, is_older
from syncbot.store import Store, memory, past

HIDDEN = dt.timedelta(days=1)
"""How long nobody asks again for a history that the account may not see."""

_EPOCH = dt.date(1970, 1, 1)
_HIDDEN = "hidden history"


def read(ready: Ready, store: Store, chosen: Sequence[Scope], now: dt.datetime) -> dict[str, ToolError]:
    """Read the history of what changed in these scopes; what failed, by remote id, and is asked for again."""
    minutes = ready.feed.setting.history_minutes
    with store.reading() as db:
        known = past.known_from(db, ready.name)
    asked = (now.astimezone(dt.UTC) - dt.timedelta(minutes=minutes)).date()
    wanted = (asked - _EPOCH).days if minutes else None
    if known is None and wanted is None:
        return {}
    if wanted is None or known is None or wanted < known:
        known = wanted
        with store.writing() as db:
            past.keep_from(db, ready.name, wanted)
            for scope in ready.scopes:
                memory.drop_state(db, ready.name, _key(scope.remote_id))
    if known is None:
        return {}
    with store.reading() as db:
        hidden = _hidden(db, ready, now)
        wants = _wants(db, ready, chosen, known, hidden)
    return _read(ready, store, wants, hidden, now) if wants else {}


def retell(db: Connection, ready: Ready) -> None:
    """Say anew what is kept of the history, as a changed mapping reads it."""
    if past.known_from(db, ready.name) is not None:
        past.retell(db, ready.name, _teller(ready))


def _hidden(db: Connection, ready: Ready, now: dt.datetime) -> dict[str, str]:
    """The records (remote ids) whose history was hidden within a day, and when."""
    kept = memory.get_state(db, ready.name, _HIDDEN, dict[str, str])
    return {one: at for one, at in kept[0].items() if not is_older(at, now, HIDDEN)} if kept else {}


def _wants(db: Connection, ready: Ready, chosen: Sequence[Scope], day: int, hidden: Collection[str]) -> list[Lookback]:
    since = (_EPOCH + dt.timedelta(days=day)).isoformat()
    due = past.unread(db, ready.name, day)
    wants = []
    for scope in chosen:
        ids = {one: is_new for one, is_new in due.get(scope.remote_id, {}).items() if one not in hidden}
        if ids:
            kept = memory.get_state(db, ready.name, _key(scope.remote_id), str)
            new = frozenset(key for key, is_new in ids.items() if is_new)
            wants.append(Lookback(scope, tuple(ids), since, kept[0] if kept else None, new))
    return wants


def _read(
    ready: Ready, store: Store, wants: Sequence[Lookback], hidden: Mapping[str, str], now: dt.datetime
) -> dict[str, ToolError]:
    found: list[str] = []
    failed: dict[str, ToolError] = {}
    tell = _teller(ready)
    try:
        with guarded(ready.name):
            for told in ready.feed.connector.history(wants, ready.wanted):
                found += told.hidden
                if told.error is not None:
                    failed[told.scope] = tool_error(told.error)
                    continue
                with store.writing() as db:
                    past.save(db, ready.name, told, tell)
                    if told.cursor is not None:
                        memory.put_state(db, ready.name, _key(told.scope), told.cursor, at=instant(now))
    except ToolError as error:
        failed[""] = error
    if found:
        with store.writing() as db:
            still = {**hidden, **dict.fromkeys(found, instant(now))}
            memory.put_state(db, ready.name, _HIDDEN, still, at=instant(now))
    return failed


def _teller(ready: Ready) -> past.Tell:
    vocabulary = ready.vocabulary
    terms = mappings.Terms(
        types={field.id: field.type for field in vocabulary.fields},
        categories={term.id: term.category for term in vocabulary.terms if term.facet == "status" and term.category},
    )

    def tell(record: Record, history: Sequence[Entry]) -> list[Change]:
        return mappings.changes(record, history, terms, ready.apply)

    return tell


def _key(scope: str) -> str:
    return f"history:{scope}"
