"""Mutations change just what they say, together and alone, and undoing them restores the world."""

from __future__ import annotations

import copy
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest

from syncbot.rules import load
from syncbot.sandbox.mutations import MUTATIONS
from syncbot.sandbox.server import Sandbox

# What the tools themselves bump with every edit; ids that were given out are not given out again.
BUMPED = {"updated", "active", "last", "version", "sequence", "counter", "searches", "modified", "events"}


def state(sandbox: Sandbox) -> Any:
    return without_times(asdict(copy.deepcopy(sandbox.world)))


def without_times(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: without_times(value) for key, value in node.items() if key not in BUMPED}
    if isinstance(node, list):
        return [without_times(one) for one in node]
    return node


@pytest.fixture
def world() -> Any:
    made = Sandbox()
    yield made
    made.stop()


@pytest.mark.parametrize("name", MUTATIONS)
def test_undoing_a_mutation_restores_all_but_the_times(world, name):
    before = state(world)
    world.apply(name)
    assert state(world) != before
    world.undo(name)
    assert state(world) == before


def test_all_together_are_undone_in_any_order(world):
    before = state(world)
    world.apply(*MUTATIONS)
    world.undo(*MUTATIONS)
    assert state(world) == before


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_tool_can_see_that_something_changed(world, name):
    at, sprints = world.world.stamp(), copy.deepcopy(world.world.jira.sprints)
    before = dict(world.world.trello.cards)
    world.apply(name)
    touched = [one for one in world.world.jira.issues.values() if one.updated > at]
    touched += [one for one in (before | world.world.trello.cards).values() if one.active > at]
    touched += [one for one in world.world.asana.tasks.values() if one.modified > at]
    boards = [one for one in world.world.trello.boards.values() if one.active > at]
    # Sprints have no times of their own: they are read again and again.
    assert touched or world.world.jira.sprints != sprints or MUTATIONS[name].hours
    assert bool(boards) == any(hasattr(one, "short_link") for one in touched)


def test_every_rule_has_a_mutation_and_traps_stand_beside_them():
    rules = {rule for one in MUTATIONS.values() for rule, _ in one.expected}
    assert rules == set(load().rules)
    assert sum(one.is_trap for one in MUTATIONS.values()) >= 10


def test_expected_findings_name_subjects_of_the_world(world):
    for name, mutation in MUTATIONS.items():
        world.apply(name)
        state = world.world
        known = {one.key for one in state.jira.issues.values()} | {
            one.short_link for one in state.trello.cards.values()
        }
        known |= {one.short_link for one in state.trello.boards.values()}
        known |= {one.name for one in state.jira.sprints.values()} | {one.key for one in state.jira.projects.values()}
        known |= state.asana.tasks.keys() | state.asana.projects.keys()
        known |= {one.name for one in state.jira.users.values()}
        assert {ref for _, ref in mutation.refs(state)} <= known
        world.undo(name)


@pytest.mark.parametrize("day", range(7))
def test_the_world_is_the_same_for_the_same_arguments_whatever_day_it_is(day):
    now = datetime(2026, 11, 23 + day, 8, tzinfo=UTC)
    one, other = Sandbox(now=now), Sandbox(now=now)
    shown = [str(asdict(each.world)).replace(each.url, "") for each in (one, other)]
    assert shown[0] == shown[1]
    active = [sprint for sprint in one.world.jira.sprints.values() if sprint.state == "active"]
    assert [sprint.start <= now <= sprint.end for sprint in active if sprint.start and sprint.end] == [True]
    one.stop()
    other.stop()


def test_the_world_grows_as_asked():
    for items in (60, 500, 3_000):
        sandbox = Sandbox(items=items)
        size = len(sandbox.world.jira.issues) + len(sandbox.world.trello.cards)
        assert items * 0.9 <= size <= items * 1.1
        assert len(sandbox.world.asana.tasks) >= items * 0.09
        sandbox.stop()
