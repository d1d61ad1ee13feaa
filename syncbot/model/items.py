"""What the mapping makes of a record: an item, who is on it, and what it is tied to."""

from __future__ import annotations

from typing import Literal

from syncbot.model.kinds import Kind, LinkType, Side, Status, Struct
from syncbot.model.records import Facet, Place, Sprint, Word


class Item(Struct, frozen=True):
    """A record mapped onto the model. Identity: (connection, remote_id). ``derived_from`` names the facet of an item
    that is no record of its own (a goal from a label, a milestone from a version). ``owner`` is an account's remote
    id; ``committed`` is None unless the mapping's ``[committed]`` decides. ``team``: what its team field holds.
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
    team: Word | None = None
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


class Change(Struct, frozen=True):
    """One of our fields of an item from one value to another at an instant; ``account``: the remote id of who did it.

    ``field`` "sprint" tells of one sprint (its remote id) that the item came into or left, "owner" of an account's.
    """

    field: str
    old: str | None
    new: str | None
    at: str
    account: str | None = None


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
