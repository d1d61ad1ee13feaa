"""Where a record stands, what it is tied to, and the goals, milestones and sprints derived from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from syncbot.model import (
    Place,
    Reference,
    Scope,
    Sprint,
    Term,
    Tie,
    Vocabulary,
    Word,
)
from tests.mapping.helpers import BOARD, DOING, JIRA, PAY, RISK, TRELLO, apply, card, issue, load, resolve


def test_the_home_of_an_item_in_several_scopes_is_the_first_in_the_configs_order(tmp_path: Path) -> None:
    text = '[kind]\nfeature = {}\n[scope."RISK".kind]\nmilestone = {}\n'
    record = issue(places=(Place("10000"), Place("10001"), Place("55")))
    for order, kind, places in [
        (("10001", "10000"), "milestone", ["10001", "10000", "55"]),
        (("10000", "10001"), "feature", ["10000", "10001", "55"]),
        ((), "feature", ["10000", "10001", "55"]),
    ]:
        mapped = apply(resolve(load(tmp_path, text), JIRA, [PAY, RISK], home_order=order), record)
        assert mapped.item is not None
        assert (mapped.item.kind, mapped.item.home_scope) == (kind, places[0])
        assert [place.scope for place in mapped.places] == places


LINKS = """
[links]
blocks = ["Blocks", "Depends on"]
twin = "Roadmap card"
relates = "Cl*"
"""


@pytest.mark.parametrize(
    ("reference", "tie"),
    [
        (Reference("2", word=Word("p", "Parent"), parent=True), Tie("2", "id", "native", "child_of")),
        (Reference("2", word=Word("1", "blocks")), Tie("2", "id", "native", "blocks")),
        (Reference("2", word=Word("1", "Blocks"), inward=True), Tie("2", "id", "native", "blocks", inward=True)),
        (Reference("2", word=Word("2", "Depends on")), Tie("2", "id", "native", "blocks", inward=True)),
        (Reference("2", word=Word("2", "Depends on"), inward=True), Tie("2", "id", "native", "blocks")),
        (Reference("2", word=Word("8", "Cloners")), Tie("2", "id", "native", "relates")),
        (Reference("2", word=Word("9", "Duplicate")), Tie("2", "id", "native", "relates")),
        (Reference("2"), Tie("2", "id", "native", "relates")),
        (
            Reference("https://trello.com/c/x", "url", Word("customfield_10030", "Renamed since")),
            Tie("https://trello.com/c/x", "url", "url", "twin"),
        ),
        (Reference("https://x.example", "url", Word("a", "attachment")), Tie("https://x.example", "url", "url")),
        (Reference("PAY-7", "key"), Tie("PAY-7", "key", "key")),
    ],
)
def test_what_a_reference_means(tmp_path: Path, reference: Reference, tie: Tie) -> None:
    one = resolve(load(tmp_path, LINKS), JIRA)
    assert one.mistakes == []
    assert apply(one, issue(references=(reference, reference))).ties == (tie,)


def test_keys_in_free_text_count_where_the_mapping_says_so(tmp_path: Path) -> None:
    one = resolve(load(tmp_path, "[links]\nkeys = true\n"), JIRA)
    assert apply(one, issue(references=(Reference("PAY-7", "key"),))).ties == (Tie("PAY-7", "key", "config"),)


def test_a_goal_from_a_label_is_the_same_item_for_all_its_records(tmp_path: Path) -> None:
    one = resolve(load(tmp_path, '[derive]\ngoal = { label = "goal: *" }\n'), TRELLO, side="product")
    goal = Word("x1", "Goal: Cut failed payments ")
    first = apply(one, card(DOING, labels=(goal, Word("x9", "red"))))
    second = apply(one, card(Word("l1", "Ideas"), remote_id="c2", changed="2026-11-09T09:30:00.000Z", labels=(goal,)))
    [derived] = first.derived
    assert (derived,) == second.derived
    assert (derived.kind, derived.title, derived.word) == ("goal", "Cut failed payments", "Goal: Cut failed payments ")
    assert (derived.side, derived.status, derived.home_scope) == ("product", "planned", "b1")
    assert (derived.connection, derived.derived_from) == ("delivery", "label")
    assert first.ties == second.ties == (Tie(derived.remote_id, "id", "native", "child_of"),)


def test_a_renamed_goal_label_is_still_the_same_goal_and_goals_of_two_boards_are_two(tmp_path: Path) -> None:
    other = Scope("b2", "Zz", "Other")
    one = resolve(load(tmp_path, '[derive]\ngoal = { label = "Goal: *" }\n'), TRELLO, [BOARD, other])
    before = apply(one, card(labels=(Word("x1", "Goal: A"),))).derived[0]
    after = apply(one, card(labels=(Word("x1", "Goal: B"),))).derived[0]
    elsewhere = apply(one, card(places=(Place("b2"),), labels=(Word("x7", "Goal: A"),))).derived[0]
    assert before.remote_id == after.remote_id
    assert (before.title, after.title) == ("A", "B")
    assert before.remote_id != elsewhere.remote_id


@pytest.mark.parametrize(
    ("pattern", "label", "title"),
    [
        ("Goal: *", "Goal: Cut failed payments", "Cut failed payments"),
        ("Goal:*", "GOAL:  x", "x"),
        ("Goal: *", "Goal: ", None),
        ("Goal:*", "Goal: ", "Goal:"),
        ("[goal] *", "[Goal] Straße", "Straße"),
        ("Epic *", "Epic 7", "Epic 7"),
        ("*", "Anything", "Anything"),
        ("* goal", "My goal", "My goal"),
        ("One", " one ", "one"),
    ],
)
def test_what_a_derived_item_is_called(tmp_path: Path, pattern: str, label: str, title: str | None) -> None:
    one = resolve(load(tmp_path, f'[derive]\ngoal = {{ label = "{pattern}" }}\n'), JIRA)
    derived = apply(one, issue(labels=(Word("x", label),))).derived
    assert [it.title for it in derived] == ([title] if title else [])


def test_milestones_from_versions(tmp_path: Path) -> None:
    one = resolve(load(tmp_path, '[derive]\nmilestone = { field = "Fix versions" }\n'), JIRA)
    mapped = apply(one, issue(fields={"fixVersions": ("2.0", "2.1", "2.0 ")}))
    assert [(it.title, it.kind, it.side, it.derived_from) for it in mapped.derived] == [
        ("2.0", "milestone", "project", "version"),
        ("2.1", "milestone", "project", "version"),
    ]
    assert {it.meaning for it in mapped.ties} == {"relates"}
    only = resolve(load(tmp_path, '[derive]\nmilestone = { field = { "Fix versions" = "R*" } }\n'), JIRA)
    assert [it.title for it in apply(only, issue(fields={"fixVersions": ("2.0", "R3")})).derived] == ["R3"]


def test_sprints_from_lists(tmp_path: Path) -> None:
    one = resolve(load(tmp_path, '[derive]\nsprint = { list = "Sprint *" }\n'), TRELLO)
    mapped = apply(one, card(Word("l4", "Sprint 12"), sprints=("7",)))
    [sprint] = mapped.derived_sprints
    assert sprint == Sprint(sprint.remote_id, "Sprint 12", "Product roadmap", "future", scope="b1")
    assert mapped.sprints == ("7", sprint.remote_id)
    assert mapped.derived == mapped.ties == ()
    assert apply(one, card(DOING)).derived_sprints == ()


def test_goals_from_sprint_names(tmp_path: Path) -> None:
    vocabulary = Vocabulary(JIRA.fields, (*JIRA.terms, Term("sprint", "77", "Goal: Harden")))
    one = resolve(load(tmp_path, '[derive]\ngoal = { sprint = "Goal: *" }\n'), vocabulary)
    assert [it.title for it in apply(one, issue(sprints=("5", "77"))).derived] == ["Harden"]


def test_what_the_record_says_comes_through_untouched(tmp_path: Path) -> None:
    title = "<b>Pay\nlater</b> \u202e🙂 " + "x" * 16_000
    record = issue(
        title=title,
        created="2026-01-01T23:30:00.000Z",
        restricted=True,
        archived=True,
        past_sprints=("3",),
        description_words=7,
        has_reason=True,
    )
    mapped = apply(resolve(load(tmp_path, ""), JIRA), record)
    found = mapped.item
    assert found is not None
    assert (found.connection, found.remote_id, found.ref, found.url) == ("delivery", "1", "PAY-1", record.url)
    assert (found.title, found.changed, found.created_on) == (title, record.changed, "2026-01-01")
    assert (found.is_restricted, found.is_archived) == (True, True)
    assert (found.description_words, found.has_reason) == (7, True)
    assert (mapped.remote_id, mapped.past_sprints) == ("1", ("3",))


def test_a_record_of_a_scope_that_is_not_read_is_mapped_by_the_general_tables(tmp_path: Path) -> None:
    one = resolve(load(tmp_path, '[kind]\nfeature = { type = "Epic" }\ntask = {}\n'), JIRA)
    mapped = apply(one, issue(places=(Place("777"),), type=Word("1", "Epic")))
    assert mapped.item is not None
    assert (mapped.item.kind, mapped.item.home_scope) == ("feature", "777")
