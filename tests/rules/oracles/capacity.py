"""What the rules about capacity mean, said naively."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from tests.rules.oracles.seen import Answer, Oracle, Rule
from tests.worlds import TODAY, Item, Sprint, World


def sprint_over_capacity(world: World) -> Answer:
    see = Oracle(world)
    found, gaps = set(), set()
    for sprint in world.sprints:
        if sprint.state == "closed":
            continue
        blind = see.blind(sprint.scope, "points minutes")
        loads = [_load(see, sprint, unit) for unit in ("points", "minutes")]
        units = [unit for unit, (planned, given) in zip(("points", "minutes"), loads, strict=True) if planned or given]
        if blind or (units and not see.scope(sprint.scope).mapped & set(units)):
            gaps.add(sprint.scope)
            continue
        known = [(planned, capacity) for planned, capacity in loads if capacity]
        if any(planned * 100 > capacity * 110 for planned, capacity in known):
            found.add((sprint.name, ()))
        if not known and any(planned for planned, _ in loads):
            gaps.add(sprint.scope)
    return found, gaps


def _load(see: Oracle, sprint: Sprint, unit: str) -> tuple[Fraction, Fraction | None]:
    inside = [item for item in _counted(see) if sprint.name in _sprints(see, item)]
    planned = sum((_own(see, item, unit) for item in inside), Fraction(0))
    team = next((team for team in see.world.teams if f"{sprint.connection}/{sprint.board}" in team.boards), None)
    if team and unit in team.capacity:
        return planned, Fraction(str(team.capacity[unit]))
    weekly = [person.weekly_minutes for person in see.world.people if team and person.key in team.members]
    if unit == "minutes" and weekly and None not in weekly and sprint.start is not None and sprint.end is not None:
        days = [TODAY + timedelta(days=day) for day in range(sprint.start, sprint.end + 1)]
        worked = sum(day.isoweekday() <= 5 for day in days)
        return planned, Fraction(int(sum(Fraction(minutes or 0, 5) * worked for minutes in weekly)))
    closed = sorted((one for one in see.world.sprints if one.state == "closed"), key=lambda one: -(one.start or 0))[:3]
    if len(closed) < 3:
        return planned, None
    done = sum(
        (
            _own(see, item, unit)
            for one in closed
            for item in _counted(see)
            if one.name in (*item.sprints, *item.past)
            and item.status == "done"
            and item.done is not None
            and (one.start or 0) <= item.done <= (one.closed or 0)
        ),
        Fraction(0),
    )
    return planned, Fraction(str(round(float(done / 3), 1)))


def _counted(see: Oracle) -> list[Item]:
    return [item for item in see.items if item.kind == "task" and item.status != "dropped" and see.counts(item)]


def _over(see: Oracle, item: Item) -> Item | None:
    """The task that counts for what an item is first of all a part of."""
    for ref in see.parents[item.ref][:1]:
        for one in _counted(see):
            if one.ref in see.twins[ref] and one is not item:
                return one
    return None


def _chain(see: Oracle, item: Item) -> list[Item]:
    chain = [item]
    while (parent := _over(see, chain[-1])) is not None and parent not in chain:
        chain.append(parent)
    return chain


def _sprints(see: Oracle, item: Item) -> tuple[str, ...]:
    return next((one.sprints for one in _chain(see, item) if one.sprints), ())


def _own(see: Oracle, item: Item, unit: str) -> Fraction:
    """The estimate of an item, unless something below it is estimated."""
    value = getattr(item, unit)
    below = any(
        getattr(one, unit) is not None and item in _chain(see, one)[1:] for one in _counted(see) if one is not item
    )
    return Fraction(0) if value is None or below else Fraction(str(value))


ORACLES: dict[str, Rule] = {
    "sprint-over-capacity": sprint_over_capacity,
}
