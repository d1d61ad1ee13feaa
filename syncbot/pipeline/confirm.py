"""Looking again at what is accused for the first time, just before it is written where people read it.

A search index lags, an event is lost, somebody puts it right while we read: so what new findings stand on is read once
more. What changed is mapped and checked again, and only then written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from msgspec.structs import replace

from syncbot import rules
from syncbot.config import Config
from syncbot.errors import ToolError
from syncbot.model import SEVERITIES, STANDING, Finding, Struct
from syncbot.pipeline.check import Verdict, check
from syncbot.pipeline.feed import Ready
from syncbot.pipeline.looking import Look, Thing, beneath
from syncbot.pipeline.publish import drafts, plan
from syncbot.store import Store, findings, inputs

ROUNDS = 10
"""So often what changed is checked again: with a finding gone, another one may come into its place."""

MOST = 1_000
"""So many items and sprints are looked at again in one round, those of the worst findings first."""


class Confirmed(Struct, frozen=True):
    """What may be written now. ``failed``: by connection, why it could not be looked at again.

    What is new about the items of such a connection or of one that this run does not use, and about an item that its
    tool cannot give, is doubted in the verdict; the next run tries again. So is what is left after the last round:
    then it is not ``whole``.
    """

    verdict: Verdict
    failed: dict[str, ToolError] = {}
    whole: bool = True


def confirm(
    store: Store,
    ready: Mapping[str, Ready],
    config: Config,
    catalogue: rules.Catalogue,
    verdict: Verdict,
    *,
    apply: bool | None,
    now: dt.datetime,
) -> Confirmed:
    """The verdict after another look at what some report is about to tell for the first time; ``apply``: see `publish`.

    ``now`` also decides which reports are due, so publish as of the same. Where nothing is about to be written, no tool
    is asked.
    """
    look = Look(store, ready, now)
    for _ in range(ROUNDS):
        fresh = _about_to_be_told(store, ready, config, verdict, apply, now)
        todo = _worst(fresh, beneath(store, fresh), look.done)
        if not todo:
            return Confirmed(verdict, look.failed)
        before = _touches(store)
        look.at(todo)
        if _touches(store) != before:
            verdict = check(store, list(ready.values()), config, catalogue, now=now)
        if look.unseen:
            verdict = _doubting(store, verdict, look.can_see)
    fresh = _about_to_be_told(store, ready, config, verdict, apply, now)
    if not _worst(fresh, beneath(store, fresh), look.done):
        return Confirmed(verdict, look.failed)
    verdict = _doubting(store, verdict, lambda _, under: under <= look.done)
    return Confirmed(verdict, look.failed, whole=False)


def _about_to_be_told(
    store: Store, ready: Mapping[str, Ready], config: Config, verdict: Verdict, apply: bool | None, now: dt.datetime
) -> list[Finding]:
    """What standing findings a due report would tell that no report has told yet.

    Of a report that was closed, opened or moved by a person, all of them: nobody knows how long it said nothing.
    """
    made, _ = drafts(store, ready, config, verdict, now=now)
    due = [one for one in plan(store, config, made, apply=apply, now=now) if one.is_due]
    told = {key for one in due for key in one.draft.named}
    again = {key for one in due if one.is_touched for key in one.draft.named}
    with store.reading() as db:
        fresh = findings.unconfirmed(db, told) | again
    return [one for one in _standing(verdict) if one.fingerprint in fresh]


def _standing(verdict: Verdict) -> list[Finding]:
    return [one.finding for one in verdict.stated if one.state in STANDING]


def _worst(fresh: Sequence[Finding], under: Mapping[str, set[Thing]], done: AbstractSet[Thing]) -> set[Thing]:
    """What to look at next."""
    found: set[Thing] = set()
    for one in sorted(fresh, key=lambda one: (-SEVERITIES.index(one.severity), one.fingerprint)):
        if len(found) >= MOST:
            break
        found |= under[one.fingerprint] - done
    return found


def _touches(store: Store) -> dict[str, int]:
    with store.reading() as db:
        return inputs.touches(db)


def _doubting(store: Store, verdict: Verdict, is_sure: Callable[[Finding, set[Thing]], bool]) -> Verdict:
    """The verdict with those of its findings doubted that no report has told and that are not sure."""
    standing = _standing(verdict)
    with store.reading() as db:
        fresh = findings.unconfirmed(db, [one.fingerprint for one in standing])
    suspects = [one for one in standing if one.fingerprint in fresh]
    under = beneath(store, suspects)
    doubted = {one.fingerprint for one in suspects if not is_sure(one, under[one.fingerprint])}
    stated = (replace(one, is_doubted=one.is_doubted or one.finding.fingerprint in doubted) for one in verdict.stated)
    return replace(verdict, stated=tuple(stated))
