"""What is read and how far: connections, scopes, cursors, and how fresh each of them is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from syncbot.model import Scope, Side, Source
from syncbot.store import bulk, inputs, rows

_SCOPE = ("connection", "remote_id", "key", "name", "url", "side", "public", "is_configured")


def sync_connection(
    db: Connection,
    connection: str,
    tool: str,
    scopes: Sequence[Scope],
    *,
    sides: Mapping[str, Side | None],
    promise_minutes: int = 1440,
) -> None:
    """Say which scopes a connection reads from now on, with the side of each (by remote id) as the config has it.

    What lives in a scope that is left out is gone until the scope is back, which is then read in full.
    """
    bulk.upsert(
        db,
        "connection",
        ("name", "tool", "promise_minutes", "is_configured"),
        ("name",),
        [(connection, tool, promise_minutes, True)],
    )
    told = {
        scope.remote_id: (
            rows.clean(scope.key),
            rows.clean(scope.name),
            rows.clean(scope.url),
            sides.get(scope.remote_id),
            scope.public,
            True,
        )
        for scope in scopes
    }
    query = "select remote_id, key, name, url, side, public, is_configured from scope where connection = :connection"
    before = {row[0]: tuple(row[1:]) for row in db.execute(text(query), {"connection": connection})}
    changed = [(connection, remote_id, *row) for remote_id, row in told.items() if before.get(remote_id) != row]
    bulk.upsert(db, "scope", _SCOPE, ("connection", "remote_id"), changed)
    if changed:
        inputs.touch(db, connection)
    _leave(db, connection, [remote_id for remote_id, row in before.items() if row[-1] and remote_id not in told])


def configure(db: Connection, connection: str, tool: str, *, side: Side | None, promise_minutes: int) -> None:
    """Say that the config has a connection, whether or not its tool ever answered."""
    columns = ("name", "tool", "side", "promise_minutes", "is_configured")
    bulk.upsert(db, "connection", columns, ("name",), [(connection, tool, side, promise_minutes, True)])


def keep_connections(db: Connection, configured: Collection[str]) -> None:
    """Forget the scopes of every connection that the config no longer has; one that comes back is read in full."""
    for name in db.scalars(text("select name from connection where is_configured")).all():
        if name not in configured:
            query = "select remote_id from scope where connection = :name and is_configured"
            _leave(db, name, db.scalars(text(query), {"name": name}).all())
            db.execute(text("update connection set is_configured = false where name = :name"), {"name": name})


def _leave(db: Connection, connection: str, remote_ids: Sequence[str]) -> None:
    for remote_id in remote_ids:
        query = text("update scope set is_configured = false where connection = :connection and remote_id = :scope")
        db.execute(query, {"connection": connection, "scope": remote_id})
        forget(db, connection, remote_id)


def configured(db: Connection, connection: str) -> list[Scope]:
    """The scopes that a connection reads, as they were when they were last seen."""
    query = text("""
        select remote_id, key, name, url, public from scope
        where connection = :connection and is_configured order by key, remote_id""")
    return [
        Scope(remote_id=row.remote_id, key=row.key, name=row.name, url=row.url, public=row.public)
        for row in db.execute(query, {"connection": connection})
    ]


def ids(db: Connection, connection: str) -> dict[str, int]:
    """Our ids of a connection's scopes, by remote id."""
    query = text("select remote_id, id from scope where connection = :connection")
    return {row.remote_id: row.id for row in db.execute(query, {"connection": connection})}


def cursors(db: Connection, connection: str) -> dict[str, str | None]:
    """Where to go on reading each configured scope, by remote id; None: from the beginning."""
    query = text("select remote_id, cursor from scope where connection = :connection and is_configured")
    return {row.remote_id: row.cursor for row in db.execute(query, {"connection": connection})}


def keep_cursor(db: Connection, connection: str, scope: str, cursor: str | None) -> None:
    """Keep a cursor; None leaves the one that is kept. Nothing is written for one that is kept already."""
    if cursor is not None:
        query = text("""
            update scope set cursor = :cursor
            where connection = :connection and remote_id = :scope and (cursor is null or cursor <> :cursor)""")
        db.execute(query, {"connection": connection, "scope": scope, "cursor": cursor})


