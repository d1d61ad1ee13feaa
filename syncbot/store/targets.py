"""What was written where: the targets of reports, every attempt to write one, and the accounts we write as.

All of it runs in a transaction of the caller, who holds the store's lock "outbox" while writing. An attempt is recorded
as ``sending`` before the call and ends as ``settled`` or ``failed``; one that stays was cut off and may have happened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, text, update

from syncbot.connector import Written
from syncbot.model import Linked, Record, Struct
from syncbot.store import rows
from syncbot.store.schema import author, item, outbox, record, target


class Remembered(Struct, frozen=True):
    """A target as the store knows it. ``unsettled_until``: an attempt was cut off, and until then may yet show up.

    ``is_touched``: a person closed, opened, moved or deleted it since we last looked at it there.
    """

    remote_id: str | None
    ref: str | None
    url: str | None
    title: str
    body_hash: str | None
    written_at: str | None
    muted_at: str | None
    is_touched: bool
    unsettled_until: str | None


class Attempt(Struct, frozen=True):
    """A body about to be sent to a target, ``key`` being the target's marker; ``news_of``: that of the report, if the
    target is an edition's news of it.
    """

    key: str
    connection: str
    scope: str
    title: str
    body: bytes
    body_hash: str
    news_of: str | None = None


def recall(db: Connection, key: str) -> Remembered | None:
    """What the store knows of a target; None if it was never written to."""
    columns = (
        target.c.remote_id,
        target.c.ref,
        target.c.url,
        target.c.title,
        target.c.body_hash,
        target.c.written_at,
        target.c.muted_at,
        target.c.is_touched,
    )
    sending = (outbox.c.target_id == target.c.id) & (outbox.c.state == "sending")
    query = select(*columns, outbox.c.lease_until).select_from(target.outerjoin(outbox, sending))
    row = db.execute(query.where(target.c.key == key)).one_or_none()
    return Remembered(*row) if row else None


def is_any_there(db: Connection) -> bool:
    """Whether a report was ever written, or stands in a tool as it was read: a lost store knows of none."""
    if db.scalar(select(target.c.id).where(target.c.remote_id.is_not(None)).limit(1)) is not None:
        return True
    is_item = select(item.c.id).where(item.c.id == record.c.id).exists()
    bodies = db.scalars(select(record.c.body).where(record.c.seen == "here", ~is_item))
    return any(rows.unpack(body).marker is not None for body in bodies)


def begin(db: Connection, sent: Attempt, *, now: str, until: str) -> int:
    """Record that a body is about to be sent and return the target's id; an attempt that was cut off is taken up."""
    target_id = db.scalar(select(target.c.id).where(target.c.key == sent.key))
    if target_id is None:
        made = {
            "key": sent.key,
            "connection": sent.connection,
            "scope": sent.scope,
            "title": sent.title,
            "news_of": sent.news_of,
        }
        target_id = db.execute(insert(target).values(made).returning(target.c.id)).scalar_one()
    row = {"body": sent.body, "body_hash": sent.body_hash, "sent_at": now, "lease_until": until, "error": None}
    if not db.execute(update(outbox).where(*_open(target_id)).values(row)).rowcount:
        db.execute(insert(outbox).values(target_id=target_id, state="sending", created_at=now, **row))
    return int(target_id)


def settle(db: Connection, target_id: int, sent: Attempt, written: Written, *, now: str) -> None:
    """Record what became of the attempt, and where the report is."""
    ended = {"state": "settled", "settled_at": now, "outcome": written.outcome, "lease_until": None}
    db.execute(update(outbox).where(*_open(target_id)).values(ended))
    if written.outcome == "muted":
        _keep_one(db, target_id)
    place: dict[str, Any] = {"remote_id": written.remote_id, "ref": written.ref, "url": written.url}
    place["is_touched"] = False
    if written.outcome == "created":
        place["noticed"] = None
    if written.outcome == "muted":
        place["muted_at"] = now
    else:
        place |= {"title": sent.title, "body_hash": sent.body_hash, "muted_at": None, "held": None}
    if written.requests:
        place["written_at"] = now
    db.execute(update(target).where(target.c.id == target_id).values(place))


