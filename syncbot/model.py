"""The words of syncbot as types: frozen, slotted, and free of any tool.

Everything that crosses from one stage of the pipeline to the next is defined here, so that the stages need not know
each other. Two formats hold everywhere: a *date* is ISO text (``"2026-11-02"``), an *instant* is ISO text in UTC that
ends in Z (``"2026-11-02T09:30:00.000Z"``). Days are integers counted from 1970-01-01. Effort is in points or in
minutes, never both in one field.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["goal", "feature", "milestone", "task"]
Side = Literal["product", "project"]
Status = Literal["planned", "ready", "doing", "paused", "done", "dropped"]
LinkType = Literal["child_of", "blocks", "twin_of", "relates"]
Severity = Literal["info", "warning", "error"]
Acts = Literal["product", "project", "both", "admin"]
Category = Literal["new", "doing", "done"]
SprintState = Literal["future", "active", "closed"]

KINDS: tuple[Kind, ...] = ("goal", "feature", "milestone", "task")
STATUSES: tuple[Status, ...] = ("planned", "ready", "doing", "paused", "done", "dropped")
OPEN: frozenset[Status] = frozenset({"planned", "ready", "doing", "paused"})
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")

Scalar = str | int | float | bool
Value = Scalar | tuple[Scalar, ...]


class Struct(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of every type here: immutable, without a ``__dict__``, equal by value, cheap to encode."""


# What a connector says ------------------------------------------------------------------------------------------------


class Word(Struct, frozen=True):
    """Something that the tool knows by an id and people by a name: a status, a type, a list, a label, a sprint."""

    id: str
    name: str


class Place(Struct, frozen=True):
    """Where a record lives: a scope, and the list or section in it. The first place of a record is its home."""

    scope: str
    section: Word | None = None
    position: float | None = None


class Reference(Struct, frozen=True):
    """A pointer from a record to something else, as the tool gave it; whether it counts is decided later.

    ``target`` is a remote id of the same connection (``form="id"``), a URL (``"url"``) or a key found in free text
    (``"key"``). ``word`` is the tool's own link type, field or place ("Blocks", "Roadmap card", "attachment").
    ``inward`` turns the direction: the target blocks the record. ``parent`` marks the tool's own hierarchy.
    """

    target: str
    form: Literal["id", "url", "key"] = "id"
    word: Word | None = None
    inward: bool = False
    parent: bool = False


class Record(Struct, frozen=True):
    """What a tool said about one piece of work, in neutral words and lean: only what mappings can use.

    ``fields`` holds values by the tool's field id. A person in it is an account's remote id; an option is its name; a
    list is a tuple; emptiness is absence. ``words`` holds the values of multi-purpose facets by their id and name, so
    that a renamed one is recognised. Long text is not kept: only its word count and whether it states a reason.
    """

    remote_id: str
    ref: str
    url: str
    title: str
    changed: str
    places: tuple[Place, ...]
    created: str | None = None
    creator: str | None = None
    type: Word | None = None
    status: Word | None = None
    category: Category | None = None
    status_since: str | None = None
    resolution: Word | None = None
    priority: Word | None = None
    complete: bool | None = None
    archived: bool = False
    restricted: bool = False
    marker: str | None = None
    labels: tuple[Word, ...] = ()
    sprints: tuple[str, ...] = ()
    past_sprints: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    fields: dict[str, Value] = {}
    description_words: int | None = None
    has_reason: bool | None = None


class Account(Struct, frozen=True):
    """A person's login on one connection. ``email`` is None where the tool hides it; ``active`` None where unknown."""

    remote_id: str
    name: str
    email: str | None = None
    active: bool | None = None
    is_bot: bool = False
    timezone: str | None = None
    handle: str | None = None


class Sprint(Struct, frozen=True):
    """A sprint as the tool has it. ``board`` is the board's name; dates are absent on many future sprints."""

    remote_id: str
    name: str
    board: str
    state: SprintState
    scope: str | None = None
    start: str | None = None
    end: str | None = None
    closed: str | None = None
    goal: str | None = None


class Container(Struct, frozen=True):
    """What a tool keeps work in below a scope, other than sprints: a version, a list, a section."""

    remote_id: str
    scope: str
    type: Literal["version", "list", "section"]
    name: str
    closed: bool = False
    start_on: str | None = None
    due_on: str | None = None
    done_on: str | None = None


FieldType = Literal[
    "text", "number", "bool", "date", "instant", "person", "people", "option", "options", "url", "sprint", "other"
]


