"""Records that need not be made: most of what a tool says, it has said before."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import msgspec

from syncbot.model.kinds import Struct
from syncbot.model.records import Record


class Way(Struct, frozen=True):
    """How records are made of what a tool said; ``key`` tells it from every other way."""

    make: Callable[[Any], Record]
    key: bytes


class Sealed(Struct, frozen=True):
    """A record that is still to be made of what the tool ``said`` (a Struct), if that is other than it was: the same,
    made in the same way, is the same record.
    """

    remote_id: str
    said: Any
    way: Way


def opened(found: Record | Sealed) -> Record:
    """The record itself."""
    return found.way.make(found.said) if isinstance(found, Sealed) else found


def way_of(make: Callable[[Any], Record], *about: Any) -> Way:
    """How records are made: by ``make``, which stands on nothing but what was said and what is told here."""
    return Way(make, blake2b(msgspec.msgpack.encode(about), digest_size=16).digest())
