"""Publishing: each report of the config composed for its readers, and brought up to date at its target."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress

from msgspec.structs import replace

from syncbot import outbox, report
from syncbot.config import Config, Writes, report_scope
from syncbot.errors import Mistake, ToolError
from syncbot.model import Scope
from syncbot.pipeline import news
from syncbot.pipeline.check import Verdict
from syncbot.pipeline.edition import scheduled
from syncbot.pipeline.feed import Ready
from syncbot.store import Store, targets


def drafts(
    store: Store, ready: Mapping[str, Ready], config: Config, verdict: Verdict, *, now: dt.datetime
) -> tuple[list[outbox.Draft], list[Mistake]]:
    """What each report says now, with the news of this edition if there are any and the tool has a place for them.

    Also, reports whose scope is not there. Those of unreachable tools are left out.
    """
    made: list[outbox.Draft] = []
    mistakes: list[Mistake] = []
    for at, setting in enumerate(config.reports):
        if setting.connection not in ready:
            continue
        home = report_scope(config, at, ready[setting.connection].seen)
        mistakes += home.mistakes
        for scope in home.scopes:
            with store.reading() as db:
                linked = targets.linked(db, setting.connection, scope.remote_id)
            document = report.compose(
                verdict.stated, verdict.cannot_tell, verdict.sources, setting, today=verdict.today, linked=linked
            )
            markup = ready[setting.connection].probe.markup or config.connections[setting.connection].tool
            living = outbox.draft(setting, scope, report.NATIVE[markup](document))
            made.append(living)
            if setting.news and markup in report.NEWS and (edition := scheduled(config, now)) is not None:
                made += news.drafts(store, living, report.NEWS[markup], setting, verdict, linked, document, edition)
    return made, mistakes


def publish(
    store: Store,
    ready: Mapping[str, Ready],
    config: Config,
    made: Sequence[outbox.Draft],
    *,
    apply: bool | None,
    clock: outbox.Clock,
) -> tuple[list[outbox.Planned], list[outbox.Outcome]]:
    """Plan the drafts and do what may be done. ``apply`` None: as the config's ``writes`` says; False: only plan.

    Whatever is asked, a connection with ``writes = "never"`` is never written to.
    """
    writes = {name: _writes(setting.writes, apply) for name, setting in config.connections.items()}
    settle = dt.timedelta(minutes=config.settle_minutes)
    planned = outbox.plan(store, made, writes, clock(), settle=settle)
    if not any(one.action != "unchanged" and not one.held for one in planned):
        return planned, []
    planned = outbox.plan(store, _as_of_now(ready, made), writes, clock())
    accounts = {name: one.probe.account.remote_id for name, one in ready.items()}
    connectors = {name: one.feed.connector for name, one in ready.items()}
    return planned, outbox.apply(store, connectors, planned, accounts, clock, settle=settle)


def _as_of_now(ready: Mapping[str, Ready], made: Sequence[outbox.Draft]) -> list[outbox.Draft]:
    """The drafts for their scopes as they are now: one may have been opened to outsiders since it was last asked for.

    A tool that does not say so keeps what it said before; nor will it take a report then.
    """
    now: dict[tuple[str, str], Scope] = {}
    for name in {one.connection for one in made}:
        with suppress(ToolError):
            now |= {(name, scope.remote_id): scope for scope in ready[name].feed.connector.scopes()}
    return [
        replace(one, target=replace(one.target, scope=now.get((one.connection, one.target.scope.remote_id), scope)))
        for one in made
        for scope in [one.target.scope]
    ]


def _writes(configured: Writes, apply: bool | None) -> Writes:
    if configured == "never" or apply is None:
        return configured
    return "apply" if apply else "plan"
