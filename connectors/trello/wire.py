"""What Trello sends, as types: parsed once, only the keys named here, and forgiving of a single odd value."""

from __future__ import annotations

import msgspec

from syncbot.transport.forgiving import Forgiving


class _Json(msgspec.Struct, rename="camel", gc=False, omit_defaults=True):
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
    id_board: str | None = None
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


class SaidItem(_Json):
    """The check item that an action is about, as it was then."""

    name: str | None = None
    state: str | None = None


class SaidData(_Json):
    """What was said, or which item was ticked."""

    text: str | None = None
    check_item: SaidItem | None = None


class Said(_Json):
    """An entry of a card's history that says something."""

    id: str
    type: str
    date: str | None = None
    id_member_creator: str | None = None
    data: SaidData | None = None


class MovedCard(_Json):
    """One side of an action on a card: what it was, or what it is; what is not there did not change."""

    id: str | None = None
    name: str | None = None
    due: str | msgspec.UnsetType | None = msgspec.UNSET
    start: str | msgspec.UnsetType | None = msgspec.UNSET
    closed: bool | None = None
    due_complete: bool | None = None


class MovedData(_Json):
    """What an action did to a card."""

    card: MovedCard | None = None
    old: MovedCard | None = None
    list_before: List | None = None
    list_after: List | None = None


class Moved(_Json):
    """An entry of a board's history that changed a card."""

    id: str
    date: str | None = None
    id_member_creator: str | None = None
    data: MovedData | None = None


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


_ANSWERS = Forgiving("Trello", Card)
parse, shape = _ANSWERS.parse, _ANSWERS.shape


def second_after(id_: str) -> str:
    """A bound that lets through all that was made in the second of an id, which is what an id may mean as a bound."""
    return f"{int(id_[:8], 16) + 1:08x}{'0' * 16}"


def same_second(id_: str, other: str) -> bool:
    """Whether two things were made in the same second: ids begin with it."""
    return id_[:8] == other[:8]