def notice(db: Connection, connection: str) -> None:
    """Mark the reports that stand otherwise in the tool, as it was last read, than when they were last noticed.

    What we write ourselves changes none of what is compared. One whose place is not read is not noticed.
    """
    query = (
        select(target.c.id, target.c.noticed, record.c.seen, record.c.body)
        .join(record, (record.c.connection == target.c.connection) & (record.c.remote_id == target.c.remote_id))
        .where(target.c.connection == connection, target.c.news_of.is_(None))
    )
    for number, before, seen, body in db.execute(query).all():
        stands = _stands(rows.unpack(body), is_gone=seen != "here")
        if stands == before:
            continue
        is_as_made = before is None and not stands.startswith(_PUT_AWAY)
        touched = {} if is_as_made else {"is_touched": True}
        db.execute(update(target).where(target.c.id == number).values(noticed=stands, **touched))


_PUT_AWAY = ("gone", "closed")


def _stands(report: Record, *, is_gone: bool) -> str:
    closed = report.archived or report.complete or report.category == "done"
    state = "gone" if is_gone else "closed" if closed else "open"
    return " ".join((state, report.ref, *sorted({place.scope for place in report.places})))


def held(db: Connection) -> dict[str, str | None]:
    """By marker, why what a report that stands should say by now is not written yet; None: it says it."""
    found = db.execute(select(target.c.key, target.c.held).where(target.c.remote_id.is_not(None)))
    return {row.key: row.held for row in found}


def hold(db: Connection, why: Mapping[str, str | None]) -> None:
    """Keep that, for these."""
    for key, said in why.items():
        db.execute(update(target).where(target.c.key == key).values(held=said))


def left(db: Connection) -> dict[str, tuple[str, bool]]:
    """Of each living report, by marker, its connection and whether it is written no more."""
    query = select(target.c.key, target.c.connection, target.c.is_left).where(target.c.news_of.is_(None))
    return {row.key: (row.connection, row.is_left) for row in db.execute(query)}


def leave(db: Connection, is_left: Mapping[str, bool]) -> None:
    """Keep that, for these."""
    for key, said in is_left.items():
        db.execute(update(target).where(target.c.key == key).values(is_left=said))


def is_any_touched(db: Connection) -> bool:
    """Whether there is a report to look at, whatever it says."""
    return db.scalar(select(target.c.id).where(target.c.is_touched).limit(1)) is not None


def fail(db: Connection, target_id: int, error: str, *, now: str) -> None:
    """Record that the attempt was refused. Some of its calls may have gone through, so what the tool says is open."""
    ended = {"state": "failed", "settled_at": now, "error": error, "lease_until": None}
    db.execute(update(outbox).where(*_open(target_id)).values(ended))
    _keep_one(db, target_id)
    db.execute(update(target).where(target.c.id == target_id).values(body_hash=None))


def _keep_one(db: Connection, target_id: int) -> None:
    """Of attempts that ended alike one after the other keep the last: each run makes one, with the whole body."""
    query = select(outbox.c.id, outbox.c.state, outbox.c.outcome).where(outbox.c.target_id == target_id)
    found = db.execute(query.order_by(outbox.c.id.desc()).limit(2)).all()
    if len(found) > 1 and found[0][1:] == found[1][1:]:
        db.execute(delete(outbox).where(outbox.c.id == found[1].id))


def doubt(db: Connection, target_id: int, error: str, *, until: str) -> None:
    """Record that no answer came: the attempt stays open, and ``until`` then its result may not be found yet."""
    db.execute(update(outbox).where(*_open(target_id)).values(error=error, lease_until=until))


def wait(db: Connection, key: str, *, until: str) -> None:
    """Let the result of an attempt that stays open not be found yet until then, and no longer."""
    target_id = db.execute(select(target.c.id).where(target.c.key == key)).scalar_one()
    db.execute(update(outbox).where(*_open(target_id)).values(lease_until=until))


