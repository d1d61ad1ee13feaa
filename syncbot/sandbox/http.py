"""What a tool's HTTP API is made of: endpoints as data, a request that has been read, a plain function that answers.

A handler is a plain function of one `Call`; it runs while the world is locked, so that it never sees half an edit. It
returns the body of a 200, or an `Answer`, or raises `Fail`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request

from syncbot.sandbox.world import World


class Fail(Exception):
    """A tool's refusal: the status, and the body that it answers with (text or JSON)."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self.status, self.body, self.headers = status, body, headers or {}
        super().__init__(f"{status} {body}")


@dataclass(slots=True)
class Call:
    """One request. ``query`` holds the last value of each name, ``queries`` all of them; ``body`` is the parsed JSON
    or form, {} if empty, None if unreadable. ``base`` is the tool's URL as the caller wrote it; ``user`` the account
    id that the credentials belong to. ``only_reads``: whether its handler found that it changes nothing.
    """

    world: World
    method: str
    base: str
    path: str
    params: dict[str, Any]
    query: dict[str, str]
    queries: dict[str, list[str]]
    headers: dict[str, str]
    body: Any
    user: str = ""
    only_reads: bool = False

    def whole(self, name: str, default: int) -> int:
        """A whole number of the query, or the default where it is absent or none."""
        try:
            return int(self.query.get(name, default))
        except ValueError:
            return default


@dataclass(slots=True)
class Answer:
    """What a handler returns when a body with status 200 will not do. A ``str`` body is sent as plain text."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method and a path below the tool's root, with {names}. ``reads``: a POST or PUT that changes nothing."""

    method: str
    path: str
    handler: Callable[[Call], Any]
    reads: bool = False


@dataclass(frozen=True, slots=True)
class Tool:
    """An API. ``check`` turns a call's credentials into an account id, or raises Fail; ``missing`` answers a path
    that no endpoint has; ``headers`` go with every answer.
    """

    name: str
    check: Callable[[Call], str]
    endpoints: tuple[Endpoint, ...]
    missing: Answer
    headers: dict[str, str] = field(default_factory=dict)


@lru_cache(10_000)
def instant(at: datetime | None) -> str | None:
    """An instant as Trello and Asana write it: UTC, with milliseconds."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


async def read(request: Request, world: World, base: str) -> Call:
    """Read a request whole."""
    raw = await request.body()
    queries = parse_qs(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return Call(
        world=world,
        method=request.method,
        base=base,
        path=request.url.path,
        params=dict(request.path_params),
        query={name: values[-1] for name, values in queries.items()},
        queries=queries,
        headers=dict(request.headers),
        body=_parse(raw, request.headers.get("content-type", "")),
    )


def _parse(raw: bytes, media: str) -> Any:
    if not raw:
        return {}
    if "x-www-form-urlencoded" in media:
        return {name: values[-1] for name, values in parse_qs(raw.decode(), keep_blank_values=True).items()}
    try:
        return json.loads(raw)
    except ValueError:
        return None


def basic(call: Call) -> tuple[str, str] | None:
    """User and password of a Basic authorization, or None."""
    kind, _, rest = call.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(rest, validate=True).decode().partition(":")
    except ValueError:
        return None
    return (user, password) if colon else None
