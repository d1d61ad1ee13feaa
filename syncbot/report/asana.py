"""The living report as an Asana task, its description in Asana's rich text: XML of very few tags, all text escaped.

Lists are not nested and nothing stands in a list but its lines, so that Asana keeps the text as it was sent. It holds
no time of its own run. Tags: https://developers.asana.com/docs/rich-text
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from syncbot.report import words
from syncbot.report.document import Document, Line, Text, fit, utf16

LIMIT = 30_000
"""Characters of the description: Asana documents no limit, and people have run into one of 65,535."""

NAME = 512


def render(document: Document) -> dict[str, Any]:
    """The task: name and html_notes that fit, the least severe findings left out first."""
    fitting = fit(document, lambda shown: utf16(_body(shown)), LIMIT)
    return {"name": words.clean(document.title, NAME).strip(), "html_notes": _body(fitting)}


def _body(document: Document) -> str:
    notes = [f"{note}." for note in (words.summary(document), words.accepted(document)) if note]
    parts = [f"<strong>{_text(' '.join(notes))}</strong>"]
    parts += [f"<em>{_text(words.stale(stale))}.</em>" for stale in document.stale]
    blocks = ["\n".join(parts)]
    for group in document.groups:
        blocks.append(f"<h2>{_text(words.who(group))}</h2>{_bullets(map(_line, group.lines))}")
        blocks += _note(words.more(group.left_out))
    blocks += _note(words.whole(document))
    if advice := words.advice(document):
        told = (f"<strong>{_text(rule)}</strong>: {_text(what)}" for rule, what in advice)
        blocks.append(f"<h2>{words.ADVICE}</h2>{_bullets(told)}")
    if document.gaps:
        blocks.append(f"<h2>{words.GAPS}</h2>{_bullets(f'{_text(words.gap(gap))}.' for gap in document.gaps)}")
        blocks += _note(words.others(document.gaps_left_out))
    blocks.append("<hr/>syncbot keeps this task up to date. Complete it to mute it.")
    return f"<body>{''.join(blocks)}</body>"


def _line(line: Line) -> str:
    """A finding: the sentence behind its severity, its further evidence, its date and rule."""
    return f"<strong>{line.severity.capitalize()}</strong> {spans(line)} <em>{_text(words.about(line))}</em>"


def spans(line: Line) -> str:
    """The sentence of a finding and its further evidence, in rich text."""
    first, *rest = line.pieces
    sentences = " / ".join(map(_spans, (first.text, *(piece.short for piece in rest))))
    return f"{sentences} / {words.others(line.more)}" if line.more else sentences


def _spans(text: Text) -> str:
    return "".join(_span(words.isolate(span.text), span.url) for span in text if span.text)


def _span(text: str, url: str | None) -> str:
    return f'<a href="{_text(url)}">{_text(text)}</a>' if url else _text(text)


def _bullets(lines: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"


def _note(note: str) -> list[str]:
    return [f"<em>{_text(note)}</em>\n"] if note else []


def _text(text: str) -> str:
    """Text as XML holds it; control characters and the like are gone already (`syncbot.report.words.clean`)."""
    return escape(text)