class Field(Struct, frozen=True):
    """A field of a connection as ``describe`` found it. ``scopes`` empty means every scope."""

    id: str
    name: str
    type: FieldType
    custom: bool = False
    scopes: tuple[str, ...] = ()
    filled_percent: int | None = None
    samples: tuple[str, ...] = ()


Facet = Literal["type", "status", "list", "section", "label", "priority", "resolution", "link", "sprint"]


class Term(Struct, frozen=True):
    """One word of a facet: a status with the tool's own category, a list of one board, a link type."""

    facet: Facet
    id: str
    name: str
    scope: str | None = None
    category: Category | None = None


class Scope(Struct, frozen=True):
    """What a connection reads: a Jira project, a Trello board. ``public``: anyone, or a guest, can read it."""

    remote_id: str
    key: str
    name: str
    url: str = ""
    public: bool = False
    archived: bool = False


class Vocabulary(Struct, frozen=True):
    """What the admin's words can mean on one connection: its fields and words with their ids and names."""

    fields: tuple[Field, ...] = ()
    terms: tuple[Term, ...] = ()


# What the mapping makes of it -----------------------------------------------------------------------------------------


class Item(Struct, frozen=True):
    """A record mapped onto the model. Identity: (connection, remote_id). ``derived_from`` names the facet of an item
    that is no record of its own (a goal from a label, a milestone from a version). ``owner`` is an account's remote
    id; ``committed`` is None unless the mapping's ``[committed]`` decides.
    """

    connection: str
    remote_id: str
    ref: str
    url: str
    kind: Kind
    side: Side
    title: str
    status: Status
    word: str
    home_scope: str
    changed: str
    section: str | None = None
    owner: str | None = None
    is_flagged: bool = False
    is_restricted: bool = False
    is_archived: bool = False
    committed: bool | None = None
    priority: int | None = None
    function: str | None = None
    requires: tuple[str, ...] = ()
    points: float | None = None
    minutes: int | None = None
    left_minutes: int | None = None
    spent_minutes: int | None = None
    start_on: str | None = None
    due_on: str | None = None
    created_on: str | None = None
    started_on: str | None = None
    done_on: str | None = None
    description_words: int | None = None
    has_reason: bool | None = None
    derived_from: Facet | Literal["version", "field"] | None = None


class Assignee(Struct, frozen=True):
    """An account on an item; ``share`` sums to 1 over an item's assignees."""

    account: str
    role: Literal["owner", "assignee", "member"]
    share: float


class Tie(Struct, frozen=True):
    """A mapped reference. ``meaning`` None: what it means depends on what the target is (DESIGN 2, link)."""

    target: str
    form: Literal["id", "url", "key"]
    origin: Literal["native", "url", "key", "config"]
    meaning: LinkType | Literal["twin"] | None = None
    inward: bool = False


class Unmapped(Struct, frozen=True):
    """A word or value that the mapping does not know, seen on one record."""

    facet: str
    word: str
    scope: str
    example: str


class Mapped(Struct, frozen=True):
    """Everything that one record became. ``item`` is None when the mapping ignores the record (or it is our report).

    ``derived`` are goals, milestones and sprints that the record's labels, lists or versions name; the record's own
    ``ties`` point at them.
    """

    remote_id: str
    item: Item | None
    assignees: tuple[Assignee, ...] = ()
    places: tuple[Place, ...] = ()
    sprints: tuple[str, ...] = ()
    past_sprints: tuple[str, ...] = ()
    ties: tuple[Tie, ...] = ()
    derived: tuple[Item, ...] = ()
    derived_sprints: tuple[Sprint, ...] = ()
    unmapped: tuple[Unmapped, ...] = ()


# What the admin says of people and rules ------------------------------------------------------------------------------


class KnownPerson(Struct, frozen=True):
    """A person of the config. ``accounts`` by connection: remote id, handle or e-mail; ``away``: inclusive dates."""

    key: str
    name: str | None = None
    email: str | None = None
    accounts: dict[str, str] = {}
    weekly_minutes: int | None = None
    region: str | None = None
    timezone: str | None = None
    away: tuple[tuple[str, str], ...] = ()
    roles: tuple[str, ...] = ()


class Team(Struct, frozen=True):
    """A team of the config: member keys, its lead's key, and boards or scopes as "connection/name".

    ``capacity`` is per sprint, by unit (``{"points": 40}`` or ``{"minutes": 4800}``); ``sprints_first`` (a date) and
    ``sprints_weeks`` give dates to sprints whose tool has none.
    """

    key: str
    members: tuple[str, ...] = ()
    lead: str | None = None
    boards: tuple[str, ...] = ()
    capacity: dict[str, float] = {}
    sprints_first: str | None = None
    sprints_weeks: int | None = None


