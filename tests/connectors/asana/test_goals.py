"""The goals of a workspace: a scope of their own, with what each is made of."""

from __future__ import annotations

import pytest

from syncbot.connector import Target, Want
from syncbot.errors import Refused, ToolError, Unreachable
from syncbot.model import Scope
from syncbot.sandbox.http import Answer
from syncbot.sandbox.world import AsanaGoal, AsanaPortfolio

WANTED = frozenset({"assignee", "due_on"})


def goals_scope(site) -> Scope:
    (found,) = [one for one in site.connector().scopes() if one.remote_id.startswith("goals:")]
    return found


def goal(site, name: str, *parts: tuple[str, str], **more) -> AsanaGoal:
    made = AsanaGoal(site.state.next_gid(), name, site.ada.gid, parts=list(parts), **more)
    site.state.goals[made.gid] = made
    return made


def read(site):
    pages = list(site.connector().pull([Want(goals_scope(site))], WANTED))
    assert [(page.error, page.last, page.full) for page in pages] == [(None, True, True)]
    return {record.title: record for record in pages[0].records}


@pytest.fixture
def bare(site):
    site.state.goals.clear()
    site.state.portfolios.clear()
    return site


def test_a_workspace_without_goals_has_no_scope_for_them(bare):
    assert not [one for one in bare.connector().scopes() if one.remote_id.startswith("goals:")]
    goal(bare, "Grow")
    for status in (402, 403, 404):
        bare.sandbox.fault("asana", "GET /api/1.0/goals", status=status)
        assert not [one for one in bare.connector().scopes() if one.remote_id.startswith("goals:")]
    assert goals_scope(bare).name == f"Goals of {bare.state.name}"


def test_a_goal_has_its_owner_dates_and_status(bare):
    for status in (None, "green", "yellow", "red", "achieved", "partial", "missed", "dropped"):
        goal(bare, f"It is {status}", status=status, due_on="2026-12-31")
    goal(bare, "Buy the rival", privacy="members_only")
    found = read(bare)
    assert {one.type.name for one in found.values()} == {"Goal"}
    said = {name: (one.status.name if one.status else None, one.category, one.complete) for name, one in found.items()}
    assert said == {
        "It is None": (None, "new", False),
        "It is green": ("On track", "doing", False),
        "It is yellow": ("At risk", "doing", False),
        "It is red": ("Off track", "doing", False),
        "It is achieved": ("Achieved", None, True),
        "It is partial": ("Partial", None, True),
        "It is missed": ("Missed", None, True),
        "It is dropped": ("Dropped", None, True),
        "Buy the rival": (None, "new", False),
    }
    assert found["It is green"].fields == {"assignee": bare.ada.gid, "due_on": "2026-12-31"}
    assert [name for name, one in found.items() if one.restricted] == ["Buy the rival"]


def test_a_goal_is_made_of_subgoals_tasks_projects_and_the_projects_of_portfolios(bare):
    launch, other = bare.project("Launch"), bare.project("Other")
    task, below = bare.task(other), goal(bare, "Below")
    held = AsanaPortfolio(bare.state.next_gid(), "All", bare.ada.gid, bare.sandbox.now, items=[launch.gid, other.gid])
    bare.state.portfolios[held.gid] = held
    goal(bare, "Above", ("goal", below.gid), ("task", task.gid), ("project", launch.gid), ("portfolio", held.gid))
    found = read(bare)
    references = found["Above"].references
    assert [one.target for one in references] == [below.gid, task.gid, launch.gid, held.gid, other.gid]
    assert {(one.form, one.inward, one.parent) for one in references} == {("id", True, True)}
    assert found["Below"].references == ()


def test_portfolios_that_are_shared_with_us_come_with_their_projects(bare):
    launch, hidden = bare.project("Launch", due_on="2027-01-31"), bare.project("Hidden", privacy="private")
    over = bare.project("Over", completed=True)
    held, other = (
        AsanaPortfolio(bare.state.next_gid(), name, bare.ada.gid, bare.sandbox.now) for name in ("Shared", "Other")
    )
    held.items, held.members = [launch.gid, hidden.gid, over.gid], [bare.bot.gid]
    bare.state.portfolios = {held.gid: held, other.gid: other}
    found = read(bare)
    types = {title: one.type.name for title, one in found.items()}
    assert types == {"Shared": "Portfolio", "Launch": "Project", "Hidden": "Project", "Over": "Project"}
    assert {title: one.complete for title, one in found.items() if one.complete} == {"Over": True}
    assert [title for title, one in found.items() if one.restricted] == ["Hidden"]
    assert found["Launch"].fields == {"assignee": bare.ada.gid, "due_on": "2027-01-31"}
    assert [one.target for one in found["Shared"].references] == held.items
    assert [one.target for one in found["Launch"].references] == [launch.gid], "what is in it is below it"
    assert bare.connector().census(Want(goals_scope(bare))) == {held.gid, *held.items}


