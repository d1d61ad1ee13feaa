"""The news of an edition as an Asana project status update: what is new, what is resolved, how much stands.

It goes to everyone who follows the project, so it is short, and its colour never says more than the findings do. Rich
text there knows no headings and no rules: https://developers.asana.com/docs/rich-text
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from syncbot.report import words
from syncbot.report.asana import spans
from syncbot.report.document import RANK, Document, Group, Line

MOST = 7
"""Lines of a list; the task has them all."""


def render(news: Document, whole: Document) -> dict[str, Any]:
    """The status update: title, html_text, and the status_type for a project that no person gave one yet."""
    new = [(line, _who(group, line)) for group in news.groups for line in group.lines]
    new.sort(key=lambda shown: RANK[shown[0].severity])
    parts = [
        _list("New", new, news.counts.new),
        _list("Resolved", [(line, "") for line in news.resolved], news.counts.resolved),
        f"<strong>Now</strong>\n{escape(words.summary(whole))}: see the task “{escape(whole.title)}” for all of it.",
        "\n<em>syncbot posts this only when something changed.</em>",
    ]
    return {
        "title": f"{whole.title}: {words.changes(news)}",
        "html_text": f"<body>{''.join(parts)}</body>",
        "status_type": "at_risk" if whole.counts.error or whole.counts.warning else "on_track",
    }


def _who(group: Group, line: Line) -> str:
    """Whom it is for, where the sentence does not begin with them."""
    is_said = line.pieces[0].text[0].text == group.who
    return "" if is_said else f" <em>({escape(words.isolate(group.who))})</em>"


def _list(heading: str, lines: Sequence[tuple[Line, str]], count: int) -> str:
    """The first of these lines under their heading, and how many of the ``count`` findings they leave out."""
    shown = lines[:MOST]
    items = [f"<strong>{line.severity.capitalize()}</strong> {spans(line)}{who}" for line, who in shown]
    rest = count - sum(line.count for line, _ in shown)
    items += [f"<em>{words.more(rest)}</em>"] if rest else []
    return f"<strong>{heading}</strong><ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else ""
