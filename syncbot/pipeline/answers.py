"""What people answer in their tools becomes waivers: a comment that asks for it, a ticked entry.

Only those whom the report's ``answers`` names are heeded, each of their words once. What they say is read after the
work and before the check, so that the next report knows it already. A tick is never undone by us: what is accepted
leaves the report, and comes back unticked once the waiver is over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from sqlalchemy import Connection

from syncbot.config import Config
from syncbot.errors import Missing, ToolError
from syncbot.model import SHORT, Finding, Report, Struct, Waiver
from syncbot.pipeline import asked
from syncbot.pipeline.feed import Ready, instant
from syncbot.pipeline.guard import guarded
from syncbot.pipeline.publish import Place, places
from syncbot.report.words import clean, number
from syncbot.store import Store, answers, findings, memory, targets, waivers
from syncbot.store.answers import Request

ANEW = dt.timedelta(days=1)
"""How often all that stands below a report is read again: a tool may lose a hint of it, a person may edit a comment."""

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
    failed: dict[str, ToolError] = {}
    for place in asking:
        try:
            _read(store, ready[place.setting.connection], place, now)
        except ToolError as error:
            failed[place.setting.title] = error
    if not asking:
        return Heeded()
    today = now.astimezone(ZoneInfo(config.timezone)).date().isoformat()
    reports = {place.draft({}).marker: place.setting for place in asking}
    states = []
    with store.writing() as db:
        known = findings.kept_findings(db)
        for request in answers.still_open(db):
            setting = reports.get(request.target)
            if request.key is None or setting is None:
                continue  # who that is may be known after the next check
            try:
                answers.settle(db, request, "taken", _do(db, request, setting, known, today))
                states.append("taken")
            except Refusal as why:
                answers.settle(db, request, "refused", str(why))
                states.append("refused")
    return Heeded(states.count("taken"), states.count("refused"), failed)


def _read(store: Store, ready: Ready, place: Place, now: dt.datetime) -> None:
    marker = place.draft({}).marker
    with store.reading() as db:
        known = targets.recall(db, marker)
        kept = memory.get_state(db, ready.name, f"answers:{marker}", tuple[str, str])
        prefixes = {one.fingerprint for one in findings.kept_findings(db)}
        ours = targets.known_authors(db, ready.name) | ready.own_accounts
    if known is None or known.remote_id is None or known.muted_at is not None:
        return
    cursor, since = kept[0] if kept else (None, instant(now))
    if now - dt.datetime.fromisoformat(since) >= ANEW:
        cursor, since = None, instant(now)
    try:
        with guarded(ready.name):
            said = ready.feed.connector.answers(known.remote_id, cursor)
    except Missing:
        return  # publishing sees to it
    meant = [
        replace(one, text=clean(one.text, _SAID))
        for one in said.answers
        if one.account not in ours and (one.entry in prefixes if one.entry else asked.is_asked(one.text))
    ]
    with store.writing() as db:
        answers.keep(db, ready.name, marker, meant)
        memory.put_state(db, ready.name, f"answers:{marker}", (said.cursor, since), at=instant(now))


def _do(db: Connection, request: Request, setting: Report, known: Sequence[Finding], today: str) -> str:
    """What was done, in words. Raises Refusal."""
    if request.key not in setting.answers and not set(request.roles) & set(setting.answers):
        raise Refusal("the report's `answers` does not name them")
    if request.entry is not None:
        return _tick(db, request, known, today)
    wanted = asked.parse(request.said, today)
    if isinstance(wanted, str):
        raise Refusal(wanted)
    chosen = list(_chosen(db, request, wanted.subject, known))
    if not chosen:
        raise Refusal(
            f"nothing is said of {clean(wanted.subject, 80)}" if wanted.subject else "the report names nothing"
        )
    for waiver in chosen:
        made = replace(waiver, until=wanted.until, reason=wanted.reason, by=request.name, made_on=today)
        waivers.add(db, made)
    return f"accepted {number(len(chosen), 'finding')} to the end of {wanted.until}"


def _tick(db: Connection, request: Request, known: Sequence[Finding], today: str) -> str:
    held = [one for one in waivers.made(db) if one.subject == request.entry and one.reason == TICKED]
    if not request.ticked:
        waivers.remove(db, held)
        return "no longer accepted" if held else "nothing was accepted"
    found = next((one for one in known if one.fingerprint == request.entry), None)
    if found is None:
        return "it is resolved already"
    until = (dt.date.fromisoformat(today) + asked.SNOOZE).isoformat()
    waivers.add(db, Waiver(found.rule, found.fingerprint, until, TICKED, request.name, "answer", today))
    return f"accepted 1 finding to the end of {until}"


def _chosen(db: Connection, request: Request, subject: str | None, known: Sequence[Finding]) -> Iterator[Waiver]:
    """A waiver for each rule and subject that is meant, still without its date and reason."""
    if subject is None:
        body = (targets.said(db, request.target) or b"").decode()
        yield from (_waiver(one, one.fingerprint) for one in known if one.fingerprint[:SHORT] in body)
        return
    seen = set()
    for one in known:
        is_id = one.fingerprint.startswith(subject.lower())
        waiver = _waiver(one, one.fingerprint if is_id else subject)
        if waivers.accepts(waiver, one) and (waiver.rule, waiver.subject) not in seen:
            seen.add((waiver.rule, waiver.subject))
            yield waiver


def _waiver(finding: Finding, subject: str) -> Waiver:
    return Waiver(finding.rule, subject, until="", reason="", origin="answer")
