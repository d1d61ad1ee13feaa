"""The startup of one board: its own short mapping, a feature's work on the same board, sprints that are lists."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.trello_state import TrelloAttachment
from syncbot.sandbox.world import TrelloBoard, TrelloCard, TrelloList
from tests.company import Company

STARTUP = Path(__file__).resolve().parents[1] / "fixtures" / "companies" / "startup"
LISTS = ("Roadmap", "Doing", "Sprint 2", "Done", "Admin")


class Board:
    """The board "Everything", on which Sam and Kim work."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.now, self.state = sandbox, sandbox.now, sandbox.world.trello
        first = next(iter(self.state.boards.values()))
        self.sam, self.kim, *_ = (one for one in first.roles if one not in self.state.tokens.values())
        self.board = TrelloBoard(self._id(), "Everything", "EvErYtHi", self.now, roles=dict(first.roles))
        self.state.boards[self.board.id] = self.board
        self.lists = {name: TrelloList(self._id(), self.board.id, name, at) for at, name in enumerate(LISTS)}
        self.state.lists |= {one.id: one for one in self.lists.values()}

    def card(self, name: str, column: str, *members: str, due: dt.datetime | None = None) -> TrelloCard:
        self.board.counter += 1
        number = self.board.counter
        made = TrelloCard(
            id=self._id(),
            board=self.board.id,
            list_id=self.lists[column].id,
            name=name,
            number=number,
            short_link=f"evry{number:04}",
            pos=number,
            active=self.now,
            creator=self.sam,
            members=list(members),
            due=due,
        )
        self.state.cards[made.id] = made
        return made

    def link(self, card: TrelloCard, other: TrelloCard) -> None:
        url = f"{self.state.site}/c/{other.short_link}"
        card.attachments.append(TrelloAttachment(self._id(), other.name, url, self.now, self.sam))

    def _id(self) -> str:
        return self.state.next_id(self.now)


@pytest.fixture
def board(sandbox: Sandbox) -> Board:
    return Board(sandbox)


@pytest.fixture
def company(board: Board, store_url: str, tmp_path: Path) -> Company:
    shutil.copytree(STARTUP / "mappings", tmp_path / "mappings")
    text = (STARTUP / "config.toml").read_text(encoding="utf-8")
    text = text.replace("[connections.board]\n", f'[connections.board]\nurl = "{board.sandbox.trello_url}"\n')
    return Company(board.sandbox, store_url, tmp_path, text=text)


def test_a_short_mapping_still_knows_the_owner_and_the_due_date(company: Company, board: Board) -> None:
    owned = board.card("Owned", "Roadmap", board.sam)
    board.card("Some work", "Doing", board.sam)
    assert "feature-without-work" not in {rule for rule, _ in company.run(apply=None).found}, "nothing is linked yet"
    board.link(board.card("Its work", "Doing", board.sam), owned)
    board.board.active = company.later(minutes=20).now
    nobody = board.card("Nobody's", "Roadmap")
    promised = board.card("Promised", "Roadmap", board.sam, due=board.now + dt.timedelta(days=9))
    found = company.run(apply=None).found
    assert ("feature-without-owner", nobody.short_link) in found
    assert ("feature-without-work", promised.short_link) in found
    said = {"feature-without-owner", "feature-without-work", "work-without-feature", "word-not-mapped"}
    assert {rule for rule, _ in found} == said, "the short mapping does not say what its other lists mean"
    assert len(found) == len(said)


def test_a_sprint_that_is_a_list_has_its_dates_and_its_capacity_from_the_config(company: Company, board: Board) -> None:
    board.card("Build it (8)", "Sprint 2", board.sam)
    assert company.run(apply=None).found == set()
    idle = board.card("Ship it (5)", "Sprint 2")
    loaded = company.later(minutes=20)
    board.board.active = loaded.now
    assert loaded.run(apply=None).found == {("work-without-assignee", idle.short_link)}
    board.card("Sell it (6)", "Sprint 2", board.kim)
    board.board.active = company.later(minutes=20).now
    assert ("sprint-over-capacity", "Sprint 2") in company.run(apply=None).found


def test_its_report_is_a_card_on_the_same_board_written_once(company: Company, board: Board) -> None:
    board.card("Nobody's", "Roadmap")
    board.card("Owned", "Roadmap", board.sam)
    assert [one.result for one in company.run(apply=True).outcomes] == ["created"]
    reports = [one for one in board.state.cards.values() if one.list_id == board.lists["Admin"].id]
    assert len(reports) == 1
    company.sandbox.clear()
    run = company.later(hours=1).run(apply=True)
    assert company.sandbox.writes() == []
    assert {rule for rule, _ in run.found} == {"feature-without-owner", "word-not-mapped"}
