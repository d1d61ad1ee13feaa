"""The kinds of faults by name. Each makes a fault for one request, or None where a request cannot be hit so."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from email.utils import formatdate
from functools import partial
from typing import Any, NamedTuple

import msgspec

from syncbot.sandbox.cruelty import bending, people
from syncbot.sandbox.faults import Fault, FaultKind
from syncbot.sandbox.http import Answer, Call, Endpoint, Tool

Make = Callable[[Tool, Endpoint, Call, random.Random], Fault | None]


class Kind(NamedTuple):
    """``make`` gives the fault, or None; ``says`` what it does, for people."""

    make: Make
    says: str


JIRAS = {"jira", "dc"}
WAIT = 1  # seconds that a refusal asks for
SLOW = 0.3  # seconds
SKEWS = (-50_400, -300, 300, 50_400)  # seconds; an hour that is wrong by a time zone, and a clock that nobody set
_PAGE = b"<!doctype html><title>Sign in</title><p>Your session has ended."
_HTML = {"Content-Type": "text/html; charset=utf-8"}


def _fault(tool: Tool, kind: FaultKind, **rest: Any) -> Fault:
    return Fault(tool.name, re.compile(""), kind, **rest)


def _refusal(tool: Tool, status: int, said: str, **headers: str) -> Fault:
    """A refusal in the tool's own form."""
    body: Any = {"errors": [{"message": said}]} if tool.name == "asana" else {"errorMessages": [said], "errors": {}}
    if tool.name == "trello":
        return _fault(
            tool, "answer", status=status, headers={"Content-Type": "text/plain", **headers}, body=said.encode()
        )
    told = {"Content-Type": "application/json", **headers}
    return _fault(tool, "answer", status=status, headers=told, body=msgspec.json.encode(body))


def _too_many(tool: Tool, endpoint: Endpoint, _: Call, dice: random.Random) -> Fault:
    """As each tool says it: Jira with a reason, Asana with a time only, Trello without either."""
    if tool.name == "trello":
        body = b'{"error":"API_TOKEN_LIMIT_EXCEEDED","message":"Rate limit exceeded"}'
        return _fault(tool, "answer", status=429, headers={"Content-Type": "application/json"}, body=body)
    reasons = ["jira-burst-based", "jira-quota-tenant-based"]
    reasons += ["jira-per-issue-on-write"] if endpoint.method != "GET" and not endpoint.reads else []
    headers = {"RateLimit-Reason": dice.choice(reasons)} if tool.name in JIRAS else {}
    return _refusal(tool, 429, "Rate limit exceeded", **{"Retry-After": str(WAIT), **headers})


def _too_many_until(tool: Tool, _: Endpoint, call: Call, __: random.Random) -> Fault:
    until = formatdate(call.world.now.timestamp() + WAIT, usegmt=True)
    return _refusal(tool, 429, "Rate limit exceeded", **{"Retry-After": until})


def _status(status: int, said: str, **headers: str) -> Make:
    return lambda tool, _, __, ___: _refusal(tool, status, said, **headers)


def _as_html(status: int) -> Make:
    return lambda tool, _, __, ___: _fault(tool, "answer", status=status, headers=_HTML, body=_PAGE)


def _elsewhere(tool: Tool, _: Endpoint, __: Call, ___: random.Random) -> Fault:
    return _fault(tool, "answer", status=302, headers={"Location": "http://127.0.0.1:1/"})


def _blank(tool: Tool, _: Endpoint, __: Call, ___: random.Random) -> Fault:
    return _fault(tool, "answer", status=200, headers={"Content-Type": "application/json"})


def _broken(kind: FaultKind, tool: Tool, _: Endpoint, __: Call, ___: random.Random) -> Fault:
    return _fault(tool, kind)


def _slow(tool: Tool, _: Endpoint, __: Call, ___: random.Random) -> Fault:
    return _fault(tool, "bent", delay=SLOW)


