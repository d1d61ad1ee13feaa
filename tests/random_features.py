"""Random features on both sides and the people who have them, added to a random world by dice of their own."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from syncbot.model import KnownPerson, Side
from tests.worlds import Item, World

EVERYBODY = ("ada", "bo", "cy")


def with_features(world: World, seed: int) -> World:
    """The world with pairs of a card and its epic, mostly of one person, and with people who come and go."""
    dice = random.Random(f"features {seed}")
    pairs = tuple(item for number in range(dice.choice((0, 5, 7, 9))) for item in _pair(dice, number))
    roles: tuple[tuple[Side, ...], ...] = ((), (), (), ("product",), ("project",), ("product", "project"))
    people = [
        KnownPerson(one.key, accounts=one.accounts, weekly_minutes=one.weekly_minutes, roles=dice.choice(roles))
        for one in world.people
    ]
    if dice.random() < 0.3:
        people.append(KnownPerson("cy", accounts={"delivery": "cy"}))
    return replace(world, items=(*world.items, *pairs), people=tuple(people), accounts=tuple(_accounts(dice)))


def _pair(dice: random.Random, number: int) -> tuple[Item, Item]:
    card, epic = f"CARD{number}", f"EPIC{number}"
    owner = dice.choice(("ada",) * 5 + ("bo", "cy"))
    lead = owner if dice.random() < 0.8 else "ada" if owner == "bo" else "bo"
    return (
        Item(card, "feature", "product", "roadmap/BOARD", dice.choice(_STATUSES), owner, _sometimes(dice, "bo")),
        Item(epic, "feature", "project", "delivery/PAY", dice.choice(_STATUSES), lead, names=(card,)),
    )


_STATUSES = ("planned", "ready", "doing", "doing", "done")


def _sometimes(dice: random.Random, who: str) -> tuple[str, ...]:
    return (who,) if dice.random() < 0.1 else ()


def _accounts(dice: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "connection": connection,
            "remote_id": who,
            "active": dice.choice((True, True, True, True, True, False, "unknown")),
            "is_bot": who == "cy" and dice.random() < 0.2,
        }
        for connection in ("roadmap", "delivery")
        for who in EVERYBODY
        if dice.random() < 0.7
    ]
