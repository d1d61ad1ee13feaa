"""Several reads in one request: GET /batch?urls=/boards/1,/cards/2."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, unquote

from syncbot.sandbox.http import Answer, Call, Endpoint, Fail
from syncbot.sandbox.trello import boards, cards, checklists
from syncbot.sandbox.trello.access import NOT_FOUND

MOST = 10

_READS = tuple(
    (re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", endpoint.path) + "/?"), endpoint)
    for endpoint in (*boards.ENDPOINTS, *cards.ENDPOINTS, *checklists.ENDPOINTS)
    if endpoint.method == "GET"
)


def routes(urls: str) -> list[str]:
    """The routes of a batch. A comma inside a route came escaped, since bare ones part the routes."""
    return [unquote(route) for route in urls.split(",") if route]


def find(path: str) -> tuple[Endpoint, dict[str, str]]:
    """The endpoint that reads a route without the version, and what the route puts into its {names}; Fail if none."""
    for pattern, endpoint in _READS:
        if found := pattern.fullmatch(f"/1{path}"):
            return endpoint, found.groupdict()
    raise Fail(404, NOT_FOUND)


def read(call: Call) -> Any:
    """The answers in the order of the routes; one that fails says so in its place and leaves the others alone."""
    asked = routes(call.query.get("urls", ""))
    if not asked or len(asked) > MOST or not all(route.startswith("/") for route in asked):
        raise Fail(400, "Invalid batch: ask for 1 to 10 routes that begin with a slash")
    return [_one(call, route) for route in asked]


def _one(call: Call, route: str) -> dict[str, Any]:
    path, _, query = route.partition("?")
    queries = parse_qs(query, keep_blank_values=True)
    single = {name: values[-1] for name, values in queries.items()}
    try:
        endpoint, params = find(path)
        inner = replace(call, path=f"/1{path}", params=params, query=single, queries=queries, body={})
        answer = endpoint.handler(inner)
    except Fail as fail:
        return {"name": "Error", "message": str(fail.body), "statusCode": fail.status}
    return {"200": answer.body if isinstance(answer, Answer) else answer}


ENDPOINTS = (Endpoint("GET", "/1/batch", read),)
