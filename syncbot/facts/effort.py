"""Effort, counted once (DESIGN 2): tasks only, one of each group of twins, at the lowest estimated level of a tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from syncbot.facts.rows import settle, tuples

NO_ESTIMATE = "no estimate"


class Task(NamedTuple):
    """A task that counts for its twins; ``parent``: what counts for the item above it."""

    id: int
    parent: int | None
    points: float | None
    minutes: int | None


class Effort(NamedTuple):
    """What a task adds. ``unestimated``: the units for which neither it, nor what is above or below it, says.

    ``unknown``: they say it in no unit. Of a whole tree without estimates that is so of its top only.
    """

    id: int
    points: float | None
    minutes: int | None
    unestimated: frozenset[str]
    unknown: bool = False


class Counted(NamedTuple):
    """The effort of each task that counts, and the task above it."""

    efforts: dict[int, Effort]
    parents: Mapping[int, int | None]


_UNITS = ("points", "minutes")
_TASKS = text("""
    select i.id, coalesce(q.counted_id, i.parent_id) as parent, i.points, i.minutes
    from item i
    left join twin p on p.id = i.id
    left join twin q on q.id = i.parent_id
    where i.kind = 'task' and i.status <> 'dropped' and i.seen <> 'gone' and coalesce(p.counted_id, i.id) = i.id
    order by i.id""")


def build(db: Connection) -> Counted:
    """Fill effort; needs the table ``twin`` and item's facts."""
    counted = count(list(map(Task._make, tuples(db, _TASKS))))
    settle(db, "effort", ("item_id",), ("points", "minutes", "unknown"), map(_row, counted.efforts.values()))
    return counted


def _row(effort: Effort) -> tuple[Any, ...]:
    return (effort.id, effort.points, effort.minutes, NO_ESTIMATE if effort.unknown else None)


_LACKING = {
    (False, False): frozenset[str](),
    (True, False): frozenset({"points"}),
    (False, True): frozenset({"minutes"}),
    (True, True): frozenset(_UNITS),
}


def count(tasks: Sequence[Task]) -> Counted:
    """The effort of each task."""
    by_id = {task.id: task for task in tasks}
    parents = {task.id: task.parent for task in tasks if task.parent in by_id and task.parent != task.id}
    below = {unit: _below(by_id, parents, unit) for unit in _UNITS}
    anywhere = set().union(*below.values())
    # Their own estimate, and what counts for those below them: not if some of these have estimates.
    saying = {task.id for task in tasks if any(getattr(task, unit) is not None for unit in _UNITS)} | anywhere
    covering = {
        task.id for task in tasks for unit in _UNITS if getattr(task, unit) is not None and task.id not in below[unit]
    }
    below_points, below_minutes = below["points"], below["minutes"]
    efforts = {}
    for task in tasks:
        above = parents.get(task.id)
        points = None if task.id in below_points else task.points
        minutes = None if task.id in below_minutes else task.minutes
        unestimated = _LACKING[
            task.points is None and task.id not in below_points and (above is None or above in below_points),
            task.minutes is None and task.id not in below_minutes and (above is None or above in below_minutes),
        ]
        covered = above is not None and (above in covering or above not in anywhere)
        efforts[task.id] = Effort(task.id, points, minutes, unestimated, task.id not in saying and not covered)
    return Counted(efforts, parents)


def _below(by_id: dict[int, Task], parents: Mapping[int, int | None], unit: str) -> set[int]:
    """The tasks with an estimate somewhere below them."""
    above: set[int] = set()
    for child in parents:
        if getattr(by_id[child], unit) is not None:
            above.update(ancestors(child, parents))
    return above


def ancestors(number: int, parents: Mapping[int, int | None]) -> Iterable[int]:
    """What is above an item, the nearest first; a circle ends where it closes."""
    seen = {number}
    following = parents.get(number)
    while following is not None and following not in seen:
        seen.add(following)
        yield following
        following = parents.get(following)
