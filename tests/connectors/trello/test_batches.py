"""What one route of a batch may cost: itself, and a little time where it fails for a moment."""

from __future__ import annotations

from itertools import count
from urllib.parse import unquote

import pytest

from syncbot.connector import Want
from syncbot.errors import Unreachable
from syncbot.sandbox.http import Answer, Call
from syncbot.transport.several import MOST_UNREAD


def patient(site, pauses=None):
    """A connector that waits without taking time."""
    connector = site.connector()
    connector._api._transport._sleep = (pauses if pauses is not None else []).append
    return connector


def poison(site, *paths, times=None, status=500):
    """From now on what a batch asks at these paths fails, each so many times (None: always)."""
    asked = {path: count() for path in paths}

    def fail(call: Call, answer: Answer) -> Answer:
        routes = [unquote(route).partition("?")[0] for route in call.query["urls"].split(",")]
        body = [
            {"name": "Error", "message": "internal error", "statusCode": status}
            if route in asked and (times is None or next(asked[route]) < times)
            else part
            for route, part in zip(routes, answer.body, strict=True)
        ]
        return Answer(body, answer.status, answer.headers)

    site.sandbox.fault("trello", "GET /1/batch", "bent", times=None).after = fail


def test_a_card_that_trello_cannot_give_costs_only_itself(site):
    board = site.board()
    odd, fine = site.card(board, "Odd"), site.card(board, "Fine")
    poison(site, f"/cards/{odd.id}")
    found = patient(site).again([Want(site.scope(board))], {board.id: [odd.id, fine.id]}, frozenset())
    assert [record.title for record in found.records] == ["Fine"]
    assert found.unread.keys() == {odd.id}


def test_a_card_that_trello_cannot_give_is_not_taken_for_gone_and_keeps_no_other_from_being(site):
    board = site.board()
    odd, gone = site.card(board, "Odd"), site.card(board, "Gone")
    del site.state.cards[gone.id]
    poison(site, f"/cards/{odd.id}")
    fates = patient(site).fates(Want(site.scope(board)), [odd.id, gone.id])
    assert fates == {odd.id: "here", gone.id: "deleted"}


def test_where_many_cannot_be_given_it_is_not_they_that_are_odd(site):
    board = site.board()
    cards = [site.card(board, "Odd").id for _ in range(MOST_UNREAD + 1)]
    poison(site, *(f"/cards/{card}" for card in cards))
    with pytest.raises(Unreachable):
        patient(site).again([Want(site.scope(board))], {board.id: cards}, frozenset())


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_board_that_fails_for_a_moment_is_asked_for_again(site, status):
    boards = [site.board("One"), site.board("Two")]
    wants = [site.again(page) for page in site.pull(*boards)]
    site.sandbox.clear()
    poison(site, f"/boards/{boards[0].id}", times=1, status=status)
    pauses = []
    assert [page.error for page in patient(site, pauses).pull(wants, frozenset())] == [None, None]
    assert [line.partition("?")[0] for line in site.lines()] == ["GET /1/batch"] * 2
    assert len(pauses) == 1
