"""Jira's issues as records, with only what mappings use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from connectors.jira.wire import Lens, Named, Node, Ref, SprintRef, Sprints, User, shape
from syncbot.connector import instant as parsed
from syncbot.model import (
    CHOICE,
    EPOCH,
    Category,
    Place,
    Record,
    Reference,
    Scalar,
    Sealed,
    Value,
    Word,
    converted,
    way_of,
)
from syncbot.texts import weigh

PROPERTY = "syncbot.report"  # the entity property that marks a report of ours
LABEL = "syncbot-report"

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)")
# Old sites hold sprints as text: com.atlassian.greenhopper.service.sprint.Sprint@14b1c[id=1,...,state=CLOSED,...]
_SPRINT = re.compile(r"Sprint@\w*\[(.*)\]$", re.DOTALL)
_SPRINT_PART = re.compile(r"(?:^|,)(id|state|name)=(.*?)(?=,\w+=|$)", re.DOTALL)
# What of wiki markup is no word: macros ({code:sql}), headings, bullets, rules, table bars, and where links lead.
_WIKI = re.compile(
    r"(?<!\\)\{[a-z]+(?::[^}\n]*)?\}|^[ \t]*(?:h[1-6]\.|bq\.|[*#-]{1,6})(?=[ \t\n]|$)|\|+(?:[a-z]+:[^\]\s]*)?|[\[\]]",
    re.MULTILINE,
)
CATEGORIES: dict[str, Category] = {"new": "new", "indeterminate": "doing", "done": "done"}
_PARENT = Word("parent", "Parent")
_LENGTH = len("2026-11-02T09:30:00.000+0000")
_TEXT_LENGTH = 255
_PLAIN = (str, int, float)
_OF_A_PERSON = ("accountId", "key", "name")
_OF_A_THING = ("accountId", "value", "name", "key", "id")


class Found(NamedTuple):
    """An issue as it comes: when it was changed and created (instants; "": not told), and the id of its project."""

    record: Sealed
    changed: str
    created: str
    project: str


class Reader:
    """Makes records of parsed issues; equal words and places are made once for all of them."""

    def __init__(self, lens: Lens) -> None:
        self._lens = lens
        self._url = f"{lens.site}/browse/"
        self._words: dict[tuple[str, str], Word] = {}
        self._places: dict[str, tuple[Place, ...]] = {}
        self._nothing = shape(lens).fields()
        self._way = way_of(self._record, lens)

    def found(self, issues: Sequence[Any]) -> list[Found]:
        """The issues as they come, in their order."""
        return [self._found(issue) for issue in issues]

    def _found(self, issue: Any) -> Found:
        fields = issue.fields or self._nothing
        return Found(
            Sealed(str(issue.id), issue, self._way),
            instant(fields.updated) or EPOCH,
            instant(fields.created) or "",
            fields.project.id if fields.project else "",
        )

    def records(self, issues: Sequence[Any]) -> tuple[Record, ...]:
        """The issues as records, in their order."""
        return tuple([self._record(issue) for issue in issues])

    def _record(self, issue: Any) -> Record:
        fields = issue.fields or self._nothing
        remote_id, ref = str(issue.id), issue.key or str(issue.id)
        status, description = fields.status, fields.description
        count, has_reason = weigh(text(description)) if description else (0, False)
        current, past = self._sprints(fields)
        return Record(  # by position, in its order: by name takes several times as long
            remote_id,
            ref,
            self._url + ref,
            fields.summary or "",
            instant(fields.updated) or EPOCH,
            self._home(fields.project.id if fields.project else ""),
            instant(fields.created),
            (fields.creator.id or None) if fields.creator else None,
            self._word(fields.issuetype),
            self._word(status),
            CATEGORIES.get(status.status_category.key) if status and status.status_category else None,
            instant(fields.statuscategorychangedate),
            self._word(fields.resolution),
            self._word(fields.priority),
            None,  # nothing is ticked in Jira, nor archived
            False,
            bool(fields.security),
            _marker(issue.properties) if issue.properties else None,
            tuple([self._named(label, label) for label in fields.labels or ()]),
            current,
            past,
            tuple(self._references(fields)),
            self._values(fields),
            count,
            has_reason,
        )

    def _named(self, id_: str, name: str) -> Word:
        word = self._words.get((id_, name))
        if word is None:
            word = self._words[id_, name] = Word(id_, name)
        return word

    def _word(self, named: Named | None) -> Word | None:
        return self._named(named.id, named.name) if named and named.name else None

    def _home(self, project: str) -> tuple[Place, ...]:
        if project not in self._places:
            self._places[project] = (Place(project),)
        return self._places[project]

    def _sprints(self, fields: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ids of the sprints that an issue is in (open ones), and of the closed ones it was in."""
        held = [fields.sprint, fields.closedSprints]
        if self._lens.sprint:
            held.append(getattr(fields, self._lens.sprint))
        if not any(held):
            return (), ()
        closed = {str(one.id): one.state.lower() == "closed" for part in held for one in _sprints(part)}
        return (
            tuple([id_ for id_, is_closed in closed.items() if not is_closed]),
            tuple([id_ for id_, is_closed in closed.items() if is_closed]),
        )

    def _references(self, fields: Any) -> Iterator[Reference]:
        if parent := fields.parent or fields.epic:
            yield Reference(str(parent.id), word=_PARENT, parent=True)
        else:
            for id_, name in self._lens.parents:
                if isinstance(key := getattr(fields, id_), str) and key:
                    yield Reference(self._url + key, "url", self._named(id_, name), parent=True)
        for link in fields.issuelinks or ():
            if end := link.outward_issue or link.inward_issue:
                yield Reference(str(end.id), word=self._word(link.type), inward=link.outward_issue is None)
        for id_, name in self._lens.urls:
            if isinstance(url := getattr(fields, id_), str) and url:
                yield Reference(url, "url", self._named(id_, name))

    def _values(self, fields: Any) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for id_ in self._lens.fields:
            held = getattr(fields, id_)
            if held is not None and (read := _READERS.get(type(held))) and (said := read(held)) is not None:
                values[id_] = said
        for id_ in self._lens.choices:
            if (chosen := choice(getattr(fields, id_, None))) is not None:
                values[id_ + CHOICE] = chosen
        return values


