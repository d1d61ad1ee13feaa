"""A mapping from what a site has: what counts, what is doubtful and why, and what is left to the admin."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from syncbot import mapping
from syncbot.model import Field, Place, Record, Reference, Scope, Term, Value, Vocabulary, Word
from tests.mapping.helpers import BOARD, JIRA, PAY, TRELLO, apply, card, issue, resolve

STORY, EPIC = Word("2", "Story"), Word("1", "Epic")


def text_of(vocabulary: Vocabulary, records: Sequence[Record] = (), **changes: Any) -> str:
    tool = "trello" if any(term.facet == "list" for term in vocabulary.terms) else "jira"
    settings: dict[str, Any] = {
        "connection": "delivery",
        "scopes": [BOARD] if tool == "trello" else [PAY],
        "side": "product" if tool == "trello" else "project",
        "scope_sides": {},
        "own_accounts": frozenset({"bot"}),
        "since": None,
    }
    return mapping.discover(tool, vocabulary, records, **settings | changes)


def load(text: str) -> mapping.Source:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "discovered.toml"
        file.write_text(text, encoding="utf-8")
        return mapping.load(file)


def row(text: str, part: str) -> str:
    """The one line with this in it, its columns run together."""
    (found,) = [line for line in text.splitlines() if part in line]
    return " ".join(found.split())


def many(count: int, type_: Word = STORY, **fields: Value) -> list[Record]:
    return [issue(remote_id=f"{type_.name}{n}", ref=f"PAY-{n}", type=type_, fields=fields) for n in range(count)]


def with_field(name: str, type_: Any = "number", *, custom: bool = True) -> Vocabulary:
    return Vocabulary((*JIRA.fields, Field("cf", name, type_, custom=custom)), JIRA.terms)


def with_lists(*names: str) -> Vocabulary:
    return Vocabulary(TRELLO.fields, tuple(Term("list", f"l{at}", name, "b1") for at, name in enumerate(names)))


def cards(name: str, at: int, count: int = 1, **changes: Any) -> list[Record]:
    return [card(Word(f"l{at}", name), remote_id=f"{name}{n}", **changes) for n in range(count)]


# Evidence -------------------------------------------------------------------------------------------------------------


def test_a_field_says_how_often_it_is_filled_and_in_what() -> None:
    records = [*many(3, customfield_10026=3.0), *many(1), *many(4, EPIC)]
    assert row(text_of(JIRA, records), '"Story Points"') == '"Story Points", # number, filled in 75% of 4 ("Story")'


def test_what_stands_under_a_security_level_leaves_no_trace() -> None:
    secret = issue(restricted=True, labels=(Word("merger", "merger"),), fields={"cf": "Initech"}, type=STORY)
    text = text_of(with_field("Customer", "option"), [secret])
    assert "merger" not in text
    assert "Customer" not in text
    assert "from 0 items" in text


def test_reports_of_our_own_are_no_evidence() -> None:
    ours = issue(marker="syncbot:v1:1", creator="bot", labels=(Word("syncbot-report", "syncbot-report"),))
    assert "syncbot-report" not in text_of(JIRA, [ours])


def test_what_nothing_was_guessed_of_is_listed_with_counts() -> None:
    labels = (Word("acme", "acme"),)
    text = text_of(with_field("Customer", "option"), [replace(one, labels=labels) for one in many(2, cf="Initech")])
    assert '#   "Customer": option, filled in 100% of 2 ("Story")' in text
    assert '#   labels: "acme" (2)' in text
    assert '#   "Team": option' in text_of(JIRA, many(2, customfield_10031="Payments"))
    assert "may name teams" in row(text_of(JIRA, many(2, customfield_10031="Payments")), '"Team"')
    assert '# only relate: "Relates" (0)' in text


# Fields ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "type_", "value", "ours"),
    [
        ("Story-Punkte", "number", 5.0, "points"),
        ("Story Points (Team A)", "number", 5.0, "points"),
        ("Deadline", "date", "2026-12-01", "due_on"),
        ("Fecha límite", "date", "2026-12-01", "due_on"),
        ("Fecha limite", "instant", "2026-12-01T00:00:00.000Z", "due_on"),
        ("Verantwortlich", "person", "u1", "owner"),
        ("Aufwand (PT)", "number", 2.0, "minutes"),
    ],
)
def test_fields_are_known_by_their_names_in_many_languages(name: str, type_: Any, value: Value, ours: str) -> None:
    vocabulary = Vocabulary((Field("cf", name, type_, custom=True),), JIRA.terms)
    one = resolve(load(text_of(vocabulary, many(3, cf=value))), vocabulary)
    assert one.mistakes == []
    assert one.sources_in("10000")[ours] == ("cf",)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("Data points", 3.0, '"Points" is a part of it; that one word is all that speaks for it'),
        ("Points", 4800.0, "4800 is much for points"),
        ("Points", "a few", "most of what stands in it is no number"),
    ],
)
def test_a_field_that_may_not_be_points_is_commented_out_with_the_reason(name: str, value: Value, why: str) -> None:
    vocabulary = Vocabulary((Field("cf", name, "text", custom=True),), JIRA.terms)
    line = row(text_of(vocabulary, many(3, cf=value)), f'"{name}"')
    assert line.startswith("# points")
    assert "doubtful: " in line
    assert line.endswith(why)


def test_a_field_with_the_numbers_of_planning_poker_is_suggested_whatever_its_name() -> None:
    records = [issue(remote_id=str(n), fields={"cf": float([1, 2, 3, 5, 8][n % 5])}, type=STORY) for n in range(20)]
    line = row(text_of(with_field("Größe"), records), "Größe")
    assert line.startswith('# "Größe", # doubtful: number, filled in 100% of 20')
    assert "those of planning poker, its name says nothing" in line


def test_two_fields_of_one_name_are_told_apart_by_their_ids() -> None:
    twice = (Field("cf1", "Deadline", "date", custom=True), Field("cf2", "Deadline", "date", custom=True))
    vocabulary = Vocabulary(twice, JIRA.terms)
    text = text_of(vocabulary, many(2, cf2="2026-12-01"))
    assert resolve(load(text), vocabulary).sources_in("10000")["due_on"] == ("cf2", "cf1")


def test_points_in_titles_are_a_field() -> None:
    records = [card(remote_id=str(n), title=f"({n % 3 + 1}) Retry") for n in range(12)]
    assert row(text_of(TRELLO, records), "(#)") == ('{ title = "(#)" }, # so in the titles of 12 of 12 items')
    odd = [*records, card(remote_id="x", title="(15) Retry")]
    assert "doubtful: so in the titles of 13 of 13 items; 15 is no usual" in row(text_of(TRELLO, odd), "(#)")


# Kinds ----------------------------------------------------------------------------------------------------------------


BIG = Vocabulary(
    JIRA.fields,
    (
        *JIRA.terms,
        *(Term("type", str(at), name) for at, name in enumerate(("Vorhaben", "Leuchtturm", "Bedarf", "Teil"))),
    ),
)


def family(count: int, big: Word, small: Word, **changes: Any) -> list[Record]:
    """So many items of a big type, each with one of the small type below it."""
    parents = [issue(remote_id=f"p{n}", ref=f"PAY-{n}", url=f"u{n}", type=big, **changes) for n in range(count)]
    return parents + [
        issue(remote_id=f"c{n}", type=small, references=(Reference(f"p{n}", word=Word("p", "Parent"), parent=True),))
        for n in range(count)
    ]


def test_a_type_of_unknown_name_with_work_below_it_is_a_feature() -> None:
    text = text_of(BIG, family(6, Word("9", "Vorhaben"), STORY))
    assert row(text, '"Vorhaben"').startswith('{ type = "Vorhaben" }, # 6 of 6 have others below them, mostly "Story"')
    assert row(text_of(BIG, family(3, Word("9", "Vorhaben"), STORY)), '"Vorhaben"').endswith("too few to be sure")


def test_a_type_of_unknown_name_with_features_below_it_is_a_goal() -> None:
    assert row(text_of(BIG, family(6, Word("9", "Leuchtturm"), EPIC)), '"Leuchtturm"').startswith("goal =")


@pytest.mark.parametrize("changes", [{"sprints": ("7",)}, {"past_sprints": ("7",)}])
def test_a_type_that_is_planned_into_sprints_is_work_whatever_is_below_it(changes: dict[str, Any]) -> None:
    text = text_of(BIG, family(6, Word("9", "Bedarf"), Word("8", "Teil"), **changes))
    assert '# read as task: "Bedarf" (6), "Teil" (6)' in text


def test_a_plain_card_is_what_its_side_says_and_elsewhere_what_that_side_says() -> None:
    other = Scope("b2", "EfGh", "Delivery")
    assert row(text_of(TRELLO, side="project"), "all others") == "task = {} # all others; its side is project"
    text = text_of(TRELLO, scopes=[BOARD, other], scope_sides={"b2": "project"})
    one = resolve(load(text), TRELLO, [BOARD, other])
    kinds = [apply(one, card(places=(Place(scope),))).item for scope in ("b1", "b2")]
    assert [item and item.kind for item in kinds] == ["feature", "task"]


# Statuses -------------------------------------------------------------------------------------------------------------


def test_a_status_that_the_tool_counts_otherwise_is_doubtful() -> None:
    terms = (*JIRA.terms, Term("status", "15", "Fertig", "10000", "new"))
    line = row(text_of(Vocabulary(JIRA.fields, terms)), '"Fertig"')
    assert line.startswith("# done")
    assert line.endswith("doubtful: no item; but the tool counts it as to do")


def test_statuses_that_need_no_line_are_told() -> None:
    text = text_of(JIRA)
    assert '# doing, as the tool itself counts them: "In Progress" (0), "Review" (0)' in text
    assert load(text).general.decisions["status"]


@pytest.mark.parametrize(
    ("name", "result", "why"),
    [
        ("🚀 In Arbeit", "doing", 'like "In Arbeit"'),
        ("3. Review", "doing", 'like "Review"'),
        ("In progess", "doing", 'like "In progress"'),
        ("Bezig", "doing", ""),
    ],
)
def test_lists_are_known_in_many_languages_and_however_they_are_decorated(name: str, result: str, why: str) -> None:
    line = row(text_of(with_lists(name)), f'"{name}"')
    assert line.replace(",", "") == f'{result} = {{ list = "{name}" }} # no item{"; " if why else ""}{why}'


def test_a_list_with_a_known_word_in_its_name_is_doubtful_unless_all_in_it_is_done() -> None:
    vocabulary = with_lists("Fast fertig geworden")
    assert row(text_of(vocabulary), "geworden").endswith('doubtful: no item; "Fertig" is a part of it')
    ticked = cards("Fast fertig geworden", 0, 5, complete=True)
    assert row(text_of(vocabulary, ticked), "geworden").startswith('{ list = "Fast fertig geworden" }, # 5 items, all')


def test_a_list_between_two_of_one_status_may_have_it_too() -> None:
    vocabulary = with_lists("Doing", "Bei Frank", "Review")
    line = row(text_of(vocabulary, cards("Bei Frank", 1)), '"Bei Frank"')
    assert line == '# { list = "Bei Frank" }, # doubtful: 1 item; stands between "Doing" and "Review", both doing'


def test_sprints_are_no_statuses_and_a_sprint_backlog_is_no_sprint() -> None:
    text = text_of(with_lists("Sprint 12", "Sprint 13"))
    assert row(text, "Sprint 12").startswith('sprint = { list = "Sprint *" } # "Sprint 12", "Sprint 13"')
    text = text_of(with_lists("Sprint 12", "Sprint backlog"))
    assert row(text, 'list = "Sprint backlog"').startswith("ready")
    assert row(text, 'sprint = { list = "Sprint 12" }').endswith('by name, since "Sprint backlog" is none of them')


# The rest -------------------------------------------------------------------------------------------------------------


def test_priorities_without_a_known_name_are_suggested_by_their_place() -> None:
    words = ("Highest", "Somewhere between", "Medium")
    terms = tuple(Term("priority", str(at), name) for at, name in enumerate(words))
    text = text_of(Vocabulary(JIRA.fields, (*JIRA.terms[:7], *terms)))
    assert "doubtful: no item; by its place among the others" in row(text, "Somewhere between")


def test_goals_come_from_labels_and_from_fields_whose_values_items_share() -> None:
    labels = text_of(TRELLO, [card(labels=(Word("x1", "Goal: Cut failed payments"),))])
    assert row(labels, "Goal:*").startswith('goal = { label = "Goal:*" } # "Goal: Cut failed payments"')
    shared = many(2, cf="Cut failed payments")
    assert row(text_of(with_field("OKR", "text"), shared), '"OKR"').startswith('goal = { field = "OKR" }')
    alone = [replace(one, fields={"cf": one.remote_id}) for one in shared]
    assert row(text_of(with_field("OKR", "text"), alone), '"OKR"').endswith("it is free text that items do not share")


def test_links_and_flags_are_known_by_name() -> None:
    terms = (*JIRA.terms, Term("link", "9", "Hängt ab von"))
    text = text_of(Vocabulary(JIRA.fields, terms))
    assert row(text, '"Hängt ab von"').startswith('"Hängt ab von", # no link')
    assert row(text, '"Flagged"') == 'any = { field = "Flagged" } # options, no item read'


# Hostile names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["Done *", "x" * 16_000, "  ", "Done\n* forged = true", "\N{RIGHT-TO-LEFT OVERRIDE}enoD"]
)
def test_a_name_that_could_mean_something_else_stands_as_data_or_by_its_id(name: str) -> None:
    vocabulary = with_lists(name, "Doing")
    text = text_of(vocabulary, cards(name, 0, 5, complete=True, labels=(Word("y", name),)))
    assert max(map(len, text.splitlines())) < 300
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in text
    one = resolve(load(text), vocabulary)
    assert one.mistakes == []
    (mapped,) = {apply(one, record).item for record in cards(name, 0)}
    assert mapped
    assert mapped.status == "done"


NAMES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["Done", "done", "Story Points", "Goal: x", "Goal:", "*", "Sprint 1", "Sprint *", '"', "Epic", "P1"]
    ),
)
TYPES = st.sampled_from(["text", "number", "bool", "date", "instant", "person", "people", "option", "options", "url"])
FEW = st.lists(NAMES, max_size=3)
VALUES = st.one_of(NAMES, st.floats(0, 100), st.booleans(), st.lists(NAMES, max_size=2).map(tuple))


@settings(max_examples=80)
@given(st.data())
def test_whatever_a_site_has_the_mapping_can_be_read_and_names_only_what_is_there(data: st.DataObject) -> None:
    def some(facet: Any) -> tuple[Term, ...]:
        return tuple(Term(facet, f"{facet}{at}", name, "s0") for at, name in enumerate(data.draw(FEW)))

    place = data.draw(st.sampled_from(["list", "section", "status"]))
    terms = {facet: some(facet) for facet in (place, "type", "label", "priority", "link")}
    fields = tuple(Field(f"f{at}", name, data.draw(TYPES), custom=True) for at, name in enumerate(data.draw(FEW)))
    scopes = [Scope(f"s{at}", f"K{at}", name) for at, name in enumerate(data.draw(FEW))] or [PAY]
    vocabulary = Vocabulary(fields, tuple(term for several in terms.values() for term in several))

    def word(facet: str) -> Word | None:
        found = data.draw(st.sampled_from([None, *terms[facet]]))
        return Word(found.id, found.name) if found else None

    records = [
        issue(
            remote_id=f"r{at}",
            places=(Place("s0", None if place == "status" else word(place)),),
            type=word("type"),
            labels=tuple(filter(None, [word("label")])),
            complete=data.draw(st.sampled_from([None, True, False])),
            fields={field.id: data.draw(VALUES) for field in fields},
        )
        for at in range(data.draw(st.integers(0, 3)))
    ]
    text = mapping.discover(
        data.draw(st.sampled_from(["jira", "trello", "asana"])),
        vocabulary,
        records,
        connection="c",
        scopes=scopes,
        side=data.draw(st.sampled_from([None, "product"])),
        scope_sides={"s1": "project"},
        own_accounts=frozenset(),
        since="2026-11-02",
    )
    one = resolve(load(text), vocabulary, [replace(scopes[0], remote_id="s0"), *scopes[1:]])
    assert one.mistakes == []
    for record in records:
        mapping.apply(one, record, frozenset())
