"""How Trello shows its objects: one renderer for each field, so that an answer costs only what was asked for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from syncbot.sandbox.http import Fail, instant
from syncbot.sandbox.world import (
    TrelloAction,
    TrelloAttachment,
    TrelloBoard,
    TrelloCard,
    TrelloCheckItem,
    TrelloChecklist,
    TrelloField,
    TrelloLabel,
    TrelloList,
    TrelloMember,
    TrelloState,
)

T = TypeVar("T")


class View:
    """The state with what a single answer looks up again and again; made anew for every request."""

    def __init__(self, state: TrelloState) -> None:
        self.state = state

    @cached_property
    def checklists(self) -> dict[str, list[TrelloChecklist]]:
        """Checklists by card, as they stand on it."""
        found: defaultdict[str, list[TrelloChecklist]] = defaultdict(list)
        for one in sorted(self.state.checklists.values(), key=lambda one: one.pos):
            found[one.card].append(one)
        return found


Shapes = Mapping[str, Callable[[View, T], Any]]


def show(view: View, shapes: Shapes[T], names: tuple[str, ...], one: T) -> dict[str, Any]:
    """An object with these fields; its id always comes along."""
    return {"id": shapes["id"](view, one), **{name: shapes[name](view, one) for name in names}}


def chosen(shapes: Shapes[T], asked: str | None, default: str = "all") -> tuple[str, ...]:
    """The fields that were asked for: "all", or names with commas between them. A name that is none is a 400."""
    asked = default if asked is None else asked
    if asked == "all":
        return tuple(shapes)
    names = tuple(name for name in asked.split(",") if name)
    if unknown := [name for name in names if name not in shapes]:
        raise Fail(400, f"invalid value for fields: {unknown[0]}")
    return names


def always(value: Any) -> Callable[[View, Any], Any]:
    """A field that the sandbox has no use for, at its usual value."""
    return lambda *_: value


def slug(name: str) -> str:
    """A title as it stands in a URL."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def badges(view: View, card: TrelloCard) -> dict[str, Any]:
    """The counts on the front of a card."""
    items = [item for one in view.checklists.get(card.id, ()) for item in one.items]
    return {
        "attachmentsByType": {"trello": {"board": 0, "card": 0}},
        "location": False,
        "votes": 0,
        "viewingMemberVoted": False,
        "subscribed": False,
        "fogbugz": "",
        "checkItems": len(items),
        "checkItemsChecked": sum(item.state == "complete" for item in items),
        "comments": 0,
        "attachments": len(card.attachments),
        "description": bool(card.desc),
        "due": instant(card.due),
        "start": instant(card.start),
        "dueComplete": card.complete,
    }


def label(_: View, one: TrelloLabel) -> dict[str, Any]:
    """A label in full."""
    return {"id": one.id, "idBoard": one.board, "name": one.name, "color": one.color}


CARD: Shapes[TrelloCard] = {
    "id": lambda _, card: card.id,
    "address": always(None),
    "badges": badges,
    "cardRole": always(None),
    "checkItemStates": always([]),
    "closed": lambda _, card: card.closed,
    "coordinates": always(None),
    "creationMethod": always(None),
    "dateLastActivity": lambda _, card: instant(card.active),
    "desc": lambda _, card: card.desc,
    "descData": always({"emoji": {}}),
    "due": lambda _, card: instant(card.due),
    "dueComplete": lambda _, card: card.complete,
    "dueReminder": always(None),
    "idAttachmentCover": always(None),
    "idBoard": lambda _, card: card.board,
    "idChecklists": lambda view, card: [one.id for one in view.checklists.get(card.id, ())],
    "idLabels": lambda _, card: list(card.labels),
    "idList": lambda _, card: card.list_id,
    "idMembers": lambda _, card: list(card.members),
    "idMembersVoted": always([]),
    "idShort": lambda _, card: card.number,
    "isTemplate": lambda _, card: card.is_template,
    "labels": lambda view, card: [label(view, view.state.labels[one]) for one in card.labels],
    "manualCoverAttachment": always(False),
    "name": lambda _, card: card.name,
    "pos": lambda _, card: card.pos,
    "shortLink": lambda _, card: card.short_link,
    "shortUrl": lambda view, card: f"{view.state.site}/c/{card.short_link}",
    "start": lambda _, card: instant(card.start),
    "subscribed": always(False),
    "url": lambda view, card: f"{view.state.site}/c/{card.short_link}/{card.number}-{slug(card.name)}",
}

