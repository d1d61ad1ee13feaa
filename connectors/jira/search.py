"""Asking for issues: a search page by page, one of any size, and issues by their ids.

Cloud pages by tokens; how Data Center does it is in `connectors.jira.offsets`.
"""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from connectors.jira import offsets
from connectors.jira.apart import FAILURE, apart
from connectors.jira.client import Client
from connectors.jira.records import PROPERTY
from connectors.jira.wire import Issue, Json, Lens, Named, Page, parse, parse_page
from syncbot.errors import Broken, ToolError
from syncbot.transport.threads import interleave

RECORDS, IDS = 1_000, 5_000  # how many to ask for a page; Jira gives fewer as it likes
FETCHED = 100  # issues of one bulk request, Jira's own limit
CERTAIN = 50  # issues that a search can be made to know as they are now, Jira's own limit
TOGETHER = 500  # issues, at least, of one batch: to store a few at a time costs more


class Part(NamedTuple):
    """Some issues of a search. ``last``: that is all; ``at``: when they were answered (epoch milliseconds by the site's
    clock; 0: it does not say, or these are of several answers); ``unread``: by id, why Jira cannot give an issue.
    """

    issues: list[Any]
    last: bool
    at: int = 0
    unread: dict[str, str] = {}


class _Sample(Json):
    issues: list[msgspec.Raw]


class _Count(Json):
    """How many issues a query finds, as Cloud (``count``) and Data Center (``total``) say it."""

    count: int = 0
    total: int = 0


def check_empty(client: Client, jql: str, project: str | None = None) -> None:
    """Ask otherwise whether a search that found nothing can be believed: an empty answer may be a failure of the tool.

    Raises Broken where there is something to be found, Missing where the ``project`` cannot be seen any more.
    """
    if project is not None:
        client.get(f"project/{project}", Named)
    if found := count(client, jql.rpartition(" order by ")[0]):
        raise Broken(f"{client.name}: Jira's search finds nothing, but counts {found} issues; read again next time.")


def count(client: Client, jql: str) -> int:
    """About how many issues a query finds, as the index counts them."""
    if client.is_data_center:
        total: _Count = parse(client.post("search", {"jql": jql, "maxResults": 0}), _Count, client.name)
        return total.total
    found: _Count = parse(client.post("search/approximate-count", {"jql": jql}), _Count, client.name)
    return found.count


def search(
    client: Client,
    jql: str,
    lens: Lens,
    *,
    size: int = RECORDS,
    only_ids: bool = False,
    certain: Sequence[str] = (),
) -> Generator[Part]:
    """The issues of a search, page by page; only an absent token says that a page is the last.

    ``certain``: at most CERTAIN ids of issues that Cloud shall not judge by its index, which lags.
    """
    fields = offsets.ONLY_IDS if only_ids else list(lens.asked())
    if client.is_data_center:
        yield from (Part(*part) for part in offsets.search(client, jql, lens, fields))
        return
    query: dict[str, Any] = {"jql": jql, "maxResults": size, "fields": fields}
    if not only_ids:
        query["properties"] = [PROPERTY]
    if certain:
        query["reconcileIssues"] = [int(id_) for id_ in certain]
    tokens: set[str] = set()
    while True:
        page, at = _page(client, query, lens)
        if tokens and not page.issues and not page.next_page_token:
            page, at = _page(client, query, lens)  # more was promised: none is believed the second time
        token = page.next_page_token
        yield Part(page.issues, not token and page.is_last is not False, at)
        if not token and page.is_last is False:
            raise Broken(f"{client.name}: Jira's search stops, but says that this is not the last page.")
        if not token:
            return
        if token in tokens:
            raise Broken(f"{client.name}: Jira's search repeats a page; what it gave is kept, the rest is missing.")
        tokens.add(token)
        query["nextPageToken"] = token


def all_ids(client: Client, jql: str, project: str | None = None) -> frozenset[str]:
    """The ids of all issues of a search, which ends as Jira says, or raises; ``project`` as of `check_empty`."""
    pages = search(client, jql, Lens(), size=IDS, only_ids=True)
    found = frozenset(str(issue.id) for page in pages for issue in page.issues)
    if not found:
        check_empty(client, jql, project)
    return found


def _page(client: Client, query: dict[str, Any], lens: Lens) -> tuple[Page, int]:
    raw, at = client.search(query)
    return parse_page(raw, lens, client.name), at


