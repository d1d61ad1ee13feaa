"""What each person has planned in each week, summed over every tool, and what they can give: the table person_weeks.

Only open tasks that are estimated in time and have a period count, each once (see `syncbot.facts.effort`), so what is
planned is a lower bound. A task's work is spread evenly over the working days of its period, and shared equally by the
people on it; one without people or dates of its own has those of the task above it.

The period ends on the due date, else with the sprint. It begins on the start date, else when the work was started, else
with the sprint, else on the day the task was made. Where a tool counts what is left, that is spread from this week on.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from syncbot.amounts import hours
from syncbot.facts.calendar import EVERYWHERE, Workdays
from syncbot.facts.effort import Counted, ancestors
from syncbot.facts.rows import day, fetch, on_day, settle, tuples
from syncbot.model import KnownPerson

WEEKS = 13
"""How many weeks are looked at, this one included."""

NO_HOURS = "their weekly hours are not known"
NOT_FOUND = "some of their work was not found when last looked for, which the next look must confirm"

_WEEK, _WEEKDAYS = 7, 5
_FINE = 1000  # parts of a minute, so that what is cut off many shares does not add up

_TASKS = """
    select e.minutes, i.id, i.connection, i.home_scope_id, i.status, i.seen, i.start_day, i.due_day, i.started_day,
        i.created_day, i.left_minutes, i.spent_minutes
    from item i join effort e on e.item_id = i.id
    where i.kind = 'task' and i.is_open and i.seen <> 'gone'"""
_SPRINTS = text("""
    select x.item_id, s.start_day, s.end_day
    from item_sprint x join sprint s on s.id = x.sprint_id
    where x.is_current and s.is_known and s.state <> 'closed' and s.start_day is not null and s.end_day is not null
    order by x.item_id, s.start_day, s.id""")
_PEOPLE = text("""
    select a.item_id, a.person_id from assignee a join item i on i.id = a.item_id
    where i.kind = 'task' and i.is_open order by a.item_id, a.account_id""")
_STALE = text("""
    select s.id, s.connection, t.reason from trust t join scope s on s.id = t.scope_id
    where t.field = '' and not t.complete""")

Period = tuple[int, int]
"""Two days, both inclusive."""

Part = tuple[int, int, int]
"""The Monday of a week, how many of a period's days are in it, and how many the period has."""


class Task(NamedTuple):
    """An open task, as much of it as its weeks depend on."""

    id: int
    connection: str
    scope: int
    status: str
    seen: str
    start_day: int | None
    due_day: int | None
    started_day: int | None
    created_day: int | None
    left_minutes: int | None
    spent_minutes: int | None


class Work(NamedTuple):
    """What is left of a task, when it is worked on and by whom. ``doubt``: why it may not be as it was read."""

    connection: str
    minutes: int
    span: Period
    who: Sequence[int | None]
    doubt: str | None


