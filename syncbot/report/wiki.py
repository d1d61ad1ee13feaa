"""The living report as an issue of Jira Data Center, its description in Jira's wiki markup.

Wiki markup is text in which almost any sign may mean something, so every sign in a stranger's words is escaped, and
what a backslash cannot escape is broken up. It says what the Cloud's report says (`syncbot.report.jira`), in the same
order. Notation: https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from syncbot.model import Severity
from syncbot.report import words
from syncbot.report.document import Document, Line, Span, Text, fit, utf16
from syncbot.report.jira import LABEL, SUMMARY

LIMIT = 32_767
"""Characters of the description, as Java counts them: what a new Data Center site allows."""

COLOURS: dict[Severity, str] = {"error": "#de350b", "warning": "#b65c02", "info": "#5e6c84"}
_MUTED, _WARNING = "#5e6c84", "#fffae6"
# What Jira's renderer lets a backslash take the meaning of; a dash or an underscore within a word has none.
_SIGNS = re.compile(
    r"[*+^~{}\[\]|!]|(?<!\w)[-_]|[-_](?!\w)|\?(?=\?)|(?<=\?)\?|\((?=[^\s()]{1,3}\))|(?<=[:;])[()]|(?<=[:;]-)[()]"
)
# What only an entity can: backslashes, entities themselves, what makes bare addresses and smileys.
_ENTITIES = re.compile(r"\\|&(?=#?\w+;)|:(?=[/DP])|@")
_SAFE = "/:?#@&=+,;%~$'()"


def render(document: Document) -> dict[str, Any]:
    """The issue's fields: summary, labels, and a description that fits, the least severe findings left out first."""
    return {
        "summary": words.clean(document.title, SUMMARY).strip(),
        "labels": [LABEL],
        "description": _body(fit(document, lambda shown: utf16(_body(shown)), LIMIT)),
    }


def escape(text: str) -> str:
    """Words that mean nothing to the renderer."""
    plain = _SIGNS.sub(lambda found: f"\\{found[0]}", _ENTITIES.sub(lambda found: f"\0{ord(found[0])};", text))
    return plain.replace("\0", "&#")


def _body(document: Document) -> str:
    blocks = [" ".join([f"*{escape(words.summary(document))}.*", *_sentence(words.accepted(document))])]
    blocks += [f"{{panel:bgColor={_WARNING}}}\n{escape(words.stale(stale))}.\n{{panel}}" for stale in document.stale]
    for group in document.groups:
        blocks += [
            f"h3. {escape(words.who(group))}",
            "\n".join(row for line in group.lines for row in _rows(line)),
        ]
        blocks += _note(words.more(group.left_out))
    blocks += [*_note(words.whole(document)), "----"]
    if advice := words.advice(document):
        blocks += [f"h3. {words.ADVICE}", "\n".join(f"* *{escape(rule)}*: {escape(what)}" for rule, what in advice)]
    if document.gaps:
        blocks += [f"h3. {words.GAPS}", "\n".join(f"* {escape(words.gap(gap))}." for gap in document.gaps)]
        blocks += _note(words.others(document.gaps_left_out))
    blocks += _note("syncbot keeps this issue up to date. Close it to mute it.")
    return "\n\n".join(filter(None, blocks))


def _rows(line: Line) -> Iterator[str]:
    """A bullet: the sentence behind its severity, in a line below its date and rule; further evidence as bullets."""
    first, *rest = line.pieces
    severity = _coloured(f"*{line.severity.upper()}*", COLOURS[line.severity])
    about = _coloured(escape(words.about(line)), _MUTED)
    yield f"* {severity} {_inline(first.text)} \\\\ {about}"
    yield from (f"** {_inline(piece.short)}" for piece in rest)
    if line.more:
        yield f"** {words.others(line.more)}"


def _inline(text: Text) -> str:
    return "".join(map(_span, text))


def _span(span: Span) -> str:
    said = escape(words.isolate(span.text))
    return f"[{said}|{quote(span.url, safe=_SAFE)}]" if span.url and said.strip() else said


def _coloured(text: str, colour: str) -> str:
    return f"{{color:{colour}}}{text}{{color}}"


def _sentence(note: str) -> list[str]:
    return [f"{escape(note)}."] if note else []


def _note(note: str) -> list[str]:
    return [_coloured(escape(note), _MUTED)] if note else []