BOARD: Shapes[TrelloBoard] = {
    "id": lambda _, board: board.id,
    "closed": lambda _, board: board.closed,
    "dateLastActivity": lambda _, board: instant(board.active),
    "desc": lambda _, board: board.desc,
    "labelNames": lambda view, board: {
        one.color: one.name for one in view.state.labels.values() if one.board == board.id and one.color
    },
    "memberships": lambda view, board: memberships(view, board, None),
    "name": lambda _, board: board.name,
    "pinned": always(False),
    "prefs": lambda _, board: {
        "permissionLevel": board.permission,
        "hideVotes": False,
        "voting": "disabled",
        "comments": "members",
        "invitations": "members",
        "selfJoin": False,
        "cardCovers": True,
        "isTemplate": False,
    },
    "shortLink": lambda _, board: board.short_link,
    "shortUrl": lambda view, board: f"{view.state.site}/b/{board.short_link}",
    "starred": always(False),
    "subscribed": always(False),
    "url": lambda view, board: f"{view.state.site}/b/{board.short_link}/{slug(board.name)}",
}
BOARD_DEFAULT = "name,desc,closed,pinned,url,shortUrl,prefs,labelNames"

LIST: Shapes[TrelloList] = {
    "id": lambda _, one: one.id,
    "closed": lambda _, one: one.closed,
    "idBoard": lambda _, one: one.board,
    "name": lambda _, one: one.name,
    "pos": lambda _, one: one.pos,
    "subscribed": always(False),
}

LABEL: Shapes[TrelloLabel] = {
    "id": lambda _, one: one.id,
    "color": lambda _, one: one.color,
    "idBoard": lambda _, one: one.board,
    "name": lambda _, one: one.name,
}

MEMBER: Shapes[TrelloMember] = {
    "id": lambda _, one: one.id,
    "confirmed": always(True),
    "fullName": lambda _, one: one.name,
    "initials": lambda _, one: "".join(part[0] for part in one.name.split())[:4].upper(),
    "memberType": always("normal"),
    "url": lambda view, one: f"{view.state.site}/u/{one.username}",
    "username": lambda _, one: one.username,
}
# What only the member sees.
MYSELF: Shapes[TrelloMember] = {
    **MEMBER,
    "email": lambda _, one: one.email,
    "prefs": always({"timezone": "Europe/London", "locale": "en-GB"}),
}

ATTACHMENT: Shapes[TrelloAttachment] = {
    "id": lambda _, one: one.id,
    "bytes": always(None),
    "date": lambda _, one: instant(one.date),
    "edgeColor": always(None),
    "idMember": lambda _, one: one.member,
    "isUpload": lambda _, one: one.upload,
    "mimeType": always(""),
    "name": lambda _, one: one.name,
    "pos": always(16384),
    "previews": always([]),
    "url": lambda _, one: one.url,
}

CHECKLIST: Shapes[TrelloChecklist] = {
    "id": lambda _, one: one.id,
    "idBoard": lambda view, one: view.state.cards[one.card].board,
    "idCard": lambda _, one: one.card,
    "name": lambda _, one: one.name,
    "pos": lambda _, one: one.pos,
}

ACTION: Shapes[TrelloAction] = {
    "id": lambda _, one: one.id,
    "data": lambda _, one: one.data,
    "date": lambda _, one: instant(one.date),
    "idMemberCreator": lambda _, one: one.member,
    "type": lambda _, one: one.type,
}


def checklist(view: View, one: TrelloChecklist, names: tuple[str, ...] = tuple(CHECKLIST)) -> dict[str, Any]:
    """A checklist with its items, in the order in which they stand."""
    items = sorted(one.items, key=lambda item: item.pos)
    return {**show(view, CHECKLIST, names, one), "checkItems": [check_item(one, item) for item in items]}


def check_item(of: TrelloChecklist, item: TrelloCheckItem) -> dict[str, Any]:
    """A check item. Trello sends its position as a number, although its specification says text."""
    return {
        "id": item.id,
        "idChecklist": of.id,
        "name": item.name,
        "nameData": None,
        "pos": item.pos,
        "state": item.state,
    }


def custom_field(one: TrelloField) -> dict[str, Any]:
    """The definition of a custom field."""
    return {
        "id": one.id,
        "idModel": one.board,
        "modelType": "board",
        "fieldGroup": one.id * 2,
        "name": one.name,
        "pos": one.pos,
        "type": one.type,
        "display": {"cardFront": True},
        "options": [
            {
                "id": option.id,
                "idCustomField": one.id,
                "value": {"text": option.text},
                "color": option.color,
                "pos": option.pos,
            }
            for option in one.options
        ],
    }


def custom_items(card: TrelloCard) -> list[dict[str, Any]]:
    """What a card's custom fields hold; the item's id is made of the card's and the field's."""
    return [
        {
            "id": f"{card.id[:12]}{key[-12:]}",
            "idCustomField": key,
            "idModel": card.id,
            "modelType": "card",
            **{name: value for name, value in held.items() if value is not None},
        }
        for key, held in card.values.items()
    ]


def memberships(view: View, board: TrelloBoard, fields: tuple[str, ...] | None) -> list[dict[str, Any]]:
    """The members' places on a board; with the members themselves if ``fields`` of them were asked for."""
    return [
        {
            "id": f"{board.id[:12]}{member[-12:]}",
            "idMember": member,
            "memberType": role,
            "unconfirmed": False,
            "deactivated": view.state.members[member].deactivated,
            **({} if fields is None else {"member": show(view, MEMBER, fields, view.state.members[member])}),
        }
        for member, role in board.roles.items()
    ]
