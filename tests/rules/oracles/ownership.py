"""What the rules about ownership mean, said naively."""

from __future__ import annotations

from tests.rules.oracles.people import People
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
    return see.sum_up(
        found, unsure, see.heads(), lambda label: see.blind(label, "owner") or see.names_nobody(label, "feature")
    )


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
    return see.sum_up(
        found, set(), tasks, lambda label: see.blind(label, "owner assignees") or see.names_nobody(label, "task")
    )


def feature_owner_inactive(world: World) -> Answer:
    see, who = Oracle(world), People(world)
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for item in see.heads():
        if item.seen != "here" or not item.is_open or item.owner is None:
            continue
        active = who.active(item.tool, item.owner)
        if active is False and not item.derived:
            found[item.ref] = ()
        elif active is False or (active is None and False in who.activity(who.person(item.tool, item.owner))):
            unsure.add(item.ref)
    return see.sum_up(found, unsure, see.heads(), lambda label: see.blind(label, "owner"))


def owner_drift(world: World) -> Answer:
    see, who = Oracle(world), People(world)
    heads = [head for head in see.heads() if head.seen == "here" and head.its_side == "product" and head.owner]
    pairs = [
        (head, twin)
        for head in heads
        for twin in see.group(head)
        if twin.its_side == "project" and twin.owner is not None
    ]
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for head, twin in pairs:
        owner, lead = who.owner(head), who.owner(twin)
        near = [who.same(*pair) for pair in pairs if pair[1].scope == twin.scope]
        if near.count(True) < near.count(False) or not (head.is_open and twin.is_open):
            continue
        if owner in {who.owner(other) for one, other in pairs if one is head}:
            continue
        if who.is_bot(lead) or owner in who.on(twin) or lead in who.on(head):
            continue
        if who.roles(owner) == {"product"} and who.roles(lead) == {"project"}:
            continue
        if who.same(head, twin) is None or twin.seen == "missing" or head.derived:
            unsure.add(head.ref)
        else:
            found[head.ref] = tuple(sorted((*found.get(head.ref, ()), twin.ref)))
    return see.sum_up(found, unsure, see.heads(), lambda label: see.blind(label, "owner", linked=True))


def one_person_both_roles(world: World) -> Answer:
    see, who = Oracle(world), People(world)
    both: dict[str, list[str]] = {}
    for head in see.heads():
        leads = [one for one in see.group(head) if one.its_side == "project" and one.owner]
        lead = min(leads, key=lambda one: see.order[one.ref], default=None)
        if head.seen != "here" or not head.is_open or head.its_side != "product" or not head.owner or not lead:
            continue
        owner = who.owner(head)
        if owner == who.owner(lead) and who.there(owner) is not False and not who.is_bot(owner):
            both.setdefault(owner, []).append(head.ref)
    found = {
        (who.name(owner), tuple(sorted(refs)))
        for owner, refs in both.items()
        if len(refs) > 3 and who.roles(owner) != {"product", "project"}
    }
    blind = any(see.blind(scope.label) for scope in world.scopes)
    anybody = any(who.there(one) is not False for one in who.everybody())
    return (set() if blind else found), {None} if blind and anybody else set()


ORACLES: dict[str, Rule] = {
    "feature-owner-inactive": feature_owner_inactive,
    "one-person-both-roles": one_person_both_roles,
    "owner-drift": owner_drift,
    "feature-without-owner": feature_without_owner,
    "work-without-assignee": work_without_assignee,
}
