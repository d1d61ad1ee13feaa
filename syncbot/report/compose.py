"""Findings in, one short and discreet document out: pure, and the same whatever order they come in.

Grouped by who must act, worst first, at most seven findings a person; many findings of one rule in one scope are one
line with a count. What is left out is counted, never silent.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b

import msgspec

from syncbot.model import (
    SHORT,
    STANDING,
    CannotTell,
    Evidence,
    Finding,
    FindingState,
    Linked,
    Report,
    Scalar,
    Source,
    Stated,
    Struct,
)
from syncbot.report import words
from syncbot.report.document import RANK, About, Counts, Document, Gap, Group, Line, Piece, Span, Stale, Text
from syncbot.report.filters import jira_filter
from syncbot.report.readers import Readers

PIECES = 4


class Limits(Struct, frozen=True):
    """How short a report is: ``a_person`` lines each; above ``a_scope`` findings of one rule become one line.

    ``rest`` bounds the lists of what is resolved and of what could not be told. None: as many as there are.
    """

    a_person: int | None = 7
    a_scope: int | None = 10
    rest: int | None = 7


EVERYTHING = Limits(a_person=None, a_scope=None, rest=None)


def compose(
    stated: Iterable[Stated],
    cannot_tell: Iterable[CannotTell],
    sources: Sequence[Source],
    report: Report | None,
    *,
    today: str,
    linked: Linked | None = None,
    limits: Limits | None = None,
    about: Mapping[str, About] | None = None,
) -> Document:
    """The document for the readers of ``report``; None is the admin's terminal, where everything is covered.

    ``linked`` is what a report without ``covers`` covers besides its own scope. ``today`` is a date and only heads
    what is read once; nothing else depends on it. ``about``: what to say of rules, by their ids.
    """
    limits = limits or Limits()
    readers = Readers(report, sources, linked or Linked())
    covered = sorted((one for one in stated if readers.covers(one.finding)), key=lambda one: one.finding.fingerprint)
    standing = [one for one in covered if one.state in STANDING]
    resolved = sorted(
        (_line(one.finding.fingerprint, [one], readers) for one in covered if one.state == "resolved"),
        key=_worst_first,
    )
    gaps = _gaps(cannot_tell, readers)
    return Document(
        title=words.title(report.title if report else "") or "Alignment report",
        today=today,
        counts=_counts(covered, standing),
        groups=_groups(standing, readers, limits),
        resolved=tuple(resolved[: limits.rest]),
        gaps=tuple(gaps[: limits.rest]),
        gaps_left_out=len(gaps[limits.rest :]) if limits.rest else 0,
        stale=_stale(sources, readers),
        about=dict(about or {}),
    )


def _counts(covered: Sequence[Stated], standing: Sequence[Stated]) -> Counts:
    counts: Counter[str] = Counter(one.finding.severity for one in standing)
    counts.update(one.state for one in covered)
    return msgspec.convert(dict(counts), Counts)


# Who has to do what ---------------------------------------------------------------------------------------------------


def _groups(standing: Sequence[Stated], readers: Readers, limits: Limits) -> tuple[Group, ...]:
    """A group for each who must act. The limit holds for each person, also where roles stand for names."""
    groups: defaultdict[str, list[tuple[Hashable, Line]]] = defaultdict(list)
    for key, bunch in _bunches(standing, readers, limits.a_scope):
        first = bunch[0].finding
        is_one = len({_identity(one.finding) for one in bunch}) == 1
        who = readers.who(first.side, first.person if is_one else None)
        groups[who].append((_identity(first) if is_one else None, _line(key, bunch, readers)))
    return tuple(sorted((_group(who, lines, limits.a_person) for who, lines in groups.items()), key=_worst_group_first))


def _group(who: str, lines: Sequence[tuple[Hashable, Line]], a_person: int | None) -> Group:
    so_far: Counter[Hashable] = Counter()
    kept: list[Line] = []
    left_out = 0
    for person, line in sorted(lines, key=lambda pair: _worst_first(pair[1])):
        so_far[person] += 1
        if a_person is None or so_far[person] <= a_person:
            kept.append(line)
        else:
            left_out += line.count
    return Group(who=who, lines=tuple(kept), left_out=left_out)


def _identity(finding: Finding) -> Hashable:
    """Who a person is: by our id, else by their accounts."""
    person = finding.person
    if person is None:
        return None
    return person.id if person.id is not None else (person.name, tuple(sorted(person.accounts.items())))


def _worst_first(line: Line) -> tuple[int, int, str, str, str]:
    """Worse before better, new before old, then an order that only serves to be one."""
    return RANK[line.severity], -int(line.since_on.replace("-", "")), line.rule, line_text(line), line.key


def _worst_group_first(group: Group) -> tuple[int, int, int, str]:
    severities = [RANK[line.severity] for line in group.lines]
    worst = min(severities)
    return worst, -severities.count(worst), -len(severities), group.who


# What is said in one line ---------------------------------------------------------------------------------------------


def _bunches(standing: Sequence[Stated], readers: Readers, a_scope: int | None) -> Iterator[tuple[str, list[Stated]]]:
    """The findings by the line that they are said in, with its key: one each, but together where that says it better.

    That is where one rule found very many in one scope, and where the readers may not know which ones they are.
    """
    by_scope: defaultdict[tuple[str, ...], list[Stated]] = defaultdict(list)
    for one in standing:
        subject = one.finding.subject
        by_scope[one.finding.rule, one.finding.side, subject.connection, subject.scope].append(one)
    unseen: defaultdict[tuple[Hashable, ...], list[Stated]] = defaultdict(list)
    for shared, many in by_scope.items():
        if a_scope is not None and len(many) > a_scope:
            yield _key(shared), many
            continue
        for one in many:
            finding = one.finding
            if readers.sees(finding.subject):
                yield finding.fingerprint, [one]
            else:
                unseen[finding.rule, finding.side, finding.subject.connection, _identity(finding)].append(one)
    yield from ((_key(shared), many) for shared, many in unseen.items())


def _line(key: str, bunch: Sequence[Stated], readers: Readers) -> Line:
    first = bunch[0].finding
    states = {one.state for one in bunch}
    state: FindingState = states.pop() if len(states) == 1 else "still"
    # What is found of a scope is told in the words of its lists and fields.
    is_told = len(bunch) == 1 and (first.subject.view != "scope" or readers.sees(first.subject))
    pieces = _pieces(first, readers) if is_told else (_sum(bunch, readers),)
    return Line(
        key=key,
        rule=first.rule,
        severity=min((one.finding.severity for one in bunch), key=lambda severity: RANK[severity]),
        state=state,
        pieces=pieces[:PIECES],
        more=len(pieces[PIECES:]),
        since_on=min(one.first_on for one in bunch),
        checked_on=min(one.last_on for one in bunch) if state == "not_checked" else None,
        count=len(bunch),
        id=key[:SHORT] if key == bunch[0].finding.fingerprint else "",
    )


def _sum(bunch: Sequence[Stated], readers: Readers) -> Piece:
    """Say "Feature without owner: 14 items in PAY", the count leading to the tool's own list of them."""
    subjects = list({(one.finding.subject.view, one.finding.subject.id): one.finding.subject for one in bunch}.values())
    url = None
    if all(map(readers.sees, subjects)):
        url = jira_filter(subjects) or readers.url((subjects[0].connection, subjects[0].scope))
    return Piece((Span(f"{words.headline(bunch[0].finding.rule)}: "), Span(readers.count(subjects), url)))


