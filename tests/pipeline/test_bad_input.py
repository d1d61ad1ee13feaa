"""What changes under syncbot between two runs, or was never in order: each has its outcome, and nobody is accused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from syncbot.sandbox.company.delivery import POINTS
from syncbot.sandbox.company.people import ASANA_TOKEN
from syncbot.sandbox.edits import Edits
from syncbot.sandbox.mutations.register import RETRY, issue
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import JiraField, World
from syncbot.store import Store
from tests.company import Company, Run


@pytest.fixture
def company(sandbox: Sandbox, store_url: str, tmp_path: Path) -> Company:
    clean = Company(sandbox, store_url, tmp_path)
    assert clean.run(apply=None).found == set()
    return clean


def rows(company: Company, query: str) -> list[tuple[object, ...]]:
    with Store.open(company.store_url) as store, store.reading() as db:
        return [tuple(row) for row in db.exec_driver_sql(query)]


def again(company: Company, edit: Callable[[World], None]) -> Run:
    """A run after an edit of the world, late enough for every cached description to be read anew."""
    edit(company.sandbox.world)
    return company.later(hours=25).run(apply=None)


# Fields ---------------------------------------------------------------------------------------------------------------


def test_a_field_that_was_renamed_is_still_read(company: Company) -> None:
    def rename(world: World) -> None:
        world.jira.fields[POINTS["PAY"]].name = "Size of the thing"

    run = again(company, rename)
    company.sandbox.apply("sprint-overfull")
    assert (run.found, run.verdict.cannot_tell) == (set(), ())
    assert ("sprint-over-capacity", "PAY Sprint 22") in company.later(minutes=20).run(apply=None).found


def test_lists_and_sections_that_were_renamed_mean_what_they_meant_before_their_names_are_read_anew(
    company: Company,
) -> None:
    query = "select ref, status from items order by connection, ref"
    before, world = rows(company, query), company.sandbox.world
    for number, place in enumerate((*world.trello.lists.values(), *world.asana.sections.values())):
        place.name = f"Shelf {number}"
    for minutes in (20, 25 * 60):
        assert company.later(minutes=minutes).run(apply=None).found == set()
        assert rows(company, query) == before


def test_without_its_field_a_rule_says_that_it_cannot_tell(company: Company) -> None:
    company.sandbox.apply("sprint-overfull")
    before = company.later(minutes=20).run(apply=None).found
    assert {rule for rule, _ in before} == {"sprint-over-capacity"}

    def delete(world: World) -> None:
        for field in set(POINTS.values()):
            del world.jira.fields[field]
            for one in world.jira.issues.values():
                one.fields.pop(field, None)
                Edits(world).set(one)

    run = again(company, delete)
    assert run.found == before, "nobody is accused of what was not estimated in hours"
    assert run.resolved == set(), "it stays, not checked since"
    assert "sprint-over-capacity" in {gap.rule for gap in run.verdict.cannot_tell}


def test_a_second_field_of_the_same_name_and_another_type_changes_nothing(company: Company) -> None:
    def double(world: World) -> None:
        first = world.jira.fields[POINTS["PAY"]]
        text = {
            "type": "string",
            "custom": "com.atlassian.jira.plugin.system.customfieldtypes:textfield",
            "customId": 9,
        }
        world.jira.fields["customfield_9"] = JiraField("customfield_9", first.name, text, custom=True)
        for one in world.jira.issues.values():
            Edits(world).fill(one, "customfield_9", "XL")

    before = rows(company, "select ref, points from items order by ref")
    run = again(company, double)
    assert (run.found, run.verdict.cannot_tell) == (set(), ())
    assert rows(company, "select ref, points from items order by ref") == before


# Lists and sections ---------------------------------------------------------------------------------------------------


def test_a_list_that_is_called_as_another_one_was_means_what_it_now_says(company: Company) -> None:
    """Two lists trade their names: people see the names, so the names decide."""

    def swap(world: World) -> None:
        now, ideas = (next(one for one in world.trello.lists.values() if one.name == name) for name in ("Now", "Ideas"))
        now.name, ideas.name = ideas.name, now.name
        board = world.trello.boards[now.board]
        board.active = world.stamp()

    before = dict(rows(company, "select ref, status from items where connection = 'roadmap'"))
    again(company, swap)
    after = dict(rows(company, "select ref, status from items where connection = 'roadmap'"))
    changed = {(before[ref], status) for ref, status in after.items() if before[ref] != status}
    assert changed == {("doing", "planned"), ("planned", "doing")}


def test_a_task_in_three_projects_is_where_the_first_of_the_config_has_it(company: Company) -> None:
    places = "select remote_id, status, home_scope_id from items where connection = 'marketing' order by remote_id"
    before = rows(company, places)
    asana = company.sandbox.world.asana
    task = next(one for one in asana.tasks.values() if one.name == "Brief the sales team")
    with httpx.Client(base_url=company.sandbox.asana_url, headers={"Authorization": f"Bearer {ASANA_TOKEN}"}) as http:
        for project, section in (("Launch risk score", "Done"), ("Brand book", "Doing")):
            gid = next(one.gid for one in asana.projects.values() if one.name == project)
            to = next(one.gid for one in asana.sections.values() if one.project == gid and one.name == section)
            body = {"data": {"project": gid, "section": to}}
            assert http.post(f"/api/1.0/tasks/{task.gid}/addProject", json=body).status_code == 200
    assert len(task.places) == 3
    assert company.later(minutes=20).run(apply=None).found == set()
    assert rows(company, places) == before
    where = "select count(*) from memberships m join items i on i.id = m.item_id where i.remote_id = '{}'"
    assert rows(company, where.format(task.gid)) == [(2,)]


# People ---------------------------------------------------------------------------------------------------------------


def test_an_account_that_changed_its_address_is_nobody_else_and_nobody_is_accused(company: Company) -> None:
    def marry(world: World) -> None:
        user = next(one for one in world.jira.users.values() if one.name == "Bo Lindqvist")
        user.email = "bo.berg@payments.example"

    known = (
        "select p.name, count(*) from accounts a join people p on p.id = a.person_id group by p.name order by p.name"
    )
    before = dict(rows(company, known))
    run = again(company, marry)
    assert run.found == set()
    after = dict(rows(company, known))
    assert sum(after.values()) == sum(before.values())
    company.configure(
        ('name  = "Bo Lindqvist"\nemail = "bo@payments', 'name  = "Bo Lindqvist"\nemail = "bo.berg@payments')
    )
    assert company.later(minutes=20).run(apply=None).found == set()
    assert dict(rows(company, known))["Bo Lindqvist"] >= 1


# Parents and keys -----------------------------------------------------------------------------------------------------


def test_what_points_to_an_issue_goes_on_pointing_after_it_moved_to_another_project(company: Company) -> None:
    def move(world: World) -> None:
        risk = next(one for one in world.jira.projects.values() if one.key == "RISK")
        epic = issue(Edits(world), RETRY)
        risk.counter += 1
        Edits(world).set(epic, key=f"RISK-{risk.counter}", project=risk.id, old_keys=[epic.key])

    features = "select ref, lead_id, work_open, work_done from features order by ref"
    before = rows(company, features)
    run = again(company, move)
    assert (run.found, run.verdict.cannot_tell) == (set(), ())
    assert rows(company, features) == before


def test_parents_that_are_deleted_or_go_round_in_a_circle_end_nothing(company: Company) -> None:
    def tangle(world: World) -> None:
        work = [one for one in world.jira.issues.values() if one.parent]
        edits = Edits(world)
        edits.set(work[0], parent=work[1].id)
        edits.set(work[1], parent=work[0].id)
        gone = world.jira.issues.pop(str(work[-1].parent))
        for one in work:
            if one.parent == gone.id:
                edits.set(one, parent=None)

    for run in (
        again(company, tangle),
        company.later(hours=25).run(apply=None),
        company.later(hours=25).run(apply=None),
    ):
        assert not any(one.failed or one.quarantined for one in run.pulled)
    assert rows(company, "select count(*) from items where seen <> 'here'") == [(1,)]
