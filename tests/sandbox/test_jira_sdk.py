"""The sandbox's Jira through the vendor's SDK as it comes: what the SDK can do here, it can do there."""

from __future__ import annotations

import pytest
from jira import JIRA, JIRAError

from syncbot.sandbox.company import JIRA_TOKEN, JIRA_USER
from syncbot.sandbox.jira.adf import document


@pytest.fixture
def jira(sandbox):
    client = JIRA(
        server=sandbox.jira_url, basic_auth=(JIRA_USER, JIRA_TOKEN), options={"rest_api_version": "3"}, max_retries=0
    )
    yield client
    client.close()


def test_it_introduces_itself(jira):
    assert jira.deploymentType == "Cloud"
    assert jira.myself()["emailAddress"] == JIRA_USER
    assert jira.my_permissions(permissions="BROWSE_PROJECTS")["permissions"]["BROWSE_PROJECTS"]["havePermission"]


def test_it_lists_what_the_site_has(jira):
    assert {one.key for one in jira.projects()} == {"PAY", "RISK"}
    assert jira.project("PAY").name == "Payments"
    assert {one["id"] for one in jira.fields()} >= {"summary", "customfield_10020"}
    assert jira.priorities()[0].name == "Highest"
    assert {one.name for one in jira.statuses()} >= {"To Do", "In Review"}
    assert {one.name for one in jira.resolutions()} >= {"Done", "Won't Do"}
    assert {one.name for one in jira.issue_link_types()} == {"Blocks", "Relates"}
    assert {one.name for one in jira.issue_types()} >= {"Epic", "Sub-task"}
    assert [one.name for one in jira.project_versions("PAY")] == ["2026.10", "2026.12"]


def test_it_reads_boards_and_sprints(jira):
    boards = {one.name: one.id for one in jira.boards()}
    assert set(boards) == {"PAY board", "RISK board"}
    assert [one.state for one in jira.sprints(boards["PAY board"])] == ["closed"] * 3 + ["active", "future"]
    assert [one.name for one in jira.sprints(boards["PAY board"], state="active")] == ["PAY Sprint 22"]
    with pytest.raises(JIRAError, match="does not support sprints"):
        jira.sprints(boards["RISK board"])


def test_it_searches_page_by_page(jira, sandbox):
    found = jira.enhanced_search_issues("project = PAY order by id", maxResults=False, fields="summary,assignee")
    assert len(found) == sum(one.project == "10000" for one in sandbox.world.jira.issues.values())
    assert found[0].fields.summary == "Retry failed cards on the best day"
    assert jira.approximate_issue_count("project = PAY") == len(found)
    with pytest.raises(JIRAError, match="Unbounded JQL"):
        jira.enhanced_search_issues("order by created")


def test_it_makes_edits_moves_and_deletes_an_issue(jira, sandbox):
    fields = {
        "project": {"key": "PAY"},
        "issuetype": {"name": "Task"},
        "summary": "Made by the SDK",
        "description": document("First", "Second"),
        "labels": ["one"],
    }
    issue = jira.create_issue(fields=fields)
    assert issue.fields.description.content[0].content[0].text == "First"
    issue.update(fields={"summary": "Edited"}, update={"labels": [{"add": "two"}, {"remove": "one"}]})
    issue = jira.issue(issue.key)
    assert (issue.fields.summary, issue.fields.labels) == ("Edited", ["two"])
    jira.transition_issue(issue, "Done")
    issue = jira.issue(issue.key)
    assert (issue.fields.status.name, issue.fields.resolution.name) == ("Done", "Done")
    jira.add_comment(issue, document("Well done"))
    assert [one.author.displayName for one in jira.comments(issue)] == ["Sync Bot"]
    jira.add_issue_property(issue.key, "syncbot.report", {"marker": "m"})
    assert jira.issue_property(issue.key, "syncbot.report").value.marker == "m"
    jira.create_issue_link("Blocks", issue.key, "PAY-2")
    (link,) = jira.issue("PAY-2").fields.issuelinks
    assert link.inwardIssue.key == issue.key
    issue.delete()
    with pytest.raises(JIRAError, match="does not exist"):
        jira.issue(issue.key)
    assert not jira.issue("PAY-2").fields.issuelinks
    assert [one.method for one in sandbox.writes()] == ["POST", "PUT", "POST", "POST", "PUT", "POST", "DELETE"]


def test_a_wrong_token_is_refused(sandbox):
    with pytest.raises(JIRAError) as refused:
        JIRA(
            server=sandbox.jira_url, basic_auth=(JIRA_USER, "wrong"), options={"rest_api_version": "3"}, max_retries=0
        ).myself()
    assert refused.value.status_code == 401
