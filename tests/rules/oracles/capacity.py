"""What the rules about capacity mean, said naively."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from tests.rules.oracles.people import People
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


def person_overloaded(world: World) -> Answer:
    see, who = Oracle(world), People(world)
    planned, doubted = _planned(see, who)
    found, gaps = set(), set()
    for (person, monday), parts in planned.items():
        weekly = who.known[person].weekly_minutes if person in who.known else None
        minutes = (parts + 500) // 1000
        if who.is_bot(person) or who.there(person) is False or monday > TODAY + timedelta(days=28):
            continue
        if (person, monday) in doubted or (weekly is None and minutes):
            gaps.add(None)
        elif weekly is not None:
            days = [monday + timedelta(days=one) for one in range(7)]
            if minutes * 100 > weekly * sum(_works(who, person, day) for day in days) // 5 * 110:
                found.add((who.name(person), ()))
    return found, gaps


def _planned(see: Oracle, who: People) -> tuple[dict[tuple[str, date], int], set[tuple[str, date]]]:
    """Thousandths of minutes by person and Monday, and those that stand on what was not read or not found."""
    planned: defaultdict[tuple[str, date], int] = defaultdict(int)
    doubted = set()
    for item in _counted(see):
        span = next((one for part in _chain(see, item) if part.is_open and (one := _span(see, part))), None)
        on = next((one for part in _chain(see, item) if part.is_open and (one := _on(who, part))), [])
        if span is None or not item.is_open or item.status == "paused":
            continue
        minutes, span = _left(item, int(_own(see, item, "minutes")), span)
        for person in on:
            for monday, part in _weeks(who, person, span, minutes, len(on)):
                planned[person, monday] += part
                if part and (item.seen == "missing" or see.stale(see.scope(item.scope))):
                    doubted.add((person, monday))
    return planned, doubted


def _on(who: People, item: Item) -> list[str]:
    """The person of each account on it."""
    return [who.person(item.tool, one) for one in dict.fromkeys((item.owner, *item.on)) if one]


def _works(who: People, person: str, day: date) -> bool:
    away = who.known[person].away if person in who.known else ()
    return day.isoweekday() <= 5 and not any(first <= day.isoformat() <= last for first, last in away)


def _span(see: Oracle, item: Item) -> list[date] | None:
    """The days on which it is worked on."""
    running = [one for one in see.world.sprints if one.name in item.sprints and one.state != "closed"]
    sprint = min((one for one in running if None not in {one.start, one.end}), key=lambda one: one.start, default=None)
    end = item.due if item.due is not None else sprint.end if sprint else None
    begins = (item.start, item.started, sprint.start if sprint else None, item.created)
    begin = next((one for one in begins if one is not None and end is not None and one <= end), None)
    if begin is None or end is None:
        return None
    return [TODAY + timedelta(days=day) for day in range(begin, end + 1)]


def _left(item: Item, minutes: int, span: list[date]) -> tuple[int, list[date]]:
    """What is left of it and when: what a tool counts down is left for the days from this Monday on."""
    if item.left is None and item.spent is None:
        return minutes, span
    left = item.left if item.left is not None else minutes - (item.spent or 0)
    return max(left, 0) if minutes > 0 else 0, [day for day in span if day >= TODAY]  # a Monday


def _weeks(who: People, person: str, span: list[date], minutes: int, people: int) -> Iterator[tuple[date, int]]:
    """A person's part of the minutes in each week from this one on, in thousandths, rounded down."""
    working = [day for day in span if _works(who, person, day)]
    working = working or [day for day in span if day.isoweekday() <= 5] or span
    for monday in {day - timedelta(days=day.weekday()) for day in working if day >= TODAY}:
        here = sum(monday <= day < monday + timedelta(days=7) for day in working)
        yield monday, minutes * 1000 * here // (len(working) * people) if minutes > 0 else 0


