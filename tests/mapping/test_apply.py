"""What a record becomes, table by table."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from syncbot.model import (
    Assignee,
    Item,
    Place,
    Record,
    Reference,
    Scope,
    Sprint,
    Term,
    Tie,
    Unmapped,
    Value,
    Vocabulary,
    Word,
)
from tests.mapping.helpers import BOARD, JIRA, PAY, RISK, TRELLO, apply, card, issue, load, resolve

DOING = Word("l2", "Doing")


def item(folder: Path, text: str, record: Record) -> Item:
    """What the record is by that mapping, at Jira if it is an issue and at Trello if it is a card."""
    mapped = apply(resolve(load(folder, text), JIRA if record.ref == "PAY-1" else TRELLO), record)
    assert mapped.item is not None
    return mapped.item


# Kind and conditions --------------------------------------------------------------------------------------------------


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


# Status ---------------------------------------------------------------------------------------------------------------

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


# Fields ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "owner", "shares"),
    [
        ("u1", "u1", [("u1", "owner", 1.0)]),
        (("u1",), "u1", [("u1", "owner", 1.0)]),
        (("u1", "u2"), None, [("u1", "assignee", 0.5), ("u2", "assignee", 0.5)]),
        (("u1", "u1"), "u1", [("u1", "owner", 1.0)]),
        ((), None, []),
        ("", None, []),
        (3, None, []),
    ],
)
def test_one_member_is_the_owner_of_several_none_is(
    tmp_path: Path, value: Value, owner: str | None, shares: list[tuple[str, str, float]]
) -> None:
    mapped = apply(resolve(load(tmp_path, '[fields]\nowner = "Members"\n'), TRELLO), card(fields={"members": value}))
    assert mapped.item is not None
    assert mapped.item.owner == owner
    assert mapped.assignees == tuple(Assignee(*it) for it in shares)


def test_assignees_share_equally_with_the_owner_among_them(tmp_path: Path) -> None:
    one = resolve(load(tmp_path, '[fields]\nowner = "Assignee"\nassignees = "Developers"\n'), JIRA)
    mapped = apply(one, issue(fields={"assignee": "u2", "customfield_10032": ("u1", "u2", "u3", "u4")}))
    assert {it.account: it.role for it in mapped.assignees} == {
        "u2": "owner",
        "u1": "assignee",
        "u3": "assignee",
        "u4": "assignee",
    }
    assert [it.share for it in mapped.assignees] == [0.25] * 4


@pytest.mark.parametrize(
    ("unit", "value", "minutes"),
    [
        ("seconds", 5400, 90),
        ("seconds", 20, 0),
        ("minutes", 90.4, 90),
        ("hours", 1.5, 90),
        ("hours", "1,5", 90),
        ("days", 0.5, 240),
    ],
)
def test_efforts_become_minutes(tmp_path: Path, unit: str, value: Value, minutes: int) -> None:
    text = f"""
