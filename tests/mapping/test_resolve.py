"""Names become ids once, are kept, and are missed aloud."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from syncbot import mapping
from syncbot.model import Field, Scope, Term, Vocabulary, Word
from tests.mapping.helpers import BOARD, JIRA, PAY, RISK, TRELLO, apply, card, issue, load, resolve

LISTS = '[status]\ndoing = { list = "Doing" }\ndone = { list = "Done" }\n'


def renamed(vocabulary: Vocabulary, id_: str, name: str) -> Vocabulary:
    """The vocabulary after somebody renamed a thing of it."""
    return msgspec.structs.replace(
        vocabulary,
        terms=tuple(msgspec.structs.replace(it, name=name) if it.id == id_ else it for it in vocabulary.terms),
        fields=tuple(msgspec.structs.replace(it, name=name) if it.id == id_ else it for it in vocabulary.fields),
    )


def status(one: mapping.Mapping, list_id: str, list_name: str) -> tuple[str, int]:
    """The status of a card in that list, and how many words were not known."""
    mapped = apply(one, card(Word(list_id, list_name)))
    assert mapped.item is not None
    return mapped.item.status, len(mapped.unmapped)


def test_a_renamed_list_goes_on_meaning_what_it_meant_and_is_reported(tmp_path: Path) -> None:
    source = load(tmp_path, LISTS)
    before = resolve(source, TRELLO)
    after = resolve(source, renamed(TRELLO, "l2", "In flight"), kept=before.kept)
    assert status(after, "l2", "In flight") == ("doing", 0)
    assert status(after, "l2", "Doing") == ("doing", 0), "records stored before the list was renamed"
    assert after.mistakes == []
    assert after.renamed == (mapping.Renamed("list", "b1", "l2", "Doing", "In flight"),)
    assert before.renamed == ()
    assert after.kept == before.kept


def test_a_list_that_was_renamed_since_the_tool_told_its_lists_means_what_it_meant(tmp_path: Path) -> None:
    before = resolve(load(tmp_path, LISTS), TRELLO)
    assert status(before, "l2", "In flight") == ("doing", 0)
    assert status(before, "l2", "Done") == ("done", 0), "a name that the mapping knows counts as it is"
    assert status(before, "l9", "In flight") == ("planned", 1)


def test_pictures_around_a_lists_name_need_not_be_written_and_can_be(tmp_path: Path) -> None:
    decorated = renamed(renamed(TRELLO, "l2", "\N{ROCKET} Doing"), "l3", "Done \N{PARTY POPPER}")
    source = load(tmp_path, f"{LISTS}ready = {{ list = '\N{BUG} Bugs' }}\n")
    after = resolve(source, renamed(decorated, "l1", "\N{BUG} Bugs"))
    assert (after.mistakes, after.absent, after.renamed) == ([], [], ())
    assert status(after, "l2", "\N{ROCKET} Doing") == ("doing", 0)
    assert status(after, "l3", "Done \N{PARTY POPPER}") == ("done", 0)
    assert status(after, "l1", "\N{BUG} Bugs") == ("ready", 0)
    assert resolve(source, decorated, kept=after.kept).renamed == (
        mapping.Renamed("list", "b1", "l1", "\N{BUG} Bugs", "Ideas"),
    )
    assert status(resolve(load(tmp_path, LISTS), TRELLO), "l9", "\N{ROCKET} Bugs") == ("planned", 1)


def test_a_list_may_be_called_a_section_and_is_kept_all_the_same(tmp_path: Path) -> None:
    source = load(tmp_path, '[status]\ndoing = { section = "Doing" }\n')
    after = resolve(source, renamed(TRELLO, "l2", "In flight"), kept=resolve(source, TRELLO).kept)
    assert (status(after, "l2", "In flight"), after.mistakes) == (("doing", 0), [])


def test_a_list_that_makes_sprints_is_kept_too(tmp_path: Path) -> None:
    source = load(tmp_path, '[derive]\nsprint = { list = "Doing" }\n')
    after = resolve(source, renamed(TRELLO, "l2", "In flight"), kept=resolve(source, TRELLO).kept)
    assert after.mistakes == []
    assert [(it.old, it.new) for it in after.renamed] == [("Doing", "In flight")]


def test_tables_that_a_scope_does_not_write_are_the_general_ones(tmp_path: Path) -> None:
    text = '[status]\ndoing = { list = "Ideas" }\n[scope."AbCd1234".kind]\nfeature = {}\n'
    assert status(resolve(load(tmp_path, text), TRELLO), "l1", "Ideas") == ("doing", 0)


def test_without_what_was_kept_a_renamed_list_is_a_mistake(tmp_path: Path) -> None:
    after = resolve(load(tmp_path, LISTS), renamed(TRELLO, "l2", "In flight"))
    [found] = after.mistakes
    assert str(found) == (
        f'{tmp_path}/jira.toml:3: status.doing.list: there is no list "Doing". '
        'Did you mean "Done"? There are: Ideas, In flight, Done, Sprint 12.'
    )
    assert status(after, "l2", "In flight") == ("planned", 1)


def test_two_lists_that_swap_their_names_swap_their_meaning(tmp_path: Path) -> None:
    source = load(tmp_path, LISTS)
    before = resolve(source, TRELLO)
    after = resolve(source, renamed(renamed(TRELLO, "l2", "Done"), "l3", "Doing"), kept=before.kept)
    assert status(after, "l2", "Done") == ("done", 0)
    assert status(after, "l3", "Doing") == ("doing", 0)
    assert after.renamed == ()


def test_a_list_that_was_deleted_and_made_again_is_found_by_its_name(tmp_path: Path) -> None:
    source = load(tmp_path, LISTS)
    before = resolve(source, TRELLO)
    terms = tuple(it for it in TRELLO.terms if it.id != "l2")
    after = resolve(source, Vocabulary(TRELLO.fields, (*terms, Term("list", "l9", "Doing", "b1"))), kept=before.kept)
    assert status(after, "l9", "Doing") == ("doing", 0)
    assert after.kept["list", "b1", "doing"] == "l9"
    assert before.kept["list", "b1", "doing"] == "l2"


def test_lists_of_one_name_all_mean_the_same(tmp_path: Path) -> None:
    vocabulary = Vocabulary(TRELLO.fields, (*TRELLO.terms, Term("list", "l9", "doing ", "b1")))
    one = resolve(load(tmp_path, LISTS), vocabulary)
    assert status(one, "l2", "Doing") == status(one, "l9", "doing ") == ("doing", 0)


def test_a_renamed_field_is_still_read(tmp_path: Path) -> None:
    source = load(tmp_path, '[fields]\npoints = "Story Points"\n')
    before = resolve(source, JIRA)
    after = resolve(source, renamed(JIRA, "customfield_10026", "Size"), kept=before.kept)
    assert after.wanted == {"customfield_10026"}
    assert apply(after, issue(fields={"customfield_10026": 5.0})).item.points == 5
    assert [(it.old, it.new) for it in after.renamed] == [("Story Points", "Size")]
    assert after.mistakes == []


def test_a_new_field_of_the_old_name_comes_after_the_kept_one(tmp_path: Path) -> None:
    source = load(tmp_path, '[fields]\npoints = "Story Points"\n')
    before = resolve(source, JIRA)
    fields = (*JIRA.fields, Field("customfield_9", "story points", "number", custom=True, filled_percent=99))
    after = resolve(source, Vocabulary(fields, JIRA.terms), kept=before.kept)
    assert apply(after, issue(fields={"customfield_10026": 5.0, "customfield_9": 3.0})).item.points == 5
    assert apply(after, issue(fields={"customfield_9": 3.0})).item.points == 3


def test_of_several_fields_of_one_name_those_of_a_fitting_type_are_read_the_fullest_first(tmp_path: Path) -> None:
    fields = (
        Field("customfield_1", "Points", "date"),
        Field("customfield_2", "Points", "number", filled_percent=1),
        Field("customfield_3", "Points", "number", filled_percent=80),
    )
    one = resolve(load(tmp_path, '[fields]\npoints = "Points"\n'), Vocabulary(fields))
    assert one.wanted == {"customfield_2", "customfield_3"}
    both = issue(fields={"customfield_1": "2026-01-01", "customfield_2": 2, "customfield_3": 3})
    assert apply(one, both).item.points == 3
    assert one.kept == {("field", "", "points"): "customfield_3"}


def test_a_name_that_one_of_the_scopes_has_is_no_mistake(tmp_path: Path) -> None:
    source = load(tmp_path, '[kind]\nfeature = { type = "Epic" }\nmilestone = { type = "Bug" }\ntask = {}\n')
    assert resolve(source, JIRA, [PAY, RISK]).mistakes == []
    assert [it.key for it in resolve(source, JIRA, [PAY]).mistakes] == ["kind.milestone.type"]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            '[fields]\nowner = "Asignee"',
            'there is no field "Asignee".',
            'Did you mean "Assignee"? There are: Assignee, Developers.',
        ),
        ('[fields]\ndue_on = "End"', 'there is no field "End".', "There are: Due date."),
        (
            '[fields]\npoints = "Due date"',
            '"Due date" is a field of type date: it cannot give points.',
            "There are: Original estimate, Remaining Estimate, Time Spent, Priority, Story point estimate, Story ",
        ),
        (
            '[status]\ndoing = { status = "In Progess" }',
            'there is no status "In Progess".',
            'Did you mean "In Progress"? There are: To Do, In Progress, Review, Done.',
        ),
        ('[links]\ntwin = "Roadmap"', 'there is no link "Roadmap".', "There are: Blocks, Depends on, Relates."),
        ('[flagged]\nany = { field = "Flag" }', 'there is no field "Flag".', 'Did you mean "Flagged"? There are: '),
        ('[scope."PAYX".kind]\ntask = {}', "no scope of this name is read.", 'Did you mean "PAY"? There are: PAY.'),
    ],
)
def test_a_name_that_does_not_exist_is_named_with_what_does(tmp_path: Path, text: str, message: str, hint: str) -> None:
    [found] = resolve(load(tmp_path, text), JIRA).mistakes
    assert found.line == 3 if "\n" in text and not text.startswith("[scope") else 2
    assert found.message == message
    assert found.hint.startswith(hint)


def test_a_mistake_shows_a_dozen_of_many_names_on_one_line(tmp_path: Path) -> None:
    terms = tuple(Term("status", str(at), f"S{at}\n{'x' * 99}", "10000") for at in range(40))
    [found] = resolve(load(tmp_path, '[status]\ndone = { status = "Zu" }\n'), Vocabulary(terms=terms)).mistakes
    assert found.hint.endswith("and 28 more.")
    assert "\n" not in found.hint
    assert len(found.hint) < 1000


def test_where_nothing_fits_at_all_that_is_said(tmp_path: Path) -> None:
    source = load(tmp_path, '[fields]\npoints = "Size"\n')
    [found] = resolve(source, Vocabulary((Field("duedate", "Due date", "date"),))).mistakes
    assert (found.message, found.hint) == ('there is no field "Size".', "There is none.")


def test_labels_and_patterns_need_not_exist_and_what_no_tool_lists_is_not_checked(tmp_path: Path) -> None:
    source = load(tmp_path, '[kind]\nignore = { label = "nobody uses it" }\n[status]\ndone = { list = "Shipped *" }\n')
    assert resolve(source, TRELLO).mistakes == []
    assert resolve(load(tmp_path, '[status]\ndone = { resolution = "Fixed" }\n'), TRELLO).mistakes == []


def test_what_may_be_the_words_of_a_scope_that_is_not_read_now_is_no_mistake(tmp_path: Path) -> None:
    text = '[kind]\nmilestone = { type = "Bug" }\n[scope."RISK".kind]\nfeature = { type = "Case" }\n'
    source = load(tmp_path, text)
    assert [it.key for it in resolve(source, JIRA, [PAY]).mistakes] == ["kind.milestone.type", "scope.RISK"]
    without = resolve(source, JIRA, [PAY], unread=[RISK])
    assert (without.mistakes, [it.key for it in without.absent]) == ([], ["kind.milestone.type"])


def test_a_file_that_is_not_strict_only_tells_what_is_absent_except_in_its_scopes(tmp_path: Path) -> None:
    general = 'strict = false\n[status]\ndone = { list = "Shipped" }\n'
    text = f'{general}[scope."Product roadmap".status]\ndoing = {{ list = "Now" }}\n'
    one = resolve(load(tmp_path, text), TRELLO)
    assert [it.key for it in one.mistakes] == ['scope."Product roadmap".status.doing.list']
    assert [it.key for it in one.absent] == ["status.done.list"]


def test_a_name_missing_at_one_connection_is_a_mistake_only_if_all_that_use_the_file_lack_it(tmp_path: Path) -> None:
    source = load(tmp_path, '[status]\ndone = { status = "Closed" }\ndoing = { status = "Nowhere" }\n')
    other = resolve(source, Vocabulary(terms=(Term("status", "1", "Closed"),)))
    delivery = resolve(source, JIRA)
    assert len(delivery.mistakes) == 2
    assert [it.key for it in mapping.shared_mistakes([delivery, other])] == ["status.doing.status"]
    assert mapping.shared_mistakes([]) == []


def test_names_compare_in_any_case_and_form(tmp_path: Path) -> None:
    vocabulary = Vocabulary(terms=(Term("list", "l1", "  Zu pru\u0308fen ", "b1"),))
    one = resolve(load(tmp_path, '[status]\ndoing = { list = "ZU PRÜFEN" }\n'), vocabulary, [BOARD])
    assert one.mistakes == []
    assert status(one, "l1", "  Zu pru\u0308fen ") == ("doing", 0)


def test_an_id_stands_for_a_name(tmp_path: Path) -> None:
    source = load(tmp_path, '[fields]\npoints = "customfield_10026"\n[status]\ndoing = { status = "13" }\n')
    one = resolve(source, renamed(JIRA, "13", "Prüfung"))
    assert (one.mistakes, one.renamed, one.wanted) == ([], (), {"customfield_10026"})
    assert apply(one, issue(status=Word("13", "Prüfung"))).item.status == "doing"


def test_only_the_fields_that_the_mapping_reads_are_wanted(tmp_path: Path) -> None:
    text = """
