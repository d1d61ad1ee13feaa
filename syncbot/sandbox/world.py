"""What the sandbox's tools hold: plain mutable state per tool, and the one clock that stamps every edit.

The vendor's own words and shapes are used (a Jira issue, a Trello card), because the HTTP routes, the mutations and the
pages for people all read and write this same state. Instants are aware datetimes in UTC, dates are ISO text. What is
here knows nothing of HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

# Jira -----------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class JiraUser:
    """A user; ``email`` is hidden from others unless ``shows_email`` (as the profile's visibility decides)."""

    id: str
    name: str
    email: str
    active: bool = True
    timezone: str = "Europe/London"
    shows_email: bool = True
    type: str = "atlassian"


@dataclass(slots=True)
class JiraWord:
    """A status, type, priority, resolution or security level. ``category``: new, indeterminate or done (statuses)."""

    id: str
    name: str
    category: str = ""
    level: int = 0
    description: str = ""


@dataclass(slots=True)
class JiraLinkType:
    """A link type: the inward issue ``outward`` (blocks) the outward one, which is ``inward`` (is blocked by) it."""

    id: str
    name: str
    inward: str
    outward: str


@dataclass(slots=True)
class JiraField:
    """A field. ``schema`` is Jira's own description of its type; None for the few that have none (issuekey)."""

    id: str
    name: str
    schema: dict[str, Any] | None
    custom: bool = False
    options: list[str] = field(default_factory=list)


@dataclass(slots=True)
class JiraProject:
    """A project and what can be used in it. ``counter`` numbers its issues; ``hidden``: no caller may see it."""

    id: str
    key: str
    name: str
    lead: str
    types: list[str]
    statuses: list[str]
    simplified: bool = False
    archived: bool = False
    private: bool = True
    hidden: bool = False
    counter: int = 0


@dataclass(slots=True)
class JiraVersion:
    """A version of a project; dates are ISO text."""

    id: str
    project: str
    name: str
    released: bool = False
    archived: bool = False
    start: str | None = None
    release: str | None = None
    description: str = ""


@dataclass(slots=True)
class JiraBoard:
    """A board; ``kind`` is scrum or kanban."""

    id: int
    name: str
    kind: str
    project: str
    estimate_field: str | None = None


@dataclass(slots=True)
class JiraSprint:
    """A sprint; ``state`` is future, active or closed."""

    id: int
    board: int
    name: str
    state: str
    start: datetime | None = None
    end: datetime | None = None
    completed: datetime | None = None
    goal: str = ""


@dataclass(slots=True)
class JiraComment:
    """A comment; ``body`` is ADF."""

    id: str
    author: str
    body: dict[str, Any]
    created: datetime
    updated: datetime


@dataclass(slots=True)
class JiraIssue:
    """An issue. People, words and parents are held by id; ``fields`` holds custom fields as Jira shows them."""

    id: str
    key: str
    project: str
    type: str
    status: str
    summary: str
    created: datetime
    updated: datetime
    status_changed: datetime
    creator: str
    reporter: str | None = None
    assignee: str | None = None
    description: dict[str, Any] | None = None
    priority: str | None = None
    resolution: str | None = None
    resolved: datetime | None = None
    labels: list[str] = field(default_factory=list)
    parent: str | None = None
    due: str | None = None
    versions: list[str] = field(default_factory=list)
    sprints: list[int] = field(default_factory=list)
    security: str | None = None
    estimate_seconds: int | None = None
    left_seconds: int | None = None
    spent_seconds: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)
    comments: list[JiraComment] = field(default_factory=list)
    old_keys: list[str] = field(default_factory=list)


@dataclass(slots=True)
class JiraLink:
    """A link between two issues, by their ids: ``source`` blocks ``target``."""

    id: str
    type: str
    source: str
    target: str


@dataclass(slots=True)
class JiraState:
    """One Jira Cloud site. ``tokens``: e-mail to (API token, account id). ``sequence`` gives out numeric ids."""

    site: str
    tokens: dict[str, tuple[str, str]] = field(default_factory=dict)
    users: dict[str, JiraUser] = field(default_factory=dict)
    projects: dict[str, JiraProject] = field(default_factory=dict)
    types: dict[str, JiraWord] = field(default_factory=dict)
    statuses: dict[str, JiraWord] = field(default_factory=dict)
    priorities: dict[str, JiraWord] = field(default_factory=dict)
    resolutions: dict[str, JiraWord] = field(default_factory=dict)
    levels: dict[str, JiraWord] = field(default_factory=dict)
    link_types: dict[str, JiraLinkType] = field(default_factory=dict)
    fields: dict[str, JiraField] = field(default_factory=dict)
    versions: dict[str, JiraVersion] = field(default_factory=dict)
    boards: dict[int, JiraBoard] = field(default_factory=dict)
    sprints: dict[int, JiraSprint] = field(default_factory=dict)
    issues: dict[str, JiraIssue] = field(default_factory=dict)
    links: dict[str, JiraLink] = field(default_factory=dict)
    sequence: int = 10_000

    def next_id(self) -> str:
        """A numeric id that this site has not given out yet."""
        self.sequence += 1
        return str(self.sequence)

    def issue(self, id_or_key: str) -> JiraIssue | None:
        """The issue of an id, a key or a key that it had before it moved; None if it cannot be seen."""
        key = id_or_key.upper()
        found = self.issues.get(id_or_key) or next(
            (one for one in self.issues.values() if one.key == key or key in one.old_keys), None
        )
        return None if found is None or self.projects[found.project].hidden else found

    def project(self, id_or_key: str) -> JiraProject | None:
        """The project of an id or a key; None if it cannot be seen."""
        return next((one for one in self.seen_projects() if id_or_key == one.id or id_or_key.upper() == one.key), None)

    def seen_projects(self) -> list[JiraProject]:
        """The projects that callers may see."""
        return [one for one in self.projects.values() if not one.hidden]


# Trello ---------------------------------------------------------------------------------------------------------------


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


# Both -----------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class World:
    """Both tools and their clock. ``now`` stands still until `set_clock`; `stamp` still tells any two edits apart.

    ``version`` counts edits for ever, so that ``searches`` (results by account and query) are known to be stale.
    ``unindexed``: Jira issues that search does not know yet, which grows while ``indexing`` is off.
    """

    now: datetime
    jira: JiraState
    trello: TrelloState
    version: int = 0
    last: datetime | None = None
    indexing: bool = True
    unindexed: set[str] = field(default_factory=set)
    searches: dict[tuple[str, str], tuple[int, list[str]]] = field(default_factory=dict)

    def stamp(self) -> datetime:
        """The instant of the next edit: ``now``, or a millisecond after the edit before if that is later."""
        self.version += 1
        self.last = max(self.now, self.last + timedelta(milliseconds=1)) if self.last else self.now
        return self.last

    def set_clock(self, now: datetime) -> None:
        """Move the clock; backwards, edits before and after can no longer be told apart by their times."""
        if now < self.now:
            self.last = None
        self.now = now
