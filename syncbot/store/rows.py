"""A record and what it was mapped to, as rows: pure, and the inner loop of every pull."""

from __future__ import annotations

import zlib
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import msgspec

from syncbot import __version__
from syncbot.model import OPEN, Item, Record, Sealed
from syncbot.patterns import fold
from syncbot.store import schema

# By name, so that a record stays readable when fields are added to it; sorted, so that its hash is its content's.
_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_plain = msgspec.msgpack.Encoder().encode
_VERSION = __version__.encode()
_decode = msgspec.msgpack.Decoder(Record).decode
_SMALL = 2048  # bytes: to compress less takes a third of the time that all else takes, and saves half a kilobyte
_MOST = 1e15  # minutes or points; nobody means more, and no sum of so many items overflows
_ZLIB = 0x78  # the first byte of what zlib packed; no record encodes to it, a msgpack map starts above 0x80


def pack(record: Record) -> tuple[bytes, bytes]:
    """A record's hash and its body. Raises ValueError for text that no database takes."""
    plain = _encode(record)
    return blake2b(plain, digest_size=12).digest(), plain


def seal(found: Sealed) -> bytes | None:
    """What tells what the tool said of a record, and how this version makes a record of it, from all else; None if
    that cannot be written down, as numbers beyond 64 bits cannot.
    """
    try:
        plain = _plain(found.said)
    except OverflowError:
        return None
    return blake2b(_VERSION + found.way.key + plain, digest_size=12).digest()


def squeeze(plain: bytes) -> bytes:
    """A body as it is stored."""
    return plain if len(plain) < _SMALL else zlib.compress(plain, 1)


def unpack(body: bytes) -> Record:
    """The record of a stored body."""
    return _decode(zlib.decompress(body) if body[0] == _ZLIB else body)


@lru_cache(maxsize=65536)
def day(on: str | None) -> int | None:
    """Days from 1970-01-01 to a date, or to the date of an instant in UTC. Raises ValueError for anything else."""
    return None if on is None else date.fromisoformat(on[:10]).toordinal() - 719_163


def clean(text: str) -> str:
    """Text without the one character that PostgreSQL does not store."""
    return text.replace("\0", "") if "\0" in text else text


# The columns of `item_row`, in the order of the schema.
ITEM = tuple(column.name for column in schema.item.columns if not column.info.get("facts"))


Days = tuple[int | None, ...]


def days(item: Item) -> Days:
    """The dates of an item as day numbers, in the order of the schema.

    Raises ValueError for what is no date, and for numbers that no column holds.
    """
    numbers = (item.priority, item.points, item.minutes, item.left_minutes, item.spent_minutes, item.description_words)
    for number in numbers:
        if number is not None and not -_MOST <= number <= _MOST:
            raise ValueError(f"a number of {item.ref} is out of range")
    dates = (item.start_on, item.due_on, item.created_on, item.changed, item.started_on, item.done_on)
    return tuple(map(day, dates))


def item_row(number: int, item: Item, days: Days, home: int, accounts: dict[str, int]) -> tuple[Any, ...]:
    """An item in the order of ITEM. ``accounts``: our ids by remote id, its owner's among them."""
    title = clean(item.title)
    return (
        number,
        item.connection,
        item.remote_id,
        clean(item.ref),
        clean(item.url),
        item.kind,
        item.side,
        title,
        " ".join(fold(title).split()),
        item.status,
        clean(item.word),
        item.status in OPEN,
        item.is_flagged,
        item.is_restricted,
        item.is_archived,
        item.committed,
        item.priority,
        None if item.owner is None else accounts[item.owner],
        item.function,
        ",".join(sorted(item.requires)) if item.requires else None,
        item.points,
        item.minutes,
        item.left_minutes,
        item.spent_minutes,
        item.start_on,
        days[0],
        item.due_on,
        *days[1:],
        item.description_words,
        item.has_reason,
        home,
        None if item.section is None else clean(item.section),
        None if item.team is None else clean(item.team.id),
        None if item.team is None else clean(item.team.name),
        "here",
        item.derived_from,
    )