def batches(client: Client, jql: str, lens: Lens) -> Iterator[Part]:
    """The issues of a search of any size, in its order; the first part is a page of it, and says when it was answered.

    On Cloud a first page says whether there is more. If so, the search goes on for ids only, which come by thousands,
    and the issues are fetched by their ids, several hundred at once: page after page would wait for one answer at a
    time. So it is too where an issue makes the first page fail. Data Center's pages can be asked for before their turn.
    """
    if client.is_data_center:
        yield from search(client, jql, lens)
        return
    pages: Iterator[Part] = interleave([search(client, jql, lens, size=IDS, only_ids=True)], 1)  # a page of ids ahead
    try:
        first = next(search(client, jql, lens))
    except ToolError as error:
        if error.status != FAILURE:
            raise
        head = next(pages)
        first, pages = Part([], last=False, at=head.at), itertools.chain([head], pages)
    yield first
    if first.last:
        return
    seen = {str(issue.id) for issue in first.issues}
    rest = _others(client, pages, seen)
    parts = iter(lambda: list(itertools.islice(rest, FETCHED)), [])
    batch: list[Any] = []
    unread: dict[str, str] = {}
    for fetched, refused in client.each(lambda ids: _fetched(client, ids, lens), parts):
        if len(batch) >= TOGETHER:
            yield Part(batch, last=False, unread=unread)
            batch, unread = [], {}
        batch += fetched
        unread |= refused
    yield Part(batch, last=True, unread=unread)


def _others(client: Client, pages: Iterator[Part], seen: set[str]) -> Iterator[str]:
    """The ids of these pages without those that were seen, some of which, if any, must be on the first one."""
    for number, page in enumerate(pages):
        ids = [str(issue.id) for issue in page.issues]
        if number == 0 and seen and seen.isdisjoint(ids):
            raise Broken(f"{client.name}: Jira's search no longer finds what it gave just now; read again next time.")
        yield from (id_ for id_ in ids if id_ not in seen)


def projects(client: Client, ids: Iterable[str]) -> dict[str, str]:
    """The projects (ids) that issues are in, as far as a search for nothing else tells them."""
    query = {"jql": f"id in ({', '.join(sorted(ids))})", "fields": ["project"]}
    try:
        page = parse_page(client.search(query)[0], Lens(), client.name)
    except ToolError:
        return {}
    return {str(issue.id): issue.fields.project.id for issue in page.issues if issue.fields and issue.fields.project}


def newest(client: Client, jql: str, count: int) -> list[dict[str, Any]]:
    """All fields of the first ``count`` issues of a search, as they came: the first page of it, not more."""
    fields = ["*all", "-comment", "-worklog", "-attachment"]
    if client.is_data_center:
        raw = client.post("search", {"jql": jql, "fields": fields, "maxResults": count})
    else:
        raw = client.read("search/jql", jql=jql, fields=",".join(fields), maxResults=count)
    answer: _Sample = parse(raw, _Sample, client.name)
    found = [parse(issue, Issue, client.name).fields for issue in answer.issues]
    return [fields for fields in found if isinstance(fields, dict)]


def _fetched(client: Client, ids: Sequence[str], lens: Lens) -> tuple[list[Any], dict[str, str]]:
    """As `fetch`; what makes Jira fail is what it cannot give."""
    told, failed = apart(client, ids, lambda some: fetch(client, some, lens))
    if failed and not told:
        client.server()  # if it fails as well, it is not these issues that are at fault
    unread = {id_: f"Jira cannot give it: {error.said or error.status}" for id_, error in failed.items()}
    for _, refused in told:
        unread |= refused
    return [issue for issues, _ in told for issue in issues], unread


def fetch(client: Client, ids: Sequence[str], lens: Lens) -> tuple[list[Any], dict[str, str]]:
    """The issues with these ids that are still there, and by id, what Jira says of those that it cannot give, even when
    it is asked twice. Raises Broken if there are many of these: then it is not they that are odd.

    Jira leaves out in silence what is gone. That all of them are is asked otherwise before it is believed.
    """
    found: list[Any] = []
    for _ in range(2):
        body = {"issueIdsOrKeys": ids, "fields": lens.asked(), "properties": [PROPERTY]}
        page = parse_page(client.post("issue/bulkfetch", body), lens, client.name)
        found += page.issues
        if not page.issues and not page.issue_errors and offsets.lone(client, ids[0], lens):
            raise Broken(f"{client.name}: Jira gives none of {len(ids)} issues that are there; read again next time.")
        said = {error.id: error.error_message for error in page.issue_errors}
        if "" in said:  # of one that is not named: one of those that did not come
            said |= dict.fromkeys(set(ids) - {str(issue.id) for issue in page.issues} - said.keys(), said.pop(""))
        ids = sorted(said)
        if not ids:
            return found, {}
    if len(ids) > offsets.MOST_UNREAD:
        raise Broken(f"{client.name}: Jira cannot give {len(ids)} issues now, among them {ids[0]}; the rest is kept.")
    return found, {id_: f"Jira cannot give it: {said[id_] or 'it does not say why'}" for id_ in ids}


def by_ids(client: Client, ids: list[str], lens: Lens) -> tuple[list[Any], dict[str, str]]:
    """The issues with these ids that are still there, and that this account may see; the others as of `fetch`."""

    def ask(part: list[str]) -> tuple[list[Any], dict[str, str]]:
        return offsets.several(client, part, lens) if client.is_data_center else _fetched(client, part, lens)

    found: list[Any] = []
    unread: dict[str, str] = {}
    for issues, refused in client.each(ask, [ids[start : start + FETCHED] for start in range(0, len(ids), FETCHED)]):
        found += issues
        unread |= refused
    return found, unread
