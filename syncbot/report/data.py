"""The report for programs: JSON, versioned, the same bytes for the same findings."""

from __future__ import annotations

from typing import Any

import msgspec

from syncbot.report import words
from syncbot.report.document import Document, Line

VERSION = 1


def render(document: Document) -> str:
    """The document as JSON text, ending in a newline. Keys may be added within a version, never changed or removed."""
    body = {
        "format": "syncbot-report",
        "version": VERSION,
        "title": document.title,
        "today": document.today,
        "counts": msgspec.structs.asdict(document.counts),
        "groups": [
            {"who": group.who, "findings": [_finding(line) for line in group.lines], "left_out": group.left_out}
            for group in document.groups
        ],
        "left_out": document.left_out,
        "resolved": [_finding(line) for line in document.resolved],
        "cannot_tell": [msgspec.structs.asdict(gap) for gap in document.gaps],
        "stale": [msgspec.structs.asdict(stale) for stale in document.stale],
    }
    return msgspec.json.format(msgspec.json.encode(body), indent=2).decode() + "\n"


def _finding(line: Line) -> dict[str, Any]:
    return {
        "key": line.key,
        "rule": line.rule,
        "severity": line.severity,
        "state": line.state,
        "since_on": line.since_on,
        "checked_on": line.checked_on,
        "count": line.count,
        "text": words.flat(line.pieces[0].text),
        "evidence": [
            {
                "text": words.flat(piece.text),
                "links": [{"text": span.text, "url": span.url} for span in piece.text if span.url],
                "facts": piece.facts,
            }
            for piece in line.pieces
        ],
        "more": line.more,
    }
