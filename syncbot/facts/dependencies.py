"""Who waits for whom over any number of steps, and who waits in a circle: ``blocks`` links between open items.

A root is an open item that blocks others and waits for none itself; of a circle it is the first member by name. Each
row says that ``item_id`` waits for ``root_id``, ``depth`` steps away by the longest way, ``next_id`` being the step
before it; a circle on the way is one step. Of more than `MOST` items the longest chain is kept, and then what is
nearest, so a root's rows are a lower bound. Rows with a ``cycle_id`` are the members of the root's circle. Items that
one census did not find still count: rules say "cannot tell" of them.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection, text

from syncbot.facts.rows import fetch, settle

MOST = 100
"""How many items are kept of what waits for one root: a thousand roots before one hub would be millions of rows."""

_BLOCKS = text("""
    select l.from_id, l.to_id, a.connection, a.remote_id from link l
    join item a on a.id = l.from_id join item b on b.id = l.to_id
    where l.type = 'blocks' and a.is_open and b.is_open and a.seen <> 'gone' and b.seen <> 'gone'
    order by l.from_id, l.to_id""")


class Row(NamedTuple):
    """As in the table."""

    root_id: int
    item_id: int
    next_id: int | None
    depth: int
    cycle_id: int | None


def build(db: Connection) -> None:
    """Fill dependencies."""
    names: dict[int, tuple[str, str]] = {}
    blocks = []
    for row in fetch(db, _BLOCKS):
        blocks.append((row.from_id, row.to_id))
        names[row.from_id] = (row.connection, row.remote_id)
    settle(db, "dependencies", Row._fields[:2], Row._fields[2:], chains(blocks, names))


def chains(blocks: Iterable[tuple[int, int]], names: Mapping[int, tuple[str, str]]) -> Iterator[Row]:
    """The rows for these pairs of a blocker and what it blocks.

    ``names``: what the blockers are called in their tools, which outlives our own numbers.
    """
    blocked: defaultdict[int, list[int]] = defaultdict(list)
    waits: set[int] = set()
    for blocker, waiting in blocks:
        blocked[blocker].append(waiting)
        waits.add(waiting)
    circle = _circles(blocked)
    onward = _onward(blocked, circle)
    members: defaultdict[int, list[int]] = defaultdict(list)
    for number, its in circle.items():
        members[its].append(number)
    first = {its: min(several, key=names.__getitem__) for its, several in members.items() if len(several) > 1}
    for root in sorted({*(blocked.keys() - waits), *first.values()}):
        head = first.get(circle[root])
        if head == root:
            yield Row(root, root, None, 0, root)
        for number, (before, depth) in _downstream(root, blocked, circle, onward).items():
            yield Row(root, number, before, depth, root if circle[number] == circle[root] else None)


def _onward(blocked: Mapping[int, list[int]], circle: Mapping[int, int]) -> dict[int, tuple[int, int]]:
    """By circle, the step out of it that leads furthest; none where nothing waits for it."""
    length: defaultdict[int, int] = defaultdict(int)
    onward: dict[int, tuple[int, int]] = {}
    # Circles are numbered from what waits to what is waited for, so what lies ahead of each is known.
    for number in sorted(blocked, key=circle.__getitem__):
        its = circle[number]
        for waiting in blocked[number]:
            if circle[waiting] != its and length[circle[waiting]] >= length[its]:
                length[its] = length[circle[waiting]] + 1
                onward[its] = (number, waiting)
    return onward


def _downstream(
    root: int, blocked: Mapping[int, list[int]], circle: Mapping[int, int], onward: Mapping[int, tuple[int, int]]
) -> dict[int, tuple[int, int]]:
    """What waits for the root, each with the step before it and how many steps it is away: the longest chain and the
    nearest.
    """
    near = _nearest(root, blocked, ())
    if len(near) == MOST:
        near = _nearest(root, blocked, _longest(root, circle, onward))
    steps = [(number, one) for number in (root, *near) for one in blocked.get(number, ()) if one in near]
    # Again by the circles' numbers: each one's depth is known before it is left.
    depths = {circle[root]: 0}
    before: dict[int, int] = {}
    for number, waiting in sorted(steps, key=lambda step: -circle[step[0]]):
        depth = depths[circle[number]] + 1
        if circle[number] != circle[waiting] and depth > depths.get(circle[waiting], 0):
            depths[circle[waiting]] = depth
            before[waiting] = number
    return {
        number: told if circle[number] == circle[root] else (before.get(number, told[0]), depths[circle[number]])
        for number, told in near.items()
    }


def _longest(root: int, circle: Mapping[int, int], onward: Mapping[int, tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The steps of the longest chain from a root, a circle on it being entered and left wherever that is."""
    number = root
    while circle[number] in onward:
        leaves, waiting = onward[circle[number]]
        if leaves not in {number, root}:
            yield number, leaves
        yield leaves, waiting
        number = waiting


def _nearest(
    root: int, blocked: Mapping[int, list[int]], first: Iterable[tuple[int, int]]
) -> dict[int, tuple[int, int]]:
    """At most `MOST` items behind these ``first`` steps and then nearest the root, each with its step and its depth."""
    near: dict[int, tuple[int, int]] = {}
    pending = deque([(root, 0)])
    for number, waiting in islice(first, MOST):
        depth = near[number][1] + 1 if number in near else 1
        near.setdefault(waiting, (number, depth))
        pending.append((waiting, depth))
    while pending and len(near) < MOST:
        number, depth = pending.popleft()
        for waiting in blocked.get(number, ()):
            if waiting != root and waiting not in near and len(near) < MOST:
                near[waiting] = (number, depth + 1)
                pending.append((waiting, depth + 1))
    return near


def _circles(blocked: Mapping[int, list[int]]) -> dict[int, int]:
    """Each item's circle: the items that all wait for each other, most often only itself.

    Tarjan's components, without recursion; the numbers grow from what waits to what is waited for.
    """
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    path: list[int] = []
    circle: dict[int, int] = {}
    count = 0
    for start in sorted(blocked):
        work = [] if start in order else [(start, iter(blocked[start]))]
        while work:
            number, following = work[-1]
            if number not in order:
                order[number] = low[number] = len(order)
                path.append(number)
            for one in following:
                if one not in order:
                    work.append((one, iter(blocked.get(one, ()))))
                    break
                if one not in circle:
                    low[number] = min(low[number], order[one])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[number])
                if low[number] == order[number]:
                    while number not in circle:
                        circle[path.pop()] = count
                    count += 1
    return circle
