"""What the rules about dates mean, said naively."""

from __future__ import annotations

from tests.rules.oracles.seen import Answer, Oracle, Rule
from tests.worlds import World


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
            if twin.seen == "missing" or head.derived:
                unsure.add(head.ref)
            else:
                others.append(twin.ref)
        if others:
            found[head.ref] = tuple(sorted(others))
    return see.sum_up(found, unsure, see.heads(), lambda label: see.blind(label, "due_on", linked=True))


ORACLES: dict[str, Rule] = {
    "date-drift": date_drift,
}
