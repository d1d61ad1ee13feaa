"""Values of a tool's fields in the model's units: numbers, minutes, dates. None stands for what cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

from syncbot.model import Value

_INSTANT, _DATE = len("2026-11-02T09:30:00.000Z"), len("2026-11-02")
_LIMIT = 1e9  # effort beyond this is a slip of somebody's keyboard, and would not fit the store's integers


def number(value: Value) -> float | None:
    """A number that is not negative; text may hold one, with a point or a comma."""
    if isinstance(value, str):
        try:
            value = float(value.strip().replace(",", "."))
        except ValueError:
            return None
    if isinstance(value, bool | tuple):
        return None
    return float(value) if 0 <= value <= _LIMIT else None


def points(value: Value, _unit: int) -> float | None:
    """An effort in points, which have no unit."""
    return number(value)


def minutes(value: Value, unit: int) -> int | None:
    """An effort given in units of so many seconds, in whole minutes."""
    count = number(value)
    total = None if count is None else count * unit / 60
    return None if total is None or total > _LIMIT else round(total)


def day(value: Value | None, zone: tzinfo) -> str | None:
    """A date as it is; an instant as the date that it is in the time zone."""
    if not isinstance(value, str):
        return None
    if len(value) == _INSTANT and value[-1] == "Z":
        return _of_hour(value[:13], zone) or _date(value, zone)
    return _plain(value) if len(value) == _DATE else _date(value, zone)


@lru_cache(maxsize=65536)
def _of_hour(hour: str, zone: tzinfo) -> str | None:
    """The date of all instants of an hour in UTC, asked once for all that fall into it; None if they have two."""
    first, last = _date(f"{hour}:00:00Z", zone), _date(f"{hour}:59:59Z", zone)
    return first if first == last else None


@lru_cache(maxsize=4096)
def _plain(value: str) -> str | None:
    """A date as it is, which is in no time zone."""
    return _date(value, UTC)


def _date(value: str, zone: tzinfo) -> str | None:
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            return moment.date().isoformat()
        return moment.astimezone(zone).date().isoformat()
    except (ValueError, OverflowError):
        return None


def in_title(pattern: str) -> Callable[[str], str | None]:
    """A reader of the number that stands in a title where ``#`` stands in the pattern: "(#)" reads "(3) Pay later"."""
    before, _, after = (re.escape(part) for part in pattern.partition("#"))
    found = re.compile(rf"{before}\s{{0,3}}(\d{{1,9}}(?:[.,]\d{{1,9}})?)\s{{0,3}}{after}", re.IGNORECASE)

    def read(title: str) -> str | None:
        match = found.search(title)
        return match[1] if match else None

    return read


def is_filled(value: Value | None) -> bool:
    """Whether a field says anything; a box that is not ticked does not."""
    return value is not None and value is not False and value not in {"", ()}


def same(value: Value, wanted: float) -> bool:
    """Whether a field holds this number, or this yes or no; text may hold a number."""
    if isinstance(wanted, bool):
        return value is wanted
    read = number(value)
    return read is not None and read == wanted
