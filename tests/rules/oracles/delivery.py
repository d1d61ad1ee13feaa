"""What the rules about delivery mean, said naively."""

from __future__ import annotations

from tests.rules.oracles.seen import Answer, Oracle, Rule, recent
from tests.worlds import World


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


ORACLES: dict[str, Rule] = {
    "done-with-open-children": done_with_open_children,
    "feature-without-work": feature_without_work,
}
