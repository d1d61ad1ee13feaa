"""What the rules said over time: which findings are new, still there, resolved, accepted, or could not be checked.

An *edition* runs from one scheduled report to the next: a finding is new in the edition in which it was first found,
and what is resolved is told in the edition in which it was. Nothing is written about a finding that is what it was
when it was last checked on the same day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import astuple, replace
from sqlalchemy import Connection, select, text

from syncbot.model import Checked, Finding, FindingState, Stated, Struct, Waiver
from syncbot.patterns import fold
from syncbot.store import bulk, rows, schema

_PAST = ("state", "first_day", "last_day", "checked_day", "first_edition", "edition")
_FINDING = ("fingerprint", "rule", "view", "subject", "connection", "scope", "side", "person_id", "severity")
_ITEMS = frozenset({"item", "feature", "task", "goal", "milestone"})

_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_decode = msgspec.msgpack.Decoder(Finding).decode


class Past(Struct, frozen=True):
    """What is known of a finding over time. ``last_day``: found; ``checked_day``: its rule could tell."""

    state: FindingState
    first_day: int
    last_day: int
    checked_day: int
    first_edition: int
    edition: int


def begin_edition(db: Connection, today: str) -> int:
    """Begin the next edition on a date, after the report of the last one was sent; its number."""
    query = text("insert into edition (started_on) values (:today) returning id")
    number: int = db.execute(query, {"today": today}).scalar_one()
    return number


def current_edition(db: Connection, today: str) -> int:
    """The number of the edition that is under way; the first begins by itself."""
    number: int | None = db.scalar(text("select max(id) from edition"))
    return begin_edition(db, today) if number is None else number


def reconcile(db: Connection, checked: Iterable[Checked], waivers: Sequence[Waiver], *, today: str) -> list[Stated]:
    """Compare what the rules say now with what they said before, keep it, and state every finding of this edition.

    A finding that is gone is *resolved* only if its rule could tell; else it is *not checked*. A finding whose subject
    one census missed is left out, as are those of rules that are not among ``checked``. A waiver holds to the end of
    its last day. ``today``: a date.
    """
    valid = tuple(waiver for waiver in waivers if waiver.until >= today)
    run = _Run(rows.day(today) or 0, current_edition(db, today), valid, _missing(db), _scope_keys(db))
    _keep_waivers(db, waivers)
    stated: list[Stated] = []
    for answer in checked:
        before = _before(db, answer.rule)
        after = _compare(answer, before, run)
        _write(db, run.day, before, after)
        stated += [_state(*turn) for turn in after.values()]
    return stated


def standing(db: Connection, item: int) -> list[tuple[Finding, FindingState]]:
    """What rules say of an item (by our id) and was not resolved, as the last check left it."""
    query = text("select body, view, state from finding where subject = :id and state <> 'resolved' order by rule")
    rows_ = db.execute(query, {"id": item})
    return [(_decode(row.body), row.state) for row in rows_ if row.view in _ITEMS]


def resolved(db: Connection, fingerprints: Iterable[str]) -> list[Stated]:
    """Those of these findings that are resolved, in whichever edition it was."""
    columns = [schema.finding.c[name] for name in ("body", *_PAST)]
    query = select(*columns).where(
        schema.finding.c.fingerprint.in_(list(fingerprints)), schema.finding.c.state == "resolved"
    )
    return [_state(_decode(row[0]), Past(*row[1:]), None) for row in db.execute(query)]


class _Run(NamedTuple):
    """What all rules of one run have in common."""

    day: int
    edition: int
    waivers: tuple[Waiver, ...]
    missing: frozenset[tuple[str, str]]
    keys: dict[tuple[str, str], str]


Before = dict[str, tuple[bytes, Past]]
After = dict[str, tuple[Finding, Past, Waiver | None]]


def _compare(answer: Checked, before: Before, run: _Run) -> After:
    """Every finding of a rule that belongs to this edition, by fingerprint: first those that it found."""
    after: After = {}
    for finding in answer.findings:
        waiver = _waiver(run.waivers, finding)
        past = before[finding.fingerprint][1] if finding.fingerprint in before else None
        turn = _found(past, run.day, run.edition, is_waived=waiver is not None)
        after[finding.fingerprint] = (finding, turn, waiver)
    for fingerprint, (body, past) in before.items():
        if fingerprint in after or (past.state == "resolved" and past.edition != run.edition):
            continue
        finding = _decode(body)
        subject = finding.subject
        if subject.view in _ITEMS and (subject.connection, subject.remote_id) in run.missing:
            continue
        waiver = _waiver(run.waivers, finding)
        scope = run.keys.get((subject.connection, subject.scope))
        could_tell = past.state == "resolved" or _could_tell(answer, fingerprint, scope)
        turn = _not_found(past, run.day, run.edition, could_tell=could_tell, is_waived=waiver is not None)
        after[fingerprint] = (finding, turn, waiver)
    return after


def _found(past: Past | None, day: int, edition: int, *, is_waived: bool) -> Past:
    """A finding that is there. One that was resolved in an earlier edition begins anew, in this one goes on."""
    if past is None or (past.state == "resolved" and past.edition != edition):
        first_day, first_edition = day, edition
    else:
        first_day, first_edition = past.first_day, past.first_edition
    state: FindingState = "waived" if is_waived else "new" if first_edition == edition else "still"
    return Past(state, first_day, day, day, first_edition, edition)


def _not_found(past: Past, day: int, edition: int, *, could_tell: bool, is_waived: bool) -> Past:
    """A finding that was there before and is not said again."""
    if could_tell:
        return replace(past, state="resolved", checked_day=day, edition=edition)
    return replace(past, state="waived" if is_waived else "not_checked", edition=edition)


def _could_tell(answer: Checked, fingerprint: str, scope: str | None) -> bool:
    """Whether a rule's silence about a finding means anything. ``scope``: of its subject, as "connection/key"."""
    for gap in answer.cannot_tell:
        if fingerprint in gap.fingerprints:
            return False
        if not gap.fingerprints and (gap.scope is None or gap.scope == scope):
            return False
    return True