[fields]
minutes = {{ field = "Original estimate", unit = "{unit}" }}
left_minutes = {{ field = "Remaining Estimate", unit = "{unit}" }}
spent_minutes = {{ field = "Time Spent", unit = "{unit}" }}
"""
    for field, ours in [
        ("timeoriginalestimate", "minutes"),
        ("timeestimate", "left_minutes"),
        ("timespent", "spent_minutes"),
    ]:
        found = item(tmp_path, text, issue(fields={field: value}))
        read = {name: getattr(found, name) for name in ("minutes", "left_minutes", "spent_minutes")}
        assert read == {"minutes": None, "left_minutes": None, "spent_minutes": None} | {ours: minutes}


@pytest.mark.parametrize(
    ("title", "points"),
    [
        ("(3) Pay later", 3),
        ("Pay later ( 2.5 )", 2.5),
        ("Pay later (0,5)", 0.5),
        ("(x) Pay (8)", 8),
        ("Pay later", None),
        ("Pay (3", None),
        ("Pay (-3)", None),
    ],
)
def test_points_in_a_title(tmp_path: Path, title: str, points: float | None) -> None:
    assert item(tmp_path, '[fields]\npoints = { title = "(#)" }\n', card(title=title)).points == points


def test_the_first_that_is_filled_counts_for_each_item(tmp_path: Path) -> None:
    text = '[fields]\npoints = ["Story Points", "Story point estimate", { title = "(#)" }]\n'
    fields: dict[str, Value] = {"customfield_10026": 8, "customfield_10016": 3}
    assert item(tmp_path, text, issue(fields=fields)).points == 8
    assert item(tmp_path, text, issue(fields={"customfield_10016": 0})).points == 0, "zero is an estimate"
    assert item(tmp_path, text, issue(fields={}, title="(5) Retry")).points == 5


@pytest.mark.parametrize("value", ["soon", -1, True, float("nan"), float("inf"), 1e300, ("a", "b")])
def test_what_is_no_estimate_is_counted_and_never_guessed(tmp_path: Path, value: Value) -> None:
    text = '[fields]\npoints = "Story Points"\n'
    mapped = apply(resolve(load(tmp_path, text), JIRA), issue(category="new", fields={"customfield_10026": value}))
    assert mapped.item is not None
    assert mapped.item.points is None
    assert [(it.facet, it.scope, it.example) for it in mapped.unmapped] == [("points", "10000", "PAY-1")]
    text = '[fields]\nminutes = { field = "Time Spent", unit = "hours" }\n'
    mapped = apply(resolve(load(tmp_path, text), JIRA), issue(category="new", fields={"timespent": value}))
    assert mapped.item is not None
    assert mapped.item.minutes is None
    assert [it.facet for it in mapped.unmapped] == ["minutes"]


def test_an_odd_value_is_shown_short_and_not_at_all_where_its_item_is_restricted(tmp_path: Path) -> None:
    one = resolve(load(tmp_path, '[fields]\npoints = "Story Points"\n'), JIRA)
    odd = issue(category="new", fields={"customfield_10026": "secret" * 99})
    [shown] = apply(one, odd).unmapped
    [hidden] = apply(one, msgspec.structs.replace(odd, restricted=True)).unmapped
    assert shown.word == ("secret" * 99)[:80]
    assert hidden == Unmapped("points", "(restricted)", "10000", "PAY-1")


@pytest.mark.parametrize(
    ("value", "timezone", "day"),
    [
        ("2026-11-02", "Pacific/Auckland", "2026-11-02"),
        ("2026-06-30T23:30:00.000Z", "Europe/London", "2026-07-01"),
        ("2026-06-30T23:30:00.000Z", "UTC", "2026-06-30"),
        ("2026-07-01T03:00:00.000Z", "America/Los_Angeles", "2026-06-30"),
        ("2026-07-01T00:30:00.000+02:00", "UTC", "2026-06-30"),
        ("2026-06-30T23:30:00", "Pacific/Auckland", "2026-06-30"),
        ("0001-01-01T00:00:00.000Z", "America/Los_Angeles", None),
        ("next week", "UTC", None),
        (20261102, "UTC", None),
    ],
)
def test_an_instant_is_the_date_that_it_is_in_the_time_zone(
    tmp_path: Path, value: Value, timezone: str, day: str | None
) -> None:
    one = resolve(load(tmp_path, '[fields]\ndue_on = "Due date"\n'), TRELLO, timezone=timezone)
    mapped = apply(one, card(DOING, complete=True, fields={"due": value}))
    assert mapped.item is not None
    assert mapped.item.due_on == day
    assert [it.facet for it in mapped.unmapped] == ([] if day else ["due_on"])


# Priority, flags, side, functions ------------------------------------------------------------------------------------


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


# Places, links, derived items ----------------------------------------------------------------------------------------


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
