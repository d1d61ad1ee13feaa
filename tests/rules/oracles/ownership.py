"""What the rules about ownership mean, said naively."""

from __future__ import annotations

from tests.rules.oracles.seen import Answer, Oracle, Rule
from tests.worlds import World


def feature_without_owner(world: World) -> Answer:
    see = Oracle(world)
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for item in see.heads():
        if item.seen == "here" and item.is_open and item.owner is None:
            if item.on or item.derived:
                unsure.add(item.ref)
            else:
                found[item.ref] = ()
    return see.sum_up(found, unsure, see.heads(), lambda label: see.blind(label, "owner"))


def work_without_assignee(world: World) -> Answer:
    see = Oracle(world)
    active = {sprint.name for sprint in world.sprints if sprint.state == "active"}
    tasks = [item for item in see.items if item.kind == "task"]
    here = [item for item in tasks if item.seen == "here"]
    found: dict[str, tuple[str, ...]] = {}
    for item in here:
        first = next(iter(see.parents[item.ref]), None)
        near = [item, *see.group(item)]
        near += [one for one in here if one.ref == first or next(iter(see.parents[one.ref]), None) == item.ref]
        busy = item.status == "doing" or active & set(item.sprints)
        if item.is_open and busy and not any(one.owner or one.on for one in near):
            found[item.ref] = ()
    return see.sum_up(found, set(), tasks, lambda label: see.blind(label, "owner assignees"))


ORACLES: dict[str, Rule] = {
    "feature-without-owner": feature_without_owner,
    "work-without-assignee": work_without_assignee,
}
