"""The mappings that ship: what ordinary boards and projects become without an admin writing a line."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from syncbot import mapping
from syncbot.model import Field, Place, Record, Reference, Scope, Term, Value, Vocabulary, Word
from tests.mapping.helpers import BOARD, JIRA, PAY, TRELLO, apply, card, issue, resolve

JIRA_PRESET = mapping.load(mapping.preset("jira"))
TRELLO_PRESET = mapping.load(mapping.preset("trello"))
ASANA_PRESET = mapping.load(mapping.preset("asana"))


@pytest.mark.parametrize("vocabulary", [Vocabulary(), JIRA, TRELLO])
@pytest.mark.parametrize("source", [ASANA_PRESET, JIRA_PRESET, TRELLO_PRESET])
def test_a_preset_is_never_a_mistake(source: mapping.Source, vocabulary: Vocabulary) -> None:
    assert resolve(source, vocabulary).mistakes == []


@pytest.mark.parametrize("source", [ASANA_PRESET, JIRA_PRESET, TRELLO_PRESET])
def test_no_name_of_a_preset_stands_in_two_places_of_a_table(source: mapping.Source) -> None:
    for table, choices in source.general.decisions.items():
        seen = [
            (question.about, question.field and question.field.text, name.text.casefold())
            for choice in choices
            for condition in choice.conditions
            for question in condition
            for name in question.values
        ]
        assert len(seen) == len(set(seen)), table


# Jira -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("Initiative", "goal"),
        ("Theme", "goal"),
        ("Epic", "feature"),
        ("Feature", "feature"),
        ("Milestone", "milestone"),
        ("Story", "task"),
        ("Sub-task", "task"),
        ("Bug", "task"),
        ("事件", "task"),
    ],
)
def test_kinds_of_jira(type_: str, kind: str) -> None:
    mapped = apply(resolve(JIRA_PRESET, JIRA), issue(type=Word("99", type_), category="new"))
    assert mapped.item is not None
    assert mapped.item.kind == kind
    assert mapped.unmapped == ()


@pytest.mark.parametrize(
    ("status", "category", "resolution", "expected"),
    [
        ("To Do", "new", None, "planned"),
        ("Backlog", "new", None, "planned"),
        ("Selected for Development", "new", None, "ready"),
        ("In Progress", "doing", None, "doing"),
        ("En cours", "doing", None, "doing"),
        ("On Hold", "doing", None, "paused"),
        ("Waiting for support", "doing", None, "paused"),
        ("Done", "done", None, "done"),
        ("Done", "done", "Done", "done"),
        ("Done", "done", "Fixed", "done"),
        ("Closed", "done", "Won't Do", "dropped"),
        ("Closed", "done", "Duplicate", "dropped"),
        ("Cancelled", "done", None, "dropped"),
        ("Rejected", "done", "Done", "dropped"),
    ],
)
def test_statuses_of_jira(status: str, category: str, resolution: str | None, expected: str) -> None:
    record = issue(
        type=Word("2", "Story"),
        status=Word("99", status),
        category=category,
        resolution=resolution and Word("9", resolution),
    )
    mapped = apply(resolve(JIRA_PRESET, JIRA), record)
    assert mapped.item is not None
    assert (mapped.item.status, mapped.item.word) == (expected, status)


def test_an_issue_of_a_company_managed_project() -> None:
    fields: dict[str, Value] = {
        "assignee": "u1",
        "duedate": "2026-12-01",
        "customfield_10026": 5,
        "timeoriginalestimate": 7200,
        "timeestimate": 3600,
        "timespent": 1800,
        "fixVersions": ("2.0",),
        "customfield_10021": ("Impediment",),
    }
    one = resolve(JIRA_PRESET, JIRA)
    assert one.wanted == set(fields) | {"customfield_10016"}
    mapped = apply(one, issue(type=Word("2", "Story"), priority=Word("1", "Highest"), category="new", fields=fields))
    found = mapped.item
    assert found is not None
    assert (found.owner, found.due_on, found.points, found.is_flagged, found.priority) == (
        "u1",
        "2026-12-01",
        5,
        True,
        1,
    )
    assert (found.minutes, found.left_minutes, found.spent_minutes) == (120, 60, 30)
    assert [(it.kind, it.title) for it in mapped.derived] == [("milestone", "2.0")]


def test_an_issue_of_a_team_managed_project_in_another_language() -> None:
    names = {"Assignee": "Zugewiesene Person", "Due date": "Fälligkeitsdatum", "Original estimate": "Schätzung"}
    fields = tuple(msgspec.structs.replace(it, name=names.get(it.name, it.name)) for it in JIRA.fields)
    one = resolve(JIRA_PRESET, Vocabulary(fields, (Term("type", "5", "Epic", "10000"),)))
    record = issue(type=Word("5", "Epic"), fields={"assignee": "u1", "duedate": "2026-12-01", "customfield_10016": 3})
    found = apply(one, record).item
    assert found is not None
    assert (found.kind, found.owner, found.due_on, found.points) == ("feature", "u1", "2026-12-01", 3)


def test_links_of_jira_block_in_the_right_direction() -> None:
    one = resolve(JIRA_PRESET, JIRA)
    blocks, depends = (
        apply(one, issue(references=(Reference("2", word=Word(*it)),))).ties[0]
        for it in (("1", "Blocks"), ("2", "Depends on"))
    )
    assert (blocks.meaning, blocks.inward) == ("blocks", False)
    assert (depends.meaning, depends.inward) == ("blocks", True)


def test_what_the_jira_preset_fills() -> None:
    assert resolve(JIRA_PRESET, JIRA).fields_in(PAY.remote_id) == {
        "kind",
        "status",
        "owner",
        "assignees",
        "points",
        "minutes",
        "left_minutes",
        "spent_minutes",
        "due_on",
        "priority",
        "flagged",
        "sprint",
        "milestone",
        "function",
        "requires",
    }


# Trello ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("list_name", "status"),
    [
        ("Ideas", "planned"),
        ("Product backlog", "planned"),
        ("To Do", "planned"),
        ("À FAIRE", "planned"),
        ("Next", "ready"),
        ("Ready for dev", "ready"),
        ("Als Nächstes", "ready"),
        ("Now", "doing"),
        ("In Progress", "doing"),
        ("In Arbeit", "doing"),
        ("进行中", "doing"),
        ("On hold", "paused"),
        ("Waiting for legal", "paused"),
        ("Done", "done"),
        ("Done 🎉", "done"),
        ("Erledigt", "done"),
        ("Hecho", "done"),
        ("Won't do", "dropped"),
    ],
)
def test_lists_of_a_roadmap(list_name: str, status: str) -> None:
    mapped = apply(resolve(TRELLO_PRESET, TRELLO), card(Word("l9", list_name)))
    assert mapped.item is not None
    assert (mapped.item.kind, mapped.item.status, mapped.item.word) == ("feature", status, list_name)
    assert mapped.unmapped == ()


def test_a_list_that_the_preset_does_not_know_is_told() -> None:
    mapped = apply(resolve(TRELLO_PRESET, TRELLO), card(Word("l9", "Kvartal 3")))
    assert [(it.facet, it.word) for it in mapped.unmapped] == [("list", "Kvartal 3")]


@pytest.mark.parametrize(
    ("list_name", "complete", "archived", "status"),
    [
        ("Now", True, False, "done"),
        ("Now", False, True, "dropped"),
        ("Now", True, True, "done"),
        ("Done", False, True, "done"),
        ("Won't do", True, False, "dropped"),
        ("Kvartal 3", False, True, "dropped"),
    ],
)
def test_ticked_and_archived_cards(list_name: str, complete: bool, archived: bool, status: str) -> None:
    mapped = apply(resolve(TRELLO_PRESET, TRELLO), card(Word("l9", list_name), complete=complete, archived=archived))
    assert mapped.item is not None
    assert mapped.item.status == status


@pytest.mark.parametrize(
    "ignored",
    [
        card(labels=(Word("x", "Template"),)),
        card(type=Word("template", "template")),
        card(type=Word("link", "link")),
        card(Word("l8", "How to use this board")),
        card(Word("l8", "Reports")),
    ],
)
def test_cards_that_are_no_work(ignored: object) -> None:
    assert isinstance(ignored, type(card()))
    assert apply(resolve(TRELLO_PRESET, TRELLO), ignored).item is None


def test_a_card_of_a_roadmap() -> None:
    one = resolve(TRELLO_PRESET, TRELLO)
    assert one.wanted == {"members", "due", "start", "cf1", "cf2"}
    record = card(
        Word("l2", "Doing"),
        labels=(Word("x1", "Goal: Cut failed payments"), Word("x3", "Blocked")),
        fields={
            "members": ("u1",),
            "due": "2026-12-01T12:00:00.000Z",
            "start": "2026-11-02T12:00:00.000Z",
            "cf1": 8.0,
            "cf2": "High",
        },
    )
    mapped = apply(one, record)
    found = mapped.item
    assert found is not None
    assert (found.kind, found.side, found.status, found.owner) == ("feature", "product", "doing", "u1")
    assert (found.start_on, found.due_on, found.points) == ("2026-11-02", "2026-12-01", 8)
    assert (found.priority, found.is_flagged) == (2, True)
    assert [(it.kind, it.title) for it in mapped.derived] == [("goal", "Cut failed payments")]


@pytest.mark.parametrize(
    ("label", "kind"), [("goal", "goal"), ("Milestone", "milestone"), ("Bug", "task"), ("Mobile", "feature")]
)
def test_cards_with_a_label_for_their_kind(label: str, kind: str) -> None:
    mapped = apply(resolve(TRELLO_PRESET, TRELLO), card(labels=(Word("x", label),)))
    assert mapped.item is not None
    assert mapped.item.kind == kind


def test_a_board_without_priorities_and_goals_is_known_not_to_have_them() -> None:
    bare = Vocabulary(
        tuple(it for it in TRELLO.fields if not it.custom),
        (Term("list", "l2", "Doing", "b1"), Term("label", "x", "red", "b1")),
    )
    assert resolve(TRELLO_PRESET, bare).fields_in(BOARD.remote_id) == {
        "kind",
        "status",
        "owner",
        "assignees",
        "start_on",
        "due_on",
    }
    assert {"priority", "goal"} < resolve(TRELLO_PRESET, TRELLO).fields_in(BOARD.remote_id)
    assert isinstance(TRELLO.fields[0], Field)


# Asana ----------------------------------------------------------------------------------------------------------------

ASANA = Vocabulary(
    fields=(
        Field("assignee", "Assignee", "person"),
        Field("due_on", "Due date", "instant"),
        Field("start_on", "Start date", "instant"),
        Field("actual_time_minutes", "Actual time", "number"),
        Field("f1", "Priority", "option", custom=True, scopes=("p1",)),
        Field("f2", "Story points", "number", custom=True, scopes=("p1",)),
        Field("f3", "Estimated time", "number", custom=True, scopes=("p1",)),
    ),
    terms=(Term("section", "s1", "Doing", "p1"), Term("link", "dependency", "Dependency")),
)
PLAN = Scope("p1", "p1", "Launch")


def task(section: str | None = "To do", **changes: Any) -> Record:
    """A task as the Asana connector decodes it."""
    place = Place("p1", Word("s", section) if section else None)
    base = Record("1", "1", "https://app.asana.com/0/p1/1", "Film", "2026-11-02T09:30:00.000Z", (place,))
    return msgspec.structs.replace(base, **changes)


@pytest.mark.parametrize(
    ("section", "changes", "expected"),
    [
        ("To do", {}, "planned"),
        ("Untitled section", {}, "planned"),
        ("Next", {}, "ready"),
        ("In progress", {}, "doing"),
        ("Blocked", {}, "paused"),
        ("Done", {}, "done"),
        ("Cancelled", {"complete": True}, "dropped"),
        ("In progress", {"complete": True}, "done"),
        ("To do", {"complete": True, "resolution": Word("rejected", "Rejected")}, "dropped"),
        ("To do", {"complete": True, "resolution": Word("approved", "Approved")}, "done"),
        (None, {"category": "new"}, "planned"),
        (None, {"complete": True}, "done"),
    ],
)
def test_statuses_of_asana(section: str | None, changes: dict[str, Any], expected: str) -> None:
    mapped = apply(resolve(ASANA_PRESET, ASANA, [PLAN]), task(section, **changes))
    assert mapped.item is not None
    assert (mapped.item.status, mapped.unmapped) == (expected, ())


@pytest.mark.parametrize(
    ("type_", "kind"), [("Task", "task"), ("Approval", "task"), ("Milestone", "milestone"), ("Epic", "feature")]
)
def test_kinds_of_asana(type_: str, kind: str) -> None:
    mapped = apply(resolve(ASANA_PRESET, ASANA, [PLAN]), task(type=Word("1", type_)))
    assert mapped.item is not None
    assert mapped.item.kind == kind


def test_fields_of_asana_in_our_units() -> None:
    one = resolve(ASANA_PRESET, ASANA, [PLAN])
    fields: dict[str, Value] = {
        "assignee": "u1", "due_on": "2026-12-01T23:30:00.000Z", "start_on": "2026-11-30", "actual_time_minutes": 45.0,
        "f1": "High", "f2": 3.0, "f3": 90.0,
    }  # fmt: skip
    found = apply(one, task(fields=fields)).item
    assert found is not None
    assert (found.owner, found.due_on, found.start_on, found.priority) == ("u1", "2026-12-01", "2026-11-30", 2)
    assert (found.points, found.minutes, found.spent_minutes) == (3, 90, 45)


def test_a_task_waits_for_what_it_depends_on() -> None:
    depends = Reference("2", "id", Word("dependency", "Dependency"))
    (tie,) = apply(resolve(ASANA_PRESET, ASANA, [PLAN]), task(references=(depends,))).ties
    assert (tie.meaning, tie.inward) == ("blocks", True)
