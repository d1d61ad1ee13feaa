"""Turns a mapping's tables into what one scope can apply: names into ids, conditions into ladders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from syncbot.mapping import ladder
from syncbot.mapping.ladder import Ask, Called, Step, Words, words_of
from syncbot.mapping.lexicon import Lexicon, place
from syncbot.mapping.scoped import Meaning, Origin, Reading, Rules, Scoped
from syncbot.mapping.values import in_title
from syncbot.mapping.words import DECISIONS, FIELDS, WORDS, About, Choice, Condition, Name, Question, Spot, Tables, Way
from syncbot.model import CHOICE, Kind, LinkType, Scope, Side
from syncbot.patterns import fold

_OWN_FIELDS: dict[str, About] = {
    "type": "type",
    "issue type": "type",
    "status": "status",
    "resolution": "resolution",
    "priority": "priority",
    "labels": "label",
    "list": "list",
    "section": "section",
    "sprint": "sprint",
}
"""Fields that people see by these names and that every record carries as words, unless a custom field is called so."""


def compile_scope(
    tables: Tables,
    lexicon: Lexicon,
    sprints: Mapping[str, str],
    connection: str,
    scope: Scope | None,
    side: Side | None,
) -> Scoped:
    """The tables as they read in a scope. ``sprints``: the tool's sprints by id, with their names."""
    return Scoped(
        _Compiler(tables, lexicon, sprints).rules(),
        connection=connection,
        scope=scope.remote_id if scope else "",
        name=scope.name if scope else "",
        side=side,
        section="section" if any(index.all[0].facet == "section" for index in lexicon.terms("section")) else "list",
        sprints=sprints,
    )


