"""The report for programs: JSON, versioned, the same bytes for the same findings.

The types below are the format; its published schema (docs/report.schema.json) is made from them. Keys may be added
within a version, never changed or removed.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from syncbot.model import FindingState, Scalar, Severity
from syncbot.report import words
from syncbot.report.document import Counts, Document, Gap, Line, Stale

VERSION: Literal[1] = 1


class Link(msgspec.Struct, frozen=True):
    """Something that a sentence names, and where it is."""

    text: str
    url: str


class Evidence(msgspec.Struct, frozen=True):
    """A sentence, what it names, and the facts behind it where whoever asks may see them."""

    text: str
    links: list[Link]
    facts: dict[str, Scalar | None]


class Finding(msgspec.Struct, frozen=True):
    """A finding, or `count` findings of one rule in one place that are said in one line.

    `key` stays the same as long as it is told; `id` names a single finding to `syncbot explain` and `syncbot waive`,
    and is empty for several. Dates are ISO text: `since_on` the first day it was found, `checked_on` the last one on
    which its rule could tell, if that has passed. `more` counts the evidence that is left out.
    """

    key: str
    id: str
    rule: str
    severity: Severity
    state: FindingState
    since_on: str
    checked_on: str | None
    count: int
    text: str
    evidence: list[Evidence]
    more: int


class Group(msgspec.Struct, frozen=True):
    """What one person or role has to do, the worst first. `left_out` counts findings."""

    who: str
    findings: list[Finding]
    left_out: int


class Unknown(msgspec.Struct, frozen=True):
    """What a rule could not tell, why, and where; no places: everywhere. `count`: subjects."""

    rule: str
    reason: str
    places: list[str]
    count: int


class Old(msgspec.Struct, frozen=True):
    """A source that is older than promised; `read_on` null: it was never read completely."""

    place: str
    read_on: str | None
    error: str | None


class Report(msgspec.Struct, frozen=True):
    """A report of syncbot. `today` is the date it holds for; `left_out` counts findings that no group has room for."""

    format: Literal["syncbot-report"]
    version: Literal[1]
    title: str
    today: str
    counts: Counts
    groups: list[Group]
    left_out: int
    resolved: list[Finding]
    cannot_tell: list[Unknown]
    stale: list[Old]


def render(document: Document) -> str:
    """The document as JSON text, ending in a newline."""
    body = Report(
        format="syncbot-report",
        version=VERSION,
        title=document.title,
        today=document.today,
        counts=document.counts,
        groups=[Group(group.who, list(map(_finding, group.lines)), group.left_out) for group in document.groups],
        left_out=document.left_out,
        resolved=list(map(_finding, document.resolved)),
        cannot_tell=[_unknown(gap) for gap in document.gaps],
        stale=[_old(stale) for stale in document.stale],
    )
    whole = msgspec.to_builtins(body) | {"counts": msgspec.structs.asdict(document.counts)}
    return _text(whole)


def schema() -> str:
    """The JSON schema of what `render` gives, as it is published."""
    made: dict[str, Any] = msgspec.json.schema(Report)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:syncbot:report:{VERSION}",
        "title": f"A report of syncbot, version {VERSION}",
    }
    return _text({**head, **made})


def _text(value: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def _unknown(gap: Gap) -> Unknown:
    return Unknown(gap.rule, gap.reason, list(gap.places), gap.count)


def _old(stale: Stale) -> Old:
    return Old(stale.place, stale.read_on, stale.error)


def _finding(line: Line) -> Finding:
    return Finding(
        key=line.key,
        id=line.id,
        rule=line.rule,
        severity=line.severity,
        state=line.state,
        since_on=line.since_on,
        checked_on=line.checked_on,
        count=line.count,
        text=words.flat(line.pieces[0].text),
        evidence=[
            Evidence(
                text=words.flat(piece.text),
                links=[Link(span.text, span.url) for span in piece.text if span.url],
                facts=piece.facts,
            )
            for piece in line.pieces
        ],
        more=line.more,
    )
