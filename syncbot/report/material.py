"""What pictures are drawn from: facts about sprints, people's weeks, features on both sides, and who waits for whom.

It names everything in full; `syncbot.report.pictures` decides what the readers of one report may see of it.
"""

from __future__ import annotations

from typing import Literal

from syncbot.model import Person, Status, Struct, Subject


class Load(Struct, frozen=True):
    """What a sprint that is not closed holds and can take, in points or minutes; ``unknown``: why nobody can tell."""

    sprint: Subject
    state: Literal["active", "future"]
    unit: Literal["points", "minutes"]
    planned: float
    unestimated: int = 0
    start_on: str | None = None
    end_on: str | None = None
    capacity: float | None = None
    capacity_from: str | None = None
    percent: int | None = None
    unknown: str | None = None


class Week(Struct, frozen=True):
    """A person's week over all tools; ``week_on`` is its Monday."""

    person: Person
    week_on: str
    planned_minutes: int | None = None
    capacity_minutes: int | None = None
    capacity_from: str | None = None
    sources: str | None = None
    unknown: str | None = None


class Stages(Struct, frozen=True):
    """A feature as the product side has it beside one twin on the project side; either may be missing."""

    feature: Subject
    product: Status | None = None
    project: Status | None = None
    twin: Subject | None = None
    due_on: str | None = None
    twin_due_on: str | None = None


class Waiting(Struct, frozen=True):
    """An item that waits for ``after`` (an id), ``depth`` steps from what all of them wait for."""

    item: Subject
    after: int | None
    depth: int


class Chain(Struct, frozen=True):
    """Everything that waits for one item: the nearest ones, and how many there are, or at least are known.

    ``circle``: it waits for itself.
    """

    root: Subject
    waiting: tuple[Waiting, ...]
    count: int
    at_least: bool = False
    circle: bool = False


class Material(Struct, frozen=True):
    """All of it. ``weeks_on``: the Mondays that are looked at."""

    loads: tuple[Load, ...] = ()
    weeks: tuple[Week, ...] = ()
    weeks_on: tuple[str, ...] = ()
    stages: tuple[Stages, ...] = ()
    chains: tuple[Chain, ...] = ()