def reset_cursors(db: Connection, connection: str, scope: str | None = None) -> None:
    """Read a scope (remote id), or all, from the beginning next time, as a mapping that wants another field needs."""
    query = "update scope set cursor = null where connection = :connection"
    db.execute(
        text(query if scope is None else f"{query} and remote_id = :scope"), {"connection": connection, "scope": scope}
    )


def want_more(db: Connection, connection: str) -> None:
    """Say that what is stored of a connection lacks a field, in each scope until that is read completely."""
    query = "update scope set is_lacking = true where connection = :connection and not is_lacking"
    if db.execute(text(query), {"connection": connection}).rowcount:
        inputs.touch(db, connection)


def forget(db: Connection, connection: str, scope: str) -> None:
    """Count what is stored of a scope (remote id) as gone until it is read again, in full, which is due.

    So it is of each scope that holds some of it too: unless that is read from the beginning, it never comes back there.
    """
    query = text("""
        update scope set cursor = null, complete_at = null, complete_day = null
        where connection = :connection and remote_id = :scope returning id""")
    number = db.execute(query, {"connection": connection, "scope": scope}).scalar_one()
    db.execute(text(_READ_ANEW), {"id": number})
    query = text("delete from quarantine where connection = :connection and scope = :scope")
    db.execute(query, {"connection": connection, "scope": scope})
    for table in ("record", "item"):
        db.execute(text(f"update {table} set seen = 'gone' where home_scope_id = :id"), {"id": number})
    inputs.touch(db, connection)


_READ_ANEW = """
    update scope set cursor = null where id in (
        select m.scope_id from membership m join item i on i.id = m.item_id
        where i.home_scope_id = :id and i.seen <> 'gone')"""


def finish_read(
    db: Connection, connection: str, scope: str, *, at: str, complete: bool, error: str | None = None
) -> None:
    """Record how a read of a scope ended at an instant. ``complete``: all that is in it is stored now."""
    if complete:
        _get_all(db, connection, scope)
    values = "complete_at = :at, complete_day = :day, " if complete else ""
    day = {"day": rows.day(at)} if complete else {}
    _set(db, connection, scope, f"{values}read_at = :at, error = :error", at=at, error=error, **day)


def _get_all(db: Connection, connection: str, scope: str) -> None:
    query = "update scope set is_lacking = false where connection = :connection and remote_id = :scope and is_lacking"
    if db.execute(text(query), {"connection": connection, "scope": scope}).rowcount:
        inputs.touch(db, connection)


def is_partial(db: Connection) -> bool:
    """Whether some configured scope holds what was read once, and has to be read completely again."""
    query = text("""
        select 1 from scope s join connection c on c.name = s.connection
        where s.is_configured and c.is_configured and (s.complete_at is null or s.is_lacking)
            and exists (select 1 from record r where r.home_scope_id = s.id)""")
    return db.execute(query).first() is not None


def _set(db: Connection, connection: str, scope: str, values: str, **parameters: str | int | None) -> None:
    query = text(f"update scope set {values} where connection = :connection and remote_id = :scope")
    db.execute(query, {"connection": connection, "scope": scope, **parameters})


def _time(instant: str) -> datetime:
    return datetime.fromisoformat(instant)


def sources(db: Connection, now: str) -> list[Source]:
    """How fresh each configured scope is at an instant, in order of connection and key.

    What was read in a far future, by a clock that was ahead, is not fresh. A connection of which no scope was ever
    seen is a source itself, with its own name and no scope (""), and never was read.
    """
    query = text("""
        select c.name as connection, c.tool, coalesce(s.remote_id, '') as remote_id, coalesce(s.name, c.name) as name,
            s.complete_at, c.promise_minutes, s.error, coalesce(s.key, '') as key, coalesce(s.url, '') as url
        from connection c left join scope s on s.connection = c.name and s.is_configured
        where c.is_configured
        order by c.name, s.key, s.remote_id""")
    found = []
    for row in db.execute(query):
        promise = timedelta(minutes=row.promise_minutes)
        broken = row.complete_at is None or abs(_time(now) - _time(row.complete_at)) > promise
        found.append(
            Source(
                connection=row.connection,
                tool=row.tool,
                scope=row.remote_id,
                name=row.name,
                read_at=row.complete_at,
                promise_broken=broken,
                error=row.error,
                key=row.key,
                url=row.url,
            )
        )
    return found
