"""Records as they come in: stored once, made and mapped only when they changed, each with all that it became.

Records and the cursor behind them are one transaction, so a killed pull continues from what is wholly there. One
record that cannot be stored or mapped is put aside with the reason (``quarantine``) and does not stop the others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace
from sqlalchemy import Connection, Row, text

from syncbot.model import Aside, Mapped, Record, Sealed, Struct, opened
from syncbot.store import bulk, inputs, items, rows, scopes

Map = Callable[[Record], Mapped]

_RECORD = ("id", "connection", "remote_id", "home_scope_id", "hash", "said", "body", "seen", "fate", "read_at")
_QUARANTINE = ("connection", "remote_id", "scope", "reason", "at", "since")
_BATCH = 1000


class Saved(Struct, frozen=True):
    """What became of the records of a page; ``own``: how many reports of ours were new or changed beside those."""

    new: int = 0
    changed: int = 0
    same: int = 0
    quarantined: int = 0
    own: int = 0

    def __add__(self, other: Saved) -> Saved:
        return Saved(
            self.new + other.new,
            self.changed + other.changed,
            self.same + other.same,
            self.quarantined + other.quarantined,
            self.own + other.own,
        )


class _Known(NamedTuple):
    """A record as it is stored. ``said``: by what it is known again before it is made (`syncbot.store.rows.seal`)."""

    number: int
    hash: bytes
    said: bytes | None
    seen: str


class Part(Struct, frozen=True):
    """What was read of a scope (remote id) at a time. ``unread``: by remote id, why a record did not come.

    ``cursor`` is safe once these records are stored; None changes nothing.
    """

    scope: str
    records: Sequence[Record | Sealed] = ()
    cursor: str | None = None
    unread: Mapping[str, str] = {}


def save(db: Connection, connection: str, parts: Sequence[Part], apply: Map, *, at: str) -> Saved:
    """Store parts of what is read of a connection, with their cursors; ``apply`` maps what is new or changed.

    ``at`` is the instant of reading. A record that was missing or gone is here again; of one that comes twice the last
    counts. What did not come is put aside.
    """
    homes = scopes.ids(db, connection)
    here = {part.scope: homes[part.scope] for part in parts}
    latest = {record.remote_id: (part.scope, record) for part in parts for record in part.records}
    stored = bulk.lookup(db, "record", "remote_id, id, hash, said, seen", connection, latest.keys())
    known = {remote_id: _Known(*told) for remote_id, *told in stored}
    known_hash = {told.number: told.hash for told in known.values()}
    put_aside = _aside_among(db, connection, {*latest, *(key for part in parts for key in part.unread)})
    next_id: Callable[[], int] | None = None
    works: list[items.Work] = []
    bodies: list[tuple[Any, ...]] = []
    refused: list[tuple[Any, ...]] = [
        (connection, key, part.scope, _cut(why), at) for part in parts for key, why in part.unread.items()
    ]
    said_otherwise: list[tuple[Any, ...]] = []
    own: set[int] = set()
    for remote_id, (scope, found) in latest.items():
        before = known.get(remote_id)
        kept = before if before is not None and before.seen == "here" and remote_id not in put_aside else None
        try:
            if (came := _came(found, kept)) is None:
                continue
            record, said, digest, plain = came
            if kept is not None and digest == kept.hash:
                said_otherwise.append((said, kept.number))
                continue
            mapped = apply(record)
            if before is None:
                next_id = next_id or bulk.ids(db)
                number = next_id()
            else:
                number = before.number
            home = homes.get(record.places[0].scope, here[scope]) if record.places else here[scope]
            works.append(items.work(number, is_new=before is None, home=home, mapped=mapped))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one record, the others go on
            refused.append((connection, remote_id, scope, _reason(error), at))
            continue
        if record.marker is not None and mapped.item is None:
            own.add(number)
        bodies.append((number, connection, remote_id, home, digest, said, rows.squeeze(plain), "here", "", at))
    fresh = {work.number for work in works if work.is_new}
    bulk.insert(db, "record", _RECORD, [body for body in bodies if body[0] in fresh])
    bulk.upsert(db, "record", _RECORD, ("id",), [body for body in bodies if body[0] not in fresh])
    bulk.update(db, "record", ("said",), ("id",), [row for row in said_otherwise if row[0] is not None])
    silent = _stayed_silent(db, own, known) if own else set()
    items.save(db, connection, homes, works)
    # What came back as it was is written anew without the dates that its history gave it: they are told again.
    back = [number for number, _, _, _, digest, *_ in bodies if known_hash.get(number) == digest]
    bulk.delete_ids(db, "past", "record_id", back)
    _put_aside(db, connection, put_aside, refused)
    if any(work.number not in silent for work in works):
        inputs.touch(db, connection)
    for part in parts:
        scopes.keep_cursor(db, connection, part.scope, part.cursor)
    same = sum(len(part.records) + len(part.unread) for part in parts) - len(works) - len(refused)
    return Saved(len(fresh - own), len(works) - len(fresh | own), same, len(refused), len(own))


def _came(found: Record | Sealed, kept: _Known | None) -> tuple[Record, bytes | None, bytes, bytes] | None:
    """A record, what tells that it was said, its hash and its body; None where just this was said of what is kept."""
    said = rows.seal(found) if isinstance(found, Sealed) else None
    if kept is not None and said is not None and said == kept.said:
        return None
    record = opened(found)
    return record, said, *rows.pack(record)


def _stayed_silent(db: Connection, own: Collection[int], known: Mapping[str, _Known]) -> set[int]:
    """Those of our own reports that were here, and no items, before: no rule reads them."""
    here = {told.number for told in known.values() if told.seen == "here" and told.number in own}
    return here - {number for (number,) in bulk.among(db, "item", "id", "id", here)}


def _reason(error: Exception) -> str:
    return _cut(f"{type(error).__name__}: {error}")


def _cut(said: str) -> str:
    return rows.clean(said[:500].encode("utf-8", "backslashreplace").decode())


def aside(db: Connection, connection: str, before: str, now: str) -> dict[str, list[str]]:
    """What was put aside before or at an instant, or by a clock that was set back, by the remote id of its scope."""
    query = text("""
        select scope, remote_id from quarantine where connection = :connection and (at <= :before or at > :now)
        order by scope, remote_id""")
    found: dict[str, list[str]] = {}
    for row in db.execute(query, {"connection": connection, "before": before, "now": now}):
        found.setdefault(row.scope, []).append(row.remote_id)
    return found


def put_aside(db: Connection) -> list[Aside]:
    """What could not be read, by scope and reason, and since when."""
    query = text("""
        with aside as (
            select q.connection, q.scope, q.reason, count(*) as records, min(q.since) as since,
                min(case when i.is_restricted then null else q.remote_id end) as example
            from quarantine q
            left join item i on i.connection = q.connection and i.remote_id = q.remote_id
            group by q.connection, q.scope, q.reason)
        select a.connection, a.scope, a.reason, a.records, a.since, coalesce(i.ref, a.example), i.title
        from aside a left join item i on i.connection = a.connection and i.remote_id = a.example
        order by a.connection, a.scope, a.reason""")
    return [Aside(*row) for row in db.execute(query)]


def _aside_among(db: Connection, connection: str, remote_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Those of these records that are put aside, why and since when; nearly always none, which is told at once."""
    if not bulk.has(db, "quarantine", connection):
        return {}
    found = bulk.lookup(db, "quarantine", "remote_id, reason, since", connection, remote_ids)
    return {remote_id: (reason, since) for remote_id, reason, since in found}


