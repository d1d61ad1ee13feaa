"""What Trello holds, in Trello's own words. Instants are aware datetimes in UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class TrelloMember:
    """A member; other members' e-mail addresses are never shown."""

    id: str
    username: str
    name: str
    email: str = ""
    deactivated: bool = False


@dataclass(slots=True)
class TrelloLabel:
    """A label of a board; many have only a colour."""

    id: str
    board: str
    name: str
    color: str | None = None


@dataclass(slots=True)
class TrelloList:
    """A list of a board. ``closed``: archived; its cards keep ``closed`` false."""

    id: str
    board: str
    name: str
    pos: float
    closed: bool = False


@dataclass(slots=True)
class TrelloOption:
    """An option of a custom field of type list."""

    id: str
    text: str
    pos: float = 0
    color: str = "none"


@dataclass(slots=True)
class TrelloField:
    """A custom field of a board; ``type`` is text, number, date, checkbox or list."""

    id: str
    board: str
    name: str
    type: str
    pos: float = 0
    options: list[TrelloOption] = field(default_factory=list)


@dataclass(slots=True)
class TrelloAttachment:
    """Something attached to a card: an address, or (``upload``) a file."""

    id: str
    name: str
    url: str
    date: datetime
    member: str
    upload: bool = False


@dataclass(slots=True)
class TrelloCheckItem:
    """An item of a checklist; ``state`` is complete or incomplete."""

    id: str
    name: str
    state: str = "incomplete"
    pos: float = 0


@dataclass(slots=True)
class TrelloChecklist:
    """A checklist of a card."""

    id: str
    card: str
    name: str
    pos: float = 0
    items: list[TrelloCheckItem] = field(default_factory=list)


@dataclass(slots=True)
class TrelloCard:
    """A card. ``values``: custom field id to what the API shows, ``{"value": {...}}`` or ``{"idValue": ...}``."""

    id: str
    board: str
    list_id: str
    name: str
    number: int
    short_link: str
    pos: float
    active: datetime
    creator: str
    desc: str = ""
    closed: bool = False
    due: datetime | None = None
    start: datetime | None = None
    complete: bool = False
    is_template: bool = False
    members: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    attachments: list[TrelloAttachment] = field(default_factory=list)
    values: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class TrelloAction:
    """An entry of a board's history; ``data`` is as the API shows it."""

    id: str
    type: str
    board: str
    card: str | None
    member: str
    date: datetime
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class TrelloBoard:
    """A board; ``permission`` is private, org or public; ``roles`` gives each member's (admin, normal, observer)."""

    id: str
    name: str
    short_link: str
    active: datetime
    desc: str = ""
    closed: bool = False
    permission: str = "org"
    roles: dict[str, str] = field(default_factory=dict)
    counter: int = 0


@dataclass(slots=True)
class TrelloState:
    """Trello as seen by the accounts of ``tokens``: (key, token) to member id. ``sequence`` gives out ids."""

    site: str
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    members: dict[str, TrelloMember] = field(default_factory=dict)
    boards: dict[str, TrelloBoard] = field(default_factory=dict)
    lists: dict[str, TrelloList] = field(default_factory=dict)
    labels: dict[str, TrelloLabel] = field(default_factory=dict)
    fields: dict[str, TrelloField] = field(default_factory=dict)
    cards: dict[str, TrelloCard] = field(default_factory=dict)
    checklists: dict[str, TrelloChecklist] = field(default_factory=dict)
    actions: list[TrelloAction] = field(default_factory=list)
    sequence: int = 0

    def next_id(self, at: datetime) -> str:
        """A new id: 24 hex digits, the first eight of which are the second of its creation, as in Trello's own."""
        self.sequence += 1
        return f"{int(at.timestamp()):08x}5a5a5a5a{self.sequence:08x}"

    def card(self, id_or_link: str) -> TrelloCard | None:
        """The card of an id or a short link."""
        if found := self.cards.get(id_or_link):
            return found
        return next((one for one in self.cards.values() if one.short_link == id_or_link), None)

    def board(self, id_or_link: str) -> TrelloBoard | None:
        """The board of an id or a short link."""
        if found := self.boards.get(id_or_link):
            return found
        return next((one for one in self.boards.values() if one.short_link == id_or_link), None)
