"""What people answer in their tools becomes waivers: a comment that asks for it, a ticked entry.

Only those whom the report's ``answers`` names are heeded, for what the report covers, each of their words once, and as
long as they asked for from when they said it. What they say is read after the work and before the check, so that the
next report knows it already. A tick is never undone by us: what is accepted leaves the report, and comes back unticked
once the waiver is over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from sqlalchemy import Connection

from syncbot import connector
from syncbot.config import Config
from syncbot.errors import Missing, ToolError
from syncbot.guard import guarded
from syncbot.model import SHORT, Finding, Report, Struct, Waiver
from syncbot.pipeline import asked
from syncbot.pipeline.feed import Ready
from syncbot.pipeline.moments import instant, is_older
from syncbot.pipeline.publish import Place, places, reaches
from syncbot.report.readers import Readers
from syncbot.report.words import clean, number
from syncbot.store import Store, answers, findings, memory, scopes, targets, waivers
from syncbot.store.answers import Request

ANEW = dt.timedelta(days=1)
"""How often all that stands below a report is read again: a tool may lose a hint of it, a person may edit a comment."""

Became = Literal["taken", "over", "refused"]
TICKED = "ticked in the report"
_SAID = 500


class Heeded(Struct, frozen=True):
    """How many answers were taken and refused; ``failed``: by report, why its answers could not be read."""

    taken: int = 0
    refused: int = 0
    failed: dict[str, ToolError] = {}


class Refusal(Exception):
    """Why an answer is not taken, in words for whoever gave it."""


def heed(store: Store, ready: Mapping[str, Ready], config: Config, *, now: dt.datetime) -> Heeded:
    """Read what people said to the reports that take answers, and do it."""
    asking = [place for place in places(store, ready, config)[0] if place.setting.answers]
    if not asking:
        return Heeded()
    failed: dict[str, ToolError] = {}
    with store.reading() as db:
        known = {one[:SHORT] for one in findings.kept_ids(db)}
    for place in asking:
        try:
            _read(store, ready[place.setting.connection], place, known, now)
        except ToolError as error:
            failed[place.setting.title] = error
    with store.writing() as db:
        became = _answer(db, asking, ZoneInfo(config.timezone), now)
    return Heeded(became.count("taken"), became.count("refused"), failed)


def _read(store: Store, ready: Ready, place: Place, findings_known: Collection[str], now: dt.datetime) -> None:
    """Keep what was said since the last time; ``findings_known``: the ids of findings, as short as they are shown."""
    marker = place.draft({}).marker
    with store.reading() as db:
        known = targets.recall(db, marker)
        kept = memory.get_state(db, ready.name, f"answers:{marker}", tuple[str, str])
        ours = targets.known_authors(db, ready.name) | ready.own_accounts
    if known is None or known.remote_id is None or known.muted_at is not None:
        return
    cursor, since = kept[0] if kept else (None, instant(now))
    if is_older(since, now, ANEW):
        cursor, since = None, instant(now)
    try:
        with guarded(ready.name):
            said = ready.feed.connector.answers(known.remote_id, cursor)
    except Missing:
        return  # publishing sees to it
    oldest = instant(now - waivers.LONGEST)  # none is kept for longer, and what is over for good is not heeded anew
    meant = [
        replace(one, at=at, text=clean(one.text, _SAID))
        for one in said.answers
        if one.account not in ours
        and (at := connector.instant(one.at) or "") >= oldest
        and (one.entry[:SHORT] in findings_known if one.entry else asked.is_asked(one.text))
    ]
    with store.writing() as db:
        answers.keep(db, ready.name, marker, meant)
        memory.put_state(db, ready.name, f"answers:{marker}", (said.cursor, since), at=instant(now))


def _answer(db: Connection, asking: Sequence[Place], zone: ZoneInfo, now: dt.datetime) -> list[Became]:
    """Do what is still open, and what became of each; who said it may be known only after the next check."""
    reports = {place.draft({}).marker for place in asking}
    still_open = [one for one in answers.still_open(db) if one.key is not None and one.target in reports]
    audiences = _audiences(db, asking, now) if still_open else {}
    today = now.astimezone(zone).date().isoformat()
    became: list[Became] = []
    for request in still_open:
        said_on = dt.datetime.fromisoformat(request.at).astimezone(zone).date().isoformat()
        try:
            state, reply = _do(db, request, audiences[request.target], min(said_on, today), today)
        except Refusal as why:
            state, reply = "refused", str(why)
        answers.settle(db, request, state, reply)
        became.append(state)
    return became


class _Audience(Struct, frozen=True):
    """A report that takes answers, and the findings that it covers: no others are its readers' to accept."""

    setting: Report
    covered: tuple[Finding, ...]


