"""Publishing: each report of the config composed for its readers, and brought up to date at its target."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection

from syncbot import outbox, report
from syncbot.config import Config, Writes, report_scope
from syncbot.errors import Mistake, ToolError
from syncbot.model import Finding, Linked, Report, Scope, Struct
from syncbot.patterns import fold
from syncbot.pipeline import news
from syncbot.pipeline.check import Verdict
from syncbot.pipeline.edition import scheduled
from syncbot.pipeline.feed import Ready
from syncbot.store import Store, findings, targets, teams
from syncbot.store.teams import TeamName


class Place(Struct, frozen=True):
    """Where a report stands, or shall. ``team``: whose it is; the setting's title names it already."""

    setting: Report
    scope: Scope
    team: TeamName | None = None
    about: str = ""

    def draft(self, body: dict[str, Any]) -> outbox.Draft:
        """What stands there, if this is its body."""
        return outbox.draft(self.setting, self.scope, body, about=self.about)


def places(store: Store, ready: Mapping[str, Ready], config: Config) -> tuple[list[Place], list[Mistake]]:
    """Where the reports stand, one for each team where that is asked for, and reports whose scope is not there.

    Those of unreachable tools are left out.
    """
    found: list[Place] = []
    mistakes: list[Mistake] = []
    with store.reading() as db:
        everyone = teams.every(db) if any(setting.each for setting in config.reports) else []
    for at, setting in enumerate(config.reports):
        if setting.connection not in ready:
            continue
        home = report_scope(config, at, ready[setting.connection].seen)
        mistakes += home.mistakes
        for scope in home.scopes:
            found += [_of(setting, scope, team) for team in everyone] if setting.each else [Place(setting, scope)]
    return found, mistakes


def _of(setting: Report, scope: Scope, team: TeamName) -> Place:
    """The report of a team. A team may be renamed, so its report is known by the team's key."""
    title = report.words.title(f"{setting.title}: {team.name}")
    return Place(replace(setting, title=title), scope, team, f"team:{team.key}:{fold(setting.title)}")


def reaches(db: Connection, found: Sequence[Place], said: Iterable[Finding]) -> Iterator[tuple[Place, Linked]]:
    """Each place with what is linked to it, or with what of these findings and of all work belongs to its team."""
    of_teams = teams.belongings(db, [one.subject for one in said]) if _any_team(found) else {}
    work = targets.work(db)
    for place in found:
        if place.team is None:
            linked = targets.linked(db, place.setting.connection, place.scope.remote_id)
        else:
            linked = of_teams.get(place.team.id, Linked(alone=True))
        yield place, replace(linked, work=work)


def drafts(
    store: Store, ready: Mapping[str, Ready], config: Config, verdict: Verdict, *, now: dt.datetime
) -> tuple[list[outbox.Draft], list[Mistake]]:
    """What each report says now, and the news of this edition if there are any and a place for them; see `places`."""
    found, mistakes = places(store, ready, config)
    made: list[outbox.Draft] = []
    with store.reading() as db:
        for place, linked in reaches(db, found, (one.finding for one in verdict.stated)):
            setting = place.setting
            document = verdict.document(setting, linked)
            markup = ready[setting.connection].probe.markup or config.connections[setting.connection].tool
            living = replace(place.draft(report.NATIVE[markup](document)), named=document.named)
            made.append(living)
            if setting.news and markup in report.NEWS and (edition := scheduled(config, now)) is not None:
                made += news.drafts(db, living, report.NEWS[markup], setting, verdict, linked, document, edition)
    return made, mistakes


def _any_team(found: Sequence[Place]) -> bool:
    return any(place.team is not None for place in found)


