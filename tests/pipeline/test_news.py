"""The news of an edition as a project status update: once an edition, only if there are any, whatever goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import AsanaStatus
from tests.company import Company

ABANDONED, TITLE = "launch-work-abandoned", "Page for Zürich, Øresund &amp; Łódź"
REPORT = 'section    = "Reports"\n'


@pytest.fixture
def company(sandbox: Sandbox, tmp_path: Path) -> Company:
    sandbox.apply(ABANDONED)
    return Company(sandbox, f"sqlite:///{tmp_path / 'syncbot.db'}", tmp_path)


def posted(company: Company) -> list[AsanaStatus]:
    return [one for one in company.sandbox.world.asana.statuses.values() if "syncbot:v1:" in one.html_text]


def posts(company: Company) -> Iterator[str]:
    """What was written to Asana since the last time."""
    yield from (f"{one.method} {one.path}" for one in company.sandbox.writes() if one.tool == "asana")
    company.sandbox.clear()


def test_news_are_posted_once_an_edition_and_only_if_there_are_any(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    sandbox.apply(ABANDONED)
    company = Company(sandbox, store_url, tmp_path)  # on a Monday
    company.run(apply=True)
    assert list(posts(company)) == ["POST /api/1.0/tasks", "POST /api/1.0/status_updates"]
    (first,) = posted(company)
    assert (first.title, TITLE in first.html_text) == ("Alignment report: 1 new", True)
    for later in (1, 24):
        company.later(hours=later).run(apply=True)
        assert list(posts(company)) == [], "nothing is new"
    sandbox.apply("launch-work-started-by-nobody")
    sandbox.undo(ABANDONED)
    company.later(hours=1).run(apply=True)
    assert list(posts(company)) == ["PUT /api/1.0/tasks/{gid}", "POST /api/1.0/status_updates"]
    assert posted(company)[1].title == "Alignment report: 1 new, 1 resolved"
    sandbox.undo()
    company.later(hours=1).run(apply=True)
    assert list(posts(company)) == ["PUT /api/1.0/tasks/{gid}"], "this edition's news are told"
    company.later(hours=24).run(apply=True)
    assert list(posts(company)) == ["POST /api/1.0/status_updates"]
    assert posted(company)[2].title == "Alignment report: 1 resolved"
    company.later(hours=24).run(apply=True)
    assert list(posts(company)) == []


def test_a_clean_company_has_no_news(company: Company) -> None:
    company.sandbox.undo()
    company.run(apply=True)
    assert list(posts(company)) == ["POST /api/1.0/tasks"]


def test_a_plan_names_the_news_and_posts_nothing(company: Company) -> None:
    company.run(apply=False)
    assert list(posts(company)) == []
    company.configure(('token  = "env:ASANA_TOKEN"', 'token = "env:ASANA_TOKEN"\nwrites = "never"'))
    company.run(apply=True)
    assert list(posts(company)) == []


@pytest.mark.parametrize("kind", ["lost", "dropped", "cut"])
def test_no_lost_answer_posts_them_twice(company: Company, kind: str) -> None:
    company.sandbox.fault("asana", "POST .*/status_updates", kind)
    assert [one.result for one in company.run(apply=True).outcomes].count("failed") == 1
    for minutes in (1, 30):
        company.later(minutes=minutes).run(apply=True)
        assert len(posted(company)) == (0 if kind == "dropped" and minutes == 1 else 1)
    company.sandbox.clear()
    company.later(minutes=30).run(apply=True)
    assert list(posts(company)) == []


def test_where_the_store_is_lost_they_are_found_by_looking(company: Company, tmp_path: Path) -> None:
    company.run(apply=True)
    company.sandbox.clear()
    company.store_url = f"sqlite:///{tmp_path / 'another.db'}"
    company.later(hours=1).run(apply=True)
    assert list(posts(company)) == []
    company.later(hours=24).run(apply=True)
    assert len(posted(company)) == 1


def test_they_are_muted_with_their_report(company: Company) -> None:
    company.run(apply=True)
    report = next(one for one in company.sandbox.world.asana.tasks.values() if one.name == "Alignment report")
    report.completed = company.now
    company.sandbox.apply("launch-work-started-by-nobody")
    company.later(hours=24).run(apply=True)
    assert len(posted(company)) == 1
    report.completed = None
    company.later(hours=24).run(apply=True)
    assert posted(company)[1].title == "Alignment report: 1 new", "nothing was told meanwhile"


def test_what_was_not_said_for_a_while_is_no_news_when_it_is_said_again(company: Company) -> None:
    company.run(apply=True)
    company.configure(("[people.hal]", "[rules.work-without-assignee]\nenabled = false\n\n[people.hal]"))
    company.sandbox.apply("launch-work-started-by-nobody")
    assert not company.later(hours=24).run(apply=True).resolved
    company.configure().later(hours=24).run(apply=True)
    assert [one.title for one in posted(company)] == ["Alignment report: 1 new"] * 2
    company.sandbox.undo()
    company.later(hours=24).run(apply=True)
    assert posted(company)[2].title == "Alignment report: 2 resolved"


def test_how_the_project_goes_stays_as_people_said_last(company: Company) -> None:
    before = next(iter(company.sandbox.world.asana.statuses.values()))
    before.kind = "on_hold"
    company.run(apply=True)
    assert [one.kind for one in posted(company)] == ["on_hold"]


def test_without_a_word_of_people_the_findings_decide(company: Company) -> None:
    company.sandbox.world.asana.statuses.clear()
    company.run(apply=True)
    assert [one.kind for one in posted(company)] == ["at_risk"]
    company.sandbox.undo()
    company.later(hours=24).run(apply=True)
    assert [one.kind for one in posted(company)] == ["at_risk", "on_track"]


def test_a_project_that_guests_see_needs_a_public_report(company: Company) -> None:
    state = company.sandbox.world.asana
    guest = next(iter(state.users.values()))
    guest.guest = True
    assert guest.gid in next(iter(state.projects.values())).members
    company.run(apply=True)
    assert list(posts(company)) == []
    company.configure((REPORT, f"{REPORT}public = true\n")).run(apply=True)
    assert len(posted(company)) == 1


def test_a_report_can_do_without_news(company: Company) -> None:
    company.configure((REPORT, f"{REPORT}news = false\n")).run(apply=True)
    assert list(posts(company)) == ["POST /api/1.0/tasks"]
