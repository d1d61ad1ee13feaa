"""The living report as a Trello card: a checklist in which one finding is one check item.

The card's description and title hold nothing that changes with the findings, and there is one checklist for all people,
so that a finding that comes, changes or goes is exactly one request. Limits: 16,384 characters a text, 200 check items
a checklist (https://support.atlassian.com/trello/docs/limits-in-trello/ and the API's specification).
"""

from __future__ import annotations

from typing import Any

from syncbot.report import words
from syncbot.report.document import Document, Line, cut
from syncbot.report.markdown import escape, inline

ITEMS = 200
ITEM = 4_000
NAME = 512
TO_DO = "To do"

DESC = """\
Where product and project contradict each other: one line each, with who can act on it. A line goes away once it is no\
 longer true; ticks are yours. syncbot keeps this card up to date; archive it to mute it."""


def render(document: Document) -> dict[str, Any]:
    """The card: name, desc and checklists of items with keys; what does not fit is left out least severe first.

    ``names``: all names that checklists of ours have at any time.
    """
    fitting = cut(document, ITEMS - 1 - bool(document.counts.baseline))
    to_do = [
        _item(line.key, f"**{escape(words.isolate(group.who))}, {line.severity}:** {_finding(line)}")
        for group in fitting.groups
        for line in group.lines
    ]
    if fitting.all_left_out:
        to_do.append(_item("left-out", f"{words.whole(fitting)}."))
    if document.counts.baseline:
        to_do.append(_item("baseline", f"{words.baseline(document.counts.baseline)}: counted, not listed."))
    unsure = [_item(f"stale {one.place}", f"{escape(words.stale(one))}.") for one in document.stale]
    unsure += [_item(f"gap {one.rule} {one.reason}", f"{escape(words.gap(one))}.") for one in document.gaps]
    return {
        "name": words.clean(document.title, NAME).strip(),
        "desc": DESC,
        "names": [TO_DO, words.GAPS],
        "checklists": [
            {"name": TO_DO, "items": to_do},
            *([{"name": words.GAPS, "items": unsure[:ITEMS]}] if unsure else []),
        ],
    }


def _finding(line: Line) -> str:
    """A finding in one line of Markdown, its further evidence as far as it fits."""
    about = f" _({words.since(line)}, {line.rule})_"
    text = ""
    for n, piece in enumerate(line.pieces):
        longer = f"{text}{' / ' if n else ''}{inline(piece.short if n else piece.text)}"
        if len(longer) > ITEM:
            return (text or escape(words.flat(piece.text))[:ITEM]) + about
        text = longer
    return text + about


def _item(key: str, name: str) -> dict[str, str]:
    return {"key": key, "name": name}