def publish(
    store: Store,
    ready: Mapping[str, Ready],
    config: Config,
    made: Sequence[outbox.Draft],
    *,
    apply: bool | None,
    now: dt.datetime,
    clock: outbox.Clock,
    go_on: Callable[[], bool] = lambda: True,
) -> tuple[list[outbox.Planned], list[outbox.Outcome]]:
    """Plan the drafts and do what may be done. ``apply`` None: as the config's ``writes`` says; False: only plan.

    ``now``: as of which it was confirmed what they say; what was not due then waits. ``go_on`` as in `outbox.apply`.

    Whatever is asked, a connection with ``writes = "never"`` is never written to.
    """
    _leave(store, ready, config)
    planned = plan(store, config, made, apply=apply, now=now)
    due = {one.draft.connection for one in planned if one.is_due}
    if not due:
        _keep_waiting(store, planned)
        return planned, _held(planned)
    settle = dt.timedelta(minutes=config.settle_minutes)
    planned = plan(store, config, _as_of_now(ready, made, due), apply=apply, now=now)
    _keep_waiting(store, planned)
    accounts = {name: one.probe.account.remote_id for name, one in ready.items()}
    connectors = {name: one.feed.connector for name, one in ready.items()}
    outcomes = outbox.apply(store, connectors, planned, accounts, clock, settle=settle, go_on=go_on)
    with store.writing() as db:
        findings.confirm(db, {key for one in outcomes if _is_told(one) for key in one.planned.draft.named})
    return planned, outcomes


def _is_told(outcome: outbox.Outcome) -> bool:
    """Whether a draft came to its place. One that is muted did, too: once it is opened all of it is looked at again."""
    return outcome.planned.is_due and outcome.error is None and outcome.result != "held"


def _leave(store: Store, ready: Mapping[str, Ready], config: Config) -> None:
    """Remember which reports the config no longer has, for whoever asks how things stand."""
    found, mistakes = places(store, ready, config)
    wanted = {place.draft({}).marker for place in found}
    with store.reading() as db:
        before = targets.left(db)
    changed = {
        key: is_left
        for key, (connection, was_left) in before.items()
        if connection in ready or connection not in config.connections
        for is_left in [key not in wanted]
        if is_left != was_left
    }
    if changed and not mistakes:
        with store.writing() as db:
            targets.leave(db, changed)


def _held(planned: Sequence[outbox.Planned]) -> list[outbox.Outcome]:
    """What becomes of a plan that is applied and of which nothing can be done now."""
    if any(one.held == outbox.ONLY_PLANNED for one in planned):
        return []
    waiting = (one for one in planned if one.held and one.action != "unchanged")
    return [outbox.Outcome(one, "held", ref=one.ref, url=one.url) for one in waiting]


def _keep_waiting(store: Store, planned: Sequence[outbox.Planned]) -> None:
    """Remember which reports say something else by now and wait, and why, for whoever asks how things stand."""
    with store.reading() as db:
        before = targets.held(db)
    now = {
        one.marker: one.held if one.held and one.action != "unchanged" else None
        for one in planned
        if one.held != outbox.ONLY_PLANNED and one.marker in before
    }
    if changed := {key: why for key, why in now.items() if why != before[key]}:
        with store.writing() as db:
            targets.hold(db, changed)


def plan(
    store: Store, config: Config, made: Sequence[outbox.Draft], *, apply: bool | None, now: dt.datetime
) -> list[outbox.Planned]:
    """What publishing would do with these drafts. ``apply`` as in `publish`."""
    settle = dt.timedelta(minutes=config.settle_minutes)
    return outbox.plan(store, made, _allowed(config, apply), now, settle=settle)


def _as_of_now(ready: Mapping[str, Ready], made: Sequence[outbox.Draft], due: Collection[str]) -> list[outbox.Draft]:
    """The drafts for their scopes as they are now, where a write is due: one may have been opened to outsiders since.

    A tool that does not say so keeps what it said before; nor will it take a report then.
    """
    now: dict[tuple[str, str], Scope] = {}
    for name in due:
        with suppress(ToolError):
            now |= {(name, scope.remote_id): scope for scope in ready[name].feed.connector.scopes()}
    return [
        replace(one, target=replace(one.target, scope=now.get((one.connection, one.target.scope.remote_id), scope)))
        for one in made
        for scope in [one.target.scope]
    ]


def _allowed(config: Config, apply: bool | None) -> dict[str, Writes]:
    return {name: _writes(setting.writes, apply) for name, setting in config.connections.items()}


def _writes(configured: Writes, apply: bool | None) -> Writes:
    if configured == "never" or apply is None:
        return configured
    return "apply" if apply else "plan"
