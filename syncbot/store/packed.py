"""What stands in the store's columns of bytes, made readable for whoever looks into it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec

_FORMS: tuple[Callable[[bytes], Any], ...] = (msgspec.msgpack.decode, msgspec.json.decode)


def readable(value: bytes) -> Any:
    """What was packed, as lists and objects; None for anything else, such as a hash."""
    plain = value
    with suppress(zlib.error):
        plain = zlib.decompress(value)
    for decode in _FORMS:
        with suppress(msgspec.DecodeError, UnicodeDecodeError):
            if isinstance(found := decode(plain), dict | list):
                return found
    return None
