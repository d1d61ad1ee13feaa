"""From a record to an item: pure, and quick, since every record of every read goes through here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from functools import lru_cache
from typing import Literal, TypeVar, cast

from syncbot.mapping import values
from syncbot.mapping.ladder import decide
from syncbot.mapping.resolve import Mapping
from syncbot.mapping.scoped import Decided, Derived, Meaning, Reading, Rules, Scoped
from syncbot.model import (
    CHOICE,
    OPEN,
    Assignee,
    Item,
    Kind,
    Mapped,
    Place,
    Record,
    Reference,
    Side,
    Status,
    Tie,
    Unmapped,
    Value,
    Word,
)
from syncbot.patterns import fold

E = TypeVar("E", int, float)

_CATEGORIES: dict[str, Status] = {"new": "planned", "doing": "doing", "done": "done"}
_PARENT = Meaning("child_of")
_TEAM = 120  # characters of a team's name or id: enough to tell teams apart, and no whole essay
_LONGEST = 80  # of a value that could not be read, kept as an example


def apply(mapping: Mapping, record: Record, own_accounts: frozenset[str]) -> Mapped:
    """What the record is on the model. Never raises: what cannot be read is ``unmapped``.

    ``own_accounts``: the accounts that this connection writes as; a record of theirs that bears our marker is our
    report, and no work.
    """
    if record.marker is not None and record.creator in own_accounts:
        return Mapped(record.remote_id, None)
    places = home_first(mapping, record.places)
    home = places[0] if places else Place("")
    scoped = mapping.scoped.get(home.scope, mapping.elsewhere)
    decided = scoped.decide(record, home.section)
    kind = decide(decided.kind, record)
    if kind is not None and kind.result == "ignore":
        return Mapped(record.remote_id, None)

    unmapped: list[tuple[str, str]] = []
    if kind is None and scoped.rules.ladders["kind"]:
        unmapped.append(("type", record.type.name if record.type else ""))
    status, word = _status(scoped, decided, record, home.section, unmapped)
    derived = decided.derived
    if scoped.by_value:
        derived = _both(derived, scoped.named_by_values(record))
    owner, assignees = _people(scoped.rules, record)
    item = _item(mapping, scoped, decided, record, kind.result if kind else "task", status, word, owner, unmapped, home)
    sprints = record.sprints
    if derived.sprints:
        sprints = (*sprints, *(sprint.remote_id for sprint in derived.sprints))
    return Mapped(
        record.remote_id,
        item,
        assignees,
        places,
        sprints,
        record.past_sprints,
        _ties(scoped, record.references, derived) if record.references or derived.items else (),
        derived.items,
        derived.sprints,
        tuple([Unmapped(facet, word, home.scope, record.ref) for facet, word in unmapped]) if unmapped else (),
    )


def home_first(mapping: Mapping, places: tuple[Place, ...]) -> tuple[Place, ...]:
    """The places with the home first: the first in the config's order; what is not in it keeps the tool's order."""
    if len(places) <= 1:
        return places
    last = len(mapping.order)
    return tuple(sorted(places, key=lambda place: mapping.order.get(place.scope, last)))


def _status(
    scoped: Scoped, decided: Decided, record: Record, section: Word | None, unmapped: list[tuple[str, str]]
) -> tuple[Status, str]:
    """The status, and the tool's own word for it.

    The mapping's word counts first, then the tool's category, then its tick. What is archived is not open: it is done
    if it is ticked, else dropped.
    """
    own = record.status or section
    word = own.name if own else ""
    found = decide(decided.status, record)
    if found is not None:
        status = cast("Status", found.result)
        if found.values and record.complete and status == "done" and record.status is None:
            word = "complete"  # not the list's name decided, but the tick
    elif record.category is not None:
        status = _CATEGORIES[record.category]
        word = word or ("incomplete" if status in OPEN else "complete")
    elif record.complete:
        status, word = "done", "complete"
    else:
        status = "planned"
        if not record.archived and not decided.derived.sprints:  # a list that is a sprint is no unknown word
            facet = "status" if record.status or not section else scoped.section
            unmapped.append((facet, word))
    if record.archived and status in OPEN:
        return ("done" if record.complete else "dropped"), "archived"
    return status, word


def _item(
    mapping: Mapping,
    scoped: Scoped,
    decided: Decided,
    record: Record,
    kind: str,
    status: Status,
    word: str,
    owner: str | None,
    unmapped: list[tuple[str, str]],
    home: Place,
) -> Item:
    rules, zone = scoped.rules, mapping.zone
    its_kind = cast("Kind", kind)
    side = decide(decided.side, record)
    priority = decide(decided.priority, record)
    if priority is None and record.priority is not None and rules.ladders["priority"]:
        unmapped.append(("priority", record.priority.name))
    function = decide(decided.function, record)
    since = values.day(record.status_since, zone)
    # By position, in the order of Item: by name, all of them would take as long as the rest of this module.
    return Item(
        mapping.connection,
        record.remote_id,
        record.ref,
        record.url,
        its_kind,
        cast("Side", side.result) if side else scoped.sides[its_kind],
        record.title,
        status,
        word,
        home.scope,
        record.changed,
        home.section.name if home.section else None,
        _team(rules.team, record) if rules.team else None,
        owner,
        decide(decided.flagged, record) is not None,
        record.restricted,
        record.archived,
        decide(decided.committed, record) is not None if rules.ladders["committed"] else None,
        int(priority.result) if priority else None,
        function.result if function else None,
        tuple([step.result for left in decided.requires if (step := decide(left, record))]),
        _effort("points", rules.points, record, values.points, unmapped),
        _effort("minutes", rules.minutes, record, values.minutes, unmapped),
        _effort("left_minutes", rules.left_minutes, record, values.minutes, unmapped),
        _effort("spent_minutes", rules.spent_minutes, record, values.minutes, unmapped),
        _day("start_on", rules.start_on, record, zone, unmapped),
        _day("due_on", rules.due_on, record, zone, unmapped),
        values.day(record.created, zone),
        since if status == "doing" and record.category in {None, "doing"} else None,
        since if status == "done" and record.category in {None, "done"} else None,
        record.description_words,
        record.has_reason,
    )


def _effort(
    ours: str,
    readings: tuple[Reading, ...],
    record: Record,
    read: Callable[[Value, int], E | None],
    unmapped: list[tuple[str, str]],
) -> E | None:
    """The first effort that is filled and can be read."""
    for reading in readings:
        value = reading.title(record.title) if reading.title else record.fields.get(reading.field)
        if isinstance(value, tuple) and len(value) == 1:
            value = value[0]
        if value is None or not values.is_filled(value):
            continue
        effort = read(value, reading.unit)
        if effort is not None:
            return effort
        unmapped.append((ours, _example(record, value)))
    return None


def _day(ours: str, ids: tuple[str, ...], record: Record, zone: tzinfo, unmapped: list[tuple[str, str]]) -> str | None:
    for key in ids:
        value = record.fields.get(key)
        if value is not None and values.is_filled(value):
            day = values.day(value, zone)
            if day is not None:
                return day
            unmapped.append((ours, _example(record, value)))
    return None


def _example(record: Record, value: Value) -> str:
    """A value that could not be read, to show to the admin; what stands in a restricted item is not shown."""
    return "(restricted)" if record.restricted else str(value)[:_LONGEST]


def _people(rules: Rules, record: Record) -> tuple[str | None, tuple[Assignee, ...]]:
    """The owner and all who are on it, in equal shares: one member is the owner, of several none is."""
    owners = _accounts(rules.owner, record)
    everyone = owners
    if rules.assignees:
        everyone = tuple(dict.fromkeys((*owners, *_accounts(rules.assignees, record))))
    if len(everyone) == 1:
        return everyone[0] if owners else None, _alone(everyone[0], "owner" if owners else "assignee")
    owner = owners[0] if len(owners) == 1 else None
    if not everyone:
        return None, ()
    share = 1 / len(everyone)
    return owner, tuple([Assignee(one, "owner" if one == owner else "assignee", share) for one in everyone])


@lru_cache(maxsize=8192)
def _alone(account: str, role: Literal["owner", "assignee"]) -> tuple[Assignee, ...]:
    """Who is alone on an item, made once for all of theirs."""
    return (Assignee(account, role, 1.0),)


def _team(ids: tuple[str, ...], record: Record) -> Word | None:
    """The team that the first filled field names: of several the first. Text is its own id, however it is written."""
    for key in ids:
        name = _first(record.fields.get(key))
        if isinstance(name, str) and (name := " ".join(name.split())[:_TEAM]):
            chosen = _first(record.fields.get(key + CHOICE))
            return Word(fold(name) if chosen is None else str(chosen)[:_TEAM], name)
    return None


def _first(value: Value | None) -> Value | None:
    return (value[0] if value else None) if isinstance(value, tuple) else value


def _accounts(ids: tuple[str, ...], record: Record) -> tuple[str, ...]:
    for key in ids:
        value = record.fields.get(key)
        if isinstance(value, str) and value:
            return (value,)
        if isinstance(value, tuple) and (accounts := tuple([one for one in value if isinstance(one, str) and one])):
            return accounts if len(accounts) == 1 else tuple(dict.fromkeys(accounts))
    return ()


def _ties(scoped: Scoped, references: tuple[Reference, ...], derived: Derived) -> tuple[Tie, ...]:
    ties = [_tie(scoped, reference) for reference in references]
    # A milestone is what an item is delivered with, not what it is a part of.
    ties += [
        Tie(item.remote_id, "id", "native", "relates" if item.kind == "milestone" else "child_of")
        for item in derived.items
    ]
    return tuple(dict.fromkeys(ties))


def _tie(scoped: Scoped, reference: Reference) -> Tie:
    """What a reference means: the hierarchy, what ``[links]`` says, else what its form allows.

    A link of the tool's own that nobody gave a meaning only relates; of an address it depends on what is there; a key
    in free text is a suggestion unless the mapping says ``keys = true``.
    """
    target, form = reference.target, reference.form
    means = _PARENT if reference.parent else scoped.meaning(reference.word)
    inward = reference.inward is not means.turned
    if form == "key":
        return Tie(target, form, "config" if scoped.rules.keys or means.type else "key", means.type, inward)
    if form == "url":
        return Tie(target, form, "url", means.type, inward)
    return Tie(target, form, "native", means.type or "relates", inward)


def _both(first: Derived, second: Derived) -> Derived:
    return Derived(first.items + second.items, first.sprints + second.sprints)
