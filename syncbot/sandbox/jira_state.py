"""What a Jira site holds, in Jira's own words. Instants are aware datetimes in UTC, dates are ISO text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


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
    """A status, type, priority, resolution or security level. ``category``: new, indeterminate or done (statuses).

    ``editable``: what the property jira.issue.editable of a status in its workflow says.
    """

    id: str
    name: str
    category: str = ""
    level: int = 0
    description: str = ""
    editable: bool = True


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
class JiraTeam:
    """A team. ``option``: the id of the option that it is in Data Center's select list."""

    id: str
    option: str
    name: str


@dataclass(slots=True)
class JiraProject:
    """A project and what can be used in it. ``counter`` numbers its issues; ``hidden``: no caller may see it.

    ``denied``: the permissions that nobody has there any more.
    """

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
    denied: set[str] = field(default_factory=set)


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
class JiraChange:
    """A change of one field (by its id) of an issue: the ids of words and people, and their names at that time."""

    id: str
    author: str
    at: datetime
    field: str
    old: str | None
    old_name: str | None
    new: str | None
    new_name: str | None


@dataclass(slots=True)
class JiraIssue:
    """An issue. People, words, teams and parents are held by id; ``fields`` holds custom fields as Jira shows them.

    ``description``: ADF, or the wiki markup that was written through Data Center. ``archived``: no search finds it.
    """

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
    description: dict[str, Any] | str | None = None
    priority: str | None = None
    resolution: str | None = None
    resolved: datetime | None = None
    labels: list[str] = field(default_factory=list)
    parent: str | None = None
    due: str | None = None
    versions: list[str] = field(default_factory=list)
    sprints: list[int] = field(default_factory=list)
    security: str | None = None
    archived: bool = False
    estimate_seconds: int | None = None
    left_seconds: int | None = None
    spent_seconds: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)
    comments: list[JiraComment] = field(default_factory=list)
    old_keys: list[str] = field(default_factory=list)
    changes: list[JiraChange] = field(default_factory=list)


@dataclass(slots=True)
class JiraLink:
    """A link between two issues, by their ids: ``source`` blocks ``target``."""

    id: str
    type: str
    source: str
    target: str


@dataclass(slots=True)
class JiraState:
    """One Jira site, served as Cloud and as Data Center.

    ``tokens``: e-mail to (API token, account id). ``sequence`` gives out numeric ids.
    """

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
    teams: dict[str, JiraTeam] = field(default_factory=dict)
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
