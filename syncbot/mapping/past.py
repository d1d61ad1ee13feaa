"""What became of an item over time, in our words: its history is undone step by step, and each step mapped.

So whatever the mapping makes of a record now, it makes of what the record was: a status by its list, points by a field,
a kind by a label; and a changed mapping tells another past, without asking the tool.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import msgspec
from msgspec.structs import replace

from syncbot.model import CHOICE, Category, Change, Entry, FieldType, Item, Mapped, Record, Value, Word

FOLLOWED = ("kind", "status", "priority", "points", "minutes", "start_on", "due_on", "owner", "is_flagged")
"""What of an item is followed, besides the sprints that it is in."""

_BY_ID: frozenset[FieldType] = frozenset({"person", "people", "date", "instant"})
_WORDS = frozenset({"type", "priority", "resolution"})
_TICKS = frozenset({"archived", "complete"})


class Terms(msgspec.Struct, frozen=True):
    """What is needed to read a history: the types of fields by their ids, and the categories of statuses by theirs."""

    types: Mapping[str, FieldType]
    categories: Mapping[str, Category]


def changes(record: Record, history: Sequence[Entry], terms: Terms, apply: Callable[[Record], Mapped]) -> list[Change]:
    """How an item came to be what it is, the oldest change first; ``history``: all entries of it, in any order."""
    found: list[Change] = []
    now, after = record, apply(record)
    newest_first = sorted(history, key=lambda one: (one.at, _order(one.remote_id)), reverse=True)
    for at, together in groupby(newest_first, key=lambda one: one.at):
        account = None
        for entry in together:
            now, account = undo(now, entry, terms), account or entry.account
        before = apply(now)
        if before.item is not None and after.item is not None:
            found += reversed([Change(*told, at, account) for told in _differences(before, after)])
        after = before
    return found[::-1]


def _order(remote_id: str) -> list[tuple[int, str]]:
    """Ids that count up sort as numbers."""
    return [(len(part), part) for part in remote_id.split(":")]


def undo(record: Record, entry: Entry, terms: Terms) -> Record:
    """The record as it was before an entry of its history."""
    old = entry.old
    name = old.name if old else ""
    said: dict[str, Any]
    if entry.field == "status":
        said = {"status": old, "category": terms.categories.get(old.id) if old else None, "status_since": None}
    elif entry.field == "sprint":
        held = (part.strip() for part in old.id.split(",")) if old else ()
        said = {"sprints": tuple(filter(None, held)), "past_sprints": ()}
    elif entry.field == "section":
        said = {"places": (replace(record.places[0], section=old), *record.places[1:])}
    elif entry.field == "title":
        said = {"title": name, "fields": record.fields | ({"name": name} if "name" in record.fields else {})}
    elif entry.field == "labels":
        said = {"labels": tuple(Word(one, one) for one in name.split())}
    elif entry.field in _WORDS:
        said = {entry.field: old}
    elif entry.field in _TICKS:
        said = {entry.field: old is not None}
    else:
        said = {"fields": _with(record.fields, entry.field, old, terms.types.get(entry.field))}
    return replace(record, **said)


def _with(fields: dict[str, Value], field: str, old: Word | None, kind: FieldType | None) -> dict[str, Value]:
    """The fields with an older value of one of them; it has none that are empty."""
    rest = {name: value for name, value in fields.items() if name not in {field, field + CHOICE}}
    if old is None:
        return rest
    said = (old.id or old.name) if kind in _BY_ID else (old.name or old.id)
    return rest | {field: said} | ({field + CHOICE: old.id} if old.id and field + CHOICE in fields else {})


def _differences(before: Mapped, after: Mapped) -> Iterator[tuple[str, str | None, str | None]]:
    """Field, old and new of what differs between two states of one item."""
    for field in FOLLOWED:
        old, new = _said(before.item, field), _said(after.item, field)
        if old != new:
            yield field, old, new
    was, is_ = ({*one.sprints, *one.past_sprints} for one in (before, after))
    for sprint in sorted(was - is_):
        yield "sprint", sprint, None
    for sprint in sorted(is_ - was):
        yield "sprint", None, sprint


def _said(item: Item | None, field: str) -> str | None:
    value = getattr(item, field)
    if isinstance(value, bool):
        return "yes" if value else None
    return f"{value:g}" if isinstance(value, float) else None if value is None else str(value)
