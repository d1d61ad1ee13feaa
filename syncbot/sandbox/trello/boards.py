"""Boards, and what belongs to a whole board: lists, labels, members, custom fields."""

from __future__ import annotations

from typing import Any

from syncbot.sandbox.http import Call, Endpoint, Fail
from syncbot.sandbox.trello import access, edits, nested, shapes
from syncbot.sandbox.trello.access import NOT_FOUND, argument, text
from syncbot.sandbox.trello.shapes import View, chosen, show
from syncbot.sandbox.world import TrelloLabel, TrelloList, TrelloMember


def read_board(call: Call) -> Any:
    """GET /boards/{id}."""
    return nested.a_board(View(call.world.trello), access.board(call), call.query)


def read_cards(call: Call) -> Any:
    """GET /boards/{id}/cards and /boards/{id}/cards/{filter}."""
    view, board = View(call.world.trello), access.board(call)
    which = call.params.get("filter", call.query.get("filter", "visible"))
    return nested.cards(view, nested.on_board(view, board, which), call.query)


def read_lists(call: Call) -> Any:
    """GET /boards/{id}/lists."""
    view, board = View(call.world.trello), access.board(call)
    which = call.params.get("filter", call.query.get("filter", "open"))
    return nested.lists(view, board, which, call.query.get("fields"))


def read_labels(call: Call) -> Any:
    """GET /boards/{id}/labels."""
    most = nested.limit(call.query, "limit", nested.FEW)
    return nested.labels(View(call.world.trello), access.board(call), call.query.get("fields"), most)


def read_custom_fields(call: Call) -> Any:
    """GET /boards/{id}/customFields."""
    board = access.board(call)
    return [shapes.custom_field(one) for one in call.world.trello.fields.values() if one.board == board.id]


def read_members(call: Call) -> Any:
    """GET /boards/{id}/members."""
    view, board = View(call.world.trello), access.board(call)
    names = chosen(shapes.MEMBER, call.query.get("fields"), "fullName,username")
    return [show(view, shapes.MEMBER, names, view.state.members[one]) for one in board.roles]


def read_memberships(call: Call) -> Any:
    """GET /boards/{id}/memberships."""
    view, board = View(call.world.trello), access.board(call)
    return shapes.memberships(view, board, nested.member_fields(call.query, "member"))


def read_actions(call: Call) -> Any:
    """GET /boards/{id}/actions."""
    view, board = View(call.world.trello), access.board(call)
    entries = nested.history(view, call.query.get("filter", "all"), call.query, board=board.id)
    return [show(view, shapes.ACTION, chosen(shapes.ACTION, call.query.get("fields")), one) for one in entries]


def read_list(call: Call) -> Any:
    """GET /lists/{id}."""
    found = access.a_list(call, call.params["id"])
    return show(View(call.world.trello), shapes.LIST, chosen(shapes.LIST, call.query.get("fields")), found)


def read_list_cards(call: Call) -> Any:
    """GET /lists/{id}/cards: the open ones."""
    view, found = View(call.world.trello), access.a_list(call, call.params["id"])
    here = [card for card in view.state.cards.values() if card.list_id == found.id and not card.closed]
    return nested.cards(view, here, call.query)


def add_list(call: Call) -> Any:
    """POST /lists."""
    state = call.world.trello
    call.params["id"] = argument(call, "idBoard")
    board = access.board(call, write=True)
    at = edits.touch(call.world, board)
    name = text(call, "name", required=True) or ""
    taken = [one.pos for one in state.lists.values() if one.board == board.id]
    made = TrelloList(state.next_id(at), board.id, name, edits.place(argument(call, "pos"), taken, "top"))
    state.lists[made.id] = made
    return show(View(state), shapes.LIST, tuple(shapes.LIST), made)


def change_list(call: Call) -> Any:
    """PUT /lists/{id} and PUT /lists/{id}/closed: a new name, or in and out of the archive."""
    state = call.world.trello
    found = access.a_list(call, call.params["id"], write=True)
    value = argument(call, "value") if call.path.endswith("/closed") else argument(call, "closed")
    if value is not None:
        found.closed = str(value).lower() == "true"
    if name := text(call, "name"):
        found.name = name
    edits.touch(call.world, state.boards[found.board])
    return show(View(state), shapes.LIST, tuple(shapes.LIST), found)


def add_label(call: Call) -> Any:
    """POST /labels."""
    state = call.world.trello
    call.params["id"] = argument(call, "idBoard")
    board = access.board(call, write=True)
    at = edits.touch(call.world, board)
    made = TrelloLabel(state.next_id(at), board.id, text(call, "name") or "", argument(call, "color"))
    state.labels[made.id] = made
    return shapes.label(View(state), made)


def read_member(call: Call) -> Any:
    """GET /members/{id}; more of oneself than of others."""
    member = _member(call)
    table = shapes.MYSELF if member.id == call.user else shapes.MEMBER
    return show(View(call.world.trello), table, chosen(table, call.query.get("fields")), member)


def read_boards(call: Call) -> Any:
    """GET /members/{id}/boards: all, open or closed ones."""
    view, member = View(call.world.trello), _member(call)
    which = call.query.get("filter", "all")
    if which not in {"all", "open", "closed"}:
        raise Fail(400, "invalid value for filter")
    found = [board for board in view.state.boards.values() if member.id in board.roles]
    return [
        nested.a_board(view, board, {"fields": "all", **call.query})
        for board in found
        if which == "all" or board.closed == (which == "closed")
    ]


def _member(call: Call) -> TrelloMember:
    members, asked = call.world.trello.members, call.params["id"]
    if asked == "me":
        return members[call.user]
    found = members.get(asked) or next((one for one in members.values() if one.username == asked), None)
    if found is None:
        raise Fail(404, NOT_FOUND)
    return found


ENDPOINTS = (
    Endpoint("GET", "/1/boards/{id}", read_board),
    Endpoint("GET", "/1/boards/{id}/cards", read_cards),
    Endpoint("GET", "/1/boards/{id}/cards/", read_cards),  # as py-trello asks
    Endpoint("GET", "/1/boards/{id}/cards/{filter}", read_cards),
    Endpoint("GET", "/1/boards/{id}/lists", read_lists),
    Endpoint("GET", "/1/boards/{id}/lists/{filter}", read_lists),
    Endpoint("GET", "/1/boards/{id}/labels", read_labels),
    Endpoint("GET", "/1/boards/{id}/customFields", read_custom_fields),
    Endpoint("GET", "/1/boards/{id}/members", read_members),
    Endpoint("GET", "/1/boards/{id}/memberships", read_memberships),
    Endpoint("GET", "/1/boards/{id}/actions", read_actions),
    Endpoint("GET", "/1/lists/{id}", read_list),
    Endpoint("GET", "/1/lists/{id}/cards", read_list_cards),
    Endpoint("POST", "/1/lists", add_list),
    Endpoint("PUT", "/1/lists/{id}", change_list),
    Endpoint("PUT", "/1/lists/{id}/closed", change_list),
    Endpoint("POST", "/1/labels", add_label),
    Endpoint("GET", "/1/members/{id}", read_member),
    Endpoint("GET", "/1/members/{id}/boards", read_boards),
    Endpoint("GET", "/1/members/{id}/boards/", read_boards),  # as py-trello asks
)
