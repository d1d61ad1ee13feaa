"""What became of cards that a count lacks."""

from __future__ import annotations

from collections.abc import Collection

from connectors.trello.api import Api
from connectors.trello.records import last_changed
from connectors.trello.wire import Card
from syncbot.connector import Fate, Want
from syncbot.errors import ToolError
from syncbot.transport.several import told_apart


def fates(api: Api, want: Want, remote_ids: Collection[str]) -> dict[str, Fate]:
    """Each of them, ten a request: on another board, hidden from us, deleted, or here all the same."""
    ids = sorted(remote_ids)
    answers: list[Card | ToolError] = api.batch(
        [f"/cards/{card}?fields=idBoard,dateLastActivity" for card in ids], Card
    )
    there, fates = told_apart(ids, answers)
    return {**fates, **{id_: _place(card, want) for id_, card in there.items()}}


def _place(card: Card, want: Want) -> Fate:
    is_read = card.id_board == want.scope.remote_id and last_changed(card) >= (want.since or "")
    return "here" if is_read else "moved"
