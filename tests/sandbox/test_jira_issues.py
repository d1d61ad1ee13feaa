"""Writing issues: what Jira takes, and how it refuses the rest."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from syncbot.sandbox.company import JIRA_TOKEN, JIRA_USER
from syncbot.sandbox.jira import adf


def text(content: str) -> dict[str, Any]:
    return adf.document(content)


NEW = {"project": {"key": "PAY"}, "issuetype": {"name": "Task"}, "summary": "New"}


@pytest.fixture
def call(sandbox):
    session = requests.Session()
    session.auth = (JIRA_USER, JIRA_TOKEN)

    def run(method: str, path: str, **options: Any) -> requests.Response:
        return session.request(method, f"{sandbox.jira_url}/rest/api/3/{path}", **options)

    return run


@pytest.mark.parametrize(
    ("fields", "field", "complaint"),
    [
        ({"nope": 1}, "nope", "cannot be set"),
        ({"labels": ["two words"]}, "labels", "contains spaces"),
        ({"labels": "x"}, "labels", "array"),
        ({"summary": ""}, "summary", "must specify a summary"),
        ({"summary": "a\nb"}, "summary", "newline"),
        ({"summary": "x" * 256}, "summary", "255"),
        ({"description": "plain"}, "description", "Atlassian Document"),
        ({"description": {"type": "doc", "version": 1, "content": [{"type": "nope"}]}}, "description", "INVALID_INPUT"),
        ({"description": text("x" * 33_000)}, "description", "32,767 characters"),
        ({"description": text("🏦" * 16_400)}, "description", "32,767 characters"),
        ({"issuetype": {"name": "Saga"}}, "issuetype", "valid issue type"),
        ({"project": {"key": "NOPE"}}, "project", "valid project"),
        ({"assignee": {"accountId": "nobody"}}, "assignee", "cannot be assigned"),
        ({"priority": {"name": "Now"}}, "priority", "invalid"),
        ({"duedate": "tomorrow"}, "duedate", "yyyy-MM-dd"),
        ({"parent": {"key": "PAY-999"}}, "parent", "Could not find issue"),
        ({"customfield_10028": "three"}, "customfield_10028", "number"),
        ({"fixVersions": [{"name": "3000.1"}]}, "fixVersions", "not valid"),
        ({"customfield_10020": 99}, "customfield_10020", "Sprint"),
    ],
)
def test_a_refused_field_makes_nothing(sandbox, call, fields, field, complaint):
    before = len(sandbox.world.jira.issues)
    answer = call("POST", "issue", json={"fields": NEW | fields})
    assert answer.status_code == 400
    assert complaint in answer.json()["errors"][field]
    assert len(sandbox.world.jira.issues) == before


def test_an_edit_is_all_or_nothing(call):
    answer = call("PUT", "issue/PAY-2", json={"fields": {"summary": "Half", "labels": ["a b"]}})
    assert answer.status_code == 400
    assert call("GET", "issue/PAY-2?fields=summary").json()["fields"]["summary"] != "Half"


def test_everything_of_a_report_comes_in_one_request(sandbox, call):
    properties = [{"key": "syncbot.report", "value": {"marker": "m"}}]
    made = call("POST", "issue", json={"fields": NEW | {"description": text("hello")}, "properties": properties}).json()
    search = call(
        "GET", "search/jql", params={"jql": f"key = {made['key']}", "fields": "*all", "properties": "syncbot.report"}
    )
    (issue,) = search.json()["issues"]
    assert issue["properties"] == {"syncbot.report": {"marker": "m"}}
    assert issue["fields"]["description"] == text("hello")
    assert issue["fields"]["creator"]["emailAddress"] == JIRA_USER
    assert len(sandbox.writes()) == 1


def test_an_issue_that_moved_answers_to_its_old_key(sandbox, call):
    issue = sandbox.world.jira.issues["10002"]
    issue.old_keys, issue.key = [issue.key], "RISK-77"
    assert call("GET", "issue/PAY-2?fields=summary").json()["key"] == "RISK-77"


def test_an_address_is_hidden_from_others_where_the_profile_says_so(call):
    shown = {one["displayName"]: one for one in call("GET", "users/search").json()}
    assert "emailAddress" not in shown["Ada Park"]
    assert shown["Bo Lindqvist"]["emailAddress"] == "bo@payments.example"
    assert shown["Ivo Former"]["active"] is False
    assert "Ivo Former" not in {one["displayName"] for one in call("GET", "user/assignable/search?project=PAY").json()}


def test_lists_are_paged(call):
    first = call("GET", "project/search?maxResults=1").json()
    assert (first["total"], first["isLast"], len(first["values"])) == (2, False, 1)
    assert call("GET", "project/search?maxResults=1&startAt=1").json()["isLast"]


def test_a_hidden_project_is_as_if_it_were_not_there(sandbox, call):
    sandbox.world.jira.projects["10001"].hidden = True
    assert call("GET", "project/RISK").status_code == 404
    assert call("GET", "issue/RISK-1").status_code == 404
    answer = call("GET", "search/jql", params={"jql": "project = RISK"})
    assert answer.json()["errorMessages"] == ["The value 'RISK' does not exist for the field 'project'."]
    assert [one["key"] for one in call("GET", "project/search").json()["values"]] == ["PAY"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"'])
def test_a_body_that_is_no_object_is_refused(call, body):
    answer = call("POST", "issue", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert "Invalid request payload" in answer.json()["errorMessages"][0]


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "paragraph", "content": [{"type": "text", "text": ""}]}],
        [{"type": "bulletList", "content": [{"type": "paragraph"}]}],
        [{"type": "bulletList", "content": []}],
        [{"type": "heading", "attrs": {"level": 7}, "content": []}],
        [{"type": "text", "text": "loose"}],
        [{"type": "paragraph", "content": [{"type": "text", "text": "x", "marks": [{"type": "blink"}]}]}],
        [{"type": "paragraph", "content": [{"type": "text", "text": "x", "marks": [{"type": "link"}]}]}],
        [{"type": "table", "content": [{"type": "tableCell", "content": []}]}],
    ],
)
def test_documents_of_the_wrong_shape_are_refused(content):
    assert adf.problem({"type": "doc", "version": 1, "content": content}) == "INVALID_INPUT"


NAMES = (
    "summary",
    "description",
    "labels",
    "assignee",
    "priority",
    "issuetype",
    "project",
    "security",
    "parent",
    "duedate",
    "fixVersions",
    "timetracking",
    "customfield_10020",
    "customfield_10028",
    "customfield_10021",
)
ODD = (None, 5, "x", [], [5], {}, {"x": 5}, [{"set": 5}], {"id": None}, {"name": ["x"]}, True, -1.5)


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_odd_values_are_refused_or_taken_but_never_break_anything(call, odd):
    for name in NAMES:
        assert call("POST", "issue", json={"fields": NEW | {name: odd}}).status_code in {201, 400}
        assert call("PUT", "issue/PAY-1", json={"fields": {name: odd}}).status_code in {204, 400}
        assert call("PUT", "issue/PAY-1", json={"update": {name: odd}}).status_code in {204, 400}
    for body in ({"fields": odd}, {"update": odd}, {"fields": NEW, "properties": odd}):
        assert call("POST", "issue", json=body).status_code in {201, 400}
        assert call("PUT", "issue/PAY-1", json=body).status_code in {204, 400}
    for path in (
        "issue/PAY-1/transitions",
        "issue/PAY-1/comment",
        "issueLink",
        "issue/bulkfetch",
        "search/jql",
        "search/approximate-count",
    ):
        keys = ("transition", "body", "type", "issueIdsOrKeys", "jql", "fields", "maxResults")
        for body in (odd, *({key: odd} for key in keys)):
            assert call("POST", path, json=body).status_code < 500
