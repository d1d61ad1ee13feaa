"""Time zones, clocks, people and containers that are not as usual: still nothing is missed and nobody accused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from syncbot.sandbox.edits import Edits
from syncbot.sandbox.mutations import MUTATIONS
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import World
from tests.company import Company


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "UTC", "Pacific/Kiritimati"])
@pytest.mark.parametrize("skew", [-7200.0, 0.0, 7200.0])
def test_no_change_is_missed_in_any_time_zone_or_with_a_wrong_clock(
    sandbox: Sandbox, tmp_path: Path, zone: str, skew: float
) -> None:
    for user in sandbox.world.jira.users.values():
        user.timezone = zone
    sandbox.skew = skew
    company = Company(sandbox, f"sqlite:///{tmp_path / 'syncbot.db'}", tmp_path)
    assert company.run(apply=None).found == set()
    for name in ("work-abandoned", "owner-leaves", "sprint-work-unassigned", "epic-closed-early"):
        before = company.run(apply=None).found
        sandbox.apply(name)
        assert company.later(minutes=1).run(apply=None).found == before | MUTATIONS[name].refs(sandbox.world)


def _deactivate(world: World) -> None:
    for user in world.jira.users.values():
        user.active = user.name == "syncbot"
    for member in world.trello.members.values():
        member.deactivated = member.id not in world.trello.tokens.values()


def _undated_sprints(world: World) -> None:
    for sprint in world.jira.sprints.values():
        sprint.start = sprint.end = None


def _owners_are_split(world: World) -> None:
    """Everybody has a second account in Jira that nothing joins to the first."""
    for one in [*world.jira.issues.values()]:
        if one.assignee:
            other = f"{one.assignee}-old"
            first = world.jira.users[one.assignee]
            world.jira.users[other] = type(first)(other, first.name, first.email, shows_email=False)
            one.assignee = other


def _renamed_key(world: World) -> None:
    """A project's key changes; its issues keep their ids, and old addresses go on working."""
    project = next(one for one in world.jira.projects.values() if one.key == "RISK")
    project.key = "RSK"
    for one in world.jira.issues.values():
        if one.project == project.id:
            Edits(world).set(one, key=one.key.replace("RISK-", "RSK-"), old_keys=[one.key])


@pytest.mark.parametrize("oddity", [_deactivate, _undated_sprints, _owners_are_split, _renamed_key])
@pytest.mark.parametrize("when", ["before", "between"])
def test_nobody_is_accused(
    sandbox: Sandbox, store_url: str, tmp_path: Path, oddity: Callable[[World], None], when: str
) -> None:
    company = Company(sandbox, store_url, tmp_path)
    if oddity is _renamed_key:
        company.configure(('"PAY", "RISK"', '"PAY", "10001"'), ('scope."RISK"', 'scope."10001"'))
    if when == "between":
        company.run(apply=None)
    oddity(sandbox.world)
    sandbox.world.trello.boards[next(iter(sandbox.world.trello.boards))].active = sandbox.world.stamp()
    run = company.later(minutes=20).run(apply=None)
    # Whose owner left is named: that is what happened.
    assert {rule for rule, _ in run.found} <= ({"feature-owner-inactive"} if oddity is _deactivate else set())


def test_an_archived_board_loses_nothing(sandbox: Sandbox, store_url: str, tmp_path: Path) -> None:
    sandbox.apply("owner-leaves")
    company = Company(sandbox, store_url, tmp_path)
    before = company.run(apply=None).found
    board = next(iter(sandbox.world.trello.boards.values()))
    board.closed, board.active = True, sandbox.world.stamp()
    run = company.later(minutes=20).run(apply=None)
    assert run.found == before
    assert run.resolved == set()
