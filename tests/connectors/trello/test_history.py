"""Actions of a board as the history of its cards: each side of what changed, on from where they were read to."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

from connectors.trello.history import _entries
from connectors.trello.wire import Moved, parse
from syncbot.connector import History, Lookback
from syncbot.model import Entry, Word
from syncbot.sandbox.server import NOW
from syncbot.sandbox.trello import edits
from syncbot.sandbox.world import TrelloAction
from tests.shared import shared

PAGE = 1000


def told(site, *cards, cursor: str | None = None, since: str = "2026-01-01") -> list[History]:
    """The history of these cards, all of one board."""
    want = Lookback(site.scope(site.state.boards[cards[0].board]), tuple(one.id for one in cards), since, cursor)
    return list(site.connector().history([want], frozenset()))


def change(site, card, **values) -> None:
    """Ada changes a card, a minute after the last change."""
    site.sandbox.now += timedelta(minutes=5)
    before = edits.sides(card)
    for name, value in values.items():
        setattr(card, name, value)
    edits.change(site.sandbox.world, site.ada.id, card, before)


def values(*histories: History) -> list[tuple[str, Word | None, Word | None]]:
    return [(one.field, one.old, one.new) for history in histories for one in reversed(history.entries)]


def test_moves_dates_ticks_names_and_archiving_are_told(site) -> None:
    board = site.board("Roadmap", "Ideas", "Doing")
    card, ideas, doing = site.card(board, "(3) Pay later"), site.list(board), site.list(board, 1)
    change(site, card, list_id=doing.id, due=NOW)
    change(site, card, due=None, complete=True)
    change(site, card, closed=True)
    change(site, card, name="(8) Pay later")
    change(site, card, pos=1.5)
    history, end = told(site, card)
    due = Word("", "2026-11-23T08:00:00.000Z")
    assert Counter(values(history)) == Counter(
        [
            ("due", None, due),
            ("section", Word(ideas.id, "Ideas"), Word(doing.id, "Doing")),
            ("due", due, None),
            ("complete", None, Word("yes", "")),
            ("archived", None, Word("yes", "")),
            ("title", Word("", "(3) Pay later"), Word("", "(8) Pay later")),
        ]
    )
    assert (history.whole, end.whole) == ((), (card.id,))
    assert {(one.item, one.account) for one in history.entries} == {(card.id, site.ada.id)}


def test_from_the_cursor_on_only_what_is_new_and_a_moment_of_before_is_told(site) -> None:
    board = site.board("Roadmap", "Ideas", "Doing")
    card, ideas, doing = site.card(board), site.list(board), site.list(board, 1)
    change(site, card, list_id=doing.id)
    first, end = told(site, card)
    assert (first.cursor, end.cursor) == (None, "2026-11-23T08:03:00.000Z")
    change(site, card, list_id=ideas.id)
    second, end = told(site, card, cursor=end.cursor)
    assert [new.name for _, _, new in values(second) if new] == ["Doing", "Ideas"]
    third, _ = told(site, card, cursor=end.cursor)
    assert [new.name for _, _, new in values(third) if new] == ["Ideas"]
    assert {one.remote_id for one in third.entries} <= {one.remote_id for one in second.entries}


def test_what_happened_to_a_card_that_the_cursor_passed_by_is_told_all_the_same(site) -> None:
    board = site.board("Roadmap", "Ideas", "Doing")
    card, other = site.card(board), site.card(board)
    change(site, card, name="Renamed")
    change(site, other, name="Renamed, too")
    _, end = told(site, other)

    def items(id_: str) -> set[str]:
        want = Lookback(site.scope(board), (id_,), "2026-01-01", end.cursor, frozenset({id_}))
        return {entry.item for one in site.connector().history([want], frozenset()) for entry in one.entries}

    assert items(card.id) == {card.id, other.id}
    assert items(site.state.next_id(site.sandbox.now)) == {other.id}, "one that was made since has no earlier history"


def test_more_than_a_page_is_whole_only_with_its_last_one(site) -> None:
    board = site.board("Roadmap", "Ideas", "Doing")
    card = site.card(board)
    names = {"card": {"id": card.id, "name": "x", "dueComplete": True}, "old": {"dueComplete": False}}
    for number in range(PAGE + 5):
        at = NOW + timedelta(seconds=number)
        site.state.actions.append(
            TrelloAction(site.state.next_id(at), "updateCard", board.id, card.id, site.ada.id, at, names)
        )
    first, second, end = told(site, card)
    assert [(len(one.entries), one.whole) for one in (first, second, end)] == [(PAGE, ()), (5, ()), (0, (card.id,))]
    assert len({one.remote_id for one in (*first.entries, *second.entries)}) == PAGE + 5


def test_a_board_that_fails_leaves_the_others_alone(site) -> None:
    boards = [site.board("One"), site.board("Two")]
    cards = [site.card(board) for board in boards]
    change(site, cards[1], name="Renamed")
    site.sandbox.fault("trello", f"{boards[0].id}/actions", status=400, times=None)
    wants = [Lookback(site.scope(board), (card.id,), "2026-01-01") for board, card in zip(boards, cards, strict=True)]
    found = {one.scope: one for one in site.connector().history(wants, frozenset())}
    assert found[boards[0].id].error is not None
    assert found[boards[1].id].whole == (cards[1].id,)


def test_real_boards_actions_are_read() -> None:
    fields: Counter[str] = Counter()
    for file in sorted(shared("payloads/trello").rglob("*.json")):
        said = json.loads(file.read_text(encoding="utf-8"))
        actions = said.get("actions", []) if isinstance(said, dict) else said
        changed = [one for one in actions if isinstance(one, dict) and one.get("type") == "updateCard"]
        entries: list[Entry] = list(_entries(parse(json.dumps(changed).encode(), list[Moved])))
        fields.update(one.field for one in entries)
        moves = [one for one in changed if "listBefore" in one["data"]]
        assert sum(one.field == "section" for one in entries) == len(moves)
    assert fields["section"] > 100
    assert fields.keys() >= {"section", "due", "title", "archived", "complete"}
