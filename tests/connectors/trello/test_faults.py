"""Every kind of fault on every endpoint that reading uses: an error each time, and never a board that seems emptier."""

from __future__ import annotations

import pytest

from syncbot.connector import Target, Want, Write
from syncbot.errors import ToolError

FAULTS = {
    "400": {"status": 400, "body": "invalid id"},
    "401": {"status": 401, "body": "invalid token"},
    "403": {"status": 403, "body": "Forbidden"},
    "404": {"status": 404, "body": "The requested resource was not found."},
    "410": {"status": 410, "body": "Gone"},
    "429": {"status": 429, "body": '{"error": "API_TOKEN_LIMIT_EXCEEDED", "message": "Rate limit exceeded"}'},
    "449": {"status": 449, "body": '{"path": "boards", "originalStatus": 401}'},
    "500": {"status": 500, "body": "<html>oops</html>", "headers": {"Content-Type": "text/html"}},
    "503": {"status": 503},
    "redirect": {"status": 302, "headers": {"Location": "http://127.0.0.1:1/"}},
    "empty 200": {"status": 200},
    "null": {"status": 200, "body": "null"},
    "empty list": {"status": 200, "body": "[]"},
    "empty object": {"status": 200, "body": "{}"},
    "page for people": {"status": 200, "body": "<html>Sign in</html>"},
    "error with a 200": {"status": 200, "body": '{"message": "Rate limit exceeded"}'},
    "cut": {"kind": "cut"},
    "lost": {"kind": "lost"},
    "dropped": {"kind": "dropped"},
}


@pytest.fixture(params=FAULTS)
def ailing(site, request):
    """A site whose Trello ails; a board with cards, and a connector that does not wait."""
    site.roadmap = site.board("Roadmap", "Ideas", "Reports")
    for number in range(3):
        site.card(site.roadmap, f"Card {number}")
    site.known = site.pull(site.roadmap)[-1].cursor
    site.sandbox.clear()
    site.sandbox.fault("trello", ".", times=None, **FAULTS[request.param])
    site.fault = request.param
    return site


def test_a_read_fails_and_keeps_what_is_known(ailing):
    connector = ailing.connector(patience=0.0)
    for cursor in (None, ailing.known):
        (page,) = connector.pull([Want(ailing.scope(ailing.roadmap), cursor)], frozenset({"members"}))
        assert isinstance(page.error, ToolError)
        assert (page.records, page.cursor, page.last, page.full) == ((), None, False, False)


def test_a_census_fails(ailing):
    with pytest.raises(ToolError):
        ailing.connector(patience=0.0).census(Want(ailing.scope(ailing.roadmap)))


def test_no_report_is_made_when_it_cannot_be_seen_whether_there_is_one(ailing):
    target = Target(ailing.scope(ailing.roadmap), "Alignment report", list="Reports")
    body = {"name": "Alignment report", "desc": "Hello", "names": [], "checklists": []}
    write = Write(target, "syncbot:v1:00ff", body, None, frozenset({ailing.bot.id}))
    with pytest.raises(ToolError):
        ailing.connector(patience=0.0).apply(write)
    assert ailing.sandbox.writes() == []


@pytest.mark.parametrize("ask", ["describe", "accounts", "containers", "probe", "scopes"])
def test_whatever_else_is_asked_fails_as_well(ailing, ask):
    connector = ailing.connector(patience=0.0)
    if (ask, ailing.fault) == ("scopes", "empty list"):
        assert connector.scopes() == ()  # which is what an account without boards is told
        return
    boards = [ailing.scope(ailing.roadmap)]
    arguments = {"describe": (boards,), "accounts": (boards, frozenset()), "containers": (boards,)}.get(ask, ())
    with pytest.raises(ToolError):
        getattr(connector, ask)(*arguments)
