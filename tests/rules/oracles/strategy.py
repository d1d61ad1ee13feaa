"""What the rules about strategy mean, said naively."""

from __future__ import annotations

from collections.abc import Callable

from tests.rules.oracles.people import People
from tests.rules.oracles.seen import Answer, Oracle, Rule, points_away
from tests.worlds import Item, World

DEAD = ("paused", "done", "dropped")


def feature_without_goal(world: World) -> Answer:
    see = Oracle(world)
    goals = {item.ref for item in see.items if item.kind == "goal"}
    heads = [head for head in see.heads() if head.seen == "here"]
    served = {head.scope for head in heads if see.above(head) & goals}
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for head in heads:
        if head.is_open and not see.above(head) & goals:
            above = [parent for twin in see.group(head) if (parent := see.parent(twin)) and parent.kind == "feature"]
            if any(head not in see.group(parent) for parent in above):
                continue
            if head.scope not in served or points_away(see, head, up=True):
                unsure.add(head.ref)
            else:
                found[head.ref] = ()
    return see.sum_up(found, unsure, see.heads(), lambda label: see.blind(label, everything=True))


def goal_without_feature(world: World) -> Answer:
    see = Oracle(world)
    goals = [item for item in see.items if item.kind == "goal"]
    here = [item for item in goals if item.seen == "here"]
    served = {
        goal.ref for goal in here for one in see.items if one.status != "dropped" and goal.ref in see.parents[one.ref]
    }
    scopes = {goal.scope for goal in here if goal.ref in served}
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for goal in here:
        twins = [one for one in see.group(goal) if one.seen == "here"]
        if any(one.derived or one.status in DEAD for one in twins) or goal is not twins[0]:
            continue
        if not {one.ref for one in twins} & served:
            if goal.scope not in scopes or goal.unmapped or points_away(see, goal, up=True):
                unsure.add(goal.ref)
            else:
                found[goal.ref] = ()
    return see.sum_up(found, unsure, goals, lambda label: see.blind(label, everything=True))


def work_on_dead_goal(world: World) -> Answer:
    see = Oracle(world)
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for head in see.heads():
        aims = [
            see.by_ref[ref]
            for twin in see.group(head)
            for ref in see.parents[twin.ref]
            if see.by_ref[ref].kind == "goal"
        ]
        doing = any(item.status == "doing" for item in see.work(head))
        if head.seen != "here" or not head.is_open or any(map(_lives, aims)):
            continue
        if not doing and (head.status == "paused" or not see.committed(head)):
            continue
        dead = {goal.ref for goal in aims if not any(_lives(one) for one in see.group(goal) if one.seen == "here")}
        if dead and any(see.by_ref[ref].unmapped or head.unmapped for ref in dead):
            unsure.add(head.ref)
        if sure := tuple(sorted(ref for ref in dead if not (see.by_ref[ref].unmapped or head.unmapped))):
            found[head.ref] = sure
    return see.sum_up(found, unsure, see.heads(), lambda label: see.blind(label, linked=True))


def _lives(goal: Item) -> bool:
    return goal.seen == "missing" or goal.derived or goal.status not in DEAD


def priority_inversion(world: World) -> Answer:
    see, who = Oracle(world), People(world)
    heads = [head for head in see.heads() if head.seen == "here"]
    work = {head.ref: [item for item in see.all_work(head) if item.seen == "here" and item.is_open] for head in heads}
    blocked = {ref for one in see.items if one.is_open for ref in one.blocks if ref != one.ref}
    found: dict[str, set[str]] = {}
    for head in heads:
        if not _waits(see, head) or head.flagged or (head.start or 0) > 0 or head.priority is None:
            continue
        if blocked & see.twins[head.ref]:
            continue
        ready = [
            item for item in work[head.ref] if item.status != "paused" and not item.flagged and item.ref not in blocked
        ]
        for person in {one for item in ready for one in who.on(item)}:
            if who.is_bot(person) or who.there(person) is False:
                continue
            busy = [
                one
                for one in heads
                if one.is_open
                and one.priority is not None
                and any(item.status == "doing" and person in who.on(item) for item in work[one.ref])
            ]
            lowest = max(busy, key=lambda one: (one.priority or 0, -see.order[one.ref]), default=None)
            if lowest and (lowest.priority or 0) > head.priority:
                found.setdefault(head.ref, set()).add(lowest.ref)
    told = {ref: tuple(sorted(others)) for ref, others in found.items()}
    return see.sum_up(told, set(), see.heads(), _rarely(see, linked=True))


def top_feature_not_in_sprint(world: World) -> Answer:
    see = Oracle(world)
    coming: dict[tuple[str, str], list[int]] = {}
    for sprint in world.sprints:
        if sprint.state == "future" and sprint.start is not None:
            coming.setdefault((sprint.board, sprint.scope), []).append(sprint.start)
    near = [
        one
        for one in world.sprints
        if one.state == "active"
        or (one.state == "future" and one.start == min(coming.get((one.board, one.scope), ()), default=None))
    ]
    names = {sprint.name for sprint in near}
    planned = {sprint.scope for sprint in near} | {item.scope for item in world.items if names & set(item.sprints)}
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for head in see.heads():
        if head.seen != "here" or head.priority != 1 or not _waits(see, head) or (head.start or 0) > 28:
            continue
        work = [item for item in see.all_work(head) if item.is_open]
        own = [item for item in work if item.seen == "here" and see.nearest(item) is head]
        if any(item.scope in planned for item in own) and not any(names & set(item.sprints) for item in work):
            if points_away(see, head):
                unsure.add(head.ref)
            else:
                found[head.ref] = ()
    return see.sum_up(found, unsure, see.heads(), _rarely(see, other_side=True))


def feature_without_function(world: World) -> Answer:
    see = Oracle(world)
    known = {item.function for item in see.items}
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for head in see.heads():
        if head.seen != "here" or not see.committed(head):
            continue
        if not any(item.status != "dropped" for item in see.work(head)):
            continue
        below = [item for item in see.items if head.ref in see.above(item)]
        given = {item.function for item in below if item.status != "dropped"}
        for function in {one for twin in see.group(head) for one in twin.requires} - given:
            if function not in known or points_away(see, head):
                unsure.add(head.ref)
            else:
                found[head.ref] = ()
    return see.sum_up(found, unsure, see.heads(), lambda label: see.blind(label, other_side=True))


def _waits(see: Oracle, head: Item) -> bool:
    doing = any(item.status == "doing" for item in see.work(head))
    return see.committed(head) and head.status != "paused" and not doing


def _rarely(see: Oracle, **options: bool) -> Callable[[str], bool]:
    """Whether nothing can be told in a scope: also where fewer than 60% of the features have a priority."""

    def blind(label: str) -> bool:
        features = [
            item
            for item in see.items
            if item.scope == label
            and item.kind == "feature"
            and item.seen == "here"
            and not item.derived
            and item.status != "dropped"
            and (item.is_open or (item.done is not None and item.done >= -90))
        ]
        told = sum(item.priority is not None for item in features)
        rare = bool(features) and told * 100 // len(features) < 60
        return rare or see.blind(label, "priority", **options)

    return blind


ORACLES: dict[str, Rule] = {
    "feature-without-function": feature_without_function,
    "feature-without-goal": feature_without_goal,
    "goal-without-feature": goal_without_feature,
    "priority-inversion": priority_inversion,
    "top-feature-not-in-sprint": top_feature_not_in_sprint,
    "work-on-dead-goal": work_on_dead_goal,
}
