"""The news of an edition as an Asana project status update: what is new, what is resolved, how much stands.

It goes to everyone who follows the project, so it is short, and its colour never says more than the findings do. Rich
text there knows no headings and no rules: https://developers.asana.com/docs/rich-text
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from syncbot.report import words
from syncbot.report.asana import spans
from syncbot.report.document import Document, Line

MOST = 7
"""Lines of a list; the task has them all."""


def render(news: Document, whole: Document) -> dict[str, Any]:
    """The status update: title, html_text, and the status_type for a project that no person gave one yet."""
    new = [(group.who, line) for group in news.groups for line in group.lines]
    counts = whole.counts
    parts = [f"<strong>{escape(words.summary(whole))}.</strong>"]
    parts += _list(
        "New", (f"{spans(line)} <em>({escape(words.isolate(who))})</em>" for who, line in new), news.counts.new, new
    )
    resolved = [("", line) for line in news.resolved]
    parts += _list("Resolved", (spans(line) for _, line in resolved), news.counts.resolved, resolved)
    parts.append(f"All of it is in the task “{escape(whole.title)}”. syncbot posts this when something changed.")
    return {
        "title": f"{whole.title}: {words.changes(news)}",
        "html_text": f"<body>{''.join(parts)}</body>",
        "status_type": "at_risk" if counts.error or counts.warning else "on_track",
    }


def _list(heading: str, shown: Iterable[str], count: int, lines: list[tuple[str, Line]]) -> list[str]:
    """The first lines under their heading, and how many findings there are beyond them."""
    items = [f"<li>{text}</li>" for text in shown][:MOST]
    if not items:
        return []
    rest = count - sum(line.count for _, line in lines[:MOST])
    more = f"<li><em>{escape(words.more(rest))}</em></li>" if rest else ""
    return [f"\n<strong>{heading}</strong><ul>{''.join(items)}{more}</ul>"]
