"""A small board and a small Jira project, and mappings written in the test that they are for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from syncbot import mapping
from syncbot.model import Field, Item, Mapped, Place, Record, Scope, Side, Term, Vocabulary, Word

PAY = Scope("10000", "PAY", "Payments")
RISK = Scope("10001", "RISK", "Risk")
BOARD = Scope("b1", "AbCd1234", "Product roadmap")
FILE = "jira.toml"
DOING = Word("l2", "Doing")

JIRA = Vocabulary(
    fields=(
        Field("assignee", "Assignee", "person"),
        Field("duedate", "Due date", "date"),
        Field("timeoriginalestimate", "Original estimate", "number"),
        Field("timeestimate", "Remaining Estimate", "number"),
        Field("timespent", "Time Spent", "number"),
        Field("priority", "Priority", "option"),
        Field("fixVersions", "Fix versions", "options"),
        Field("customfield_10016", "Story point estimate", "number", custom=True),
        Field("customfield_10020", "Sprint", "sprint", custom=True),
        Field("customfield_10021", "Flagged", "options", custom=True),
        Field("customfield_10026", "Story Points", "number", custom=True),
        Field("customfield_10030", "Roadmap card", "url", custom=True),
        Field("customfield_10031", "Team", "option", custom=True),
        Field("customfield_10032", "Developers", "people", custom=True),
    ),
    terms=(
        Term("type", "1", "Epic", "10000"),
        Term("type", "2", "Story", "10000"),
        Term("type", "3", "Bug", "10001"),
        Term("status", "11", "To Do", "10000", "new"),
        Term("status", "12", "In Progress", "10000", "doing"),
        Term("status", "13", "Review", "10000", "doing"),
        Term("status", "14", "Done", "10000", "done"),
        Term("status", "21", "In Progress", "10001", "doing"),
        Term("priority", "1", "Highest"),
        Term("priority", "3", "Medium"),
        Term("resolution", "1", "Won't Do"),
        Term("link", "1", "Blocks"),
        Term("link", "2", "Depends on"),
        Term("link", "3", "Relates"),
    ),
)
TRELLO = Vocabulary(
    fields=(
        Field("members", "Members", "people"),
        Field("due", "Due date", "instant"),
        Field("start", "Start date", "instant"),
        Field("name", "Name", "text"),
        Field("cf1", "Points", "number", custom=True, scopes=("b1",)),
        Field("cf2", "Priority", "option", custom=True, scopes=("b1",)),
        Field("cf3", "Ready?", "bool", custom=True, scopes=("b1",)),
    ),
    terms=(
        Term("list", "l1", "Ideas", "b1"),
        Term("list", "l2", "Doing", "b1"),
        Term("list", "l3", "Done", "b1"),
        Term("list", "l4", "Sprint 12", "b1"),
        Term("label", "x1", "Goal: Cut failed payments", "b1"),
        Term("label", "x2", "template", "b1"),
    ),
)


def load(folder: Path, text: str) -> mapping.Source:
    """The mapping of that text, below ``version = 1``."""
    file = folder / FILE
    file.write_text(f"version = 1\n{text}", encoding="utf-8")
    return mapping.load(file)


def resolve(
    source: mapping.Source, vocabulary: Vocabulary, scopes: Sequence[Scope] = (), **changes: Any
) -> mapping.Mapping:
    """The mapping at a connection "delivery" in London that reads these scopes (Jira: PAY, Trello: the board)."""
    scopes = scopes or ([BOARD] if any(term.facet == "list" for term in vocabulary.terms) else [PAY])
    settings: dict[str, Any] = {
        "connection": "delivery",
        "scopes": scopes,
        "side": None,
        "scope_sides": dict[str, Side](),
        "kept": {},
        "timezone": "Europe/London",
        "home_order": [scope.remote_id for scope in scopes],
    }
    return mapping.resolve(source, vocabulary, **settings | changes)


def issue(**changes: Any) -> Record:
    """An issue PAY-1 as the Jira connector decodes it."""
    base = Record(
        "1",
        "PAY-1",
        "https://example.atlassian.net/browse/PAY-1",
        "Retry",
        "2026-11-02T09:30:00.000Z",
        (Place("10000"),),
    )
    return msgspec.structs.replace(base, **changes)


def card(section: Word | None = None, **changes: Any) -> Record:
    """A card as the Trello connector decodes it; ``section`` is its list."""
    base = Record(
        "c1", "AbCd", "https://trello.com/c/AbCd", "Retry", "2026-11-02T09:30:00.000Z", (Place("b1", section),)
    )
    return msgspec.structs.replace(base, **changes)


def apply(one: mapping.Mapping, record: Record) -> Mapped:
    """The record mapped, at a connection that writes as "bot"."""
    return mapping.apply(one, record, frozenset({"bot"}))


def item(folder: Path, text: str, record: Record) -> Item:
    """What the record is by that mapping, at Jira if it is an issue and at Trello if it is a card."""
    mapped = apply(resolve(load(folder, text), JIRA if record.ref == "PAY-1" else TRELLO), record)
    assert mapped.item is not None
    return mapped.item
