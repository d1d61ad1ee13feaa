"""The startup of the companies: one board in both roles, read by the mapping that its admin wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from syncbot import mapping
from syncbot.model import Field, Scope, Term, Vocabulary, Word
from tests.mapping.helpers import apply, card, resolve

STARTUP = Path(__file__).resolve().parents[1] / "fixtures/companies/startup/mappings/trello.toml"
BOARD = Scope("b1", "eVrYtHnG", "Everything")
LISTS = ("Roadmap", "Doing", "Done", "Sprint 4", "Admin")
WORDS = Vocabulary(
    (Field("members", "Members", "people"), Field("due", "Due date", "instant")),
    tuple(Term("list", name, name, "b1") for name in LISTS),
)


@pytest.fixture
def startup() -> mapping.Mapping:
    return resolve(mapping.load(STARTUP), WORDS, [BOARD], base=mapping.load(mapping.preset("trello")))


@pytest.mark.parametrize(
    ("list_name", "label", "kind", "status"),
    [
        ("Roadmap", None, "feature", "planned"),
        ("Doing", "Feature", "feature", "doing"),
        ("Doing", None, "task", "doing"),
        ("Sprint 4", None, "task", "planned"),
        ("Done", "template", None, None),
        ("Done", None, "task", "done"),
    ],
)
def test_one_board_holds_features_and_tasks(
    startup: mapping.Mapping, list_name: str, label: str | None, kind: str | None, status: str | None
) -> None:
    labels = (Word(label, label),) if label else ()
    found = apply(startup, card(Word(list_name, list_name), labels=labels)).item
    assert (found and found.kind, found and found.status) == (kind, status)


def test_sprints_goals_points_and_owners_of_one_board(startup: mapping.Mapping) -> None:
    assert startup.mistakes == []
    mapped = apply(
        startup,
        card(
            Word("Sprint 4", "Sprint 4"),
            title="(3) Refunds",
            labels=(Word("g", "Goal: Happy shops"),),
            fields={"members": ("sam",), "due": "2026-12-01T12:00:00.000Z"},
        ),
    )
    assert mapped.item is not None
    assert (mapped.item.points, mapped.item.owner, mapped.item.due_on) == (3, "sam", "2026-12-01")
    assert [sprint.name for sprint in mapped.derived_sprints] == ["Sprint 4"]
    assert mapped.unmapped == (), "a list that is a sprint is no unknown word"
    assert [goal.title for goal in mapped.derived] == ["Happy shops"]
    assert {"owner", "points", "sprint", "due_on"} < startup.fields_in("b1")


def test_a_list_of_the_mapping_that_the_board_has_lost_is_named() -> None:
    terms = tuple(term for term in WORDS.terms if term.name != "Roadmap")
    one = resolve(mapping.load(STARTUP), Vocabulary(WORDS.fields, terms), [BOARD])
    assert [it.message for it in one.mistakes] == ['there is no list "Roadmap".']
    assert one.mistakes[0].hint == "There are: Doing, Done, Sprint 4, Admin."
