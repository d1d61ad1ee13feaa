"""What Trello sends, as types: parsed once, only the keys named here, and forgiving of a single odd value.

An answer is parsed strictly, which is fast. Only when that fails is it parsed again value by value, so that one odd
value costs itself and nothing more. What is cut off, or has no id, fails as a whole.
"""

from __future__ import annotations

import json
import re
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from syncbot.errors import Broken

T = TypeVar("T")
_NULL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")  # the escape itself, not the text of one


class _Json(msgspec.Struct, rename="camel", gc=False):
    """Base of what Trello sends; keys that are not named here are skipped while parsing."""


class Label(_Json):
    """A label of a board; many have only a colour."""

    id: str
    name: str | None = None
    color: str | None = None


class CustomValue(_Json):
    """A custom field's value, as text whatever its type."""

    text: str | None = None
    number: str | None = None
    date: str | None = None
    checked: str | None = None


class CustomItem(_Json):
    """A custom field on a card: an option of a list by id, or a value."""

    id_custom_field: str
    id_value: str | None = None
    value: CustomValue | None = None


class Attachment(_Json):
    """Something attached to a card: an address, or an uploaded file."""

    url: str | None = None


class Card(_Json):
    """A card."""

    id: str
    name: str = ""
    desc: str = ""
    closed: bool = False
    due: str | None = None
    due_complete: bool = False
    start: str | None = None
    date_last_activity: str | None = None
    id_list: str | None = None
    id_members: list[str] = []
    id_member_creator: str | None = None
    labels: list[Label] = []
    pos: float | None = None
    short_link: str | None = None
    short_url: str | None = None
    is_template: bool = False
    card_role: str | None = None
    attachments: list[Attachment] = []
    custom_field_items: list[CustomItem] = []


class List(_Json):
    """A list of a board."""

    id: str
    name: str = ""
    closed: bool = False


class Option(_Json):
    """An option of a custom field that is a list."""

    id: str
    value: CustomValue | None = None


class CustomField(_Json):
    """A custom field of a board."""

    id: str
    name: str = ""
    type: str = ""
    options: list[Option] = []


class Prefs(_Json):
    """A board's settings: who can see it (private, org, public)."""

    permission_level: str | None = None


class Board(_Json):
    """A board, with its parts where they were asked for; None is not empty, but absent from the answer."""

    id: str
    name: str = ""
    short_link: str = ""
    short_url: str = ""
    closed: bool = False
    date_last_activity: str | None = None
    prefs: Prefs | None = None
    memberships: list[Membership] = []
    lists: list[List] | None = None
    labels: list[Label] = []
    custom_fields: list[CustomField] = []
    cards: list[Card] | None = None


class Action(_Json):
    """An entry of a card's history."""

    id: str
    id_member_creator: str | None = None


class CheckItem(_Json):
    """An item of a checklist."""

    id: str
    name: str = ""
    pos: float = 0.0


class Checklist(_Json):
    """A checklist of a card, with its items."""

    id: str
    name: str = ""
    check_items: list[CheckItem] = []


class ReportCard(_Json):
    """A card with all that a report of ours needs to know of it: its checklists, its list, how it came to be."""

    id: str
    id_board: str
    desc: str
    closed: bool
    short_link: str
    short_url: str
    name: str = ""
    checklists: list[Checklist] = []
    actions: list[Action] = []
    in_list: List | None = msgspec.field(name="list", default=None)


class Member(_Json):
    """A member, as far as others may see."""

    id: str
    full_name: str | None = None
    username: str | None = None
    email: str | None = None
    prefs: MemberPrefs | None = None


class MemberPrefs(_Json):
    """A member's own settings: the time zone."""

    timezone: str | None = None


class Membership(_Json):
    """A member's place on a board: admin, normal or observer; ``deactivated`` people stay on it."""

    id: str
    id_member: str
    member_type: str | None = None
    deactivated: bool = False
    member: Member | None = None


def parse(raw: bytes, kind: type[T]) -> T:
    """Trello's answer as ``kind``. One odd value is left out; raises Broken for what is cut off or has no id."""
    if b"\\u0000" in raw:  # which PostgreSQL cannot store in a text
        raw = _NULL.sub(rb"\1\\ufffd", raw)
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return shape(_loosely(raw), kind)


def _loosely(raw: bytes) -> Any:
    """JSON with text that is no Unicode, such as the half of an emoji that a title was cut in: that becomes U+FFFD."""
    try:
        text = json.dumps(json.loads(raw.decode("utf-8", "replace")), ensure_ascii=False)
        return msgspec.json.decode(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    except (ValueError, msgspec.DecodeError) as error:
        raise Broken(f"Trello's answer is no whole JSON ({error}); nothing of it was used") from error


def shape(value: Any, kind: type[T]) -> T:
    """A value that is parsed already as ``kind``, in the same forgiving way."""
    try:
        kept: T = salvage(value, kind)
    except msgspec.ValidationError as error:
        raise Broken(f"Trello's answer is not what its API promises ({error}); nothing of it was used") from error
    return kept


def salvage(value: Any, kind: Any) -> Any:
    """As much of ``value`` as fits ``kind``: what does not fit is left out where ``kind`` can do without it."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        for option in get_args(kind) if isinstance(kind, UnionType) else (kind,):
            if isinstance(value, list) and get_origin(option) is list:
                return _salvage_all(value, get_args(option)[0])
            if isinstance(value, dict) and isinstance(option, type) and issubclass(option, _Json):
                return _salvage_parts(value, option)
        raise


def _salvage_parts(value: dict[str, Any], kind: type[_Json]) -> _Json:
    kept = {}
    for field in msgspec.structs.fields(kind):
        try:
            if field.encode_name in value:
                kept[field.name] = salvage(value[field.encode_name], field.type)
        except msgspec.ValidationError:
            if field.required:
                raise
        if field.required and field.name not in kept:
            raise msgspec.ValidationError(f"{kind.__name__} without {field.encode_name}")
    return kind(**kept)


def _salvage_all(values: list[Any], kind: Any) -> list[Any]:
    """The elements that can be saved. A card is the work itself, so a page with a card that has no id is refused."""
    kept = []
    for value in values:
        try:
            kept.append(salvage(value, kind))
        except msgspec.ValidationError:
            if kind is Card:
                raise
    return kept
