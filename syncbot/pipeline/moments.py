"""Instants as the store keeps them, and how old they are."""

from __future__ import annotations

import datetime as dt


def instant(time: dt.datetime) -> str:
    """A time as the store keeps it."""
    return time.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_older(at: str, now: dt.datetime, age: dt.timedelta) -> bool:
    """Whether an instant lies further back than that; one in the future does, since a clock was set."""
    return not dt.timedelta(0) <= now - dt.datetime.fromisoformat(at) < age
