"""Counting what is there: reading tells of changes, and seldom of what is gone.

What a count lacks is asked for by its id before anything follows from it: a list that was cut short, or an index that
lags, is no deletion. Two counts in a row make an item gone. Where too much is gone at once, a person must say so.
"""

from __future__ import annotations

import datetime as dt
import shlex
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from syncbot.connector import Fate
from syncbot.errors import Broken, ToolError, Vanished
from syncbot.guard import guarded
from syncbot.model import Scope
from syncbot.pipeline.feed import Ready, want
from syncbot.pipeline.moments import instant
from syncbot.pipeline.retry import ask_again, save
from syncbot.store import Store, memory, scopes
from syncbot.store.census import Census, absent, census

ASKED = 100
"""Of what vanished all at once so many are asked for by their ids, to tell the person who must look."""

READ = 500
"""So many that no read gave are read by their ids; more of them in full."""

SAID: dict[Fate, str] = {
    "deleted": "deleted",
    "moved": "moved away",
    "hidden": "no longer visible",
    "gone": "deleted or no longer visible",
    "here": "still there",
}


def count(
    ready: Ready, store: Store, chosen: Sequence[Scope], accepted: Collection[str], now: dt.datetime
) -> tuple[dict[Fate, int], dict[str, ToolError]]:
    """Count where the schedule says so, and those that are ``accepted`` (remote ids) now; how many are gone by now, and
    what failed (by remote id of the scope).

    What no read gave, since its date is old, is read by its id. Where it is too much for that, or does not come by it,
    the scope is read in full once two counts in a row say so.
    """
    gone: Counter[Fate] = Counter()
    failed: dict[str, ToolError] = {}
    with store.reading() as db:
        kept = [memory.get_state(db, ready.name, _key(scope), tuple[str, ...]) for scope in chosen]
    for scope, last in zip(chosen, kept, strict=True):
        if last is None:
            _keep(ready, store, scope, (), now)
            continue
        if scope.remote_id not in accepted and _is_counted(last[1], ready.census_at, now):
            continue
        try:
            with guarded(ready.name):
                found = _census(ready, store, scope, now, accepted=scope.remote_id in accepted)
        except ToolError as error:
            failed[scope.remote_id] = error
            if isinstance(error, Vanished):
                with store.writing() as db:
                    at = instant(now)
                    scopes.finish_read(db, ready.name, scope.remote_id, at=at, complete=False, error=str(error))
            continue
        gone.update(found.fates)
        left = found.unread
        if 0 < len(left) <= READ:
            try:
                left = _read(ready, store, scope, left, now)
            except ToolError as error:
                failed[scope.remote_id] = error
        if not set(last[0]).isdisjoint(left):
            with store.writing() as db:
                scopes.reset_cursors(db, ready.name, scope.remote_id)
        _keep(ready, store, scope, left, now)
    return dict(gone), failed


def _read(ready: Ready, store: Store, scope: Scope, remote_ids: Sequence[str], now: dt.datetime) -> tuple[str, ...]:
    """Read these records of a scope by their ids; those that do not come so."""
    asked = {scope.remote_id: remote_ids}
    found = ask_again(ready, store, asked)
    with store.writing() as db:
        save(db, ready, asked, found, now)
    return tuple(sorted({*remote_ids} - {one.remote_id for one in found.records} - found.unread.keys()))


def _is_counted(at: str, scheduled: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether the last census was when it was due, or after that; one in the future was of a wrong clock."""
    counted = dt.datetime.fromisoformat(at)
    return counted <= now and (scheduled is None or counted >= scheduled)


def _census(ready: Ready, store: Store, scope: Scope, now: dt.datetime, *, accepted: bool) -> Census:
    """Compare a scope with what is there. Raises Vanished where a person must say that it is right.

    What has moved is read at once: it may have moved into another scope that is read.
    """
    connector, asked = ready.feed.connector, want(ready, scope, None)
    there = connector.census(asked)
    with store.reading() as db:
        lacking, too_many = absent(db, ready.name, scope.remote_id, there)
    is_sure = accepted or not too_many
    fates = connector.fates(asked, lacking if is_sure else _some(lacking)) if lacking else {}
    if not is_sure:
        raise _vanished(ready.name, scope, len(lacking), fates)
    if moved := [key for key, fate in fates.items() if fate == "moved"][:READ]:
        _read(ready, store, scope, moved, now)
    there |= {key for key, fate in fates.items() if fate == "here"}
    with store.writing() as db:
        return census(db, ready.name, scope.remote_id, there, fates, accepted=accepted)


def _some(remote_ids: Sequence[str]) -> list[str]:
    """Some of these from all over."""
    return [*remote_ids[:: -(-len(remote_ids) // ASKED)]]


def _vanished(connection: str, scope: Scope, lacking: int, fates: Mapping[str, Fate]) -> ToolError:
    """What to say of so much that is lacking: the count itself was wrong, or a person must look."""
    told = Counter(fates.values())
    if told["here"] == len(fates):
        return Broken(
            f"{connection}: a count of {scope.key} lacks {lacking} items that are there; counted again next time."
        )
    said = ", ".join(f"{number} {SAID[fate]}" for fate, number in told.most_common())
    command = f"syncbot pull --connection {shlex.quote(connection)} --accept-vanished {shlex.quote(scope.key)}"
    why = f"{scope.key} is archived by now." if scope.archived else "May this account still see them?"
    return Vanished(
        f"{lacking} items of {scope.key} are no longer to be found at once, so none of them was taken for deleted. "
        f"Of {len(fates)} that were asked for one by one: {said}. {why} "
        f"If they are gone as they should be: {command}"
    )


def _keep(ready: Ready, store: Store, scope: Scope, unread: tuple[str, ...], now: dt.datetime) -> None:
    with store.writing() as db:
        memory.put_state(db, ready.name, _key(scope), unread, at=instant(now))


def _key(scope: Scope) -> str:
    return f"census:{scope.remote_id}"
