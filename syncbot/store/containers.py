"""What work is kept in, and who can be on it: sprints, versions, lists, accounts."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, text

from syncbot.model import Account, Container, Sprint
from syncbot.store import bulk, inputs, items, milestones, rows, scopes

_CONTAINER = ("connection", "remote_id", "scope", "type", "name", "closed", "start_on", "due_on", "done_on")
_ACCOUNT = ("connection", "remote_id", "name", "handle", "email_key", "active", "is_bot", "timezone")


def save_sprints(db: Connection, connection: str, sprints: Sequence[Sprint], read: Collection[str]) -> None:
    """Store sprints as the tool has them now; of the scopes that were ``read``, those not among them were deleted."""
    ids = scopes.ids(db, connection)
    items.save_sprints(db, connection, ids, sprints, is_derived=False)
    there = {sprint.remote_id for sprint in sprints}
    known = text(
        "select id, remote_id, scope_id from sprint where connection = :connection and not is_derived and is_known"
    )
    whole = {ids[scope] for scope in read if scope in ids}
    for row in db.execute(known, {"connection": connection}).all():
        if row.remote_id not in there and row.scope_id in whole:
            db.execute(text("update sprint set is_known = false where id = :id"), {"id": row.id})
            inputs.touch(db, connection)


def strange_sprints(db: Connection, connection: str) -> frozenset[str]:
    """The remote ids of sprints that items are in and that the tool has not described."""
    query = text("""
        select s.remote_id from sprint s where s.connection = :connection and not s.is_known and not s.is_derived
            and exists (select 1 from item_sprint x where x.sprint_id = s.id and x.is_current)""")
    return frozenset(db.scalars(query, {"connection": connection}))


def open_sprints(db: Connection, connection: str) -> dict[str, tuple[str, str]]:
    """The sprints that the tool has described and not closed, by remote id: state, and remote id of the scope or ""."""
    query = text("""
        select x.remote_id, x.state, coalesce(s.remote_id, '') from sprint x left join scope s on s.id = x.scope_id
        where x.connection = :connection and not x.is_derived and x.is_known and x.state <> 'closed'
        order by x.remote_id""")
    return {row[0]: (row[1], row[2]) for row in db.execute(query, {"connection": connection})}


def held(db: Connection, connection: str, sprint: str) -> frozenset[str]:
    """The remote ids of the items that are in a sprint (remote id) now, as far as they are stored."""
    query = text("""
        select i.remote_id from sprint s join item_sprint x on x.sprint_id = s.id join item i on i.id = x.item_id
        where s.connection = :connection and s.remote_id = :sprint and x.is_current""")
    return frozenset(db.scalars(query, {"connection": connection, "sprint": sprint}))


def emptied(
    db: Connection, connection: str, sprints: Sequence[Sprint], found: Sequence[Container]
) -> frozenset[tuple[str, str]]:
    """What scopes (remote ids) had and, by this answer, have nothing left of: pairs of scope and sprint, list, ...

    Also pairs of scope and a sprint's remote id, for each that is away though items are in it.
    """
    query = text("""
        select distinct s.remote_id, 'sprint' from sprint x join scope s on s.id = x.scope_id
        where x.connection = :connection and not x.is_derived and x.is_known
        union select distinct scope, type from container where connection = :connection""")
    before = {(row[0], row[1]) for row in db.execute(query, {"connection": connection})}
    now = {(one.scope, "sprint") for one in sprints} | {(one.scope, one.type) for one in found}
    query = text("""
        select s.remote_id, x.remote_id from sprint x join scope s on s.id = x.scope_id
        where x.connection = :connection and not x.is_derived and x.is_known and exists (
            select 1 from item_sprint m join item i on i.id = m.item_id
            where m.sprint_id = x.id and m.is_current and i.seen = 'here')""")
    there = {one.remote_id for one in sprints}
    away = {(row[0], row[1]) for row in db.execute(query, {"connection": connection}) if row[1] not in there}
    return frozenset((before - now) | away)


def save_containers(db: Connection, connection: str, scope: str, containers: Sequence[Container]) -> None:
    """Store all versions and lists of one scope (remote id); what is no longer among them is no longer there.

    Items name their version, and get no new date when it gets a new name: they are all read again then.
    """
    stored = db.execute(
        text("select * from container where connection = :connection and scope = :scope"),
        {"connection": connection, "scope": scope},
    )
    before = {row.remote_id: tuple(row) for row in stored}
    now = {
        container.remote_id: (
            connection,
            container.remote_id,
            scope,
            container.type,
            rows.clean(container.name),
            container.closed,
            container.start_on,
            container.due_on,
            container.done_on,
        )
        for container in containers
    }
    key = ("connection", "remote_id")
    names, kept = ({row[1]: row[4] for row in some.values() if row[3] == "version"} for some in (now, before))
    if any(kept.get(remote_id, name) != name for remote_id, name in names.items()):
        scopes.reset_cursors(db, connection, scope)
    bulk.delete(db, "container", key, [(connection, remote_id) for remote_id in before.keys() - now.keys()])
    bulk.upsert(db, "container", _CONTAINER, key, [row for row in now.values() if before.get(row[1]) != row])
    if before != now:
        inputs.touch(db, connection)
    milestones.describe(db, connection)


def save_accounts(
    db: Connection, connection: str, accounts: Sequence[Account], asked: Collection[str] = frozenset()
) -> None:
    """Store accounts as the tool has them now. Of an e-mail only the form in which it is compared is kept.

    ``asked``: remote ids that the tool was surely asked for by name, whether or not they are among the answers.
    """
    before = {
        row[1]: row
        for row in bulk.lookup(db, "account", ", ".join(_ACCOUNT), connection, {a.remote_id for a in accounts})
    }
    now = {
        account.remote_id: (
            connection,
            account.remote_id,
            rows.clean(account.name),
            account.handle,
            rows.clean(account.email).strip().casefold() if account.email else None,
            account.active,
            account.is_bot,
            account.timezone,
        )
        for account in accounts
    }
    changed = [row for remote_id, row in now.items() if before.get(remote_id) != row]
    bulk.upsert(db, "account", _ACCOUNT, ("connection", "remote_id"), changed)
    told = bulk.lookup(db, "account", "id, is_asked", connection, {*asked, *now})
    first = [(True, number) for number, is_asked in told if not is_asked]
    bulk.update(db, "account", ("is_asked",), ("id",), first)
    if changed or first:
        inputs.touch(db, connection)


def known_accounts(db: Connection, connection: str) -> frozenset[str]:
    """The remote ids of every account that was ever seen on this connection."""
    query = text("select remote_id from account where connection = :connection")
    return frozenset(db.scalars(query, {"connection": connection}))
