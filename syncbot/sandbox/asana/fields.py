"""Custom fields as Asana shows them: by themselves, and with the value that a task has."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from syncbot.sandbox.asana.select import Getter, Kind, Ref
from syncbot.sandbox.asana.shapes import always, of, users_of
from syncbot.sandbox.world import AsanaField, AsanaState


@dataclass(frozen=True, slots=True)
class Value:
    """A custom field with its value on a task."""

    field: AsanaField
    value: Any

    @property
    def gid(self) -> str:
        """The field's."""
        return self.field.gid


OPTION = Kind(
    "enum_option",
    {
        "resource_type": always("enum_option"),
        "name": of("name"),
        "color": of("color"),
        "enabled": of("enabled"),
    },
    compact=("resource_type", "name", "color", "enabled"),
    bare=("resource_type", "name", "color", "enabled"),
)
_DEFINITION: dict[str, Getter] = {
    "resource_type": always("custom_field"),
    "resource_subtype": lambda _, one: _field(one).type,
    "name": lambda _, one: _field(one).name,
    "type": lambda _, one: _field(one).type,
    "enabled": always(True),
    "representation_type": lambda _, one: _field(one).type,
    "is_formula_field": always(False),
    "enum_options": lambda _, one: [Ref(OPTION, option) for option in _field(one).options],
    "precision": lambda _, one: _field(one).precision,
    "description": lambda _, one: _field(one).description,
    "is_global_to_workspace": always(True),
    "has_notifications_enabled": always(False),
    "privacy_setting": always("public"),
    "default_access_level": always("user"),
    "is_value_read_only": always(False),
    "format": always("none"),
    "id_prefix": always(None),
    "created_by": always(None),
}
_COMPACT_FIELD = ("resource_type", "name", "type", "enabled", "enum_options", "representation_type", "is_formula_field")


def _field(one: Any) -> AsanaField:
    return one.field if isinstance(one, Value) else one


FIELD = Kind("custom_field", _DEFINITION, _COMPACT_FIELD, frozenset({"description"}), _COMPACT_FIELD)


def _same(one: Value) -> Hashable:
    return None if isinstance(one.value, list) else (one.gid, type(one.value), one.value)


def _value_kind(name: str, getter: Getter) -> Kind:
    fields = _DEFINITION | {name: getter, "display_value": display}
    compact = (*_COMPACT_FIELD, name, "display_value")
    return Kind("custom_field", fields, compact, frozenset({"description"}), compact, same=_same)


def _option(_: AsanaState, one: Value) -> Ref | None:
    return next((Ref(OPTION, option) for option in one.field.options if option.gid == one.value), None)


def _options(_: AsanaState, one: Value) -> list[Ref]:
    return [Ref(OPTION, option) for option in one.field.options if option.gid in (one.value or [])]


def display(state: AsanaState, one: Value) -> str | None:
    """A value as Asana shows it to people."""
    value, kind = one.value, one.field.type
    if value is None or value == []:
        return None
    if kind == "number":
        return f"{value:.{one.field.precision}f}"
    if kind == "date":
        return f"{value}T00:00:00.000Z"
    if kind == "people":
        return ", ".join(state.users[gid].name for gid in value)
    if kind in {"enum", "multi_enum"}:
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(option.name for option in one.field.options if option.gid in chosen)
    return str(value)


VALUES = {
    "text": _value_kind("text_value", of("value")),
    "number": _value_kind("number_value", of("value")),
    "enum": _value_kind("enum_value", _option),
    "multi_enum": _value_kind("multi_enum_values", _options),
    "date": _value_kind("date_value", lambda _, one: {"date": one.value} if one.value else None),
    "people": _value_kind("people_value", lambda state, one: users_of(state, one.value or [])),
}
