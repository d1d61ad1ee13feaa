"""Random dates, hours and work under way, added to a random world by dice of their own."""

from __future__ import annotations

import random
from dataclasses import replace

from tests.worlds import Item, Sprint, World

DAYS = (None, None, None, -10, -4, -1, 0, 3, 8, 15)


def with_work(world: World, seed: int) -> World:
    """The world with work that has dates, and with sprints that nobody closed."""
    dice = random.Random(f"work {seed}")
    items = tuple(_dated(dice, item) for item in world.items)
    forgotten = tuple(
        Sprint(name, state=state, start=-40, end=dice.choice((-1, -2, -3, -4, -9, 0)))
        for name, state in (("OLD", "active"), ("NEVER", "future"))
        if dice.random() < 0.2
    )
    return replace(world, items=items, sprints=(*world.sprints, *forgotten))


def _dated(dice: random.Random, item: Item) -> Item:
    return replace(
        item,
        start=dice.choice(DAYS),
        points=item.points if dice.random() < 0.6 else None,
        minutes=item.minutes if dice.random() < 0.6 else None,
    )
