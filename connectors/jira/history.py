"""What changed on issues, from their changelogs: in bulk on Cloud, beside a search on Data Center.

A changelog has no cursor of its own, so that of an issue is read whole each time the issue changed, and only of the
fields that matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

import msgspec

from connectors.jira.answers import FieldDetails
from connectors.jira.apart import apart
from connectors.jira.client import Client
from connectors.jira.records import instant
from connectors.jira.site import SPRINT, all_fields
from connectors.jira.wire import Json, User, parse
from syncbot.connector import History, Lookback, written
from syncbot.errors import Broken, Missing, ToolError
from syncbot.model import Entry, Word

TOGETHER = 200  # issues of one request; Jira takes a thousand, but one that fails costs all of them
TOGETHER_THERE = 50  # of a search on Data Center, which gives all of each issue's changelog at once
PAGE = 1_000
MOST_FIELDS = 10  # that a bulk request can name; more are sorted out here

_FACETS = {"status": "status", "resolution": "resolution", "priority": "priority", "issuetype": "type"}
_LABELS = "labels"


class Item(Json):
    """One field in an entry of a changelog; Data Center tells its name only, and whether it is Jira's own."""

    field: str = ""
    fieldtype: str = ""
    field_id: str | None = None
    old: str | None = msgspec.field(name="from", default=None)
    old_name: str | None = msgspec.field(name="fromString", default=None)
    new: str | None = msgspec.field(name="to", default=None)
    new_name: str | None = msgspec.field(name="toString", default=None)


class Log(Json):
    """An entry: what somebody changed at once. Cloud's bulk answers tell the time in milliseconds."""

    id: str
    created: str | int | None = None
    author: User | None = None
    items: list[Item] = []


class IssueLogs(Json):
    """Some of the entries of one issue."""

    issue_id: str
    change_histories: list[Log] = []


class Bulk(Json):
    """A page of the changelogs of several issues; the last one has no token."""

    issue_change_logs: list[IssueLogs]
    next_page_token: str | None = None


class Logs(Json):
    """The changelog of an issue that came with it; ``total`` tells whether it is all."""

    histories: list[Log]
    total: int = 0


class Issue(Json):
    """An issue with its changelog."""

    id: str
    changelog: Logs


class Found(Json):
    """Some issues that a search gives; ``total``: of how many."""

    issues: list[Issue]
    total: int | None = None


class Told(NamedTuple):
    """The entries of some issues, each with the issue's id. ``untold``: those of which Jira contradicts itself.

    ``failed``: those of which it cannot tell any.
    """

    logs: list[tuple[str, Log]]
    untold: frozenset[str] = frozenset()
    failed: dict[str, ToolError] = {}


def history(client: Client, wants: Sequence[Lookback], fields: frozenset[str]) -> Iterator[History]:
    """The changelogs of these issues, some requests at once; see `syncbot.connector.Connector.history`."""
    if not wants:
        return
    known = all_fields(client)
    followed = {**_FACETS, _LABELS: _LABELS, **{id_: id_ for id_ in fields if id_.isidentifier()}}
    followed |= {one.id: "sprint" for one in known if one.schema and one.schema.custom == SPRINT}
    names = _names(known, followed)
    size = TOGETHER_THERE if client.is_data_center else TOGETHER
    parts = [
        (want, want.remote_ids[start : start + size])
        for want in wants
        for start in range(0, len(want.remote_ids), size)
    ]
    failed = set()
    for (want, ids), told in zip(parts, client.each(partial(_safely, client, followed), parts), strict=True):
        scope = want.scope.remote_id
        if isinstance(told, ToolError):
            if scope not in failed:
                failed.add(scope)
                yield History(scope, error=told)
            continue
        found = [(id_, one) for id_, log in told.logs for one in _entries(id_, log, followed, names)]
        entries = tuple(one for _, one in found if one is not None and one.at >= want.since)
        whole = tuple([id_ for id_ in ids if id_ not in told.untold and id_ not in told.failed])
        unsure = frozenset(id_ for id_, one in found if one is None)
        yield History(scope, entries, whole, unsure, hidden=tuple(told.failed))
        for error in [*told.failed.values()][:1]:
            yield History(scope, error=error)


def _names(known: Sequence[FieldDetails], followed: Mapping[str, str]) -> dict[tuple[str, str], str | None]:
    """By type and name, the fields that are followed; None where one of that name is, and another one is not."""
    ids: dict[tuple[str, str], list[str]] = {}
    for one in known:
        ids.setdefault(("custom" if one.custom else "jira", one.name.casefold()), []).append(one.id)
    return {key: same[0] if len(same) == 1 else None for key, same in ids.items() if followed.keys() & {*same}}


