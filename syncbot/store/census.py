"""What is no longer in a tool, told by counting: an item is *missing* after one complete census and gone after two.

What is there and was never read, or was gone and is back, is told: only reading it says what it is. No failed or
partial read can make anything vanish: a census is complete or it is not one, and one in which too much is absent is
refused, because a lost permission looks just like that.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, text

from syncbot.model import Struct
from syncbot.store import bulk, inputs

_MANY = 10  # so few may vanish from a small board at once
_PERCENT = 10


class Census(Struct, frozen=True):
    """What a census changed: nothing if it was ``refused``, because so many items would have vanished at once.

    ``unread``: ids of what is there and has to be read.
    """

    missing: int = 0
    gone: int = 0
    back: int = 0
    unread: tuple[str, ...] = ()
    refused: int = 0


def census(db: Connection, connection: str, scope: str, remote_ids: Collection[str]) -> Census:
    """Compare a scope (remote id) with the ids that are in it now, all of them.

    Refused if more than 10% (and more than 10) of what was there would be absent.
    """
    query = text("""
        select r.id, r.remote_id, r.seen from record r join scope s on s.id = r.home_scope_id
        where s.connection = :connection and s.remote_id = :scope""")
    stored = db.execute(query, {"connection": connection, "scope": scope}).all()
    there = frozenset(remote_ids)
    absent = [row for row in stored if row.remote_id not in there and row.seen != "gone"]
    expected = sum(row.seen != "gone" for row in stored)
    if len(absent) > max(_MANY, expected * _PERCENT / 100):
        return Census(refused=len(absent))
    back = [row.id for row in stored if row.remote_id in there and row.seen == "missing"]
    turned = {
        "missing": [row.id for row in absent if row.seen == "here"],
        "gone": [row.id for row in absent if row.seen == "missing"],
        "here": back,
    }
    for seen, numbers in turned.items():
        for table in ("record", "item"):
            bulk.update(db, table, ("seen",), ("id",), [(seen, number) for number in numbers])
    if any(turned.values()):
        inputs.touch(db, connection)
    unread = tuple(sorted(there - _known(db, connection, there)))
    return Census(len(turned["missing"]), len(turned["gone"]), len(back), unread)


def missed(db: Connection, connection: str, remote_ids: Collection[str]) -> int:
    """Mark what was asked for by its id and not given: as after a first census, the next look must confirm it."""
    stored = bulk.lookup(db, "record", "id, seen", connection, remote_ids)
    here = [("missing", number) for number, seen in stored if seen == "here"]
    for table in ("record", "item"):
        bulk.update(db, table, ("seen",), ("id",), here)
    if here:
        inputs.touch(db, connection)
    return len(here)


def _known(db: Connection, connection: str, remote_ids: Collection[str]) -> frozenset[str]:
    """Those that are stored, in whichever scope, or were put aside."""
    stored = bulk.lookup(db, "record", "remote_id, seen", connection, remote_ids)
    aside = bulk.lookup(db, "quarantine", "remote_id", connection, remote_ids)
    return frozenset(row[0] for row in stored if row[1] != "gone") | frozenset(row[0] for row in aside)
