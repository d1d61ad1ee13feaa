"""Answers of one resource and of many: limit 1..100, and opaque offsets that are good for a while, for one query."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from syncbot.sandbox.asana.access import refusal
from syncbot.sandbox.asana.select import Kind, Selection
from syncbot.sandbox.http import Answer, Call

_MOST, _UNPAGED = 100, 1_000  # of a page; of an answer without a limit
_KEPT = timedelta(hours=1)


def one(call: Call, kind: Kind, thing: Any, status: int = 200) -> Answer:
    """The answer that holds one whole resource, or what opt_fields selects of it."""
    return Answer({"data": Selection(call.world.asana, kind, call.query.get("opt_fields"))(thing)}, status)


def empty() -> Answer:
    """The answer to a request that just did it."""
    return Answer({"data": {}})


def whole(call: Call, kind: Kind, things: Sequence[Any]) -> Answer:
    """The answer of a collection that Asana does not page."""
    return Answer({"data": _shown(call, kind, things)})


def many(call: Call, kind: Kind, things: Sequence[Any]) -> Answer:
    """A page of a collection; ``next_page`` only where a limit was given, null on the last one."""
    state, limit = call.world.asana, _limit(call)
    query = _query(call)
    start = _start(call, query)
    if limit is None:
        if len(things) - start > _UNPAGED:
            raise refusal(
                400, "The result is too large. You should use pagination (may require specifying a workspace)!"
            )
        return Answer({"data": _shown(call, kind, things[start:])})
    following, after = None, start + limit
    if after < len(things):
        token = hashlib.blake2b(f"{query} {after} {call.world.now}".encode(), digest_size=24).hexdigest()
        state.offsets[token] = (query, after, call.world.now)
        rest = urlencode({name: value for name, value in call.query.items() if name != "offset"} | {"offset": token})
        path = call.path.partition("/api/1.0")[2]
        following = {"offset": token, "path": f"{path}?{rest}", "uri": f"{call.base}/api/1.0{path}?{rest}"}
    return Answer({"data": _shown(call, kind, things[start:after]), "next_page": following})


def _shown(call: Call, kind: Kind, things: Sequence[Any]) -> list[dict[str, Any]]:
    selection = Selection(call.world.asana, kind, call.query.get("opt_fields"), compact=True)
    return [selection(thing) for thing in things]


def _limit(call: Call) -> int | None:
    given = call.query.get("limit")
    if given is None:
        return None
    if not given.isdecimal() or not 1 <= int(given) <= _MOST:
        raise refusal(400, "limit: Must be between 1 and 100")
    return int(given)


def _query(call: Call) -> str:
    """What an offset is good for: the same collection, asked in the same way by the same user."""
    rest = {name: value for name, value in call.query.items() if name not in {"limit", "offset", "opt_fields"}}
    return f"{call.user} {call.path} {sorted(rest.items())}"


def _start(call: Call, query: str) -> int:
    token = call.query.get("offset")
    if token is None:
        return 0
    known, start, given = call.world.asana.offsets.get(token, ("", 0, call.world.now))
    if known != query or call.world.now - given > _KEPT:
        raise refusal(400, "offset: Your pagination token has expired.")
    return start