def _safely(client: Client, followed: Mapping[str, str], part: tuple[Lookback, tuple[str, ...]]) -> Told | ToolError:
    def ask(ids: Sequence[str]) -> Told:
        there = client.is_data_center
        return _beside(client, ids) if there else Told(_in_bulk(client, ids, followed))

    try:
        told, failed = apart(client, part[1], ask)
    except ToolError as error:
        return error
    if not told:
        return next(iter(failed.values()))
    logs = [log for one in told for log in one.logs]
    return Told(logs, frozenset().union(*(one.untold for one in told)), failed)


def _in_bulk(client: Client, ids: Sequence[str], followed: Mapping[str, str]) -> list[tuple[str, Log]]:
    """Cloud: all entries of these issues. Those that are no longer there are left out in silence."""
    body: dict[str, object] = {"issueIdsOrKeys": ids, "maxResults": PAGE}
    if len(followed) <= MOST_FIELDS:
        body["fieldIds"] = sorted(followed)
    found: list[tuple[str, Log]] = []
    tokens: set[str] = set()
    while True:
        page: Bulk = parse(client.post("changelog/bulkfetch", body), Bulk, client.name)
        found += [(issue.issue_id, log) for issue in page.issue_change_logs for log in issue.change_histories]
        token = page.next_page_token
        if not token:
            _check_none(client, ids, followed, found)
            return found
        if token in tokens:
            raise Broken(f"{client.name}: Jira repeats a page of changelogs; they are read again next time.")
        tokens.add(token)
        body["nextPageToken"] = token


def _check_none(client: Client, ids: Sequence[str], followed: Mapping[str, str], found: Sequence[object]) -> None:
    """Cloud: where a bulk answer tells nothing at all, ask the first issue itself. Raises Broken if that tells more."""
    if found or not (one := _lone(client, ids[0])):
        return
    if any(item.field_id in followed for log in one.changelog.histories for item in log.items):
        raise Broken(f"{client.name}: Jira gave no changelog, though there are some; they are read again next time.")


def _beside(client: Client, ids: Sequence[str]) -> Told:
    """Data Center: the changelogs that come with a search, and by itself each that did not come whole.

    The search says how many of the issues there are. So many as it lacks may be refused by themselves, too, for they
    are gone; if more are, none of these refusals is believed.
    """
    body = {
        "jql": f"id in ({', '.join(ids)})",
        "maxResults": len(ids),
        "fields": ["id"],
        "expand": ["changelog"],
        "validateQuery": False,
    }
    page: Found = parse(client.post("search", body), Found, client.name)
    there = {issue.id: issue.changelog for issue in page.issues}
    refused = set()
    for id_ in ids:
        if id_ not in there or len(there[id_].histories) < there[id_].total:
            if lone := _lone(client, id_):
                there[id_] = lone.changelog
            else:
                refused.add(id_)
    total = len(there) if page.total is None else page.total
    logs = [(id_, log) for id_, logs in there.items() if id_ not in refused for log in logs.histories]
    return Told(logs, frozenset(refused) if len(refused) > len(ids) - total else frozenset())


def _lone(client: Client, id_: str) -> Issue | None:
    """One issue with its changelog; None if it is not to be seen any more. Raises Broken if it is cut here, too."""
    try:
        issue: Issue = parse(client.read(f"issue/{id_}", fields="id", expand="changelog"), Issue, client.name)
    except Missing:
        return None
    if len(issue.changelog.histories) < issue.changelog.total:
        raise Broken(f"{client.name}: Jira gives only a part of the changelog of the issue {id_}; none of it was used.")
    return issue


def _entries(
    item: str, log: Log, followed: Mapping[str, str], names: Mapping[tuple[str, str], str | None]
) -> Iterator[Entry | None]:
    """What is followed of an entry; None for what may be of a field that is followed, or of another one."""
    at = _instant(log.created)
    for number, one in enumerate(log.items):
        named = one.field.casefold()
        known = one.field_id or names.get((one.fieldtype, named), "" if one.fieldtype == "custom" else named)
        if known is None:
            yield None
        elif (field := followed.get(known)) is not None and at is not None:
            yield Entry(
                remote_id=f"{log.id}:{number}",
                item=item,
                at=at,
                field=field,
                old=_word(one.old, one.old_name),
                new=_word(one.new, one.new_name),
                account=log.author.id or None if log.author else None,
            )


def _instant(created: str | int | None) -> str | None:
    if isinstance(created, int):
        try:
            return written(datetime.fromtimestamp(created / 1000, UTC))
        except (ValueError, OverflowError, OSError):
            return None
    return instant(created)


def _word(id_: str | None, name: str | None) -> Word | None:
    return Word(id_ or "", name or "") if id_ or name else None
