"""What a site says of itself: who we are, projects, fields, words, sprints, versions and people."""

from __future__ import annotations

import json
import re
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import responses

from connectors.jira.answers import FieldDetails, Schema
from connectors.jira.connector import Jira
from connectors.jira.vocabulary import type_of
from syncbot.connector import Settings
from syncbot.errors import Broken, Refused, ToolError, Unreachable
from syncbot.model import Account, Board, Container, Scope, Sprint, Term
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import JiraBoard, JiraProject, JiraSprint
from tests.connectors.jira.site import NOW, PAY, RISK, add, connector, scopes, site

SITE = "https://example.atlassian.net"


def odd(path: str, *answers: Any, **settings: Any) -> Jira:
    """A connector whose site gives these answers on one path; to be used inside `responses`."""
    for answer in answers:
        responses.get(f"{SITE}{path}", json=answer)
    return Jira(Settings("delivery", "jira", SITE, "u", {"token": "t"}, patience=0.0, **settings))


def test_probe_says_who_we_are_and_what_we_may_do(jira: Jira) -> None:
    probe = jira.probe()
    assert probe.account == Account(
        "bot", "Sync Bot", email="bot@jira.example", active=True, timezone="America/Los_Angeles"
    )
    assert (probe.deployment, probe.timezone) == ("Cloud", "America/Los_Angeles")
    assert probe.permissions == ("BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES")
    assert probe.clock_skew_seconds is not None


def test_scopes_are_all_projects_archived_ones_too(jira: Jira, sandbox: Sandbox) -> None:
    sandbox.world.jira.projects["10002"] = JiraProject("10002", "OLD", "Old", "ada", ["1"], ["11"], archived=True)
    assert jira.scopes() == (
        Scope("10002", "OLD", "Old", f"{sandbox.jira_url}/browse/OLD", archived=True),
        Scope(PAY, "PAY", "PAY project", f"{sandbox.jira_url}/browse/PAY"),
        Scope(RISK, "RISK", "RISK project", f"{sandbox.jira_url}/browse/RISK"),
    )


def projects(*keys: str, last: bool = True) -> dict[str, Any]:
    return {"values": [{"id": key, "key": key, "name": key} for key in keys], "isLast": last, "total": 99}


@responses.activate
def test_a_project_that_strangers_see_is_public() -> None:
    responses.get(f"{SITE}/rest/api/2/serverInfo", json={"baseUrl": SITE, "deploymentType": "Cloud"})

    def answer(request: Any) -> tuple[int, dict[str, str], str]:
        known = "Authorization" in request.headers
        shown = [{"id": id_, "key": id_} for id_ in (["1", "2"] if known else ["2"])]
        return 200, {}, json.dumps({"values": shown, "isLast": True})

    responses.add_callback("GET", f"{SITE}/rest/api/3/project/search", answer)
    jira = Jira(Settings("delivery", "jira", SITE, "u", {"token": "t"}))
    assert {scope.remote_id: scope.public for scope in jira.scopes()} == {"1": False, "2": True}


@responses.activate
def test_a_stranger_carries_no_credential_of_this_machine_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine example.atlassian.net login someone password hush\n")
    monkeypatch.setenv("NETRC", str(file))
    responses.get(f"{SITE}/rest/api/2/serverInfo", json={"baseUrl": SITE, "deploymentType": "Cloud"})
    odd("/rest/api/3/project/search", projects("A")).scopes()
    carried = ["Authorization" in call.request.headers for call in responses.calls if "search" in call.request.url]
    assert carried == [False, True]


