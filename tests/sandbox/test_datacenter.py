"""The sandbox's Data Center, through the vendor's SDK and by hand: the same state, told as Data Center tells it."""

from __future__ import annotations

import re

import pytest
import requests
from jira import JIRA, JIRAError

from syncbot.sandbox.company import JIRA_TOKEN
from syncbot.sandbox.datacenter.search import MOST

SPRINT = re.compile(r"com\.atlassian\.greenhopper\.service\.sprint\.Sprint@\w+\[id=\d+,rapidViewId=1,state=CLOSED,.*\]")


@pytest.fixture
def jira(sandbox):
    client = JIRA(server=sandbox.dc_url, token_auth=JIRA_TOKEN, max_retries=0)
    yield client
    client.close()


@pytest.fixture
def get(sandbox):
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {JIRA_TOKEN}"
    yield lambda path, **query: session.get(f"{sandbox.dc_url}{path}", params=query, timeout=5)
    session.close()


def test_it_introduces_itself_as_a_server_of_version_10(jira):
    assert (jira.deploymentType, jira._version[0]) == ("Server", 10)
    me = jira.myself()
    assert (me["name"], me["key"]) == ("syncbot", jira.user("syncbot").key)
    assert "accountId" not in me


def test_it_lists_what_the_site_has(jira):
    assert {one.key for one in jira.projects()} == {"PAY", "RISK"}
    fields = {one["id"] for one in jira.fields()}
    assert fields >= {"summary", "customfield_10014", "customfield_10020"}
    assert not fields & {"parent", "statuscategorychangedate"}
    assert jira.priorities()[0].name == "Highest"
    assert {one.name for one in jira.statuses()} >= {"To Do", "In Review"}
    assert {one.name for one in jira.issue_link_types()} == {"Blocks", "Relates"}
    boards = {one.name: one.id for one in jira.boards()}
    assert [one.state for one in jira.sprints(boards["PAY board"])][-2:] == ["active", "future"]


def test_it_searches_by_places_and_gives_no_more_than_it_allows(get, sandbox):
    whole = [one.id for one in sandbox.world.jira.issues.values()]
    answer = get("/rest/api/2/search", jql="order by created asc", startAt=2, maxResults=3, fields="id").json()
    assert (answer["startAt"], answer["maxResults"], answer["total"]) == (2, 3, len(whole))
    assert len(answer["issues"]) == 3
    assert get("/rest/api/2/search", jql="project = PAY", maxResults=5000).json()["maxResults"] == MOST
    assert get("/rest/api/2/search", jql="project = NONE").status_code == 400


def test_what_the_index_learns_is_found_from_the_next_first_page_on(get, sandbox):
    late = next(one.id for one in sandbox.world.jira.issues.values() if one.project == "10000")
    sandbox.world.unindexed.add(late)

    def found(start=0):
        query = {"jql": "project = PAY", "startAt": start, "fields": "id"}
        return get("/rest/api/2/search", **query).json()["total"]

    total = found()
    sandbox.world.unindexed.clear()
    assert found(1) == total
    assert found() == total + 1
    assert found(1) == total + 1


def test_the_sdk_reads_it_page_by_page(jira, sandbox):
    found = jira.search_issues("project = PAY order by id asc", maxResults=False, fields="summary")
    assert len(found) == sum(one.project == "10000" for one in sandbox.world.jira.issues.values())


def test_epics_are_named_by_their_field_and_sprints_are_text(get):
    issues = get("/rest/api/2/search", jql="project = PAY", fields="*all", maxResults=100).json()["issues"]
    epics = {one["key"] for one in issues if one["fields"]["issuetype"]["name"] == "Epic"}
    below = [one for one in issues if one["fields"]["customfield_10014"]]
    assert below
    assert {one["fields"]["customfield_10014"] for one in below} <= epics
    initiatives = {one["key"] for one in issues if one["fields"]["issuetype"]["name"] == "Initiative"}
    above = {one["fields"]["customfield_10012"] for one in issues} - {None}
    assert above
    assert above <= initiatives
    subtasks = {one["key"] for one in issues if one["fields"]["issuetype"]["subtask"]}
    assert {one["key"] for one in issues if "parent" in one["fields"]} == subtasks
    sprints = [one for issue in issues for one in issue["fields"]["customfield_10020"] or ()]
    assert any(SPRINT.fullmatch(one) for one in sprints)


def test_there_is_no_cloud_behind_it(get):
    for path in ("/rest/api/3/myself", "/rest/api/2/search/jql", "/rest/api/2/project/search", "/rest/api/2/user/bulk"):
        assert get(path).status_code == 404


def test_text_is_wiki_markup_and_people_are_named_by_login(jira):
    issue = jira.create_issue(
        project="PAY", issuetype={"name": "Task"}, summary="Made", description="h1. *Why*", assignee={"name": "bo"}
    )
    assert (issue.fields.description, issue.fields.assignee.name) == ("h1. *Why*", "bo")
    assert not hasattr(issue.fields.assignee, "accountId")
    issue.update(description="plain", customfield_10014="PAY-1")
    assert jira.issue(issue.key).fields.customfield_10014 == "PAY-1"
    with pytest.raises(JIRAError, match="must be a string"):
        issue.update(description={"type": "doc", "version": 1, "content": []})
    with pytest.raises(JIRAError, match="cannot be assigned"):
        issue.update(assignee={"name": "nobody"})


def test_the_changelog_comes_by_expansion(jira):
    issue = jira.create_issue(project="PAY", issuetype={"name": "Task"}, summary="Before")
    issue.update(summary="After", assignee={"name": "bo"})
    jira.transition_issue(issue, "Done")
    histories = jira.issue(issue.key, expand="changelog").changelog.histories
    assert [
        (one.author.name, item.field, getattr(item, "fromString", None), item.toString)
        for one in histories
        for item in one.items
    ] == [
        ("syncbot", "summary", "Before", "After"),
        ("syncbot", "assignee", None, "Bo Lindqvist"),
        ("syncbot", "status", "To Do", "Done"),
        ("syncbot", "resolution", None, "Done"),
    ]


def test_people_are_found_by_login_and_key(jira, get):
    assert [one.name for one in jira.search_users(user="lindq")] == ["bo"]
    assert len(jira.search_users(user=".")) > 5
    key = jira.user("bo").key
    assert get("/rest/api/2/user", key=key).json()["name"] == "bo"
    assert get("/rest/api/2/user", username="nobody").status_code == 404


def test_every_answer_says_how_much_may_be_asked(get):
    held = {name.casefold() for name in get("/rest/api/2/myself").headers}
    assert {f"x-ratelimit-{one}" for one in ("limit", "remaining", "fillrate", "interval-seconds")} <= held


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {JIRA_TOKEN}"}])
def test_only_a_personal_access_token_opens_it(sandbox, header):
    assert requests.get(f"{sandbox.dc_url}/rest/api/2/myself", headers=header, timeout=5).status_code == 401


def test_what_was_written_in_wiki_markup_is_drawn(jira, sandbox):
    issue = jira.create_issue(project="PAY", issuetype={"name": "Task"}, summary="X", description="h3. <b>\n* *Bold*")
    for tool in ("dc", "jira"):
        page = requests.get(f"{sandbox.url}/{tool}/browse/{issue.key}", timeout=5).text
        assert "<h3>&lt;b&gt;</h3><ul><li><strong>Bold</strong></li></ul>" in page
