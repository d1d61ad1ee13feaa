"""Search by JQL: Jira's real rules, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from syncbot.sandbox.company import JIRA_TOKEN, JIRA_USER
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import JiraUser

Search = Callable[..., dict[str, Any]]
BASE = "/rest/api/3"


@pytest.fixture
def session() -> requests.Session:
    session = requests.Session()
    session.auth = (JIRA_USER, JIRA_TOKEN)
    return session


@pytest.fixture
def search(sandbox: Sandbox, session: requests.Session) -> Search:
    def run(jql: str, *, status: int = 200, **params: object) -> dict[str, Any]:
        answer = session.get(f"{sandbox.jira_url}{BASE}/search/jql", params={"jql": jql, **params})
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        return found

    return run


def caller(sandbox: Sandbox) -> JiraUser:
    return sandbox.world.jira.users[sandbox.world.jira.tokens[JIRA_USER][1]]


def keys(sandbox: Sandbox, answer: dict[str, Any]) -> list[str]:
    return [sandbox.world.jira.issues[one["id"]].key for one in answer["issues"]]


def test_only_ids_come_unless_fields_are_asked_for(search):
    answer = search("project = PAY")
    assert all(set(issue) == {"id"} for issue in answer["issues"])
    assert "total" not in answer
    assert set(search("project = PAY", fields="summary")["issues"][0]["fields"]) == {"summary"}


@pytest.mark.parametrize("jql", ["", "order by created", "   "])
def test_a_query_without_a_restriction_is_refused(search, jql):
    assert "Unbounded JQL queries are not allowed here" in search(jql, status=400)["errorMessages"][0]


@pytest.mark.parametrize(
    ("jql", "complaint"),
    [
        ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'."),
        ("sprnt = 1", "Field 'sprnt' does not exist or you do not have permission to view it."),
        ("project = PAY and", "the end of the query"),
        ("project PAY", "Expecting operator but got 'PAY'"),
        ("assignee = a@b.c", "The character '@' is a reserved JQL character"),
        ("(project = PAY", "Expecting ')'"),
        ('project = "PAY', "has not been completed"),
        ("project = PAY project = RISK", "Expecting either 'OR' or 'AND' but got 'project'"),
        ("updated >= yesterday", "Date value 'yesterday' for field 'updated' is invalid"),
        ("labels > 3", "The operator '>' is not supported by the 'labels' field."),
        ("project = PAY order by a, b, c, d, e, f, g, h", "The maximum number of ORDER BY fields is 7."),
    ],
)
def test_bad_queries_are_refused_in_jiras_words(search, jql, complaint):
    answer = search(jql, status=400)
    assert complaint in answer["errorMessages"][0]
    assert set(answer) == {"errorMessages", "errors"}


def test_pages_follow_tokens_until_none_comes(search):
    whole = search("project = PAY order by id", fields="id", maxResults=5000)["issues"]
    token, pages = {}, []
    while True:
        page = search("project = PAY order by id", maxResults=7, **token)
        pages.append(page["issues"])
        assert page["isLast"] == ("nextPageToken" not in page)
        if page["isLast"]:
            break
        token = {"nextPageToken": page["nextPageToken"]}
    assert [len(page) for page in pages[:-1]] == [7] * (len(pages) - 1)
    assert [one for page in pages for one in page] == whole


def test_a_token_belongs_to_its_query(search):
    token = search("project = PAY", maxResults=5)["nextPageToken"]
    search("project = RISK", nextPageToken=token, status=400)
    search("project = PAY", nextPageToken="WzEsICIxIl0=", status=400)


def test_a_page_with_fields_is_shorter_than_asked_for():
    with Sandbox(items=400) as big:
        session = requests.Session()
        session.auth = (JIRA_USER, JIRA_TOKEN)
        ask = {"jql": "project in (PAY, RISK)", "maxResults": 5000}
        url = f"{big.jira_url}{BASE}/search/jql"
        assert len(session.get(url, params=ask).json()["issues"]) > 300
        assert len(session.get(url, params={**ask, "fields": "summary"}).json()["issues"]) == 100


def test_an_edit_between_pages_moves_issues_over_the_border(sandbox, search):
    jql = "project = PAY order by updated asc, id asc"
    first = search(jql, maxResults=5)
    moved = sandbox.world.jira.issues[first["issues"][0]["id"]]
    moved.updated = sandbox.world.stamp()
    rest = search(jql, maxResults=5000, nextPageToken=first["nextPageToken"])
    seen = {one["id"] for one in first["issues"]} | {one["id"] for one in rest["issues"]}
    everything = {one["id"] for one in search(jql, maxResults=5000)["issues"]}
    assert rest["issues"][-1]["id"] == moved.id
    assert len(everything - seen) == 1, "what slid onto the page before is not seen: readers must overlap"


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "UTC", "Pacific/Kiritimati"])
def test_dates_are_read_in_the_callers_time_zone_and_milliseconds_are_not(sandbox, search, zone):
    caller(sandbox).timezone = zone
    issue = sandbox.world.jira.issues["10001"]
    issue.updated = datetime(2026, 11, 20, 12, 0, 30, tzinfo=UTC)
    noon = {
        "America/Los_Angeles": "2026-11-20 04:00",
        "UTC": "2026-11-20 12:00",
        "Pacific/Kiritimati": "2026-11-21 02:00",
    }
    after = noon[zone].replace(":00", ":01")
    assert issue.key in keys(sandbox, search(f'issue = PAY-1 and updated >= "{noon[zone]}"'))
    assert issue.key not in keys(sandbox, search(f'issue = PAY-1 and updated >= "{after}"'))
    at = int(issue.updated.timestamp() * 1000)
    assert issue.key in keys(sandbox, search(f"issue = PAY-1 and updated >= {at}"))
    assert issue.key not in keys(sandbox, search(f"issue = PAY-1 and updated >= {at + 1}"))


def test_instants_are_shown_in_the_callers_time_zone(sandbox, search):
    sandbox.world.jira.issues["10001"].updated = datetime(2026, 7, 1, 2, 0, 0, 123_000, tzinfo=UTC)
    (shown,) = search("key = PAY-1", fields="updated")["issues"]
    assert shown["fields"]["updated"] == "2026-06-30T19:00:00.123-0700"


@pytest.mark.parametrize(
    ("jql", "expected"),
    [
        ("key = PAY-1", lambda one, _: one.key == "PAY-1"),
        ("issuetype = Epic and project in (PAY, RISK)", lambda one, _: one.type == "10000"),
        ("type != Epic", lambda one, _: one.type != "10000"),
        ('statusCategory = "In Progress"', lambda one, s: s.statuses[one.status].category == "indeterminate"),
        ("status in ('To Do', Done)", lambda one, s: s.statuses[one.status].name in {"To Do", "Done"}),
        ("status not in (Done)", lambda one, s: s.statuses[one.status].name != "Done"),
        ("assignee is EMPTY", lambda one, _: one.assignee is None),
        ("not assignee is empty", lambda one, _: one.assignee is not None),
        ("sprint in openSprints()", lambda one, s: any(s.sprints[k].state == "active" for k in one.sprints)),
        ("sprint is empty and parent = PAY-1", lambda one, _: not one.sprints and one.parent == "10001"),
        ("sprint != 4", lambda one, _: one.sprints and 4 not in one.sprints),
        ("not (sprint = 4 or sprint = 5)", lambda one, _: one.sprints and not {4, 5} & set(one.sprints)),
        ("resolution is not empty", lambda one, _: one.resolution is not None),
        ("priority = Highest", lambda one, _: one.priority == "1"),
        ("fixVersion = 2026.12", lambda one, _: "10001" in one.versions),
        ("creator = currentUser()", lambda *_: False),
        ("created >= -2w", lambda one, _: one.created >= datetime(2026, 11, 9, 8, tzinfo=UTC)),
        ("duedate < '2026-11-01'", lambda one, _: one.due is not None and one.due < "2026-11-01"),
        ("summary ~ wallet", lambda one, _: "wallet" in one.summary.casefold()),
        ("level is not empty", lambda one, _: one.security is not None),
        (
            'assignee = "bo@payments.example"',
            lambda one, s: one.assignee and s.users[one.assignee].name == "Bo Lindqvist",
        ),
    ],
)
def test_clauses_mean_what_jira_means(sandbox, search, jql, expected):
    state = sandbox.world.jira
    wanted = {one.key for one in state.issues.values() if expected(one, state)}
    assert set(keys(sandbox, search(jql, maxResults=5000))) == wanted


def test_order_is_by_each_field_in_turn(sandbox, search):
    found = [
        sandbox.world.jira.issues[one["id"]]
        for one in search("project in (PAY, RISK) order by updated desc, key asc")["issues"]
    ]
    assert found == sorted(
        found, key=lambda one: (-one.updated.timestamp(), one.key.partition("-")[0], int(one.key.partition("-")[2]))
    )


def test_projects_that_are_archived_are_not_searched(sandbox, search):
    sandbox.world.jira.projects["10001"].archived = True
    assert search("project = RISK")["issues"] == []


def test_a_new_issue_may_be_missing_from_search_but_not_when_it_is_reconciled(sandbox, session, search):
    sandbox.world.indexing = False
    fields = {"project": {"key": "PAY"}, "issuetype": {"name": "Task"}, "summary": "New", "labels": ["late"]}
    made = session.post(f"{sandbox.jira_url}{BASE}/issue", json={"fields": fields}).json()
    assert search("labels = late")["issues"] == []
    assert search("labels = late", reconcileIssues=made["id"])["issues"] == [{"id": made["id"]}]
    assert session.get(f"{sandbox.jira_url}{BASE}/issue/{made['key']}").status_code == 200


def test_a_person_is_shown_as_the_profile_is_now(sandbox, session):
    jira = sandbox.world.jira
    issue = next(one for one in jira.issues.values() if one.assignee and jira.users[one.assignee].shows_email)
    user = jira.users[issue.assignee]

    def shown():
        answer = session.get(f"{sandbox.jira_url}{BASE}/issue/{issue.id}", params={"fields": "assignee,creator"})
        return answer.json()["fields"]["assignee"]

    assert (shown()["displayName"], shown()["emailAddress"]) == (user.name, user.email)
    user.name, user.shows_email = "Somebody Else", False
    assert shown()["displayName"] == "Somebody Else"
    assert "emailAddress" not in shown()


def test_the_old_search_is_gone(sandbox, session):
    assert session.get(f"{sandbox.jira_url}{BASE}/search", params={"jql": "project = PAY"}).status_code == 410


def test_a_body_with_nulls_is_refused_as_the_schema_demands(sandbox, session):
    url = f"{sandbox.jira_url}{BASE}/search/jql"
    assert session.post(url, json={"jql": "project = PAY", "expand": None}).status_code == 400
    assert len(session.post(url, json={"jql": "project = PAY", "maxResults": 3}).json()["issues"]) == 3


def test_many_are_read_by_id_in_order_and_strangers_are_left_out(sandbox, session):
    url = f"{sandbox.jira_url}{BASE}/issue/bulkfetch"
    answer = session.post(url, json={"issueIdsOrKeys": ["PAY-3", "10001", "NOPE-1"], "fields": ["summary"]}).json()
    assert [one["key"] for one in answer["issues"]] == ["PAY-1", "PAY-3"]
    assert session.post(url, json={"issueIdsOrKeys": ["PAY-1"] * 101}).status_code == 400


def test_counting_needs_no_reading(sandbox, session):
    url = f"{sandbox.jira_url}{BASE}/search/approximate-count"
    count = session.post(url, json={"jql": "project = RISK"}).json()["count"]
    assert count == sum(one.project == "10001" for one in sandbox.world.jira.issues.values())
    assert not sandbox.writes()


def test_the_clock_moves_when_it_is_set(sandbox, search):
    sandbox.now += timedelta(days=400)
    assert search("updated >= -30d")["issues"] == []