def sprint_off_roadmap(world: World) -> Answer:
    see = Oracle(world)
    known = {item.ref for item in world.items}
    found, gaps = set(), set()
    for sprint in world.sprints:
        if sprint.state == "closed":
            continue
        blind = see.blind(sprint.scope, "points minutes", other_side=True, product=True)
        if blind or see.belongs_nowhere(sprint.scope):
            gaps.add(sprint.scope)
            continue
        loads = {unit: _load(see, sprint, unit) for unit in ("points", "minutes")}
        judged = [unit for unit, (_, capacity) in loads.items() if capacity]
        for unit in judged or loads:
            held = [item for item in _counted(see) if sprint.name in _sprints(see, item)]
            off = sum((_own(see, one, unit) for one in held if not _is_asked_for(see, one, known)), Fraction(0))
            if loads[unit][0] <= 0 or off * 100 <= loads[unit][0] * 40:
                continue
            told = [one for one in held if getattr(one, unit) is not None and not _below(see, one, unit)]
            if sum(_lacks(see, one, unit) for one in held) > len(told):
                gaps.add(sprint.scope)
            else:
                found.add((sprint.name, ()))
    return found, gaps


def _is_asked_for(see: Oracle, item: Item, known: set[str]) -> bool:
    """Whether the roadmap wants it, or may want it."""
    for task in (twin for one in _chain(see, item) for twin in see.group(one) if twin.kind == "task"):
        feature = _nearest(see, task)
        if feature is None and any(see.by_ref[ref].kind == "goal" for ref in see.above(task)):
            return True
        if feature is not None and (see.committed(feature) or feature.status == "done"):
            return True
        if not known.issuperset(see.pointers(task)):
            return True
    return False


def _nearest(see: Oracle, item: Item) -> Item | None:
    """The nearest of the features above it: level by level, each level in its own order."""
    level, seen = [item.ref], set()
    while level:
        following = []
        for ref in level:
            if ref in seen:
                continue
            seen.add(ref)
            if see.by_ref[ref].kind == "feature":
                return see.head(see.by_ref[ref])
            following += [*see.parents[ref], *(one.ref for one in see.group(see.by_ref[ref]))]
        level = following
    return None


def _lacks(see: Oracle, item: Item, unit: str) -> bool:
    """Whether it has no estimate in this unit, and nothing below or above it says it."""
    if getattr(item, unit) is not None or _below(see, item, unit):
        return False
    parent = _over(see, item)
    return parent is None or _below(see, parent, unit)


def _load(see: Oracle, sprint: Sprint, unit: str) -> tuple[Fraction, Fraction | None]:
    inside = [item for item in _counted(see) if sprint.name in _sprints(see, item)]
    planned = sum((_own(see, item, unit) for item in inside), Fraction(0))
    team = next((team for team in see.world.teams if f"{sprint.connection}/{sprint.board}" in team.boards), None)
    if team and unit in team.capacity:
        return planned, Fraction(str(team.capacity[unit]))
    if unit == "minutes" and (given := _of_members(see, sprint)) is not None:
        return planned, given
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


def _of_members(see: Oracle, sprint: Sprint) -> Fraction | None:
    """The minutes that the team's members work in the sprint, if all of theirs are known."""
    team = next((team for team in see.world.teams if f"{sprint.connection}/{sprint.board}" in team.boards), None)
    weekly = [person.weekly_minutes for person in see.world.people if team and person.key in team.members]
    if not weekly or None in weekly or sprint.start is None or sprint.end is None:
        return None
    days = [TODAY + timedelta(days=day) for day in range(sprint.start, sprint.end + 1)]
    worked = sum(day.isoweekday() <= 5 for day in days)
    return Fraction(int(sum(Fraction(minutes or 0, 5) * worked for minutes in weekly)))


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
    estimated -= {sprint.name for sprint in world.sprints if _wants_what_is_not_mapped(see, sprint)}
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
    return see.sum_up(
        found, unsure, tasks, lambda label: see.blind(label, "points minutes") or see.estimates_nothing(label)
    )


def _wants_what_is_not_mapped(see: Oracle, sprint: Sprint) -> bool:
    if sprint.scope not in {scope.label for scope in see.world.scopes}:
        return False
    for unit in {"points", "minutes"} - see.scope(sprint.scope).mapped:
        team = next((team for team in see.world.teams if f"{sprint.connection}/{sprint.board}" in team.boards), None)
        by_hours = unit == "minutes" and not (team and unit in team.capacity) and _of_members(see, sprint) is not None
        if _load(see, sprint, unit)[1] and not by_hours:
            return True
    return False


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
    "person-overloaded": person_overloaded,
    "sprint-not-closed": sprint_not_closed,
    "sprint-off-roadmap": sprint_off_roadmap,
    "sprint-work-without-estimate": sprint_work_without_estimate,
    "sprint-over-capacity": sprint_over_capacity,
}