class _Compiler:
    def __init__(self, tables: Tables, lexicon: Lexicon, sprints: Mapping[str, str]) -> None:
        self.tables = tables
        self.lexicon = lexicon
        self.sprints = sprints
        self.mapped: set[str] = {"kind", "status"}
        self.asked: dict[str, list[Name]] = {}

    def rules(self) -> Rules:
        decisions = {
            table: tuple(Choice(it.result, tuple(map(self._plain, it.conditions)), it.spots) for it in choices)
            for table, choices in self.tables.decisions.items()
        }
        requires = decisions.pop("requires", ())
        ladders = {table: self._ladder(table, decisions.get(table, ())) for table in DECISIONS if table != "requires"}
        fields = {ours: self._readings(ours, self.tables.fields.get(ours, ())) for ours in FIELDS}
        if not {"owner", "assignees"}.isdisjoint(self.mapped):
            self.mapped.add("assignees")
        if self.lexicon.has_sprints():
            self.mapped.add("sprint")
        return Rules(
            ladders=ladders,
            requires=tuple(self._ladder("requires", (choice,)) for choice in requires),
            owner=_ids(fields["owner"]),
            assignees=_ids(fields["assignees"]),
            points=fields["points"],
            minutes=fields["minutes"],
            left_minutes=fields["left_minutes"],
            spent_minutes=fields["spent_minutes"],
            start_on=_ids(fields["start_on"]),
            due_on=_ids(fields["due_on"]),
            team=self._team(),
            links=tuple(self._links()),
            readings={ours: readings for ours, readings in fields.items() if readings},
            keys=bool(self.tables.keys),
            origins=tuple(self._origins()),
            called=self._called(),
            mapped=frozenset(self.mapped),
            wanted=frozenset(self.lexicon.wanted),
        )

    def _readings(self, ours: str, ways: tuple[Way, ...]) -> tuple[Reading, ...]:
        readings = []
        for way in ways:
            if way.title is not None:
                readings.append(Reading(title=in_title(way.title), unit=way.unit, spot=way.spot))
            elif way.field is not None:
                readings += [
                    Reading(field, unit=way.unit, spot=way.spot) for field in self.lexicon.field(way.field, ours)
                ]
        if readings:
            self.mapped.add(ours)
        return tuple(readings)

    def _team(self) -> tuple[str, ...]:
        """The fields that name an item's team; the ids of what they hold are read with them."""
        fields = _ids(self._readings("team", self.tables.fields.get("team", ())))
        self.lexicon.wanted.update(field + CHOICE for field in fields)
        return fields

    # Conditions -------------------------------------------------------------------------------------------------------

    def _plain(self, condition: Condition) -> Condition:
        """The condition, with fields that every record carries as words turned into questions for these words."""
        return tuple(map(self._own, condition))

    def _own(self, question: Question) -> Question:
        names = (question.field,) if question.field else question.values
        about = _OWN_FIELDS.get(fold(names[0].text)) if question.about == "field" and len(names) == 1 else None
        if about is None or not self.lexicon.has_own(names[0], about):
            return question
        values = question.values if question.field else (Name("*", question.spot),)
        return Question(about, question.spot, values)

    def _ladder(self, table: str, choices: tuple[Choice, ...]) -> tuple[Step, ...]:
        steps = []
        for choice in choices:
            for condition, spot in zip(choice.conditions, choice.spots, strict=True):
                step = self._step(choice.result, condition, spot)
                if step is not None:
                    steps.append(step)
                    if all(map(self.lexicon.may_have, step.words)):
                        self.mapped.add(table)
        return tuple(steps)

    def _step(self, result: str, condition: Condition, spot: Spot) -> Step | None:
        """The condition, compiled; None where it can never hold because a field is not there."""
        words: list[Words] = []
        values: list[Ask] = []
        for question in condition:
            if question.about in WORDS:
                self._look_up(question)
                words.append(words_of(place(question.about), question.values))
                continue
            ask = self._ask(question)
            if ask is None:
                return None
            values.append(ask)
        return Step(result, tuple(words), tuple(values), spot)

    def _ask(self, question: Question) -> Ask | None:
        match question.about:
            case "sprint":
                return ladder.asks_sprint(question, self.sprints)
            case "title":
                return ladder.asks_title(question)
            case "complete":
                return ladder.asks_complete(question.exact[0])
            case "archived":
                return ladder.asks_archived(question.exact[0])
        names = (question.field,) if question.field else question.values
        ids = tuple(field for name in names for field in self.lexicon.field(name))
        if not ids:
            return None
        return ladder.asks_value(ids, question) if question.field else ladder.asks_filled(ids)

    def _called(self) -> Called:
        lists = [*self.asked.pop("list", ()), *self.asked.pop("section", ())]
        self.asked["list"] = lists
        names = {
            (place(about), found): key
            for about, names in self.asked.items()
            for found, key in self.lexicon.words(about, names).items()
        }
        return Called(
            names, {place(about): words_of(place(about), tuple(names)) for about, names in self.asked.items()}
        )

    # Links and derived items ------------------------------------------------------------------------------------------

    def _links(self) -> Iterator[tuple[Words, Meaning]]:
        """Link types and fields by what they mean. "PAY-1 depends on PAY-2" is read from the end that is blocked."""
        for key, names in self.tables.links.items():
            for name in names:
                fields = self.lexicon.field(name, must=False)
                if not fields:
                    self.asked.setdefault("link", []).append(name)
                turned = key == "blocked_by" or (key == "blocks" and fold(name.text).startswith("depend"))
                words = words_of("link", (name, *(Name(field, name.spot) for field in fields)))
                yield words, Meaning(cast("LinkType", "blocks" if turned else key), turned, name.spot)

    def _origins(self) -> Iterator[Origin]:
        for kind, questions in self.tables.derive.items():
            for question in map(self._own, questions):
                origin = self._origin(None if kind == "sprint" else cast("Kind", kind), question)
                if origin is None:
                    continue
                if origin.fields or self.lexicon.may_have(words_of(place(origin.facet), origin.names)):
                    self.mapped.add(kind)
                yield origin

    def _origin(self, kind: Kind | None, question: Question) -> Origin | None:
        match question.about:
            case "field":
                names = (question.field,) if question.field else question.values
                ids = tuple(field for name in names for field in self.lexicon.field(name))
                return Origin(kind, "field", question.values if question.field else (), ids) if ids else None
            case "label" | "list" | "section" | "sprint" as facet:
                if facet != "sprint":
                    self._look_up(question)
                return Origin(kind, facet, question.values)
        return None

    def _look_up(self, question: Question) -> None:
        """Find these names among the tool's words, when all of them are known."""
        self.asked.setdefault(question.about, []).extend(question.values)


def _ids(readings: tuple[Reading, ...]) -> tuple[str, ...]:
    return tuple(reading.field for reading in readings)
