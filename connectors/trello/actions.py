"""The actions of a card or a board: what happened there, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from connectors.trello.api import Api
from connectors.trello.wire import Moved, Said
from syncbot.errors import Broken

T = TypeVar("T", Moved, Said)

MOST = 1000  # actions of one answer, Trello's own limit


def pages(api: Api, place: str, kind: type[list[T]], filter_: str, since: str | None) -> Iterator[list[T]]:
    """Those since an instant or an action's id (None: all), page by page to an empty one: nothing else is the end.

    ``place``: "cards/..." or "boards/..."; ``filter_``: types of actions. Raises Broken for a page that is repeated.
    """
    after = {"since": since} if since else {}
    before: dict[str, str] = {}
    while page := api.get(
        f"/{place}/actions",
        kind,
        filter=filter_,
        fields="data,date,type,idMemberCreator",
        member="false",
        memberCreator="false",
        limit=str(MOST),
        **after,
        **before,
    ):
        yield page
        oldest = min(one.id for one in page)
        if before and oldest >= before["before"]:
            raise Broken(f"Trello repeats a page of the actions of {place}; they are read again next time.")
        before = {"before": oldest}
