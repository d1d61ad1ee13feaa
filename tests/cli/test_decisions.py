"""What the admin decided holds to the end: waivers, and where nothing may be written."""

from __future__ import annotations

import datetime as dt
import sqlite3

import pytest

from tests.cli.conftest import Desk

TODAY = dt.datetime.now(dt.UTC).date()


def waive(desk: Desk, until: dt.date, subject: str) -> None:
    desk.add(
        f'[[waivers]]\nrule = "feature-without-owner"\nsubject = "{subject}"\n'
        f'until = {until.isoformat()}\nreason = "The owner joins soon"'
    )


@pytest.fixture
def card(desk: Desk) -> str:
    """The address of a card without an owner, which a rule finds."""
    desk.sandbox.apply("owner-leaves")
    said = desk.run("sync")
    assert "1 finding" in said.out
    return next(word for word in said.out.split() if "/trello/c/" in word)


def test_a_waiver_takes_a_finding_out_of_every_report_and_counts_it(desk: Desk, card: str) -> None:
    waive(desk, TODAY + dt.timedelta(days=2), card)
    said = desk.run("sync", "--apply", "--fail-on", "info")
    assert said.code == 0
    assert "1 accepted until a date" in said.out
    assert card not in said.out
    items = [item.name for sheet in desk.sandbox.world.trello.checklists.values() for item in sheet.items]
    assert not [name for name in items if "owner" in name]


def test_a_waiver_that_is_over_lets_the_finding_come_back(desk: Desk, card: str) -> None:
    waive(desk, TODAY - dt.timedelta(days=2), card)
    said = desk.run("sync", "--fail-on", "info")
    assert said.code == 1
    assert card in said.out
    assert f"the waiver of feature-without-owner for {card} is over" in desk.run("doctor").out


def test_a_waiver_takes_a_short_link_too_and_names_a_rule_that_exists(desk: Desk, card: str) -> None:
    waive(desk, TODAY + dt.timedelta(days=2), card.rpartition("/")[2])
    assert "1 accepted until a date" in desk.run("check").out
    desk.edit('rule = "feature-without-owner"', 'rule = "feature-without-ownr"')
    said = desk.run("check")
    assert said.code == 2
    assert 'no rule is called "feature-without-ownr". Did you mean "feature-without-owner"?' in said.err


def test_never_means_never_whatever_is_asked(desk: Desk) -> None:
    desk.edit('timezone = "Europe/London"', 'timezone = "Europe/London"\nwrites = "never"')
    for command in (("sync",), ("sync", "--apply"), ("publish", "--apply")):
        said = desk.run(*command)
        assert said.code == 0
        assert "never written to" in said.out
    assert desk.sandbox.writes() == []


def test_never_on_one_connection_leaves_the_other_its_report(desk: Desk) -> None:
    desk.edit("[connections.delivery]\n", '[connections.delivery]\nwrites = "never"\n')
    said = desk.run("sync", "--apply")
    assert said.code == 0
    assert "delivery is never written to" in said.out
    assert {one.tool for one in desk.sandbox.writes()} == {"asana", "trello"}


def test_writes_apply_needs_no_option_and_plan_still_only_plans(desk: Desk) -> None:
    desk.edit('timezone = "Europe/London"', 'timezone = "Europe/London"\nwrites = "apply"')
    assert "Plan:" in desk.run("sync", "--plan").out
    assert desk.sandbox.writes() == []
    assert desk.run("sync").out.count(" created: ") == 3


def test_a_public_board_is_written_to_only_if_the_report_is_public(desk: Desk) -> None:
    next(iter(desk.sandbox.world.trello.boards.values())).permission = "public"
    said = desk.run("sync", "--apply")
    assert "Product roadmap can be read by outsiders" in said.out
    assert {one.tool for one in desk.sandbox.writes()} == {"asana", "jira"}
    desk.edit('list       = "Reports"', 'list       = "Reports"\npublic     = true')
    desk.sandbox.clear()
    desk.run("sync", "--apply")
    assert {one.tool for one in desk.sandbox.writes()} == {"trello"}


def test_a_report_that_a_person_closed_is_left_alone_and_told(desk: Desk) -> None:
    desk.run("sync", "--apply")
    card = next(one for one in desk.sandbox.world.trello.cards.values() if one.name == "Alignment report")
    card.closed = True
    with sqlite3.connect(desk.folder / "syncbot.db") as db:  # else it was written too lately to be written again
        db.execute("update target set written_at = '2026-01-01T00:00:00.000Z'")
    desk.sandbox.clear()
    desk.sandbox.apply("owner-leaves")
    said = desk.run("sync", "--apply")
    assert said.code == 0
    assert "was closed or moved away by a person and is left alone" in said.out
    assert "trello" not in {one.tool for one in desk.sandbox.writes()}
    assert "a person closed or moved it, so it is left alone" in desk.run("doctor").out


def test_only_the_chosen_connections_reports_are_written(desk: Desk) -> None:
    desk.run("pull")
    said = desk.run("publish", "--apply", "--connection", "roadmap")
    assert said.code == 0
    assert {one.tool for one in desk.sandbox.writes()} == {"trello"}


def test_every_run_of_the_pipeline_is_recorded_with_its_end(desk: Desk) -> None:
    assert desk.run("sync").code == 0
    assert desk.run("check").code == 0
    said = desk.run("db", "sql", "select command, outcome, error from run order by id", "--format", "csv")
    assert said.out.splitlines()[1:] == ["sync,done,", "check,done,"]
    assert "last run: check" in desk.run("doctor").out
