"""What the names of a mapping mean at one connection: each is found among the tool's words once, then kept by its id.

A thing that was renamed keeps the meaning of the name it was found by, unless the mapping names its new name too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from syncbot.errors import Mistake
from syncbot.mapping.ladder import Words
from syncbot.mapping.words import Name
from syncbot.model import Field, FieldType, Scope, Struct, Term, Vocabulary
from syncbot.patterns import bare, fold, matches
from syncbot.toml import nearest

T = TypeVar("T", Field, Term)
Kept = Mapping[tuple[str, str, str], str]
"""(facet or "field", scope's remote id or "", folded name) -> the tool's id."""

_SHOWN = 12
_LONGEST = 60
FITS: dict[str, tuple[FieldType, ...]] = {
    "owner": ("person", "people", "other"),
    "assignees": ("person", "people", "other"),
    "points": ("number", "text", "option", "other"),
    "minutes": ("number", "text", "other"),
    "left_minutes": ("number", "text", "other"),
    "spent_minutes": ("number", "text", "other"),
    "start_on": ("date", "instant", "other"),
    "due_on": ("date", "instant", "other"),
    "team": ("option", "options", "text", "other"),
}


class Renamed(Struct, frozen=True):
    """Something that goes on meaning what its old name in the mapping says. ``scope`` "": all of the connection."""

    facet: str
    scope: str
    id: str
    old: str
    new: str


class Index(Generic[T]):
    """Things of the tool, found by their folded name or id."""

    def __init__(self) -> None:
        self.all: list[T] = []
        self.by_id: dict[str, T] = {}
        self.named: dict[str, list[T]] = {}

    def add(self, it: T) -> None:
        """Make it known by its name and its id."""
        self.all.append(it)
        self.by_id[it.id] = it
        for key in called(it) if isinstance(it, Term) else {fold(it.name), fold(it.id)}:
            self.named.setdefault(key, []).append(it)


def called(term: Term) -> set[str]:
    """The folded names that a word of the tool goes by."""
    return {fold(term.name), bare(term.name), fold(term.id)}


class Ledger:
    """All names of one mapping over all scopes: what there is, what was found, what was not, what was renamed.

    Unless it ``is_whole``, there may be more than the vocabulary says, and no name must be in it.
    """

    def __init__(self, vocabulary: Vocabulary, kept: Kept, *, is_whole: bool = True) -> None:
        self.is_whole = is_whole
        self.kept = dict(kept)
        self.renamed: set[Renamed] = set()
        self.knows_fields = bool(vocabulary.fields)
        self.terms: dict[tuple[str | None, str], Index[Term]] = {}
        for term in vocabulary.terms:
            self.terms.setdefault((term.scope, place(term.facet)), Index()).add(term)
        self.fields: dict[str | None, Index[Field]] = {}
        for field in vocabulary.fields:
            for scope in field.scopes or (None,):
                self.fields.setdefault(scope, Index()).add(field)
        self._found: set[Name] = set()
        self._missed: dict[Name, _Missed] = {}
        self._wrong: dict[Name, Mistake] = {}

    def note(self, name: Name, what: str, known: Iterable[str], *, found: bool, strict: bool) -> None:
        """Remember whether a name was found in a scope; ``known`` is what there is instead."""
        if found:
            self._found.add(name)
        elif name not in self._found:
            self._missed.setdefault(name, _Missed(what, strict and self.is_whole)).others.update(dict.fromkeys(known))

    def refuse(self, name: Name, mistake: Mistake) -> None:
        """A name was found and cannot be used in this way."""
        self._wrong[name] = mistake

    def mistakes(self, *, strict: bool) -> list[Mistake]:
        """The names that exist in no scope. ``strict``: those that must exist; else those that need not."""
        missing = [
            name.spot.mistake(f'there is no {missed.what} "{shorten(name.text)}".', there_are(name.text, missed.others))
            for name, missed in self._missed.items()
            if name not in self._found and missed.strict is strict
        ]
        return sorted([*missing, *self._wrong.values()] if strict else missing)


class _Missed:
    """A name that a scope does not have, and what it has instead."""

    def __init__(self, what: str, strict: bool) -> None:
        self.what, self.strict = what, strict
        self.others: dict[str, None] = {}


class Lexicon:
    """What names mean in one scope (None: in one that is not read). All names in ``strict_in`` must exist somewhere."""

    def __init__(self, ledger: Ledger, scope: Scope | None, *, strict_in: Path | None) -> None:
        self.ledger = ledger
        self.strict_in = strict_in
        self.here = scope.remote_id if scope else ""
        self._homes: tuple[str | None, ...] = (None, scope.remote_id) if scope else (None,)
        self._fields = [ledger.fields[home] for home in self._homes if home in ledger.fields]
        self.wanted: set[str] = set()

    def words(self, about: str, names: Sequence[Name]) -> dict[str, str]:
        """Find the names of a facet; give the ids of what they are, with the folded name that these keep.

        Patterns and labels need not exist: labels come and go.
        """
        terms = self.terms(about)
        named: dict[str, str] = {}
        for name in names:
            if "*" in name.text:
                continue
            key = fold(name.text)
            found = _named(terms, key)
            kept = [index.by_id[it] for it in self._kept(about, key) for index in terms if it in index.by_id]
            if found and not kept:
                self.ledger.kept[found[0].facet, found[0].scope or "", key] = found[0].id
            if terms and about != "label":
                others = (term.name for index in terms for term in index.all)
                self.ledger.note(name, about, others, found=bool(found or kept), strict=self._must(name))
            for term in kept or found[:1]:
                named.setdefault(term.id, key)
                if key not in called(term) and not any(matches(it.text, term.name) for it in names):
                    self.ledger.renamed.add(Renamed(term.facet, term.scope or "", term.id, name.text, term.name))
        return named

    def terms(self, facet: str) -> list[Index[Term]]:
        """The words of a facet, those of the connection and those of the scope; none if the tool lists none."""
        terms = self.ledger.terms
        return [terms[home, place(facet)] for home in self._homes if (home, place(facet)) in terms]

    def may_have(self, words: Words) -> bool:
        """Whether a record here can carry one of these words, as far as the tool has said which there are."""
        terms = self.terms(words.facet)
        kept = {found for name in words.names for found in self._kept(words.facet, name)}
        return not terms or any(
            not kept.isdisjoint(index.by_id) or words.fit(frozenset(index.named)) for index in terms
        )

    def has_own(self, name: Name, facet: str) -> bool:
        """Whether the tool itself has a field of that name, or words for it, and nobody made a field called so."""
        made = [field.custom for field in _named(self._fields, fold(name.text))]
        return not any(made) if made else bool(self.terms(facet))

    def has_sprints(self) -> bool:
        """Whether records here say which sprints they are in."""
        return any(field.type == "sprint" for index in self._fields for field in index.all)

    def field(self, name: Name, ours: str | None = None, *, must: bool = True) -> tuple[str, ...]:
        """The ids of the fields of that name: usually one; all that fit where people gave several the same name.

        ``ours``: the field of ours that it fills, so that its type must fit. ``must``: it is nothing but a field.
        """
        key = fold(name.text)
        found = list(_named(self._fields, key))
        ids = self._kept("field", key)
        kept = next((index.by_id[it] for it in ids for index in self._fields if it in index.by_id), None)
        if kept is not None and kept not in found:
            found.append(kept)
            self.ledger.renamed.add(Renamed("field", self._home(kept), kept.id, name.text, kept.name))
        fitting = [field for field in found if ours is None or field.type in FITS[ours]]
        self._note(name, ours, found[0].type if found and not fitting else None, found=bool(found), must=must)
        if fitting and kept is None:
            kept = min(fitting, key=lambda field: (-(field.filled_percent or 0), len(field.id), field.id))
            self.ledger.kept["field", self._home(kept), key] = kept.id
        fitting.sort(key=lambda field: (field is not kept, len(field.id), field.id))
        self.wanted.update(field.id for field in fitting)
        return tuple(field.id for field in fitting)

    def _note(self, name: Name, ours: str | None, wrong: FieldType | None, *, found: bool, must: bool) -> None:
        """Remember a field's name that does not exist, or that stands for a field of the ``wrong`` type."""
        strict = self._must(name)
        fit = (it.name for index in self._fields for it in index.all if ours is None or it.type in FITS[ours])
        if must and self.ledger.knows_fields:
            self.ledger.note(name, "field", fit, found=found, strict=strict)
        if wrong and strict:
            message = f'"{shorten(name.text)}" is a field of type {wrong}: it cannot give {ours}.'
            self.ledger.refuse(name, name.spot.mistake(message, there_are(name.text, fit)))

    def _kept(self, about: str, key: str) -> list[str]:
        """The ids that a name was resolved to before, here and for all of the connection."""
        facets = ("list", "section") if place(about) == "section" else (about,)
        slots = [(facet, scope, key) for facet in facets for scope in dict.fromkeys((self.here, ""))]
        return [self.ledger.kept[slot] for slot in slots if slot in self.ledger.kept]

    def _must(self, name: Name) -> bool:
        """Whether a name must exist: ``[scope."X"]`` was written for that scope, the config for its sites."""
        return name.spot.file == self.strict_in or name.spot.key.startswith(("scope.", "directory."))

    def _home(self, field: Field) -> str:
        return self.here if field.scopes else ""


def _named(indexes: Iterable[Index[T]], key: str) -> list[T]:
    return [it for index in indexes for it in index.named.get(key, ())]


def there_are(word: str, known: Iterable[str]) -> str:
    """What does exist instead: the name that was probably meant, then the others."""
    names = list(known)
    if not names:
        return "There is none."
    near = nearest(word, names)
    meant = f"{near} " if near.startswith("Did") else ""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{meant}There are: {', '.join(map(shorten, names[:_SHOWN]))}{more}."


def shorten(name: str) -> str:
    """A name for a message: on one line and not too long."""
    flat = " ".join(name.split())
    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"


def place(facet: str) -> str:
    """Trello's lists and Asana's sections are the same to a mapping."""
    return "section" if facet == "list" else facet