def _key(*shared: object) -> str:
    """The identity of a line of many: what they share, whichever they are today."""
    return blake2b(repr(shared).encode(), digest_size=6).hexdigest()


def _pieces(finding: Finding, readers: Readers) -> tuple[Piece, ...]:
    """The evidence as sentences that these readers may read, each said once, in an order of its own."""
    subject = readers.name(finding.subject)
    evidence = finding.evidence or (Evidence(f"{words.headline(finding.rule)}: {{title}}"),)
    ordered = sorted(evidence, key=lambda one: (one.message, one.other.ref if one.other else "", repr(one.facts)))
    sentences: dict[Text, Evidence] = {}
    for one in ordered:
        other = readers.name_beside(one.other, finding.subject) if one.other else Span("another item")
        sentences.setdefault(_fill(_dated(one), subject, other), one)
    pieces = [Piece(text, _facts(finding, one, readers)) for text, one in sentences.items()]
    if not any("{title}" in one.message for one in evidence):
        pieces[0] = Piece((subject, Span(": "), *pieces[0].text), pieces[0].facts)
    return tuple(pieces)


def _dated(evidence: Evidence) -> str:
    """The message with its dates as people write them; its facts tell which of its words are dates."""
    message = evidence.message
    for name, value in evidence.facts.items():
        if name.endswith("_on") and isinstance(value, str) and _DATE.fullmatch(value):
            message = message.replace(value, words.day(value))
    return message


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _fill(message: str, title: Span, other: Span) -> Text:
    """The message with its two names put in as spans of their own."""
    named = {"{title}": title, "{other}": other}
    parts = re.split(r"(\{title\}|\{other\})", message)
    return tuple(named[part] if part in named else Span(words.clean(part)) for part in parts if part)


def _facts(finding: Finding, evidence: Evidence, readers: Readers) -> dict[str, Scalar | None]:
    """The facts, unless they could tell these readers more than the sentence does."""
    named = [finding.subject, *([evidence.other] if evidence.other else [])]
    if readers.names and all(readers.sees(one) and not one.is_restricted for one in named):
        return evidence.facts
    return {}


def line_text(line: Line) -> str:
    """The sentence of a line, without links."""
    return words.flat(line.pieces[0].text)


# What could not be told -----------------------------------------------------------------------------------------------


def _gaps(cannot_tell: Iterable[CannotTell], readers: Readers) -> list[Gap]:
    """One line for each rule and reason, with the scopes that it holds for."""
    places: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    counts: Counter[tuple[str, str]] = Counter()
    for one in cannot_tell:
        if readers.covers_gap(one):
            key = (one.rule, words.clean(one.reason).strip())
            counts[key] += one.count
            places[key] |= {readers.place_of(one.scope)} if one.scope else set()
    return [Gap(*key, places=tuple(sorted(places[key])), count=counts[key]) for key in sorted(counts)]


def _stale(sources: Sequence[Source], readers: Readers) -> tuple[Stale, ...]:
    """The sources that broke their promise, as far as the report stands on them."""
    broken = [source for source in sources if source.promise_broken and readers.covers_scope(source)]
    return tuple(
        Stale(
            place=readers.place((source.connection, source.scope)),
            read_on=source.read_at[:10] if source.read_at else None,
            error=words.clean(source.error) if source.error and readers.may_read_error(source) else None,
        )
        for source in sorted(broken, key=lambda source: (source.connection, source.name, source.scope))
    )
