"""What a record becomes: its kind by the conditions of a mapping, its status, side, priority and functions."""

from __future__ import annotations

from pathlib import Path

import pytest

from syncbot.model import (
    Record,
    Reference,
    Term,
    Unmapped,
    Vocabulary,
    Word,
)
from tests.mapping.helpers import BOARD, DOING, JIRA, TRELLO, apply, card, issue, item, load, resolve


@pytest.mark.parametrize(
    ("condition", "record", "holds"),
    [
        ('type = "Epic"', issue(type=Word("1", "epic ")), True),
        ('type = "Epic"', issue(type=Word("2", "Story")), False),
        ('type = "Epic"', issue(), False),
        ('type = "1"', issue(type=Word("1", "Vorhaben")), True),
        ('type = "*epic*"', issue(type=Word("7", "Large Epic 2")), True),
        ('status = ["Review", "In Progress"]', issue(status=Word("12", "IN PROGRESS")), True),
        ('resolution = "Won\'t Do"', issue(resolution=Word("1", "Won't Do")), True),
        ('priority = "Highest"', issue(priority=Word("3", "Medium")), False),
        ('label = "legal"', issue(labels=(Word("a", "a"), Word("Legal", "Legal"))), True),
        ('label = "legal*"', issue(labels=(Word("a", "a"),)), False),
        ('list = "Doing"', card(DOING), True),
        ('section = "doing"', card(DOING), True),
        ('list = "Doing"', card(), False),
        ('title = "*retr*"', issue(), True),
        ('title = "retr"', issue(), False),
        ("complete = true", card(complete=True), True),
        ("complete = true", card(), False),
        ("complete = false", card(), True),
        ("archived = true", card(archived=True), True),
        ("archived = false", card(archived=True), False),
        ('field = "Team"', issue(fields={"customfield_10031": "Risk"}), True),
        ('field = "Team"', issue(), False),
        ('field = ["Team", "Flagged"]', issue(fields={"customfield_10021": ("Impediment",)}), True),
        ('field = { Team = "ris*" }', issue(fields={"customfield_10031": "Risk"}), True),
        ('field = { Team = ["Ops", "Legal"] }', issue(fields={"customfield_10031": "Risk"}), False),
        ('field = { "Story Points" = 5 }', issue(fields={"customfield_10026": 5.0}), True),
        ('field = { "Story Points" = 5 }', issue(fields={"customfield_10026": "5"}), True),
        ('field = { "Story Points" = 1 }', issue(fields={"customfield_10026": True}), False),
        ('field = { "Ready?" = true }', card(fields={"cf3": True}), True),
        ('field = { "Ready?" = true }', card(fields={"cf3": False}), False),
        ('field = { "Ready?" = false }', card(fields={"cf3": False}), True),
        ('field = "Ready?"', card(fields={"cf3": False}), False),
        ('field = { Priority = "Highest" }', issue(priority=Word("1", "Highest")), True),
        ('field = "Priority"', issue(priority=Word("1", "Highest")), True),
        ('field = "Priority"', issue(), False),
        ('field = { Priority = "High" }', card(fields={"cf2": "high"}), True),
        ('field = { Priority = "High" }', card(priority=Word("1", "High")), False),
        ('type = "Epic", label = "legal"', issue(type=Word("1", "Epic")), False),
        ('type = "Epic", label = "legal"', issue(type=Word("1", "Epic"), labels=(Word("l", "legal"),)), True),
        ('type = "Epic", complete = true', issue(type=Word("1", "Epic"), complete=True), True),
        ('type = "Epic", complete = true', issue(type=Word("1", "Epic")), False),
        ('type = "Epic", complete = true', issue(type=Word("2", "Story"), complete=True), False),
    ],
)
def test_a_condition(tmp_path: Path, condition: str, record: Record, holds: bool) -> None:
    text = f"strict = false\n[kind]\nmilestone = {{ {condition} }}\ntask = {{}}\n"
    assert item(tmp_path, text, record).kind == ("milestone" if holds else "task")


def test_a_condition_on_a_sprint_knows_it_by_its_name(tmp_path: Path) -> None:
    vocabulary = Vocabulary(JIRA.fields, (*JIRA.terms, Term("sprint", "77", "Hardening 3")))
    one = resolve(load(tmp_path, '[kind]\nmilestone = { sprint = "Hardening *" }\ntask = {}\n'), vocabulary)
    assert apply(one, issue(sprints=("5", "77"))).item.kind == "milestone"
    assert apply(one, issue(sprints=("5",))).item.kind == "task"


