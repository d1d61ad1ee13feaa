"""What findings about sprints and people stand on: the items that make them true, which they seldom name one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection

from syncbot.store import bulk

Items = dict[int, list[tuple[str, str]]]
"""By our id of a sprint or person, items as (connection, remote id)."""


def of_sprints(db: Connection, sprints: Collection[int]) -> Items:
    """What is in these sprints, and what is directly below that: a subtask may have no sprint of its own."""
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for own in ("i.id", "i.parent_id"):
        within = f"item_sprint x join item i on {own} = x.item_id and x.is_current and i.seen = 'here'"
        for sprint, items in _items(db, within, "x.sprint_id", sprints).items():
            found[sprint] += items
    return found


def of_people(db: Connection, people: Collection[int]) -> Items:
    """The open tasks that these people are on."""
    within = "assignee x join item i on i.id = x.item_id and i.kind = 'task' and i.is_open and i.seen = 'here'"
    return _items(db, within, "x.person_id", people)


def _items(db: Connection, within: str, holder: str, ids: Collection[int]) -> Items:
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for number, connection, remote_id in bulk.among(
        db, within, f"distinct {holder}, i.connection, i.remote_id", holder, ids
    ):
        found[number].append((connection, remote_id))
    return found
