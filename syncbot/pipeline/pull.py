"""Reading: what changed at one connection since it was last read, stored page by page with the cursor that is safe.

A scope that fails keeps its old data and its old cursor, is marked with the reason, and leaves every other one alone.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from time import monotonic

from sqlalchemy import Connection

from syncbot.config import scope_setting
from syncbot.connector import Fate, Page, Want
from syncbot.errors import Interrupted, Missing, ToolError
from syncbot.guard import guarded, tool_error
from syncbot.model import Scope, Struct
from syncbot.patterns import matches
from syncbot.pipeline import past
from syncbot.pipeline.around import Around, beside
from syncbot.pipeline.counting import count
from syncbot.pipeline.feed import Ready, want
from syncbot.pipeline.membership import compare
from syncbot.pipeline.moments import instant
from syncbot.pipeline.reached import Tell, watching
from syncbot.pipeline.retry import retry as read_again
from syncbot.pipeline.strays import find_strays
from syncbot.store import Store, census, items, memory, records, scopes, targets

PAGES, RECORDS, SECONDS = 100, 1_000, 1.0
"""How many pages, records or seconds of reading make a transaction: about so much is read again after a kill."""


class Pulled(Struct, frozen=True):
    """What one connection's pull did. ``failed``: by scope, as people call it ("" for the connection itself), why.

    ``own``: how many reports of ours were new or changed beside those. ``gone``: how many items were found to be no
    longer there, by what became of them (`syncbot.connector.Fate`).
    """

    connection: str
    new: int = 0
    changed: int = 0
    same: int = 0
    quarantined: int = 0
    own: int = 0
    remapped: int = 0
    gone: dict[Fate, int] = {}
    failed: dict[str, ToolError] = {}


def pull(
    ready: Ready,
    store: Store,
    *,
    now: dt.datetime,
    only: Sequence[str] = (),
    accept: Sequence[str] = (),
    retry: bool = False,
    tell: Tell | None = None,
) -> Pulled:
    """Read all scopes of a connection from their cursors on, and the sprints, lists and people around them.

    ``only``: patterns of the scopes to read, by key, id or name; empty: all. ``accept``: patterns of those in which
    whatever is no longer found is gone, however much it is. ``retry``: read at once what was put aside.

    Raises UserError if another process is reading this connection.
    """
    with store.lock(f"pull {ready.name}"), beside(ready, store, now) as around:
        remapped = _begin(ready, store, now)
        chosen = [scope for scope in ready.scopes if _is_chosen(scope, only)]
        pulled, failed = _read(ready, store, chosen, now, tell, around)
        again, unread = read_again(ready, store, now, at_once=retry or remapped > 0)
        pulled += again
        failed |= {"": unread} if unread else {}
        counted = [scope for scope in chosen if scope.remote_id not in failed]
        failed |= _miss(ready, store, now)
        accepted = {scope.remote_id for scope in counted if accept and _is_chosen(scope, accept)}
        gone, uncounted = count(ready, store, counted, accepted, now)
        failed |= uncounted
        failed |= past.read(ready, store, chosen, now)
        failed |= around.finish(changed=bool(pulled.new + pulled.changed))
        moved, uncompared = compare(ready, store, now)
        pulled += moved
        failed |= uncompared
        find_strays(ready, store, now)
        with store.writing() as db:
            targets.notice(db, ready.name)
    return Pulled(
        connection=ready.name,
        new=pulled.new,
        changed=pulled.changed,
        same=pulled.same,
        quarantined=pulled.quarantined,
        own=pulled.own,
        remapped=remapped,
        gone=gone,
        failed=_by_name(ready, failed),
    )


def _by_name(ready: Ready, failed: Mapping[str, ToolError]) -> dict[str, ToolError]:
    """What failed by the names of the scopes, and by their ids too where several have one name."""
    known = (*ready.scopes, *ready.lost, *ready.undescribed)
    names = {scope.remote_id: scope.name for scope in known}
    how_often = Counter(names.values())
    told = {key: f"{name} ({key})" if how_often[name] > 1 else name for key, name in names.items()}
    return {told.get(key, key): error for key, error in failed.items()}


def remap(ready: Ready, store: Store, *, now: dt.datetime) -> int:
    """Apply a changed mapping to what is stored, without asking the tool; how many records were mapped again.

    It waits until every scope is described: what is stored of one that is not would be read by no mapping of its own.
    """
    digest = ready.digest()
    with store.writing() as db:
        before = memory.get_state(db, ready.name, "mapping", str)
        if before is not None and (before[0] == digest or ready.undescribed):
            return 0
        if not _was_asked(db, ready):
            scopes.want_more(db, ready.name)
        count = records.remap(db, ready.name, ready.apply, ready.order)
        past.retell(db, ready)
        memory.put_state(db, ready.name, "mapping", digest, at=instant(now))
        memory.put_state(db, ready.name, "mapped", ready.mapped_fields(), at=instant(now))
        return count


def _begin(ready: Ready, store: Store, now: dt.datetime) -> int:
    setting = ready.feed.setting
    known = (*ready.scopes, *ready.lost, *ready.undescribed)
    with store.writing() as db:
        scopes.sync_connection(
            db,
            ready.name,
            setting.tool,
            known,
            sides={scope.remote_id: scope_setting(setting, scope).side for scope in known},
            promise_minutes=setting.promise_minutes,
        )
        if not _was_asked(db, ready):
            scopes.reset_cursors(db, ready.name)
            scopes.want_more(db, ready.name)
        if _asked(db, ready) != ready.wanted:  # what is read from now on lacks what is no longer wanted
            memory.put_state(db, ready.name, "asked", sorted(ready.wanted), at=instant(now))
        _filter(db, ready, now)
    return remap(ready, store, now=now)


def _asked(db: Connection, ready: Ready) -> frozenset[str] | None:
    """The fields that the last read asked for; None: nothing was read yet."""
    asked = memory.get_state(db, ready.name, "asked", list[str])
    return None if asked is None else frozenset(asked[0])


def _was_asked(db: Connection, ready: Ready) -> bool:
    asked = _asked(db, ready)
    return asked is not None and ready.wanted <= asked


def _filter(db: Connection, ready: Ready, now: dt.datetime) -> None:
    """Read a scope anew if the config now lets through another part of it: what was read may be left out by now."""
    wants = {scope.remote_id: want(ready, scope, None) for scope in ready.scopes}
    filters = {scope: [want.where, want.since] for scope, want in wants.items()}
    kept = memory.get_state(db, ready.name, "filters", dict[str, list[str | None]])
    before = kept[0] if kept else {}
    for scope, own in filters.items():
        if before.get(scope, own) != own:
            scopes.forget(db, ready.name, scope)
    if before != filters:
        memory.put_state(db, ready.name, "filters", filters, at=instant(now))


def _read(
    ready: Ready, store: Store, chosen: Sequence[Scope], now: dt.datetime, tell: Tell | None, around: Around
) -> tuple[records.Saved, dict[str, ToolError]]:
    with store.reading() as db:
        cursors = scopes.cursors(db, ready.name)
    wants = [want(ready, scope, cursors.get(scope.remote_id)) for scope in chosen]
    total = records.Saved()
    failed: dict[str, ToolError] = {}
    unfinished = {scope.remote_id for scope in chosen}
    connector = ready.feed.connector
    try:
        with (
            guarded(ready.name),
            watching(connector, ready.name, wants, tell) as watch,
            stream(ready, wants, ready.wanted) as pages,
        ):
            for several in _together(around.meanwhile(pages)):
                total += _save(ready, store, several, now)
                for page in several:
                    watch.saw(page)
                    if page.error is not None:
                        failed[page.scope] = tool_error(page.error)
                    if page.error is not None or page.last:
                        unfinished.discard(page.scope)
    except ToolError as error:
        for scope in unfinished:
            failed[scope] = error
            if not isinstance(error, Interrupted):
                _finish(ready, store, scope, now, error=error)
    with store.writing() as db:
        items.drop_orphans(db)
    return total, failed


def _miss(ready: Ready, store: Store, now: dt.datetime) -> dict[str, ToolError]:
    """Mark the scopes that are no longer seen, or not described: nobody told us that their work is gone, so it stays,
    and is old.
    """
    failed = dict(ready.troubles)
    for scope in ready.undescribed:
        _finish(ready, store, scope.remote_id, now, error=failed[scope.remote_id])
    keys = {scope.key for scope in ready.seen}
    for scope in ready.lost:
        name = scope.remote_id if scope.key in keys else scope.key  # the key may be another one's by now
        error = failed[scope.remote_id] = Missing(
            f"{scope.key} is no longer there, or this account may no longer see it. "
            f'If that is as it should be, take it out of scopes, or add "!{name}".'
        )
        _finish(ready, store, scope.remote_id, now, error=error)
    return failed


def fail(store: Store, connection: str, error: ToolError, *, now: dt.datetime) -> Pulled:
    """Record that a connection could not be asked at all: its data stay, and say of themselves that they are old."""
    with store.writing() as db:
        for scope in () if isinstance(error, Interrupted) else scopes.cursors(db, connection):
            scopes.finish_read(db, connection, scope, at=instant(now), complete=False, error=str(error))
    return Pulled(connection=connection, failed={"": error})


def _is_chosen(scope: Scope, only: Sequence[str]) -> bool:
    return not only or any(matches(pattern, scope.key, scope.remote_id, scope.name) for pattern in only)


@contextmanager
def stream(ready: Ready, wants: Sequence[Want], fields: frozenset[str]) -> Iterator[Iterator[Page]]:
    """The pages of a read; leaving it stops the read."""
    with closing(ready.feed.connector.pull(wants, fields)) as pages:  # type: ignore[type-var]  # the contract's iterators are generators
        yield pages


def _together(pages: Iterator[Page]) -> Iterator[list[Page]]:
    """Pages as they come, several at a time where they are small: each transaction costs as much as many records."""
    several: list[Page] = []
    began = monotonic()
    try:
        for page in pages:
            several.append(page)
            is_much = len(several) == PAGES or sum(len(one.found) for one in several) >= RECORDS
            if is_much or monotonic() - began >= SECONDS:
                yield several
                several, began = [], monotonic()
    except ToolError:
        if several:
            yield several
        raise
    if several:
        yield several


def _save(ready: Ready, store: Store, pages: Sequence[Page], now: dt.datetime) -> records.Saved:
    """Store pages and their cursors. The end of a read completes its scope, whether it began at the start or a cursor;
    one that failed keeps its old data, and says why.
    """
    read = [page for page in pages if page.error is None]
    parts = [records.Part(page.scope, page.found, page.cursor, page.unread) for page in read]
    with store.writing() as db:
        saved = records.save(db, ready.name, parts, ready.apply, at=instant(now))
        census.deleted(db, ready.name, [key for page in read for key in page.deleted])
        for page in pages:
            if isinstance(page.error, Interrupted):
                continue
            if page.error is not None or page.last:
                error = None if page.error is None else str(page.error)
                scopes.finish_read(db, ready.name, page.scope, at=instant(now), complete=error is None, error=error)
    return saved


def _finish(ready: Ready, store: Store, scope: str, now: dt.datetime, *, error: Exception) -> None:
    with store.writing() as db:
        scopes.finish_read(db, ready.name, scope, at=instant(now), complete=False, error=str(error))