def forget_aside(db: Connection, connection: str, remote_ids: Collection[str]) -> None:
    """Let go of what was put aside."""
    bulk.delete(db, "quarantine", ("connection", "remote_id"), [(connection, key) for key in remote_ids])
    if remote_ids:
        inputs.touch(db, connection)


def _put_aside(db: Connection, connection: str, before: Mapping[str, tuple[str, str]], refused: bulk.Rows) -> None:
    """Quarantine what was refused, since it first was, and let go of what no longer is."""
    now = {remote_id: reason for _, remote_id, _, reason, _ in refused}
    forget_aside(db, connection, before.keys() - now.keys())
    told = [(*row, before.get(row[1], ("", row[-1]))[1]) for row in refused]
    bulk.upsert(db, "quarantine", _QUARANTINE, ("connection", "remote_id"), told)
    if any(before.get(remote_id, ("",))[0] != reason for remote_id, reason in now.items()):
        inputs.touch(db, connection)


def remap(db: Connection, connection: str, apply: Map, order: Sequence[str] = ()) -> int:
    """Map every stored record of a connection again, without asking the tool; the number of them.

    ``order``: its scopes (remote ids) as the config has them now; the first of those that a record is in is its home.
    A record whose mapping fails is put aside and keeps what it was; what is put aside stays so until it is read again,
    for it may be a later state that is not stored. What is gone stays so, and is not mapped.
    """
    homes = scopes.ids(db, connection)
    remote_scopes = {number: remote_id for remote_id, number in homes.items()}
    ranks = {scope: rank for rank, scope in enumerate(order)}
    count = 0
    for batch in _batches(db, connection):
        works = []
        moved: list[tuple[Any, ...]] = []
        refused = []
        missing = []
        for number, remote_id, home, read_at, body, seen in batch:
            if seen == "missing":
                missing.append((seen, number))
            try:
                stored = rows.unpack(body)
                placed = _in_order(stored, ranks)
                own = home if placed is stored else homes.get(placed.places[0].scope, home)
                works.append(items.work(number, is_new=False, home=own, mapped=apply(placed)))
                if placed is not stored:
                    digest, plain = rows.pack(placed)
                    moved.append((own, digest, rows.squeeze(plain), number))
            except Exception as error:  # noqa: BLE001 - as above
                refused.append((connection, remote_id, remote_scopes[home], _reason(error), read_at))
        items.save(db, connection, homes, works)
        bulk.update(db, "record", ("home_scope_id", "hash", "body"), ("id",), moved)
        bulk.update(db, "item", ("seen",), ("id",), missing)
        _put_aside(db, connection, _aside_among(db, connection, [row[1] for row in refused]), refused)
        count += len(works)
    items.drop_orphans(db)
    inputs.touch(db, connection)
    return count


