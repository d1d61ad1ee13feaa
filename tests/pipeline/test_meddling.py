"""What people do to a report in its tool: noticed with the next read, though no finding changes, and never undone.

Each is done to the reports in all three tools at once.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from syncbot.daemon.alarms import Alarm
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
    found = alarms(company)
    assert {alarm.id for alarm in found.values()} <= {"report-muted"}
    return set(found)


def alarms(company: Company) -> dict[str, Alarm]:
    """What there is to know, by tool."""
    with Store.open(company.store_url) as store:
        return {TOOLS[alarm.about.partition("/")[0]]: alarm for alarm in look(store, now=company.now).alarms}


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


def test_a_report_that_may_no_longer_be_edited_is_told_and_written_once_it_may_be(
    company: Company, reports: dict[str, Report]
) -> None:
    company.configure(('covers     = ["marketing"]', 'covers     = ["marketing", "roadmap"]'))
    each(reports, lambda one: one.lock())
    before = {tool: one.text() for tool, one in reports.items()}
    company.sandbox.apply("work-abandoned", "idea-without-owner", "card-done-early")
    assert later(company) == {"failed": EVERYWHERE}
    found = alarms(company)
    assert {alarm.id for alarm in found.values()} == {"write-failed"}
    assert "You do not have permission to edit issues" in found["jira"].said
    assert "with a role that can edit" in found["trello"].said
    assert "This account lacks the permission" in found["asana"].said
    assert {tool: one.text() for tool, one in reports.items()} == before
    tried = [one.path for one in company.sandbox.writes()]
    assert len(tried) == len(set(tried)), "each is tried once a run"
    assert later(company) == {"failed": EVERYWHERE}
    each(reports, lambda one: one.unlock())
    assert later(company)["updated"] == EVERYWHERE
    assert alarms(company) == {}


def test_a_token_that_is_revoked_between_reading_and_writing_loses_and_doubles_nothing(
    company: Company, reports: dict[str, Report]
) -> None:
    world = company.sandbox.world
    kept = [(tokens, dict(tokens)) for tokens in (world.jira.tokens, world.trello.tokens, world.asana.tokens)]

    def revoke() -> None:
        for tokens, _ in kept:
            tokens.clear()

    before = {tool: one.text() for tool, one in reports.items()}
    company.sandbox.apply("work-abandoned", "idea-without-owner", "card-done-early")
    run = company.later(minutes=15).run(apply=True, meanwhile=revoke)
    assert told(run).get("updated") is None
    assert {*run.unsure.values(), *(one.error for one in run.outcomes if one.error)}
    assert {tool: one.text() for tool, one in reports.items()} == before
    items = company.ask("select count(*) from items")
    run = company.later(minutes=15).run(apply=True)
    assert {one.connection for one in run.pulled if one.failed} == set(TOOLS)
    assert company.ask("select count(*) from items") == items
    assert set(alarms(company)) >= EVERYWHERE
    for tokens, before_ in kept:
        tokens.update(before_)
    assert later(company)["updated"] >= {"jira", "trello"}
    assert alarms(company) == {}


def test_in_a_place_that_was_closed_or_archived_nothing_is_written(
    company: Company, reports: dict[str, Report]
) -> None:
    each(reports, lambda one: one.close_place(is_closed=True))
    before = {tool: one.text() for tool, one in reports.items()}
    company.sandbox.apply("work-abandoned", "idea-without-owner", "card-done-early")
    later(company)
    assert company.sandbox.writes() == []
    assert {tool: one.text() for tool, one in reports.items()} == before
    planned = company.run(apply=True, expect_mistakes=None).planned
    assert {TOOLS[one.draft.connection] for one in planned if one.is_stuck} == {"jira", "trello"}, (
        "where a write is due"
    )
    planned = company.later(hours=25).run(apply=True, expect_mistakes=None).planned
    assert {TOOLS[one.draft.connection] for one in planned if one.is_stuck} == EVERYWHERE, "as the scopes say each day"
    assert "is closed or archived: open it again, or name another place" in planned[0].held
    each(reports, lambda one: one.close_place(is_closed=False))
    assert later(company, hours=25)["updated"] >= {"jira", "trello"}


def test_an_issue_whose_status_lets_nobody_edit_is_told_in_jiras_words(
    company: Company,
) -> None:
    statuses = company.sandbox.world.jira.statuses.values()
    for status in statuses:
        status.editable = False
    company.sandbox.apply("work-abandoned", "card-done-early")
    assert later(company)["failed"] == {"jira"}
    assert "not on the appropriate screen" in alarms(company)["jira"].said
    for status in statuses:
        status.editable = True
    assert later(company)["updated"] == {"jira"}


def test_a_title_that_people_gave_stays(company: Company, reports: dict[str, Report]) -> None:
    each(reports, lambda one: one.rename("Monday list"))
    company.sandbox.apply("work-abandoned", "idea-without-owner", "card-done-early")
    assert later(company)["updated"] >= {"jira", "trello"}
    assert all("Monday list" in one.text() for one in reports.values())


def test_what_people_write_above_and_below_stays_and_what_is_between_is_written_anew(
    company: Company, reports: dict[str, Report]
) -> None:
    each(reports, lambda one: one.write_around("Read this first", "Agreed on Monday"))
    company.sandbox.apply("work-abandoned", "idea-without-owner", "card-done-early")
    assert later(company)["updated"] >= {"jira", "trello"}
    for report in reports.values():
        said = report.text()
        assert [said.count(part) for part in ("Read this first", "Agreed on Monday", "syncbot keeps this")] == [1, 1, 1]
        assert said.index("Read this first") < said.index("syncbot keeps this") < said.index("Agreed on Monday")
    assert later(company) in ({}, {"unchanged": EVERYWHERE})
    company.sandbox.undo("work-abandoned", "idea-without-owner")
    assert later(company)["updated"] >= {"jira", "trello"}
    for tool in ("jira", "trello"):
        assert reports[tool].text().count("Read this first") == 1


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
