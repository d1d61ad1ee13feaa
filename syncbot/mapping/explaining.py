"""Why a record is the item that it is: for each of its values the line of the mapping file that says so.

Follows the same compiled tables as `apply`, so that what is told is what was done.
"""

from __future__ import annotations

from collections.abc import Iterator

from syncbot.mapping.applying import apply, home_first
from syncbot.mapping.ladder import Left, decide
from syncbot.mapping.resolve import Mapping
from syncbot.mapping.scoped import Decided, Scoped
from syncbot.mapping.values import is_filled
from syncbot.mapping.words import Spot
from syncbot.model import Item, Place, Record, Reference, Struct
from syncbot.patterns import matches


class Reason(Struct, frozen=True):
    """One of our values, the tool's value that it stands on, and where that is written; ``spot`` None: nowhere."""

    ours: str
    value: str
    theirs: str
    spot: Spot | None = None


def explain(mapping: Mapping, record: Record, own_accounts: frozenset[str]) -> list[Reason]:
    """The reasons for kind, status, fields and what else the mapping decides, in the order of an item's columns."""
    mapped = apply(mapping, record, own_accounts)
    if record.marker is not None and record.creator in own_accounts:
        return [Reason("kind", "no item", "it is a report of syncbot's own")]
    places = home_first(mapping, record.places)
    home = places[0] if places else Place("")
    scoped = mapping.scoped.get(home.scope, mapping.elsewhere)
    decided = scoped.decide(record, home.section)
    reasons = [_kind(decided, record)]
    if mapped.item is None:
        return reasons
    item = mapped.item
    reasons += [_status(decided, record, item), *_decisions(decided, record, item), *_fields(scoped, record, item)]
    reasons += [_derived(scoped, one.remote_id, one.title, one.word) for one in mapped.derived]
    reasons += [_derived(scoped, one.remote_id, one.name, one.name) for one in mapped.derived_sprints]
    return reasons


def meaning_spot(mapping: Mapping, record: Record, reference: Reference) -> Spot | None:
    """Where the mapping says what a reference means; None: its form or the tool's own hierarchy does."""
    places = home_first(mapping, record.places)
    scoped = mapping.scoped.get(places[0].scope if places else "", mapping.elsewhere)
    return None if reference.parent else scoped.meaning(reference.word).spot


def _derived(scoped: Scoped, remote_id: str, title: str, word: str) -> Reason:
    """Why something is derived; its id tells from which facet, as `Scoped` makes it."""
    kind, facet = remote_id.split(":")[:2]
    origins = (one for one in scoped.rules.origins if (one.kind or "sprint") == kind and one.facet == facet)
    names = (name for origin in origins for name in origin.names if matches(name.text, word))
    spot = next((name.spot for name in names), None)
    return Reason(kind, title, f"{facet} “{word}”", spot)


def _kind(decided: Decided, record: Record) -> Reason:
    found = decide(decided.kind, record)
    type_ = record.type.name if record.type else ""
    if found is None:
        return Reason("kind", "task", type_ or "no line fits, so it is work")
    said = "no item" if found.result == "ignore" else found.result
    return Reason("kind", said, type_, found.spot)


def _status(decided: Decided, record: Record, item: Item) -> Reason:
    found = decide(decided.status, record)
    if record.archived and item.word == "archived":
        return Reason("status", item.status, "archived there")
    if found is not None:
        return Reason("status", item.status, item.word, found.spot)
    if record.category is not None:
        return Reason("status", item.status, f"{item.word}, which the tool counts as {record.category}")
    if record.complete:
        return Reason("status", item.status, "ticked off there")
    return Reason("status", item.status, f"{item.word}, which no line names" if item.word else "no word")


def _decisions(decided: Decided, record: Record, item: Item) -> Iterator[Reason]:
    side = decide(decided.side, record)
    yield Reason("side", item.side, "" if side else "scope, connection or kind", side.spot if side else None)
    told: tuple[tuple[str, str | int | None, tuple[Left, ...]], ...] = (
        ("priority", item.priority, decided.priority),
        ("flagged", "yes" if item.is_flagged else None, decided.flagged),
        ("committed", "yes" if item.committed else None, decided.committed),
        ("function", item.function, decided.function),
    )
    for ours, value, left in told:
        found = decide(left, record)
        if value is not None and found is not None:
            theirs = record.priority.name if ours == "priority" and record.priority else ""
            yield Reason(ours, str(value), theirs, found.spot)
    for left in decided.requires:
        if found := decide(left, record):
            yield Reason("requires", found.result, "", found.spot)


def _fields(scoped: Scoped, record: Record, item: Item) -> Iterator[Reason]:
    """Our fields, each with the first of the tool's that is filled, or with those that are empty."""
    for ours, readings in scoped.rules.readings.items():
        for reading in readings:
            value = reading.title(record.title) if reading.title else record.fields.get(reading.field)
            if value is not None and is_filled(value):
                said = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
                shown = said if ours in {"owner", "assignees"} else getattr(item, ours)
                yield Reason(ours, "" if shown is None else str(shown), reading.field or "title", reading.spot)
                break
        else:
            yield Reason(ours, "", ", ".join(one.field or "title" for one in readings) + ": empty", readings[0].spot)
