"""How ``syncbot explain`` tells a finding: the rule's sentence, what it stands on, and how it came to be what it is.

What the items themselves were read and mapped from is told below it, as for every item.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text
from sqlalchemy import Connection, text

from syncbot import rules
from syncbot.cli import tables
from syncbot.cli.meant import sentence
from syncbot.cli.session import Session, now
from syncbot.model import SHORT, Finding, Source, Subject
from syncbot.pipeline import instant
from syncbot.report import words
from syncbot.rules import Rule
from syncbot.store import scopes, waivers
from syncbot.store.findings import date_of
from syncbot.store.history import Past
from syncbot.store.recorded import turns

ITEMS = 12
"""So many items behind a sprint or a person are shown; they are counted all."""

PIECES = 20
"""So much evidence is shown."""


def explain(console: Console, db: Connection, session: Session, finding: Finding, past: Past) -> None:
    """Everything about a finding but its items, which `subjects` names."""
    tables.heading(console, f"{finding.rule} {finding.fingerprint[:SHORT]}")
    for evidence in finding.evidence[:PIECES]:
        tables.line(console, f"{finding.severity}: {sentence(finding, evidence)}")
    if more := words.others(len(finding.evidence[PIECES:])):
        tables.line(console, more)
    _acts(console, finding)
    _history(console, db, session, finding, past)
    rule = session.catalogue.rules.get(finding.rule)
    if rule is not None:
        _rule(console, db, session, finding, rule)
    _facts(console, finding)
    _behind(console, db, finding.subject)


def subjects(finding: Finding) -> list[Subject]:
    """What the finding is about and what stands beside it, each once."""
    named = [finding.subject, *(one.other for one in finding.evidence if one.other)]
    return list({(one.view, one.connection, one.remote_id): one for one in named}.values())


def _acts(console: Console, finding: Finding) -> None:
    person = f": {finding.person.name}" if finding.person else ", nobody in particular known"
    tables.line(console, f"to act: {finding.side}{person}")


def _history(console: Console, db: Connection, session: Session, finding: Finding, past: Past) -> None:
    tables.heading(console, "Over time")
    first, last, told = (date_of(day) for day in (past.first_day, past.last_day, past.checked_day))
    tables.line(console, f"first found {first}, last found {last}; its rule could last tell {told}")
    rows = [
        (turn.on, _TURNS[turn.event], "in other words" if turn.says_otherwise else "")
        for turn in turns(db, finding.fingerprint)
    ]
    if rows:
        tables.show(console, ("from", "it was", ""), [(*rows[0][:2], ""), *rows[1:]])
    for waiver in (*session.config.waivers, *waivers.made(db)):
        if waivers.accepts(waiver, finding):
            by = f" by {waiver.by}" if waiver.by else ""
            tables.line(console, f"waived to the end of {waiver.until}{by}: {waiver.reason}")


_TURNS = {
    "open": "found",
    "resolved": "resolved: its rule could tell and did not find it",
    "waived": "found, and waived",
    "baseline": "found, and known from before syncbot came",
    "not_checked": "not found, but its rule could not tell",
    "unsaid": "named nowhere: its rule was off there, or what it is about was out of sight",
}


def _rule(console: Console, db: Connection, session: Session, finding: Finding, rule: Rule) -> None:
    """What the rule stands on: its file and settings, and the reads without which it could not have told."""
    tables.heading(console, f"The rule: {rule.title}")
    rows = [("its query", f"{rule.file.name}:{rule.line}")]
    rows += [("needs mapped", ", ".join(rule.mapped))] if rule.mapped else []
    rows += [("needs filled", ", ".join(rule.filled))] if rule.filled else []
    rows += list(_settings(db, session, finding, rule))
    places = {(one.connection, one.scope) for one in subjects(finding)}
    sources = [one for one in scopes.sources(db, instant(now())) if (one.connection, one.scope) in places]
    rows += [(f"{one.connection}/{one.key}", _read(one)) for one in sources]
    tables.show(console, ("what", "is"), rows)


def _settings(db: Connection, session: Session, finding: Finding, rule: Rule) -> Iterator[tuple[str, str]]:
    setting = next((one for one in session.config.rules if one.rule == rule.id), None)
    subject = finding.subject
    for name, value in rules.effect_at(db, rule, setting, subject.connection, subject.scope).params.items():
        default = next(param.value for param in rule.params if param.name == name)
        yield name, f"{value}" if value == default else f"{value} (by your config; otherwise {default})"


def _read(source: Source) -> str:
    at = f"read completely at {tables.minute(source.read_at)}" if source.read_at else "never read completely"
    return f"{at}, older than promised" if source.promise_broken else at


def _facts(console: Console, finding: Finding) -> None:
    """The columns that the query returned."""
    rows = [
        (name, "" if value is None else value, words.clean(one.other.ref) if one.other else "")
        for one in finding.evidence[:PIECES]
        for name, value in one.facts.items()
    ]
    if rows:
        tables.heading(console, "What the query returned")
        tables.show(console, ("column", "is", "beside"), rows)


def _behind(console: Console, db: Connection, subject: Subject) -> None:
    """The work of a sprint or a person, which the sentence sums up."""
    if subject.view not in _BEHIND:
        return
    found = db.execute(text(_BEHIND[subject.view]), {"id": subject.id}).all()
    tables.heading(console, f"The work behind it: {words.number(len(found), 'open item')}")
    rows = [
        (one.ref, one.title, _number(one.points), _number(one.minutes, 60), one.due_on, tables.minute(one.read_at))
        for one in found[:ITEMS]
    ]
    tables.show(console, ("item", "title", "points", "hours", "due", "read at"), rows, right=("points", "hours"))
    if len(found) > ITEMS:
        console.print(Text(words.others(len(found) - ITEMS)))


def _number(value: float | None, unit: int = 1) -> str | None:
    return None if value is None else f"{value / unit:g}"


_WORK = """
    select i.ref, i.title, e.points, e.minutes, i.due_on, r.read_at
    from item i left join effort e on e.item_id = i.id left join record r on r.id = i.id
    where i.is_open and i.seen = 'here' and {which}
    order by coalesce(e.points, 0) desc, coalesce(e.minutes, 0) desc, i.ref"""
_BEHIND = {
    "sprint": _WORK.format(which="i.id in (select item_id from item_sprint where sprint_id = :id and is_current)"),
    "person": _WORK.format(which="i.id in (select item_id from assignee where person_id = :id)"),
}
