"""Checklists and their items."""

from __future__ import annotations

from typing import Any

from syncbot.sandbox.http import Call, Endpoint, Fail
from syncbot.sandbox.trello import access, edits, shapes
from syncbot.sandbox.trello.access import NOT_FOUND, argument, text
from syncbot.sandbox.trello.shapes import View
from syncbot.sandbox.world import TrelloCard, TrelloCheckItem, TrelloChecklist

MOST = 200  # items of one checklist


def read_of_card(call: Call) -> Any:
    """GET /cards/{id}/checklists."""
    view, card = View(call.world.trello), access.card(call)
    return [shapes.checklist(view, one) for one in view.checklists.get(card.id, ())]


def read(call: Call) -> Any:
    """GET /checklists/{id}."""
    return shapes.checklist(View(call.world.trello), access.checklist(call))


def add_to_card(call: Call) -> Any:
    """POST /cards/{id}/checklists."""
    return _add(call, access.card(call, write=True))


def add(call: Call) -> Any:
    """POST /checklists, the card in ``idCard``."""
    call.params["id"] = argument(call, "idCard")
    return _add(call, access.card(call, write=True))


def change(call: Call) -> Any:
    """PUT /checklists/{id}: a new name."""
    found = access.checklist(call, write=True)
    found.name = text(call, "name", required=True) or ""
    edits.record(call.world, call.user, "updateChecklist", _card(call, found))
    return shapes.checklist(View(call.world.trello), found)


def delete(call: Call) -> Any:
    """DELETE /checklists/{id}."""
    found = access.checklist(call, write=True)
    del call.world.trello.checklists[found.id]
    edits.record(call.world, call.user, "removeChecklistFromCard", _card(call, found))
    return {"limits": {}}


def add_item(call: Call) -> Any:
    """POST /checklists/{id}/checkItems."""
    found = access.checklist(call, write=True)
    if len(found.items) >= MOST:
        raise Fail(403, "Too many checkItems on this checklist")
    name = text(call, "name", required=True) or ""
    position = edits.place(argument(call, "pos"), [item.pos for item in found.items])
    at = edits.record(call.world, call.user, "createCheckItem", _card(call, found)).date
    state = "complete" if str(argument(call, "checked")).lower() == "true" else "incomplete"
    item = TrelloCheckItem(call.world.trello.next_id(at), name, state, position)
    found.items.append(item)
    return shapes.check_item(found, item)


def change_item(call: Call) -> Any:
    """PUT /cards/{id}/checkItem/{item}: its text, state, place, or the checklist that it is in."""
    card = access.card(call, write=True)
    home, item = _item(call, card)
    if (name := text(call, "name")) is not None:
        item.name = name
    if (state := argument(call, "state")) is not None:
        if state not in {"complete", "incomplete"}:
            raise Fail(400, "invalid value for state")
        if item.state != state:
            ticked = {"checkItem": {"id": item.id, "name": item.name, "state": state}}
            held = {"checklist": {"id": home.id, "name": home.name}}
            edits.record(call.world, call.user, "updateCheckItemStateOnCard", card, **ticked, **held)
        item.state = state
    if (target := argument(call, "idChecklist")) is not None:
        call.params["checklist"] = target
        after = access.checklist(call, "checklist", write=True)
        home.items.remove(item)
        after.items.append(item)
        home = after
    if (position := argument(call, "pos")) is not None:
        item.pos = edits.place(position, [one.pos for one in home.items if one is not item])
    edits.record(call.world, call.user, "updateCheckItem", card)
    return shapes.check_item(home, item)


def delete_item(call: Call) -> Any:
    """DELETE /cards/{id}/checkItem/{item}."""
    card = access.card(call, write=True)
    home, item = _item(call, card)
    home.items.remove(item)
    edits.record(call.world, call.user, "deleteCheckItem", card)
    return {"limits": {}}


def _add(call: Call, card: TrelloCard) -> Any:
    state = call.world.trello
    name = text(call, "name") or "Checklist"
    at = edits.record(call.world, call.user, "addChecklistToCard", card).date
    taken = [one.pos for one in state.checklists.values() if one.card == card.id]
    made = TrelloChecklist(state.next_id(at), card.id, name, edits.place(argument(call, "pos"), taken))
    state.checklists[made.id] = made
    return shapes.checklist(View(state), made)


def _card(call: Call, found: TrelloChecklist) -> TrelloCard:
    return call.world.trello.cards[found.card]


def _item(call: Call, card: TrelloCard) -> tuple[TrelloChecklist, TrelloCheckItem]:
    for one in call.world.trello.checklists.values():
        if one.card == card.id:
            for item in one.items:
                if item.id == call.params["item"]:
                    return one, item
    raise Fail(404, NOT_FOUND)


ENDPOINTS = (
    Endpoint("GET", "/1/cards/{id}/checklists", read_of_card),
    Endpoint("POST", "/1/cards/{id}/checklists", add_to_card),
    Endpoint("GET", "/1/checklists/{id}", read),
    Endpoint("POST", "/1/checklists", add),
    Endpoint("PUT", "/1/checklists/{id}", change),
    Endpoint("DELETE", "/1/checklists/{id}", delete),
    Endpoint("POST", "/1/checklists/{id}/checkItems", add_item),
    Endpoint("PUT", "/1/cards/{id}/checkItem/{item}", change_item),
    Endpoint("PUT", "/1/cards/{id}/checklist/{checklist}/checkItem/{item}", change_item),
    Endpoint("DELETE", "/1/cards/{id}/checkItem/{item}", delete_item),
)