def _skewed(tool: Tool, _: Endpoint, call: Call, dice: random.Random) -> Fault:
    date = formatdate(call.world.now.timestamp() + dice.choice(SKEWS), usegmt=True)

    def after(_: Call, answer: Answer) -> Answer:
        return Answer(answer.body, answer.status, {**answer.headers, "Date": date})

    return _fault(tool, "bent", after=after)


def _hollow(tool: Tool, endpoint: Endpoint, _: Call, __: random.Random) -> Fault | None:
    if endpoint.method != "GET" and not endpoint.reads:
        return None
    return _fault(tool, "bent", after=bending.hollow)


def _repeated(tool: Tool, endpoint: Endpoint, call: Call, _: random.Random) -> Fault | None:
    found = bending.repeated(endpoint, call)
    return _fault(tool, "bent", before=found[0], after=found[1]) if found else None


def _short(tool: Tool, endpoint: Endpoint, call: Call, dice: random.Random) -> Fault | None:
    before = bending.short(endpoint, call, dice.randint(1, 7))
    return _fault(tool, "bent", before=before) if before else None


def _expired(tool: Tool, _: Endpoint, call: Call, __: random.Random) -> Fault | None:
    """Jira's page tokens, and Asana's offsets and sync tokens, that are too old."""
    if tool.name == "asana" and ({"offset", "sync"} & call.query.keys()):
        return _fault(tool, "bent", before=lambda one: one.world.asana.expire())
    if tool.name == "jira" and "nextPageToken" in call.query:
        return _refusal(tool, 400, "The provided next page token is invalid or expired.")
    return None


def _meanwhile(what: str, tool: Tool, endpoint: Endpoint, _: Call, dice: random.Random) -> Fault | None:
    """Somebody does something in the tool right after this answer was made."""
    if endpoint.method != "GET" and not endpoint.reads:
        return None

    def after(call: Call, answer: Answer) -> Answer:
        content = msgspec.json.encode(answer.body)  # as it was: its parts may be the world's own
        people.act(call.world, tool.name, what, dice)
        return Answer(content, answer.status, answer.headers)

    return _fault(tool, "bent", after=after)


KINDS: dict[str, Kind] = {
    "429": Kind(_too_many, "refused as too many, with the tool's own reason and a time in seconds where it gives one"),
    "429-until": Kind(_too_many_until, "refused as too many, until a date"),
    "401": Kind(_status(401, "invalid token"), "the credential is refused"),
    "403": Kind(_status(403, "Forbidden"), "the permission is refused"),
    "404": Kind(_status(404, "Not found"), "said not to be there"),
    "410": Kind(_status(410, "Gone"), "said to be gone for good"),
    "500": Kind(_as_html(500), "the tool breaks, with a page for people"),
    "502": Kind(_as_html(502), "a gateway breaks, with a page for people"),
    "503": Kind(
        _status(503, "Service unavailable", **{"Retry-After": str(WAIT)}), "out of service, with a time to wait"
    ),
    "504": Kind(_as_html(504), "a gateway gives up, with a page for people"),
    "html": Kind(_as_html(200), "a page to sign in at, as if all were well"),
    "redirect": Kind(_elsewhere, "sent to another address"),
    "blank": Kind(_blank, "200 without a body"),
    "hollow": Kind(_hollow, "200, well-formed, with nothing in it, and said to be all"),
    "cut": Kind(partial(_broken, "cut"), "done, and the answer ends in its middle"),
    "lost": Kind(partial(_broken, "lost"), "done, and the connection closes without an answer"),
    "dropped": Kind(partial(_broken, "dropped"), "the connection closes before anything is done"),
    "slow": Kind(_slow, f"answered {SLOW} seconds late"),
    "skew": Kind(_skewed, "the answer's Date is wrong by minutes or by half a day"),
    "repeat": Kind(_repeated, "a page that was given already, or its token, comes again"),
    "short": Kind(_short, "a page of fewer than were asked for, though there are more"),
    "expired": Kind(_expired, "page and sync tokens are too old"),
    **{what: Kind(partial(_meanwhile, what), f"right after the answer {said}") for what, said in people.DEEDS.items()},
}
"""By name, as plans say it."""
