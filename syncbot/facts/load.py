"""What each sprint holds and what its team can give, unit by unit: points against points, hours against hours.

Capacity is what the config says; else the members' weekly hours over the working days, less absences; else the mean of
what that board's last three closed sprints completed; else nobody can tell.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from syncbot.facts.calendar import EVERYWHERE, Workdays
from syncbot.facts.effort import Counted, Effort, ancestors
from syncbot.facts.rows import day, on_day, settle, tuples
from syncbot.model import KnownPerson, Team

NO_CAPACITY = "no capacity is known"
HISTORY = 3
"""How many closed sprints of a board tell what it can complete."""

_WEEKDAYS = 5
_NUMBER = re.compile(r"\d+")
_DIGITS = 4  # of a count; what has more is a date or an id


class Sprint(NamedTuple):
    """As much of a sprint as its load depends on."""

    id: int
    connection: str
    board: str
    state: str
    team: str | None
    start_day: int | None
    end_day: int | None
    closed_day: int | None


class Planned(NamedTuple):
    """What a sprint holds in one unit: how much, how much of it off the roadmap, and of how many tasks it is known."""

    total: float
    off: float
    estimated: int
    unestimated: int

    def columns(self) -> tuple[Any, ...]:
        """The row's columns, from planned on."""
        percent = percentage(self.off, self.total) if self.total > 0 else None
        return self.total, self.estimated, self.unestimated, self.off, percent


_SPRINTS = text("""
    select s.id, s.connection, s.board, s.state, t.key, s.start_day, s.end_day, s.closed_day
    from sprint s left join team t on t.id = s.team_id where s.is_known order by s.id""")
_INSIDE = """
    select x.item_id, x.sprint_id, e.item_id is not null
    from item_sprint x left join effort e on e.item_id = x.item_id
    where x.is_current order by x.item_id, x.sprint_id"""
_ESTIMATES = """
    select distinct e.item_id, e.points, e.minutes from item_sprint x join effort e on e.item_id = x.item_id
    where x.is_current"""
# Work of features that are committed or done, and of goals; what points to something that is not read may be such work.
_ON_ROADMAP = """
    select coalesce(p.counted_id, i.id)
    from item i
    left join twin p on p.id = i.id
    left join feature f on f.id = i.feature_id
    left join item h on h.id = f.id
    where i.kind = 'task' and i.seen <> 'gone' and (f.is_committed or h.status = 'done'
        or (f.id is null and i.goal_id is not null) or i.leads_up)"""
_DONE = """
    select x.sprint_id, i.done_day, e.points, e.minutes
    from sprint s join item_sprint x on x.sprint_id = s.id
    join item i on i.id = x.item_id join effort e on e.item_id = i.id
    where s.state = 'closed' and i.status = 'done' and i.done_day is not null"""


def build(
    db: Connection,
    counted: Counted,
    people: Sequence[KnownPerson],
    teams: Sequence[Team],
    regions: Mapping[str, Workdays],
) -> None:
    """Fill sprint_load for the sprints that are not closed."""
    known = {team.key: team for team in teams}
    sprints = [Sprint(*row) for row in db.execute(_SPRINTS)]
    held_by = inside(counted, tuples(db, _INSIDE))
    efforts = {number: counted.of(number, *estimates) for number, *estimates in tuples(db, _ESTIMATES)}
    history = _History(db, sprints)
    giving = {person.key: person for person in people}
    looked_at = {number for several in held_by.values() for number in several} | counted.efforts.keys()
    asked = {number for (number,) in tuples(db, _ON_ROADMAP) if number in looked_at}
    rows: list[tuple[Any, ...]] = []
    for sprint in sprints:
        if sprint.state == "closed":
            continue
        team = known.get(sprint.team or "")
        held = [efforts.get(number) or counted.efforts[number] for number in held_by[sprint.id]]
        off = {one.id for one in held if asked.isdisjoint((one.id, *ancestors(one.id, counted.parents)))}
        rows += _rows(sprint, held, off, _capacities(sprint, team, giving, regions, history))
    columns = (
        *("planned", "estimated", "unestimated", "off_roadmap", "off_percent"),
        *("capacity", "capacity_from", "percent", "unknown"),
    )
    settle(db, "sprint_load", ("sprint_id", "unit"), columns, rows)


def inside(
    counted: Counted, held: Iterable[tuple[int, int, bool]], under: Iterable[tuple[int, int]] = ()
) -> defaultdict[int, list[int]]:
    """The tasks that count, by what holds them.

    ``held``: items, each with its holder and whether it is such a task; ``under``: such tasks with their features. A
    task without a holder is in that of the task above it, or else of its feature.
    """
    own: defaultdict[int, list[int]] = defaultdict(list)
    found: defaultdict[int, list[int]] = defaultdict(list)
    for item, holder, counts in held:
        own[item].append(holder)
        if counts:
            found[holder].append(item)
    with_others: dict[int, int] = {}
    for number in counted.parents.keys() - own.keys():
        if (nearest := next((one for one in ancestors(number, counted.parents) if one in own), None)) is not None:
            with_others[number] = nearest
    for number, feature in under:
        if feature in own and number not in own:
            with_others.setdefault(number, feature)
    for number, nearest in with_others.items():
        for holder in own[nearest]:
            found[holder].append(number)
    return found


def _rows(
    sprint: Sprint, held: Sequence[Effort], off: AbstractSet[int], capacities: Mapping[str, tuple[float, str]]
) -> list[tuple[Any, ...]]:
    """One row for each unit that can be judged; where none can, one that says so for each unit that is used."""
    rows: list[tuple[Any, ...]] = []
    for unit in ("points", "minutes"):
        planned = _planned(held, off, unit)
        if unit in capacities:
            capacity, source = capacities[unit]
            percent = percentage(planned.total, capacity)
            rows.append((sprint.id, unit, *planned.columns(), capacity, source, percent, None))
        elif planned.total and not capacities:
            rows.append((sprint.id, unit, *planned.columns(), None, None, None, NO_CAPACITY))
    return rows


