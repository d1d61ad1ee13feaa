"""No change, no write; one changed finding, one write a report; and exactly one report, whatever happens.

Writes are counted by the sandbox: what the tools were asked, not what we believe to have done.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from syncbot.sandbox.server import Sandbox
from tests.company import Company

BEFORE = ("owner-leaves", "epic-closed-early")


@pytest.fixture
def company(sandbox: Sandbox, store_url: str, tmp_path: Path) -> Company:
    """A company whose reports have been written once, an hour ago."""
    sandbox.apply(*BEFORE)
    published = Company(sandbox, store_url, tmp_path)
    assert {one.result for one in published.run(apply=True).outcomes} == {"created"}
    sandbox.clear()
    return published.later(hours=1)


def _reports(sandbox: Sandbox) -> tuple[int, int, int]:
    """How many reports of ours Jira, Trello and Asana hold."""
    issues = [one for one in sandbox.world.jira.issues.values() if "syncbot-report" in one.labels]
    cards = [one for one in sandbox.world.trello.cards.values() if one.name == "Alignment report"]
    tasks = [one for one in sandbox.world.asana.tasks.values() if one.name == "Alignment report"]
    return len(issues), len(cards), len(tasks)


def test_a_second_run_on_the_same_day_writes_nothing(company: Company) -> None:
    company.run(apply=True)
    assert company.sandbox.writes() == []


def test_a_run_on_the_next_day_writes_nothing(company: Company) -> None:
    company.later(days=1).run(apply=True)
    assert company.sandbox.writes() == []


def test_an_edit_that_changes_no_finding_writes_nothing(company: Company) -> None:
    company.sandbox.apply("trap-other-word")
    run = company.run(apply=True)
    assert sum(one.changed for one in run.pulled) > 0
    assert company.sandbox.writes() == []


def test_one_changed_finding_is_exactly_one_write_for_each_report_that_covers_it(company: Company) -> None:
    company.sandbox.apply("sprint-overfull")  # a matter of the project side: the report in Jira
    company.run(apply=True)
    assert [(one.tool, one.method) for one in company.sandbox.writes()] == [("jira", "PUT")]
    company.sandbox.clear()
    company.sandbox.apply("idea-without-owner")  # a matter of the product side: the report in Trello
    company.later(hours=1).run(apply=True)
    assert [one.tool for one in company.sandbox.writes()] == ["trello"]
    company.sandbox.clear()
    company.sandbox.apply("card-done-early")  # a matter of both
    company.later(hours=1).run(apply=True)
    assert sorted(one.tool for one in company.sandbox.writes()) == ["jira", "trello"]


def test_after_the_store_is_lost_the_old_reports_are_adopted_and_none_is_created(
    company: Company, tmp_path: Path
) -> None:
    assert _reports(company.sandbox) == (1, 1, 1)
    company.store_url = f"sqlite:///{tmp_path / 'another.db'}"
    company.run(apply=True)
    assert _reports(company.sandbox) == (1, 1, 1)
    assert company.sandbox.writes() == []


def test_our_own_reports_are_never_read_as_work(company: Company) -> None:
    found = company.later(hours=1).run(apply=True).found
    assert {rule for rule, _ in found} == {"feature-without-owner", "status-drift", "done-with-open-children"}


def test_a_report_is_written_no_more_often_than_the_config_lets_it(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    slow = Company(sandbox, store_url, tmp_path, edit=("[syncbot]\n", '[syncbot]\nsettle = "2h"\n'))
    slow.run(apply=True)
    sandbox.clear()
    sandbox.apply("sprint-overfull")
    slow.later(hours=1).run(apply=True)
    assert sandbox.writes() == []
    slow.later(hours=1).run(apply=True)
    assert [one.tool for one in sandbox.writes()] == ["jira"]


def test_a_report_is_written_as_often_as_the_config_lets_it_and_only_its_tool_is_asked(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    quick = Company(sandbox, store_url, tmp_path, edit=("[syncbot]\n", '[syncbot]\nsettle = "2m"\n'))
    quick.run(apply=True)
    sandbox.apply("sprint-overfull")
    quick.later(minutes=3).run(apply=True, meanwhile=sandbox.clear)
    assert [one.tool for one in sandbox.writes()] == ["jira"]
    assert {one.tool for one in sandbox.requests} == {"jira"}
