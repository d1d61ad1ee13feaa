"""Data Center's search, which pages by places in a live result, read so that nothing is missed when the result moves.

Issues that leave the result while it is read (deleted, moved, edited) shift those behind them to places that were
read already. So each page begins some places back, and must begin with an issue that was seen: the order is that of
creation, so all behind it that is there now is on this page or a later one. If it begins with a stranger, we go back
until it does not. ``total`` is what an index counted once, and is not trusted alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.jira.client import Client
from connectors.jira.records import LABEL, PROPERTY
from connectors.jira.wire import Json, Lens, parse, parse_page
from syncbot.errors import Broken, Missing

SIZE = 1_000  # what to ask for; a site gives at most what its admin allows
BACK = 5  # places that a page begins before the end of the last one
MOST_STEPS = 20  # pages one after the other that bring nothing new


class _Property(Json):
    value: Any = None


def search(client: Client, jql: str, lens: Lens, fields: list[str]) -> Iterator[tuple[list[Any], bool]]:
    """The issues of a search in the order of creation, page by page, and whether the page is the last.

    The end is where a page shorter than the site's own size and ``total`` agree, or where asking again from within
    what was read gives nothing further. Raises Broken for a result that contradicts itself.
    """
    seen: set[str] = set()
    start = steps = 0
    while True:
        query = {"jql": jql, "startAt": start, "maxResults": SIZE, "fields": fields}
        page = parse_page(client.post("search", query), lens, client.name)
        ids = [str(issue.id) for issue in page.issues]
        if start and (not ids or ids[0] not in seen):
            start = max(0, start - BACK * 2**steps)
            steps += 1
            _check(client, steps)
            continue
        fresh = [issue for issue, id_ in zip(page.issues, ids, strict=True) if id_ not in seen]
        seen.update(ids)
        is_short = page.max_results is not None and len(ids) < page.max_results
        last = is_short and (page.total == len(seen) or not fresh)
        if not ids and (page.total or not is_short):
            raise Broken(f"{client.name}: Jira's search gives nothing, but does not say that this is all.")
        yield [_marked(client, issue) for issue in fresh], last
        if last:
            return
        steps = 0 if fresh else steps + 1
        _check(client, steps)
        start += max(1, len(ids) - BACK)


def lone(client: Client, id_: str, lens: Lens) -> list[Any]:
    """One issue by its id; none if it is deleted, or not to be seen any more."""
    try:
        raw = client.read(f"issue/{id_}", fields=",".join(lens.asked()), properties=PROPERTY)
    except Missing:
        return []
    return parse_page(b'{"issues":[' + raw + b"]}", lens, client.name).issues


def _check(client: Client, steps: int) -> None:
    if steps > MOST_STEPS:
        raise Broken(f"{client.name}: Jira's search gives the same, or other, issues each time; what it gave is kept.")


def _marked(client: Client, issue: Any) -> Any:
    """The issue; one with our label together with the mark on it, which this search cannot give."""
    labels = getattr(issue.fields, "labels", None) or ()
    if LABEL in labels and issue.properties is None:
        issue.properties = {PROPERTY: _mark(client, issue.id)}
    return issue


def _mark(client: Client, id_: str) -> Any:
    try:
        raw = client.read(f"issue/{id_}/properties/{PROPERTY}")
    except Missing:
        return None
    held: _Property = parse(raw, _Property, client.name)
    return held.value
