"""A Trello of the tests' own in the sandbox: boards that a test fills, and connectors that look at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from connectors.trello.connector import Trello
from syncbot.connector import Page, Settings, Want
from syncbot.model import Scope
from syncbot.sandbox.server import NOW, Sandbox
from syncbot.sandbox.trello.edits import touch
from syncbot.sandbox.world import TrelloBoard, TrelloCard, TrelloLabel, TrelloList, TrelloMember, TrelloState

LONG_AGO = NOW - timedelta(days=1)
KEY, TOKEN = "0f00key", "ATTAtoken"


@dataclass
class Site:
    """Boards, members and cards to be read, and connectors to read them with."""

    sandbox: Sandbox
    connectors: list[Trello] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sandbox.world.trello = TrelloState(self.sandbox.trello_url)
        self.bot = self.member("bot")
        self.ada = self.member("ada")
        self.state.tokens[KEY, TOKEN] = self.bot.id

    @property
    def state(self) -> Any:
        return self.sandbox.world.trello

    def member(self, username: str) -> TrelloMember:
        made = TrelloMember(self.state.next_id(NOW), username, username.title())
        self.state.members[made.id] = made
        return made

    def board(self, name: str = "Roadmap", *lists: str, **more: Any) -> TrelloBoard:
        roles = {self.bot.id: "normal", self.ada.id: "admin"}
        board = TrelloBoard(
            self.state.next_id(NOW), name, f"board{len(self.state.boards):03d}", LONG_AGO, roles=roles, **more
        )
        self.state.boards[board.id] = board
        for number, title in enumerate(lists or ("Ideas", "Reports"), 1):
            one = TrelloList(self.state.next_id(NOW), board.id, title, 100.0 * number)
            self.state.lists[one.id] = one
        return board

    def list(self, board: TrelloBoard, number: int = 0) -> TrelloList:
        return [one for one in self.state.lists.values() if one.board == board.id][number]

    def label(self, board: TrelloBoard, name: str, color: str | None = "green") -> TrelloLabel:
        made = TrelloLabel(self.state.next_id(NOW), board.id, name, color)
        self.state.labels[made.id] = made
        return made

    def card(self, board: TrelloBoard, name: str = "A card", **more: Any) -> TrelloCard:
        number = len(self.state.cards) + 1
        made = TrelloCard(
            id=self.state.next_id(NOW + timedelta(seconds=number)),
            board=board.id,
            list_id=more.pop("list_id", self.list(board).id),
            name=name,
            number=number,
            short_link=f"c{number:07d}",
            pos=float(number * 7919 % 1000),  # as people drag cards about: not in the order of their making
            active=LONG_AGO,
            creator=self.ada.id,
            **more,
        )
        self.state.cards[made.id] = made
        touch(self.sandbox.world, board, made)
        return made

    def settings(self, **more: Any) -> Settings:
        base = {"name": "roadmap", "tool": "trello", "url": self.sandbox.trello_url, "user": None}
        return Settings(**{**base, "secrets": {"key": KEY, "token": TOKEN}, **more})

    def connector(self, **more: Any) -> Trello:
        made = Trello(self.settings(**more))
        self.connectors.append(made)
        return made

    def scope(self, board: TrelloBoard) -> Scope:
        return Scope(board.id, board.short_link, board.name)

    def pull(self, *boards: TrelloBoard | Want, fields: frozenset[str] = frozenset()) -> list[Page]:
        """All pages of one pull of these boards by a connector of its own."""
        wants = [one if isinstance(one, Want) else Want(self.scope(one)) for one in boards]
        return list(self.connector().pull(wants, fields))

    def again(self, page: Page) -> Want:
        """What to ask next for the scope of this page."""
        return Want(self.scope(self.state.boards[page.scope]), page.cursor)

    def lines(self) -> list[str]:
        """What the connectors asked so far, as "METHOD /path?query"."""
        return [one.url for one in self.sandbox.requests]


@pytest.fixture
def site() -> Iterator[Site]:
    with Sandbox() as sandbox:
        made = Site(sandbox)
        yield made
        for connector in made.connectors:
            connector.close()
