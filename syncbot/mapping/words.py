"""What a mapping file says, as data: conditions on a record's words and values, and ways to a field's value.

Nothing here knows a tool's ids; names stand as the admin wrote them, each with its place in the file, so that one
that does not exist can be pointed at.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from syncbot.errors import Mistake
from syncbot.model import Scalar, Struct

About = Literal[
    "type",
    "status",
    "resolution",
    "priority",
    "list",
    "section",
    "label",
    "sprint",
    "title",
    "complete",
    "archived",
    "field",
]
"""What a condition can look at."""

WORDS: tuple[About, ...] = ("type", "status", "resolution", "priority", "list", "section", "label")
"""Those of them whose values are words that the tool knows by an id, and that a record carries. (Of its sprints, which
come and go, a record has only the ids.)"""

FIELDS: tuple[str, ...] = (
    "owner",
    "assignees",
    "points",
    "minutes",
    "left_minutes",
    "spent_minutes",
    "start_on",
    "due_on",
)
"""Our fields that ``[fields]`` can fill; the rest of an item follows from words or is the same in every tool."""

DECISIONS: tuple[str, ...] = ("kind", "status", "priority", "flagged", "committed", "side", "function", "requires")
"""The tables of a mapping that are made of conditions."""


class Spot(Struct, frozen=True):
    """Where something stands in a mapping file: its line, and the way to it as people write it."""

    file: Path
    line: int
    key: str

    def mistake(self, message: str, hint: str = "") -> Mistake:
        """A mistake here."""
        return Mistake(self.file, self.line, self.key, message, hint)


class Name(Struct, frozen=True):
    """A name, id or pattern as the admin wrote it."""

    text: str
    spot: Spot


class Question(Struct, frozen=True):
    """What a condition asks of a record: that one of ``values`` or ``exact`` fits.

    Of ``field`` it asks for its values; without ``field``, ``values`` are fields of which one must be filled.
    """

    about: About
    spot: Spot
    values: tuple[Name, ...] = ()
    field: Name | None = None
    exact: tuple[Scalar, ...] = ()


Condition = tuple[Question, ...]
"""Questions that must all hold; none: always."""


class Choice(Struct, frozen=True):
    """A key of a table and what leads to it: any of its conditions, each of which stands at one of the ``spots``."""

    result: str
    conditions: tuple[Condition, ...]
    spots: tuple[Spot, ...] = ()


class Way(Struct, frozen=True):
    """One way to a field's value: a field of the tool, or a pattern in the title. ``unit``: seconds in one."""

    spot: Spot
    field: Name | None = None
    title: str | None = None
    unit: int = 60


class Tables(Struct, frozen=True):
    """The tables of a mapping: the general ones, or those of one ``[scope."X"]``. Only what was written is in them."""

    fields: dict[str, tuple[Way, ...]] = {}
    decisions: dict[str, tuple[Choice, ...]] = {}
    links: dict[str, tuple[Name, ...]] = {}
    keys: bool | None = None
    derive: dict[str, tuple[Question, ...]] = {}


class Source(Struct, frozen=True):
    """A mapping file. ``strict``: every name in the general tables must exist; in ``[scope."X"]`` it always must."""

    file: Path
    general: Tables
    scopes: tuple[tuple[Name, Tables], ...] = ()
    strict: bool = True


def merge(general: Tables, scope: Tables) -> Tables:
    """The tables of a scope: each key that it writes replaces the general one, in its place.

    Keys that are new come first, so that they are not hidden; whatever takes everything (``task = {}``) comes last.
    """
    return Tables(
        fields={**general.fields, **scope.fields},
        decisions={
            table: _merged(general.decisions.get(table, ()), scope.decisions.get(table, ()))
            for table in DECISIONS
            if table in general.decisions or table in scope.decisions
        },
        links={**general.links, **scope.links},
        keys=general.keys if scope.keys is None else scope.keys,
        derive={**general.derive, **scope.derive},
    )


def _merged(general: tuple[Choice, ...], scope: tuple[Choice, ...]) -> tuple[Choice, ...]:
    written = {choice.result: choice for choice in scope}
    known = {choice.result for choice in general}
    new = [choice for choice in scope if choice.result not in known]
    replaced = [written.get(choice.result, choice) for choice in general]
    return tuple(sorted([*new, *replaced], key=lambda choice: () in choice.conditions))
