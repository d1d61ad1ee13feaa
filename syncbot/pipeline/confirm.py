"""Looking again at what is accused for the first time, just before it is written where people read it.

A search index lags, an event is lost, somebody puts it right while we read: so the subjects of findings that no report
has named yet are read once more by their ids. What changed is mapped and checked again, and only then written.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from msgspec.structs import replace

from syncbot import rules
from syncbot.config import Config
from syncbot.connector import Want
from syncbot.errors import ToolError
from syncbot.guard import guarded
from syncbot.model import Finding, Struct
from syncbot.outbox import Clock
from syncbot.pipeline.check import Verdict, check
from syncbot.pipeline.feed import Ready
from syncbot.pipeline.publish import drafts, plan
from syncbot.pipeline.retry import save
from syncbot.store import Store, findings, records, scopes
from syncbot.store.census import missed

ROUNDS = 3
"""So often what changed is checked again: with a finding gone, another one may come into its place."""

MOST = 500
"""So many findings of one round are looked at again, the worst first; a report seldom names that many one by one."""


class Confirmed(Struct, frozen=True):
    """What may be written now. ``failed``: by connection, why it could not be looked at again.

    What is new about the items of such a connection or of one that this run does not use, and about an item that its
    tool cannot give, is left out of the verdict; the next run tries again.
    """

    verdict: Verdict
    failed: dict[str, ToolError] = {}


def confirm(
    store: Store,
    ready: Mapping[str, Ready],
    config: Config,
    catalogue: rules.Catalogue,
    verdict: Verdict,
    *,
    apply: bool | None,
    clock: Clock,
) -> Confirmed:
    """The verdict after another look at what some report is about to name for the first time; ``apply``: see `publish`.

    Where nothing is about to be written, no tool is asked.
    """
    failed: dict[str, ToolError] = {}
    unused = config.connections.keys() - ready.keys()
    unsure: set[str] = set()
    unread: set[tuple[str, str]] = set()
    for _ in range(ROUNDS):
        doubtful = _doubtful(store, verdict, _about_to_be_named(store, ready, config, verdict, apply, clock()))
        if not doubtful:
            break
        changed = False
        for connection, remote_ids in _subjects(doubtful, ready).items():
            if connection in failed:
                continue
            try:
                is_other, left = _look(ready[connection], store, remote_ids, clock())
            except ToolError as error:
                failed[connection] = error
                continue
            changed |= is_other
            unread |= {(connection, remote_id) for remote_id in left}
        sure = {
            one.fingerprint
            for one in doubtful
            if unread.isdisjoint(_items(one))
            and not any(connection in failed or connection in unused for connection, _ in _items(one))
        }
        with store.writing() as db:
            findings.confirm(db, sure)
        if changed:
            verdict = check(store, list(ready.values()), config, catalogue, now=clock())
        unsure |= {one.fingerprint for one in doubtful} - sure
        verdict = replace(verdict, stated=tuple(one for one in verdict.stated if one.finding.fingerprint not in unsure))
    return Confirmed(verdict, failed)


def _about_to_be_named(
    store: Store, ready: Mapping[str, Ready], config: Config, verdict: Verdict, apply: bool | None, now: dt.datetime
) -> set[str]:
    made, _ = drafts(store, ready, config, verdict, now=now)
    return {key for one in plan(store, config, made, apply=apply, now=now) if one.is_due for key in one.draft.named}


def _doubtful(store: Store, verdict: Verdict, named: set[str]) -> list[Finding]:
    """The findings that are about to be named and never were, the worst first."""
    standing = [one.finding for one in verdict.stated if one.state in {"new", "still", "not_checked"}]
    told = [one for one in standing if one.fingerprint in named]
    with store.reading() as db:
        fresh = findings.unconfirmed(db, [one.fingerprint for one in told])
    worst_first = sorted(told, key=lambda one: (_RANK[one.severity], one.fingerprint))
    return [one for one in worst_first if one.fingerprint in fresh][:MOST]


_RANK = {"error": 0, "warning": 1, "info": 2}


def _items(finding: Finding) -> set[tuple[str, str]]:
    """The items that a finding names, as (connection, remote id)."""
    named = [finding.subject, *(one.other for one in finding.evidence if one.other)]
    return {(one.connection, one.remote_id) for one in named if one.view not in {"sprint", "person", "scope"}}


def _subjects(doubtful: Sequence[Finding], ready: Mapping[str, Ready]) -> dict[str, list[str]]:
    """The items to look at again, by connection, of those that this run uses."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for connection, remote_id in sorted({item for one in doubtful for item in _items(one)}):
        if connection in ready:
            found[connection].append(remote_id)
    return found


def _look(ready: Ready, store: Store, remote_ids: Sequence[str], now: dt.datetime) -> tuple[bool, Collection[str]]:
    """Read records again by their ids and store them; whether one is other than it was, and which did not come."""
    with store.lock(f"pull {ready.name}"):
        with store.reading() as db:
            homes = records.homes(db, ready.name, remote_ids)
            cursors = scopes.cursors(db, ready.name)
        read = {scope.remote_id for scope in ready.scopes}
        out_of_reach = {key for scope, several in homes.items() for key in several if scope not in read}
        homes = {scope: several for scope, several in homes.items() if scope in read}
        if not homes:
            return False, out_of_reach
        wants = [Want(scope, cursors.get(scope.remote_id)) for scope in ready.scopes]
        with guarded(ready.name):
            found = ready.feed.connector.again(wants, homes, ready.wanted)
        asked = {remote_id for several in homes.values() for remote_id in several} - found.unread.keys()
        with store.writing() as db:
            changed = missed(db, ready.name, asked - {record.remote_id for record in found.records})
            saved = save(db, ready, homes, found, now)
        return changed + saved.new + saved.changed > 0, found.unread.keys() | out_of_reach
