"""Where looking beats reading: pictures as rows of what to draw, safe for the readers of one report.

Pure, as `syncbot.report.compose` is, and as short: the worst first, the rest counted. A mark in a picture that says
"wrong" stands only where a finding says so, too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from syncbot.amounts import hours
from syncbot.model import STANDING, STATUSES, Finding, Linked, Report, Source, Stated, Struct, Subject
from syncbot.report import words
from syncbot.report.document import Span
from syncbot.report.material import Chain, Load, Material, Stages, Waiting, Week
from syncbot.report.readers import Readers

SPRINTS, PEOPLE, PAIRS, CHAINS = 8, 10, 12, 4
"""How many of each are drawn; the worst."""

Mark = Literal["", "above", "wrong"]
"""``above``: beyond what can be given, within the rule's tolerance. ``wrong``: a finding stands."""


class Bar(Struct, frozen=True):
    """A sprint's load. ``percent`` None: nobody can tell, ``note`` says why."""

    name: Span
    when: str
    load: str
    percent: int | None
    note: str
    mark: Mark


class Cell(Struct, frozen=True):
    """A person's week: ``load`` in words, what of their capacity that is, and from which tools."""

    load: str
    percent: int | None
    note: str
    mark: Mark


class Row(Struct, frozen=True):
    """A person's weeks, in the order of `Pictures.weeks_on`; None: nothing is planned."""

    who: str
    cells: tuple[Cell | None, ...]


class Pair(Struct, frozen=True):
    """How many features are at one stage for the product side, at another for the project side ("": not there)."""

    product: str
    project: str
    count: int
    drifting: int


class Apart(Struct, frozen=True):
    """A feature whose two sides contradict each other, each with its stage and date."""

    feature: Span
    twin: Span
    product: str
    project: str


class Step(Struct, frozen=True):
    """An item, or several that these readers may not tell apart, and what waits for it."""

    name: Span
    waiting: tuple[Step, ...] = ()


class Knot(Struct, frozen=True):
    """What everything below waits for: ``count`` items, ``more`` of them not drawn."""

    root: Step
    count: int
    at_least: bool
    more: int
    circle: bool


class Pictures(Struct, frozen=True):
    """All that is drawn, and how many of each are not. ``hidden``: people's weeks, which these readers may not see."""

    sprints: tuple[Bar, ...] = ()
    sprints_left_out: int = 0
    people: tuple[Row, ...] = ()
    people_left_out: int = 0
    weeks_on: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    apart: tuple[Apart, ...] = ()
    apart_left_out: int = 0
    knots: tuple[Knot, ...] = ()


def pictures(
    material: Material,
    stated: Iterable[Stated],
    sources: Sequence[Source],
    report: Report | None,
    *,
    linked: Linked | None = None,
) -> Pictures:
    """What the readers of ``report`` may see of it; None is the admin, as in `syncbot.report.compose.compose`."""
    readers = Readers(report, sources, linked or Linked())
    wrong = _Wrong(one.finding for one in stated if one.state in STANDING)
    sprints = sorted((one for one in material.loads if readers.reaches(one.sprint)), key=_fullest)
    people = _people(material, readers, wrong) if readers.names else []
    stages = [one for one in material.stages if readers.reaches(one.feature)]
    apart = [one for one in stages if one.twin and wrong.apart(one.feature, one.twin)]
    return Pictures(
        sprints=tuple(_bar(one, readers, wrong) for one in sprints[:SPRINTS]),
        sprints_left_out=len(sprints[SPRINTS:]),
        people=tuple(people[:PEOPLE]),
        people_left_out=len(people[PEOPLE:]),
        weeks_on=material.weeks_on,
        pairs=_pairs(stages, wrong),
        apart=tuple(_apart(one, readers) for one in sorted(apart, key=_soonest)[:PAIRS]),
        apart_left_out=len(apart[PAIRS:]),
        knots=tuple(_knot(one, readers) for one in material.chains if _concerns(one, readers))[:CHAINS],
    )


_LOAD = frozenset({"unit", "planned", "capacity", "percent"})
_WEEK = frozenset({"week_on", "planned_minutes", "capacity_minutes"})
_STATUSES = frozenset({"status", "other_status"})
_DATES = frozenset({"due_on", "other_due_on"})
"""The facts by which a finding, of whatever rule, is known to speak of what a picture draws."""


class _Wrong:
    """Which sprints, weeks and pairs of twins findings speak of."""

    def __init__(self, standing: Iterable[Finding]) -> None:
        self._about: set[tuple[object, ...]] = set()
        for finding in standing:
            for one in finding.evidence:
                other = one.other.id if one.other else None
                for facts in (_LOAD, _WEEK, _STATUSES, _DATES):
                    if facts <= one.facts.keys():
                        self._about.add((facts, finding.subject.id, one.facts.get("week_on"), other))

    def sprint(self, sprint: Subject) -> bool:
        return (_LOAD, sprint.id, None, None) in self._about

    def week(self, person: int | None, week_on: str) -> bool:
        return (_WEEK, person, week_on, None) in self._about

    def status(self, feature: Subject, twin: Subject | None) -> bool:
        return twin is not None and (_STATUSES, feature.id, None, twin.id) in self._about

    def apart(self, feature: Subject, twin: Subject) -> bool:
        dates = (_DATES, feature.id, None, twin.id)
        return self.status(feature, twin) or dates in self._about


# Load against capacity ------------------------------------------------------------------------------------------------


def _fullest(load: Load) -> tuple[bool, int, str, str, str]:
    return load.percent is None, -(load.percent or 0), load.start_on or "", load.sprint.title, load.unit


