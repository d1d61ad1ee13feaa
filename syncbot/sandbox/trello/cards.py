"""Cards: reading, making and changing them, with their comments, attachments and custom fields."""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, datetime
from typing import Any

from syncbot.sandbox.http import Call, Endpoint, Fail
from syncbot.sandbox.trello import access, edits, nested, shapes
from syncbot.sandbox.trello.access import NOT_FOUND, argument, text
from syncbot.sandbox.trello.shapes import View, chosen, show
from syncbot.sandbox.world import TrelloAttachment, TrelloCard


def read_card(call: Call) -> Any:
    """GET /cards/{id}."""
    return nested.a_card(View(call.world.trello), access.card(call), call.query)


def read_actions(call: Call) -> Any:
    """GET /cards/{id}/actions; without a filter only comments and moves, as Trello does."""
    view, card = View(call.world.trello), access.card(call)
    which = call.query.get("filter", "commentCard,updateCard:idList")
    entries = nested.history(view, which, call.query, card=card.id)
    return [show(view, shapes.ACTION, chosen(shapes.ACTION, call.query.get("fields")), one) for one in entries]


def read_attachments(call: Call) -> Any:
    """GET /cards/{id}/attachments."""
    view, card = View(call.world.trello), access.card(call)
    return [show(view, shapes.ATTACHMENT, tuple(shapes.ATTACHMENT), one) for one in card.attachments]


def read_custom_items(call: Call) -> Any:
    """GET /cards/{id}/customFieldItems."""
    return shapes.custom_items(access.card(call))


def read_plugin_data(call: Call) -> Any:
    """GET /cards/{id}/pluginData: no Power-Up keeps anything here."""
    access.card(call)
    return []


def add_card(call: Call) -> Any:
    """POST /cards."""
    state = call.world.trello
    home = access.a_list(call, argument(call, "idList"), write=True)
    board = state.boards[home.board]
    if home.closed or board.closed:
        raise Fail(400, "invalid value for idList")
    board.counter += 1
    at = call.world.stamp()
    identifier = state.next_id(at)
    taken = [one.pos for one in state.cards.values() if one.list_id == home.id]
    card = TrelloCard(
        id=identifier,
        board=board.id,
        list_id=home.id,
        name=text(call, "name") or "",
        number=board.counter,
        short_link=f"{int(identifier, 16) * 2654435761 % 62**8:08x}"[-8:],
        pos=edits.place(argument(call, "pos"), taken),
        active=at,
        creator=call.user,
        desc=text(call, "desc") or "",
    )
    _change(call, card)
    state.cards[card.id] = card
    edits.record(call.world, call.user, "createCard", card)
    return nested.a_card(View(state), card, {})


def change_card(call: Call) -> Any:
    """PUT /cards/{id}: any of its own fields."""
    state = call.world.trello
    card = access.card(call, write=True)
    before, was = state.lists[card.list_id], edits.sides(card)
    for name in ("name", "desc"):
        if (value := text(call, name)) is not None:
            setattr(card, name, value)
    if (target := argument(call, "idList")) is not None:
        card.list_id = access.a_list(call, target, write=True).id
        card.board = state.lists[card.list_id].board
    if (position := argument(call, "pos")) is not None:
        taken = [one.pos for one in state.cards.values() if one.list_id == card.list_id and one is not card]
        card.pos = edits.place(position, taken)
    _change(call, card)
    after = state.lists[card.list_id]
    if before.board != after.board:
        edits.touch(call.world, state.boards[before.board])
    edits.change(call.world, call.user, card, was)
    return nested.a_card(View(state), card, {})


def change_card_field(call: Call) -> Any:
    """PUT /cards/{id}/{field} with the new value in ``value``."""
    value = argument(call, "value")
    call.query, call.body = {}, {call.params["field"]: value}
    return change_card(call)


def delete_card(call: Call) -> Any:
    """DELETE /cards/{id}: gone for good, but for an entry in the board's history."""
    state = call.world.trello
    card = access.card(call, write=True)
    edits.record(call.world, call.user, "deleteCard", card)
    del state.cards[card.id]
    for one in [one for one in state.checklists.values() if one.card == card.id]:
        del state.checklists[one.id]
    return {"limits": {}}


