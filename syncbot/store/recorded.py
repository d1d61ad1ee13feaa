"""The findings as they were recorded on a day: read from their events, nothing is evaluated anew."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, text

from syncbot.model import Finding, FindingState, Stated, Struct
from syncbot.store import rows
from syncbot.store.findings import date_of

_decode = msgspec.msgpack.Decoder(Finding).decode


class Turn(Struct, frozen=True):
    """One event of a finding's life: the date, what it was from then on, and whether its words changed with it."""

    on: str
    event: str
    says_otherwise: bool


def first_day(db: Connection) -> str | None:
    """The date on which the first edition began, before which nothing was recorded; None: nothing ever was."""
    began: str | None = db.scalar(text("select min(started_on) from edition"))
    return began


def recorded(db: Connection, on: str) -> list[Stated]:
    """Every finding as the last check of a date left it, or the last one before: what that day's report stated.

    Which waiver accepted it is not recorded. What was resolved is told although its rule was switched off since.
    """
    day = rows.day(on) or 0
    edition = db.scalar(text("select max(id) from edition where started_on <= :on"), {"on": on})
    stated = []
    for row in db.execute(text(_EVENTS), {"day": day}):
        state: FindingState
        match row.event:
            case "unsaid":
                continue
            case "resolved" if row.edition != edition:
                continue
            case "open":
                state = "new" if row.first_edition == edition else "still"
            case other:
                state = other
        last_day = row.last_day if row.event in {"not_checked", "resolved"} else min(day, row.seen_day)
        stated.append(Stated(_decode(row.body), state, date_of(row.first_day), date_of(last_day)))
    return stated


def turns(db: Connection, fingerprint: str) -> list[Turn]:
    """The life of a finding, from its first event to its last."""
    query = text("select day, event, body from finding_event where fingerprint = :fingerprint order by id")
    found = db.execute(query, {"fingerprint": fingerprint}).all()
    return [Turn(date_of(row.day), row.event, row.body is not None) for row in found]


_EVENTS = """
    select e.event, e.edition, e.first_day, e.first_edition, e.last_day, f.last_day as seen_day, said.body
    from (
        select fingerprint, max(id) as id, max(case when body is not null then id end) as said_id
        from finding_event where day <= :day group by fingerprint
    ) last
    join finding_event e on e.id = last.id
    join finding_event said on said.id = last.said_id
    join finding f on f.fingerprint = last.fingerprint
    order by f.rule, f.fingerprint"""
