"""Which properties of a resource an answer holds: the compact ones, all of them, or exactly what opt_fields names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from syncbot.sandbox.world import AsanaState

Wanted: TypeAlias = "Mapping[str, Wanted]"
Getter = Callable[[AsanaState, Any], Any]


ABSENT = object()
"""What a getter gives for a property that this one does not have."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of resource: its properties, the ones of its compact record, those that only opt_fields gives.

    ``bare``: what is shown of it where opt_fields names it but none of its properties.
    """

    name: str
    fields: dict[str, Getter]
    compact: tuple[str, ...] = ("resource_type", "name")
    opt_in: frozenset[str] = frozenset()
    bare: tuple[str, ...] = ("resource_type",)


class Ref(NamedTuple):
    """A resource within another one."""

    kind: Kind
    thing: Any


@lru_cache(maxsize=256)
def parse(fields: str) -> Wanted:
    """The dotted paths of opt_fields, as a tree. What no resource has is ignored, as Asana does."""
    root: dict[str, Any] = {}
    for path in fields.split(","):
        node = root
        for step in path.strip().split("."):
            if step and step != "this":
                node = node.setdefault(step, {})
    return root


def show(state: AsanaState, kind: Kind, thing: Any, fields: str | None, *, compact: bool = False) -> dict[str, Any]:
    """A resource as an answer has it."""
    if fields is not None:
        return _chosen(state, kind, thing, parse(fields))
    names = kind.compact if compact else [one for one in kind.fields if one not in kind.opt_in]
    return _named(state, kind, thing, names)


def instant(at: datetime | None) -> str | None:
    """An instant as Asana writes it."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z" if at else None


def _chosen(state: AsanaState, kind: Kind, thing: Any, wanted: Wanted) -> dict[str, Any]:
    shown = {} if thing.gid is None else {"gid": thing.gid}
    for name, below in wanted.items():
        if (getter := kind.fields.get(name)) is not None and (said := getter(state, thing)) is not ABSENT:
            shown[name] = _value(state, said, below)
    return shown


def _named(state: AsanaState, kind: Kind, thing: Any, names: Any) -> dict[str, Any]:
    shown = {} if thing.gid is None else {"gid": thing.gid}
    said = ((name, kind.fields[name](state, thing)) for name in names)
    return shown | {name: _value(state, one, None) for name, one in said if one is not ABSENT}


def _value(state: AsanaState, value: Any, wanted: Wanted | None) -> Any:
    """``wanted``: None for what a whole record shows of those within it, empty where nothing more was asked for."""
    if isinstance(value, Ref):
        if wanted:
            return _chosen(state, value.kind, value.thing, wanted)
        return _named(state, value.kind, value.thing, value.kind.compact if wanted is None else value.kind.bare)
    if isinstance(value, list):
        return [_value(state, one, wanted) for one in value]
    if isinstance(value, dict):
        return {name: _value(state, one, (wanted or {}).get(name, {}) if wanted else wanted)
                for name, one in value.items() if not wanted or name in wanted}  # fmt: skip
    return value
