"""The living report as a Jira issue, its description in the Atlassian Document Format.

ADF is a tree, so nothing in a title can become markup. The description holds no time of its own run, and what a reader
of last week's report knows already is told from what is new by the date beside it: so the same findings are the same
bytes next day, and nothing is written. Node types: https://developer.atlassian.com/cloud/jira/platform/apis/document/
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from syncbot.model import Severity
from syncbot.report import words
from syncbot.report.document import Document, Line, Text, fit, utf16

LIMIT = 30_000
"""Characters of the description as JSON: Jira refuses 32,767 and how it counts them is not documented."""

LABEL = "syncbot-report"
SUMMARY = 255

Node = dict[str, Any]
COLOURS: dict[Severity, str] = {"error": "red", "warning": "yellow", "info": "neutral"}


def render(document: Document) -> dict[str, Any]:
    """The issue's fields: summary, labels, and a description that fits, the least severe findings left out first."""
    return {
        "summary": words.clean(document.title, SUMMARY).strip(),
        "labels": [LABEL],
        "description": _body(fit(document, lambda shown: utf16(msgspec.json.encode(_body(shown)).decode()), LIMIT)),
    }


def _body(document: Document) -> Node:
    """What is to be done first; what could not be checked and what to do about each rule can be folded out."""
    content = [_paragraph(_text(f"{words.summary(document)}.", _STRONG), *_sentence(words.accepted(document)))]
    content += [_panel(f"{words.stale(stale)}.") for stale in document.stale]
    for group in document.groups:
        content += [_heading(words.who(group)), _bullets(_line(line) for line in group.lines)]
        content += _note(words.more(group.left_out))
    content += _note(words.whole(document))
    content.append({"type": "rule"})
    if advice := words.advice(document):
        told = ([_paragraph(_text(rule, _STRONG), _text(f": {what}"))] for rule, what in advice)
        content.append(_expand(words.ADVICE, _bullets(told)))
    if document.gaps:
        gaps = _bullets([_paragraph(_text(f"{words.gap(gap)}."))] for gap in document.gaps)
        content.append(_expand(words.GAPS, gaps, *_note(words.others(document.gaps_left_out))))
    content += _note("syncbot keeps this issue up to date. Close it to mute it.")
    return {"type": "doc", "version": 1, "content": content}


def _line(line: Line) -> list[Node]:
    """A list item: the sentence behind its severity, further evidence, and below them since when, by which rule."""
    lozenge = {"type": "status", "attrs": {"text": line.severity.upper(), "color": COLOURS[line.severity]}}
    first, *rest = line.pieces
    about = [{"type": "hardBreak"}, _text(words.about(line), _MUTED)]
    said = _paragraph(lozenge, _text(" "), *_spans(first.text), *about)
    below = [[_paragraph(*_spans(piece.short))] for piece in rest]
    if line.more:
        below.append([_paragraph(_text(words.others(line.more)))])
    return [said, _bullets(below)] if below else [said]


_STRONG: Node = {"type": "strong"}
_MUTED: Node = {"type": "textColor", "attrs": {"color": "#626f86"}}


def _text(text: str, *marks: Node) -> Node:
    return {"type": "text", "text": text, **({"marks": list(marks)} if marks else {})}


def _spans(text: Text) -> list[Node]:
    return [
        _text(words.isolate(span.text), *([{"type": "link", "attrs": {"href": span.url}}] if span.url else []))
        for span in text
        if span.text
    ]


def _sentence(note: str) -> list[Node]:
    return [_text(f" {note}.")] if note else []


def _note(note: str) -> list[Node]:
    return [_paragraph(_text(note, _MUTED))] if note else []


def _paragraph(*content: Node) -> Node:
    return {"type": "paragraph", "content": list(content)}


def _heading(text: str) -> Node:
    return {"type": "heading", "attrs": {"level": 3}, "content": [_text(text)]}


def _bullets(items: Iterable[list[Node]]) -> Node:
    return {"type": "bulletList", "content": [{"type": "listItem", "content": blocks} for blocks in items]}


def _expand(title: str, *content: Node) -> Node:
    return {"type": "expand", "attrs": {"title": title}, "content": list(content)}


def _panel(text: str) -> Node:
    return {"type": "panel", "attrs": {"panelType": "warning"}, "content": [_paragraph(_text(text))]}
