"""The forms in which cursors and instants cross: as text that the store keeps, and that sorts as time does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from syncbot.model import EPOCH, decoder

T = TypeVar("T")


def encode_cursor(value: dict[str, Any]) -> str:
    """A cursor as text for the store."""
    return msgspec.json.encode(value, order="sorted").decode()


def decode_cursor(text: str | None, kind: type[T]) -> T | None:
    """A cursor that was kept; None for none, or for one that this version cannot read."""
    try:
        kept: T | None = decoder(kind).decode(text) if text else None
    except msgspec.DecodeError:
        return None
    return kept


def instant(text: str | None) -> str | None:
    """An instant as tools write it (``2012-02-22T02:06:58.147Z``) in the model's form; None for what is none."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if text[-1] == "Z" and len(text) == len(EPOCH):
            return text
        return written(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def written(moment: datetime) -> str:
    """An instant in UTC as the model writes it."""
    return moment.isoformat(timespec="milliseconds")[:-6] + "Z"
