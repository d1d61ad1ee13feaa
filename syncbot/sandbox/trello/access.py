"""Who asks Trello, and whether they may: key and token, a board's readers and its writers."""

from __future__ import annotations

import re
from typing import Any

from syncbot.sandbox.http import Call, Fail
from syncbot.sandbox.world import TrelloBoard, TrelloCard, TrelloChecklist, TrelloList

NOT_FOUND = "The requested resource was not found."
_OAUTH = re.compile(r'\boauth_(consumer_key|token)="([^"]*)"')
_ID = re.compile(r"[0-9a-f]{24}|[A-Za-z0-9]{8}")
_LONGEST = 16_384


def check(call: Call) -> str:
    """The member whose key and token these are, from the query or from an OAuth header; else 401 as Trello says it."""
    header = dict(_OAUTH.findall(call.headers.get("authorization", "")))
    key = call.query.get("key") or header.get("consumer_key", "")
    token = call.query.get("token") or header.get("token", "")
    tokens = call.world.trello.tokens
    if member := tokens.get((key, token)):
        return member
    raise Fail(401, "invalid key" if all(key != known for known, _ in tokens) else "invalid token")


def argument(call: Call, name: str) -> Any:
    """A value that may stand in the query or in the body, as Trello takes both; None where it stands in neither."""
    body = call.body if isinstance(call.body, dict) else {}
    return body[name] if name in body else call.query.get(name)


def text(call: Call, name: str, *, required: bool = False) -> str | None:
    """A text argument, within Trello's limit."""
    value = argument(call, name)
    if value is None and not required:
        return None
    if not isinstance(value, str) or len(value) > _LONGEST or (required and not value.strip()):
        raise Fail(400, f"invalid value for {name}")
    return value


def board(call: Call, *, write: bool = False) -> TrelloBoard:
    """The board that the path names, if the caller may read it (or write to it)."""
    found = call.world.trello.board(_known(call.params["id"]))
    if found is None:
        raise Fail(404, NOT_FOUND)
    return permitted(call, found, write=write)


def card(call: Call, name: str = "id", *, write: bool = False) -> TrelloCard:
    """The card that the path names."""
    found = call.world.trello.card(_known(call.params[name]))
    if found is None:
        raise Fail(404, NOT_FOUND)
    permitted(call, call.world.trello.boards[found.board], write=write)
    return found


def a_list(call: Call, identifier: Any, *, write: bool = False) -> TrelloList:
    """The list of an id."""
    found = call.world.trello.lists.get(_known(identifier))
    if found is None:
        raise Fail(404, NOT_FOUND)
    permitted(call, call.world.trello.boards[found.board], write=write)
    return found


def checklist(call: Call, name: str = "id", *, write: bool = False) -> TrelloChecklist:
    """The checklist that the path names."""
    found = call.world.trello.checklists.get(_known(call.params[name]))
    if found is None:
        raise Fail(404, NOT_FOUND)
    permitted(call, call.world.trello.boards[call.world.trello.cards[found.card].board], write=write)
    return found


def permitted(call: Call, found: TrelloBoard, *, write: bool) -> TrelloBoard:
    """The board, if its members' roles and its visibility allow this."""
    role = found.roles.get(call.user)
    if role in {"admin", "normal"} or (not write and (role or found.permission != "private")):
        return found
    raise Fail(401, "unauthorized permission requested")


def _known(identifier: Any) -> str:
    if not isinstance(identifier, str) or not _ID.fullmatch(identifier):
        raise Fail(400, "invalid id")
    return identifier
