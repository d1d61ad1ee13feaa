"""Items and all that hangs on them, written together: assignees, memberships, references, sprints, unmapped words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from syncbot.model import Item, Mapped, Sprint
from syncbot.store import bulk, inputs, milestones, rows

_CHILDREN = ("assignee", "membership", "reference", "item_sprint")
_FORMER = ("connection", "ref", "url", "remote_id")
_TOLD = ("name", "board", "state", "start_on", "start_day", "end_on", "end_day", "closed_day", "goal", "scope_id")


class Work(NamedTuple):
    """One record's result on its way into the tables. ``number``: the id of the record, and so of its item."""

    number: int
    is_new: bool
    home: int
    mapped: Mapped
    days: rows.Days
    derived_days: tuple[rows.Days, ...]


def work(number: int, *, is_new: bool, home: int, mapped: Mapped) -> Work:
    """Work that can be stored. Raises ValueError for a date that is none."""
    days = () if mapped.item is None else rows.days(mapped.item)
    return Work(number, is_new, home, mapped, days, tuple(map(rows.days, mapped.derived)))


def save(db: Connection, connection: str, scopes: dict[str, int], works: Sequence[Work]) -> None:
    """Make the tables say of these records just what they were mapped to, and nothing that they said before.

    ``scopes``: our ids by remote id. The records themselves must be stored.
    """
    if not works:
        return
    accounts = _accounts(db, connection, works)
    sprints = _sprints(db, connection, scopes, works)
    _forget(db, works)
    fresh: list[tuple[Any, ...]] = []
    known: list[tuple[Any, ...]] = []
    for each in works:
        if each.mapped.item is not None:
            row = rows.item_row(each.number, each.mapped.item, each.days, each.home, accounts)
            (fresh if each.is_new else known).append(row)
    _remember_keys(db, connection, works)
    bulk.insert(db, "item", rows.ITEM, fresh)
    bulk.upsert(db, "item", rows.ITEM, ("id",), known)
    _insert_children(db, scopes, accounts, sprints, works)
    _save_derived(db, connection, scopes, accounts, works)


def _remember_keys(db: Connection, connection: str, works: Sequence[Work]) -> None:
    """Keep the key that an item loses, as when it moves to another project: what pointed to it goes on pointing."""
    new = {item.remote_id: item.ref for each in works if not each.is_new and (item := each.mapped.item) is not None}
    lost = [
        (connection, ref, url, remote_id)
        for remote_id, ref, url in bulk.lookup(db, "item", "remote_id, ref, url", connection, new.keys())
        if ref != rows.clean(new[remote_id])
    ]
    bulk.upsert(db, "former_key", _FORMER, ("connection", "ref"), lost)


def strays(db: Connection, host: str) -> list[str]:
    """The keys of addresses on a host that lead to nothing stored."""
    return list(db.scalars(text("select key from stray where host = :host order by key"), {"host": host}))


def an_address(db: Connection, connection: str) -> str:
    """The address of some item of a connection; empty if none has any."""
    query = text("select url from item where connection = :connection and url <> '' limit 1")
    return db.scalar(query, {"connection": connection}) or ""


def keep_keys(db: Connection, connection: str, found: Mapping[str, tuple[str, str]]) -> None:
    """Keep under which keys items were known before: by key the remote id and the address. They need not be stored."""
    former = [(connection, key, url, remote_id) for key, (remote_id, url) in found.items()]
    bulk.upsert(db, "former_key", _FORMER, ("connection", "ref"), former)
    if former:
        inputs.touch(db, connection)


def _accounts(db: Connection, connection: str, works: Sequence[Work]) -> dict[str, int]:
    wanted = {assignee.account for each in works for assignee in each.mapped.assignees}
    wanted |= {item.owner for each in works for item in (each.mapped.item, *each.mapped.derived) if item and item.owner}
    return bulk.resolve(db, "account", connection, wanted, {"name": ""})


def _sprints(db: Connection, connection: str, scopes: dict[str, int], works: Sequence[Work]) -> dict[str, int]:
    """Our ids of all sprints that these records name; derived ones are described by them."""
    named = {sprint for each in works for sprint in (*each.mapped.sprints, *each.mapped.past_sprints)}
    derived = {sprint.remote_id: sprint for each in works for sprint in each.mapped.derived_sprints}
    found = bulk.resolve(db, "sprint", connection, named | derived.keys(), {"name": "", "is_known": False})
    save_sprints(db, connection, scopes, list(derived.values()), is_derived=True)
    return found


def save_sprints(
    db: Connection, connection: str, scopes: dict[str, int], sprints: Sequence[Sprint], *, is_derived: bool
) -> None:
    """Store what is said of sprints; those that are stored like that already are left alone."""
    columns = (*_TOLD, "is_derived", "is_known")
    stored = bulk.lookup(db, "sprint", ", ".join(("remote_id", *columns)), connection, {s.remote_id for s in sprints})
    before = {remote_id: tuple(told) for remote_id, *told in stored}
    told = {sprint.remote_id: (*_sprint_row(sprint, scopes), is_derived, True) for sprint in sprints}
    changed = [(connection, remote_id, *row) for remote_id, row in told.items() if before.get(remote_id) != row]
    bulk.upsert(db, "sprint", ("connection", "remote_id", *columns), ("connection", "remote_id"), changed)
    if changed:
        inputs.touch(db, connection)