class GoalSetting(Struct, frozen=True):
    """What the config says of a goal, by its title: the intended share of effort in percent, its owner's key."""

    title: str
    share: int | None = None
    owner: str | None = None


class RuleSetting(Struct, frozen=True):
    """What the config says of a rule; ``inside`` holds settings by "connection" or "connection/scope" pattern."""

    rule: str
    enabled: bool | None = None
    severity: Severity | None = None
    params: dict[str, Scalar] = {}
    inside: dict[str, RuleSetting] = {}


class Waiver(Struct, frozen=True):
    """A person accepts a finding until a date (inclusive). ``subject``: a key, short link, URL or fingerprint."""

    rule: str
    subject: str
    until: str
    reason: str
    by: str | None = None


class Report(Struct, frozen=True):
    """A report of the config: where it lives and what it may say.

    ``covers`` and ``may_show`` name connections or "connection/scope"; empty ``covers``: its own scope and what is
    linked to it; empty ``may_show``: its own connection. ``public`` allows a target that outsiders can read. ``each``:
    one report for every team.
    """

    connection: str
    scope: str
    title: str = "Alignment report"
    issue_type: str | None = None
    list: str | None = None
    section: str | None = None
    each: Literal["team"] | None = None
    side: Side | Literal["both"] = "both"
    covers: tuple[str, ...] = ()
    at_least: Severity = "info"
    may_show: tuple[str, ...] = ()
    names: bool = True
    public: bool = False


class Linked(Struct, frozen=True):
    """What is linked to a scope: subjects as (connection, remote id), and the (connection, scope) they live in."""

    subjects: frozenset[tuple[str, str]] = frozenset()
    scopes: frozenset[tuple[str, str]] = frozenset()


# What rules say -------------------------------------------------------------------------------------------------------


class Subject(Struct, frozen=True):
    """What a finding is about, or stands beside it as evidence, with all that a report needs to name it discreetly.

    ``scope`` is the remote id of its home scope.
    """

    view: str
    id: int
    connection: str
    scope: str
    remote_id: str
    ref: str
    title: str
    url: str
    is_restricted: bool = False


class Person(Struct, frozen=True):
    """Who can act. ``id`` None: an account that no person is known for; ``accounts``: remote ids by connection."""

    id: int | None
    name: str
    accounts: dict[str, str] = {}


class Evidence(Struct, frozen=True):
    """One row of a rule's answer: the sentence, the facts behind it, the second item if there is one.

    ``message`` holds ``{title}`` and ``{other}`` unfilled where a title stands, so that each report can decide
    whether its readers may see it; all other placeholders are filled.
    """

    message: str
    facts: dict[str, Scalar | None] = {}
    other: Subject | None = None


class Finding(Struct, frozen=True):
    """What a rule says of a subject. ``fingerprint`` identifies it over time and is safe to show."""

    rule: str
    fingerprint: str
    severity: Severity
    side: Acts
    subject: Subject
    evidence: tuple[Evidence, ...]
    person: Person | None = None


class CannotTell(Struct, frozen=True):
    """A rule had no fresh or filled data for ``count`` subjects of a scope (None: of one subject or of all).

    ``scope`` is "connection/key of the scope". ``reason`` names no number that an edit elsewhere would change, because
    reports show it. ``fingerprints``, where there are any, names the only findings that could not be told; the other
    subjects of the scope were.
    """

    rule: str
    scope: str | None
    reason: str
    count: int
    fingerprints: tuple[str, ...] = ()


class Checked(Struct, frozen=True):
    """The answer of one rule in one run: what it found, and where it could not tell."""

    rule: str
    findings: tuple[Finding, ...] = ()
    cannot_tell: tuple[CannotTell, ...] = ()


FindingState = Literal["new", "still", "resolved", "waived", "not_checked"]


class Stated(Struct, frozen=True):
    """A finding with its history: the state in this edition and the days it was first and last seen."""

    finding: Finding
    state: FindingState
    first_on: str
    last_on: str
    waiver: Waiver | None = None


class Source(Struct, frozen=True):
    """How fresh one scope is: the last complete read, and what went wrong since, in words for people.

    ``scope`` is the scope's remote id, ``key``, ``name`` and ``url`` are what people know it by.
    """

    connection: str
    tool: str
    scope: str
    name: str
    read_at: str | None
    promise_broken: bool = False
    error: str | None = None
    key: str = ""
    url: str = ""
