"""Work that waits for other work, added to a random world: chains, circles and what lies between."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

from tests.worlds import OPEN, Item, World

_PLACES = ("delivery/PAY", "delivery/PAY", "delivery/PAY", "delivery/RISK", "roadmap/BOARD")


def with_chains(world: World, seed: int) -> World:
    """The world with up to two chains, some of them bent into circles, and with dates that do not fit their order."""
    dice = random.Random(f"chains {seed}")
    items = (
        *world.items,
        *(one for number in range(dice.choice([0, 1, 1, 2, 2])) for one in _chain(dice, world, number)),
    )
    asked = [(field, kind) for field in ("points or minutes", "due_on", "owner") for kind in ("", "task", "feature")]
    needs = [
        {"scope": dice.choice(world.scopes).label, "rule": f"rule-{number}", "field": field, "kind": kind}
        for number, (field, kind) in enumerate(dice.sample(asked, dice.randint(0, 2)))
    ]
    return replace(world, items=items, needs=tuple(needs))


def _chain(dice: random.Random, world: World, number: int) -> list[Item]:
    links = [_link(dice, world, f"L{number}.{at}") for at in range(dice.randint(2, 7))]
    refs = [one.ref for one in links]
    blocks = {one: [other] for one, other in pairwise(refs)}
    for _ in range(dice.choice([0, 0, 1, 2])):
        one, other = dice.sample(refs, 2)
        blocks.setdefault(one, []).append(other)
    parents = [*refs, *(item.ref for item in world.items), *[None] * 20]
    return [
        replace(one, blocks=tuple(dict.fromkeys(blocks.get(one.ref, ()))), parent=dice.choice(parents)) for one in links
    ]


def _link(dice: random.Random, world: World, ref: str) -> Item:
    kind = dice.choice(["task", "task", "task", "feature"])
    return Item(
        ref,
        kind,
        "project",
        dice.choice(_PLACES),
        dice.choice([*OPEN, "planned", "planned", "done"]),
        owner=dice.choice([None, "ada", "bo"]),
        due=dice.choice([None, None, None, None, -3, 5, 9]),
        start=dice.choice([None, None, None, None, 2, 7]),
        sprints=(dice.choice(world.sprints).name,) if world.sprints and dice.random() < 0.2 else (),
        flagged=dice.random() < 0.1,
        seen=dice.choice(["here"] * 40 + ["missing", "gone"]),
        derived=kind == "feature" and dice.random() < 0.05,
        unmapped=dice.random() < 0.02,
        words=(dice.choice(["type: Epos", "due_on: soon", "priority: P0"]),) if dice.random() < 0.05 else (),
    )
