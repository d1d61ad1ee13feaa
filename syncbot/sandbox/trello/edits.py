"""What every change on a board leaves behind: new activity times, and an entry in the history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from syncbot.sandbox.http import Fail, instant
from syncbot.sandbox.world import TrelloAction, TrelloBoard, TrelloCard, World

STEP = 16_384.0  # between two things that stand below each other


def touch(world: World, board: TrelloBoard, card: TrelloCard | None = None) -> datetime:
    """Say that the board, and the card if one is given, changed now."""
    at = world.stamp()
    board.active = at
    if card is not None:
        card.active = at
    return at


def record(world: World, member: str, action: str, card: TrelloCard, **data: Any) -> TrelloAction:
    """Enter a change of a card into its board's history, and move their activity times."""
    state = world.trello
    board = state.boards[card.board]
    at = touch(world, board, card)
    entry = TrelloAction(
        id=state.next_id(at),
        type=action,
        board=board.id,
        card=card.id,
        member=member,
        date=at,
        data={
            "card": {"id": card.id, "name": card.name, "idShort": card.number, "shortLink": card.short_link},
            "board": {"id": board.id, "name": board.name, "shortLink": board.short_link},
            "list": {"id": card.list_id, "name": state.lists[card.list_id].name},
            **data,
        },
    )
    state.actions.append(entry)
    return entry


def sides(card: TrelloCard) -> dict[str, Any]:
    """What an action tells of a card that it changed, as it is now."""
    return {
        "idList": card.list_id,
        "name": card.name,
        "closed": card.closed,
        "due": instant(card.due),
        "start": instant(card.start),
        "dueComplete": card.complete,
        "pos": card.pos,
    }


def change(world: World, member: str, card: TrelloCard, before: dict[str, Any]) -> TrelloAction:
    """Enter that somebody changed a card, which was so before."""
    lists, now = world.trello.lists, sides(card)
    changed = [name for name, value in now.items() if value != before[name]]
    moved = {}
    if "idList" in changed:
        names = {"listBefore": before["idList"], "listAfter": card.list_id}
        moved = {name: {"id": key, "name": lists[key].name} for name, key in names.items()}
    entry = record(world, member, "updateCard", card, old={name: before[name] for name in changed}, **moved)
    entry.data["card"] |= {name: now[name] for name in changed}
    return entry


def place(asked: Any, taken: Iterable[float], default: str = "bottom") -> float:
    """A position: "top" and "bottom" of those that are taken, or the number itself."""
    positions = sorted(taken)
    asked = default if asked is None else asked
    if asked == "top":
        return positions[0] / 2 if positions else STEP
    if asked == "bottom":
        return positions[-1] + STEP if positions else STEP
    try:
        number = float(asked)
    except (TypeError, ValueError):
        number = -1.0
    if number < 0:
        raise Fail(400, "Invalid position")
    return number
