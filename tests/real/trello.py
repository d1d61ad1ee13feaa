"""Trello boards as they were exported, or as their rows were kept, through the connector's own reading of boards."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast
from urllib.parse import urlsplit

import msgspec

from connectors.trello import describe
from connectors.trello.api import Api
from syncbot.model import Scope
from tests.connectors.trello.test_replay import rows
from tests.decoding import decode_board
from tests.real.replay import Replay
from tests.shared import shared

LATER = "~"  # sorts behind all instants


class Answers:
    """What the routes of one board would answer."""

    def __init__(self, board: dict[str, Any]) -> None:
        self.board = board

    def get(self, path: str, kind: Any, **_: str) -> Any:
        told = [self.board] if path == "/members/me/boards" else self.board
        return msgspec.convert(told, kind, strict=False)

    def batch(self, paths: Sequence[str], kind: Any) -> Iterator[Any]:
        for path in paths:
            _, which, id_, *part = urlsplit(path).path.split("/")
            held = self.board if which == "boards" else _member(self.board, id_)
            yield msgspec.convert(held[part[0]] if part else held, kind, strict=False)


def _member(board: dict[str, Any], id_: str) -> dict[str, Any]:
    return next(one for one in board["members"] if one["id"] == id_)


def replay(board: dict[str, Any]) -> Replay:
    """A board as a tool of its own."""
    members = {one["id"]: one for one in board["members"]}
    memberships = [
        {"id": one, "idMember": one, "memberType": "normal", "deactivated": False, "member": member}
        for one, member in members.items()
    ]
    api = cast("Api", Answers({**board, "memberships": memberships}))
    scopes: tuple[Scope, ...] = describe.scopes(api)
    raw = json.dumps(board).encode()
    with ThreadPoolExecutor(1) as pool:
        vocabulary = describe.describe(api, pool, scopes)
    known = frozenset(one for card in board["cards"] for one in card.get("idMembers") or ())
    return Replay(
        vocabulary,
        describe.containers(api, scopes),
        describe.accounts(api, scopes, known & members.keys()),
        scopes,
        lambda fields: decode_board(raw, fields)[1],
    )


def export(name: str) -> dict[str, Any]:
    """A board that was exported whole."""
    board: dict[str, Any] = json.loads(shared(f"payloads/trello/boards/{name}.json").read_bytes())
    return board


def kept() -> Iterator[dict[str, Any]]:
    """The boards whose rows a database kept, each by the ids of its lists."""
    told = {
        part: rows(shared(f"payloads/trello/devlake/{part}.jsonl").read_bytes(), "x.jsonl")
        for part in ("cards", "lists", "labels", "members")
    }
    for id_ in dict.fromkeys(one["idBoard"] for one in told["cards"]):
        own = {part: [one for one in several if one.get("idBoard") == id_] for part, several in told.items()}
        own["members"] = told["members"]
        yield {"id": id_, "name": f"Board {id_[-4:]}", "shortLink": id_[-8:], "customFields": [], **own}


def rewound(board: dict[str, Any], moment: str) -> dict[str, Any]:
    """The board as it was at an instant: what its actions say was done since is undone."""
    cards = {card["id"]: {**card, "idMembers": list(card["idMembers"])} for card in board["cards"]}
    born = {one["data"]["card"]["id"]: one["date"] for one in board["actions"] if one["type"] == "createCard"}
    for action in board["actions"]:  # the last one comes first
        card = cards.get(action["data"].get("card", {}).get("id", ""))
        if card is None or action["date"] <= moment:
            continue
        card["idMembers"] = _members(card["idMembers"], action)
        card.update({key: value for key, value in action["data"].get("old", {}).items() if key in card})
    for card in cards.values():
        told = [one["date"] for one in board["actions"] if one["data"].get("card", {}).get("id") == card["id"]]
        card["dateLastActivity"] = max((at for at in told if at <= moment), default=card["dateLastActivity"])
    return board | {"cards": [card for id_, card in cards.items() if born.get(id_, "") <= moment]}


def _members(members: list[str], action: dict[str, Any]) -> list[str]:
    who = action["data"].get("idMember") or action.get("idMember")
    if action["type"] == "addMemberToCard":
        return [one for one in members if one != who]
    return [*members, who] if action["type"] == "removeMemberFromCard" else members
