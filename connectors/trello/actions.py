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
    """Those since an instant or an action's id (None: all), page by page to an empty one: nothing else is the end.

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
        if fresh:
            yield fresh
        if not page:
            return
        oldest = min(one.id for one in page)
        told = {id_ for id_ in (*told, *(one.id for one in page)) if same_second(id_, oldest)}
        # An id as a bound may mean its second, of which a full page may hold a part; what it repeats is left out.
        before = {"before": second_after(oldest) if fresh and len(page) == MOST else oldest}
