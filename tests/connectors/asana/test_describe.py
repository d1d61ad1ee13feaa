"""Who we are, what there is to read, and who is on it."""

from __future__ import annotations

import json
import threading

import pytest

from syncbot.connector import Target, Want
from syncbot.errors import Missing, Refused
from syncbot.sandbox.http import Answer


def test_probe_says_who_we_are_and_where(site):
    probe = site.connector().probe()
    assert (probe.account.remote_id, probe.account.name, probe.deployment) == (site.bot.gid, "Bot", "")
    assert probe.permissions == ("member of Example",)


def test_a_wrong_token_is_refused_and_not_repeated_in_the_error(site):
    connector = site.connector(secrets={"token": "wr0ng-t0ken"})
    with pytest.raises(Refused) as error:
        connector.probe()
    assert "wr0ng" not in str(error.value)


def test_scopes_are_all_projects_with_archived_ones(site):
    one = site.project("One")
    two = site.project("Two", archived=True)
    found = {scope.remote_id: scope for scope in site.connector().scopes()}
    assert found.keys() == {one.gid, two.gid}
    assert (found[one.gid].name, found[one.gid].archived, found[two.gid].archived) == ("One", False, True)
    assert found[one.gid].url.startswith(site.sandbox.asana_url)
    assert not found[one.gid].public


def test_more_projects_than_a_page_holds(site):
    for n in range(130):
        site.project(f"P{n}")
    assert len(site.connector().scopes()) == 130


def test_describe_gives_fields_sections_tags_with_types_and_samples(site):
    project = site.project("Launch", "Ideas", "Doing")
    points = site.field(project, "Story Points", "number")
    level = site.field(project, "Priority", "enum", "High", "Low")
    site.task(project, values={points.gid: 3, level.gid: level.options[0].gid}, due_on="2026-12-01")
    site.task(project)
    found = site.connector().describe([site.scope(project)])
    fields = {field.name: field for field in found.fields}
    assert (fields["Story Points"].id, fields["Story Points"].type, fields["Priority"].type) == (
        points.gid,
        "number",
        "option",
    )
    assert fields["Priority"].samples == ("High",)
    assert fields["Priority"].filled_percent == 50
    assert fields["Priority"].scopes == (project.gid,)
    assert fields["Due date"].id == "due_on"
    words = {(term.facet, term.name) for term in found.terms}
    assert {("section", "Ideas"), ("section", "Doing"), ("type", "Milestone"), ("link", "Dependency")} <= words


def test_describe_takes_as_many_requests_however_many_tasks_there_are(site):
    project = site.project()
    for _ in range(250):
        site.task(project)
    site.connector().describe([site.scope(project)])
    assert len(site.lines()) == 5


def test_containers_are_sections_ten_projects_a_request(site):
    projects = [site.project(f"P{n}", "Ideas") for n in range(11)]
    found = site.connector().containers([site.scope(project) for project in projects])
    assert [one.type for one in found.containers] == ["section"] * 11
    assert site.lines() == ["POST /batch"] * 2


def test_a_project_that_cannot_be_read_leaves_the_sections_of_others(site):
    good, bad = site.project("Good", "Ideas"), site.project("Bad")
    scopes = [site.scope(bad), site.scope(good)]
    site.state.projects.pop(bad.gid)
    found = site.connector().containers(scopes)
    assert list(found.errors) == [bad.gid]
    assert [one.name for one in found.containers] == ["Ideas"]


def test_accounts_hide_their_address_and_those_who_left_are_asked_for(site):
    people = [{"gid": "1", "name": "Shown", "email": "shown@x.example"}, {"gid": "2", "name": "Hidden"}]
    site.sandbox.fault("asana", r"GET .*/users\?", status=200, body=json.dumps({"data": people, "next_page": None}))
    own = [site.scope(site.project("Own"))]
    found = {one.remote_id: one for one in site.connector().accounts(own, frozenset({"1", site.ada.gid, "99"}))}
    assert found.keys() == {"1", "2", site.ada.gid}
    assert (found["1"].email, found["2"].email) == ("shown@x.example", None)
    assert (found["1"].active, found[site.ada.gid].active) == (True, None)
    site.sandbox.clear()
    assert [one.remote_id for one in site.connector().accounts([], frozenset({site.ada.gid}))] == [site.ada.gid]
    assert len(site.sandbox.requests) == 1


