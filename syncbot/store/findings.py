"""What the rules said over time: which findings are new, still there, resolved, accepted, or could not be checked.

An *edition* runs from one scheduled report to the next: a finding is new in the edition in which it was first found,
and what is resolved is told in the edition in which it was. Nothing is written about a finding that is what it was
when it was last checked on the same day; whenever its state or its words change, an event records it as it is then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import astuple
from sqlalchemy import Connection, Text, bindparam, text

from syncbot.model import STANDING, Checked, Finding, Stated, Waiver
from syncbot.store import bulk, inputs, rows, waivers
from syncbot.store.history import Past, State, found, into_baseline, not_found, out_of_baseline, unsaid
from syncbot.store.silence import meaning
from syncbot.store.whereabouts import ITEMS, Places, places, whereabouts

_PAST = Past.__struct_fields__
_FINDING = ("fingerprint", "rule", "view", "subject", "connection", "scope", "side", "person_id", "severity")
_EVENT = ("fingerprint", "day", "event", "edition", "first_day", "first_edition", "last_day", "body")
_HIDDEN = ("resolved", "unsaid")

_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_decode = msgspec.msgpack.Decoder(Finding).decode


def begin_edition(db: Connection, today: str) -> int:
    """Begin the next edition on a date, after the report of the last one was sent; its number."""
    query = text("insert into edition (started_on) values (:today) returning id")
    number: int = db.execute(query, {"today": today}).scalar_one()
    return number


def current_edition(db: Connection, today: str) -> int:
    """The number of the edition that is under way; the first begins by itself."""
    number: int | None = db.scalar(text("select max(id) from edition"))
    return begin_edition(db, today) if number is None else number


def reconcile(db: Connection, checked: Iterable[Checked], config: Sequence[Waiver], *, today: str) -> list[Stated]:
    """Compare what the rules say now with what they said before, keep it, and state every finding of this edition.

    A finding that is gone is *resolved* only if its rule could tell; else it is *not checked*. Left out are those of
    rules that are not among ``checked`` or not asked where the subject is, and those whose subject is out of sight.
    ``config``: its waivers, beside which those of commands hold. ``today``: a date.
    """
    held = waivers.valid(db, config, today)
    run = _Run(rows.day(today) or 0, current_edition(db, today), held)
    scopes = places(db, today=today)
    waivers.keep(db, config)
    stated: list[Stated] = []
    rules: set[str] = set()
    for answer in checked:
        rules.add(answer.rule)
        before = _before(db, answer.rule)
        after = _found(answer, before, run) | _not_found(db, answer, before, run, scopes)
        _write(db, run, before, after)
        stated += [
            Stated(finding, past.state, date_of(past.first_day), date_of(past.last_day), waiver)
            for finding, past, waiver in after.values()
            if past.state != "unsaid"
        ]
    _silence(db, rules, run)
    return stated


def stated(db: Connection, asked: Collection[str], config: Sequence[Waiver], *, today: str) -> list[Stated]:
    """What `reconcile` stated last of the rules that were ``asked``; holds as long as nothing has changed since."""
    held = waivers.valid(db, config, today)
    query = text("""
        select rule, body, state, first_day, last_day from finding
        where state <> 'unsaid' and (state <> 'resolved' or edition = (select max(id) from edition))
        order by rule, fingerprint""")
    found = []
    for row in db.execute(query):
        if row.rule in asked:
            finding = _decode(row.body)
            days = date_of(row.first_day), date_of(row.last_day)
            found.append(Stated(finding, row.state, *days, _waiver(held, finding)))
    return found


def standing(db: Connection, item: int) -> list[tuple[Finding, State]]:
    """What rules say of an item (by our id) and was not resolved, as the last check left it."""
    query = text("""
        select body, view, state from finding
        where subject = :id and state not in ('resolved', 'unsaid') order by rule, fingerprint""")
    return [(_decode(row.body), row.state) for row in db.execute(query, {"id": item}) if row.view in ITEMS]


def kept_findings(db: Connection) -> list[Finding]:
    """Every finding that is said and was not resolved, as the last check left it."""
    query = text("select body from finding where state not in ('resolved', 'unsaid') order by rule, fingerprint")
    return [_decode(body) for body in db.scalars(query)]


def kept_ids(db: Connection) -> frozenset[str]:
    """The fingerprints of those."""
    return frozenset(db.scalars(text("select fingerprint from finding where state not in ('resolved', 'unsaid')")))


def find(db: Connection, said: str) -> list[tuple[Finding, Past]]:
    """The findings whose id begins so, whatever became of them; none for what cannot be the beginning of an id."""
    if not (prefix := waivers.beginning(said)):
        return []
    query = text(f"""
        select body, {", ".join(_PAST)} from finding
        where fingerprint >= :prefix and fingerprint < :end order by fingerprint""")
    return [(_decode(row[0]), _past(row[1:])) for row in db.execute(query, {"prefix": prefix, "end": f"{prefix}g"})]


def unconfirmed(db: Connection, fingerprints: Collection[str]) -> set[str]:
    """Those of these findings whose subjects were not read again since they were found."""
    query = text("select fingerprint from finding where not is_confirmed")
    return set(fingerprints) & set(db.scalars(query))


def confirm(db: Connection, fingerprints: Iterable[str]) -> None:
    """Remember that the subjects of these findings were read again, and are as the rules saw them."""
    bulk.update(db, "finding", ("is_confirmed",), ("fingerprint",), [(True, one) for one in sorted(fingerprints)])


def accept(db: Connection, fingerprints: Collection[str], *, today: str) -> None:
    """Take what stands of these findings into the baseline: known debt, counted until it is resolved."""
    _turn(db, today, lambda past, fingerprint: fingerprint in fingerprints and past.state in STANDING, into_baseline)


def disown(db: Connection, *, today: str) -> int:
    """Empty the baseline, so that what is left of it is listed again; how many findings that are."""
    edition = current_edition(db, today)
    return _turn(db, today, lambda past, _: past.in_baseline, lambda past: out_of_baseline(past, edition))


def resolved(db: Connection, fingerprints: Iterable[str]) -> list[Stated]:
    """Those of these findings that are resolved, in whichever edition it was."""
    query = text("""
        select body, first_day, last_day from finding
        where state = 'resolved' and fingerprint in :fingerprints order by fingerprint""")
    known = db.execute(
        query.bindparams(bindparam("fingerprints", type_=Text(), expanding=True)), {"fingerprints": list(fingerprints)}
    )
    return [Stated(_decode(row.body), "resolved", date_of(row.first_day), date_of(row.last_day)) for row in known]


class _Run(NamedTuple):
    """What all rules of one run have in common."""

    day: int
    edition: int
    waivers: tuple[Waiver, ...] = ()


Before = dict[str, tuple[bytes, Past]]
After = dict[str, tuple[Finding, Past, Waiver | None]]


def _found(answer: Checked, before: Before, run: _Run) -> After:
    """The findings of a rule, by fingerprint."""
    after: After = {}
    for finding in answer.findings:
        waiver = _waiver(run.waivers, finding)
        past = before[finding.fingerprint][1] if finding.fingerprint in before else None
        turn = found(past, run.day, run.edition, is_waived=waiver is not None)
        after[finding.fingerprint] = (finding, turn, waiver)
    return after


def _not_found(db: Connection, answer: Checked, before: Before, run: _Run, places: Places) -> After:
    """What a rule said before and does not now, as far as it belongs to this edition."""
    said = {finding.fingerprint for finding in answer.findings}
    rest = [
        (_decode(body), past)
        for fingerprint, (body, past) in before.items()
        if fingerprint not in said and (past.state != "resolved" or past.edition == run.edition)
    ]
    where = whereabouts(db, places, (finding for finding, past in rest if past.state != "resolved"))
    after: After = {}
    for finding, past in rest:
        turn = "resolved" if past.state == "resolved" else meaning(answer, finding, past, where)
        if turn == "unsaid":
            after[finding.fingerprint] = (finding, unsaid(past), None)
            continue
        waiver = _waiver(run.waivers, finding)
        could_tell, is_waived = turn == "resolved", waiver is not None
        state = not_found(past, run.day, run.edition, could_tell=could_tell, is_waived=is_waived)
        after[finding.fingerprint] = (finding, state, waiver)
    return after


def _waiver(held: Sequence[Waiver], finding: Finding) -> Waiver | None:
    """The first waiver that accepts a finding."""
    return next((waiver for waiver in held if waivers.accepts(waiver, finding)), None)


def date_of(day: int) -> str:
    """The date of a day number."""
    return (date(1970, 1, 1) + timedelta(day)).isoformat()


# In the tables --------------------------------------------------------------------------------------------------------


def _before(db: Connection, rule: str) -> Before:
    query = text(f"select fingerprint, body, {', '.join(_PAST)} from finding where rule = :rule order by fingerprint")
    return {row[0]: (row[1], _past(row[2:])) for row in db.execute(query, {"rule": rule})}


def _past(row: Sequence[Any]) -> Past:
    state, first_day, last_day, checked_day, first_edition, edition, in_baseline, is_confirmed = row
    marks = bool(in_baseline), bool(is_confirmed)
    return Past(state, first_day, last_day, checked_day, first_edition, edition, *marks)


def _silence(db: Connection, rules: Collection[str], run: _Run) -> None:
    """Let nobody name the findings of rules that were not asked, while that is so."""
    query = text("select distinct rule from finding where state not in ('resolved', 'unsaid') order by rule")
    for rule in [rule for rule in db.scalars(query) if rule not in rules]:
        before = _before(db, rule)
        loud = {key: one for key, one in before.items() if one[1].state not in _HIDDEN}
        _write(db, run, before, {key: (_decode(body), unsaid(past), None) for key, (body, past) in loud.items()})


def _turn(db: Connection, today: str, wanted: Callable[[Past, str], bool], turn: Callable[[Past], Past]) -> int:
    """Give some findings another state between checks; how many."""
    run = _Run(rows.day(today) or 0, current_edition(db, today))
    query = text("select distinct rule from finding order by rule")
    count = 0
    for rule in db.scalars(query).all():
        before = _before(db, rule)
        after: After = {
            key: (_decode(body), turn(past), None) for key, (body, past) in before.items() if wanted(past, key)
        }
        _write(db, run, before, after)
        count += len(after)
    if count:
        inputs.touch(db)
    return count


def _write(db: Connection, run: _Run, before: Before, after: After) -> None:
    """Write what differs, and an event for every turn that a finding took."""
    changed, events = [], []
    for fingerprint, (finding, past, _) in after.items():
        body = _encode(finding)
        old_body, old = before.get(fingerprint, (None, None))
        if (old_body, old) == (body, past):
            continue
        changed.append((*_row(finding), body, *astuple(past)))
        if old is None or body != old_body or _told(old) != _told(past):
            told = None if body == old_body else body
            events.append((fingerprint, run.day, past.event, run.edition, *_told(past)[1:], past.last_day, told))
    bulk.upsert(db, "finding", (*_FINDING, "body", *_PAST), ("fingerprint",), changed)
    bulk.insert(db, "finding_event", _EVENT, events)


def _told(past: Past) -> tuple[str, int, int]:
    """What of a finding's past an event tells."""
    return past.event, past.first_day, past.first_edition


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
