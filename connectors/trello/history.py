"""How cards came to be where they are, from the actions of their board: moves, dates, ticks, names, archiving.

A board keeps its actions in one row, so they are read on from where they were read to, a moment of overlap apart, and
only when one of its cards has changed.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import UNSET

from connectors.trello.actions import pages
from connectors.trello.api import Api
from connectors.trello.records import created
from connectors.trello.wire import Moved, MovedCard
from syncbot.connector import History, Lookback, instant, written
from syncbot.errors import ToolError
from syncbot.model import Entry, Word
from syncbot.transport.threads import interleave

KIND = "updateCard"
OVERLAP = timedelta(minutes=2)  # an action may be listed later than it happened


def history(api: Api, width: int, wants: Sequence[Lookback]) -> Iterator[History]:
    """What happened to the cards of these boards, ``width`` boards at once."""
    yield from interleave((_guard(api, want) for want in wants), width)


def _guard(api: Api, want: Lookback) -> Generator[History]:
    try:
        yield from _read(api, want)
    except ToolError as error:
        yield History(want.scope.remote_id, error=error)


def _read(api: Api, want: Lookback) -> Iterator[History]:
    """The actions since the last ones that were read."""
    scope, since = want.scope.remote_id, _start(want)
    newest = since
    for page in pages(api, f"boards/{scope}", list[Moved], KIND, since):
        newest = max([newest, *(one.date for one in page if one.date)])
        yield History(scope, tuple(_entries(page)))
    yield History(scope, whole=want.remote_ids, cursor=_overlapping(newest, want.since))


def _start(want: Lookback) -> str:
    """Where to read from: the cursor, unless it passed by what happened to a card that nobody knew then."""
    if want.cursor is None or any((created(card) or "") < want.cursor for card in want.new):
        return want.since
    return want.cursor


def _overlapping(newest: str, since: str) -> str:
    """A little before the newest action, but not before what was asked for."""
    at = instant(newest)
    return max(since, written(datetime.fromisoformat(at) - OVERLAP)) if at else since


def _entries(actions: Sequence[Moved]) -> Iterator[Entry]:
    for action in actions:
        at, data = instant(action.date), action.data
        if at is None or data is None or data.card is None or data.old is None:
            continue
        sides = dict(_sides(data.old)), dict(_sides(data.card))
        if data.list_before and data.list_after:
            lists = (Word(one.id, one.name) for one in (data.list_before, data.list_after))
            sides[0]["section"], sides[1]["section"] = lists
        for field, old in sides[0].items():
            yield Entry(
                f"{action.id}:{field}",
                data.card.id or "",
                at,
                field,
                old,
                sides[1].get(field),
                action.id_member_creator,
            )


def _sides(card: MovedCard) -> Iterator[tuple[str, Word | None]]:
    """What one side of an action says of a card; a date that is taken away is null, and so is what was not there."""
    for field, said in (("due", card.due), ("start", card.start)):
        if said is not UNSET:
            found = instant(said)
            yield field, Word("", found) if found else None
    for field, flag in (("archived", card.closed), ("complete", card.due_complete)):
        if flag is not None:
            yield field, Word("yes", "") if flag else None
    if card.name is not None:
        yield "title", Word("", card.name)
