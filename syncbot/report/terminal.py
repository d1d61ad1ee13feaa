"""The report at the terminal: 80 columns that a person can act on; plain text in a pipe, no colour with NO_COLOR.

Text is never parsed as Rich markup, so titles appear as they are; URLs are never broken, so that they can be opened.
"""

from __future__ import annotations

from rich.console import Console
from rich.text import Text as Rich

from syncbot.model import Severity
from syncbot.report import words
from syncbot.report.document import Document, Line, Span, Text, cut

COLOURS: dict[Severity, str] = {"error": "red", "warning": "yellow", "info": "cyan"}
INDENT = 11
LINES = 40
"""So many findings are drawn before it says how many more there are: the worst ones."""

URL = 240
"""Above it, a link that lists hundreds of keys is no help."""


def show(document: Document, console: Console, *, lines: int | None = LINES) -> None:
    """Draw the document; only the console's width and abilities change how it looks. ``lines`` None: all of it."""
    shown = document if lines is None else cut(document, lines)
    _head(shown, console)
    for group in shown.groups:
        _heading(console, words.who(group))
        for line in group.lines:
            _finding(console, line, is_marked=not document.is_all_new)
        if group.left_out:
            _print(console, Rich(f"  {words.more(group.left_out)}: syncbot report --all", "dim"))
    if shown.left_out:
        _print(console, Rich(f"\n{words.more(shown.left_out)}: syncbot report --all", "dim"))
    if shown.resolved:
        _heading(console, "Resolved")
        for line in shown.resolved:
            _block(console, _sentence(line.pieces[0].text), Rich("resolved", "green"))
        _note(console, words.more(shown.resolved_left_out))
    _gaps(shown, console)
    if shown.groups:
        _print(console, Rich("\nWhat to do: syncbot rules show RULE. Why it is so: syncbot explain ID", "dim"))
    if any(line.count > 1 for group in shown.groups for line in group.lines):
        _print(console, Rich("All that one line counts: syncbot report --all --rule RULE", "dim"))


def _head(document: Document, console: Console) -> None:
    """What this is, how much there is, and what of it is old."""
    _print(console, Rich.assemble((words.isolate(document.title), "bold"), f", {words.day(document.today)}"))
    overview = [f"{part}." for part in (words.summary(document), words.changes(document)) if part]
    _block(console, Rich((" " if len(" ".join(overview)) <= console.width else "\n").join(overview)))
    if document.stale:
        _print(console, Rich())
    for stale in document.stale:
        why = f" ({stale.error})" if stale.error else ""
        _block(console, Rich(f"{words.stale(stale)}{why}."), Rich("old data", "red"))


def _finding(console: Console, line: Line, *, is_marked: bool) -> None:
    """The sentence with its state, further evidence, and below it its id, the rule and where to click."""
    first, *rest = line.pieces
    state = Rich("new", "bold") if line.state == "new" else Rich(words.since(line), "dim")
    label = Rich(line.severity, COLOURS[line.severity])
    _block(console, Rich.assemble(_sentence(first.text), *((" (", state, ")") if is_marked else ())), label)
    for piece in rest:
        _block(console, Rich.assemble("- ", _sentence(piece.short)), Rich())
    _note(console, f"- {words.others(line.more)}" if line.more else "")
    row, beside = line.rule, line.id
    urls = list(dict.fromkeys(span.url for piece in line.pieces for span in piece.text if span.url))
    if line.count > 1:
        urls = [url for url in urls[:1] if len(url) <= URL]
    for url in urls:
        if INDENT + len(row) + 2 + len(url) > console.width:
            _row(console, row, beside)
            row, beside = url, ""
        else:
            row = f"{row}  {url}"
    _row(console, row, beside)


def _gaps(document: Document, console: Console) -> None:
    if document.gaps:
        _heading(console, words.GAPS)
    for gap in document.gaps:
        _block(console, Rich(words.counted(gap)), Rich("unknown", "dim"))
    _note(console, words.others(document.gaps_left_out))


def _sentence(text: Text) -> Rich:
    """The words, titles in quotation marks since nothing else sets them apart in plain text; people need none."""
    return Rich.assemble(*map(_said, text))


def _said(span: Span) -> str:
    name = words.isolate(span.text) if span.is_title else span.text
    return f"“{name}”" if span.is_title and not span.is_person else name


def _heading(console: Console, text: str) -> None:
    _print(console, Rich())
    _print(console, Rich(text, "bold"))


def _note(console: Console, text: str) -> None:
    if text:
        _row(console, text)


def _row(console: Console, text: str, beside: str = "") -> None:
    _print(console, Rich(f"  {beside}".ljust(INDENT) + text, "dim"))


def _block(console: Console, body: Rich, label: Rich | None = None) -> None:
    """Text that wraps within the width, beside its label."""
    indent = 0 if label is None else INDENT
    for line in body.wrap(console, max(console.width - indent, 20), overflow="fold"):
        line.rstrip()
        start = Rich.assemble("  ", label, " " * (indent - 2 - label.cell_len)) if label is not None else Rich()
        _print(console, Rich.assemble(start, line))
        label = Rich() if label is not None else None


def _print(console: Console, text: Rich) -> None:
    """One row as it is: what must wrap has been wrapped, and what is longer is left to the terminal."""
    console.print(text, soft_wrap=True)
