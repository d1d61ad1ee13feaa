"""What the admin says of people, goals, rules and reports."""

from __future__ import annotations

from typing import Literal

from syncbot.model.kinds import Scalar, Severity, Side, Struct


class KnownPerson(Struct, frozen=True):
    """A person of the config. ``accounts`` by connection: remote id, handle or e-mail; ``away``: inclusive dates."""

    key: str
    name: str | None = None
    email: str | None = None
    accounts: dict[str, str] = {}
    weekly_minutes: int | None = None
    region: str | None = None
    timezone: str | None = None
    away: tuple[tuple[str, str], ...] = ()
    roles: tuple[str, ...] = ()


class Team(Struct, frozen=True):
    """A team of the config: member keys, its lead's key, and boards or scopes as "connection/name".

    ``capacity`` is per sprint, by unit (``{"points": 40}`` or ``{"minutes": 4800}``); ``sprints_first`` (a date) and
    ``sprints_weeks`` give dates to sprints whose tool has none.
    """

    key: str
    members: tuple[str, ...] = ()
    lead: str | None = None
    boards: tuple[str, ...] = ()
    capacity: dict[str, float] = {}
    sprints_first: str | None = None
    sprints_weeks: int | None = None


GoalState = Literal["active", "paused", "dropped", "reached"]


class GoalSetting(Struct, frozen=True):
    """What the config says of a goal, by its title: the intended share of effort in percent, its owner's key.

    ``state``: how it stands, for a goal that is only a label and has no status of its own.
    """

    title: str
    share: int | None = None
    owner: str | None = None
    state: GoalState | None = None


class RuleSetting(Struct, frozen=True):
    """What the config says of a rule; ``inside`` holds settings by "connection" or "connection/scope" pattern."""

    rule: str
    enabled: bool | None = None
    severity: Severity | None = None
    params: dict[str, Scalar] = {}
    inside: dict[str, RuleSetting] = {}


class Need(Struct, frozen=True):
    """What a rule that is on in a scope (our id) asks to be filled: a field, or several joined by " or ".

    ``kind`` "" is all kinds.
    """

    scope_id: int
    rule: str
    field: str
    kind: str = ""


class Waiver(Struct, frozen=True):
    """A person accepts a finding until a date (inclusive). ``subject``: a key, short link, URL or fingerprint.

    ``origin``: where it was made: the config, ``syncbot waive``, or an answer to a report. ``made_on``: the date,
    where that is known.
    """

    rule: str
    subject: str
    until: str
    reason: str
    by: str | None = None
    origin: Literal["config", "command", "answer"] = "config"
    made_on: str | None = None


class Report(Struct, frozen=True):
    """A report of the config: where it lives and what it may say.

    ``covers`` and ``may_show`` name connections or "connection/scope"; empty ``covers``: its own scope and what is
    linked to it; empty ``may_show``: its own connection. ``public`` allows a target that outsiders can read. ``each``:
    one report for every team. ``news``: where the tool has a place for it (Asana's status updates), tell there what is
    new in each edition. ``answers``: the people (by key) and roles whose comments and ticks are heeded.
    """

    connection: str
    scope: str
    title: str = "Alignment report"
    issue_type: str | None = None
    list: str | None = None
    section: str | None = None
    each: Literal["team"] | None = None
    side: Side | Literal["both"] = "both"
    covers: tuple[str, ...] = ()
    at_least: Severity = "info"
    may_show: tuple[str, ...] = ()
    names: bool = True
    public: bool = False
    news: bool = True
    answers: tuple[str, ...] = ()


class Keep(Struct, frozen=True):
    """How long history stays, in minutes: runs with their writes, resolved findings, changes, items that are gone."""

    runs: int = 90 * 1440
    findings: int = 730 * 1440
    changes: int = 730 * 1440
    gone: int = 90 * 1440
