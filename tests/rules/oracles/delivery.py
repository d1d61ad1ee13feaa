"""What the rules about delivery mean, said naively."""

from __future__ import annotations

from collections import defaultdict

from tests.rules.oracles.people import People
from tests.rules.oracles.seen import Answer, Oracle, Rule, recent
from tests.worlds import Item, World


def feature_without_work(world: World) -> Answer:
    see = Oracle(world)
    found: dict[str, tuple[str, ...]] = {
        item.ref: ()
        for item in see.heads()
        if item.seen == "here" and see.committed(item) and not any(one.status != "dropped" for one in see.work(item))
    }
    known = {item.ref for item in world.items}
    unsure = {
        ref
        for ref in found
        for twin in see.group(see.by_ref[ref])
        if twin.seen != "gone" and not known.issuperset((*twin.names, *twin.twins))
    }
    here = (one for one in see.heads() if one.seen == "here")
    linked = {one.scope for one in here if any(it.status != "dropped" for it in see.work(one))}
    unsure |= {ref for ref in found if see.by_ref[ref].scope not in linked}
    found = {ref: keys for ref, keys in found.items() if ref not in unsure}
    return see.sum_up(found, unsure, see.heads(), lambda label: see.blind(label, other_side=True))


def done_with_open_children(world: World) -> Answer:
    see = Oracle(world)
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for item in see.items:
        if item.seen != "here" or item.status != "done" or item.kind == "goal" or not recent(item):
            continue
        parts = [one for one in see.items if see.parent(one) is item and one.is_open]
        sure = [one.ref for one in parts if one.seen == "here" and not one.unmapped and not item.unmapped]
        unsure |= {item.ref for one in parts if one.ref not in sure}
        if sure:
            found[item.ref] = tuple(sorted(sure))
    return see.sum_up(found, unsure, see.items, lambda label: see.blind(label, linked=True))


def work_without_feature(world: World) -> Answer:
    see = Oracle(world)
    tasks = [item for item in see.items if item.kind == "task"]
    planned = {sprint.name for sprint in world.sprints if sprint.state != "closed"}
    known = {item.ref for item in world.items}
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for item in tasks:
        twins = [one for one in see.group(item) if one.its_side == "project" and one.seen == "here"]
        parent = see.parent(item)
        if item.seen != "here" or item not in twins[:1] or not item.is_open or (parent and parent.kind == "task"):
            continue
        if not see.committed(item) and not planned & set(item.sprints):
            continue
        if any(see.by_ref[ref].kind in {"feature", "goal"} for ref in see.above(item)):
            continue
        if any(not known.issuperset(see.pointers(twin)) for twin in see.group(item)):
            unsure.add(item.ref)
        else:
            found[item.ref] = ()
    return see.sum_up(
        found,
        unsure,
        tasks,
        lambda label: see.blind(label, other_side=True, product=True) or see.belongs_nowhere(label),
    )


def too_much_in_progress(world: World) -> Answer:
    see, who = Oracle(world), People(world)
    busy: defaultdict[str, list[Item]] = defaultdict(list)
    for item in see.items:
        parent = see.parent(item)
        if item.kind != "task" or item.status != "doing" or item.owner is None:
            continue
        inside = parent and parent.kind == "task" and parent.status == "doing" and parent.owner
        if not (parent and inside and who.owner(parent) == who.owner(item)):
            busy[who.owner(item)].append(item)
    found, gaps = set(), set()
    for person, items in busy.items():
        if who.is_bot(person) or who.there(person) is False or len({frozenset(see.twins[i.ref]) for i in items}) <= 5:
            continue
        if any(item.seen == "missing" or see.stale(see.scope(item.scope)) for item in items):
            gaps.add(None)
        else:
            found.add((who.name(person), tuple(sorted(item.ref for item in items))))
    return found, gaps


ORACLES: dict[str, Rule] = {
    "done-with-open-children": done_with_open_children,
    "too-much-in-progress": too_much_in_progress,
    "work-without-feature": work_without_feature,
    "feature-without-work": feature_without_work,
}
