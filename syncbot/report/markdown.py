"""The report as Markdown (CommonMark), and the escapes that Trello's Markdown needs as well."""

from __future__ import annotations

import re
from urllib.parse import quote

from syncbot.report import words
from syncbot.report.document import Document, Line, Text

SAFE = "%/:?#@!$&'*+,;=[]~-._"
"""What a URL keeps: all but the brackets and quotes that would end it in Markdown."""


def escape(text: str) -> str:
    """The text so that Markdown shows it as it is, inside of a line and at the start of one."""
    inside = re.sub(r"([\\`*_\[\]<>#|~&])", r"\\\1", text)
    return re.sub(r"^(\s*)(?:([-+=])|(\d+)([.)]))", r"\1\3\\\2\4", inside)


def inline(text: Text) -> str:
    """Spans as Markdown: a title leads to its item."""
    return "".join(_span(words.isolate(span.text), span.url) for span in text)


def _span(text: str, url: str | None) -> str:
    return f"[{escape(text)}]({quote(url, safe=SAFE)})" if url else escape(text)


def render(document: Document) -> str:
    """The document as one page of Markdown, ending in a newline."""
    overview = [words.day(document.today), words.summary(document), words.changes(document)]
    blocks = [f"# {escape(document.title)}", " ".join(f"{part}." for part in overview if part)]
    blocks += [f"> {escape(words.stale(stale))}." for stale in document.stale]
    for group in document.groups:
        blocks += [f"## {escape(words.who(group))}", "\n".join(_line(line, document) for line in group.lines)]
        blocks += [words.more(group.left_out)]
    blocks += [escape(words.whole(document))]
    if document.resolved:
        blocks += ["## Resolved", "\n".join(f"- {inline(line.pieces[0].text)}" for line in document.resolved)]
        blocks += [words.more(document.resolved_left_out)]
    if advice := words.advice(document):
        blocks += [f"## {words.ADVICE}", "\n".join(f"- {escape(rule)}: {escape(what)}" for rule, what in advice)]
    if document.gaps:
        blocks += [f"## {words.GAPS}", "\n".join(f"- {escape(words.gap(gap))}." for gap in document.gaps)]
        blocks += [words.others(document.gaps_left_out)]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _line(line: Line, document: Document) -> str:
    first, *rest = line.pieces
    new = "**new**, " if line.state == "new" and not document.is_all_new else ""
    rows = [f"- {line.severity}: {inline(first.text)} ({new}{words.about(line)})"]
    rows += [f"  - {inline(piece.short)}" for piece in rest]
    rows += [f"  - {words.others(line.more)}"] if line.more else []
    return "\n".join(rows)
