"""What became of cards that a count lacks."""

from __future__ import annotations

from collections.abc import Collection

from connectors.trello.api import Api
from connectors.trello.records import last_changed
from connectors.trello.wire import Card
from syncbot.connector import Fate, Want
from syncbot.errors import Missing, Refused, ToolError


def fates(api: Api, want: Want, remote_ids: Collection[str]) -> dict[str, Fate]:
    """Each of them, ten a request: on another board, hidden from us, deleted, or here all the same."""
    found: dict[str, Fate] = {}
    ids = sorted(remote_ids)
    answers: list[Card | ToolError] = api.batch(
        [f"/cards/{card}?fields=idBoard,dateLastActivity" for card in ids], Card
    )
    for card, answer in zip(ids, answers, strict=True):
        if isinstance(answer, Missing):
            found[card] = "deleted"
        elif isinstance(answer, Refused):
            found[card] = "hidden"
        elif isinstance(answer, ToolError):
            raise answer
        else:
            is_read = answer.id_board == want.scope.remote_id and last_changed(answer) >= (want.since or "")
            found[card] = "here" if is_read else "moved"
    return found