def _sprint_row(sprint: Sprint, scopes: dict[str, int]) -> tuple[Any, ...]:
    start, end = (None if at is None else at[:10] for at in (sprint.start, sprint.end))
    return (
        rows.clean(sprint.name),
        rows.clean(sprint.board),
        sprint.state,
        start,
        rows.day(start),
        end,
        rows.day(end),
        rows.day(sprint.closed),
        None if sprint.goal is None else rows.clean(sprint.goal),
        None if sprint.scope is None else scopes.get(sprint.scope),
    )


def _forget(db: Connection, works: Sequence[Work]) -> None:
    known = [each for each in works if not each.is_new]
    bulk.delete_ids(db, "item", "id", [each.number for each in known if each.mapped.item is None])
    numbers = [each.number for each in known]
    for table in _CHILDREN:
        bulk.delete_ids(db, table, "item_id", numbers)
    bulk.delete_ids(db, "unmapped", "record_id", numbers)


def _insert_children(
    db: Connection, scopes: dict[str, int], accounts: dict[str, int], sprints: dict[str, int], works: Sequence[Work]
) -> None:
    assignees: list[tuple[Any, ...]] = []
    memberships: list[tuple[Any, ...]] = []
    references: list[tuple[Any, ...]] = []
    in_sprint: list[tuple[Any, ...]] = []
    unmapped: list[tuple[Any, ...]] = []
    clean = rows.clean
    for number, _, home, mapped, _, _ in works:
        unmapped += _distinct(
            3, [(number, one.facet, clean(one.word), one.scope, clean(one.example)) for one in mapped.unmapped]
        )
        if mapped.item is None:
            continue
        assignees += _distinct(3, [(number, accounts[one.account], one.role, one.share) for one in mapped.assignees])
        memberships += _distinct(
            2,
            [
                (
                    number,
                    scopes[one.scope],
                    one.section and clean(one.section.name),
                    one.position,
                    scopes[one.scope] == home,
                )
                for one in mapped.places
                if one.scope in scopes
            ],
        )
        references += _distinct(
            6, [(number, clean(one.target), one.form, one.origin, one.meaning, one.inward) for one in mapped.ties]
        )
        if mapped.sprints or mapped.past_sprints:
            now = [(number, sprints[sprint], True) for sprint in mapped.sprints]
            in_sprint += _distinct(2, [*now, *((number, sprints[sprint], False) for sprint in mapped.past_sprints)])
    bulk.insert(db, "assignee", ("item_id", "account_id", "role", "share"), assignees)
    bulk.insert(db, "membership", ("item_id", "scope_id", "section", "position", "is_home"), memberships)
    bulk.insert(db, "reference", ("item_id", "target", "form", "origin", "meaning", "inward"), references)
    bulk.insert(db, "item_sprint", ("item_id", "sprint_id", "is_current"), in_sprint)
    bulk.insert(db, "unmapped", ("record_id", "facet", "word", "scope", "example"), unmapped)


def _distinct(key: int, told: list[tuple[Any, ...]]) -> Iterable[tuple[Any, ...]]:
    """Rows, the first of those that are alike in so many of their first values: tools do say the same thing twice."""
    if len(told) <= 1:
        return told
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for row in told:
        found.setdefault(row[:key], row)
    return found.values()


def _save_derived(
    db: Connection, connection: str, scopes: dict[str, int], accounts: dict[str, int], works: Sequence[Work]
) -> None:
    """Add derived items, once; what is there changes only when its name or kind does."""
    derived: dict[str, tuple[Item, rows.Days, int]] = {}
    for each in works:
        for item, days in zip(each.mapped.derived, each.derived_days, strict=True):
            derived.setdefault(item.remote_id, (item, days, scopes.get(item.home_scope, each.home)))
    if not derived:
        return
    stored = bulk.lookup(db, "item", "remote_id, id, title, kind, side, seen", connection, derived.keys())
    known = {remote_id: (number, tuple(named)) for remote_id, number, *named in stored}
    next_id: Callable[[], int] | None = None
    changed = []
    for remote_id, (item, days, home) in derived.items():
        number, named = known.get(remote_id, (None, None))
        if named == (rows.clean(item.title), item.kind, item.side, "here"):
            continue
        if number is None:
            next_id = next_id or bulk.ids(db)
            number = next_id()
        changed.append(rows.item_row(number, item, days, home, accounts))
    bulk.upsert(db, "item", rows.ITEM, ("id",), changed)
    if changed:
        milestones.describe(db, connection)


def drop_orphans(db: Connection) -> int:
    """Take away derived items that no item points at any more, gone ones aside; the number of them."""
    gone = db.exec_driver_sql("""
        delete from item where derived_from is not null and not exists (
            select 1 from reference r join item i on i.id = r.item_id
            where r.target = item.remote_id and r.form = 'id' and i.connection = item.connection
                and i.seen <> 'gone')""")
    if gone.rowcount:
        inputs.touch(db)
    return gone.rowcount
