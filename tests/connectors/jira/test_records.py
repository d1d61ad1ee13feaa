"""What an issue becomes: the shapes that Jira's fields have, and the odd ones among them."""

from __future__ import annotations

import contextlib
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.jira.records import PROPERTY, instant, text, value
from connectors.jira.wire import Lens, Node
from syncbot.errors import ToolError
from syncbot.model import CHOICE, Record, Reference, Word
from tests.decoding import decode_issues

LENS = Lens(
    ("assignee", "customfield_1", "duedate", "fixVersions"),
    sprint="customfield_20",
    parents=(("customfield_14", "Epic Link"), ("customfield_15", "Parent Link")),
    urls=(("customfield_30", "Roadmap card"),),
    site="https://jira.example",
)


def record(properties: Any = None, lens: Lens = LENS, **fields: Any) -> Record:
    issue = {"id": "10001", "key": "PAY-12", "fields": fields, "properties": properties}
    found = decode_issues(json.dumps({"issues": [issue]}).encode(), lens)
    return found[0]


def adf(*blocks: Any) -> dict[str, Any]:
    return {"type": "doc", "version": 1, "content": list(blocks)}


def paragraph(*parts: Any) -> dict[str, Any]:
    return {"type": "paragraph", "content": [{"type": "text", "text": one} for one in parts]}


def test_an_issue_without_anything_is_still_a_record() -> None:
    bare = record()
    assert (bare.remote_id, bare.ref, bare.title, bare.url) == (
        "10001",
        "PAY-12",
        "",
        "https://jira.example/browse/PAY-12",
    )
    assert bare.changed == "1970-01-01T00:00:00.000Z"
    assert bare.fields == {}
    assert (bare.type, bare.status, bare.category, bare.creator, bare.labels) == (None, None, None, None, ())
    assert not bare.restricted


def test_words_people_and_instants() -> None:
    whole = record(
        summary="Title <b>with</b> \u202etricks\n",
        project={"id": "10000", "key": "PAY"},
        issuetype={"id": "1", "name": "Epic"},
        status={"id": "3", "name": "進行中", "statusCategory": {"id": 4, "key": "indeterminate"}},
        statuscategorychangedate="2026-11-02T10:00:00.000-0800",
        created="2026-11-01T10:00:00.000+0530",
        updated="2026-11-02T10:00:00.123+0000",
        creator={"accountId": "ada"},
        resolution={"id": "4", "name": "Won't Do"},
        priority={"id": "2", "name": "High"},
        labels=["Goal: Grow", "legal"],
        assignee={"accountId": "bo", "displayName": "Bo"},
        duedate="2026-12-01",
        fixVersions=[{"id": "9", "name": "1.0"}, {"id": "8", "name": "1.1"}],
    )
    assert whole.title == "Title <b>with</b> \u202etricks\n"
    assert whole.places[0].scope == "10000"
    assert (whole.type, whole.status, whole.category) == (Word("1", "Epic"), Word("3", "進行中"), "doing")
    assert whole.status_since == "2026-11-02T18:00:00.000Z"
    assert whole.created == "2026-11-01T04:30:00.000Z"
    assert whole.changed == "2026-11-02T10:00:00.123Z"
    assert whole.creator == "ada"
    assert (whole.resolution, whole.priority) == (Word("4", "Won't Do"), Word("2", "High"))
    assert whole.labels == (Word("Goal: Grow", "Goal: Grow"), Word("legal", "legal"))
    assert whole.fields == {"assignee": "bo", "duedate": "2026-12-01", "fixVersions": ("1.0", "1.1")}


@pytest.mark.parametrize("nobody", [{}, {"assignee": None}])
def test_nobody_assigned_is_absent_whether_null_or_missing(nobody: dict[str, Any]) -> None:
    assert "assignee" not in record(**nobody).fields


@pytest.mark.parametrize("level", [{"id": "1", "name": "Risk only"}, "10100", ["x"], {"odd": 1}])
def test_a_security_level_of_any_shape_restricts(level: Any) -> None:
    assert record(security=level).restricted


def test_a_security_level_survives_an_issue_that_is_odd_elsewhere() -> None:
    odd = record(security={"id": "1"}, summary=["no", "text"], project=7, labels="x")
    assert odd.restricted
    assert odd.title == ""


