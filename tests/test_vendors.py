"""The judges themselves: an answer with one fault in it is not let through."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
import requests

from syncbot.sandbox.company import JIRA_TOKEN, JIRA_USER, TRELLO_KEY, TRELLO_TOKEN
from syncbot.sandbox.server import Exchange, Sandbox
from tests.shared import shared
from tests.vendors import judge


@pytest.fixture(scope="module")
def answers() -> dict[str, Exchange]:
    """One answer of each kind that is spoilt below."""
    shared("specs")
    seen: list[Exchange] = []
    with Sandbox() as sandbox, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sandbox, "observe", seen.append)
        jira = requests.Session()
        jira.auth = (JIRA_USER, JIRA_TOKEN)
        jira.get(f"{sandbox.jira_url}/rest/api/3/search/jql", params={"jql": "key = PAY-3", "fields": "*all"})
        jira.get(f"{sandbox.jira_url}/rest/api/3/myself")
        jira.get(f"{sandbox.jira_url}/rest/agile/1.0/board/1/sprint")
        jira.get(f"{sandbox.jira_url}/rest/api/3/search/jql", params={"jql": ""})
        card = next(iter(sandbox.world.trello.cards))
        requests.get(
            f"{sandbox.trello_url}/1/cards/{card}", params={"key": TRELLO_KEY, "token": TRELLO_TOKEN}, timeout=5
        )
        server = requests.Session()
        server.headers["Authorization"] = f"Bearer {JIRA_TOKEN}"
        query = {"jql": "key in (PAY-2, PAY-3)", "fields": "*all"}
        server.get(f"{sandbox.dc_url}/rest/api/2/search", params=query)
        server.get(f"{sandbox.dc_url}/rest/api/2/myself")
        server.get(f"{sandbox.dc_url}/rest/api/2/project")
        names = ("search", "myself", "sprints", "refusal", "card", "dc search", "dc myself", "dc projects")
        return dict(zip(names, seen, strict=True))


def spoil(body: Any, path: str, value: Any) -> Any:
    """The body with one value replaced, or (a new key) added."""
    body = copy.deepcopy(body)
    *steps, last = path.split("/")
    node = body
    for step in steps:
        node = node[int(step) if isinstance(node, list) else step]
    node[last] = value
    return body


def test_what_the_sandbox_says_is_let_through(answers):
    assert [judge(one)[1] for one in answers.values()] == [[]] * 8


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("search", "total", 1),
        ("search", "isLast", "yes"),
        ("search", "issues/0/unknown", 1),
        ("search", "issues/0/id", 10001),
        ("search", "issues/0/fields/assignee/username", "bo"),
        ("search", "issues/0/fields/status/statusCategory", "done"),
        ("search", "issues/0/fields/priority/name", 3),
        ("search", "issues/0/fields/issuelinks", [{"id": 1}]),
        ("search", "issues/0/fields/parent/summary", "x"),
        ("myself", "accountType", "robot"),
        ("myself", "emailAddress", 5),
        ("sprints", "values/0/state", 1),
        ("refusal", "message", "no"),
        ("refusal", "errorMessages", "no"),
        ("card", "id", "short"),
        ("card", "due", "tomorrow"),
        ("card", "closed", "no"),
        ("card", "labels", ["green"]),
        ("card", "idShort", "1"),
        ("dc search", "nextPageToken", "x"),
        ("dc search", "total", "all"),
        ("dc search", "issues/0/fields/statuscategorychangedate", "2026-11-02T09:30:00.000+0000"),
        ("dc search", "issues/0/fields/description", {"type": "doc", "version": 1, "content": []}),
        ("dc search", "issues/0/fields/customfield_10020", [{"id": 1}]),
        ("dc search", "issues/0/fields/customfield_10014", {"key": "PAY-1"}),
        ("dc search", "issues/0/fields/creator/accountId", "5b10ac"),
        ("dc search", "issues/0/fields/issuetype/hierarchyLevel", 0),
        ("dc myself", "accountId", "5b10ac"),
        ("dc myself", "key", None),
        ("dc projects", "0/style", "classic"),
    ],
)
def test_one_wrong_value_is_a_violation(answers, name, path, value):
    exchange = answers[name]
    body = spoil(json.loads(exchange.content), path, value)
    assert judge(replace(exchange, content=json.dumps(body).encode()))[1]