def _in_order(record: Record, ranks: Mapping[str, int]) -> Record:
    """The record with its places in this order; those of no rank come last, as they were."""
    if not record.places[1:]:
        return record
    places = tuple(sorted(record.places, key=lambda place: ranks.get(place.scope, len(ranks))))
    return record if places == record.places else replace(record, places=places)


def record(db: Connection, connection: str, remote_id: str) -> tuple[Record, str] | None:
    """One stored record and the instant at which it was read."""
    query = text("select body, read_at from record where connection = :connection and remote_id = :remote_id")
    row = db.execute(query, {"connection": connection, "remote_id": remote_id}).one_or_none()
    return None if row is None else (rows.unpack(row.body), row.read_at)


def homes(db: Connection, connection: str, remote_ids: Collection[str]) -> dict[str, list[str]]:
    """Those of these records that are here, by the remote id of their home scope."""
    by_number = {number: remote_id for remote_id, number in scopes.ids(db, connection).items()}
    stored = bulk.lookup(db, "record", "remote_id, home_scope_id, seen", connection, remote_ids)
    found: dict[str, list[str]] = {}
    for remote_id, home, seen in stored:
        if seen == "here":
            found.setdefault(by_number[home], []).append(remote_id)
    return found


def records(db: Connection, connection: str) -> Iterator[Record]:
    """Every stored record that is not gone, in the order in which they first came; never all in memory."""
    for batch in _batches(db, connection):
        for row in batch:
            yield rows.unpack(row.body)


def _batches(db: Connection, connection: str) -> Iterator[Sequence[Row[int, str, int, str, bytes, str]]]:
    query = text("""
        select id, remote_id, home_scope_id, read_at, body, seen from record
        where connection = :connection and id > :after and seen <> 'gone' order by id limit :batch""")
    after = 0
    while batch := db.execute(query, {"connection": connection, "after": after, "batch": _BATCH}).all():
        yield batch
        after = batch[-1].id