[fields]
owner = "Assignee"
due_on = ["Due date", "Target end"]
[flagged]
any = { field = ["Flagged"] }
[links]
twin = "Roadmap card"
[derive]
milestone = { field = "Fix versions" }
[function]
legal = { field = { Team = "Legal" } }
[priority]
1 = { field = { Priority = "Highest" } }
"""
    one = resolve(load(tmp_path, text), JIRA)
    assert one.wanted == {
        "assignee",
        "duedate",
        "customfield_10021",
        "customfield_10030",
        "fixVersions",
        "customfield_10031",
    }


def test_what_a_scope_can_fill_is_told(tmp_path: Path) -> None:
    text = """
[fields]
owner = "Members"
points = "Points"
[priority]
1 = { label = "P1" }
[derive]
goal = { label = "Goal: *" }
sprint = { list = "Iteration *" }
[function]
legal = { label = ["legal", "template"] }
"""
    other = Scope("b2", "Zz", "Other board")
    one = resolve(load(tmp_path, text), TRELLO, [BOARD, other])
    assert one.fields_in("b1") == {"kind", "status", "owner", "assignees", "points", "goal", "function"}
    assert "points" not in one.fields_in("b2"), "the field is the first board's own"
    assert one.fields_in("b3") == frozenset()
    jira = resolve(load(tmp_path, '[fields]\ndue_on = "Due date"\n[flagged]\nany = { field = "Flagged" }\n'), JIRA)
    assert jira.fields_in("10000") == {"kind", "status", "due_on", "flagged", "sprint"}


def test_the_fields_behind_ours_are_told_in_their_order(tmp_path: Path) -> None:
    text = """
