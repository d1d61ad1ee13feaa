"""What the rules about drift between twins mean, said naively."""

from __future__ import annotations

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


ORACLES: dict[str, Rule] = {
    "status-drift": status_drift,
}