def add_comment(call: Call) -> Any:
    """POST /cards/{id}/actions/comments."""
    card = access.card(call, write=True)
    said = text(call, "text", required=True)
    entry = edits.record(call.world, call.user, "commentCard", card, text=said)
    return show(View(call.world.trello), shapes.ACTION, tuple(shapes.ACTION), entry)


def add_attachment(call: Call) -> Any:
    """POST /cards/{id}/attachments with an address; the answer is a list, as the specification has it."""
    card = access.card(call, write=True)
    url = text(call, "url", required=True) or ""
    at = edits.record(call.world, call.user, "addAttachmentToCard", card).date
    made = TrelloAttachment(call.world.trello.next_id(at), text(call, "name") or url, url, at, call.user)
    card.attachments.append(made)
    return [show(View(call.world.trello), shapes.ATTACHMENT, tuple(shapes.ATTACHMENT), made)]


def set_custom_item(call: Call) -> Any:
    """PUT /cards/{id}/customField/{field}/item: an option by id, or a value; emptied by an empty one."""
    state = call.world.trello
    card = access.card(call, write=True)
    field = state.fields.get(call.params["field"])
    if field is None or field.board != card.board:
        raise Fail(404, NOT_FOUND)
    option, value = argument(call, "idValue"), argument(call, "value")
    if option and all(one.id != option for one in field.options):
        raise Fail(400, "Invalid custom field item value.")
    if option:
        card.values[field.id] = {"idValue": option}
    elif value:
        card.values[field.id] = {"value": value}
    else:
        card.values.pop(field.id, None)
    edits.record(call.world, call.user, "updateCustomFieldItem", card)
    return next((one for one in shapes.custom_items(card) if one["idCustomField"] == field.id), {})


def _change(call: Call, card: TrelloCard) -> None:
    """The fields that making and changing a card have in common."""
    state = call.world.trello
    for name, attribute in (("closed", "closed"), ("dueComplete", "complete")):
        if (value := argument(call, name)) is not None:
            setattr(card, attribute, str(value).lower() == "true")
    for name in ("due", "start"):
        if _is_given(call, name):
            setattr(card, name, _instant(argument(call, name)))
    known: dict[str, tuple[str, Container[str]]] = {
        "idMembers": ("members", state.boards[card.board].roles),
        "idLabels": ("labels", state.labels),
    }
    for name, (attribute, allowed) in known.items():
        if (value := argument(call, name)) is not None:
            ids = value if isinstance(value, list) else [one for one in str(value).split(",") if one]
            if any(one not in allowed for one in ids):
                raise Fail(400, f"invalid value for {name}")
            setattr(card, attribute, ids)


def _is_given(call: Call, name: str) -> bool:
    return name in call.query or (isinstance(call.body, dict) and name in call.body)


def _instant(value: Any) -> datetime | None:
    if value in {None, "", "null"}:
        return None
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    except ValueError:
        raise Fail(400, "invalid date") from None


ENDPOINTS = (
    Endpoint("GET", "/1/cards/{id}", read_card),
    Endpoint("GET", "/1/cards/{id}/actions", read_actions),
    Endpoint("GET", "/1/cards/{id}/attachments", read_attachments),
    Endpoint("GET", "/1/cards/{id}/customFieldItems", read_custom_items),
    Endpoint("GET", "/1/cards/{id}/pluginData", read_plugin_data),
    Endpoint("POST", "/1/cards", add_card),
    Endpoint("PUT", "/1/cards/{id}", change_card),
    Endpoint("PUT", "/1/cards/{id}/{field}", change_card_field),
    Endpoint("DELETE", "/1/cards/{id}", delete_card),
    Endpoint("POST", "/1/cards/{id}/actions/comments", add_comment),
    Endpoint("POST", "/1/cards/{id}/attachments", add_attachment),
    Endpoint("PUT", "/1/cards/{id}/customField/{field}/item", set_custom_item),
)
