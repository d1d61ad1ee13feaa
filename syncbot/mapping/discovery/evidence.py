"""What a site really has, counted: how often each of its words and fields is used, and what stands below what.

What stands under a security level is left out: a mapping is read by more people than such an item.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, get_args

from syncbot.mapping.lexicon import place
from syncbot.mapping.values import is_filled
from syncbot.model import Category, Facet, Field, FieldType, Record, Scalar, Struct, Term, Value, Vocabulary, Word
from syncbot.patterns import fold

FACETS: tuple[Facet, ...] = get_args(Facet)
_VALUES = 200  # of a field that are counted; one with more holds no words
_ADDRESS = ("http://", "https://")


class Use(Struct, frozen=True):
    """A word of the site, however many ids it has. ``ticked``: how many of its items are complete.

    ``scopes``: where it is used or can be (remote ids), in the tool's own order.
    """

    facet: Facet
    name: str
    ids: tuple[str, ...]
    items: int = 0
    ticked: int = 0
    scopes: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()


class FieldUse(Struct, frozen=True):
    """A field, or several of one name and type in different scopes: how many of the items that could have it do.

    ``doubled``: another field is called so in the same scopes. ``values``: what stands in it and how often, the most
    frequent first; empty where they are no words or numbers.
    ``addresses``: in how many items it holds a web address.
    """

    name: str
    ids: tuple[str, ...]
    type: FieldType
    custom: bool
    doubled: bool = False
    filled: int = 0
    of: int = 0
    among: tuple[str, ...] = ()
    values: tuple[tuple[Scalar, int], ...] = ()
    addresses: int = 0

    @property
    def percent(self) -> int:
        """How much of what could have it does."""
        return 100 * self.filled // self.of if self.of else 0


class Level(Struct, frozen=True):
    """How items of a type stand among others: ``above`` and ``below`` count types of their parents and children.

    ``parents``: how many of them have children; ``in_sprints``: how many are or were in a sprint.
    """

    items: int = 0
    parents: int = 0
    in_sprints: int = 0
    above: tuple[tuple[str, int], ...] = ()
    below: tuple[tuple[str, int], ...] = ()


class Site(Struct, frozen=True):
    """All of it. ``places``: whether the tool has lists or sections; None: it has only statuses. Some have
    both, as Asana, where goals have statuses and tasks are in sections.

    ``levels``: by folded names of types. ``hierarchy``: the folded names of fields and links that hold the parent.
    """

    items: int
    words: dict[Facet, tuple[Use, ...]]
    fields: tuple[FieldUse, ...]
    levels: dict[str, Level]
    hierarchy: frozenset[str]
    titles: tuple[str, ...]
    ticked: int
    places: Literal["list", "section"] | None


def weigh(vocabulary: Vocabulary, records: Iterable[Record], own_accounts: frozenset[str]) -> Site:
    """Count what the records use of the vocabulary. Reports of our own (by ``own_accounts``) are no work."""
    counted = [one for one in records if not one.restricted and (one.marker is None or one.creator not in own_accounts)]
    words = {facet: tuple(_uses(facet, vocabulary.terms, counted)) for facet in FACETS}
    listed = {it.facet for it in vocabulary.terms}
    places: Literal["list", "section"] | None = "list" if "list" in listed else "section"
    if words["status"] and not listed & {"list", "section"}:
        places = None
    return Site(
        items=len(counted),
        words=words,
        fields=tuple(_fields(vocabulary.fields, counted)),
        levels=_levels(counted),
        hierarchy=frozenset(fold(it.word.name) for one in counted for it in one.references if it.parent and it.word),
        titles=tuple(one.title for one in counted),
        ticked=sum(one.complete is True for one in counted),
        places=places,
    )


# Words ----------------------------------------------------------------------------------------------------------------


class _Count:
    """A use that is being counted."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.ids: dict[str, None] = {}
        self.scopes: dict[str, None] = {}
        self.categories: dict[Category, None] = {}
        self.items = self.ticked = 0


def _uses(facet: Facet, terms: Sequence[Term], records: Sequence[Record]) -> Iterator[Use]:
    """The words of a facet that the tool lists, and all labels; what it lists no longer, no mapping can name."""
    counts: dict[str, _Count] = {}
    for term in terms:
        if term.facet == facet:
            count = counts.setdefault(fold(term.name), _Count(term.name))
            count.ids[term.id] = None
            if term.scope:
                count.scopes[term.scope] = None
            if term.category:
                count.categories[term.category] = None
    closed = counts.keys() if counts and facet != "label" else None
    for record in records:
        home = record.places[0].scope if record.places else ""
        for word in dict.fromkeys(_said(facet, record)):
            if closed is not None and fold(word.name) not in closed:
                continue
            count = counts.setdefault(fold(word.name), _Count(word.name))
            count.ids[word.id] = count.scopes[home] = None
            if facet == "status" and record.category:
                count.categories[record.category] = None
            count.items += 1
            count.ticked += record.complete is True
    for count in counts.values():
        scopes = tuple(one for one in count.scopes if one)
        yield Use(
            facet, count.name, tuple(count.ids), count.items, count.ticked, scopes, tuple(sorted(count.categories))
        )


