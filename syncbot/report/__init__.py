"""What was found, told to people: composed once (pure), then rendered for each destination.

`compose` decides what is said and to whom; a renderer turns the document into what one destination shows. The living
reports in tools are the renderers of ``NATIVE``, by the tool's name or by the markup that its probe names;
`terminal.show` draws on a console.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from syncbot.report import asana, asana_news, data, jira, markdown, spreadsheet, terminal, trello, wiki
from syncbot.report.compose import EVERYTHING, Limits, compose
from syncbot.report.document import Document

NATIVE: dict[str, Callable[[Document], dict[str, Any]]] = {
    "asana": asana.render,
    "jira": jira.render,
    "wiki": wiki.render,
    "trello": trello.render,
}
"""The body of a report as the tool's connector takes it (see `syncbot.connector.Write`)."""

NEWS: dict[str, Callable[[Document, Document], dict[str, Any]]] = {"asana": asana_news.render}
"""The news of an edition, where a tool has a place for them: what is new and resolved, and the report as a whole."""

TEXT: dict[str, Callable[[Document], str]] = {
    "csv": spreadsheet.render,
    "json": data.render,
    "markdown": markdown.render,
}
"""The report as a file."""

__all__ = ["EVERYTHING", "NATIVE", "NEWS", "TEXT", "Document", "Limits", "compose", "terminal"]
