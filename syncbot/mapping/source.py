"""Reads a mapping file: its shape is checked here, its names when the connection's vocabulary is known."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from syncbot.errors import ConfigErrors
from syncbot.mapping.words import (
    DECISIONS,
    FIELDS,
    WORDS,
    About,
    Choice,
    Condition,
    Name,
    Question,
    Source,
    Spot,
    Tables,
    Way,
)
from syncbot.model import KINDS, STATUSES
from syncbot.toml import Table, nearest, read, spell

UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 8 * 3600}
"""Seconds in a unit of effort; a day is a working day of eight hours."""

_RESULTS: dict[str, tuple[str, ...]] = {
    "kind": ("ignore", *KINDS),
    "status": STATUSES,
    "priority": ("1", "2", "3", "4", "5"),
    "flagged": ("any",),
    "committed": ("any",),
    "side": ("product", "project"),
}
_LINKS = ("blocks", "blocked_by", "twin", "child_of", "relates")
_DERIVED = ("goal", "feature", "milestone", "sprint")
_DERIVED_FROM = ("label", "list", "section", "sprint", "field")
_TABLES = ("fields", *DECISIONS, "links", "derive")


def preset(tool: str) -> Path:
    """The mapping that ships for a tool; it need not exist. In a checkout it stands beside the package."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "mappings"
    return (inside if inside.is_dir() else package.parent / "mappings") / f"{tool}.toml"


def load(path: Path) -> Source:
    """The file, checked as far as one can without asking the tool. Raises ConfigErrors with all mistakes at once."""
    root = read(path)
    if root.integer("version", None) != 1 and not root.mistakes:
        root.mistake("version" if "version" in root.data else (), "must be there and be 1: version = 1.")
    general = _tables(root)
    scopes = root.named("scope")
    source = Source(
        file=path,
        general=general,
        scopes=tuple((Name(name, _spot(table, ())), _tables(table)) for name, table in scopes.items()),
        strict=root.flag("strict", True),
    )
    if mistakes := root.finish():
        raise ConfigErrors(mistakes)
    return source


def _tables(table: Table) -> Tables:
    table.known.update(_TABLES)
    links = table.table("links")
    keys = links.flag("keys", None)
    return Tables(
        fields=_fields(table.table("fields")),
        decisions={name: _choices(table.table(name), name) for name in DECISIONS if name in table.data},
        links={name: _names(links, name) for name in _LINKS if links.get(name) is not None},
        keys=keys,
        derive=_derive(table.table("derive")),
    )


def _spot(table: Table, way: tuple[str | int, ...]) -> Spot:
    return Spot(table.file, table.line(*way), spell((*table.where, *way)))


def _names(table: Table, key: str) -> tuple[Name, ...]:
    several = isinstance(table.data.get(key), list)
    texts = table.texts(key)
    return tuple(Name(text, _spot(table, (key, at) if several else (key,))) for at, text in enumerate(texts))


# Fields ---------------------------------------------------------------------------------------------------------------


def _fields(table: Table) -> dict[str, tuple[Way, ...]]:
    table.known.update(FIELDS)
    return {field: _ways(table, field) for field in table.data if field in FIELDS}


def _ways(table: Table, field: str) -> tuple[Way, ...]:
    """``"Name"``, ``{ field = "Name", unit = "hours" }``, ``{ title = "(#)" }``, or a list of those."""
    value = table.data[field]
    ways = []
    for at, entry in enumerate(value if isinstance(value, list) else [value]):
        way = (field, at) if isinstance(value, list) else (field,)
        if isinstance(entry, dict):
            ways.append(_way(table, field, way, entry))
        elif not isinstance(entry, str) or not entry.strip():
            table.mistake(way, "must be a field's name, or { field = ..., unit = ... }, or { title = ... }.")
        elif field.endswith("minutes"):
            table.mistake(
                way, "needs a unit.", f'Write {{ field = "{entry}", unit = "seconds" }} (or minutes, hours, days).'
            )
        else:
            ways.append(Way(_spot(table, way), Name(entry, _spot(table, way))))
    return tuple(way for way in ways if way is not None)


