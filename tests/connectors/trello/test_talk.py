"""Comments on a report card and ticks in it, from the card's history, more than a page of it too."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syncbot.errors import Missing
from syncbot.sandbox.server import NOW
from syncbot.sandbox.world import TrelloAction

TAG = "0123456789ab"


def act(site, card, kind: str, count: int = 1, start: int = 0, **data) -> None:
    """Entries of the card's history, a second apart."""
    for number in range(start, start + count):
        at = NOW + timedelta(seconds=number)
        told = {name: value.format(number) if isinstance(value, str) else value for name, value in data.items()}
        site.state.actions.append(
            TrelloAction(site.state.next_id(at), kind, card.board, card.id, site.ada.id, at, told)
        )


@pytest.fixture
def card(site):
    board = site.board("Roadmap")
    return site.card(board, "Alignment report")


def test_comments_and_ticks_of_our_entries_come_in_their_order_and_once(site, card):
    tick = {"id": "1", "name": f"**Ada**: Nobody owns it `sb-{TAG}`", "state": "complete"}
    act(site, card, "commentCard", text="syncbot snooze")
    act(site, card, "updateCheckItemStateOnCard", start=1, checkItem=tick)
    act(site, card, "updateCheckItemStateOnCard", start=2, checkItem={**tick, "state": "incomplete"})
    act(site, card, "updateCheckItemStateOnCard", start=3, checkItem={**tick, "name": "An entry of somebody's own"})
    act(site, card, "updateCard", start=4)
    connector = site.connector()
    found = connector.answers(card.id, None)
    assert [(one.text, one.entry, one.ticked) for one in found.answers] == [
        ("syncbot snooze", None, False),
        ("", TAG, True),
        ("", TAG, False),
    ]
    assert {one.account for one in found.answers} == {site.ada.id}
    again = connector.answers(card.id, found.cursor)
    assert (again.answers, again.cursor) == ((), found.cursor)


def test_a_long_history_is_read_page_by_page(site, card):
    act(site, card, "commentCard", count=2300, text="Comment {}")
    site.sandbox.clear()
    found = site.connector().answers(card.id, None)
    assert [one.text for one in found.answers] == [f"Comment {number}" for number in range(2300)]
    asked = [one for one in site.sandbox.requests if one.path.endswith("/actions")]
    assert len(asked) == 4  # the last is empty


def test_a_report_that_is_gone_is_missing(site):
    with pytest.raises(Missing):
        site.connector().answers("999999999999999999999999", None)