def test_many_goals_take_a_request_for_ten_of_them_and_one_more_a_page(bare):
    for number in range(105):
        goal(bare, f"Goal {number}")
    scope = goals_scope(bare)
    bare.sandbox.clear()
    connector = bare.connector()
    (page,) = connector.pull([Want(scope)], WANTED)
    assert len(page.records) == 105
    assert len(bare.sandbox.requests) == 2 + 11 + 1  # and who shares portfolios with us
    assert connector.census(Want(scope)) == {record.remote_id for record in page.records}


def test_a_failure_costs_the_goals_and_no_project(bare):
    project = bare.project("Launch")
    bare.task(project)
    goal(bare, "Grow")
    wants = [Want(goals_scope(bare)), Want(bare.scope(project))]
    bare.sandbox.fault("asana", "GET /api/1.0/goals", status=503, times=None)
    pages = list(bare.connector(patience=0).pull(wants, WANTED))
    errors = {page.scope: type(page.error) for page in pages if page.error}
    assert errors == {wants[0].scope.remote_id: Unreachable}
    assert sum(len(page.records) for page in pages if page.scope == project.gid) == 1


def test_goals_are_described_and_no_place_for_a_report(bare):
    goal(bare, "Grow")
    scope, connector = goals_scope(bare), bare.connector()
    vocabulary = connector.describe([scope])
    assert "Goal" in {term.name for term in vocabulary.terms if term.facet == "type"}
    assert {"On track", "Missed"} <= {term.name for term in vocabulary.terms if term.facet == "status"}
    assert connector.containers([scope]).errors == {}
    assert "name a project" in connector.obstacles(Target(scope, "Alignment report"))[0]


def test_what_we_may_not_see_for_once_is_an_error_and_no_absence(bare):
    goal(bare, "Grow", ("project", bare.project("Launch").gid))
    want = Want(goals_scope(bare))
    connector = bare.connector()
    for endpoint in ("GET /api/1.0/goals", "GET /api/1.0/portfolio_memberships", "POST /api/1.0/batch"):
        for status in (403, 404):
            bare.sandbox.fault("asana", endpoint, status=status, times=2)
            (page,) = connector.pull([want], WANTED)
            assert page.error.status == status
            with pytest.raises(ToolError):
                connector.census(want)


@pytest.mark.parametrize("status", [403, 404])
def test_parts_that_are_not_told_leave_a_goal_as_it_was(bare, status):
    goal(bare, "Grow", ("project", bare.project("Launch").gid))
    scope = goals_scope(bare)

    def withheld(_, answer):
        parts = [
            part | {"status_code": status, "body": {"errors": [{"message": "No"}]}} for part in answer.body["data"]
        ]
        return Answer({"data": parts}, answer.status, answer.headers)

    bare.sandbox.fault("asana", "POST /api/1.0/batch", "bent").after = withheld
    (page,) = bare.connector().pull([Want(scope)], WANTED)
    assert page.records == ()
    assert isinstance(page.error, Refused) == (status == 403)


def test_each_that_a_count_lacks_is_asked_for_by_its_id(bare):
    there, gone = goal(bare, "Grow"), goal(bare, "Shrink")
    left, hidden = bare.project("Left"), bare.project("Hidden", privacy="private", members=[bare.ada.gid])
    want = Want(goals_scope(bare))
    del bare.state.goals[gone.gid]
    fates = bare.connector().fates(want, [there.gid, gone.gid, left.gid, hidden.gid])
    assert fates == {there.gid: "here", gone.gid: "deleted", left.gid: "moved", hidden.gid: "hidden"}
    bare.sandbox.fault("asana", "POST /api/1.0/batch", status=402)
    with pytest.raises(ToolError):
        bare.connector().fates(want, [there.gid])


def test_goals_are_read_again_as_a_pull_reads_them(bare):
    grow = goal(bare, "Grow", ("project", bare.project("Launch").gid))
    goal(bare, "Other")
    want = Want(goals_scope(bare))
    found = bare.connector().again([want], {want.scope.remote_id: [grow.gid]}, WANTED)
    assert found.records == (read(bare)["Grow"],)