def _said(facet: Facet, record: Record) -> Iterator[Word]:
    single = {
        "type": record.type,
        "status": record.status,
        "resolution": record.resolution,
        "priority": record.priority,
    }
    if facet == "label":
        yield from record.labels
    elif facet == "link":
        yield from (it.word for it in record.references if it.word and it.form == "id" and not it.parent)
    elif place(facet) == "section":
        yield from (it.section for it in record.places[:1] if it.section)
    elif word := single.get(facet):
        yield word


# Fields ---------------------------------------------------------------------------------------------------------------


def _fields(fields: Sequence[Field], records: Sequence[Record]) -> Iterator[FieldUse]:
    groups: defaultdict[tuple[str, FieldType, bool], list[Field]] = defaultdict(list)
    for field in fields:
        groups[fold(field.name), field.type, field.custom].append(field)
    for (_, kind, custom), several in groups.items():
        apart = len(several) > 1 and not _is_apart(several)
        for group in [[one] for one in several] if apart else [several]:
            yield _field(group, kind, records, custom=custom, doubled=apart)


def _is_apart(fields: Sequence[Field]) -> bool:
    """Whether namesakes never meet: each stands in scopes of its own."""
    scopes = [scope for field in fields for scope in field.scopes]
    return all(field.scopes for field in fields) and len(set(scopes)) == len(scopes)


def _field(
    fields: Sequence[Field], kind: FieldType, records: Sequence[Record], *, custom: bool, doubled: bool
) -> FieldUse:
    ids = tuple(field.id for field in fields)
    scopes = {scope for field in fields for scope in field.scopes}
    here = [one for one in records if not scopes or any(place.scope in scopes for place in one.places)]
    held = [(one, value) for one in here if (value := _value(one, ids)) is not None]
    among = dict.fromkeys(one.type.name for one, _ in held if one.type)
    values: Counter[Scalar] = Counter()
    addresses = 0
    for _, value in held:
        parts = value if isinstance(value, tuple) else (value,)
        addresses += any(isinstance(part, str) and part.strip().startswith(_ADDRESS) for part in parts)
        if len(values) < _VALUES and kind in {"number", "option", "options", "bool", "text"}:
            values.update(parts)
    return FieldUse(
        name=fields[0].name,
        ids=ids,
        type=kind,
        custom=custom,
        doubled=doubled,
        filled=len(held),
        of=sum(not among or (one.type is not None and one.type.name in among) for one in here),
        among=tuple(among),
        values=tuple(values.most_common()),
        addresses=addresses,
    )


def _value(record: Record, ids: Sequence[str]) -> Value | None:
    return next((value for key in ids if is_filled(value := record.fields.get(key))), None)


# Levels ---------------------------------------------------------------------------------------------------------------


def _levels(records: Sequence[Record]) -> dict[str, Level]:
    """How each type stands in the hierarchy, by its folded name."""
    by_key = {key: one for one in records for key in (one.remote_id, one.url)}
    items, parents, in_sprints = Counter[str](), Counter[str](), Counter[str]()
    above: defaultdict[str, Counter[str]] = defaultdict(Counter)
    below: defaultdict[str, Counter[str]] = defaultdict(Counter)
    seen: set[str] = set()
    for record in records:
        own = _type(record)
        items[own] += 1
        in_sprints[own] += bool(record.sprints or record.past_sprints)
        parent = next((by_key[it.target] for it in record.references if it.parent and it.target in by_key), None)
        if parent is not None:
            above[own][_type(parent)] += 1
            below[_type(parent)][own] += 1
            parents[_type(parent)] += parent.remote_id not in seen
            seen.add(parent.remote_id)
    return {
        name: Level(count, parents[name], in_sprints[name], _most(above, name), _most(below, name))
        for name, count in items.items()
    }


def _type(record: Record) -> str:
    return fold(record.type.name) if record.type else ""


def _most(counts: Mapping[str, Counter[str]], name: str) -> tuple[tuple[str, int], ...]:
    return tuple(counts[name].most_common()) if name in counts else ()
