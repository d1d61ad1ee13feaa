"""POST /batch: up to ten requests in one, each answered for itself."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from syncbot.sandbox.asana.access import data, refusal
from syncbot.sandbox.http import Answer, Call, Endpoint, Fail

_MOST = 10
_WRITES = {"POST", "PUT"}


def serve(endpoints: tuple[Endpoint, ...]) -> Endpoint:
    """The endpoint that serves a batch of calls of these others. A batch within a batch is none of them."""
    routes = [(one, re.compile(re.sub(r"{\w+}", r"(?P<gid>[^/]+)", one.path) + "/?")) for one in endpoints]

    def batch(call: Call) -> Answer:
        actions = data(call).get("actions")
        if not isinstance(actions, list) or not 0 < len(actions) <= _MOST:
            raise refusal(400, f"actions: Must be between 1 and {_MOST} actions")
        call.only_reads = all(isinstance(one, dict) and str(one.get("method")).upper() == "GET" for one in actions)
        return Answer({"data": [_act(call, routes, one) for one in actions]})

    return Endpoint("POST", "/api/1.0/batch", batch)


def _act(call: Call, routes: list[tuple[Endpoint, re.Pattern[str]]], action: Any) -> dict[str, Any]:
    if not isinstance(action, dict) or not isinstance(action.get("relative_path"), str):
        raise refusal(400, "actions: relative_path: Missing input")
    method, url = str(action.get("method", "")).upper(), urlsplit(action["relative_path"])
    for endpoint, pattern in routes:
        found = pattern.fullmatch(f"/api/1.0{url.path}")
        if found is None or endpoint.method != method:
            continue
        given, options = action.get("data") or {}, action.get("options") or {}
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        if method not in _WRITES:
            query |= {name: str(value) for name, value in given.items()}
        if "fields" in options:
            query["opt_fields"] = ",".join(options["fields"])
        query |= {name: str(options[name]) for name in ("limit", "offset") if name in options}
        path = f"/asana/api/1.0{url.path}"
        one = replace(call, method=method, path=path, params=found.groupdict(), query=query, body={"data": given})
        return _answered(endpoint, one)
    return _said(404, refusal(404, "No matching route for request").body)


def _answered(endpoint: Endpoint, call: Call) -> dict[str, Any]:
    try:
        answer: Answer = endpoint.handler(call)
    except Fail as fail:
        return _said(fail.status, fail.body)
    return _said(answer.status, answer.body)


def _said(status: int, body: Any) -> dict[str, Any]:
    return {"status_code": status, "headers": {}, "body": body}
