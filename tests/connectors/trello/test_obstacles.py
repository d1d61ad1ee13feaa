"""What keeps a report from being written is known before anyone tries."""

from __future__ import annotations

from syncbot.connector import Target
from syncbot.sandbox.world import TrelloBoard
from tests.connectors.trello.conftest import Site


def obstacles(site: Site, board: TrelloBoard, title: str | None = "Reports") -> tuple[str, ...]:
    return site.connector().obstacles(Target(site.scope(board), "Alignment report", list=title))


def test_nothing_stands_in_the_way_of_a_member(site: Site) -> None:
    assert obstacles(site, site.board("Roadmap", "Ideas", "Reports")) == ()
    assert site.sandbox.writes() == []


def test_an_observer_may_not_write(site: Site) -> None:
    board = site.board("Roadmap", "Reports")
    board.roles[site.bot.id] = "observer"
    assert obstacles(site, board) == (
        "this account is an observer of Roadmap, who may not write: make it a normal member.",
    )


def test_who_only_sees_a_board_may_not_write_on_it(site: Site) -> None:
    board = site.board("Roadmap", "Reports", permission="public")
    del board.roles[site.bot.id]
    assert obstacles(site, board) == ("this account is no member of Roadmap: add it to the board.",)


def test_the_list_must_be_there_and_open(site: Site) -> None:
    board = site.board("Roadmap", "Ideas", "Reports")
    missing = 'The board Roadmap has no list "Nowhere"; it has "Ideas", "Reports".'
    assert obstacles(site, board, "Nowhere") == (missing,)
    site.list(board, 1).closed = True
    assert obstacles(site, board) == ('The board Roadmap has no list "Reports"; it has "Ideas".',)
    assert obstacles(site, board, None) == (
        'The board Roadmap needs to know the `list` of the report; it has "Ideas".',
    )


def test_a_closed_board_takes_no_report(site: Site) -> None:
    board = site.board("Roadmap", "Reports")
    board.closed = True
    assert obstacles(site, board) == ("the board Roadmap is closed: open it again, or name another board.",)
