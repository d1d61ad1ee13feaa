"""Effort, counted once (DESIGN 2): tasks only, one of each group of twins, at the lowest estimated level of a tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from syncbot.facts.rows import settle_many, tuples

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
    """The effort of the tasks that have tasks below or above them, and the task above each.

    Only those depend on others; there are too many of the rest to hold them.
    """

    efforts: dict[int, Effort]
    parents: Mapping[int, int | None]

    def of(self, number: int, points: float | None, minutes: int | None) -> Effort:
        """The effort of any task that counts, by its own estimates."""
        if (found := self.efforts.get(number)) is not None:
            return found
        lacking = points is None, minutes is None
        return Effort(number, points, minutes, _LACKING[lacking], unknown=all(lacking))


_UNITS = ("points", "minutes")
_TASKS = """
    from item i
    left join twin p on p.id = i.id
    {0}
    where i.kind = 'task' and i.status <> 'dropped' and i.seen <> 'gone' and coalesce(p.counted_id, i.id) = i.id"""
_ABOVE = """
    left join twin q on q.id = i.parent_id
    join item w on w.id = coalesce(q.counted_id, i.parent_id)
        and w.kind = 'task' and w.status <> 'dropped' and w.seen <> 'gone' and w.id <> i.id"""
_PARTS = f"select i.id, w.id {_TASKS.format(_ABOVE)}"
_ALL = f"select i.id, i.points, i.minutes {_TASKS.format('')} order by i.id"


def build(db: Connection) -> Counted:
    """Fill effort; needs the table ``twin`` and item's facts."""
    parents = dict(tuples(db, _PARTS))
    in_trees = parents.keys() | set(parents.values())
    own = tuples(db, _ALL) if parents else ()
    counted = count([Task(one, parents.get(one), *estimates) for one, *estimates in own if one in in_trees])
    efforts = (counted.of(*row) for row in tuples(db, _ALL))
    settle_many(db, "effort", ("item_id",), ("points", "minutes", "unknown"), map(_row, efforts))
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
