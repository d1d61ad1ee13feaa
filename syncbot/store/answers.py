"""What people asked of us in their tools, each once: kept as long as it could hold, since the tool tells it again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from sqlalchemy import Connection, text

from syncbot.connector import Answer
from syncbot.model import Struct
from syncbot.store import bulk, rows

_COLUMNS = ("connection", "remote_id", "target", "account", "at", "said", "entry", "ticked")


class Request(Struct, frozen=True):
    """Something asked, and by whom: key, name and roles; the key is None as long as nobody stands for the account.

    ``target``: the marker of the report; ``entry``: which of its entries was ticked or unticked, if it is no comment.
    """

    connection: str
    remote_id: str
    target: str
    at: str
    said: str
    entry: str | None
    ticked: bool
    key: str | None = None
    name: str | None = None
    roles: tuple[str, ...] = ()
    state: str = "open"
    reply: str = ""


def keep(db: Connection, connection: str, target: str, answers: Iterable[Answer]) -> None:
    """Keep those that were not kept before."""
    new = {one.remote_id: one for one in answers}
    known = {found[0] for found in bulk.lookup(db, "answer", "remote_id", connection, new.keys())}
    bulk.insert(
        db,
        "answer",
        _COLUMNS,
        [
            (connection, key, target, one.account, one.at, rows.clean(one.text), one.entry, one.ticked)
            for key, one in new.items()
            if key not in known
        ],
    )


def still_open(db: Connection) -> list[Request]:
    """What was neither done nor refused, in the order in which it was said."""
    return _read(db, "a.state = 'open'", "a.at, a.connection, a.remote_id")


def refused(db: Connection, since: str) -> list[Request]:
    """What was refused of what was said since an instant, the newest first."""
    return _read(db, "a.state = 'refused' and a.at >= :since", "a.at desc, a.connection, a.remote_id", since=since)


def voices(db: Connection, connection: str) -> frozenset[str]:
    """The keys and roles of those people who have an account on a connection."""
    query = text("""
        select p.key, p.roles from person p join account a on a.person_id = p.id where a.connection = :connection""")
    found = db.execute(query, {"connection": connection}).all()
    return frozenset(name for row in found for name in (row.key, *(row.roles or "").split(",")) if name)


def settle(db: Connection, request: Request, state: Literal["taken", "over", "refused"], reply: str) -> None:
    """Keep what became of it; ``over``: there was nothing left to do."""
    query = text("""
        update answer set state = :state, reply = :reply
        where connection = :connection and remote_id = :remote_id""")
    named = {"connection": request.connection, "remote_id": request.remote_id}
    db.execute(query, {**named, "state": state, "reply": reply})


def _read(db: Connection, where: str, order: str, **values: str) -> list[Request]:
    query = text(f"""
        select a.*, p.key, p.name, p.roles
        from answer a
        left join account c on c.connection = a.connection and c.remote_id = a.account
        left join person p on p.id = c.person_id
        where {where} order by {order}""")
    return [
        Request(
            connection=row.connection,
            remote_id=row.remote_id,
            target=row.target,
            at=row.at,
            said=row.said,
            entry=row.entry,
            ticked=bool(row.ticked),
            key=row.key,
            name=row.name,
            roles=tuple(row.roles.split(",")) if row.roles else (),
            state=row.state,
            reply=row.reply,
        )
        for row in db.execute(query, values)
    ]
