"""What Asana holds, in Asana's own words. Instants are aware datetimes in UTC, days ISO text; everything has a gid."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class AsanaUser:
    """A user; ``guest``: of the workspace, from outside."""

    gid: str
    name: str
    email: str = ""
    guest: bool = False


@dataclass(slots=True)
class AsanaTeam:
    """A team of the organisation."""

    gid: str
    name: str
    members: list[str] = field(default_factory=list)


@dataclass(slots=True)
class AsanaOption:
    """An option of a custom field of type enum or multi_enum."""

    gid: str
    name: str
    color: str = "none"
    enabled: bool = True


@dataclass(slots=True)
class AsanaField:
    """A custom field; ``type`` is text, number, enum, multi_enum, date or people, ``precision`` that of a number."""

    gid: str
    name: str
    type: str
    created: datetime
    options: list[AsanaOption] = field(default_factory=list)
    precision: int = 0
    description: str = ""


@dataclass(slots=True)
class AsanaProject:
    """A project. ``privacy``: public_to_workspace, private_to_team or private; ``fields``: setting gid to field gid.

    ``commenters``: those of its ``members`` who may not edit.
    """

    gid: str
    name: str
    team: str
    owner: str | None
    created: datetime
    modified: datetime
    html_notes: str = "<body></body>"
    archived: bool = False
    completed: bool = False
    privacy: str = "public_to_workspace"
    color: str | None = None
    view: str = "list"
    start_on: str | None = None
    due_on: str | None = None
    members: list[str] = field(default_factory=list)
    commenters: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class AsanaSection:
    """A section of a project, with its tasks from top to bottom."""

    gid: str
    project: str
    name: str
    created: datetime
    tasks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class AsanaTask:
    """A task. ``places``: project gid to section gid; ``values``: field gid to text, number, option gid(s), day or
    user gids. ``due_at`` and ``due_on`` as Asana keeps them: the first implies the second.
    """

    gid: str
    name: str
    creator: str
    created: datetime
    modified: datetime
    subtype: str = "default_task"
    html_notes: str = "<body></body>"
    assignee: str | None = None
    completed: datetime | None = None
    completed_by: str | None = None
    start_on: str | None = None
    due_on: str | None = None
    due_at: datetime | None = None
    parent: str | None = None
    places: dict[str, str] = field(default_factory=dict)
    subtasks: list[str] = field(default_factory=list)
    dependencies: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    followers: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    external: dict[str, str] | None = None


@dataclass(slots=True)
class AsanaStory:
    """What was said of a task (``type`` comment) or happened to it (system); ``told``: what changed, by property."""

    gid: str
    task: str
    author: str
    created: datetime
    html_text: str
    type: str = "comment"
    subtype: str = "comment_added"
    edited: bool = False
    told: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class AsanaTag:
    """A tag of the workspace."""

    gid: str
    name: str
    created: datetime
    color: str | None = None


@dataclass(slots=True)
class AsanaStatus:
    """A status update of a project, a portfolio or a goal; ``kind`` is Asana's status_type."""

    gid: str
    parent: str
    title: str
    kind: str
    html_text: str
    author: str
    created: datetime


@dataclass(slots=True)
class AsanaGoal:
    """A goal; ``status`` is None as long as nobody said how it goes. ``parts``: what supports it, as (kind, gid)."""

    gid: str
    name: str
    owner: str | None
    team: str | None = None
    notes: str = ""
    start_on: str | None = None
    due_on: str | None = None
    status: str | None = None
    parts: list[tuple[str, str]] = field(default_factory=list)
    privacy: str = "public_to_workspace"


@dataclass(slots=True)
class AsanaPortfolio:
    """A portfolio and the projects in it; ``members``: whom it is shared with, besides its owner."""

    gid: str
    name: str
    owner: str
    created: datetime
    color: str = "light-green"
    items: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)


@dataclass(slots=True)
class AsanaEvent:
    """Something that happened to ``resource`` (kind, gid). ``about``: the gids whose subscribers are told."""

    at: datetime
    user: str | None
    resource: tuple[str, str]
    action: str
    about: frozenset[str]
    parent: tuple[str, str] | None = None
    change: str | None = None


@dataclass(slots=True)
class AsanaState:
    """Asana as seen by the accounts of ``tokens``: token to user gid. ``site`` is the address of its pages.

    ``syncs`` are the sync tokens of events: (resource, how many events were told, given out at); ``offsets`` those of
    pages: (what they continue, position, given out at). Forgetting them all is what expiry looks like.
    """

    site: str
    workspace: str = ""
    name: str = ""
    tokens: dict[str, str] = field(default_factory=dict)
    users: dict[str, AsanaUser] = field(default_factory=dict)
    teams: dict[str, AsanaTeam] = field(default_factory=dict)
    fields: dict[str, AsanaField] = field(default_factory=dict)
    projects: dict[str, AsanaProject] = field(default_factory=dict)
    sections: dict[str, AsanaSection] = field(default_factory=dict)
    tasks: dict[str, AsanaTask] = field(default_factory=dict)
    stories: dict[str, AsanaStory] = field(default_factory=dict)
    tags: dict[str, AsanaTag] = field(default_factory=dict)
    statuses: dict[str, AsanaStatus] = field(default_factory=dict)
    goals: dict[str, AsanaGoal] = field(default_factory=dict)
    portfolios: dict[str, AsanaPortfolio] = field(default_factory=dict)
    events: list[AsanaEvent] = field(default_factory=list)
    syncs: dict[str, tuple[str, int, datetime]] = field(default_factory=dict)
    offsets: dict[str, tuple[str, int, datetime]] = field(default_factory=dict)
    sequence: int = 0

    def next_gid(self) -> str:
        """A new gid: sixteen digits, as Asana's own."""
        self.sequence += 1
        return str(1_200_000_000_000_000 + self.sequence)

    def expire(self) -> None:
        """Let every sync token and every offset be too old."""
        self.syncs.clear()
        self.offsets.clear()

    def place(self, task: AsanaTask, section: AsanaSection, index: int | None = None) -> None:
        """Put a task into a section (and so into its project), at the end or at an index."""
        self.unplace(task, section.project)
        task.places[section.project] = section.gid
        section.tasks.insert(len(section.tasks) if index is None else index, task.gid)

    def unplace(self, task: AsanaTask, project: str) -> None:
        """Take a task out of a project."""
        if (before := task.places.pop(project, None)) is not None:
            self.sections[before].tasks.remove(task.gid)

    def tell(
        self,
        at: datetime,
        user: str | None,
        resource: tuple[str, str],
        action: str,
        *about: str,
        parent: tuple[str, str] | None = None,
        change: str | None = None,
    ) -> None:
        """Tell the subscribers of a resource, of its parent and of what else it is ``about``, in the order of time."""
        heard = {resource[1], *about, *([parent[1]] if parent else [])}
        self.events.append(AsanaEvent(at, user, resource, action, frozenset(heard), parent, change))

    def touch(self, task: AsanaTask, at: datetime, user: str | None, *changes: str) -> None:
        """Stamp an edit of a task and tell of it, field by field."""
        task.modified = at
        for change in changes:
            self.tell(at, user, ("task", task.gid), "changed", *task.places, *self._above(task), change=change)

    def _above(self, task: AsanaTask) -> list[str]:
        """The projects that hold the task's ancestors are told of it too, and so are its ancestors."""
        heard: list[str] = []
        seen = {task.gid}
        while task.parent and task.parent not in seen and (parent := self.tasks.get(task.parent)):
            heard += [parent.gid, *parent.places]
            seen.add(parent.gid)
            task = parent
        return heard
