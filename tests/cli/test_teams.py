"""What a person reads of teams' reports: the plan, and what the doctor says of those that are, and that are no more."""

from __future__ import annotations

import sqlite3

import pytest

from syncbot.sandbox.company.delivery import TEAM
from syncbot.sandbox.world import JiraTeam
from tests.cli.conftest import Desk

EACH_TEAM = '[[reports]]\nconnection = "delivery"\nscope      = "PAY"\neach       = "team"\n'
FIELD = '[directory]\nteams = { connection = "delivery", field = "Team" }\n\n'


@pytest.fixture
def teams(desk: Desk) -> Desk:
    """The company with its own teams and a third one, which only the field knows, and a report for each of them."""
    desk.config.write_text(f"{desk.config.read_text(encoding='utf-8')}\n{FIELD}{EACH_TEAM}", encoding="utf-8")
    jira = desk.sandbox.world.jira
    jira.teams["x"] = JiraTeam("x", "10999", "Hélp \u202e<desk>")
    theirs = next(one for one in jira.issues.values() if one.summary == "Tell the merchant before the retry")
    theirs.fields[TEAM] = "x"
    return desk


def test_the_plan_names_a_report_for_each_team_and_the_doctor_sums_them_up(teams: Desk) -> None:
    assert "no team is known yet" in teams.run("doctor").out
    plan = teams.run("sync").out
    for name in ("Payments", "Risk", "Hélp <desk>"):
        assert f"delivery, Payments: create “Alignment report: {name}”" in plan
    assert "3 reports of teams can be written" in teams.run("doctor").out


def test_the_doctor_names_the_report_of_a_team_that_is_gone_and_one_that_a_person_closed(teams: Desk) -> None:
    teams.run("sync", "--apply")
    jira = teams.sandbox.world.jira
    for issue in jira.issues.values():
        if issue.fields.get(TEAM) == "x":
            issue.fields[TEAM], issue.updated = None, teams.sandbox.world.stamp()
    closed = next(one for one in jira.issues.values() if one.summary == "Alignment report: Risk")
    closed.status, closed.updated = "10002", teams.sandbox.world.stamp()
    teams.sandbox.apply("work-abandoned")
    with sqlite3.connect(teams.folder / "syncbot.db") as db:  # else it was written too lately to be written again
        db.execute("update target set written_at = '2026-01-01T00:00:00.000Z'")
    teams.run("sync", "--apply")
    said = " ".join(teams.run("doctor").out.split())
    assert "“Alignment report: Hélp <desk>” in delivery is no longer written" in said
    assert "“Alignment report: Risk” in delivery, Payments: a person closed or moved it, so it is left alone" in said
    assert "1 report of teams can be written" in said


def test_the_doctor_asks_once_what_keeps_the_teams_reports_from_being_written(teams: Desk) -> None:
    teams.run("sync")
    teams.edit('each       = "team"', 'each       = "team"\nissue_type = "Memo"')
    teams.sandbox.clear()
    assert 'has no issue type "Memo"' in teams.run("doctor").out
    asked = [one.url for one in teams.sandbox.requests if "projectId" in one.url]
    assert len(asked) == 2, "for the report on all, and for those of teams"