def test_a_project_with_a_guest_among_its_members_is_public(site):
    shared, own = site.project("Shared"), site.project("Own")
    guest = site.user("Guest", "guest@partner.example")
    shared.members.append(guest.gid)
    guest.guest = True
    found = {scope.remote_id: scope.public for scope in site.connector().scopes()}
    assert found == {shared.gid: True, own.gid: False}


def test_a_project_that_only_its_members_or_team_can_see_is_private(site):
    for privacy in ("public_to_workspace", "private_to_team", "private"):
        project = site.project(privacy)
        project.privacy = privacy
        project.members.append(site.bot.gid)
    found = {scope.name: scope.private for scope in site.connector().scopes()}
    assert found == {"public_to_workspace": False, "private_to_team": True, "private": True}


def test_an_account_that_may_only_comment_is_told_what_to_do(site):
    project = site.project()
    assert site.connector().obstacles(Target(site.scope(project), "Alignment report")) == ()
    project.commenters.append(site.bot.gid)
    (said,) = site.connector().obstacles(Target(site.scope(project), "Alignment report"))
    assert "make it an editor" in said


def test_a_census_counts_subtasks_too_and_fails_rather_than_being_partial(site):
    project = site.project()
    parent = site.task(project)
    child = site.below(parent)
    want = Want(site.scope(project))
    assert site.connector().census(want) == {parent.gid, child.gid}
    site.sandbox.fault("asana", "/batch", status=403)
    with pytest.raises(Refused):
        site.connector().census(want)


def test_no_more_is_asked_at_once_than_asana_works_on(site):
    scopes = [site.scope(site.project(f"Project {number}")) for number in range(60)]
    site.sandbox.latency = 0.02
    site.connector(concurrency=50).describe(scopes)
    assert 1 < sum(thread.name.startswith("asana") for thread in threading.enumerate()) <= 4


def test_many_projects_are_described_ten_a_request_with_a_few_tasks_of_each(site):
    projects = [site.project(f"P{number}", "Ideas") for number in range(21)]
    for project in projects:
        points = site.field(project, "Story Points", "number")
        for _ in range(60):
            site.task(project, values={points.gid: 3})
    answers = []
    seen = site.sandbox.fault("asana", "POST /api/1.0/batch", "bent", times=9)
    seen.after = lambda _, answer: answers.append(answer) or answer
    found = site.connector().describe([site.scope(project) for project in projects])
    assert sorted(site.lines()) == [
        "GET /users/{gid}",
        "GET /workspaces/{gid}/tags",
        *["POST /batch"] * 9,
    ]
    assert len([term for term in found.terms if term.facet == "section"]) == 21
    own = [field for field in found.fields if field.custom]
    assert [(field.scopes, field.samples, field.filled_percent) for field in own] == [
        ((project.gid,), ("3.0",), 100) for project in projects
    ]
    sizes = {len(part["body"]["data"]) for answer in answers for part in answer.body["data"]}
    assert max(sizes) == 47


def test_what_fails_for_a_moment_among_ten_is_asked_for_by_itself(site):
    projects = [site.project(f"P{number}", "Ideas") for number in range(2)]

    def stumble(_, answer):
        first, *rest = answer.body["data"]
        failed = first | {"status_code": 500, "body": {"errors": [{"message": "Oops"}]}}
        return Answer({"data": [failed, *rest]}, answer.status, answer.headers)

    site.sandbox.fault("asana", "POST /api/1.0/batch", "bent").after = stumble
    found = site.connector(patience=0).describe([site.scope(project) for project in projects])
    assert {term.scope for term in found.terms if term.facet == "section"} == {project.gid for project in projects}


def test_a_project_that_went_away_cannot_be_described(site):
    scopes = [site.scope(site.project("Here")), site.scope(site.project("Gone"))]
    site.state.projects.pop(scopes[1].remote_id)
    with pytest.raises(Missing):
        site.connector().describe(scopes)
