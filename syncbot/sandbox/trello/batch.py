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


def read(call: Call) -> Any:
    """The answers in the order of the routes; one that fails says so in its place and leaves the others alone."""
    routes = [route for route in call.query.get("urls", "").split(",") if route]
    if not routes or len(routes) > MOST or not all(route.startswith("/") for route in routes):
        raise Fail(400, "Invalid batch: ask for 1 to 10 routes that begin with a slash")
    return [_one(call, route) for route in routes]


def _one(call: Call, route: str) -> dict[str, Any]:
    # A comma inside a route came escaped, since bare ones part the routes.
    path, _, query = unquote(route).partition("?")
    try:
        return {"200": _answer(call, f"/1{path}", query)}
    except Fail as fail:
        return {"name": "Error", "message": str(fail.body), "statusCode": fail.status}


def _answer(call: Call, path: str, query: str) -> Any:
    for pattern, endpoint in _READS:
        if found := pattern.fullmatch(path):
            queries = parse_qs(query, keep_blank_values=True)
            single = {name: values[-1] for name, values in queries.items()}
            inner = replace(call, path=path, params=found.groupdict(), query=single, queries=queries, body={})
            answer = endpoint.handler(inner)
            return answer.body if isinstance(answer, Answer) else answer
    raise Fail(404, NOT_FOUND)


ENDPOINTS = (Endpoint("GET", "/1/batch", read),)
