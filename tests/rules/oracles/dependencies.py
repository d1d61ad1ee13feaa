"""What the rules about dependencies mean, said naively."""

from __future__ import annotations

from functools import partial

from tests.rules.oracles.seen import Answer, Oracle, Rule
from tests.worlds import Item, World


def blocker_due_later(world: World) -> Answer:
    see = Oracle(world)
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for item in see.items:
        others = []
        for other in _blocked(see, item):
            if item.seen != "here" or item.due is None or _whole_and_part(see, item, other):
                continue
            after_its_end = other.due is not None and item.due > other.due
            after_its_start = other.start is not None and other.status != "doing" and item.due > other.start
            if not (after_its_end or after_its_start):
                continue
            if other.seen == "missing":
                unsure.add(item.ref)
            else:
                others.append(other.ref)
        if others:
            found[item.ref] = tuple(sorted(others))
    return _sum_up(see, found, unsure, "due_on")


def dependency_cycle(world: World) -> Answer:
    see = Oracle(world)
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for item in see.items:
        circle = [one for one in _waiting(see, item) if item in _waiting(see, one)]
        if item.seen == "here" and len(circle) > 1 and item is min(circle, key=_name):
            if any(one.seen == "missing" for one in circle):
                unsure.add(item.ref)
            else:
                found[item.ref] = tuple(sorted(one.ref for one in circle if one is not item))
    return _sum_up(see, found, unsure)


def blocked_chain(world: World) -> Answer:
    see = Oracle(world)
    planned = {sprint.name for sprint in world.sprints if sprint.state != "closed"}
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for root in see.items:
        waiting = _waiting(see, root)
        if root.seen != "here" or any(root in _waiting(see, one) for one in see.items):
            continue
        depths = {one.ref: _steps(see, root, one) for one in waiting}
        longest = max(depths.values(), default=0)
        unplanned = root.due is None and root.start is None and not planned & set(root.sprints)
        stands = root.flagged or root.status == "paused" or (root.due is not None and root.due < 0)
        stands = stands or (root.status != "doing" and unplanned)
        if longest < 3 or not stands or not any(see.committed(one) for one in waiting):
            continue
        last = [one for one in waiting if depths[one.ref] == longest]
        dateless = root.derived and root.due is None and root.start is None
        unknown = dateless or root.unmapped or any(one.seen == "missing" for one in waiting)
        sure = [one.ref for one in last if not one.unmapped]
        if unknown or len(sure) < len(last):
            unsure.add(root.ref)
        if sure and not unknown:
            found[root.ref] = tuple(sorted(sure))
    return _sum_up(see, found, unsure, "due_on")


def _blocked(see: Oracle, item: Item) -> list[Item]:
    """What waits for an item directly, both being open."""
    return [see.by_ref[ref] for ref in item.blocks if ref in see.by_ref and _both_open(item, see.by_ref[ref])]


def _both_open(item: Item, other: Item) -> bool:
    return item is not other and item.is_open and other.is_open


def _waiting(see: Oracle, item: Item) -> list[Item]:
    """Everything that waits for an item, over any number of steps; itself too, if it is in a circle."""
    found: list[Item] = []
    pending = _blocked(see, item)
    while pending:
        one = pending.pop()
        if one not in found:
            found.append(one)
            pending += _blocked(see, one)
    return found


def _steps(see: Oracle, root: Item, item: Item) -> int:
    """The longest way from the root to an item; all of a circle is one step, and one place."""
    circle = [one for one in _waiting(see, item) if item in _waiting(see, one)] or [item]
    before = [one for one in (root, *_waiting(see, root)) if one not in circle and set(_refs(see, one)) & _set(circle)]
    return 1 + max((_steps(see, root, one) for one in before if one is not root), default=0)


def _refs(see: Oracle, item: Item) -> list[str]:
    return [one.ref for one in _blocked(see, item)]


def _set(items: list[Item]) -> set[str]:
    return {one.ref for one in items}


def _whole_and_part(see: Oracle, item: Item, other: Item) -> bool:
    for one, another in ((item, other), (other, item)):
        if see.parents[one.ref][:1] == [another.ref]:
            return True
    if "feature" not in {item.kind, other.kind}:
        return False
    return _feature(see, item) is not None and _feature(see, item) == _feature(see, other)


def _feature(see: Oracle, item: Item) -> str | None:
    """The nearest feature at or above an item or its twins."""
    level, seen = [item.ref], set[str]()
    while level:
        following: list[str] = []
        for ref in level:
            if ref in seen:
                continue
            seen.add(ref)
            if see.by_ref[ref].kind == "feature":
                return see.head(see.by_ref[ref]).ref
            following += see.parents[ref]
            following += sorted(see.twins[ref], key=lambda one: see.order[one])
        level = following
    return None


def _name(item: Item) -> tuple[str, str]:
    return item.scope.partition("/")[0], item.ref


def _sum_up(see: Oracle, found: dict[str, tuple[str, ...]], unsure: set[str], fields: str = "") -> Answer:
    blind = partial(see.blind, fields=fields, linked=True)
    answer, gaps = see.sum_up(found, unsure, see.items, blind)
    return answer, gaps | see.missing(blind)


ORACLES: dict[str, Rule] = {
    "blocked-chain": blocked_chain,
    "blocker-due-later": blocker_due_later,
    "dependency-cycle": dependency_cycle,
}
