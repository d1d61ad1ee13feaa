"""Finding issues: search by JQL with page tokens, the approximate count, and reading many by id."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from syncbot.sandbox.http import Call, Fail
from syncbot.sandbox.jira.clauses import compile_query
from syncbot.sandbox.jira.jql import JqlError, parse
from syncbot.sandbox.jira.show import FIELDS, Shown
from syncbot.sandbox.world import JiraIssue, JiraState

_MOST_IDS, _MOST_ISSUES, _MOST_FETCHED, _MOST_RECONCILED, _MOST_PROPERTIES = 5_000, 100, 100, 50, 5
_ALONE = {"id", "key"}


class _Count(msgspec.Struct):
    jql: str


class _Search(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    jql: str = ""
    next_page_token: str | msgspec.UnsetType = msgspec.UNSET
    max_results: int = 50
    fields: list[str] = []
    properties: list[str] = []
    reconcile_issues: list[int] = []
    expand: str = ""
    fields_by_keys: bool = False


class _Fetch(msgspec.Struct, rename="camel"):
    issue_ids_or_keys: list[str]
    fields: tuple[str, ...] = ("*navigable",)
    properties: list[str] = []


T = TypeVar("T")


def _convert(body: Any, kind: type[T]) -> T:
    try:
        return msgspec.convert(body, kind)
    except msgspec.ValidationError:
        raise refuse("Invalid request payload. Refer to the REST API documentation and try again.") from None


def refuse(*messages: str, status: int = 400) -> Fail:
    """A refusal in Jira's form."""
    return Fail(status, {"errorMessages": list(messages), "errors": {}})


def search_get(call: Call) -> dict[str, Any]:
    """GET search/jql."""
    given = call.query
    return _search(
        call,
        given.get("jql", ""),
        token=given.get("nextPageToken"),
        most=call.whole("maxResults", 50),
        fields=_list(call.queries.get("fields", [])),
        properties=_list(call.queries.get("properties", [])),
        reconcile=_list(call.queries.get("reconcileIssues", [])),
    )


def search_post(call: Call) -> dict[str, Any]:
    """POST search/jql: the same in a body, whose nulls the vendor's schema forbids."""
    given = _convert(call.body, _Search)
    return _search(
        call,
        given.jql,
        token=None if given.next_page_token is msgspec.UNSET else given.next_page_token,
        most=given.max_results,
        fields=given.fields,
        properties=given.properties,
        reconcile=list(map(str, given.reconcile_issues)),
    )


def gone(_: Call) -> None:
    """The older search, which Jira Cloud has taken away."""
    raise refuse("The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.", status=410)


def approximate_count(call: Call) -> dict[str, int]:
    """POST search/approximate-count."""
    return {"count": len(find(call, _convert(call.body, _Count).jql))}


def bulk_fetch(call: Call) -> dict[str, Any]:
    """POST issue/bulkfetch: in ascending order of id; what is not there, or not to be seen, is left out."""
    given = _convert(call.body, _Fetch)
    if not given.issue_ids_or_keys or len(given.issue_ids_or_keys) > _MOST_FETCHED:
        raise refuse(f"issueIdsOrKeys must hold between 1 and {_MOST_FETCHED} ids or keys.")
    found = {one.id: one for key in given.issue_ids_or_keys if (one := call.world.jira.issue(key))}
    names = field_names(call.world.jira, given.fields)
    issues = sorted(found.values(), key=lambda issue: int(issue.id))
    return {"issues": Shown(call).issues(issues, names, given.properties), "issueErrors": []}


def field_names(state: JiraState, asked: Iterable[str]) -> tuple[str, ...]:
    """The fields that a list of names asks for: ``*all``, ``*navigable``, ids, and ``-`` before what to leave out."""
    every = dict.fromkeys((*FIELDS, *state.fields))
    found: dict[str, None] = {}
    for name in asked:
        if name in {"*all", "*navigable"}:
            found |= dict.fromkeys(field for field in every if name == "*all" or field != "comment")
        elif name.startswith("-"):
            found = (found or every) | {}
            found.pop(name[1:], None)
        else:
            found[name] = None
    return tuple(found)


def find(call: Call, jql: str, *, strict: bool = True) -> list[JiraIssue]:
    """The issues that a query finds, in its order; those that are archived, or of archived projects, are not searched.

    ``strict``: whether a value that does not exist is an error.
    """
    try:
        query = parse(jql)
        if query.where is None:
            raise refuse("Unbounded JQL queries are not allowed here. Please add a search restriction to your query.")
        test, sort = compile_query(query, call.world, call.user, strict=strict)
    except JqlError as error:
        raise refuse(str(error)) from None
    state = call.world.jira
    searched = {project.id for project in state.seen_projects() if not project.archived}
    found = [one for one in state.issues.values() if one.project in searched and not one.archived and test(one)]
    sort(found)
    return found


def _search(
    call: Call,
    jql: str,
    *,
    token: str | None,
    most: int,
    fields: list[str],
    properties: list[str],
    reconcile: list[str],
) -> dict[str, Any]:
    if most < 1 or most > _MOST_IDS:
        raise refuse(f"The value for maxResults must be between 1 and {_MOST_IDS}.")
    if len(properties) > _MOST_PROPERTIES or len(reconcile) > _MOST_RECONCILED:
        raise refuse(f"At most {_MOST_PROPERTIES} properties and {_MOST_RECONCILED} issues to reconcile may be named.")
    ids, start = _page(call, jql, token, set(reconcile))
    asked = fields or ["id"]
    size = most if set(asked) <= _ALONE else min(most, _MOST_ISSUES)
    state = call.world.jira
    issues = [one for key in ids[start : start + size] if (one := state.issues.get(key))]
    answer: dict[str, Any] = {"issues": _shown(call, issues, asked, properties)}
    answer["isLast"] = start + size >= len(ids)
    if not answer["isLast"]:
        answer["nextPageToken"] = _token(jql, start + size)
    return answer


def _shown(call: Call, issues: list[JiraIssue], asked: list[str], properties: list[str]) -> list[dict[str, Any]]:
    if set(asked) == {"id"} and not properties:
        return [{"id": one.id} for one in issues]
    names = field_names(call.world.jira, (name for name in asked if name not in _ALONE))
    return Shown(call).issues(issues, names, properties)


def _page(call: Call, jql: str, token: str | None, reconcile: set[str]) -> tuple[list[str], int]:
    """The ids of all pages and where this one starts. Pages are places in a live result: an edit in between moves
    issues from page to page, as it does in Jira.
    """
    start = 0 if token is None else _start(jql, token)
    late = call.world.unindexed - reconcile
    ids = call.world.search(
        call.user, jql, lambda: [issue.id for issue in find(call, jql) if issue.id not in late], anew=token is None
    )
    return ids, start


def _token(jql: str, start: int) -> str:
    text = json.dumps([start, hashlib.blake2b(jql.encode(), digest_size=6).hexdigest()])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _start(jql: str, token: str) -> int:
    try:
        start, _ = json.loads(base64.urlsafe_b64decode(token))
    except (ValueError, binascii.Error, TypeError):
        start = -1
    if start < 1 or token != _token(jql, start):
        raise refuse("The provided next page token is invalid or expired.")
    return int(start)


def _list(given: list[str]) -> list[str]:
    """A parameter that may be repeated or hold commas."""
    return [part.strip() for text in given for part in text.split(",") if part.strip()]
