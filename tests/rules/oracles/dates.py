"""What the rules about dates mean, said naively."""

from __future__ import annotations

from tests.rules.oracles.seen import Answer, Oracle, Rule
from tests.worlds import Item, World


def date_drift(world: World) -> Answer:
    see = Oracle(world)
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for head in see.heads():
        if head.seen != "here" or not head.is_open or head.due is None:
            continue
        others = []
        delivering = [twin for twin in see.group(head) if twin is not head and twin.its_side == "project"]
        delivering = [twin for twin in delivering if twin.is_open]
        last = (
            None
            if any(twin.due is None for twin in delivering)
            else max((twin.due or 0 for twin in delivering), default=0)
        )
        for twin in delivering:
            if twin.due is None:
                continue
            apart = twin.due - head.due
            if apart <= 3 and (apart >= -3 or twin.due != last):
                continue
            if twin.seen == "missing":
                unsure.add(head.ref)
            else:
                others.append(twin.ref)
        if others:
            found[head.ref] = tuple(sorted(others))
    return see.sum_up(found, unsure, see.heads(), lambda label: see.blind(label, "due_on", linked=True))


def overdue(world: World) -> Answer:
    see = Oracle(world)

    def late(item: Item) -> bool:
        return item.is_open and item.due is not None and item.due < 0 and item.seen == "here"

    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for item in filter(late, see.items):
        named = min(filter(late, see.group(item)), key=lambda one: (one.its_side != "project", see.order[one.ref]))
        if named is item and item.unmapped:
            unsure.add(item.ref)
        elif named is item:
            found[item.ref] = ()
    return see.sum_up(found, unsure, see.items, lambda label: see.blind(label, "due_on"))


def child_outside_parent(world: World) -> Answer:
    see = Oracle(world)
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for child in see.items:
        parent = see.parent(child)
        if parent is None or child.seen != "here" or not (child.is_open and parent.is_open):
            continue
        begin, end = child.start, child.due
        outside = [
            parent.due is not None and end is not None and end > parent.due,
            parent.start is not None and begin is not None and begin < parent.start,
            parent.due is not None and end is None and begin is not None and begin > parent.due,
            parent.start is not None and begin is None and end is not None and end < parent.start,
        ]
        if any(outside) and (parent.seen == "missing" or child.unmapped or parent.unmapped):
            unsure.add(child.ref)
        elif any(outside):
            found[child.ref] = (parent.ref,) * sum(outside)
    return see.sum_up(found, unsure, see.items, lambda label: see.blind(label, "start_on due_on", linked=True))


ORACLES: dict[str, Rule] = {
    "child-outside-parent": child_outside_parent,
    "date-drift": date_drift,
    "overdue": overdue,
}