def test_what_one_value_means_is_not_remembered_of_another_that_python_calls_equal(tmp_path: Path) -> None:
    one = resolve(load(tmp_path, '[kind]\nmilestone = { field = { "Story Points" = 1 } }\ntask = {}\n'), JIRA)
    kinds = [apply(one, issue(fields={"customfield_10026": value})).item.kind for value in (1.0, True, 1, True, "1")]
    assert kinds == ["milestone", "task", "milestone", "task", "milestone"]


def test_the_first_match_in_file_order_wins_and_an_array_is_or(tmp_path: Path) -> None:
    text = '[kind]\ngoal = [{ label = "a" }, { label = "b" }]\nfeature = { label = "b" }\ntask = {}\n'
    one = resolve(load(tmp_path, text), JIRA)
    for labels, kind in [("a", "goal"), ("b", "goal"), ("c", "task")]:
        assert apply(one, issue(labels=(Word(labels, labels),))).item.kind == kind


def test_what_is_ignored_leaves_nothing_behind(tmp_path: Path) -> None:
    tables = '[kind]\nignore = { label = "template" }\n[fields]\nowner = "Assignee"\n[derive]\ngoal = { label = "*" }\n'
    record = issue(labels=(Word("x", "Template"),), fields={"assignee": "u1"}, references=(Reference("2"),))
    mapped = apply(resolve(load(tmp_path, tables), JIRA), record)
    assert mapped.item is None
    assert (mapped.assignees, mapped.ties, mapped.derived, mapped.places, mapped.unmapped) == ((), (), (), (), ())


def test_our_own_report_is_no_work_but_someone_elses_text_with_our_marker_is(tmp_path: Path) -> None:
    one = resolve(load(tmp_path, ""), JIRA)
    assert apply(one, issue(marker="syncbot:v1:aa", creator="bot")).item is None
    assert apply(one, issue(marker="syncbot:v1:aa", creator="ada")).item is not None
    assert apply(one, issue(marker="syncbot:v1:aa")).item is not None
    assert apply(one, issue(creator="bot")).item is not None


def test_a_type_that_no_condition_takes_is_a_task_and_counted(tmp_path: Path) -> None:
    text = '[kind]\nfeature = { type = "Epic" }\n'
    mapped = apply(resolve(load(tmp_path, text), JIRA), issue(type=Word("9", "Incident"), category="new"))
    assert mapped.item is not None
    assert mapped.item.kind == "task"
    assert mapped.unmapped == (Unmapped("type", "Incident", "10000", "PAY-1"),)
    assert apply(resolve(load(tmp_path, ""), JIRA), issue(category="new")).unmapped == ()


STATUS = """
[status]
dropped = { resolution = "Won't Do" }
doing = [{ status = "Review" }, { list = "Doing" }]
done = [{ list = "Done" }, { complete = true }]
"""


@pytest.mark.parametrize(
    ("record", "status", "word", "unmapped"),
    [
        (issue(status=Word("13", "Review"), category="new"), "doing", "Review", 0),
        (issue(status=Word("14", "Done"), category="done", resolution=Word("1", "Won't Do")), "dropped", "Done", 0),
        (issue(status=Word("11", "To Do"), category="new"), "planned", "To Do", 0),
        (issue(status=Word("12", "In Progress"), category="doing"), "doing", "In Progress", 0),
        (issue(status=Word("14", "Done"), category="done"), "done", "Done", 0),
        (issue(status=Word("99", "Odd")), "planned", "Odd", 1),
        (card(DOING), "doing", "Doing", 0),
        (card(Word("l3", "Done"), complete=True), "done", "Done", 0),
        (card(Word("l1", "Ideas")), "planned", "Ideas", 1),
        (card(Word("l1", "Ideas"), complete=True), "done", "complete", 0),
        (card(Word("l1", "Ideas"), archived=True), "dropped", "archived", 0),
        (card(DOING, archived=True), "dropped", "archived", 0),
        (card(DOING, archived=True, complete=True), "done", "archived", 0),
        (card(Word("l3", "Done"), archived=True), "done", "Done", 0),
        (card(), "planned", "", 1),
        (card(category="new"), "planned", "incomplete", 0),
        (card(category="done"), "done", "complete", 0),
    ],
)
def test_a_status_and_its_word(tmp_path: Path, record: Record, status: str, word: str, unmapped: int) -> None:
    vocabulary = JIRA if record.ref == "PAY-1" else TRELLO
    mapped = apply(resolve(load(tmp_path, f"strict = false\n{STATUS}"), vocabulary), record)
    assert mapped.item is not None
    assert (mapped.item.status, mapped.item.word, len(mapped.unmapped)) == (status, word, unmapped)


