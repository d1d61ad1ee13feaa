"""The actions of a card or a board: what happened there, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from connectors.trello.api import Api
from connectors.trello.wire import Moved, Said, same_second, second_after
from syncbot.errors import Broken

T = TypeVar("T", Moved, Said)

MOST = 1000  # actions of one answer, Trello's own limit


def pages(api: Api, place: str, kind: type[list[T]], filter_: str, since: str | None) -> Iterator[list[T]]:
    """Those since an instant or an action's id (None: all), page by page to one that brings nothing new: the end.

    ``place``: "cards/..." or "boards/..."; ``filter_``: types of actions. Raises Broken for a page that is repeated.
    """
    after = {"since": since} if since else {}
    before: dict[str, str] = {}
    told: set[str] = set()
    while True:
        page: list[T] = api.get(
            f"/{place}/actions",
            kind,
            filter=filter_,
            fields="data,date,type,idMemberCreator",
            member="false",
            memberCreator="false",
            limit=str(MOST),
            **after,
            **before,
        )
        if before and any(one.id >= before["before"] for one in page):
            raise Broken(f"Trello repeats a page of the actions of {place}; they are read again next time.")
        fresh = [one for one in page if one.id not in told]
        oldest = min((one.id for one in page), default="")
        if fresh:
            yield fresh
            told = {id_ for id_ in (*told, *(one.id for one in page)) if same_second(id_, oldest)}
            before = {"before": second_after(oldest)}
        elif not page or before.get("before") == oldest:
            return
        else:  # one second may have more than a page
            before = {"before": oldest}
