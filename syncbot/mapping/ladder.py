"""Conditions made fast: what only depends on a record's words is asked once for all records with the same words.

A ladder is a table of a mapping, one step for each condition, in the order in which they count. ``narrow`` climbs it
with the words alone; what is left asks only for values, and for most tables that is a single step that asks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from unicodedata import normalize

from syncbot.mapping.values import is_filled, same
from syncbot.mapping.words import Name, Question, Spot
from syncbot.model import Record, Scalar, Struct, Value, Word
from syncbot.patterns import bare, fold, matcher

Facts = Mapping[str, frozenset[str]]
"""By facet, the folded names and ids of a record's words."""

Ask = Callable[[Record], bool]

_MOST = 4_096  # values of a field to remember


class Words(Struct, frozen=True):
    """Names and patterns of a facet, of which one must be among a record's words."""

    facet: str
    names: frozenset[str]
    patterns: tuple[Callable[[str], bool], ...]

    def fit(self, words: frozenset[str]) -> bool:
        """Whether one of these words, folded, is meant."""
        return not self.names.isdisjoint(words) or any(meant(word) for meant in self.patterns for word in words)


class Step(Struct, frozen=True):
    """A condition: the words that it asks for, then the values; what follows from it, and where it is written."""

    result: str
    words: tuple[Words, ...]
    values: tuple[Ask, ...]
    spot: Spot


class Left(Struct, frozen=True):
    """What is left of a step once the words fit."""

    result: str
    values: tuple[Ask, ...]
    spot: Spot


def words_of(facet: str, names: tuple[Name, ...]) -> Words:
    """Names as the admin wrote them, ready to be compared."""
    return Words(
        facet,
        frozenset(fold(name.text) for name in names if "*" not in name.text),
        tuple(matcher(name.text) for name in names if "*" in name.text),
    )


def narrow(ladder: tuple[Step, ...], facts: Facts) -> tuple[Left, ...]:
    """The steps that a record with these words can still stand on, up to the first that asks no more."""
    left = []
    for step in ladder:
        if all(words.fit(facts[words.facet]) for words in step.words):
            left.append(Left(step.result, step.values, step.spot))
            if not step.values:
                break
    return tuple(left)


def decide(left: tuple[Left, ...], record: Record) -> Left | None:
    """The first step whose values hold for the record."""
    for step in left:
        for holds in step.values:
            if not holds(record):
                break
        else:
            return step
    return None


def asks_title(question: Question) -> Ask:
    """Whether one of the patterns fits the title."""
    fits = [matcher(name.text) for name in question.values]
    return lambda record: any(fit(record.title) for fit in fits)


def asks_complete(wanted: Scalar) -> Ask:
    """Whether the tool's own tick is set; not ticked and not known are the same."""
    return lambda record: bool(record.complete) is wanted


def asks_archived(wanted: Scalar) -> Ask:
    """Whether the record is archived, or in something that is."""
    return lambda record: record.archived is wanted


def asks_sprint(question: Question, names: Mapping[str, str]) -> Ask:
    """Whether the record is in a sprint of that name or id."""
    words = words_of("sprint", question.values)

    def holds(record: Record) -> bool:
        return words.fit(frozenset(fold(text) for key in record.sprints for text in (key, names.get(key, key))))

    return holds


def asks_filled(ids: tuple[str, ...]) -> Ask:
    """Whether one of the fields says anything."""
    return lambda record: any(is_filled(record.fields.get(key)) for key in ids)


def asks_value(ids: tuple[str, ...], question: Question) -> Ask:
    """Whether one of the fields holds one of the values."""
    words = words_of("field", question.values)
    exact = [wanted for wanted in question.exact if not isinstance(wanted, str)]

    @lru_cache(_MOST, typed=True)
    def fits(value: Scalar) -> bool:
        """Asked once for all records that hold it; True, 1 and 1.0 are not one value."""
        is_named = isinstance(value, str) and words.fit(frozenset((fold(value),)))
        return is_named or any(same(value, wanted) for wanted in exact)

    return lambda record: any(map(fits, every(record, ids)))


def every(record: Record, ids: tuple[str, ...]) -> list[Scalar]:
    """All single values of these fields."""
    found: list[Scalar] = []
    for key in ids:
        value: Value | None = record.fields.get(key)
        if isinstance(value, tuple):
            found += value
        elif value is not None:
            found.append(value)
    return found


class Called(Struct, frozen=True):
    """What things were called when the names of a mapping were found: that holds on for those that are renamed since.

    ``names``: the folded ones, by facet and id; ``known``: by facet, all that the mapping knows.
    """

    names: dict[tuple[str, str], str]
    known: dict[str, Words]

    def texts(self, facet: str, word: Word) -> tuple[str, ...]:
        """The folded names (also without pictures) of a word, or the one that it had if the mapping knows none of them.

        The record tells what it is called now: the tool may have said long ago which words there are.
        """
        own = (fold(word.name), bare(word.name))
        kept = self.names.get((facet, word.id))
        return own if kept is None or self.known[facet].fit(frozenset(own)) else (kept,)


def facts_of(words: Mapping[str, tuple[Word | None, ...]], called: Called) -> Facts:
    """The folded names and ids of a record's words."""
    return {
        facet: frozenset(
            text for word in several if word is not None for text in (*called.texts(facet, word), fold(word.id))
        )
        for facet, several in words.items()
    }


def titled(pattern: str, name: str) -> str:
    """What a derived item is called: "Goal: *" takes "Cut failures" from "Goal: Cut failures", "Sprint *" all of it.

    What stands before ``*`` is dropped if it ends like a prefix, in a sign and not in a word.
    """
    whole = normalize("NFC", name).strip()
    before, _, after = normalize("NFC", pattern).strip().partition("*")
    if after or not before.rstrip() or before.rstrip()[-1].isalnum():
        return whole
    return re.sub(rf"\A{re.escape(before)}", "", whole, count=1, flags=re.IGNORECASE).strip() or whole