class Presence:
    """The days on which people of one region work who are away at the same times."""

    def __init__(self, region: Workdays, away: Sequence[tuple[str, str]], weeks: range) -> None:
        off = {on for on in region.holidays if on.isoweekday() <= _WEEKDAYS}
        for first, last in away:
            begin = max(date.fromisoformat(first), region.first)
            span = (min(date.fromisoformat(last), region.last) - begin).days
            off |= {on for on in (begin + timedelta(days=n) for n in range(span + 1)) if on.isoweekday() <= _WEEKDAYS}
        self.off = sorted(map(day, off))
        self._weeks = weeks
        self._parts: dict[Period, tuple[Part, ...]] = {}

    def days(self, first: int, last: int) -> int:
        """How many days they work from one day to another."""
        return weekdays(first, last) - (bisect_right(self.off, last) - bisect_left(self.off, first))

    def parts(self, span: Period) -> tuple[Part, ...]:
        """The weeks that a period reaches. Of absences and weekends only, any day counts."""
        if span not in self._parts:
            self._parts[span] = tuple(self._divide(*span))
        return self._parts[span]

    def _divide(self, first: int, last: int) -> Iterator[Part]:
        monday = self._weeks[0]
        reached = self._weeks[max(0, (first - monday) // _WEEK) : max(0, (last - monday) // _WEEK + 1)]
        for count in (self.days, weekdays, lambda one, other: other - one + 1):
            if total := count(first, last):
                for monday in reached:
                    if here := count(max(first, monday), min(last, monday + _WEEK - 1)):
                        yield monday, here, total
                return


class Giving(NamedTuple):
    """What a person has to give."""

    weekly_minutes: int | None
    presence: Presence

    def week(self, monday: int) -> tuple[int | None, str | None]:
        """What they can give in a week in minutes, and where that is known from."""
        if self.weekly_minutes is None:
            return None, None
        off = _WEEKDAYS - self.presence.days(monday, monday + _WEEK - 1)
        told = f"{hours(self.weekly_minutes)} a week"
        less = f" less {off} day{'s' * (off > 1)} off" if off else ""
        return self.weekly_minutes * (_WEEKDAYS - off) // _WEEKDAYS, told + less


def weekdays(first: int, last: int) -> int:
    """Mondays to Fridays from one day to another; day 0, 1970-01-01, was a Thursday."""

    def before(number: int) -> int:
        weeks, over = divmod(number + 3, _WEEK)
        return weeks * _WEEKDAYS + min(over, _WEEKDAYS)

    return before(last + 1) - before(first)


class Week:
    """What one person has planned in one week, in parts of a minute by connection."""

    def __init__(self) -> None:
        self.planned: defaultdict[str, int] = defaultdict(int)
        self.doubts: set[str] = set()

    @property
    def minutes(self) -> int:
        """Everything together."""
        return _minutes(sum(self.planned.values()))

    @property
    def sources(self) -> str:
        """Where it comes from, most first: "delivery 20 h, marketing 9 h"."""
        most = sorted(self.planned.items(), key=lambda one: (-one[1], one[0]))
        return ", ".join(f"{connection} {hours(_minutes(fine))}" for connection, fine in most)


def _minutes(fine: int) -> int:
    return (fine + _FINE // 2) // _FINE


def build(
    db: Connection, counted: Counted, people: Sequence[KnownPerson], regions: Mapping[str, Workdays], today: date
) -> None:
    """Fill person_weeks; needs trust. ``regions``: what `calendar.build` gave."""
    monday = day(today) - today.weekday()
    weeks = range(monday, monday + WEEKS * _WEEK, _WEEK)
    giving = _giving(db, people, regions, weeks)
    found = _sum(_work(db, counted, monday), giving)
    columns = ("week_day", "planned_minutes", "capacity_minutes", "capacity_from", "sources", "unknown")
    settle(db, "person_weeks", ("person_id", "week_on"), columns, _rows(found, giving, weeks))


def _giving(
    db: Connection, people: Sequence[KnownPerson], regions: Mapping[str, Workdays], weeks: range
) -> dict[int, Giving]:
    """Everybody but bots, by their id."""
    known = {person.key: person for person in people}
    presences: dict[tuple[str, tuple[tuple[str, str], ...]], Presence] = {}
    giving = {}
    for row in fetch(db, "select id, key from person where not is_bot"):
        told = known.get(row.key) or KnownPerson(row.key)
        region = regions.get(told.region or EVERYWHERE, regions[EVERYWHERE])
        alike = (region.region, told.away)
        presence = presences.get(alike) or presences.setdefault(alike, Presence(region, told.away, weeks))
        giving[row.id] = Giving(told.weekly_minutes, presence)
    return giving


def _work(db: Connection, counted: Counted, monday: int) -> Iterator[Work]:
    """The tasks that are to be worked on from this week on."""
    tasks, estimated = _tasks(db, set(counted.parents.values()))
    if not estimated:
        return
    sprints: dict[int, Period] = {}
    for number, first, last in fetch(db, _SPRINTS):
        if number in tasks:
            sprints.setdefault(number, (first, last))
    on: defaultdict[int, list[int | None]] = defaultdict(list)
    for number, person in tuples(db, _PEOPLE):
        if number in tasks:
            on[number].append(person)
    stale = {row.id: f"{row.connection}: {row.reason}" for row in fetch(db, _STALE)}
    for number in sorted(estimated):
        task = tasks[number]
        line = [task, *(tasks[one] for one in ancestors(number, counted.parents) if one in tasks)]
        span = next((one for each in line if (one := period(each, sprints.get(each.id)))), None)
        who = next((on[each.id] for each in line if each.id in on), None)
        if span and who and task.status != "paused" and span[1] >= monday:
            minutes, span = _left(task, estimated[number], span, monday)
            doubt = NOT_FOUND if task.seen == "missing" else stale.get(task.scope)
            yield Work(task.connection, minutes, span, who, doubt)


def _tasks(db: Connection, above: AbstractSet[int | None]) -> tuple[dict[int, Task], dict[int, int]]:
    """The open tasks that are estimated in time or have tasks below them, and these estimates."""
    tasks: dict[int, Task] = {}
    estimated: dict[int, int] = {}
    for minutes, *told in tuples(db, _TASKS):
        task = Task(*told)
        if minutes is not None and minutes > 0:
            estimated[task.id] = minutes
        if task.id in estimated or task.id in above:
            tasks[task.id] = task
    return tasks, estimated


def _sum(work: Iterable[Work], giving: Mapping[int, Giving]) -> defaultdict[int, defaultdict[int, Week]]:
    """What each person has in each week."""
    found: defaultdict[int, defaultdict[int, Week]] = defaultdict(lambda: defaultdict(Week))
    for connection, minutes, span, who, doubt in work:
        for person in who if minutes else ():
            if person is None or person not in giving:
                continue
            for monday, here, total in giving[person].presence.parts(span):
                week = found[person][monday]
                week.planned[connection] += minutes * _FINE * here // (total * len(who))
                if doubt:
                    week.doubts.add(doubt)
    return found


def period(task: Task, sprint: Period | None) -> Period | None:
    """From when to when a task is worked on; None if its end or its beginning cannot be told."""
    last = task.due_day if task.due_day is not None else sprint and sprint[1]
    if last is None:
        return None
    begins = (task.start_day, task.started_day, sprint and sprint[0], task.created_day)
    first = next((one for one in begins if one is not None and one <= last), None)
    return None if first is None else (first, last)


def _left(task: Task, minutes: int, span: Period, monday: int) -> tuple[int, Period]:
    """What is to be done of a task and when: where its tool counts what is left, that, from this week on."""
    if task.left_minutes is None and task.spent_minutes is None:
        return minutes, span
    left = task.left_minutes if task.left_minutes is not None else minutes - (task.spent_minutes or 0)
    return max(left, 0), (max(span[0], monday), span[1])


def _rows(
    found: Mapping[int, Mapping[int, Week]], giving: Mapping[int, Giving], weeks: range
) -> Iterator[tuple[Any, ...]]:
    """The weeks of everybody who has something planned, up to the last one in which they do."""
    for person, planned in sorted(found.items()):
        for monday in weeks:
            if monday > max(planned):
                break
            week = planned.get(monday, Week())
            capacity, source = giving[person].week(monday)
            unknown = min(week.doubts, default=NO_HOURS if capacity is None and week.minutes else None)
            on = on_day(monday).isoformat()
            yield person, on, monday, week.minutes, capacity, source, week.sources or None, unknown
