"""Random features on both sides and the people who have them, added to a random world by dice of their own."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from syncbot.model import KnownPerson, Side
from tests.worlds import Item, World

EVERYBODY = ("ada", "bo", "cy")


def with_features(world: World, seed: int) -> World:
    """The world with goals, with pairs of a card and its epic that mostly belong to one person, and with their work."""
    dice = random.Random(f"features {seed}")
    goals = tuple(_goal(dice, number) for number in range(dice.choice((0, 3, 5))))
    sprints = [sprint.name for sprint in world.sprints if sprint.state != "closed"]
    pairs = tuple(
        item
        for number in range(dice.choice((0, 5, 7, 8)))
        for item in (*_pair(dice, number, [goal.ref for goal in goals]), *_work(dice, number, sprints))
    )
    roles: tuple[tuple[Side, ...], ...] = ((), (), (), ("product",), ("product", "project"))
    people = [
        KnownPerson(one.key, accounts=one.accounts, weekly_minutes=one.weekly_minutes, roles=dice.choice(roles))
        for one in world.people
    ]
    if dice.random() < 0.3:
        people.append(KnownPerson("cy", accounts={"delivery": "cy"}))
    # Priorities are kept or they are not: a board with a few of them has none that count.
    kept = dice.random() < 0.8
    items = tuple(
        replace(item, priority=dice.choice((1, 2, 2, 3, 4))) if kept and item.kind == "feature" else item
        for item in (*world.items, *goals, *pairs)
    )
    return replace(world, items=items, people=tuple(people), accounts=tuple(_accounts(dice)))


def _goal(dice: random.Random, number: int) -> Item:
    status = dice.choice(("planned", "planned", "planned", "doing", "paused", "done", "dropped"))
    derived, unmapped = dice.random() < 0.15, dice.random() < 0.1
    names = ("NOWHERE",) if dice.random() < 0.1 else ()
    twins = (f"GOAL{number - 1}",) if number and dice.random() < 0.15 else ()
    scope, seen = "roadmap/BOARD", dice.choice(["here"] * 9 + ["missing"])
    return Item(
        f"GOAL{number}", "goal", None, scope, status, names=names, twins=twins, seen=seen, derived=derived,
        unmapped=unmapped,
    )  # fmt: skip


def _pair(dice: random.Random, number: int, goals: list[str]) -> tuple[Item, Item]:
    card, epic = f"CARD{number}", f"EPIC{number}"
    owner = dice.choice(("ada",) * 5 + ("bo", "cy"))
    lead = owner if dice.random() < 0.8 else "ada" if owner == "bo" else "bo"
    planned = Item(card, "feature", "product", "roadmap/BOARD", dice.choice(_STATUSES), owner, _sometimes(dice, "bo"))
    return (
        replace(
            planned,
            parent=dice.choice(goals) if goals and dice.random() < 0.7 else None,
            names=(dice.choice(goals),) if goals and dice.random() < 0.2 else (),
            priority=dice.choice((1, None, None)),
            start=dice.choice((None, None, None, -3, 20, 40)),
            flagged=dice.random() < 0.05,
            requires=dice.choice(((), (), ("legal",), ("legal", "security"))),
        ),
        Item(
            epic, "feature", "project", "delivery/PAY", dice.choice(_STATUSES), lead, names=(card,),
            parent="AWAY" if dice.random() < 0.1 else None,
        ),
    )  # fmt: skip


def _work(dice: random.Random, number: int, sprints: list[str]) -> tuple[Item, ...]:
    """Up to three tasks of an epic; some are of a function, in a sprint, in another project, or of another epic too."""
    return tuple(
        Item(
            f"TASK{number}.{place}",
            scope=dice.choice(("delivery/PAY", "delivery/PAY", "delivery/RISK")),
            status=dice.choice(("planned", "planned", "planned", "doing", "done", "paused")),
            on=dice.choice(((), ("bo",), ("bo",), ("bo", "cy"))),
            parent=f"EPIC{number}",
            names=(f"CARD{number - 1}",) if number and dice.random() < 0.1 else (),
            sprints=(dice.choice(sprints),) if sprints and dice.random() < 0.2 else (),
            flagged=dice.random() < 0.05,
            function=dice.choice((None, None, None, "legal")),
        )
        for place in range(dice.choice((0, 1, 1, 2, 3)))
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
