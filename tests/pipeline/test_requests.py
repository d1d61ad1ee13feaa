"""A cycle in which nothing changed reads almost nothing, as the sandbox counts it, and writes nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import TrelloBoard, TrelloList
from syncbot.store import Store
from syncbot.store.schema import metadata
from tests.company import Company

EVENTS = [("asana", "/api/1.0/events")] * 2
"""What two Asana projects are asked."""


def _asked(sandbox: Sandbox) -> list[tuple[str, str]]:
    return sorted((one.tool, one.path) for one in sandbox.requests)


def test_no_change_is_one_search_one_batch_and_one_event_request_a_project(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    company = Company(sandbox, store_url, tmp_path)
    company.run(apply=True)
    company.later(minutes=14).run(apply=True)  # what we wrote ourselves is read once
    sandbox.clear()
    company.later(minutes=0.5).run(apply=True)
    assert _asked(sandbox) == [*EVENTS, ("jira", "/rest/api/3/search/jql"), ("trello", "/1/batch")]


def test_no_change_for_longer_is_one_sprint_request_more_for_each_board_with_an_open_sprint(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    company = Company(sandbox, store_url, tmp_path)
    company.run(apply=None)
    for minutes in (20, 20, 200):
        sandbox.clear()
        company.later(minutes=minutes).run(apply=None)
        sprints = ("jira", "/rest/agile/1.0/board/{board}/sprint")
        assert _asked(sandbox) == [*EVENTS, sprints, ("jira", "/rest/api/3/search/jql"), ("trello", "/1/batch")]


@pytest.mark.parametrize("after", ["active", "closed"])
def test_a_sprint_that_begins_or_ends_or_is_made_is_known_within_a_quarter_of_an_hour(
    sandbox: Sandbox, store_url: str, tmp_path: Path, after: str
) -> None:
    company = Company(sandbox, store_url, tmp_path)
    company.run(apply=None)
    sprints = sandbox.world.jira.sprints
    one = next(one for one in sprints.values() if one.state == {"active": "future", "closed": "active"}[after])
    one.state = after
    one.completed = sandbox.now if after == "closed" else None
    sprints[99] = replace(one, id=99, name="Next", state="future", start=None, end=None, completed=None)
    sandbox.world.stamp()
    company.later(minutes=16).run(apply=None)
    assert {(one.name, after), ("Next", "future")} <= company.ask("select name, state from sprints")


def test_twelve_boards_are_two_batches(sandbox: Sandbox, store_url: str, tmp_path: Path) -> None:
    state = sandbox.world.trello
    first = next(iter(state.boards.values()))
    for number in range(11):
        board = TrelloBoard(state.next_id(sandbox.now), f"Board {number}", f"BoArD{number:03}", sandbox.now)
        board.roles = dict(first.roles)
        state.boards[board.id] = board
        column = TrelloList(state.next_id(sandbox.now), board.id, "Ideas", 1)
        state.lists[column.id] = column
    edit = ('scopes = ["Product roadmap"]', 'scopes = ["Product roadmap", "Board *"]')
    company = Company(sandbox, store_url, tmp_path, edit=edit)
    company.run(apply=None)
    sandbox.clear()
    company.later(minutes=5).run(apply=None)
    batches = [("trello", "/1/batch")] * 2
    assert _asked(sandbox) == [*EVENTS, ("jira", "/rest/api/3/search/jql"), *batches]


def test_no_change_leaves_the_store_as_it_was(sandbox: Sandbox, store_url: str, tmp_path: Path) -> None:
    sandbox.apply("owner-leaves", "epic-closed-early", "sprint-overfull")
    company = Company(sandbox, store_url, tmp_path)
    company.run(apply=True)
    company.later(minutes=11).run(apply=True)
    before = _stored(company)
    company.later(minutes=1).run(apply=True)
    after = _stored(company)
    assert {name for name in before if before[name] != after[name]} <= {"scope"}  # when it was last read


def _stored(company: Company) -> dict[str, list[tuple[object, ...]]]:
    """What every table holds."""
    with Store.open(company.store_url) as store, store.reading() as db:
        return {
            name: sorted((tuple(row) for row in db.execute(text(f"select * from {name}"))), key=repr)
            for name in metadata.tables
        }