def said(db: Connection, key: str) -> list[bytes]:
    """What a report may say: what was sent last and may have arrived, back to what was written last."""
    query = select(outbox.c.id).join(target, target.c.id == outbox.c.target_id).where(target.c.key == key)
    sent = query.where(outbox.c.outcome.is_distinct_from("muted"))
    written = db.scalar(sent.where(outbox.c.state == "settled").order_by(outbox.c.id.desc()).limit(1))
    since = sent.where(outbox.c.id >= (written or 0))
    return [*db.scalars(select(outbox.c.body).where(outbox.c.id.in_(since)).order_by(outbox.c.id.desc()))]


def told(db: Connection, key: str) -> bytes | None:
    """The body of the last news that were told of a report (its marker), if any were."""
    query = (
        select(outbox.c.body)
        .join(target, target.c.id == outbox.c.target_id)
        .where(target.c.news_of == key, outbox.c.state == "settled", outbox.c.outcome != "muted")
        .order_by(outbox.c.id.desc())
        .limit(1)
    )
    return db.scalar(query)


def others(db: Connection, connection: str, keys: Collection[str]) -> list[Remembered]:
    """The reports that this connection has written and that are none of these (by marker), by title."""
    found = db.execute(
        select(target.c.key, target.c.title).where(target.c.connection == connection, target.c.news_of.is_(None))
    )
    there = [recall(db, row.key) for row in sorted(found, key=lambda row: row.title) if row.key not in keys]
    return [one for one in there if one is not None and one.remote_id is not None]


def known_authors(db: Connection, connection: str) -> frozenset[str]:
    """Every account that this connection ever wrote as."""
    return frozenset(db.scalars(select(author.c.account).where(author.c.connection == connection)))


def authors(db: Connection, connection: str, account: str) -> frozenset[str]:
    """Every account that this connection ever wrote as, ``account`` from now on among them."""
    known = known_authors(db, connection)
    if account not in known:
        db.execute(insert(author).values(connection=connection, account=account))
    return known | {account}


def _open(target_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return outbox.c.target_id == target_id, outbox.c.state == "sending"


def linked(db: Connection, connection: str, scope: str) -> Linked:
    """What a report on this scope (its remote id) covers besides it: what its items link to, and the work below that.

    Sprints count if an item of theirs does.
    """
    rows = db.execute(text(_LINKED), {"connection": connection, "scope": scope}).all()
    return Linked(
        subjects=frozenset((row.connection, row.remote_id) for row in rows),
        scopes=frozenset((row.connection, row.scope) for row in rows if row.scope is not None),
    )


def work(db: Connection) -> dict[int, frozenset[tuple[str, str]]]:
    """The scopes in which those have open work of whom a report may speak, by our id."""
    found: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    for row in db.execute(text(_WORK)):
        found[row.person_id].add((row.connection, row.remote_id))
    return {person: frozenset(places) for person, places in found.items()}


_WORK = """
select distinct a.person_id, s.connection, s.remote_id
from assignee a join item i on i.id = a.item_id join scope s on s.id = i.home_scope_id
where i.is_open and i.seen = 'here' and a.person_id in (
  select person_id from person_weeks union select subject from finding where view = 'person')"""
_LINKED = """
with own as (
  select m.item_id as id from membership m join scope s on s.id = m.scope_id
  where s.connection = :connection and s.remote_id = :scope),
near as (
  select id from own
  union select l.to_id from link l join own on own.id = l.from_id
  union select l.from_id from link l join own on own.id = l.to_id),
heads as (
  select distinct i.feature_id as id from item i join near on near.id = i.id where i.feature_id is not null),
reached as (
  select id from near
  union select i.id from item i join heads on heads.id = i.feature_id)
select i.connection, i.remote_id, s.remote_id as scope
from reached join item i on i.id = reached.id join scope s on s.id = i.home_scope_id
where i.seen = 'here'
union
select p.connection, p.remote_id, s.remote_id
from reached join item_sprint x on x.item_id = reached.id and x.is_current
join sprint p on p.id = x.sprint_id left join scope s on s.id = p.scope_id
"""
