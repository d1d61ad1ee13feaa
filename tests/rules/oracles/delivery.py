"""What the rules about delivery mean, said naively."""

from __future__ import annotations

from tests.rules.oracles.seen import Answer, Oracle, Rule, points_away
from tests.worlds import World


def feature_without_work(world: World) -> Answer:
    see = Oracle(world)
    found: dict[str, tuple[str, ...]] = {
        item.ref: ()
        for item in see.heads()
        if item.seen == "here" and see.committed(item) and not any(one.status != "dropped" for one in see.work(item))
    }
    unsure = {ref for ref in found if points_away(see, see.by_ref[ref])}
    found = {ref: keys for ref, keys in found.items() if ref not in unsure}
    return see.sum_up(found, unsure, see.heads(), lambda label: see.blind(label, other_side=True))


ORACLES: dict[str, Rule] = {
    "feature-without-work": feature_without_work,
}