def value(held: Any) -> Value | None:
    """What a field holds, in neutral words: a person's account, an option's name, a list as a tuple; None if empty."""
    read = _READERS.get(type(held))
    return read(held) if read else None


def _written(held: str) -> str | None:
    return (instant(held) if held[10:11] == "T" and _INSTANT.fullmatch(held) else held) or None


def _several(held: list[Any]) -> Value | None:
    if not held:
        return None
    parts = [part for part in map(value, held) if part is not None]
    return tuple([part for part in parts if not isinstance(part, tuple)]) or None


def _option(held: dict[str, Any]) -> Scalar | None:
    """What a JSON object stands for: a person, an option (perhaps with a second one below it), a named thing, text."""
    if held.get("type") == "doc":
        return text(converted(held, Node, strict=False))[:_TEXT_LENGTH] or None
    child = held.get("child")
    if isinstance(child, dict) and child.get("value"):
        return f"{held.get('value')} - {child['value']}"
    for key in _OF_A_PERSON if "displayName" in held else _OF_A_THING:
        if isinstance(said := held.get(key), _PLAIN) and said != "":
            return said
    return None


_READERS: dict[type, Callable[[Any], Value | None]] = {
    str: _written,
    bool: lambda held: held,
    int: lambda held: held,
    float: lambda held: held,
    User: lambda held: held.id or None,
    Ref: lambda held: held.key,
    Named: lambda held: held.name or None,
    SprintRef: lambda held: held.name or None,
    Node: lambda held: text(held)[:_TEXT_LENGTH] or None,
    dict: _option,
    list: _several,
}


def choice(held: Any) -> Value | None:
    """The id of the option that a field holds, with that of the second one below it; of several, theirs."""
    if isinstance(held, list):
        return tuple([said for said in map(choice, held) if isinstance(said, str)]) or None
    if isinstance(held, Named):
        return held.id or None
    if not isinstance(held, dict) or "displayName" in held or not held.get("id"):
        return None
    below = choice(held.get("child"))
    return f"{held['id']}{f':{below}' if below else ''}"


def text(described: Node | str) -> str:
    """The words of a description: of wiki markup as in the API's version 2, or of ADF as in version 3."""
    if isinstance(described, str):
        return _WIKI.sub(" ", described).strip()
    parts: list[str] = []
    nodes = [described]
    while nodes:
        node = nodes.pop()
        if node.text:
            parts.append(node.text)
        elif node.content:
            parts.append(" ")
            nodes.extend(reversed(node.content))
    return "".join(parts).strip()


def instant(said: str | None) -> str | None:
    """As `syncbot.connector.instant`, and faster for the form in which Jira writes every instant."""
    if not said:
        return None
    if len(said) == _LENGTH and (hour := _hour(said[:13], said[23:])):
        return f"{hour}{said[13:23]}Z"
    return parsed(said)


@lru_cache(maxsize=65536)
def _hour(said: str, offset: str) -> str | None:
    """The hour of an instant in UTC, asked once for all that fall into it; None unless it is off by whole hours."""
    if offset == "+0000":
        return said
    if offset[-2:] != "00":
        return None
    try:
        return datetime.fromisoformat(f"{said}:00{offset}").astimezone(UTC).isoformat()[:13]
    except (ValueError, OverflowError):
        return None


def epoch(said: str | None) -> int:
    """An instant as milliseconds since 1970; 0 if there is none."""
    at = instant(said)
    return round(datetime.fromisoformat(at).timestamp() * 1000) if at else 0


def _sprints(held: Sprints) -> Iterator[SprintRef]:
    for one in held if isinstance(held, list) else [held]:
        if isinstance(one, SprintRef):
            yield one
        elif isinstance(one, str) and (found := _SPRINT.search(one)):
            parts = dict(_SPRINT_PART.findall(found[1]))
            if "id" in parts:
                yield SprintRef(parts["id"], parts.get("name", ""), parts.get("state", ""))


def _marker(properties: Any) -> str | None:
    held = properties.get(PROPERTY) if isinstance(properties, dict) else None
    marker = held.get("marker") if isinstance(held, dict) else None
    return marker if isinstance(marker, str) else None
