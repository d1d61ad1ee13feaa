"""What may come along with a board or a card: nested cards, lists, members and the rest, each with its own fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from syncbot.sandbox.http import Fail
from syncbot.sandbox.trello import shapes
from syncbot.sandbox.trello.shapes import View, chosen, show
from syncbot.sandbox.world import TrelloAction, TrelloBoard, TrelloCard, TrelloList

MOST = 1000  # of anything in one answer
FEW = 50  # of labels and actions, where no limit is named
_ID_LENGTH = 24

Query = Mapping[str, str]


def wants(query: Query, name: str) -> bool:
    """Whether a nested part was asked for."""
    return query.get(name, "none") not in {"none", "false", ""}


def limit(query: Query, name: str, default: int) -> int:
    """A limit within Trello's own."""
    try:
        asked = int(query.get(name, default))
    except ValueError:
        asked = -1
    if not 0 <= asked <= MOST:
        raise Fail(400, f"invalid value for {name}")
    return asked


def a_board(view: View, board: TrelloBoard, query: Query) -> dict[str, Any]:
    """A board with the parts that the query names."""
    body = show(view, shapes.BOARD, chosen(shapes.BOARD, query.get("fields"), shapes.BOARD_DEFAULT), board)
    if wants(query, "lists"):
        body["lists"] = lists(view, board, query["lists"], query.get("list_fields"))
    if wants(query, "labels"):
        body["labels"] = labels(view, board, query.get("label_fields"), limit(query, "labels_limit", FEW))
    if wants(query, "customFields"):
        body["customFields"] = [shapes.custom_field(one) for one in view.state.fields.values() if one.board == board.id]
    if wants(query, "members"):
        names = chosen(shapes.MEMBER, query.get("member_fields"))
        body["members"] = [show(view, shapes.MEMBER, names, view.state.members[one]) for one in board.roles]
    if wants(query, "memberships"):
        body["memberships"] = shapes.memberships(view, board, member_fields(query, "memberships_member"))
    if wants(query, "checklists"):
        body["checklists"] = [
            shapes.checklist(view, one)
            for one in view.state.checklists.values()
            if view.state.cards[one.card].board == board.id
        ]
    if wants(query, "actions"):
        entries = history(view, query["actions"], query, "actions_", board=board.id)
        body["actions"] = [show(view, shapes.ACTION, tuple(shapes.ACTION), one) for one in entries]
    if wants(query, "cards"):
        inner = {name.removeprefix("card_"): value for name, value in query.items() if name.startswith("card_")}
        body["cards"] = cards(view, on_board(view, board, query["cards"]), inner)
    return body


def member_fields(query: Query, name: str) -> tuple[str, ...] | None:
    """Which fields of the members come with the memberships; None where only the memberships were asked for."""
    if not wants(query, name):
        return None
    return chosen(shapes.MEMBER, query.get(f"{name}_fields", query.get("member_fields")), "fullName,username")


def lists(view: View, board: TrelloBoard, which: str, fields: str | None) -> list[dict[str, Any]]:
    """A board's lists from left to right: all, open or closed."""
    names = chosen(shapes.LIST, fields)
    found = [one for one in view.state.lists.values() if one.board == board.id and _is_in(which, one)]
    return [show(view, shapes.LIST, names, one) for one in sorted(found, key=lambda one: one.pos)]


def labels(view: View, board: TrelloBoard, fields: str | None, most: int) -> list[dict[str, Any]]:
    """A board's labels, cut at the limit without a word, as Trello does."""
    names = chosen(shapes.LABEL, fields)
    found = [one for one in view.state.labels.values() if one.board == board.id]
    return [show(view, shapes.LABEL, names, one) for one in found[:most]]


def on_board(view: View, board: TrelloBoard, which: str) -> list[TrelloCard]:
    """A board's cards: all, open, closed, or visible (open ones in open lists)."""
    if which not in {"all", "open", "closed", "visible", "none"}:
        raise Fail(400, "invalid value for filter")
    hidden = {one.id for one in view.state.lists.values() if one.closed} if which == "visible" else set()
    return [
        card
        for card in view.state.cards.values()
        if card.board == board.id
        and (which == "all" or card.closed == (which == "closed"))
        and card.list_id not in hidden
        and which != "none"
    ]