def test_sprints_as_objects() -> None:
    held = [
        {"id": 1, "name": "One", "state": "closed", "boardId": 7},
        {"id": 2, "name": "Two", "state": "active"},
        {"id": 3, "name": "Three", "state": "future"},
    ]
    whole = record(customfield_20=held)
    assert (whole.sprints, whole.past_sprints) == (("2", "3"), ("1",))


def test_sprints_as_text_of_an_old_site() -> None:
    start = "com.atlassian.greenhopper.service.sprint.Sprint@"
    held = [
        f"{start}14b1c359[id=436,rapidViewId=229,state=CLOSED,name=a, b [x],goal=<null>,endDate=2019-01-01T00:00:00Z]",
        f"{start}1[rapidViewId=229,state=ACTIVE,name=The id=9,goal=,id=437,startDate=<null>]",
        "no sprint at all",
    ]
    whole = record(customfield_20=held)
    assert (whole.sprints, whole.past_sprints) == (("437",), ("436",))


def test_the_same_sprint_twice_counts_once() -> None:
    held = {"id": 2, "name": "Two", "state": "active"}
    assert record(customfield_20=[held, held], sprint=held).sprints == ("2",)


def test_a_parent_wins_over_the_epic_link_of_old() -> None:
    parent = {"id": "10", "key": "PAY-1"}
    assert record(parent=parent, customfield_14="PAY-1").references == (
        Reference("10", word=Word("parent", "Parent"), parent=True),
    )
    assert record(customfield_14="PAY-1").references == (
        Reference(
            "https://jira.example/browse/PAY-1", "url", Word("customfield_14", "Epic Link"), inward=False, parent=True
        ),
    )
    assert record(epic={"id": 10, "key": "PAY-1"}).references[0].target == "10"


def test_what_is_above_an_epic_is_in_a_field_of_its_own_on_data_center_and_an_odd_object_on_the_cloud() -> None:
    assert [(one.target, one.parent) for one in record(customfield_15="GOAL-1").references] == [
        ("https://jira.example/browse/GOAL-1", True)
    ]
    assert record(customfield_15={"hasEpicLinkFieldDependency": False, "showField": False}).references == ()


def test_links_have_the_direction_that_jira_shows() -> None:
    blocks = {"id": "6", "name": "Blocks", "inward": "is blocked by", "outward": "blocks"}
    links = [
        {"type": blocks, "outwardIssue": {"id": "20", "key": "PAY-20"}},
        {"type": blocks, "inwardIssue": {"id": "21", "key": "PAY-21"}},
        {"type": blocks},
    ]
    assert record(issuelinks=links).references == (
        Reference("20", word=Word("6", "Blocks")),
        Reference("21", word=Word("6", "Blocks"), inward=True),
    )


def test_an_address_in_a_url_field_is_a_reference() -> None:
    assert record(customfield_30="https://trello.com/c/AbCd1234").references == (
        Reference("https://trello.com/c/AbCd1234", "url", Word("customfield_30", "Roadmap card")),
    )


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (None, None),
        ("", None),
        ([], None),
        ({}, None),
        (0, 0),
        (3.5, 3.5),
        (False, False),
        ("text", "text"),
        ("2026-11-02", "2026-11-02"),
        ("2026-11-02T10:00:00.000-0800", "2026-11-02T18:00:00.000Z"),
        ({"id": "1", "value": "Yes", "self": "x"}, "Yes"),
        ({"value": "Europe", "child": {"value": "Berlin"}}, "Europe - Berlin"),
        ({"accountId": "ada", "displayName": "Ada"}, "ada"),
        ({"name": "ada", "key": "JIRAUSER1", "displayName": "Ada"}, "JIRAUSER1"),
        ({"id": "5", "name": "1.0"}, "1.0"),
        ([{"value": "Impediment"}], ("Impediment",)),
        ([{"accountId": "ada"}, {"accountId": "bo"}, None], ("ada", "bo")),
        (["a", ["nested"], "b"], ("a", "b")),
        (adf(paragraph("Long ", "text")), "Long text"),
        ({"hasEpicLinkFieldDependency": False, "showField": False}, None),
    ],
    ids=str,
)
def test_values_of_fields_of_any_type(held: Any, said: Any) -> None:
    found = record(customfield_1=held).fields.get("customfield_1")
    assert found == said
    assert type(found) is type(said)