[fields]
owner = "Assignee"
points = ["Story point estimate", { title = "(#)" }, "Story Points"]
spent_minutes = { field = "Time Spent", unit = "seconds" }
"""
    assert resolve(load(tmp_path, text), JIRA).sources_in("10000") == {
        "owner": ("assignee",),
        "points": ("customfield_10016", "title", "customfield_10026"),
        "spent_minutes": ("timespent",),
    }


def test_what_is_kept_belongs_to_a_scope_or_to_the_whole_connection(tmp_path: Path) -> None:
    text = '[fields]\nowner = "Assignee"\n[kind]\nfeature = { type = "Epic", priority = "highest " }\n'
    assert resolve(load(tmp_path, text), JIRA).kept == {
        ("field", "", "assignee"): "assignee",
        ("type", "10000", "epic"): "1",
        ("priority", "", "highest"): "1",
    }


def test_a_custom_field_that_is_called_like_one_of_the_tools_own_is_the_one_that_is_meant(tmp_path: Path) -> None:
    fields = (*(it for it in JIRA.fields if it.id != "priority"), Field("cf", "Priority", "option", custom=True))
    text = '[priority]\n1 = { field = { Priority = "Now" } }\n'
    one = resolve(load(tmp_path, text), Vocabulary(fields, JIRA.terms))
    assert (one.mistakes, one.wanted) == ([], {"cf"})
    assert apply(one, issue(fields={"cf": "now"})).item.priority == 1


def test_sprints_come_and_go_and_are_not_looked_up(tmp_path: Path) -> None:
    vocabulary = Vocabulary(JIRA.fields, (*JIRA.terms, Term("sprint", "77", "Sprint 7")))
    one = resolve(load(tmp_path, '[kind]\nmilestone = { sprint = "Sprint 8" }\ntask = {}\n'), vocabulary)
    assert (one.mistakes, one.absent, one.kept) == ([], [], {})


def test_fields_that_a_mapping_leaves_out_are_read_as_the_preset_says(tmp_path: Path) -> None:
    preset = mapping.load(mapping.preset("trello"))
    source = load(tmp_path, '[fields]\npoints = { title = "(#)" }\nstart_on = []\n')
    one = resolve(source, TRELLO, base=preset)
    assert one.mistakes == []
    assert one.wanted == {"members", "due"}
    assert {"owner", "due_on", "points"} < one.fields_in("b1")
    assert "priority" not in one.fields_in("b1"), "tables other than [fields] are the mapping's own"


def test_a_scope_replaces_keys_in_their_place_and_new_ones_come_first(tmp_path: Path) -> None:
    text = """