def _audiences(db: Connection, asking: Sequence[Place], now: dt.datetime) -> dict[str, _Audience]:
    """By the markers of the reports."""
    known = findings.kept_findings(db)
    sources = scopes.sources(db, instant(now))
    found = {}
    for place, linked in reaches(db, asking, known):
        readers = Readers(place.setting, sources, linked)
        covered = tuple(one for one in known if readers.covers(one))
        found[place.draft({}).marker] = _Audience(place.setting, covered)
    return found


def _do(db: Connection, request: Request, audience: _Audience, said_on: str, today: str) -> tuple[Became, str]:
    """What became of it, and how, in words. Raises Refusal."""
    allowed = audience.setting.answers
    if request.key not in allowed and not set(request.roles) & set(allowed):
        raise Refusal("the report's `answers` does not name them")
    if request.entry is not None:
        return _tick(db, request, audience, said_on, today)
    wanted = asked.parse(request.said, said_on)
    if isinstance(wanted, str):
        raise Refusal(wanted)
    if wanted.until < today:
        return _over(wanted.until)
    chosen = list(_chosen(db, request, wanted.subject, audience.covered))
    if not chosen:
        raise Refusal(
            f"the report says nothing of {clean(wanted.subject, 80)}" if wanted.subject else "the report names nothing"
        )
    for waiver in chosen:
        made = replace(waiver, until=wanted.until, reason=wanted.reason, by=request.name, made_on=today)
        waivers.add(db, made)
    return "taken", f"accepted {number(len(chosen), 'finding')} to the end of {wanted.until}"


def _over(until: str) -> tuple[Became, str]:
    return "over", f"it was accepted to the end of {until}"


def _tick(db: Connection, request: Request, audience: _Audience, said_on: str, today: str) -> tuple[Became, str]:
    named = waivers.by_id(request.entry or "", audience.covered)
    found = named[0] if len(named) == 1 else None
    if found is None:
        return "over", "the report says it no more"
    if not request.ticked:
        held = [one for one in waivers.made(db) if one.subject == found.fingerprint and one.reason == TICKED]
        waivers.remove(db, held)
        return "taken", "no longer accepted" if held else "nothing was accepted"
    until = (dt.date.fromisoformat(said_on) + asked.SNOOZE).isoformat()
    if until < today:
        return _over(until)
    waivers.add(db, Waiver(found.rule, found.fingerprint, until, TICKED, request.name, "answer", today))
    return "taken", f"accepted 1 finding to the end of {until}"


def _chosen(db: Connection, request: Request, subject: str | None, known: Sequence[Finding]) -> Iterator[Waiver]:
    """A waiver for each rule and subject that is meant, still without its date and reason."""
    if subject is None:
        body = b"".join(targets.said(db, request.target)[-1:]).decode()
        yield from (_waiver(one, one.fingerprint) for one in known if one.fingerprint[:SHORT] in body)
        return
    by_rule = {one.rule: _waiver(one, subject) for one in known if waivers.names(subject, one)}
    by_id = [] if by_rule else waivers.by_id(subject, known)
    if len(by_id) > 1:
        raise Refusal(f"the ids of {len(by_id)} findings begin with {subject}: name more of it")
    yield from (*by_rule.values(), *(_waiver(one, one.fingerprint) for one in by_id))


def _waiver(finding: Finding, subject: str) -> Waiver:
    return Waiver(finding.rule, subject, until="", reason="", origin="answer")
