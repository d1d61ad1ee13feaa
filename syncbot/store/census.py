"""What is no longer in a tool, told by counting: an item is *missing* after one complete census and gone after two.

What is there and was never read, or was gone and is back, is told: only reading it says what it is. No failed or
partial read can make anything vanish: a census is complete or it is not one, and one in which too much is absent is
refused, because a lost permission looks just like that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, Row, text

from syncbot.connector import Fate
from syncbot.model import Struct
from syncbot.store import bulk, inputs

_MANY = 10  # so few may vanish from a small board at once
_PERCENT = 10
_LAST = 2  # no more than so many may vanish if they are all that was there


class Census(Struct, frozen=True):
    """What a census changed: nothing if it was ``refused``, because so many items would have vanished at once.

    ``unread``: ids of what is there and has to be read. ``fates``: of what is gone, how many of each.
    """

    missing: int = 0
    gone: int = 0
    back: int = 0
    unread: tuple[str, ...] = ()
    refused: int = 0
    fates: dict[Fate, int] = {}


def absent(db: Connection, connection: str, scope: str, remote_ids: Collection[str]) -> tuple[list[str], bool]:
    """The ids that are stored of a scope and not among these, and whether they are too many to be believed."""
    rows, too_many = _absent(_stored(db, connection, scope), frozenset(remote_ids))
    return [row.remote_id for row in rows], too_many


def census(
    db: Connection,
    connection: str,
    scope: str,
    remote_ids: Collection[str],
    fates: Mapping[str, Fate] | None = None,
    *,
    accepted: bool = False,
) -> Census:
    """Compare a scope (remote id) with the ids that are in it now, all of them.

    Refused if more than 10% (and more than 10) of what was there would be absent, or all of it (if more than 2); with
    ``accepted``, because a person says that this is right, it is gone at once. ``fates``: what the tool says of what is
    absent.
    """
    stored = _stored(db, connection, scope)
    there = frozenset(remote_ids)
    gone, too_many = _absent(stored, there)
    if too_many and not accepted:
        return Census(refused=len(gone))
    back = [row for row in stored if row.remote_id in there and row.seen == "missing"]
    turned = {
        "missing": [row for row in gone if row.seen == "here" and not accepted],
        "gone": [row for row in gone if row.seen == "missing" or accepted],
        "here": back,
    }
    for seen, rows in turned.items():
        became = [(seen, (fates or {}).get(row.remote_id, ""), row.id) for row in rows]
        bulk.update(db, "record", ("seen", "fate"), ("id",), became)
        bulk.update(db, "item", ("seen",), ("id",), [(seen, row.id) for row in rows])
    if any(turned.values()):
        inputs.touch(db, connection)
    unread = tuple(sorted(there - _known(db, connection, there)))
    told = Counter(fate for row in turned["gone"] if (fate := (fates or {}).get(row.remote_id)))
    return Census(len(turned["missing"]), len(turned["gone"]), len(back), unread, fates=dict(told))


def _stored(db: Connection, connection: str, scope: str) -> Sequence[Row[int, str, str]]:
    query = text("""
        select r.id, r.remote_id, r.seen from record r join scope s on s.id = r.home_scope_id
        where s.connection = :connection and s.remote_id = :scope""")
    return db.execute(query, {"connection": connection, "scope": scope}).all()


def _absent(stored: Sequence[Row[int, str, str]], there: frozenset[str]) -> tuple[list[Row[int, str, str]], bool]:
    """What of the stored is not there, and whether that is more than can vanish at once."""
    gone = [row for row in stored if row.remote_id not in there and row.seen != "gone"]
    expected = sum(row.seen != "gone" for row in stored)
    is_all = len(gone) == expected > _LAST
    return gone, is_all or len(gone) > max(_MANY, expected * _PERCENT / 100)


def missed(db: Connection, connection: str, remote_ids: Collection[str]) -> int:
    """Mark what was asked for by its id and not given: as after a first census, the next look must confirm it."""
    stored = bulk.lookup(db, "record", "id, seen", connection, remote_ids)
    here = [("missing", number) for number, seen in stored if seen == "here"]
    for table in ("record", "item"):
        bulk.update(db, table, ("seen",), ("id",), here)
    if here:
        inputs.touch(db, connection)
    return len(here)


def deleted(db: Connection, connection: str, remote_ids: Collection[str]) -> None:
    """Mark what is gone for certain: the tool says that it was deleted, and no longer has it."""
    stored = bulk.lookup(db, "record", "id, seen", connection, remote_ids)
    here = [number for number, seen in stored if seen != "gone"]
    bulk.update(db, "record", ("seen", "fate"), ("id",), [("gone", "deleted", number) for number in here])
    bulk.update(db, "item", ("seen",), ("id",), [("gone", number) for number in here])
    if here:
        inputs.touch(db, connection)


def _known(db: Connection, connection: str, remote_ids: Collection[str]) -> frozenset[str]:
    """Those that are stored, in whichever scope, or were put aside."""
    stored = bulk.lookup(db, "record", "remote_id, seen", connection, remote_ids)
    aside = bulk.lookup(db, "quarantine", "remote_id", connection, remote_ids)
    return frozenset(row[0] for row in stored if row[1] != "gone") | frozenset(row[0] for row in aside)