def test_a_tick_counts_where_the_mapping_says_nothing_of_it(tmp_path: Path) -> None:
    found = item(tmp_path, '[status]\ndoing = { list = "Doing" }\n', card(Word("l1", "Ideas"), complete=True))
    assert (found.status, found.word) == ("done", "complete")


def test_an_unknown_list_is_kept_with_an_example(tmp_path: Path) -> None:
    mapped = apply(resolve(load(tmp_path, STATUS), TRELLO), card(Word("l1", "Ideas")))
    assert mapped.unmapped == (Unmapped("list", "Ideas", "b1", "AbCd"),)
    asana = Vocabulary(terms=(Term("section", "s1", "Ideas", "b1"),))
    mapped = apply(resolve(load(tmp_path, "[status]\n"), asana, [BOARD]), card(Word("s1", "Ideas")))
    assert mapped.unmapped[0].facet == "section"


def test_finished_cards_that_were_archived_can_be_done(tmp_path: Path) -> None:
    text = '[status]\ndone = { archived = true }\ndoing = { list = "Doing" }\n'
    assert item(tmp_path, text, card(DOING, archived=True)).status == "done"


def test_when_it_was_started_and_done_follows_the_tools_category(tmp_path: Path) -> None:
    since = {"status_since": "2026-06-30T23:30:00.000Z"}
    text = '[status]\nready = { status = "Review" }\n'
    started = item(tmp_path, text, issue(status=Word("12", "In Progress"), category="doing", **since))
    assert (started.started_on, started.done_on) == ("2026-07-01", None), "a date in London"
    done = item(tmp_path, text, issue(status=Word("14", "Done"), category="done", **since))
    assert (done.started_on, done.done_on) == (None, "2026-07-01")
    ready = item(tmp_path, text, issue(status=Word("13", "Review"), category="doing", **since))
    assert (ready.started_on, ready.done_on) == (None, None)


def test_priorities_and_words_that_have_none(tmp_path: Path) -> None:
    one = resolve(load(tmp_path, '[priority]\n1 = { priority = "Highest" }\n3 = { priority = "Medium" }\n'), JIRA)
    high = apply(one, issue(category="new", priority=Word("1", "Highest")))
    odd = apply(one, issue(category="new", priority=Word("9", "ASAP")))
    none = apply(one, issue(category="new"))
    assert [mapped.item and mapped.item.priority for mapped in (high, odd, none)] == [1, None, None]
    assert odd.unmapped == (Unmapped("priority", "ASAP", "10000", "PAY-1"),)
    assert high.unmapped == none.unmapped == ()


def test_flagged_and_committed(tmp_path: Path) -> None:
    text = '[flagged]\nany = { field = "Flagged" }\n[committed]\nany = { label = "promised" }\n'
    plain = item(tmp_path, text, issue())
    assert (plain.is_flagged, plain.committed) == (False, False)
    marked = issue(fields={"customfield_10021": ("Impediment",)}, labels=(Word("p", "promised"),))
    assert (item(tmp_path, text, marked).is_flagged, item(tmp_path, text, marked).committed) == (True, True)
    assert item(tmp_path, "", marked).committed is None, "the mapping does not decide it"


def test_a_side_is_the_mappings_then_the_scopes_then_the_connections_then_the_kinds(tmp_path: Path) -> None:
    source = load(tmp_path, '[kind]\nfeature = { type = "Epic" }\ntask = {}\n[side]\nproject = { label = "ops" }\n')
    epic, ops = issue(type=Word("1", "Epic")), issue(type=Word("1", "Epic"), labels=(Word("ops", "ops"),))

    def side(record: Record, **settings: object) -> str | None:
        mapped = apply(resolve(source, JIRA, **settings), record)
        return mapped.item and mapped.item.side

    assert side(ops, side="product", scope_sides={"10000": "product"}) == "project"
    assert side(issue(), side="project", scope_sides={"10000": "product"}) == "product"
    assert side(epic, side="project", scope_sides={"10001": "product"}) == "project"
    assert (side(epic), side(issue())) == ("product", "project")


def test_the_function_of_an_item_and_those_it_needs(tmp_path: Path) -> None:
    text = """
[function]
legal = { label = ["legal", "compliance"] }
design = { label = "design" }
[requires]
legal = { label = "regulated" }
design = { complete = false }
security = {}
"""
    found = item(tmp_path, text, issue(labels=(Word("a", "design"), Word("b", "Compliance"), Word("c", "regulated"))))
    assert (found.function, found.requires) == ("legal", ("legal", "design", "security"))
    assert item(tmp_path, text, issue(complete=True)).requires == ("security",)
