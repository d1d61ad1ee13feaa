"""The report as a table for a spreadsheet: CSV, a finding a row, no cell of which a spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from syncbot.report import words
from syncbot.report.document import Document, Line

COLUMNS = ("id", "severity", "state", "who", "rule", "finding", "count", "since", "checked", "links", "evidence")
# What a spreadsheet may begin a formula with, full-width forms of it too, and what it may skip before one.
_DANGEROUS = tuple("=+-@\t\r\n|%\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}")
_DANGEROUS += ("\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}", "\N{MINUS SIGN}")


def cell(value: object) -> object:
    """A value that a spreadsheet shows as it is; https://owasp.org/www-community/attacks/CSV_Injection."""
    if isinstance(value, str) and value.lstrip().startswith(_DANGEROUS):
        return f"'{value}"
    return value


def render(document: Document) -> str:
    """The findings as CSV, those that were resolved last; ends in a newline."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for group in document.groups:
        table.writerows(_row(group.who, line) for line in group.lines)
    table.writerows(_row("", line) for line in document.resolved)
    return text.getvalue()


def _row(who: str, line: Line) -> Iterator[object]:
    first, *rest = line.pieces
    links = dict.fromkeys(span.url for piece in line.pieces for span in piece.text if span.url)
    told = (
        line.id,
        line.severity,
        line.state,
        who,
        line.rule,
        words.flat(first.text),
        line.count,
        line.since_on,
        line.checked_on,
        " ".join(links),
        " / ".join(words.flat(piece.text) for piece in rest),
    )
    return map(cell, told)
