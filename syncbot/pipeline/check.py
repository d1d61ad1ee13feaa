"""Checking: from what is stored to findings with their history. Asks no tool."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from sqlalchemy import Connection

from syncbot import facts, rules
from syncbot.config import Config
from syncbot.model import Aside, CannotTell, Checked, Linked, Report, Source, Stated, Struct, Team
from syncbot.pipeline import gaps, unchanged
from syncbot.pipeline.edition import turn
from syncbot.pipeline.feed import Ready
from syncbot.pipeline.moments import instant
from syncbot.pipeline.pull import remap
from syncbot.report import EVERYTHING, Document, compose
from syncbot.report.document import About
from syncbot.store import Store, findings, memory, records, scopes
from syncbot.store import recorded as history


class Verdict(Struct, frozen=True):
    """What one check said. ``today``: the date it holds for, in the config's time zone; ``rules``: by id;
    ``aside``: what could not be read.

    ``unchanged``: nothing that it stands on differs from the check before, so nothing was evaluated; ``mark`` tells
    what it stands on from anything else (None: nothing can).
    """

    today: str
    stated: tuple[Stated, ...]
    cannot_tell: tuple[CannotTell, ...]
    sources: tuple[Source, ...]
    rules: dict[str, About]
    aside: tuple[Aside, ...] = ()
    unchanged: bool = False
    mark: str | None = None

    def only(self, rules: Sequence[str]) -> Verdict:
        """What these rules said."""
        stated = tuple(one for one in self.stated if one.finding.rule in rules)
        cannot_tell = tuple(one for one in self.cannot_tell if one.rule in rules)
        return replace(self, stated=stated, cannot_tell=cannot_tell, aside=())

    def document(self, setting: Report | None, linked: Linked | None = None, *, whole: bool = False) -> Document:
        """It for the readers of a report; None: the admin, who may see everything. ``whole``: nothing cut short."""
        return compose(
            self.stated,
            self.cannot_tell,
            self.sources,
            setting,
            today=self.today,
            linked=linked,
            limits=EVERYTHING if whole else None,
            about=self.rules,
            aside=self.aside,
        )


def check(
    store: Store,
    ready: Sequence[Ready],
    config: Config,
    catalogue: rules.Catalogue,
    *,
    now: dt.datetime,
    anew: bool = False,
) -> Verdict:
    """Map again what a changed mapping reads otherwise, build the facts, run the rules, and keep what they said.

    If nothing of all this differs from the last check, what that one said holds, unless it shall be said ``anew``.
    One process at a time: the facts of another one, half built, would be no facts.
    """
    with store.lock("check", patience=_PATIENCE):
        return _check(store, ready, config, catalogue, now=now, anew=anew)


_PATIENCE = 600.0  # seconds; a check of a million items takes less than one of them in 30


def _check(
    store: Store,
    ready: Sequence[Ready],
    config: Config,
    catalogue: rules.Catalogue,
    *,
    now: dt.datetime,
    anew: bool,
) -> Verdict:
    today = now.astimezone(ZoneInfo(config.timezone)).date()
    for one in ready:
        remap(one, store, now=now)
    with store.writing() as db:
        for name, setting in config.connections.items():
            scopes.configure(db, name, setting.tool, side=setting.side, promise_minutes=setting.promise_minutes)
        scopes.keep_connections(db, config.connections.keys())
        turn(db, config, now=now, today=today)
        edition = findings.current_edition(db, today.isoformat())
        sources = scopes.sources(db, instant(now))
        aside = records.put_aside(db)
        mark = unchanged.mark(db, config, catalogue, sources, edition=edition, today=today)
        last = None if anew else unchanged.last(db, mark)
    if last is not None:
        with store.reading() as db:
            stated = findings.stated(db, last.rules, config.waivers, today=today.isoformat())
        cannot_tell = last.cannot_tell
    else:
        answers = _evaluate(store, config, catalogue, now=now, today=today)
        with store.writing() as db:
            stated = findings.reconcile(db, answers, config.waivers, today=today.isoformat())
            cannot_tell = gaps.kept(db, [gap for answer in answers for gap in answer.cannot_tell], at=instant(now))
            unchanged.end(db, mark, answers, cannot_tell, instant(now))
    return Verdict(
        today=today.isoformat(),
        stated=tuple(stated),
        cannot_tell=cannot_tell,
        sources=tuple(sources),
        rules=_about(catalogue),
        aside=tuple(aside),
        unchanged=last is not None,
        mark=mark,
    )


def _evaluate(
    store: Store, config: Config, catalogue: rules.Catalogue, *, now: dt.datetime, today: dt.date
) -> list[Checked]:
    """The answers of the rules to what is stored now."""
    mapped = mapped_fields(store, config)
    with store.writing() as db:
        unchanged.begin(db)
        build_facts(db, config, catalogue, mapped, now=now, today=today)
    with store.reading() as db:
        return list(rules.check(db, catalogue, config.rules, today=today, filled_percent=config.filled_percent))


def _about(catalogue: rules.Catalogue) -> dict[str, About]:
    """What reports say of the rules."""
    return {
        rule.id: About(rule.title, *(rule.sections[heading] for heading in rules.HEADINGS))
        for rule in catalogue.rules.values()
    }


def began(store: Store) -> str | None:
    """The first day of which findings are recorded; None: none ever were."""
    with store.reading() as db:
        return history.first_day(db)


def recorded(store: Store, day: str, catalogue: rules.Catalogue, *, now: dt.datetime) -> Verdict:
    """What was found as it was recorded on a date; neither what could not be told nor what was old is known then."""
    with store.reading() as db:
        sources = [replace(one, promise_broken=False, error=None) for one in scopes.sources(db, instant(now))]
        return Verdict(day, tuple(history.recorded(db, day)), (), tuple(sources), _about(catalogue))


def build_facts(
    db: Connection,
    config: Config,
    catalogue: rules.Catalogue,
    mapped: Mapping[tuple[str, str], frozenset[str]],
    *,
    now: dt.datetime,
    today: dt.date,
) -> None:
    """Build the facts as the config wants them; ``mapped`` as in `facts.build`."""
    facts.build(
        db,
        people=config.people,
        teams=_teams(config),
        goals=config.goals,
        mapped=mapped,
        promises={name: setting.promise_minutes for name, setting in config.connections.items()},
        keep_changes=config.keep.changes,
        now=now,
        today=today,
    )
    facts.weigh(db, rules.needs(db, catalogue, config.rules), config.filled_percent)


def _teams(config: Config) -> list[Team]:
    """The config's teams, each working also on the scopes that name it as theirs, which may be one of a field."""
    named: dict[str, list[str]] = {}
    for connection in config.connections.values():
        for pattern, own in connection.overrides.items():
            if own.team is not None:
                named.setdefault(own.team, []).append(f"{connection.name}/{pattern}")
    known = {team.key: team for team in config.teams}
    teams = [known.get(key) or Team(key) for key in dict.fromkeys((*known, *named))]
    return [replace(team, boards=(*team.boards, *named.get(team.key, ()))) for team in teams]


def mapped_fields(store: Store, config: Config) -> dict[tuple[str, str], frozenset[str]]:
    """Our fields that are mapped, by connection and scope, as the last mapping had them."""
    mapped: dict[tuple[str, str], frozenset[str]] = {}
    with store.reading() as db:
        for connection in config.connections:
            kept = memory.get_state(db, connection, "mapped", dict[str, list[str]])
            mapped |= {(connection, scope): frozenset(fields) for scope, fields in kept[0].items()} if kept else {}
    return mapped