def test_the_proxy_of_the_environment_is_gone_through(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    with pytest.raises(Unreachable, match="the proxy cannot be reached"):
        Jira(Settings("delivery", "jira", SITE, "u", {"token": "a-token"}, patience=0.0)).probe()


@responses.activate
def test_short_pages_end_nothing_and_a_list_that_stops_is_an_error() -> None:
    responses.get(f"{SITE}/rest/api/2/serverInfo", json={"baseUrl": SITE, "deploymentType": "Cloud"})
    jira = odd(
        "/rest/api/3/project/search",
        projects(),
        projects("A", "B", last=False),
        projects("C", last=False),
        projects("D"),
    )
    assert [scope.key for scope in jira.scopes()] == ["A", "B", "C", "D"]
    starts = [call.request.params["startAt"] for call in responses.calls if "startAt" in call.request.params]
    assert starts == ["0", "0", "2", "3"]


@responses.activate
def test_a_list_that_stops_without_an_end_is_an_error() -> None:
    responses.get(f"{SITE}/rest/api/2/serverInfo", json={"baseUrl": SITE, "deploymentType": "Cloud"})
    with pytest.raises(Broken, match="stops at 1 without saying"):
        odd("/rest/api/3/project/search", projects(), projects("A", last=False), projects(last=False)).scopes()


def test_fields_have_types_fill_rates_and_samples(jira: Jira, sandbox: Sandbox) -> None:
    for number, points in enumerate((3.0, 3.0, 5.0, None), 1):
        issue = sandbox.world.jira.issue(f"PAY-{number}")
        assert issue
        issue.fields["customfield_10016"] = points
    fields = {field.id: field for field in jira.describe(list(scopes(jira).values())).fields}
    points_ = fields["customfield_10016"]
    assert (points_.name, points_.type, points_.custom) == ("Story point estimate", "number", True)
    assert points_.filled_percent == 50
    assert set(points_.samples) == {"3.0", "5.0"}
    kinds = {id_: fields[id_].type for id_ in ("assignee", "duedate", "fixVersions", "customfield_10020", "issuekey")}
    assert kinds == {
        "assignee": "person",
        "duedate": "date",
        "fixVersions": "options",
        "customfield_10020": "sprint",
        "issuekey": "other",
    }


def test_samples_show_nothing_restricted_and_no_long_text(jira: Jira, sandbox: Sandbox) -> None:
    for issue in sandbox.world.jira.issues.values():
        issue.summary, issue.security = "Confidential", "5"
        issue.description = {"type": "doc", "version": 1, "content": [{"type": "paragraph"}]}
    add(sandbox.world.jira, "PAY", 90, NOW, summary="Shown " * 20)
    shown = jira.describe(list(scopes(jira).values()))
    assert "Confidential" not in repr(shown)
    samples = {field.id: field.samples for field in shown.fields}
    assert samples["summary"] == (("Shown " * 20)[:39] + "…",)
    assert samples["description"] == ()


def test_words_of_each_project_and_of_the_site(jira: Jira) -> None:
    terms = jira.describe([scopes(jira)["PAY"]]).terms
    assert Term("type", "2", "Epic", PAY) in terms
    assert Term("status", "12", "In Progress", PAY, "doing") in terms
    assert Term("status", "13", "Done", PAY, "done") in terms
    assert Term("priority", "3", "Medium") in terms
    assert Term("resolution", "4", "Done") in terms
    assert Term("link", "6", "Blocks") in terms
    assert len(terms) == len(set(terms))
    assert RISK not in {term.scope for term in terms}


def test_what_describes_a_project_is_asked_all_at_once(jira: Jira, sandbox: Sandbox) -> None:
    found = [scopes(jira)["PAY"]]
    sandbox.latency = 0.1
    jira.describe(found)
    assert sum(thread.name.startswith("delivery_") for thread in threading.enumerate()) >= 5


def test_describing_costs_the_same_however_many_issues_there_are() -> None:
    counts = []
    for issues in (1, 250):
        with site(issues=issues) as sandbox:
            jira = connector(sandbox)
            found = list(scopes(jira).values())
            sandbox.clear()
            jira.describe(found)
            counts.append(len(sandbox.requests))
            jira.close()
    assert counts[0] == counts[1] <= 5 + 2


@pytest.mark.parametrize(
    ("schema", "type_"),
    [
        (None, "other"),
        (Schema("string"), "text"),
        (Schema("datetime"), "instant"),
        (Schema("user"), "person"),
        (Schema("array", "user"), "people"),
        (Schema("array", "string"), "options"),
        (Schema("array", "option"), "options"),
        (Schema("option-with-child"), "option"),
        (Schema("string", custom="com.atlassian.jira.plugin.system.customfieldtypes:url"), "url"),
        (Schema("array", "string", "com.pyxis.greenhopper.jira:gh-sprint"), "sprint"),
        (Schema("any", custom="com.pyxis.greenhopper.jira:gh-lexo-rank"), "other"),
    ],
)
def test_types_come_from_the_schema_and_never_from_the_name(schema: Schema | None, type_: str) -> None:
    assert type_of(FieldDetails("customfield_1", "Story Points", custom=True, schema=schema)) == type_


def test_a_field_of_another_team_managed_project_is_left_out() -> None:
    scoped = {"id": "customfield_9", "name": "Points", "scope": {"type": "PROJECT", "project": {"id": "77"}}}
    with responses.RequestsMock(assert_all_requests_are_fired=False) as far:
        far.get(f"{SITE}/rest/api/2/serverInfo", json={"deploymentType": "Cloud"})
        far.get(f"{SITE}/rest/api/3/field", json=[scoped])
        far.get(f"{SITE}/rest/api/3/search/jql", json={"issues": []})
        for word in ("priority", "resolution"):
            far.get(f"{SITE}/rest/api/3/{word}", json=[])
        far.get(f"{SITE}/rest/api/3/issueLinkType", json={"issueLinkTypes": []})
        for project in ("77", "88"):
            far.get(f"{SITE}/rest/api/3/project/{project}/statuses", json=[])
        jira = Jira(Settings("delivery", "jira", SITE, "u", {"token": "t"}))
        (field,) = jira.describe([Scope("77", "A", "A")]).fields
        assert field.scopes == ("77",)
        assert jira.describe([Scope("88", "B", "B")]).fields == ()


def test_sprints_and_versions(jira: Jira) -> None:
    found = jira.containers(list(scopes(jira).values()))
    assert found.errors == {}
    assert found.sprints[1] == Sprint(
        "2",
        "PAY 2",
        "PAY board",
        "active",
        scope=PAY,
        start="2026-11-20T08:00:00.000Z",
        end="2026-12-04T08:00:00.000Z",
        goal="Fewer failures",
    )
    assert [(sprint.state, sprint.closed) for sprint in found.sprints] == [
        ("closed", "2026-11-09T08:00:00.000Z"),
        ("active", None),
        ("future", None),
    ]
    assert found.containers == (
        Container("21", PAY, "version", "1.0", closed=True, due_on="2026-11-01", done_on="2026-11-01"),
    )


def test_open_sprints_are_one_request_a_board(jira: Jira, sandbox: Sandbox) -> None:
    found = jira.containers(list(scopes(jira).values()))
    assert found.boards == (Board("7", "PAY board", PAY, ("2", "3")),)
    sandbox.world.jira.sprints[2].name = "Renamed"
    sandbox.clear()
    (said,) = jira.sprints(found.boards)
    assert not isinstance(said, ToolError)
    assert [(one.name, one.state, one.board, one.scope) for one in said] == [
        ("Renamed", "active", "PAY board", PAY),
        ("PAY 3", "future", "PAY board", PAY),
    ]
    assert len(sandbox.requests) == 1


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_board_that_cannot_be_read_costs_only_its_own_sprints(jira: Jira, sandbox: Sandbox, status: int) -> None:
    sandbox.world.jira.boards[9] = JiraBoard(9, "Other", "scrum", PAY)
    sandbox.world.jira.sprints[9] = JiraSprint(9, 9, "Other 1", "active", NOW, NOW, None)
    both = jira.containers([scopes(jira)["PAY"]]).boards
    sandbox.fault("jira", "board/9/sprint", status=status, times=None)
    told, failed = jira.sprints(both)
    assert isinstance(failed, ToolError)
    assert not isinstance(told, ToolError)
    assert {one.name for one in told} == {"PAY 2", "PAY 3"}
    found = jira.containers([scopes(jira)["PAY"]])
    assert {*found.errors} == {PAY}
    assert {one.name for one in found.sprints} == {"PAY 1", "PAY 2", "PAY 3"}
    assert [one.name for one in found.containers] == ["1.0"]


def test_more_sprints_than_a_page_holds(jira: Jira, sandbox: Sandbox) -> None:
    for number in range(4, 124):
        at = NOW - timedelta(days=number)
        sandbox.world.jira.sprints[number] = JiraSprint(number, 7, f"PAY {number}", "closed", at, at, at)
    assert len(jira.containers([scopes(jira)["PAY"]]).sprints) == 123


@responses.activate
def test_a_sprint_on_several_boards_belongs_to_the_one_it_was_made_on() -> None:
    responses.get(f"{SITE}/rest/api/2/serverInfo", json={"baseUrl": SITE, "deploymentType": "Cloud"})
    boards = [{"id": id_, "name": f"Board {id_}", "type": "scrum"} for id_ in (1, 2, 3)]
    responses.get(f"{SITE}/rest/agile/1.0/board", json={"values": boards, "isLast": True})
    sprint = {"id": 9, "name": "S", "state": "active", "originBoardId": 2}
    for board in boards:
        path = f"{SITE}/rest/agile/1.0/board/{board['id']}/sprint"
        responses.get(path, json={"values": [sprint], "isLast": True})
    jira = odd(f"/rest/api/3/project/{PAY}/version", {"values": [], "isLast": True})
    (found,) = jira.containers([Scope(PAY, "PAY", "PAY")]).sprints
    assert found.board == "Board 2"


@responses.activate
def test_a_sprint_whose_own_board_cannot_be_read_is_not_taken_for_another_boards() -> None:
    responses.get(f"{SITE}/rest/api/2/serverInfo", json={"baseUrl": SITE, "deploymentType": "Cloud"})
    boards = [{"id": id_, "name": f"Board {id_}", "type": "scrum"} for id_ in (1, 2)]
    responses.get(f"{SITE}/rest/agile/1.0/board", json={"values": boards, "isLast": True})
    sprint = {"id": 9, "name": "S", "state": "active", "originBoardId": 2}
    responses.get(f"{SITE}/rest/agile/1.0/board/1/sprint", json={"values": [sprint], "isLast": True})
    responses.get(f"{SITE}/rest/agile/1.0/board/2/sprint", status=403)
    jira = odd(f"/rest/api/3/project/{PAY}/version", {"values": [], "isLast": True})
    found = jira.containers([Scope(PAY, "PAY", "PAY")])
    assert ({*found.errors}, found.sprints) == ({PAY}, ())


def test_a_board_that_cannot_have_sprints_is_fine(jira: Jira, sandbox: Sandbox) -> None:
    sandbox.world.jira.boards[9] = JiraBoard(9, "Simple", "simple", PAY)
    sandbox.fault("jira", "board/9/sprint", status=400, body="The board does not support sprints")
    assert len(jira.containers([scopes(jira)["PAY"]]).sprints) == 3


def test_a_project_whose_boards_cannot_be_read_costs_only_its_own(jira: Jira, sandbox: Sandbox) -> None:
    sandbox.fault("jira", f"board.projectKeyOrId={RISK}|board.*{RISK}", status=403, times=None)
    found = jira.containers(list(scopes(jira).values()))
    assert set(found.errors) == {RISK}
    assert len(found.sprints) == 3


def test_a_project_whose_people_may_not_be_seen_costs_only_strangers(jira: Jira, sandbox: Sandbox) -> None:
    found = list(scopes(jira).values())
    everyone = jira.accounts(found, frozenset())
    sandbox.fault("jira", f"assignable/search.*{RISK}", status=403, times=None)
    assert jira.accounts(found, frozenset()) == everyone
    sandbox.fault("jira", "assignable/search", status=403, times=None)
    with pytest.raises(Refused):
        jira.accounts(found, frozenset())


def test_accounts_are_those_that_work_can_be_given_to_and_those_we_know(jira: Jira, sandbox: Sandbox) -> None:
    sandbox.world.jira.users["ada"].active = False
    accounts = {
        account.remote_id: account
        for account in jira.accounts(list(scopes(jira).values()), frozenset({"app", "ada", "gone"}))
    }
    assert "gone" not in accounts
    assert accounts["ada"] == Account("ada", "Ada Park", active=False, timezone="Europe/London")
    assert accounts["app"].is_bot
    assert accounts["bot"].email == "bot@jira.example"


@responses.activate
def test_a_short_page_of_people_is_not_the_last() -> None:
    responses.get(f"{SITE}/rest/api/2/serverInfo", json={"baseUrl": SITE, "deploymentType": "Cloud"})
    people = [[{"accountId": "ada"}, {"accountId": "bo"}], [{"accountId": "cy"}], []]
    jira = odd("/rest/api/3/user/assignable/search", *people)
    assert [one.remote_id for one in jira.accounts([Scope(PAY, "PAY", "PAY")], frozenset())] == ["ada", "bo", "cy"]


@responses.activate
def test_a_repeated_page_of_people_is_an_error_and_no_endless_read() -> None:
    responses.get(f"{SITE}/rest/api/2/serverInfo", json={"baseUrl": SITE, "deploymentType": "Cloud"})
    jira = odd("/rest/api/3/user/assignable/search", [{"accountId": "ada"}, {"accountId": "bo"}])
    with pytest.raises(Broken, match="repeats a page of people"):
        jira.accounts([Scope(PAY, "PAY", "PAY")], frozenset())


def test_an_unreachable_site_is_named() -> None:
    jira = Jira(Settings("delivery", "jira", "http://127.0.0.1:1/jira", "u", {"token": "secret"}, patience=0.0))
    said = re.escape("delivery: GET 127.0.0.1:1/jira/rest/api/2/serverInfo: it cannot be reached")
    with pytest.raises(Unreachable, match=said):
        jira.probe()


def test_an_old_key_leads_to_its_issue_and_one_that_fails_costs_only_itself() -> None:
    with site() as sandbox:
        first, second, third = [*sandbox.world.jira.issues.values()][:3]
        for issue in (first, second):
            issue.old_keys, issue.key = [issue.key], f"NEW-{issue.id}"
        old = [issue.old_keys[0] for issue in (first, second)]
        sandbox.fault("jira", f"/issue/{old[1]}", times=None, status=403)
        jira = connector(sandbox)
        found = jira.renamed([*old, third.key, "OFF-1", "no key"])
        assert found == {old[0]: (first.id, f"{sandbox.jira_url}/browse/{old[0]}")}
        sandbox.clear()
        assert jira.renamed([third.key, "OFF-1"]) == {}
        assert len(sandbox.requests) == 1
