"""What the rules about drift between twins mean, said naively."""

from __future__ import annotations

from dataclasses import replace

from tests.rules.oracles.seen import Answer, Oracle, Rule, recent
from tests.worlds import World


def status_drift(world: World) -> Answer:
    see = Oracle(world)
    idle = {"planned", "ready", "paused"}
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for head in see.heads():
        if head.seen != "here":
            continue
        others = []
        for twin in see.group(head):
            if twin is head or twin.its_side != "project" or twin.status == head.status:
                continue
            if (head.status in idle and twin.status in idle) or not (recent(head) or recent(twin)):
                continue
            if twin.seen == "missing" or twin.unmapped or head.unmapped:
                unsure.add(head.ref)
            else:
                others.append(twin.ref)
        if others:
            found[head.ref] = tuple(sorted(others))
    return see.sum_up(found, unsure, see.heads(), lambda label: see.blind(label, linked=True))


def twin_vanished(world: World) -> Answer:
    see = Oracle(world)
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    gone = [item for item in world.items if item.seen == "gone"]
    before = Oracle(replace(world, items=tuple(replace(item, seen="here") for item in world.items)))
    for item in see.items:
        others = []
        for lost in gone:
            was_twin = any({lost.ref, item.ref} == {one, other} for one, other in before.twin_links())
            left = [one for one in see.group(item) if one is not item and one.its_side == lost.its_side]
            if item.seen != "here" or not item.is_open or not was_twin or left:
                continue
            if see.stale(see.scope(lost.scope)):
                unsure.add(item.ref)
            else:
                others.append(lost.ref)
        if others:
            found[item.ref] = tuple(sorted(others))
    answer, gaps = see.sum_up(found, unsure, see.items, see.blind)
    return answer, gaps | see.missing(see.blind)


ORACLES: dict[str, Rule] = {
    "status-drift": status_drift,
    "twin-vanished": twin_vanished,
}
