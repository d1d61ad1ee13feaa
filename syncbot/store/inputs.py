"""Whether anything changed that a check stands on, told by numbers that grow and never by looking at everything.

Whatever changes what is read, or what people decided about findings, calls `touch` in its own transaction. What differs
although nobody touched it (the date, the config, how old a read is) is for the check to know.
"""

from __future__ import annotations

from sqlalchemy import Connection, text


def touch(db: Connection, connection: str = "") -> None:
    """Say that something of a connection is other than it was ("": of no connection, or of several)."""
    query = """
        insert into touched (connection, times) values (:connection, 1)
        on conflict (connection) do update set times = touched.times + 1"""
    db.execute(text(query), {"connection": connection})


def touches(db: Connection) -> dict[str, int]:
    """How often each connection was touched."""
    return {row.connection: row.times for row in db.execute(text("select connection, times from touched"))}
