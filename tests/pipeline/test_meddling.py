"""What people do to a report in its tool: noticed with the next read, though no finding changes, and never undone.

Each is done to the reports in all three tools at once.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from syncbot.daemon.watch import look
from syncbot.sandbox.server import Sandbox
from syncbot.store import Store
from tests.company import Company, Run
from tests.people_who_meddle import REPORTS, Report

TOOLS = {"delivery": "jira", "roadmap": "trello", "marketing": "asana"}
EVERYWHERE = set(REPORTS)


@pytest.fixture
def company(sandbox: Sandbox, store_url: str, tmp_path: Path) -> Company:
    """Whose reports are written, and were read back."""
    published = Company(sandbox, store_url, tmp_path)
    sandbox.apply("owner-leaves")
    assert {one.result for one in published.run(apply=True).outcomes} == {"created"}
    published.later(minutes=15).run(apply=True)
    return published


@pytest.fixture
def reports(company: Company) -> dict[str, Report]:
    return {tool: report(company.sandbox) for tool, report in REPORTS.items()}


def later(company: Company, **time: float) -> dict[str, set[str]]:
    """What became of the reports in the next run: the tools, by outcome."""
    company.sandbox.clear()
    return told(company.later(**(time or {"minutes": 15})).run(apply=True))


def told(run: Run) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in run.outcomes:
        found.setdefault(one.result, set()).add(TOOLS[one.planned.draft.connection])
    return found


def muted(company: Company) -> set[str]:
    """The tools whose reports ``status`` tells to be muted; no other alarm may be there."""
    with Store.open(company.store_url) as store:
        alarms = look(store, now=company.now).alarms
    assert {alarm.id for alarm in alarms} <= {"report-muted"}
    return {TOOLS[alarm.about.partition("/")[0]] for alarm in alarms}


def each(reports: dict[str, Report], deed: Callable[[Report], None]) -> None:
    for report in reports.values():
        deed(report)


def test_a_report_that_was_closed_is_told_to_be_muted_at_once_and_one_that_was_opened_no_more(
    company: Company, reports: dict[str, Report]
) -> None:
    each(reports, lambda one: one.close())
    assert later(company) == {"muted": EVERYWHERE}
    assert muted(company) == EVERYWHERE
    assert later(company) in ({}, {"unchanged": EVERYWHERE}), "it is not asked again and again"
    each(reports, lambda one: one.open())
    assert later(company) == {"unchanged": EVERYWHERE}
    assert muted(company) == set()
    assert company.sandbox.writes() == []


def test_a_report_that_was_moved_to_other_readers_is_left_alone_until_it_is_put_back(
    company: Company, reports: dict[str, Report]
) -> None:
    each(reports, lambda one: one.move())
    before = {tool: one.text() for tool, one in reports.items()}
    company.sandbox.apply("work-abandoned", "idea-without-owner", "card-done-early")
    for hours in (1, 25):
        later(company, hours=hours)
    assert muted(company) == EVERYWHERE
    assert {tool: one.text() for tool, one in reports.items()} == before
    each(reports, lambda one: one.put_back())
    for hours in (1, 25):
        later(company, hours=hours)
    assert muted(company) == set()
    assert "status-drift" in reports["trello"].text()


def test_a_report_that_was_deleted_is_made_once_more_as_soon_as_that_is_counted(
    company: Company, reports: dict[str, Report]
) -> None:
    each(reports, lambda one: one.delete())
    outcomes = [later(company), later(company, hours=25), later(company, hours=25)]
    assert [tool for one in outcomes for tool in sorted(one.get("created", ()))] == sorted(EVERYWHERE)
    assert all(one.text().startswith("Alignment report") for one in reports.values())
    assert muted(company) == set()


def test_a_report_that_was_made_a_part_of_something_is_no_work_and_is_not_doubled(
    company: Company, reports: dict[str, Report]
) -> None:
    each(reports, lambda one: one.nest())
    outcomes = [later(company), later(company, hours=25), later(company, hours=25)]
    assert not any("created" in one for one in outcomes)
    assert company.ask("select count(*) from items where title = 'Alignment report'") == {(0,)}
    assert muted(company) == {"asana"}, "there it leaves its project with that, and so its readers"


def test_a_title_that_people_gave_stays(company: Company, reports: dict[str, Report]) -> None:
    each(reports, lambda one: one.rename("Monday list"))
    company.sandbox.apply("work-abandoned", "idea-without-owner", "card-done-early")
    assert later(company)["updated"] >= {"jira", "trello"}
    assert all("Monday list" in one.text() for one in reports.values())


def test_somebody_who_only_plans_is_told_what_will_be_looked_at(company: Company, reports: dict[str, Report]) -> None:
    reports["asana"].close()
    planned = company.later(minutes=15).run(apply=False).planned
    assert [one.draft.connection for one in planned if one.is_touched] == ["marketing"]
    (said,) = [str(one) for one in planned if one.is_touched]
    assert "look at “Alignment report”, which somebody closed, opened, moved or deleted (http" in said


def test_what_we_write_ourselves_is_no_reason_to_look(company: Company) -> None:
    company.sandbox.apply("work-abandoned", "idea-without-owner")
    assert "updated" in later(company)
    assert not any(one.is_touched for one in company.later(minutes=15).run(apply=False).planned)
