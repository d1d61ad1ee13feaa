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
    return Fraction(0) if value is None or _below(see, item, unit) else Fraction(str(value))


def sprint_not_closed(world: World) -> Answer:
    see = Oracle(world)
    found, gaps = set(), set()
    for sprint in world.sprints:
        if sprint.state == "closed":
            continue
        if see.blind(sprint.scope):
            gaps.add(sprint.scope)
        elif sprint.end is not None and sprint.end < 0:
            later = [TODAY - timedelta(days=day) for day in range(-sprint.end)]
            if sum(day.isoweekday() <= 5 for day in later) > 1:
                found.add((sprint.name, ()))
    return found, gaps


def sprint_work_without_estimate(world: World) -> Answer:
    see = Oracle(world)
    active = {sprint.name for sprint in world.sprints if sprint.state == "active"}
    counted = _counted(see)
    estimated = {name for item in counted if _has_estimate(see, item) for name in (*item.sprints, *item.past)}
    tasks = [item for item in see.items if item.kind == "task"]
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for item in counted:
        inside = active & set(item.sprints)
        if item.seen != "here" or not item.is_open or not inside or _has_estimate(see, item):
            continue
        if item.derived or not inside & estimated:
            unsure.add(item.ref)
        if not item.derived and inside & estimated:
            found[item.ref] = ()
    return see.sum_up(found, unsure, tasks, lambda label: see.blind(label, "points minutes"))


def _has_estimate(see: Oracle, item: Item) -> bool:
    """Whether it or something below it says how much it is, or its parent does for it. Under a parent for which nobody
    does, it is the parent's that is missing.
    """
    units = ("points", "minutes")
    if any(getattr(item, unit) is not None or _below(see, item, unit) for unit in units):
        return True
    parent = _over(see, item)
    if parent is None:
        return False
    covers = any(getattr(parent, unit) is not None and not _below(see, parent, unit) for unit in units)
    return covers or not any(_below(see, parent, unit) for unit in units)


def _below(see: Oracle, top: Item, unit: str) -> bool:
    return any(
        getattr(one, unit) is not None and top in _chain(see, one)[1:] for one in _counted(see) if one is not top
    )


ORACLES: dict[str, Rule] = {
    "sprint-not-closed": sprint_not_closed,
    "sprint-work-without-estimate": sprint_work_without_estimate,
    "sprint-over-capacity": sprint_over_capacity,
}
