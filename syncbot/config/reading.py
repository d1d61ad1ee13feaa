"""From the other tables of a config to settings: people, teams, goals, rules, waivers, reports and times."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from syncbot.config import references, values
from syncbot.config.references import Surroundings
from syncbot.config.settings import SIDES, Directory, Schedule, Watching
from syncbot.model import (
    SEVERITIES,
    GoalSetting,
    GoalState,
    Keep,
    KnownPerson,
    Report,
    RuleSetting,
    Scalar,
    Team,
    Waiver,
)
from syncbot.toml import Table


def person(key: str, table: Table, around: Surroundings) -> KnownPerson:
    """One of ``[people.*]``."""
    accounts = table.table("accounts")
    found = {name: accounts.text(name, "") for name in accounts.data}
    for name in accounts.data:
        references.known(accounts, name, name, around.connections, "connection")
    hours = table.number("weekly_hours", None, high=168)
    return KnownPerson(
        key=key,
        name=table.text("name", None),
        email=table.parsed("email", values.address, None),
        accounts={name: account for name, account in found.items() if account},
        weekly_minutes=None if hours is None else round(hours * 60),
        region=table.parsed("region", values.region, None),
        timezone=table.parsed("timezone", values.timezone, None),
        away=tuple(_away(table)),
        roles=_roles(table),
    )


def _away(table: Table) -> Iterator[tuple[str, str]]:
    for absence in table.tables("away"):
        first, last = absence.day("from", "", need=True), absence.day("to", "", need=True)
        if first and last and last < first:
            absence.mistake("to", 'is before "from".')
        elif first and last:
            yield first, last


def _roles(table: Table) -> tuple[str, ...]:
    roles = table.texts("roles")
    for at, role in enumerate(roles):
        if role not in SIDES:
            table.mistake(("roles", at), f"must be one of {', '.join(SIDES)}.")
    return roles


def team(key: str, table: Table, around: Surroundings) -> Team:
    """One of ``[teams.*]``."""
    capacity = table.table("capacity")
    points, hours = capacity.number("points", None), capacity.number("hours", None)
    sprints = table.table("sprints")
    dated = bool(sprints.data)
    members = table.texts("members")
    for at, member in enumerate(members):
        references.known(table, ("members", at), member, around.people, "person")
    return Team(
        key=key,
        members=members,
        lead=references.reference(table, "lead", around.people, "person"),
        boards=references.places(table, "boards", around),
        capacity={
            **({} if points is None else {"points": points}),
            **({} if hours is None else {"minutes": hours * 60}),
        },
        sprints_first=sprints.day("first", None, need=dated),
        sprints_weeks=sprints.integer("weeks", None, low=1, high=26, need=dated),
    )


def goal(title: str, table: Table, around: Surroundings) -> GoalSetting:
    """One of ``[goals.*]``."""
    return GoalSetting(
        title=title,
        share=table.integer("share", None, high=100),
        owner=references.reference(table, "owner", around.people, "person"),
        state=table.choice("state", get_args(GoalState), None),
    )


def rule(name: str, table: Table, around: Surroundings, *, inner: bool = False) -> RuleSetting:
    """One of ``[rules.*]``, or what stands in its ``in``: all but the keys named here are the rule's parameters."""
    enabled = table.flag("enabled", None)
    severity = table.choice("severity", SEVERITIES, None)
    inside = {} if inner else table.named("in")
    for pattern, place in inside.items():
        references.known_place(place, (), pattern, around)
    params: dict[str, Scalar] = {}
    for key in table.data:
        if key in ("enabled", "severity", "in"):
            continue
        value = table.get(key)
        if isinstance(value, str | int | float):
            params[key] = value
        else:
            table.mistake(key, "must be a number, text, or true or false.")
    return RuleSetting(
        rule=name,
        enabled=enabled,
        severity=severity,
        params=params,
        inside={pattern: rule(name, place, around, inner=True) for pattern, place in inside.items()},
    )


def waiver(table: Table, around: Surroundings) -> Waiver:
    """One of ``[[waivers]]``."""
    return Waiver(
        rule=table.text("rule", "", need=True),
        subject=table.text("subject", "", need=True),
        until=table.day("until", "", need=True),
        reason=table.text("reason", "", need=True),
        by=references.reference(table, "by", around.people, "person"),
    )


def report(table: Table, around: Surroundings) -> Report:
    """One of ``[[reports]]``."""
    return Report(
        connection=references.reference(table, "connection", around.connections, "connection", need=True) or "",
        scope=table.text("scope", "", need=True),
        title=table.text("title", "Alignment report"),
        issue_type=table.text("issue_type", None),
        list=table.text("list", None),
        section=table.text("section", None),
        each="team" if table.choice("each", ("team",), None) else None,
        side=table.choice("side", (*SIDES, "both"), "both"),
        covers=references.places(table, "covers", around),
        at_least=table.choice("at_least", SEVERITIES, "info"),
        may_show=references.places(table, "may_show", around),
        names=table.flag("names", default=True),
        public=table.flag("public", default=False),
        news=table.flag("news", default=True),
        answers=references.people(table, "answers", around),
    )


def schedule(table: Table) -> Schedule:
    """``[schedule]``."""
    usual = Schedule()
    return Schedule(
        sync=table.parsed("sync", values.cron, usual.sync),
        census=table.parsed("census", values.cron, usual.census),
        report=table.parsed("report", values.cron, usual.report),
        prune=table.parsed("prune", values.cron, usual.prune),
    )


def watching(table: Table) -> Watching:
    """``[daemon]``: an address that others can reach is only taken together with ``expose``."""
    exposed = table.flag("expose", default=False)
    if table.get("listen") == "":
        return Watching(listen=None)
    listen = table.parsed("listen", values.listen, Watching().listen)
    if not exposed and listen and not values.is_loopback(listen):
        table.mistake("listen", "can be reached from other machines.", "If that is fine, add expose = true.")
    return Watching(listen=listen)


def keep(table: Table) -> Keep:
    """``[keep]``."""
    usual = Keep()
    return Keep(
        runs=table.parsed("runs", values.duration, usual.runs),
        findings=table.parsed("findings", values.duration, usual.findings),
        changes=table.parsed("changes", values.duration, usual.changes),
        gone=table.parsed("gone", values.duration, usual.gone),
    )


def directory(table: Table, around: Surroundings) -> Directory | None:
    """``[directory]``, or None where it is absent."""
    name = table.text("people", None)
    people = None if name is None else around.base / name
    if people is not None and not people.is_file():
        table.mistake("people", "is not a file.")
        people = None
    teams: dict[str, str] = {}
    for told in table.tables("teams"):
        connection = references.reference(told, "connection", around.connections, "connection", need=True)
        field = told.text("field", None, need=True)
        if connection in teams:
            told.mistake("connection", "has its team field already: an item has one team.")
        elif connection is not None and field is not None:
            teams[connection] = field
    return Directory(people=people, teams=teams) if table.data else None


def mappings_folder(table: Table, base: Path) -> Path:
    """Where the admin's mappings are: a folder that must be there if it is named."""
    name = table.text("mappings", None)
    if name is not None and not (base / name).is_dir():
        table.mistake("mappings", "is not a folder.")
    return base / (name or "mappings")


def rule_folders(table: Table, base: Path) -> tuple[Path, ...]:
    """Where the admin's own rules are: folders that must be there."""
    paths = tuple(base / name for name in table.texts("rule_folders"))
    for at, path in enumerate(paths):
        if not path.is_dir():
            table.mistake(("rule_folders", at), "is not a folder.")
    return paths
