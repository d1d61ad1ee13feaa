"""Reading boards: whole when something changed on them, and one batch request for ten boards when nothing did.

Trello has no list of changed cards. But a board's ``dateLastActivity`` moves with what changes on it, so that is the
cursor; it is taken from the same answer as the first cards, before any later page, so what changes during a read is
seen by the next one. Within a long read the cursor also holds the card before which to go on after a kill. Nobody
promises that every edit moves that date, so once a day a board is read whole in any case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from http import HTTPStatus
from urllib.parse import urlencode

import msgspec

from connectors.trello.api import BATCH, Api
from connectors.trello.records import last_changed, records, way, words
from connectors.trello.wire import Action, Board, Card, same_second, second_after
from syncbot.connector import Again, Page, Want, decode_cursor, encode_cursor, or_error
from syncbot.errors import Broken, ToolError
from syncbot.model import Record, Sealed, Way
from syncbot.texts import marker_of
from syncbot.transport.several import given
from syncbot.transport.threads import interleave

MOST = 1000  # cards of one answer, Trello's own limit
FEWEST = 50  # asking for fewer than this at a time would be giving up
DAY = 86_400.0  # seconds

CARD_FIELDS = (
    "name,desc,closed,idList,idMembers,labels,due,dueComplete,start,pos,dateLastActivity,shortLink,shortUrl,isTemplate"
)
_PARTS = {"fields": "name,dateLastActivity", "lists": "all", "list_fields": "name,closed", "customFields": "true"}
_CARDS = {
    "cards": "all",
    "card_fields": CARD_FIELDS,
    "card_attachments": "true",
    "card_attachment_fields": "url",
    "card_customFieldItems": "true",
}
_PAGE = {"fields": CARD_FIELDS, "attachments": "true", "attachment_fields": "url", "customFieldItems": "true"}
# How a card can have come to be; whoever did it is its author.
BIRTHS = "createCard,copyCard,convertToCardFromCheckItem,emailCard"


class Cursor(msgspec.Struct, omit_defaults=True):
    """``activity``: the board's last activity when its read began, at ``full`` by the server's clock (epoch seconds).

    ``before``: the oldest card that is stored.
    """

    activity: str
    full: float = 0.0
    before: str | None = None


def pull(api: Api, width: int, wants: Sequence[Want], fields: frozenset[str]) -> Iterator[Page]:
    """Pages of these boards, ``width`` boards at once; see `syncbot.connector.Connector.pull`."""
    to_read = []
    to_check = []
    for want in wants:
        cursor = decode_cursor(want.cursor, Cursor)
        if want.where:
            error = ToolError(f"{want.scope.name}: a Trello board cannot be filtered by `where`; take it out.")
            yield Page(want.scope.remote_id, error=error)
        elif cursor and not cursor.before:
            to_check.append((want, cursor))
        else:
            to_read.append(want)
    checks = [_check(api, to_check[start : start + BATCH]) for start in range(0, len(to_check), BATCH)]
    for want, answer in interleave(checks, width):
        if answer is None:
            to_read.append(want)
        else:
            yield answer
    yield from interleave((or_error(want.scope.remote_id, read(api, want, fields)) for want in to_read), width)


def read(api: Api, want: Want, fields: frozenset[str]) -> Iterator[Page]:
    """One board from its newest card to its oldest, or on from where an earlier read was cut off."""
    scope, cursor = want.scope.remote_id, decode_cursor(want.cursor, Cursor)
    resumed = cursor is not None and cursor.before is not None
    board = _board(api, scope, _PARTS, None if resumed else _CARDS)
    how = way(words(board), fields)
    reached = cursor if cursor and resumed else Cursor(board.date_last_activity or "", api.now())
    for cards, last in _pages(api, scope, board.cards, reached.before, _PAGE):
        recent = (card for card in cards if not want.since or last_changed(card) >= want.since)
        found = tuple([_found(api, card, how) for card in recent])
        at = Cursor(reached.activity, reached.full, None if last else _border(cards, frozenset())[0])
        yield Page(scope, found, encode_cursor(msgspec.to_builtins(at)), last=last, full=True)


def sweep(api: Api, scope: str, fields: str) -> Iterator[Card]:
    """All cards of a board with these fields only, to an empty page: what is not among them may be taken for gone."""
    parts = {"fields": "name", "lists": "all", "list_fields": "closed"}
    board = _board(api, scope, parts, {"cards": "all", "card_fields": fields})
    for cards, _ in _pages(api, scope, board.cards, None, {"fields": fields}, to_the_end=True):
        yield from cards


def census(api: Api, want: Want) -> frozenset[str]:
    """The ids of all cards of a board, archived ones too: all of them or an error."""
    cards = sweep(api, want.scope.remote_id, "dateLastActivity")
    return frozenset(card.id for card in cards if last_changed(card) >= (want.since or ""))


def again(api: Api, wants: Sequence[Want], remote_ids: Mapping[str, Sequence[str]], fields: frozenset[str]) -> Again:
    """The cards with these ids that reading one of these boards would give."""
    since = {want.scope.remote_id: want.since or "" for want in wants}
    query = urlencode({**_PAGE, "fields": f"{CARD_FIELDS},idBoard"})
    ids = [card for scope in sorted(remote_ids) for card in sorted(remote_ids[scope])]
    boards: dict[str, list[Card]] = defaultdict(list)
    answers: list[Card | ToolError] = api.batch([f"/cards/{card}?{query}" for card in ids], Card)
    cards, unread = given(ids, answers)
    for card in cards:
        boards[card.id_board or ""].append(card)
    found: list[Record] = []
    for board in sorted(boards.keys() & since.keys()):
        known = words(_board(api, board, _PARTS, None))
        recent = [card for card in boards[board] if last_changed(card) >= since[board]]
        found += (_with_author(api, record) for record in records(recent, known, fields))
    return Again(tuple(found), unread)


def _author(api: Api, card: str) -> str | None:
    """Who made a card, from its history; None where the history no longer says."""
    born = api.get(f"/cards/{card}/actions", list[Action], filter=BIRTHS, fields="idMemberCreator,date", limit="1000")
    return born[-1].id_member_creator if born else None


def _check(api: Api, wants: Sequence[tuple[Want, Cursor]]) -> Generator[tuple[Want, Page | None]]:
    """For up to ten boards, in one request: a last page without records where nothing is to be read, else None."""
    paths = [f"/boards/{want.scope.remote_id}?fields=dateLastActivity" for want, _ in wants]
    try:
        answers: list[Board | ToolError] = api.batch(paths, Board)
    except ToolError as error:
        answers = [error] * len(wants)
    now = api.now()
    for (want, cursor), answer in zip(wants, answers, strict=True):
        scope = want.scope.remote_id
        if isinstance(answer, ToolError):
            yield want, Page(scope, error=answer)
        elif (answer.date_last_activity or "") == cursor.activity and 0 <= now - cursor.full < DAY:
            yield want, Page(scope, cursor=want.cursor, last=True)
        else:
            yield want, None


def _board(api: Api, scope: str, parts: dict[str, str], cards: dict[str, str] | None) -> Board:
    """The board and, if they can be had in one answer, its newest cards (else its ``cards`` are None).

    Whoever reads a board begins here: an answer that is not this board, or lacks what was asked for, is an error and
    never an empty board.
    """
    try:
        board = api.get(f"/boards/{scope}", Board, **parts, **(cards or {}))
    except ToolError as error:
        if not cards or not _is_too_much(error):
            raise
        return _board(api, scope, parts, None)
    if board.id != scope or board.lists is None or (cards and board.cards is None):
        raise Broken(f"Trello's answer for the board {scope} lacks its lists or cards; nothing of it was used.")
    return board


def _pages(
    api: Api,
    scope: str,
    first: list[Card] | None,
    before: str | None,
    query: dict[str, str],
    *,
    to_the_end: bool = False,
) -> Iterator[tuple[list[Card], bool]]:
    """The cards that came with the board, if any did, and all older ones; each page with whether it is the last.

    A board's own answer holds all of its cards if they are some and fewer than the most that it can hold; else, and
    ``to_the_end`` always, a page that brings nothing new is the end and nothing else.
    """
    told: frozenset[str] = frozenset()
    if first is not None:
        is_all = 0 < len(first) < MOST and not to_the_end
        if first:
            yield first, is_all
        if is_all:
            return
        before, told = _border(first, told)
    size = MOST
    while True:
        cards, size = _older(api, scope, before, told, size, query)
        yield cards, not cards
        if not cards:
            return
        before, told = _border(cards, told)


def _border(cards: Sequence[Card], told: frozenset[str]) -> tuple[str | None, frozenset[str]]:
    """The card that was made first, and all that are known of its second."""
    oldest = min((card.id for card in cards), default=None)
    return oldest, frozenset(
        id_ for id_ in (*told, *(card.id for card in cards)) if oldest and same_second(id_, oldest)
    )


def _older(
    api: Api, scope: str, before: str | None, told: frozenset[str], size: int, query: dict[str, str]
) -> tuple[list[Card], int]:
    """The ``size`` newest cards that were not made after that one, less those that were ``told``; and the size that the
    board bears.

    Trello may take an id for its second, so the border itself belongs into the page: an empty one is asked for once
    more. Where a page brings nothing new, those are asked for that lie before the border by its whole id, for one
    second may have more cards than a page.
    """
    bound = second_after(before) if before else None
    cards, size = _page(api, scope, bound, size, query)
    if not cards:
        cards, size = _page(api, scope, bound, size, query)
    fresh = [card for card in cards if card.id not in told]
    if before and not fresh:
        fresh, size = _page(api, scope, before, size, query)
    return fresh, size


def _page(api: Api, scope: str, bound: str | None, size: int, query: dict[str, str]) -> tuple[list[Card], int]:
    """The ``size`` newest cards that were created before a bound, and the size that the board bears.

    Trello filters by creation, newest first, but orders a page as it likes, and refuses or breaks off what costs it too
    much: then half as many are asked for.
    """
    if bound:
        query = {**query, "before": bound}
    while True:
        try:
            cards = api.get(f"/boards/{scope}/cards/all", list[Card], **query, limit=str(size))
        except ToolError as error:
            if not _is_too_much(error) or size <= FEWEST:
                raise
            size //= 2
            continue
        if bound and any(card.id >= bound for card in cards):
            raise Broken(f"Trello repeated a page of cards of the board {scope}; the rest is read next time.")
        return cards, size


def _found(api: Api, card: Card, how: Way) -> Record | Sealed:
    """A card as it comes. One with our marker is made now: who made it may have to be asked for."""
    return _with_author(api, how.make(card)) if marker_of(card.desc) else Sealed(card.id, card, how)


def _with_author(api: Api, record: Record) -> Record:
    """A card with our marker is our report only if we made it, so it must say who did. Others are not asked for."""
    if record.marker is None or record.creator is not None:
        return record
    return msgspec.structs.replace(record, creator=_author(api, record.remote_id))


def _is_too_much(error: ToolError) -> bool:
    """Whether Trello says that the answer would be too big (403 "too many ...") or gave up making it (449, 504)."""
    said = error.said.lower().replace("_", " ")
    return (error.status == HTTPStatus.FORBIDDEN and "too many" in said) or error.status in {449, 504}
