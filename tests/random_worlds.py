"""Random small worlds, the same for a seed: what hand-written cases do not think of."""

from __future__ import annotations

import random
from typing import Any

from syncbot.model import KnownPerson, Team
from tests.random_chains import with_chains
from tests.random_features import with_features
from tests.random_work import with_work
from tests.worlds import EVERYTHING, OPEN, STATUSES, Item, Scope, Sprint, World

PLACES = ("roadmap/BOARD", "delivery/PAY", "delivery/RISK")


def random_world(seed: int) -> World:
    """A world of up to two dozen items in every state that the rules tell apart."""
    dice = random.Random(seed)
    sprints = tuple(
        Sprint(name, state=state, start=start, end=start + 13, closed=start + 13 if state == "closed" else None)
        for name, state, start in (
            ("S1", "closed", -49),
            ("S2", "closed", -35),
            ("S3", "closed", -21),
            ("S4", "active", -7),
            ("S5", "future", 7),
        )
        if dice.random() < 0.9
    )
    refs = [f"I{number}" for number in range(dice.randint(2, 24))]
    items = tuple(_random_item(dice, ref, refs, [sprint.name for sprint in sprints]) for ref in refs)
    items = (*items, *(one for number in range(dice.randint(0, 2)) for one in _twins(dice, number)))
    sides = {"roadmap/BOARD": "product", "delivery/PAY": "project", "delivery/RISK": dice.choice(["project", None])}
    fields = dice.choice([EVERYTHING] * 6 + [EVERYTHING - {"owner"}, EVERYTHING - {"points", "minutes"}])
    scopes = tuple(
        Scope(label, sides[label], dice.choice([1] * 30 + [48, -1]), fields if label != "delivery/RISK" else EVERYTHING)
        for label in PLACES
    )
    people = tuple(
        KnownPerson(key, accounts={"delivery": key, "roadmap": key}, weekly_minutes=dice.choice([2400, 1920, None]))
        for key in ("ada", "bo")
    )
    capacity: dict[str, float] = dice.choice([{}, {"points": 5}, {"minutes": 200}, {"points": 2, "minutes": 600}])
    teams = (Team("pay", ("ada", "bo"), "bo", ("delivery/PAY board",), capacity),) if dice.random() < 0.9 else ()
    unread = {"later": dice.choice(["project", "product", None])} if dice.random() < 0.05 else {}
    world = World(items, scopes, sprints, people, teams, unread=unread)
    for more in (with_features, with_chains, with_work):
        world = more(world, seed)
    return world


def _random_item(dice: random.Random, ref: str, refs: list[str], sprints: list[str]) -> Item:
    scope = dice.choice(PLACES)
    kind = dice.choice(
        ["feature", "feature", "task"] if scope == "roadmap/BOARD" else ["feature", "task", "task", "task"]
    )
    status = dice.choice(STATUSES)
    others = [one for one in refs if one != ref]

    def pick(chance: float) -> tuple[str, ...]:
        return (dice.choice(others),) if others and dice.random() < chance else ()

    parent = pick(0.4)
    return Item(
        ref,
        "goal" if dice.random() < 0.05 else kind,
        dice.choice([None, None, "product", "project"])
        if kind == "task"
        else "product"
        if scope == "roadmap/BOARD"
        else "project",
        scope,
        status,
        dice.choice([None, None, "ada", "bo", "cy"]),
        dice.choice([(), (), (), ("ada",), ("ada", "bo")]),
        dice.choice([None, None, 5, -3, 9, 12]),
        dice.choice([-1, -30, -89, -90, -91, -200]) if status in {"done", "dropped"} else None,
        dice.choice([None, 0.5, 1, 2, 3, 5.5]),
        dice.choice([None, None, 60, 240, 480]),
        parent[0] if parent else None,
        pick(0.4),
        pick(0.1),
        pick(0.1),
        *_random_sprints(dice, sprints, closed=status == "done"),
        dice.choice(["here"] * 14 + ["missing", "gone"]),
        dice.choice([None] * 8 + [True, False]),
        kind == "feature" and dice.random() < 0.05,
        dice.random() < 0.1,
        dice.random() < 0.05,
    )


def _twins(dice: random.Random, number: int) -> tuple[Item, ...]:
    """A card, and the epics that deliver it."""
    card = Item(f"C{number}", "feature", "product", "roadmap/BOARD", **_stage(dice), derived=dice.random() < 0.1)
    epics = [
        Item(f"E{number}.{at}", "feature", "project", dice.choice(PLACES[1:]), **_stage(dice), names=(card.ref,))
        for at in range(dice.choice([1, 1, 1, 2, 3]))
    ]
    return (card, *epics)


def _stage(dice: random.Random) -> dict[str, Any]:
    """How far something is, and when it shall be done."""
    status = dice.choice([*OPEN, "doing", "done"])
    return {
        "status": status,
        "done": dice.choice([-1, -30, -91]) if status == "done" else None,
        "due": dice.choice([None, 5, 8, 9, 12, 30]),
        "owner": dice.choice([None, "ada", "bo", "cy"]),
        "seen": dice.choice(["here"] * 20 + ["missing", "gone"]),
    }


def _random_sprints(
    dice: random.Random, sprints: list[str], *, closed: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sprint that it is in and those that it was in; what is done is mostly in closed ones."""
    now = [one for one in sprints if closed == (one in {"S1", "S2", "S3"})] or sprints
    current = tuple(dice.sample(now, 1)) if now and dice.random() < 0.6 else ()
    before = [one for one in sprints if one not in current]
    return current, tuple(dice.sample(before, 1)) if before and dice.random() < 0.2 else ()