def _waiver(valid: Sequence[Waiver], finding: Finding) -> Waiver | None:
    """The first waiver that accepts a finding: it names the subject's key, short link, URL or the fingerprint."""
    subject = finding.subject
    url = fold(subject.url)
    names = {fold(subject.ref), url, finding.fingerprint}
    for waiver in valid:
        if waiver.rule == finding.rule:
            wanted = fold(waiver.subject)
            if wanted in names or (url and url.startswith(wanted.rstrip("/") + "/")):
                return waiver
    return None


def _state(finding: Finding, past: Past, waiver: Waiver | None) -> Stated:
    return Stated(finding, past.state, _date(past.first_day), _date(past.last_day), waiver)


def _date(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(day)).isoformat()


# In the tables --------------------------------------------------------------------------------------------------------


def _before(db: Connection, rule: str) -> Before:
    query = text(f"select fingerprint, body, {', '.join(_PAST)} from finding where rule = :rule order by fingerprint")
    return {row[0]: (row[1], Past(*row[2:])) for row in db.execute(query, {"rule": rule})}


def _write(db: Connection, day: int, before: Before, after: After) -> None:
    """Write what differs, and an event for every turn that a finding took."""
    changed, events = [], []
    for fingerprint, (finding, past, _) in after.items():
        body = _encode(finding)
        if before.get(fingerprint) == (body, past):
            continue
        changed.append((*_row(finding), body, *astuple(past)))
        old = before[fingerprint][1].state if fingerprint in before else None
        event = _event(old, past.state)
        if event is not None:
            events.append((fingerprint, day, event, past.edition))
    bulk.upsert(db, "finding", (*_FINDING, "body", *_PAST), ("fingerprint",), changed)
    bulk.insert(db, "finding_event", ("fingerprint", "day", "event", "edition"), events)


def _row(finding: Finding) -> tuple[Any, ...]:
    subject, person = finding.subject, finding.person
    return (
        finding.fingerprint,
        finding.rule,
        subject.view,
        subject.id,
        subject.connection,
        subject.scope,
        finding.side,
        None if person is None else person.id,
        finding.severity,
    )


def _event(old: FindingState | None, new: FindingState) -> str | None:
    if new == old:
        return None
    if new in {"resolved", "waived"}:
        return new
    return {None: "new", "resolved": "reopened", "waived": "unwaived"}.get(old)


def _missing(db: Connection) -> frozenset[tuple[str, str]]:
    query = text("select connection, remote_id from item where seen = 'missing'")
    return frozenset((row.connection, row.remote_id) for row in db.execute(query))


def _scope_keys(db: Connection) -> dict[tuple[str, str], str]:
    query = text("select connection, remote_id, key from scope")
    return {(row.connection, row.remote_id): f"{row.connection}/{row.key}" for row in db.execute(query)}


def _keep_waivers(db: Connection, waivers: Sequence[Waiver]) -> None:
    """Let the store say which waivers there are; the config is where they are made."""
    columns = ("rule", "subject", "until", "reason", "by")
    now = {(w.rule, w.subject): (w.rule, w.subject, w.until, w.reason, w.by) for w in waivers}
    before = {row[:2]: tuple(row) for row in db.execute(select(*(schema.waiver.c[name] for name in columns)))}
    bulk.delete(db, "waiver", ("rule", "subject"), list(before.keys() - now.keys()))
    bulk.upsert(db, "waiver", columns, ("rule", "subject"), [row for key, row in now.items() if before.get(key) != row])
