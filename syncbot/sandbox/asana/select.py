"""Which properties of a resource an answer holds: the compact ones, all of them, or exactly what opt_fields names."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from types import NoneType
from typing import Any, NamedTuple, TypeAlias

from syncbot.sandbox.world import AsanaState

Getter = Callable[[AsanaState, Any], Any]

ABSENT = object()
"""What a getter gives for a property that this one does not have."""


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """The properties that opt_fields names, and what is wanted of each: an empty one where nothing more was named."""

    below: dict[str, Wanted]


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of resource: its properties, the ones of its compact record, those that only opt_fields gives.

    ``bare``: what is shown of it where opt_fields names it but none of its properties. ``same``: by what two of them
    are known to be shown alike in one answer; None: by nothing.
    """

    name: str
    fields: dict[str, Getter]
    compact: tuple[str, ...] = ("resource_type", "name")
    opt_in: frozenset[str] = frozenset()
    bare: tuple[str, ...] = ("resource_type",)
    same: Callable[[Any], Hashable] = attrgetter("gid")


class Ref(NamedTuple):
    """A resource within another one."""

    kind: Kind
    thing: Any


Plan: TypeAlias = list[tuple[str, Getter, Wanted | None]]
"""Which properties to show of a kind: how each is got, and what to show of the resources in it."""

_PLAIN = frozenset({str, int, float, bool, NoneType})


@lru_cache(maxsize=256)
def parse(fields: str) -> Wanted:
    """The dotted paths of opt_fields, as a tree. What no resource has is ignored, as Asana does."""
    root = Wanted({})
    for path in fields.split(","):
        node = root
        for step in path.strip().split("."):
            if step and step != "this":
                node = node.below.setdefault(step, Wanted({}))
    return root


class Selection:
    """The resources of one answer, all with the same fields; what repeats within them is shown once."""

    def __init__(self, state: AsanaState, kind: Kind, fields: str | None, *, compact: bool = False) -> None:
        self._state = state
        self._made: dict[tuple[Kind, Hashable, Wanted | None], dict[str, Any]] = {}
        names = kind.compact if compact else [one for one in kind.fields if one not in kind.opt_in]
        self._plan = _named(kind, names) if fields is None else _chosen(kind, parse(fields))

    def __call__(self, thing: Any) -> dict[str, Any]:
        """A resource as the answer has it."""
        return self._show(self._plan, thing)

    def _show(self, plan: Plan, thing: Any) -> dict[str, Any]:
        shown = {} if thing.gid is None else {"gid": thing.gid}
        for name, getter, below in plan:
            said = getter(self._state, thing)
            if said.__class__ in _PLAIN:
                shown[name] = said
            elif said is not ABSENT:
                shown[name] = self._value(said, below)
        return shown

    def _value(self, value: Any, wanted: Wanted | None) -> Any:
        if isinstance(value, Ref):
            return self._within(value.kind, value.thing, wanted)
        if isinstance(value, list):
            return [self._value(one, wanted) for one in value]
        if isinstance(value, dict):
            names = wanted.below if wanted else {}
            return {name: self._value(one, names[name] if names else wanted)
                    for name, one in value.items() if not names or name in names}  # fmt: skip
        return value

    def _within(self, kind: Kind, thing: Any, wanted: Wanted | None) -> dict[str, Any]:
        same = kind.same(thing)
        if same is None:
            return self._show(_plan(kind, wanted), thing)
        key = (kind, same, wanted)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._show(_plan(kind, wanted), thing)
        return made


@lru_cache(maxsize=1024)
def _plan(kind: Kind, wanted: Wanted | None) -> Plan:
    """``wanted``: None for what a whole record shows of those within it, empty where nothing more was asked for."""
    if wanted and wanted.below:
        return _chosen(kind, wanted)
    return _named(kind, kind.compact if wanted is None else kind.bare)


def _chosen(kind: Kind, wanted: Wanted) -> Plan:
    return [(name, kind.fields[name], below) for name, below in wanted.below.items() if name in kind.fields]


def _named(kind: Kind, names: Iterable[str]) -> Plan:
    return [(name, kind.fields[name], None) for name in names]
