"""Requests and answers bent into what is well-formed and wrong: emptied, repeated, shorter than asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from syncbot.sandbox.http import Answer, Call, Endpoint

Before = Callable[[Call], None]
After = Callable[[Call, Answer], Answer]

_LISTS = ("issues", "values", "data", "cards", "issueChangeLogs")


def hollow(_: Call, answer: Answer) -> Answer:
    """The answer with nothing in it, though it says that this is all: the worst that an answer of 200 can be."""
    return Answer(_emptied(answer.body), answer.status, answer.headers)


def _emptied(body: Any) -> Any:
    if isinstance(body, list):
        if body and all(isinstance(part, dict) and "200" in part for part in body):  # Trello's batch
            return [{"200": _emptied(part["200"])} for part in body]
        return []
    if not isinstance(body, dict):
        return body
    data = body.get("data")
    if isinstance(data, list) and data and all(isinstance(part, dict) and "status_code" in part for part in data):
        return body | {"data": [part | {"body": _emptied(part["body"])} for part in data]}  # Asana's
    held = [name for name in _LISTS if isinstance(body.get(name), list)]
    if not held:
        return {}
    ends = {"isLast": True, "total": 0, "next_page": None, "has_more": False}
    told = {name: value for name, value in ends.items() if name in body}
    kept = {name: value for name, value in body.items() if name != "nextPageToken"}
    return kept | told | {name: [] for name in held}


def repeated(endpoint: Endpoint, call: Call) -> tuple[Before, After] | None:
    """A page that was given already, given again; where there is a token, with the same one behind it."""
    for name, again in _TOKENS.items():
        if token := call.query.get(name):
            return _as_it_is, _with(again(token))
    body = call.body if isinstance(call.body, dict) else {}
    pages = "before" in call.query and "/cards" in endpoint.path
    if pages or body.get("startAt") or call.query.get("startAt", "0") != "0":
        return _rewind, _same
    return None


_TOKENS: dict[str, Callable[[str], dict[str, Any]]] = {
    "nextPageToken": lambda token: {"nextPageToken": token, "isLast": False},
    "offset": lambda token: {"next_page": {"offset": token, "path": "", "uri": ""}},
    "sync": lambda token: {"sync": token, "has_more": True},
}


def _rewind(call: Call) -> None:
    call.query.pop("before", None)
    if "startAt" in call.query:
        call.query["startAt"] = "0"
    if isinstance(call.body, dict) and "startAt" in call.body:
        call.body["startAt"] = 0


def short(endpoint: Endpoint, call: Call, size: int) -> Before | None:
    """A page of fewer than were asked for, though there are more, which it says in the tool's own way."""
    for name in ("maxResults", "limit"):
        if name in call.query and (name == "maxResults" or "data" not in endpoint.path):
            return lambda one: one.query.update({name: str(size)})
    if isinstance(call.body, dict) and "maxResults" in call.body:
        return lambda one: one.body.update(maxResults=size)
    return None


def _as_it_is(_: Call) -> None:
    pass


def _same(_: Call, answer: Answer) -> Answer:
    return answer


def _with(parts: dict[str, Any]) -> After:
    def after(_: Call, answer: Answer) -> Answer:
        return Answer(answer.body | parts, answer.status, answer.headers) if isinstance(answer.body, dict) else answer

    return after
