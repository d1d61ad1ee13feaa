"""What is said in one line of a report: one finding with its evidence, or many of a kind with a count and examples."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b

from syncbot.model import SHORT, STANDING, Evidence, Finding, FindingState, Scalar, Stated
from syncbot.report import words
from syncbot.report.document import RANK, About, Line, Piece, Span, Text
from syncbot.report.filters import jira_filter
from syncbot.report.readers import Readers

PIECES = 4
EXAMPLES = 3
UNSEEN = 30
"""So many findings of a line that names none are looked at again before it is written, the newest first."""


def sayable(stated: Iterable[Stated], a_scope: int | None) -> list[Stated]:
    """Without those that no report names yet, unless they are only counted beside others of their line of many."""
    known = list(stated)
    standing = [one for one in known if one.state in STANDING]
    many = Counter(_shared(one.finding) for one in standing)
    told = {_shared(one.finding) for one in standing if not one.is_doubted}
    return [
        one
        for one in known
        if not one.is_doubted
        or (a_scope is not None and many[shared := _shared(one.finding)] > a_scope and shared in told)
    ]


def bunches(standing: Sequence[Stated], readers: Readers, a_scope: int | None) -> Iterator[tuple[str, list[Stated]]]:
    """The findings by the line that they are said in, with its key: one each, but together where that says it better.

    That is where one rule found more than ``a_scope`` in one scope, and where the readers may not know which ones they
    are.
    """
    by_scope: defaultdict[tuple[str, ...], list[Stated]] = defaultdict(list)
    for one in standing:
        by_scope[_shared(one.finding)].append(one)
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
                unseen[finding.rule, finding.side, finding.subject.connection, identity(finding)].append(one)
    yield from ((_key(shared), many) for shared, many in unseen.items())


def _shared(finding: Finding) -> tuple[str, ...]:
    return finding.rule, finding.side, finding.subject.connection, finding.subject.scope


def identity(finding: Finding) -> Hashable:
    """Who has to act on a finding: by our id, else by their accounts; None for nobody in particular."""
    person = finding.person
    if person is None:
        return None
    return person.id if person.id is not None else (person.name, tuple(sorted(person.accounts.items())))


def tell(key: str, bunch: Sequence[Stated], readers: Readers, about: Mapping[str, About]) -> Line:
    """The line that says these findings."""
    first = bunch[0].finding
    states = {one.state for one in bunch}
    state: FindingState = states.pop() if len(states) == 1 else "still"
    title = words.called(first.rule, about)
    # What is found of a scope is told in the words of its lists and fields.
    is_told = len(bunch) == 1 and (first.subject.view != "scope" or readers.sees(first.subject))
    is_itself = key == first.fingerprint
    examples = () if is_told else _examples(bunch, readers)
    beneath = [first] if is_itself else examples or _newest(bunch)
    pieces = _pieces(first, readers, title) if is_told else (_sum(bunch, readers, title, examples),)
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
        id=key[:SHORT] if is_itself else "",
        named=tuple(one.fingerprint for one in beneath),
    )


# Many -----------------------------------------------------------------------------------------------------------------


def _sum(bunch: Sequence[Stated], readers: Readers, title: str, examples: Sequence[Finding]) -> Piece:
    """Say "Feature has no owner: 14 items in PAY, such as ...", the count leading to the tool's own list of them."""
    subjects = list({_itself(one.finding): one.finding.subject for one in bunch}.values())
    url = None
    if all(map(readers.sees, subjects)):
        url = jira_filter(subjects) or readers.url((subjects[0].connection, subjects[0].scope))
    text = [Span(f"{title}: "), Span(readers.count(subjects), url)]
    for n, one in enumerate(examples):
        text.append(Span(", such as " if n == 0 else " and " if n == len(examples) - 1 else ", "))
        text.append(readers.name(one.subject))
    return Piece(tuple(text))


def _examples(bunch: Sequence[Stated], readers: Readers) -> tuple[Finding, ...]:
    """A few to name: those that have stood longest, so that the line stays while others come and go."""
    longest = sorted(bunch, key=lambda one: (RANK[one.finding.severity], one.first_on, one.finding.fingerprint))
    seen: dict[tuple[str, int | None], Finding] = {}
    for one in longest:
        if readers.sees(one.finding.subject) and not one.is_doubted:
            seen.setdefault(_itself(one.finding), one.finding)
    return (*seen.values(),)[:EXAMPLES]


def _newest(bunch: Sequence[Stated]) -> list[Finding]:
    """What a line stands on that names none."""
    told = sorted((one for one in bunch if not one.is_doubted), key=lambda one: one.finding.fingerprint)
    return [one.finding for one in sorted(told, key=lambda one: one.first_on, reverse=True)][:UNSEEN]


def _itself(finding: Finding) -> tuple[str, int | None]:
    return finding.subject.view, finding.subject.id


def _key(*shared: object) -> str:
    """The identity of a line of many: what they share, whichever they are today."""
    return blake2b(repr(shared).encode(), digest_size=6).hexdigest()


# One ------------------------------------------------------------------------------------------------------------------


def _pieces(finding: Finding, readers: Readers, title: str) -> tuple[Piece, ...]:
    """The evidence as sentences that these readers may read, each said once, in an order of its own."""
    subject = readers.name(finding.subject)
    evidence = finding.evidence or (Evidence(f"{title}: {{title}}"),)
    ordered = sorted(evidence, key=lambda one: (one.message, one.other.ref if one.other else "", repr(one.facts)))
    sentences: dict[Text, Evidence] = {}
    for one in ordered:
        other = readers.name_beside(one.other, finding.subject) if one.other else Span("another item")
        sentences.setdefault(_fill(_dated(one), subject, other), one)
    first = next(iter(sentences))
    pieces = [Piece(text, _facts(finding, one, readers), _beside(text, first)) for text, one in sentences.items()]
    if not any("{title}" in one.message for one in evidence):
        pieces[0] = Piece((subject, Span(": "), *first), pieces[0].facts)
    return tuple(pieces)


def _beside(text: Text, first: Text) -> Text:
    """What a sentence adds to the first one: the name in which they differ and what follows, without shared words."""
    at = next((n for n, (one, other) in enumerate(zip(text, first, strict=False)) if one != other), len(text))
    if at == len(text) or not text[at].is_title:
        return ()
    return text[at : at + 1] if text[at + 1 :] == first[at + 1 :] else text[at:]


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
