"""A mapping in one scope, ready to be applied: its tables as ladders and readers, and what words decided before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

from syncbot.mapping.ladder import Called, Left, Step, Words, facts_of, narrow, titled, words_of
from syncbot.mapping.words import Name, Spot
from syncbot.model import EPOCH, Facet, Item, Kind, LinkType, Record, Side, Sprint, Struct, Word
from syncbot.patterns import fold, matches

_MOST = 20_000  # combinations of words to remember; a scope with more gains little from remembering


class Meaning(Struct, frozen=True):
    """What a link type or field means; ``turned``: it reads from the other end, as "depends on" does of "blocks"."""

    type: LinkType | Literal["twin"] | None = None
    turned: bool = False
    spot: Spot | None = None


_NONE = Meaning()


class Reading(Struct, frozen=True):
    """One way to a value: a field, or (``title``) a reader of the title. ``unit``: seconds in one."""

    field: str = ""
    title: Callable[[str], str | None] | None = None
    unit: int = 60
    spot: Spot | None = None


class Origin(Struct, frozen=True):
    """Where the names of derived items stand: the words of a facet, or the values of fields. ``kind`` None: sprints."""

    kind: Kind | None
    facet: Facet | Literal["field"]
    names: tuple[Name, ...]
    fields: tuple[str, ...] = ()

    def pattern(self, *texts: str) -> str | None:
        """The pattern that one of these names fits; a field without patterns takes every name."""
        if not self.names:
            return "*"
        return next((name.text for name in self.names if matches(name.text, *texts)), None)


class Rules(Struct, frozen=True):
    """The tables of a mapping in one scope, compiled. ``readings`` are all ways to each of our fields."""

    ladders: dict[str, tuple[Step, ...]]
    requires: tuple[tuple[Step, ...], ...]
    owner: tuple[str, ...]
    assignees: tuple[str, ...]
    points: tuple[Reading, ...]
    minutes: tuple[Reading, ...]
    left_minutes: tuple[Reading, ...]
    spent_minutes: tuple[Reading, ...]
    start_on: tuple[str, ...]
    due_on: tuple[str, ...]
    team: tuple[str, ...]
    links: tuple[tuple[Words, Meaning], ...]
    readings: dict[str, tuple[Reading, ...]]
    keys: bool
    origins: tuple[Origin, ...]
    called: Called
    mapped: frozenset[str]
    wanted: frozenset[str]


class Derived(Struct, frozen=True):
    """Items and sprints that are no records of their own, but named by records."""

    items: tuple[Item, ...] = ()
    sprints: tuple[Sprint, ...] = ()


class Decided(Struct, frozen=True):
    """What the words of a record decide, and what is left to ask of its values."""

    kind: tuple[Left, ...]
    status: tuple[Left, ...]
    priority: tuple[Left, ...]
    flagged: tuple[Left, ...]
    committed: tuple[Left, ...]
    side: tuple[Left, ...]
    function: tuple[Left, ...]
    requires: tuple[tuple[Left, ...], ...]
    derived: Derived


class Scoped:
    """A mapping in one scope (``scope`` "": in one that it was not resolved for)."""

    def __init__(
        self,
        rules: Rules,
        *,
        connection: str,
        scope: str,
        name: str,
        side: Side | None,
        section: Literal["list", "section"],
        sprints: Mapping[str, str],
    ) -> None:
        self.rules = rules
        self.connection, self.scope, self.name = connection, scope, name
        self.section = section
        self.sides: dict[Kind, Side] = {
            "goal": side or "product",
            "feature": side or "product",
            "milestone": side or "project",
            "task": side or "project",
        }
        self.sprints = sprints
        self.by_word = tuple(origin for origin in rules.origins if origin.facet in {"label", "list", "section"})
        self.by_value = tuple(origin for origin in rules.origins if origin.facet in {"sprint", "field"})
        self._labels = [words for words in self._all_words() if words.facet == "label"]
        self._cared: dict[Word, bool] = {}
        self._decided: dict[tuple[object, ...], Decided] = {}
        self._meanings: dict[Word, Meaning] = {}
        self._derived: dict[tuple[int, str, str], Item | Sprint | None] = {}

    def _all_words(self) -> Iterable[Words]:
        for ladder in (*self.rules.ladders.values(), *self.rules.requires):
            for step in ladder:
                yield from step.words
        for origin in self.by_word:
            yield words_of(origin.facet, origin.names)

    def decide(self, record: Record, section: Word | None) -> Decided:
        """What this record's words decide; asked once for all records that share them.

        Labels that the mapping does not name are left out, so that they do not make every record one of a kind.
        """
        labels = record.labels
        if labels:
            labels = tuple([label for label in labels if self._cares(label)])
        key = (record.type, record.status, record.resolution, record.priority, section, labels)
        found = self._decided.get(key)
        if found is None:
            if len(self._decided) >= _MOST:
                self._decided.clear()
            found = self._decided[key] = self._decide(record, section, labels)
        return found

    def _cares(self, label: Word) -> bool:
        found = self._cared.get(label)
        if found is None:
            if len(self._cared) >= _MOST:
                self._cared.clear()
            facts = facts_of({"label": (label,)}, self.rules.called)["label"]
            found = self._cared[label] = any(words.fit(facts) for words in self._labels)
        return found

    def _decide(self, record: Record, section: Word | None, labels: tuple[Word, ...]) -> Decided:
        facts = facts_of(
            {
                "type": (record.type,),
                "status": (record.status,),
                "resolution": (record.resolution,),
                "priority": (record.priority,),
                "section": (section,),
                "label": labels,
            },
            self.rules.called,
        )
        left = {table: narrow(ladder, facts) for table, ladder in self.rules.ladders.items()}
        requires = tuple(narrow(ladder, facts) for ladder in self.rules.requires)
        return Decided(
            **left, requires=tuple(step for step in requires if step), derived=self._named_by_words(section, labels)
        )

    # Derived items and sprints ----------------------------------------------------------------------------------------

    def _named_by_words(self, section: Word | None, labels: tuple[Word, ...]) -> Derived:
        return _apart(
            # A label that is its own id (Jira) is one label however it is written.
            self._derive(origin, word.id if word.id != word.name else fold(word.name), word.name, word.id)
            for origin in self.by_word
            for word in (labels if origin.facet == "label" else (section,))
            if word is not None
        )

    def named_by_values(self, record: Record) -> Derived:
        """What the record's sprints and fields name."""
        return _apart(self._known(origin, *said) for origin in self.by_value for said in self._said(origin, record))

    def _said(self, origin: Origin, record: Record) -> Iterator[tuple[str, str, str]]:
        """The key, name and other name of each value that an origin looks at."""
        if origin.facet == "sprint":
            for sprint in record.sprints:
                yield sprint, self.sprints.get(sprint, sprint), sprint
        for field in origin.fields:
            value = record.fields.get(field)
            for text in value if isinstance(value, tuple) else (value,):
                if isinstance(text, str) and text.strip():
                    yield fold(text), text, ""

    def _known(self, origin: Origin, key: str, name: str, other: str) -> Item | Sprint | None:
        """The same as ``_derive``, remembered."""
        known = (id(origin), name, other)
        if known not in self._derived:
            if len(self._derived) >= _MOST:
                self._derived.clear()
            self._derived[known] = self._derive(origin, key, name, other)
        return self._derived[known]

    def _derive(self, origin: Origin, key: str, name: str, other: str) -> Item | Sprint | None:
        """What a word of this name (or the ``other`` name, its id) stands for, if it fits the origin's patterns."""
        pattern = origin.pattern(name, other)
        if pattern is None:
            return None
        remote_id = f"{origin.kind or 'sprint'}:{origin.facet}:{self.scope}:{key}"
        title = titled(pattern, name)
        if origin.kind is None:
            return Sprint(remote_id, title, board=self.name, state="future", scope=self.scope)
        return Item(
            connection=self.connection,
            remote_id=remote_id,
            ref=title,
            url="",
            kind=origin.kind,
            side=self.sides[origin.kind],
            title=title,
            status="planned",
            word=name,
            home_scope=self.scope,
            changed=EPOCH,  # nobody says, and it must not differ from one of its records to the next
            derived_from="version" if origin.facet == "field" and origin.kind == "milestone" else origin.facet,
        )

    # Links ------------------------------------------------------------------------------------------------------------

    def meaning(self, word: Word | None) -> Meaning:
        """What the mapping says of a link type, or of a field that holds a link."""
        if word is None:
            return _NONE
        if word not in self._meanings:
            if len(self._meanings) >= _MOST:
                self._meanings.clear()
            facts = facts_of({"link": (word,)}, self.rules.called)["link"]
            self._meanings[word] = next((means for words, means in self.rules.links if words.fit(facts)), _NONE)
        return self._meanings[word]


def _apart(made: Iterable[Item | Sprint | None]) -> Derived:
    """Items and sprints apart, each once."""
    items: dict[str, Item] = {}
    sprints: dict[str, Sprint] = {}
    for one in made:
        if isinstance(one, Item):
            items.setdefault(one.remote_id, one)
        elif one is not None:
            sprints.setdefault(one.remote_id, one)
    return Derived(tuple(items.values()), tuple(sprints.values()))
