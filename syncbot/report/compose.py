"""Findings in, one short and discreet document out: pure, and the same whatever order they come in.

Grouped by who must act, worst first, at most seven findings a person; many findings of one rule in one scope are one
line with a count. What is left out is counted, never silent.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from syncbot.model import (
    STANDING,
    Aside,
    CannotTell,
    Linked,
    Report,
    Source,
    Stated,
    Struct,
)
from syncbot.report import words
from syncbot.report.document import RANK, About, Counts, Document, Gap, Group, Line, Stale
from syncbot.report.lines import bunches, identity, sayable, tell
from syncbot.report.readers import Readers


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
    aside: Iterable[Aside] = (),
) -> Document:
    """The document for the readers of ``report``; None is the admin's terminal, where everything is covered.

    ``linked`` is what a report without ``covers`` covers besides its own scope. ``today`` is a date and only heads
    what is read once; nothing else depends on it. ``about``: what to say of rules, by their ids.
    ``aside``: what could not be read, which concerns those who look after syncbot.
    """
    limits, about = limits or Limits(), about or {}
    readers = Readers(report, sources, linked or Linked())
    if report is not None:
        stated, cannot_tell = _lasting(stated, tuple(cannot_tell), sources)
    said = sayable((one for one in stated if readers.covers(one.finding)), limits.a_scope)
    covered = sorted(said, key=lambda one: one.finding.fingerprint)
    standing = [one for one in covered if one.state in STANDING]
    resolved = sorted(
        (tell(one.finding.fingerprint, [one], readers, about) for one in covered if one.state == "resolved"),
        key=_worst_first,
    )
    gaps = [*_aside(aside, readers), *_gaps(cannot_tell, readers, about)]
    return Document(
        title=words.title(report.title if report else "") or "Alignment report",
        today=today,
        counts=_counts(covered, standing),
        groups=_groups(standing, readers, limits, about),
        resolved=tuple(resolved[: limits.rest]),
        gaps=tuple(gaps[: limits.rest]),
        gaps_left_out=len(gaps[limits.rest :]) if limits.rest else 0,
        stale=_stale(sources, readers),
        about=dict(about),
    )


def _counts(covered: Sequence[Stated], standing: Sequence[Stated]) -> Counts:
    counts: Counter[str] = Counter(one.finding.severity for one in standing)
    counts.update(one.state for one in covered)
    return msgspec.convert(dict(counts), Counts)


# Who has to do what ---------------------------------------------------------------------------------------------------


def _groups(
    standing: Sequence[Stated], readers: Readers, limits: Limits, about: Mapping[str, About]
) -> tuple[Group, ...]:
    """A group for each who must act. The limit holds for each person, also where roles stand for names."""
    groups: defaultdict[str, list[tuple[Hashable, Line]]] = defaultdict(list)
    for key, bunch in bunches(standing, readers, limits.a_scope):
        first = bunch[0].finding
        is_one = len({identity(one.finding) for one in bunch}) == 1
        who = readers.who(first.side, first.person if is_one else None)
        groups[who].append((identity(first) if is_one else None, tell(key, bunch, readers, about)))
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


def _worst_first(line: Line) -> tuple[int, int, str, str, str]:
    """Worse before better, new before old, then an order that only serves to be one."""
    return (
        RANK[line.severity],
        -int(line.since_on.replace("-", "")),
        line.rule,
        words.flat(line.pieces[0].text),
        line.key,
    )


def _worst_group_first(group: Group) -> tuple[int, int, int, str]:
    severities = [RANK[line.severity] for line in group.lines]
    worst = min(severities)
    return worst, -severities.count(worst), -len(severities), group.who


# What could not be told -----------------------------------------------------------------------------------------------


def _lasting(
    stated: Iterable[Stated], cannot_tell: Sequence[CannotTell], sources: Sequence[Source]
) -> tuple[list[Stated], list[CannotTell]]:
    """Both without what the next run is likely to tell again: until a source breaks its promise, what was found stands.

    Else each hiccup of one tool would be written into the reports in all others, and taken back a moment later.
    """
    labels = {(one.connection, one.scope): f"{one.connection}/{one.key}" for one in sources}
    passing = {(one.rule, one.scope) for one in cannot_tell if one.is_passing}

    def settled(one: Stated) -> Stated:
        subject = one.finding.subject
        places = {(one.finding.rule, labels.get((subject.connection, subject.scope))), (one.finding.rule, None)}
        if one.state == "not_checked" and places & passing:
            return replace(one, state="still")
        return one

    return [settled(one) for one in stated], [one for one in cannot_tell if not one.is_passing]


def _gaps(cannot_tell: Iterable[CannotTell], readers: Readers, about: Mapping[str, About]) -> list[Gap]:
    """One line for each rule and reason, with the scopes that it holds for."""
    places: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    counts: Counter[tuple[str, str]] = Counter()
    for one in cannot_tell:
        if one.count and readers.covers_gap(one):
            key = (one.rule, words.clean(one.reason).strip())
            counts[key] += one.count
            places[key] |= {readers.place_of(one.scope)} if one.scope else set()
    return [
        Gap(rule, reason, tuple(sorted(places[rule, reason])), counts[rule, reason], words.called(rule, about))
        for rule, reason in sorted(counts)
    ]


def _aside(aside: Iterable[Aside], readers: Readers) -> list[Gap]:
    """A line for each scope and reason; why goes only to readers who may be told what tools say of that scope."""
    found = []
    for one in aside:
        place = (one.connection, one.scope)
        if source := readers.looked_after(place):
            reason = words.aside(one, with_reason=readers.may_read_error(source))
            found.append(Gap("", reason, (readers.place(place),), one.count, words.ASIDE))
    return found


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