[kind]
ignore  = { label = "template" }
feature = { type = "Epic" }
task    = {}
[fields]
owner = "Assignee"
points = "Story Points"
[scope."RISK"]
kind.milestone = { label = "release" }
kind.feature = {}
fields.points = "Story point estimate"
[scope."*SK".kind]
feature = { type = "Bug" }
"""
    one = resolve(load(tmp_path, text), JIRA, [PAY, RISK])
    from_risk = {"places": issue(places=()).places or (type(issue().places[0])("10001"),), "type": Word("3", "Bug")}

    def kind(*labels: str, **where: object) -> str | None:
        mapped = apply(one, issue(labels=tuple(Word(it, it) for it in labels), **where))
        return mapped.item and mapped.item.kind

    assert kind(type=Word("3", "Bug")) == "task"
    assert kind(**from_risk) == "feature", "the first matching [scope] wins, and takes everything that is left"
    assert kind("release", **from_risk) == "milestone", "a new key is not hidden by what takes everything"
    assert kind("template", **from_risk) is None, "what the scope does not write stays"
    assert kind("release", type=Word("1", "Epic")) == "feature"
    assert one.scoped["10001"].rules.owner == ("assignee",)
    points = {"customfield_10026": 8, "customfield_10016": 3}
    assert apply(one, issue(fields=points)).item.points == 8
    assert apply(one, issue(fields=points, **from_risk)).item.points == 3
