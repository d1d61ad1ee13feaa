"""The sandbox's sprint is closed as a team closes one, and the store tells what it held at either end."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from syncbot.sandbox.server import Sandbox
from tests.company import Company

HELD = """
    select s.event, p.name, count(*), sum(x.points) from snapshots s
    join snapshot_items x on x.snapshot_id = s.id join sprints p on p.id = s.of_id
    where s.of = 'sprint' group by s.event, p.name"""

PLANNED = """
    select l.planned from sprint_load l join sprints p on p.id = l.sprint_id
    where l.unit = 'points' and p.state = 'active'"""


def _close(company: Company) -> tuple[str, str]:
    """Close the running sprint, move what is left of it into the next one, and begin that."""
    state, now = company.sandbox.world.jira, company.sandbox.world.stamp()
    running = next(one for one in state.sprints.values() if one.state == "active")
    following = next(one for one in state.sprints.values() if one.state == "future")
    running.state, running.completed = "closed", now
    following.state, following.start, following.end = "active", now, now + dt.timedelta(days=14)
    for issue in state.issues.values():
        if running.id in issue.sprints and state.statuses[issue.status].category != "done":
            issue.sprints.append(following.id)
            issue.updated = company.sandbox.world.stamp()
    return running.name, following.name


def test_a_sprint_that_is_closed_and_the_one_that_begins(sandbox: Sandbox, store_url: str, tmp_path: Path) -> None:
    company = Company(sandbox, store_url, tmp_path)
    company.run(apply=None)
    ((points,),) = company.ask(PLANNED)
    closed, begun = _close(company.later(minutes=20))
    company.run(apply=None)
    held = {(event, name): (tasks, points) for event, name, tasks, points in company.ask(HELD)}
    assert held.keys() == {("close", closed), ("start", begun)}
    assert held["close", closed][1] == points
    company.later(days=1).run(apply=None)
    assert {(event, name): (tasks, points) for event, name, tasks, points in company.ask(HELD)} == held


def test_one_that_is_closed_while_its_work_cannot_be_read_is_kept_once_it_can(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    company = Company(sandbox, store_url, tmp_path)
    company.run(apply=None)
    ((points,),) = company.ask(PLANNED)
    closed, begun = _close(company.later(minutes=20))
    fault = sandbox.fault("jira", "search/jql", times=None, status=503)
    assert any(one.failed for one in company.run(apply=None).pulled)
    assert company.ask(HELD) == set()
    fault.times = 0
    company.later(minutes=20).run(apply=None)
    assert {(event, name) for event, name, *_ in company.ask(HELD)} == {("close", closed), ("start", begun)}
    assert {row[3] for row in company.ask(HELD) if row[0] == "close"} == {points}
