"""Who waits for whom over any number of steps, and who waits in a circle: open items and their ``blocks`` links.

A root is an open item that blocks others and waits for none itself; of a circle it is the lowest id. Each row says that
``item_id`` waits for ``root_id``, ``depth`` steps away, ``next_id`` being the step before it. Rows with a ``cycle_id``
are the members of a circle (its lowest id names it).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, text

from syncbot.facts.rows import fetch, settle

_BLOCKS = text("""
    select l.from_id, l.to_id from link l join item a on a.id = l.from_id join item b on b.id = l.to_id
    where l.type = 'blocks' and a.is_open and b.is_open and a.seen = 'here' and b.seen = 'here'
    order by l.from_id, l.to_id""")

Row = tuple[int, int, int | None, int, int | None]


def build(db: Connection) -> None:
    """Fill dependencies."""
    rows = chains([(row.from_id, row.to_id) for row in fetch(db, _BLOCKS)])
    settle(db, "dependencies", ("root_id", "item_id"), ("next_id", "depth", "cycle_id"), rows)


def chains(blocks: Iterable[tuple[int, int]]) -> Iterator[Row]:
    """The rows for these pairs of a blocker and what it blocks."""
    blocked: defaultdict[int, list[int]] = defaultdict(list)
    waits: set[int] = set()
    for blocker, waiting in blocks:
        blocked[blocker].append(waiting)
        waits.add(waiting)
    circles = _circles(blocked)
    roots = (blocked.keys() - waits) | {min(circle) for circle in circles}
    member = {one: min(circle) for circle in circles for one in circle}
    for root in sorted(roots):
        if root in member:
            yield root, root, None, 0, root
        for number, (before, depth) in _downstream(root, blocked).items():
            cycle = root if member.get(number) == root else None
            yield root, number, before, depth, cycle


def _downstream(root: int, blocked: Mapping[int, list[int]]) -> dict[int, tuple[int, int]]:
    """What waits for the root, by the shortest way: the step before it and how many steps."""
    found: dict[int, tuple[int, int]] = {}
    pending = deque([(root, 0)])
    while pending:
        number, depth = pending.popleft()
        for waiting in blocked.get(number, ()):
            if waiting != root and waiting not in found:
                found[waiting] = (number, depth + 1)
                pending.append((waiting, depth + 1))
    return found


def _circles(blocked: Mapping[int, list[int]]) -> list[set[int]]:
    """The sets of items that all wait for each other (Tarjan's components of more than one, without recursion)."""
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    path: list[int] = []
    on_path: set[int] = set()
    circles: list[set[int]] = []
    for start in sorted(blocked):
        if start in order:
            continue
        work = [(start, iter(blocked[start]))]
        order[start] = low[start] = len(order)
        path.append(start)
        on_path.add(start)
        while work:
            number, following = work[-1]
            for one in following:
                if one not in order:
                    order[one] = low[one] = len(order)
                    path.append(one)
                    on_path.add(one)
                    work.append((one, iter(blocked.get(one, ()))))
                    break
                if one in on_path:
                    low[number] = min(low[number], order[one])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[number])
                if low[number] == order[number]:
                    circle = set(path[path.index(number) :])
                    del path[len(path) - len(circle) :]
                    on_path -= circle
                    if len(circle) > 1:
                        circles.append(circle)
    return circles