def _planned(held: Sequence[Effort], off: AbstractSet[int], unit: str) -> Planned:
    told = {effort.id: Fraction(str(value)) for effort in held if (value := getattr(effort, unit)) is not None}
    outside = sum(value for number, value in told.items() if number in off)
    unestimated = sum(unit in effort.unestimated for effort in held)
    return Planned(float(sum(told.values())), float(outside), len(told), unestimated)


def percentage(planned: float, capacity: float) -> int:
    """Planned of capacity in percent, rounded up, so that it exceeds a whole limit only if the true share does."""
    return ceil(Fraction(str(planned)) * 100 / Fraction(str(capacity)))


def _capacities(
    sprint: Sprint,
    team: Team | None,
    people: Mapping[str, KnownPerson],
    regions: Mapping[str, Workdays],
    history: _History,
) -> dict[str, tuple[float, str]]:
    """What can be given in this sprint, and where that is known from, by unit."""
    found: dict[str, tuple[float, str]] = {}
    for unit in ("points", "minutes"):
        configured = team.capacity.get(unit) if team else None
        if configured is not None:
            found[unit] = (float(configured), "config")
        elif unit == "minutes" and (minutes := _of_people(sprint, team, people, regions)):
            found[unit] = (float(minutes), "people")
        elif (mean := history.mean(sprint, unit)) is not None:
            found[unit] = (mean, "history")
    return {unit: told for unit, told in found.items() if told[0] > 0}


def _of_people(
    sprint: Sprint, team: Team | None, people: Mapping[str, KnownPerson], regions: Mapping[str, Workdays]
) -> int | None:
    """The members' minutes on the working days of the sprint; None unless every member's are known."""
    if team is None or sprint.start_day is None or sprint.end_day is None:
        return None
    members = [people[key] for key in team.members if key in people]
    hours = [member.weekly_minutes for member in members]
    if not members or None in hours:
        return None
    days = [on_day(number) for number in range(sprint.start_day, sprint.end_day + 1)]
    minutes = Fraction(0)
    for member in members:
        region = regions.get(member.region or EVERYWHERE, regions[EVERYWHERE])
        worked = sum(region.works(on) and not _away(member, on) for on in days)
        minutes += Fraction(member.weekly_minutes or 0, _WEEKDAYS) * worked
    return int(minutes)


def _away(person: KnownPerson, on: date) -> bool:
    return any(first <= on.isoformat() <= last for first, last in person.away)


class _History:
    """What closed sprints completed: the work in them that was done between their start and their close."""

    def __init__(self, db: Connection, sprints: Sequence[Sprint]) -> None:
        closed = [sprint for sprint in sprints if sprint.state == "closed" and sprint.start_day is not None]
        self.last: defaultdict[tuple[str, str], list[Sprint]] = defaultdict(list)
        for sprint in sorted(closed, key=lambda one: (one.start_day or 0, one.id), reverse=True):
            of_board = self.last[sprint.connection, sprint.board]
            if len(of_board) < HISTORY and sprint.board:
                of_board.append(sprint)
        wanted = {sprint.id: sprint for several in self.last.values() for sprint in several}
        self.completed: defaultdict[tuple[int, str], Fraction] = defaultdict(Fraction)
        if not wanted:
            return
        for sprint, done_day, points, minutes in tuples(db, _DONE):
            ended = wanted.get(sprint)
            if ended and _within(done_day, ended):
                self.completed[ended.id, "points"] += Fraction(str(points or 0))
                self.completed[ended.id, "minutes"] += Fraction(minutes or 0)

    def mean(self, sprint: Sprint, unit: str) -> float | None:
        """The mean of the board's last three closed sprints; None if there are fewer."""
        closed = self.last.get((sprint.connection, sprint.board), [])
        if len(closed) < HISTORY:
            return None
        return round(float(sum(self.completed[one.id, unit] for one in closed) / HISTORY), 1)


def _within(done_day: int, sprint: Sprint) -> bool:
    end = sprint.closed_day if sprint.closed_day is not None else sprint.end_day
    return end is not None and (sprint.start_day or 0) <= done_day <= end


def dates(db: Connection, teams: Sequence[Team], today: date) -> None:
    """Give dates to sprints whose tool has none, from their team's: sprint 1 begins at its ``sprints_first``."""
    known = {team.key: team for team in teams if team.sprints_first and team.sprints_weeks}
    found = db.execute(
        text(
            "select s.id, s.name, t.key from sprint s join team t on t.id = s.team_id where s.is_derived and s.is_known"
        )
    )
    for row in found.all():
        team, number = known.get(row.key), _NUMBER.findall(row.name)
        if team is None or not number or len(number[-1]) > _DIGITS:
            continue
        length = timedelta(weeks=team.sprints_weeks or 1)
        start = date.fromisoformat(team.sprints_first or "") + length * (int(number[-1]) - 1)
        end = start + length - timedelta(days=1)
        state = "future" if today < start else "active" if today <= end else "closed"
        values = {
            "id": row.id,
            "state": state,
            "start_on": start.isoformat(),
            "start_day": day(start),
            "end_on": end.isoformat(),
            "end_day": day(end),
            "closed_day": day(end) if state == "closed" else None,
        }
        assigned = ", ".join(f"{name} = :{name}" for name in values if name != "id")
        changed = "id = :id and (state <> :state or coalesce(start_on, '') <> :start_on)"
        db.execute(text(f"update sprint set {assigned} where {changed}"), values)