def _bar(load: Load, readers: Readers, wrong: _Wrong) -> Bar:
    amount = hours if load.unit == "minutes" else _points
    planned = amount(load.planned)
    of = f"{planned} of {amount(load.capacity)}" if load.capacity is not None else planned
    unestimated = f"{load.unestimated:,} more without an estimate" if load.unestimated else ""
    known_from = {"config": "capacity as configured", "people": "capacity from people's hours"}.get(
        load.capacity_from or "", "capacity from the last sprints"
    )
    notes = [load.unknown or "", known_from if load.capacity is not None else "", unestimated]
    return Bar(
        name=readers.name(load.sprint),
        when=" to ".join(words.day(on) for on in (load.start_on, load.end_on) if on),
        load=of if load.unit == "minutes" else f"{of} points",
        percent=load.percent,
        note=", ".join(filter(None, notes)),
        mark=_mark(load.percent, is_wrong=wrong.sprint(load.sprint)),
    )


def _mark(percent: int | None, *, is_wrong: bool) -> Mark:
    if percent is not None and percent <= WHOLE:
        return ""
    return "wrong" if is_wrong else "" if percent is None else "above"


WHOLE = 100


def _points(amount: float) -> str:
    return f"{amount:,.10g}"


# People's weeks -------------------------------------------------------------------------------------------------------


def _people(material: Material, readers: Readers, wrong: _Wrong) -> list[Row]:
    """A row for each person who works on what is covered and has anything planned, the fullest week first."""
    weeks: defaultdict[int | None, dict[str, Week]] = defaultdict(dict)
    for week in filter(lambda one: readers.meets(one.person.id), material.weeks):
        weeks[week.person.id][week.week_on] = week
    rows: list[tuple[tuple[int, str, int], Row]] = []
    for person, several in weeks.items():
        who = words.title(next(iter(several.values())).person.name)
        cells = tuple(_cell(several[on], wrong) if on in several else None for on in material.weeks_on)
        fullest = max((cell.percent or 0 for cell in cells if cell), default=0)
        if any(cells):
            rows.append(((-fullest, who, person or 0), Row(who, cells)))
    return [row for _, row in sorted(rows, key=lambda one: one[0])]


def _cell(week: Week, wrong: _Wrong) -> Cell | None:
    if week.unknown is None and not week.planned_minutes:
        return None
    percent = None
    load = hours(week.planned_minutes) if week.planned_minutes is not None else ""
    if week.planned_minutes is not None and week.capacity_minutes:
        percent = -(-week.planned_minutes * WHOLE // week.capacity_minutes)
    if load and week.capacity_minutes is not None:
        load = f"{load} of {hours(week.capacity_minutes)}"
    note = words.clean("; ".join(filter(None, (week.sources, week.capacity_from, week.unknown))))
    return Cell(load, percent, note, _mark(percent, is_wrong=wrong.week(week.person.id, week.week_on)))


# Features on both sides -----------------------------------------------------------------------------------------------


def _pairs(stages: Iterable[Stages], wrong: _Wrong) -> tuple[Pair, ...]:
    counts: Counter[tuple[str, str]] = Counter()
    drifting: Counter[tuple[str, str]] = Counter()
    for one in stages:
        pair = (one.product or "", one.project or "")
        counts[pair] += 1
        drifting[pair] += wrong.status(one.feature, one.twin)
    return tuple(Pair(*pair, counts[pair], drifting[pair]) for pair in sorted(counts, key=_in_order))


def _in_order(pair: tuple[str, str]) -> tuple[int, int]:
    product, project = (ORDER.index(stage) for stage in pair)
    return product, project


ORDER: tuple[str, ...] = (*STATUSES, "")
"""The stages as pictures show them, the last for a side that has no such feature."""


def _soonest(one: Stages) -> tuple[str, str, str]:
    return one.due_on or one.twin_due_on or "9999", one.feature.title, one.twin.ref if one.twin else ""


def _apart(one: Stages, readers: Readers) -> Apart:
    """Its two sides; their dates only where they differ."""
    dues = (one.due_on, one.twin_due_on) if one.due_on != one.twin_due_on else (None, None)
    product, project = (
        f"{stage}, due {words.day(due)}" if due else stage or ""
        for stage, due in zip((one.product, one.project), dues, strict=True)
    )
    twin = readers.name_beside(one.twin, one.feature) if one.twin else Span("")
    return Apart(readers.name(one.feature), twin, product, project)


# Who waits for whom ---------------------------------------------------------------------------------------------------


def _concerns(chain: Chain, readers: Readers) -> bool:
    return any(readers.reaches(one) for one in (chain.root, *(one.item for one in chain.waiting)))


def _knot(chain: Chain, readers: Readers) -> Knot:
    after: defaultdict[int | None, list[Waiting]] = defaultdict(list)
    there = {chain.root.id, *(one.item.id for one in chain.waiting)}
    for one in chain.waiting:  # the step before it may be one that was not found
        after[one.after if one.after in there else chain.root.id].append(one)
    root = Step(readers.name(chain.root), _steps(chain.root.id, after, readers))
    return Knot(root, chain.count, chain.at_least, chain.count - len(chain.waiting), chain.circle)


def _steps(number: int, after: Mapping[int | None, Sequence[Waiting]], readers: Readers) -> tuple[Step, ...]:
    """What waits for an item. Those at the end that readers may not tell apart are one step with a count."""
    steps: list[Step] = []
    unseen: defaultdict[str, list[Subject]] = defaultdict(list)
    for one in after.get(number, ()):
        waiting = _steps(one.item.id, after, readers)
        if not waiting and not readers.sees(one.item):
            unseen[one.item.connection].append(one.item)
        else:
            steps.append(Step(readers.name(one.item), waiting))
    return (*steps, *(Step(Span(readers.count(several))) for several in unseen.values()))
