"""A report for each team, with the teams that a field of the tool names: whose findings, and exactly one each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from syncbot.sandbox.company.delivery import TEAM
from syncbot.sandbox.mutations import MUTATIONS
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.settings import config_text
from syncbot.sandbox.world import JiraIssue, JiraTeam
from tests.company import Company

OF_RISK, OF_PAYMENTS = "work-abandoned", "sprint-work-unassigned"
FIELD = """
[directory]
teams = { connection = "delivery", field = "Team" }
"""
EACH_TEAM = """
[[reports]]
connection = "delivery"
scope      = "PAY"
each       = "team"
"""
PERSON = "Payments, every Monday"


def written(sandbox: Sandbox) -> dict[str, JiraIssue]:
    """The teams' reports by what stands behind their common title; none is there twice."""
    found = [one for one in sandbox.world.jira.issues.values() if one.summary.startswith("Alignment report:")]
    assert all(count == 1 for count in Counter(one.summary for one in found).values())
    return {one.summary.removeprefix("Alignment report: "): one for one in found}


def bodies(sandbox: Sandbox) -> dict[str, str]:
    return {name: str(issue.description) for name, issue in written(sandbox).items()}


def team(sandbox: Sandbox, name: str) -> JiraTeam:
    return next(one for one in sandbox.world.jira.teams.values() if one.name == name)


def touch(sandbox: Sandbox, *summaries: str) -> None:
    """Somebody edits these issues, so that they are read again."""
    for issue in sandbox.world.jira.issues.values():
        if issue.summary in summaries:
            issue.updated = sandbox.world.stamp()


def ref(sandbox: Sandbox, mutation: str) -> str:
    ((_, found),) = MUTATIONS[mutation].refs(sandbox.world)
    return found


def by_field_alone(text: str) -> str:
    """The config without its own teams: only the field names any."""
    start, end = text.index("[teams.payments]"), text.index("[[reports]]")
    return (text[:start] + text[end:]).replace('team  = "risk"\n', "") + FIELD + EACH_TEAM


@pytest.fixture
def company(sandbox: Sandbox, store_url: str, tmp_path: Path) -> Company:
    return Company(sandbox, store_url, tmp_path, text=by_field_alone(config_text(sandbox)))


def test_each_team_reads_of_its_own_work_only(company: Company) -> None:
    sandbox = company.sandbox
    assert company.run(apply=None).found == set()
    sandbox.apply(OF_RISK, OF_PAYMENTS)
    company.later(minutes=20).run(apply=True)
    risks, payments = ref(sandbox, OF_RISK), ref(sandbox, OF_PAYMENTS)
    assert {name: (risks in body, payments in body) for name, body in bodies(sandbox).items()} == {
        "Payments": (False, True),
        "Risk": (True, False),
    }
    for hours in (1, 24):
        sandbox.clear()
        company.later(hours=hours).run(apply=True)
        assert sandbox.writes() == []
    sandbox.undo(OF_RISK)
    sandbox.clear()
    company.later(hours=1).run(apply=True)
    assert [one.path for one in sandbox.writes()] == ["/rest/api/3/issue/{issue}"] * 2, "the team's and that on all"


def test_covers_says_where_a_team_is_looked_at(company: Company) -> None:
    sandbox = company.sandbox
    sandbox.apply(OF_RISK, OF_PAYMENTS)
    company.configure((EACH_TEAM, EACH_TEAM + 'covers = ["delivery/PAY"]\n')).run(apply=True)
    assert ref(sandbox, OF_PAYMENTS) in bodies(sandbox)["Payments"]
    assert ref(sandbox, OF_RISK) not in bodies(sandbox)["Risk"]


def test_a_renamed_team_keeps_its_report_whose_title_follows_unless_a_person_changed_it(company: Company) -> None:
    sandbox = company.sandbox
    sandbox.apply(OF_RISK, OF_PAYMENTS)
    company.run(apply=True)
    before = {issue.id for issue in written(sandbox).values()}
    written(sandbox)["Risk"].summary = PERSON
    team(sandbox, "Payments").name = "Checkout"
    team(sandbox, "Risk").name = "Trust & Safety"
    touch(sandbox, "Tell the merchant before the retry", "Tune the rules by country")
    company.later(hours=1).run(apply=True)
    assert written(sandbox).keys() == {"Checkout"}
    everywhere = sandbox.world.jira.issues
    assert {everywhere[one].summary for one in before} == {"Alignment report: Checkout", PERSON}
    sandbox.clear()
    company.later(hours=1).run(apply=True)
    assert sandbox.writes() == []


def test_a_renamed_team_is_found_again_without_the_store(company: Company, tmp_path: Path) -> None:
    sandbox = company.sandbox
    sandbox.apply(OF_PAYMENTS)
    company.run(apply=True)
    before = {issue.id for issue in written(sandbox).values()}
    team(sandbox, "Payments").name = "Checkout"
    (tmp_path / "new").mkdir()
    url = f"sqlite:///{tmp_path / 'new.db'}"
    run = Company(sandbox, url, tmp_path / "new", text=company.text).later(hours=1).run(apply=True)
    assert {one.result for one in run.outcomes} <= {"updated", "unchanged"}
    assert {issue.id for issue in written(sandbox).values()} == before


def test_the_config_may_begin_to_say_something_of_a_team_that_has_a_report(company: Company) -> None:
    sandbox = company.sandbox
    company.run(apply=True)
    before = {name: issue.id for name, issue in written(sandbox).items()}
    said = f'{EACH_TEAM}\n[teams.PAYMENTS]\nmembers = ["bo"]\nlead = "bo"\n'
    company.later(hours=1).configure((EACH_TEAM, said)).run(apply=True)
    assert {name: issue.id for name, issue in written(sandbox).items()} == before


def test_the_report_of_a_team_that_is_gone_is_left_as_it_is(company: Company) -> None:
    sandbox = company.sandbox
    sandbox.apply(OF_RISK)
    company.run(apply=True)
    before = written(sandbox)["Risk"]
    body, payments = before.description, team(sandbox, "Payments").id
    for issue in sandbox.world.jira.issues.values():
        if issue.fields.get(TEAM) == team(sandbox, "Risk").id:
            issue.fields[TEAM], issue.updated = payments, sandbox.world.stamp()
    run = company.later(hours=1).run(apply=True)
    assert "Alignment report: Risk" not in {one.planned.draft.target.title for one in run.outcomes}
    assert written(sandbox)["Risk"].description == body
    assert ref(sandbox, OF_RISK) in bodies(sandbox)["Payments"]


def test_teams_of_the_config_get_reports_too_and_a_report_on_all_may_stand_beside_them(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    sandbox.apply(OF_RISK, OF_PAYMENTS)
    company = Company(sandbox, store_url, tmp_path, text=config_text(sandbox) + EACH_TEAM)
    planned = company.run().planned
    assert "delivery, Payments: create “Alignment report: risk”" in [str(one).partition(";")[0] for one in planned]
    company.run(apply=True)
    assert ref(sandbox, OF_RISK) in bodies(sandbox)["risk"]
    assert ref(sandbox, OF_PAYMENTS) in bodies(sandbox)["payments"]
    assert [one.summary for one in sandbox.world.jira.issues.values()].count("Alignment report") == 1


def test_a_field_that_is_not_there_is_a_mistake_of_the_config(company: Company) -> None:
    company.configure(('field = "Team"', 'field = "Tribe"'))
    run = company.run(apply=None, expect_mistakes=True)
    assert run.found == set()
