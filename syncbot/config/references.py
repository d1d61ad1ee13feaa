"""What the tables of a config refer to: one another, and files and variables around the config."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from syncbot.config.settings import SIDES, Tool
from syncbot.model import Struct
from syncbot.patterns import matches
from syncbot.toml import Table, nearest


class Surroundings(Struct, frozen=True):
    """What tables may refer to: files and variables around the config, and what other tables name.

    ``people`` and ``teams`` are None when a directory adds some that this file does not name.
    """

    base: Path
    env: Mapping[str, str]
    tools: Mapping[str, Tool]
    secrets: bool
    connections: Collection[str]
    people: Collection[str] | None
    teams: Collection[str] | None


def file(table: Table, key: str, around: Surroundings) -> Path | None:
    """A file that must be there, unless secrets may be missing too."""
    name = table.text(key, None)
    if name is None:
        return None
    path = around.base / name
    if around.secrets and not path.is_file():
        table.mistake(key, "is not a file.")
    return path


def reference(table: Table, key: str, names: Collection[str] | None, what: str, *, need: bool = False) -> str | None:
    """A name that must be one of ``names``; None there means that they are not all known."""
    name = table.text(key, None, need=need)
    if name is not None:
        known(table, key, name, names, what)
    return name


def known(table: Table, way: str | tuple[str | int, ...], name: str, names: Collection[str] | None, what: str) -> None:
    """Note a name that is not among the names."""
    if names is not None and name not in names:
        table.mistake(way, f'no {what} is called "{name}" here.', nearest(name, names))


def people(table: Table, key: str, around: Surroundings) -> tuple[str, ...]:
    """Keys of people, and roles."""
    written = table.texts(key)
    for at, name in enumerate(written):
        known(table, (key, at), name, None if around.people is None else (*SIDES, *around.people), "person or role")
    return written


def places(table: Table, key: str, around: Surroundings) -> tuple[str, ...]:
    """Places of known connections."""
    written = table.texts(key)
    for at, place in enumerate(written):
        known_place(table, (key, at), place, around)
    return written


def known_place(table: Table, way: tuple[str | int, ...], place: str, around: Surroundings) -> None:
    """A "connection" or "connection/scope" whose first part must match a connection of this file."""
    name = place.partition("/")[0]
    if not any(matches(name, connection) for connection in around.connections):
        table.mistake(way, f'no connection is called "{name}" here.', nearest(name, around.connections))
