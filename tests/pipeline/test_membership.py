"""Work that people move between sprints without a new date of its own is where they moved it, within a day."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from syncbot.sandbox.cruelty.bending import hollow
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import JiraIssue, JiraSprint
from tests.company import Company
from tests.connectors.acceptance.sites import SITES, text_of

MEMBERSHIPS = """
    select i.ref, s.name, x.is_current from item_sprints x
    join sprints s on s.id = x.sprint_id join items i on i.id = x.item_id"""
SPRINTS = r"sprint\+%3D\+"
"""The searches for what a sprint holds."""


def _company(sandbox: Sandbox, store_url: str, folder: Path, site: str = "jira") -> Company:
    company = Company(sandbox, store_url, folder, text=text_of(sandbox, site))
    company.run(apply=None)
    return company


def _sprint(sandbox: Sandbox, state: str, board: int | None = None) -> JiraSprint:
    sprints = sandbox.world.jira.sprints.values()
    return next(one for one in sprints if one.state == state and board in {None, one.board})


def _held(sandbox: Sandbox, sprint: JiraSprint) -> list[JiraIssue]:
    return [issue for issue in sandbox.world.jira.issues.values() if sprint.id in issue.sprints]


def _asked(sandbox: Sandbox) -> int:
    return sum(re.search(SPRINTS, one.url) is not None for one in sandbox.requests)


def _afresh(company: Company, folder: Path, site: str) -> set[tuple[object, ...]]:
    """What a store without a past says of the same world."""
    other = Company(company.sandbox, f"sqlite:///{folder}/fresh.db", folder, text=text_of(company.sandbox, site))
    other.now = company.now
    other.run(apply=None)
    return other.ask(MEMBERSHIPS)


@pytest.mark.parametrize("site", [name for name, (_, connection) in SITES.items() if connection == "delivery"])
def test_work_that_changes_its_sprint_without_a_new_date_is_read(
    sandbox: Sandbox, store_url: str, tmp_path: Path, site: str
) -> None:
    company = _company(sandbox, store_url, tmp_path, site)
    now = _sprint(sandbox, "active")
    moved, left, *_ = _held(sandbox, now)
    new = next(one for one in sandbox.world.jira.issues.values() if not one.sprints and one.project == moved.project)
    moved.sprints, left.sprints, new.sprints = [_sprint(sandbox, "future", now.board).id], [], [now.id]
    run = company.later(days=1, minutes=1).run(apply=None)
    assert [one.changed for one in run.pulled if one.connection == "delivery"] == [3]
    assert company.ask(MEMBERSHIPS) == _afresh(company, tmp_path, site)


def test_a_sprint_that_ends_leaves_its_work_in_none(sandbox: Sandbox, store_url: str, tmp_path: Path) -> None:
    company = _company(sandbox, store_url, tmp_path)
    ended = _sprint(sandbox, "active")
    assert _held(sandbox, ended)
    ended.state, ended.completed = "closed", sandbox.now
    company.later(minutes=16).run(apply=None)
    assert company.ask(MEMBERSHIPS) == _afresh(company, tmp_path, "jira")


def test_an_overfull_sprint_that_was_relieved_is_told_no_longer(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    sandbox.apply("sprint-overfull")
    company = _company(sandbox, store_url, tmp_path)
    sprint = next(name for (name,) in company.ask("select name from sprints where state = 'active'") if "PAY" in name)
    assert ("sprint-over-capacity", sprint) in company.run(apply=None).found
    full = next(one for one in sandbox.world.jira.sprints.values() if one.name == sprint)
    for issue in _held(sandbox, full)[1:]:
        issue.sprints = []
    assert ("sprint-over-capacity", sprint) in company.later(days=1, minutes=1).run(apply=None).resolved


def test_sprints_are_asked_once_a_day(sandbox: Sandbox, store_url: str, tmp_path: Path) -> None:
    company = _company(sandbox, store_url, tmp_path)
    assert not _asked(sandbox)
    known = len([one for one in sandbox.world.jira.sprints.values() if one.state != "closed"])
    for hours, expected in ((23, 0), (2, known), (2, 0), (24, known)):
        sandbox.clear()
        company.later(hours=hours).run(apply=None)
        assert _asked(sandbox) == expected


def test_a_sprint_that_answers_with_nothing_is_not_believed(sandbox: Sandbox, store_url: str, tmp_path: Path) -> None:
    company = _company(sandbox, store_url, tmp_path)
    now = _sprint(sandbox, "active")
    new = next(one for one in sandbox.world.jira.issues.values() if not one.sprints)
    new.sprints = [now.id]
    sandbox.fault("jira", rf"{SPRINTS}{now.id}\b", "bent").after = hollow
    run = company.later(days=1, minutes=1).run(apply=None)
    assert [one.failed for one in run.pulled if one.failed]
    assert not run.resolved
    run = company.later(minutes=16).run(apply=None)
    assert not [one.failed for one in run.pulled if one.failed]
    assert (new.key, now.name, True) in company.ask(MEMBERSHIPS)


def test_a_sprint_that_cannot_be_searched_costs_the_others_nothing_and_fails_until_it_can(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    company = _company(sandbox, store_url, tmp_path)
    known = len([one for one in sandbox.world.jira.sprints.values() if one.state != "closed"])
    poisoned = rf"{SPRINTS}{_sprint(sandbox, 'active').id}\b"
    told = []
    company.now += timedelta(days=1)
    for times in (None, None, None, None, None, 0, 0):
        sandbox.clear()
        if times is None:
            sandbox.fault("jira", poisoned, status=400, times=None)
        run = company.later(minutes=10).run(apply=None)
        told.append((_asked(sandbox), any(one.failed for one in run.pulled)))
    assert told == [(known, True), (0, True), (1, True), (0, True), (0, True), (1, False), (0, False)]
