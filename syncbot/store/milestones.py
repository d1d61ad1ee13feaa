"""Milestones that are no records of their own: a version has the dates and the end that the tool gives it."""

from __future__ import annotations

from sqlalchemy import Connection, text

from syncbot.store import bulk, inputs, rows

_TOLD = ("start_on", "start_day", "due_on", "due_day", "done_day", "status", "is_open")


def describe(db: Connection, connection: str) -> None:
    """Bring the milestones of a connection that its versions name up to date with what is stored of the versions."""
    query = text(f"""
        select i.id, {", ".join(f"i.{name}" for name in _TOLD)}, c.start_on, c.due_on, c.done_on, c.closed
        from item i
        join scope s on s.id = i.home_scope_id
        join container c on c.connection = i.connection and c.scope = s.remote_id and c.name = i.word
        where i.connection = :connection and i.derived_from = 'version' and c.type = 'version'""")
    changed = []
    for number, *row in db.execute(query, {"connection": connection}):
        before, (start, due, done, closed) = row[: len(_TOLD)], row[len(_TOLD) :]
        status = "done" if closed else "planned"
        now = [start, rows.day(start), due, rows.day(due), rows.day(done), status, not closed]
        if now != before:
            changed.append((*now, number))
    bulk.update(db, "item", _TOLD, ("id",), changed)
    if changed:
        inputs.touch(db, connection)