def test_a_description_is_weighed_and_not_kept() -> None:
    long = adf(
        {"type": "heading", "content": [{"type": "text", "text": "Problem"}]},
        {
            "type": "bulletList",
            "content": [{"type": "listItem", "content": [paragraph("Payments fail so that", " x")]}],
        },
    )
    weighed = record(description=long)
    assert (weighed.description_words, weighed.has_reason) == (6, True)
    assert (record(description="Three plain words").description_words) == 3
    empty = record(description=None)
    assert (empty.description_words, empty.has_reason) == (0, False)
    assert "Payments" not in repr(weighed)


def test_words_of_neighbouring_blocks_do_not_run_together() -> None:
    assert text(Node(content=[Node(content=[Node("one")]), Node(content=[Node("two")])])).split() == ["one", "two"]


def test_our_mark_is_read_from_the_property_only() -> None:
    mark = "syncbot:v1:0123456789abcdef"
    assert record({PROPERTY: {"marker": mark}}).marker == mark
    assert record({PROPERTY: {"marker": 7}}).marker is None
    assert record({PROPERTY: "text"}).marker is None
    assert record(["odd"]).marker is None
    assert record(summary=mark, description=mark).marker is None


def test_sixteen_thousand_characters_and_bidi_pass_through() -> None:
    title = "\u202e" + "😀&<" * 5333
    assert record(summary=title).title == title


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("2026-11-02T09:30:00.000+0000", "2026-11-02T09:30:00.000Z"),
        ("2026-11-02T09:30:00.000-0800", "2026-11-02T17:30:00.000Z"),
        ("2026-11-02T09:30:00.000+14:00", "2026-11-01T19:30:00.000Z"),
        ("2026-11-02T09:30:00Z", "2026-11-02T09:30:00.000Z"),
        ("2026-11-02T09:30:00+0000", "2026-11-02T09:30:00.000Z"),
        ("0001-01-01T00:00:00.000+1400", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_instants_of_all_offsets(said: str | None, at: str | None) -> None:
    assert instant(said) == at


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
field_names = st.sampled_from(
    [*LENS.asked(), "epic", "sprint", "closedSprints", "status", "parent", "issuelinks", "labels"]
)


@given(st.dictionaries(field_names, json_values, max_size=12))
def test_no_fields_of_an_issue_can_fail_its_page(fields: dict[str, Any]) -> None:
    good = {"id": "1", "key": "PAY-1", "fields": {"summary": "good"}}
    raw = json.dumps({"issues": [good, {"id": "2", "key": "PAY-2", "fields": fields}]}).encode()
    first, second = decode_issues(raw, LENS)
    assert (first.title, first.remote_id, second.remote_id) == ("good", "1", "2")


@given(json_values)
def test_no_value_of_a_field_can_fail(held: Any) -> None:
    said = value(held)
    parts = said if isinstance(said, tuple) else (said,)
    assert all(part is None or isinstance(part, str | int | float) for part in parts)


@given(st.binary(max_size=200))
def test_any_bytes_are_records_or_a_tool_error(raw: bytes) -> None:
    with contextlib.suppress(ToolError):
        decode_issues(raw, LENS)


@pytest.mark.parametrize(
    ("held", "name", "chosen"),
    [
        (
            {"id": "36885b3c-31de", "name": "Payments", "isVisible": True},
            "Payments",
            "36885b3c-31de",
        ),
        ({"self": "", "value": "Payments", "id": "10400", "disabled": False}, "Payments", "10400"),
        ({"value": "EU", "id": "1", "child": {"value": "Payments", "id": "2"}}, "EU - Payments", "1:2"),
        ([{"value": "Payments", "id": "1"}, {"value": "Risk", "id": "2"}], ("Payments", "Risk"), ("1", "2")),
        ("Payments", "Payments", None),
        ({"accountId": "5b10", "displayName": "Ada", "id": "7"}, "5b10", None),
        ([], None, None),
        ({}, None, None),
        (None, None, None),
    ],
)
def test_the_id_of_an_option_comes_beside_its_name_where_it_is_asked_for(held: Any, name: Any, chosen: Any) -> None:
    lens = Lens(("customfield_1",), choices=("customfield_1",))
    fields = record(lens=lens, customfield_1=held).fields
    assert (fields.get("customfield_1"), fields.get("customfield_1" + CHOICE)) == (name, chosen)
    assert "customfield_1" + CHOICE not in record(customfield_1=held).fields


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati"])
def test_an_instant_without_an_offset_is_in_utc_wherever_we_run(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    said = instant("2026-11-02T09:30:00.000")
    monkeypatch.undo()
    time.tzset()
    assert said == "2026-11-02T09:30:00.000Z"