def _way(table: Table, field: str, way: tuple[str | int, ...], entry: dict[str, object]) -> Way | None:
    inner = Table(table.file, entry, (*table.where, *way), table.lines, table.mistakes, table.line())
    table.children.append(inner)
    timed = field.endswith("minutes")
    name, title = inner.text("field", None), inner.text("title", None)
    unit = inner.choice("unit", tuple(UNITS), None, need=True) if timed else None
    if ("field" in entry) == ("title" in entry):
        inner.mistake((), 'needs either "field" or "title".')
        return None
    if title is not None and field != "points" and not timed:
        inner.mistake("title", "can only give numbers: points or minutes.")
        return None
    if title is not None and title.count("#") != 1:
        inner.mistake("title", 'needs one "#" where the number stands, as in "(#)".')
        return None
    spot = _spot(inner, ())
    return Way(spot, Name(name, _spot(inner, ("field",))) if name else None, title, UNITS[unit or "minutes"])


# Conditions -----------------------------------------------------------------------------------------------------------


def _choices(table: Table, name: str) -> tuple[Choice, ...]:
    allowed = _RESULTS.get(name)
    table.known.update(allowed or table.data)
    choices = []
    taker = None
    for key in table.data:
        if allowed is not None and key not in allowed:
            continue
        if taker is not None and name != "requires":
            table.mistake(key, f'can never match: "{taker}" above it takes everything.')
        tables = table.tables(key)
        conditions = _conditions(tables)
        choices.append(Choice(key, conditions, tuple(_spot(one, ()) for one in tables)))
        if () in conditions:
            taker = key
    return tuple(choices)


def _conditions(tables: Iterable[Table]) -> tuple[Condition, ...]:
    return tuple(tuple(_questions(table)) for table in tables)


def _questions(table: Table) -> list[Question]:
    flags: tuple[About, ...] = ("complete", "archived")
    return [
        *(
            Question(about, _spot(table, (about,)), names)
            for about in (*WORDS, "sprint", "title")
            if table.get(about) is not None and (names := _names(table, about))
        ),
        *(
            Question(flag, _spot(table, (flag,)), exact=(value,))
            for flag in flags
            if (value := table.flag(flag, None)) is not None
        ),
        *_field_questions(table),
    ]


def _field_questions(table: Table) -> list[Question]:
    """``field = "A"`` (is filled), ``["A", "B"]`` (one of them is), ``{ "A" = ["x", 3, true] }`` (holds one)."""
    value = table.get("field")
    spot = _spot(table, ("field",))
    if isinstance(value, dict):
        inner = table.table("field")
        return [_value_question(inner, name) for name in inner.data]
    names = _names(table, "field") if value is not None else ()
    return [Question("field", spot, names)] if names else []


def _value_question(table: Table, name: str) -> Question:
    value = table.get(name)
    several = isinstance(value, list)
    spot = _spot(table, (name,))
    texts: list[Name] = []
    exact: list[bool | int | float] = []
    for at, entry in enumerate(value if isinstance(value, list) else [value]):
        if isinstance(entry, str) and entry.strip():
            texts.append(Name(entry, _spot(table, (name, at) if several else (name,))))
        elif isinstance(entry, bool | int | float):
            exact.append(entry)
        else:
            table.mistake((name, at) if several else name, "must be text, a number, true or false.")
    return Question("field", spot, tuple(texts), Name(name, spot), tuple(exact))


# Derived items --------------------------------------------------------------------------------------------------------


def _derive(table: Table) -> dict[str, tuple[Question, ...]]:
    table.known.update(_DERIVED)
    return {kind: tuple(_origins(table.tables(kind))) for kind in table.data if kind in _DERIVED}


def _origins(tables: Iterable[Table]) -> list[Question]:
    """``{ label = "Goal: *" }``, ``{ field = "Fix versions" }``: where the names of derived items stand."""
    origins = []
    for table in tables:
        questions = [it for it in _questions(table) if it.about in _DERIVED_FROM]
        for wrong in table.data.keys() - set(_DERIVED_FROM):
            table.mistake(wrong, "cannot name what is derived.", nearest(wrong, _DERIVED_FROM))
        if not questions:
            table.mistake((), f"needs one of {', '.join(_DERIVED_FROM)}.")
        origins += questions
    return origins
