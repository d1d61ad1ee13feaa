"""A board's cards as records, with only what mappings use."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import msgspec

from connectors.trello.wire import Board, Card, CustomField, CustomValue, Label
from syncbot.connector import instant, written
from syncbot.model import CHOICE, EPOCH, Place, Record, Reference, Scalar, Value, Way, Word, way_of
from syncbot.texts import ADDRESS, marker_of, weigh

_ATTACHMENT = Word("attachment", "attachment")
_UPLOAD = re.compile(r"https://(?:trello\.com/1/cards/\w+/attachments/|trello-attachments\.s3\.)", re.IGNORECASE)
_LINK_CARD = re.compile(r"https://trello\.com/[bc]/\w+\S*", re.IGNORECASE)


class Words(msgspec.Struct):
    """What a board's ids mean: its lists, its custom fields and their options."""

    scope: str
    lists: dict[str, tuple[Word, bool]]
    fields: dict[str, CustomField]
    options: dict[str, str]


def words(board: Board) -> Words:
    """The words of a board that was read with its lists and custom fields."""
    return Words(
        board.id,
        {entry.id: (Word(entry.id, entry.name), entry.closed) for entry in board.lists or ()},
        {field.id: field for field in board.custom_fields},
        {
            option.id: option.value.text
            for field in board.custom_fields
            for option in field.options
            if option.value and option.value.text
        },
    )


def records(cards: Sequence[Card], known: Words, wanted: frozenset[str]) -> tuple[Record, ...]:
    """Cards as records with the fields that are wanted."""
    make = way(known, wanted).make
    return tuple(map(make, cards))


def way(known: Words, wanted: frozenset[str]) -> Way:
    """How records are made of a board's cards, with the fields that are wanted."""
    labels: dict[str, Word] = {}
    return way_of(partial(_record, known, wanted, labels), known, sorted(wanted))


def _record(known: Words, wanted: frozenset[str], labels: dict[str, Word], card: Card) -> Record:
    section, in_closed_list = known.lists.get(card.id_list or "", (None, False))
    short = card.short_link or card.id
    custom = _custom(card, known) if card.custom_field_items else {}
    count, has_reason = weigh(card.desc) if card.desc else (0, False)
    return (
        Record(  # by position, in its order, as far as there is something to say: by name takes several times as long
            card.id,
            short,
            card.short_url or f"https://trello.com/c/{short}",
            card.name,
            last_changed(card),
            (Place(known.scope, section, card.pos),),
            created(card.id),
            card.id_member_creator,
            _type(card),
            complete=card.due_complete,
            archived=card.closed or in_closed_list,
            marker=marker_of(card.desc),
            labels=tuple([_label(label, labels) for label in card.labels]) if card.labels else (),
            references=_references(card, known, custom) if card.attachments or custom else (),
            fields=_fields(card, wanted, custom),
            description_words=count,
            has_reason=has_reason,
        )
    )


def last_changed(card: Card) -> str:
    """When something last happened on a card, as an instant of the model."""
    return instant(card.date_last_activity) or created(card.id) or EPOCH


def created(remote_id: str) -> str | None:
    """When a card was made: the first eight digits of its id are the seconds since 1970 (a MongoDB id)."""
    try:
        return written(datetime.fromtimestamp(int(remote_id[:8], 16), UTC))
    except ValueError:
        return None


def _type(card: Card) -> Word | None:
    """The cards that are no work of their own: templates, separators, and links to (or mirrors of) other cards."""
    if card.is_template:
        return Word("template", "template")
    if card.card_role:
        return Word(card.card_role, card.card_role)
    if card.name.startswith("https://trello.com/") and _LINK_CARD.fullmatch(card.name.strip()):
        return Word("link", "link")
    return None


def _label(label: Label, seen: dict[str, Word]) -> Word:
    """A label by its name, or by its colour where people gave it none."""
    name = label.name or label.color or label.id
    word = seen.get(label.id)
    if word is None or word.name != name:
        word = seen[label.id] = Word(label.id, name)
    return word


def _custom(card: Card, known: Words) -> dict[str, Scalar]:
    values: dict[str, Scalar] = {}
    for item in card.custom_field_items:
        value = known.options.get(item.id_value) if item.id_value else _plain(item.value)
        if value is not None:
            values[item.id_custom_field] = value
    return values


def _plain(value: CustomValue | None) -> Scalar | None:
    if value is None:
        return None
    if value.number is not None:
        return _number(value.number)
    if value.checked is not None:
        return value.checked == "true"
    return instant(value.date) if value.date is not None else value.text or None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _references(card: Card, known: Words, custom: dict[str, Scalar]) -> tuple[Reference, ...]:
    """Where a card points: attached addresses (not uploaded files), and custom text fields that hold an address."""
    found = [
        Reference(entry.url, "url", _ATTACHMENT)
        for entry in card.attachments
        if entry.url and ADDRESS.fullmatch(entry.url) and not _UPLOAD.match(entry.url)
    ]
    for key, value in custom.items():
        if isinstance(value, str) and ADDRESS.fullmatch(value.strip()):
            field = known.fields.get(key)
            found.append(Reference(value.strip(), "url", Word(key, field.name if field else key)))
    return tuple(found)


def _fields(card: Card, wanted: frozenset[str], custom: dict[str, Scalar]) -> dict[str, Value]:
    fields: dict[str, Value] = {key: value for key, value in custom.items() if key in wanted} if custom else {}
    for item in card.custom_field_items:
        if item.id_value and item.id_custom_field + CHOICE in wanted:
            fields[item.id_custom_field + CHOICE] = item.id_value
    if card.id_members and "members" in wanted:
        fields["members"] = tuple(card.id_members)
    if card.due and "due" in wanted and (due := instant(card.due)):
        fields["due"] = due
    if card.start and "start" in wanted and (start := instant(card.start)):
        fields["start"] = start
    if card.name and "name" in wanted:
        fields["name"] = card.name
    return fields
