"""What a connector says: records, and the accounts, sprints and words around them."""

from __future__ import annotations

from typing import Literal

from syncbot.model.kinds import Category, SprintState, Struct, Value

CHOICE = ":id"
"""Behind the id of a field: the tool's id of the option that is chosen there, beside its name, which people change."""

EPOCH = "1970-01-01T00:00:00.000Z"
"""When something changed that does not say when."""


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

    ``fields`` holds values by the tool's field id. A person in it is an account's remote id; an option is its name (its
    id stands under the field's id with `CHOICE`, where that is asked for); a list is a tuple; emptiness is absence.
    A `Word` is kept with its id, so that a renamed one is recognised. Long text is not kept: only its word count and
    whether it states a reason.
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


class Entry(Struct, frozen=True):
    """One field of a record (``item``) from one value to another, as the tool's history tells it; None is empty.

    ``remote_id`` tells the entry from all others of the connection. ``field`` is a facet of `Record` ("status", "type",
    "priority", "resolution", "sprint", "labels", "section", "title", "archived", "complete") or the id of a field.
    Values are as they were called at that time; one that has several holds them in one text: ids with commas between,
    labels with spaces. Of what is true or false, None is false.
    """

    remote_id: str
    item: str
    at: str
    field: str
    old: Word | None = None
    new: Word | None = None
    account: str | None = None


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


class Board(Struct, frozen=True):
    """A board on which sprints are open or to come: ``sprints`` are their remote ids."""

    remote_id: str
    name: str
    scope: str
    sprints: tuple[str, ...]


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
    """What a connection reads: a Jira project, a Trello board.

    ``public``: anyone, or a guest, can read it; ``private``: only its own members or team can, as far as the tool says.
    """

    remote_id: str
    key: str
    name: str
    url: str = ""
    public: bool = False
    private: bool = False
    archived: bool = False


class Vocabulary(Struct, frozen=True):
    """What the admin's words can mean on one connection: its fields and words with their ids and names."""

    fields: tuple[Field, ...] = ()
    terms: tuple[Term, ...] = ()