def cards(view: View, found: Iterable[TrelloCard], query: Query) -> list[dict[str, Any]]:
    """Cards as a list: the newest up to the limit, within ``before`` and ``since``, in the order of the board.

    Trello cuts by creation but sorts by list and position, so the oldest card of a page is rarely its last.
    """
    newest = sorted(found, key=lambda card: card.id, reverse=True)
    if "before" in query:
        newest = [card for card in newest if card.id < _moment(query["before"])]
    if "since" in query:
        newest = [card for card in newest if card.id > _moment(query["since"])]
    page = newest[: limit(query, "limit", MOST)]
    order = {one.id: one.pos for one in view.state.lists.values()}
    page.sort(key=lambda card: (order[card.list_id], card.pos))
    shown = _card(query)
    return [{name: show(view, card) for name, show in shown.items()} for card in page]


def a_card(view: View, card: TrelloCard, query: Query) -> dict[str, Any]:
    """A card with the parts that the query names."""
    body = {name: show(view, card) for name, show in _card(query).items()}
    if wants(query, "board"):
        names = chosen(shapes.BOARD, query.get("board_fields"), shapes.BOARD_DEFAULT)
        body["board"] = show(view, shapes.BOARD, names, view.state.boards[card.board])
    if wants(query, "list"):
        body["list"] = show(view, shapes.LIST, tuple(shapes.LIST), view.state.lists[card.list_id])
    return body


def history(
    view: View, which: str, query: Query, prefix: str = "", *, board: str | None = None, card: str | None = None
) -> list[TrelloAction]:
    """A board's or a card's actions of these types, newest first, cut at 50 unless a limit is named."""
    kinds = None if which in {"all", "true"} else {name.partition(":")[0].strip() for name in which.split(",")}
    found = [
        one
        for one in reversed(view.state.actions)
        if (board is None or one.board == board)
        and (card is None or one.card == card)
        and (kinds is None or one.type in kinds)
    ]
    if f"{prefix}before" in query:
        found = [one for one in found if one.id < _moment(query[f"{prefix}before"])]
    if f"{prefix}since" in query:
        found = [one for one in found if one.id > _moment(query[f"{prefix}since"])]
    return found[: limit(query, f"{prefix}limit", FEW)]


def _card(query: Query) -> dict[str, Callable[[View, TrelloCard], Any]]:
    """How each field and each part is shown that a query wants of cards."""
    shown = {name: shapes.CARD[name] for name in ("id", *chosen(shapes.CARD, query.get("fields")))}
    if wants(query, "attachments"):
        fields = chosen(shapes.ATTACHMENT, query.get("attachment_fields"))
        shown["attachments"] = lambda view, card: [
            show(view, shapes.ATTACHMENT, fields, one) for one in card.attachments
        ]
    if wants(query, "customFieldItems"):
        shown["customFieldItems"] = lambda _, card: shapes.custom_items(card)
    if wants(query, "checklists"):
        parts = chosen(shapes.CHECKLIST, query.get("checklist_fields"))
        shown["checklists"] = lambda view, card: [
            shapes.checklist(view, one, parts) for one in view.checklists.get(card.id, ())
        ]
    if wants(query, "members"):
        names = chosen(shapes.MEMBER, query.get("member_fields"))
        shown["members"] = lambda view, card: [
            show(view, shapes.MEMBER, names, view.state.members[one]) for one in card.members
        ]
    if wants(query, "actions"):
        shown["actions"] = lambda view, card: [
            show(view, shapes.ACTION, tuple(shapes.ACTION), one)
            for one in history(view, query["actions"], query, "actions_", card=card.id)
        ]
    return shown


def _is_in(which: str, one: TrelloList) -> bool:
    if which not in {"all", "open", "closed"}:
        raise Fail(400, "invalid value for filter")
    return which == "all" or one.closed == (which == "closed")


def _moment(text: str) -> str:
    """An id, or an instant as the smallest id of its second: ids begin with the second of their creation."""
    if len(text) == _ID_LENGTH:
        try:
            int(text, 16)
        except ValueError:
            pass
        else:
            return text
    try:
        return f"{int(datetime.fromisoformat(text).timestamp()):08x}"
    except ValueError:
        raise Fail(400, "invalid date") from None
