"""Random dates, hours and work under way, added to a random world by dice of their own."""

from __future__ import annotations

import random
from dataclasses import replace

from msgspec.structs import replace as replace_struct

from tests.worlds import Item, Sprint, World

DAYS = (None, None, None, -10, -4, -1, 0, 3, 8, 15)


def with_work(world: World, seed: int) -> World:
    """The world with work that has dates and hours, with busy people, and with sprints that nobody closed."""
    dice = random.Random(f"work {seed}")
    items = tuple(_dated(dice, item) for item in world.items)
    forgotten = tuple(
        Sprint(name, state=state, start=-40, end=dice.choice((-1, -2, -3, -4, -9, 0)))
        for name, state in (("OLD", "active"), ("NEVER", "future"))
        if dice.random() < 0.35
    )
    away = (("2026-11-25", "2026-12-02"), ("2026-12-10", "2026-12-10"))
    people = tuple(replace_struct(one, away=away[: dice.randint(0, 2)]) for one in world.people)
    items = (*items, *_busy(dice), *_long(dice))
    if dice.random() < 0.2:
        items = (*(_asked_for(item) for item in items), Item("ROOF", "feature", "product", "roadmap/BOARD", "doing"))
    return replace(world, items=items, sprints=(*world.sprints, *forgotten), people=people)


def _dated(dice: random.Random, item: Item) -> Item:
    return replace(
        item,
        start=dice.choice(DAYS),
        points=item.points if dice.random() < 0.6 else None,
        minutes=item.minutes if dice.random() < 0.6 else None,
        created=dice.choice((None, -60, -9)),
        parent="UNREAD" if item.parent is None and dice.random() < 0.1 else item.parent,
    )


def _asked_for(item: Item) -> Item:
    return replace(item, names=(*item.names, "ROOF")) if item.kind == "task" else item


def _busy(dice: random.Random) -> tuple[Item, ...]:
    """What one person is in the midst of, some of it twice or as a part of something."""
    many = dice.choice((0, 0, 5, 6, 7, 9))
    return tuple(
        Item(
            f"B{number}",
            "feature" if dice.random() < 0.05 else "task",
            scope=dice.choice(("delivery/PAY", "delivery/PAY", "roadmap/BOARD")),
            status="doing" if dice.random() < 0.95 else "paused",
            owner="ada" if dice.random() < 0.95 else "cy",
            parent=f"B{number - 1}" if number and dice.random() < 0.1 else None,
            twins=(f"B{number - 2}",) if number > 1 and dice.random() < 0.1 else (),
            seen=dice.choice(("here",) * 40 + ("missing", "gone")),
        )
        for number in range(many)
    )


def _long(dice: random.Random) -> tuple[Item, ...]:
    """Work of some weeks, or of more than a week holds."""
    return tuple(
        Item(
            f"L{number}",
            scope=dice.choice(("delivery/PAY", "delivery/PAY", "roadmap/BOARD")),
            status=dice.choice(("ready", "doing", "doing", "paused", "done")),
            owner=dice.choice(("ada", "bo", None)),
            on=dice.choice(((), (), ("bo",), ("ada", "cy"))),
            minutes=dice.choice((300, 1201, 2905, 4800)),
            start=dice.choice((None, -9, 0, 0, 0, 5, 7)),
            started=dice.choice((None, -5)),
            created=dice.choice((None, -20)),
            due=dice.choice((None, 4, 4, 4, 6, 11, 25, 40)),
            left=dice.choice((None, None, None, 0, 900)),
            spent=dice.choice((None, None, None, 100, 5000)),
            parent=f"L{number - 1}" if number and dice.random() < 0.2 else None,
        )
        for number in range(dice.choice((0, 3, 4, 6)))
    )
