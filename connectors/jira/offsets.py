"""Data Center's search, which pages by places in a live result, read so that nothing is missed when the result moves.

Issues that leave the result while it is read (deleted, moved, edited) shift those behind them to places that were
read already. So each page begins some places back, and must begin with an issue that was seen: the order is that of
creation, so all behind it that is there now is on this page or a later one. If it begins with a stranger, we go back
until it does not. ``total`` is what an index counted once, and is not trusted alone.

An issue that Jira cannot show fails the whole page that it is on. The others of that page are then asked for by their
ids, ever fewer at once, until only those are left that fail by themselves.

Several pages are asked for ahead of their turn, at the places where they will begin if nothing moves. That one was
answered before the page before it changes nothing: what it begins with must have been seen all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

from connectors.jira.client import Client
from connectors.jira.records import LABEL, PROPERTY
from connectors.jira.wire import Issue, Json, Lens, Page, parse, parse_page
from syncbot.errors import Broken, Missing, ToolError

ONLY_IDS = ["id"]
SIZE = 1_000  # what to ask for; a site gives at most what its admin allows
BACK = 5  # places that a page begins before the end of the last one
BAD_REQUEST, FAILURE = 400, 500
MOST_UNREAD = 10  # issues of one answer that are put aside; of more it is the answer that is odd
PARTS = 10  # into how many an answer is divided that fails, to find the issue at fault
MOST_STEPS = 20  # pages one after the other that bring nothing new


class _Property(Json):
    value: Any = None


def search(
    client: Client, jql: str, lens: Lens, fields: list[str]
) -> Iterator[tuple[list[Any], bool, int, dict[str, str]]]:
    """The issues of a search in the order of creation, page by page, whether the page is the last, when it was
    answered (epoch milliseconds by the site's clock, 0: unknown), and by id, why Jira cannot give an issue of it.

    The end is where a page shorter than the site's own size and ``total`` agree, or where asking again from within
    what was read gives nothing further. Raises Broken for a result that contradicts itself.
    """

    def ask(start: int, asked: list[str] = fields) -> Page:
        query = {"jql": jql, "startAt": start, "maxResults": SIZE, "fields": asked}
        try:
            raw, at = client.search(query)
        except ToolError as error:
            if error.status != FAILURE or asked == ONLY_IDS:
                raise
            return _salvaged(client, ask(start, ONLY_IDS), lens)
        page = parse_page(raw, lens, client.name)
        page.at = at
        return page

    pages = _Ahead(client, ask)
    try:
        yield from _walk(client, pages)
    finally:
        pages.drop()


def _salvaged(client: Client, page: Page, lens: Lens) -> Page:
    """A page that fails, made of the ids on it."""
    found, page.unread = _apart(client, [str(issue.id) for issue in page.issues], lens)
    there = {str(issue.id): issue for issue in found} | {id_: Issue(id_) for id_ in page.unread}
    page.issues = [there[id_] for id_ in (str(issue.id) for issue in page.issues) if id_ in there]
    return page


def _walk(client: Client, pages: _Ahead) -> Iterator[tuple[list[Any], bool, int, dict[str, str]]]:
    seen: set[str] = set()
    start = steps = back = 0
    while True:
        page = pages.at(start)
        ids = [str(issue.id) for issue in page.issues]
        is_short = page.max_results is not None and len(ids) < page.max_results
        if start and not ids and is_short and page.total == len(seen):
            yield [], True, page.at, {}
            return
        if start and (not ids or ids[0] not in seen):
            start = max(0, start - BACK * 2**back)
            back += 1
            steps += 1
            _check(client, steps)
            continue
        unread = {id_: why for id_, why in page.unread.items() if id_ not in seen}
        fresh = [one for one, id_ in zip(page.issues, ids, strict=True) if id_ not in seen and id_ not in unread]
        is_new = not seen.issuperset(ids)
        seen.update(ids)
        last = is_short and (page.total == len(seen) or not is_new)
        if not ids and (page.total or not is_short):
            raise Broken(f"{client.name}: Jira's search gives nothing, but does not say that this is all.")
        yield [_marked(client, issue) for issue in fresh], last, page.at, unread
        if last:
            return
        steps, back = (0, 0) if is_new else (steps + 1, back)
        _check(client, steps)
        start += max(1, len(ids) - BACK)


class _Ahead:
    """Pages of a search; of all searches together as many are asked for before their turn as there are workers."""

    def __init__(self, client: Client, ask: Callable[[int], Page]) -> None:
        self._client, self._ask = client, ask
        self._asked: dict[int, Future[Page]] = {}
        self._extra: set[int] = set()
        self._next = self._step = self._total = 0

    def at(self, start: int) -> Page:
        """The page that begins at this place."""
        if start not in self._asked:
            self.drop()
            self._next = start
        if start not in self._asked:
            self._send()
        while self._next < self._total - BACK and self._client.ahead.acquire(blocking=False):
            self._extra.add(self._next)
            self._send()
        asked = self._asked.pop(start)
        self._let_go(start)
        page = asked.result()
        self._step = max(1, len(page.issues) - BACK)
        self._total = page.total or 0
        if not self._asked:
            self._next = start + self._step
        return page

    def drop(self) -> None:
        """Let go of what was asked for and is not wanted."""
        for future in self._asked.values():
            future.cancel()
        self._asked.clear()
        for start in list(self._extra):
            self._let_go(start)

    def _send(self) -> None:
        self._asked[self._next] = self._client.pool.submit(self._ask, self._next)
        self._next += self._step

    def _let_go(self, start: int) -> None:
        """Leave the place of a page that was asked for before its turn to another search."""
        if start in self._extra:
            self._extra.remove(start)
            self._client.ahead.release()


def several(client: Client, ids: list[str], lens: Lens) -> tuple[list[Any], dict[str, str]]:
    """The issues with these ids that are still there, in one search, and by themselves those that it does not give; and
    by id, what Jira says of those that it cannot give. Raises Broken if there are many of these.

    A search refuses ids that are not there, unless the site can leave its query unchecked, and may give fewer than it
    is asked for. One that fails is not sent again: each part of it says more, and an issue alone is asked for again.
    """
    found: list[Any] = []
    unread: dict[str, str] = {}
    query = {"jql": f"id in ({', '.join(ids)})", "maxResults": len(ids), "fields": lens.asked(), "validateQuery": False}
    try:
        with client.once():
            found = parse_page(client.post("search", query), lens, client.name).issues
    except ToolError as error:
        if error.status == FAILURE and len(ids) > 1:
            return _apart(client, ids, lens)
        if error.status not in {BAD_REQUEST, FAILURE}:
            raise
    for id_ in sorted(set(ids) - {str(issue.id) for issue in found}):
        try:
            found += lone(client, id_, lens)
        except ToolError as error:
            if error.status != FAILURE:
                raise
            client.server()  # if it fails as well, it is not this issue that is at fault
            unread[id_] = f"Jira cannot give it: {error.said or error.status}"
    return [_marked(client, issue) for issue in found], unread


def _apart(client: Client, ids: list[str], lens: Lens) -> tuple[list[Any], dict[str, str]]:
    """As `several`, ever fewer at once: one of them at least cannot be given."""
    found: list[Any] = []
    unread: dict[str, str] = {}
    size = max(1, -(-len(ids) // PARTS))
    for start in range(0, len(ids), size):
        issues, refused = several(client, ids[start : start + size], lens)
        found += issues
        unread |= refused
        if len(unread) > MOST_UNREAD:
            raise Broken(
                f"{client.name}: Jira cannot give {len(unread)} issues and more now, among them {min(unread)}."
            )
    return found, unread


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
