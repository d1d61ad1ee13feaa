"""What an edited mapping would change, tried on what is stored and taken back: no tool is asked, nothing is kept.

Both sides are counted by the same facts and rules at the same instant, so a difference is the mapping's alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from syncbot import rules
from syncbot.config import Config
from syncbot.model import Finding, Struct
from syncbot.pipeline.check import build_facts, mapped_fields
from syncbot.pipeline.feed import Ready
from syncbot.store import Store, memory, records

COLUMNS = (
    "kind",
    "status",
    "side",
    "priority",
    "points",
    "minutes",
    "left_minutes",
    "spent_minutes",
    "start_on",
    "due_on",
    "is_flagged",
    "function",
    "requires",
)
"""What a mapping decides of an item, beside its people, links and sprints."""

_HUNG = {
    "owner": "select i.id as item_id, a.name as said from item i join account a on a.id = i.owner_account_id",
    "assignees": "select x.item_id, a.name as said from assignee x join account a on a.id = x.account_id",
    "sprints": "select x.item_id, s.name as said from item_sprint x join sprint s on s.id = x.sprint_id",
    "links": """
        select l.from_id as item_id, l.type || ' ' || i.ref as said from link l join item i on i.id = l.to_id
        where i.seen = 'here'""",
}


class Piece(Struct, frozen=True):
    """An item as one mapping reads it: what people call it, and its values by our names."""

    connection: str
    ref: str
    title: str
    derived: bool
    restricted: bool
    values: dict[str, str]


class Picture(Struct, frozen=True):
    """Everything that is read, one way. ``items`` by connection and remote id, ``findings`` by fingerprint."""

    items: dict[tuple[str, str], Piece]
    unknown: dict[tuple[str, str, str], int]
    findings: dict[str, Finding]
    cannot_tell: dict[tuple[str, str], str]


class Preview(Struct, frozen=True):
    """Before and after. ``unread``: the fields, by connection, that the edited mapping wants and no pull asked for."""

    before: Picture
    after: Picture
    unread: dict[str, tuple[str, ...]]


def preview(
    store: Store, ready: Sequence[Ready], config: Config, catalogue: rules.Catalogue, *, now: dt.datetime
) -> Preview:
    """Read everything that is stored as these mappings say, and compare it with how it is stored.

    Other writers of the store wait meanwhile.
    """
    today = now.astimezone(ZoneInfo(config.timezone)).date()
    mapped = mapped_fields(store, config)
    edited = dict(mapped)
    for one in ready:
        edited = {key: fields for key, fields in edited.items() if key[0] != one.name}
        edited |= {(one.name, scope): frozenset(fields) for scope, fields in one.mapped_fields().items()}
    with _undone(store) as db:
        unread = {one.name: missing for one in ready if (missing := _unread(db, one))}
        build_facts(db, config, catalogue, mapped, now=now, today=today)
        before = _picture(db, config, catalogue, today)
        for one in ready:
            records.remap(db, one.name, one.apply, one.order)
        build_facts(db, config, catalogue, edited, now=now, today=today)
        after = _picture(db, config, catalogue, today)
    return Preview(before, after, unread)


class _UndoneError(Exception):
    """Ends the transaction without keeping it."""


@contextmanager
def _undone(store: Store) -> Iterator[Connection]:
    with suppress(_UndoneError), store.writing() as db:
        yield db
        _undo()


def _undo() -> None:
    raise _UndoneError


def _unread(db: Connection, ready: Ready) -> tuple[str, ...]:
    asked = memory.get_state(db, ready.name, "asked", list[str])
    names = {field.id: field.name for field in ready.vocabulary.fields}
    return tuple(sorted(names.get(one, one) for one in ready.wanted - set(asked[0] if asked else ())))


def _picture(db: Connection, config: Config, catalogue: rules.Catalogue, today: dt.date) -> Picture:
    answers = list(rules.check(db, catalogue, config.rules, today=today, filled_percent=config.filled_percent))
    return Picture(
        items=_items(db),
        unknown={(row.connection, row.facet, row.word): row.records for row in db.execute(text(_UNKNOWN))},
        findings={one.fingerprint: one for answer in answers for one in answer.findings},
        cannot_tell={(gap.rule, gap.scope or ""): gap.reason for answer in answers for gap in answer.cannot_tell},
    )


def _items(db: Connection) -> dict[tuple[str, str], Piece]:
    hung: dict[int, dict[str, list[str]]] = {}
    for name, query in _HUNG.items():
        for row in db.execute(text(query)):
            hung.setdefault(row.item_id, {}).setdefault(name, []).append(row.said)
    query = f"""
        select id, connection, remote_id, ref, title, derived_from, is_restricted, {", ".join(COLUMNS)}
        from item where seen = 'here' order by connection, ref, id"""
    found = {}
    for number, connection, remote_id, ref, title, derived, restricted, *told in db.execute(text(query)):
        values = {name: _said(value) for name, value in zip(COLUMNS, told, strict=True) if value is not None}
        values["is_flagged"] = "yes" if values["is_flagged"] not in {"0", "False"} else ""
        values |= {name: ", ".join(sorted(said)) for name, said in hung.get(number, {}).items()}
        kept = {name: said for name, said in values.items() if said}
        found[connection, remote_id] = Piece(connection, ref, title, derived is not None, bool(restricted), kept)
    return found


def _said(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


_UNKNOWN = """
    select r.connection, u.facet, u.word, count(*) as records from unmapped u join record r on r.id = u.record_id
    where r.seen = 'here' group by r.connection, u.facet, u.word"""
