"""JSON as types, each type prepared once and by one thread at a time.

msgspec prepares a type step by step when it first decodes one, and keeps it on its class meanwhile: a thread that
meets a type which another one has half prepared crashes the whole process.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

import msgspec

_PREPARING = threading.RLock()


def decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    """What decodes JSON as ``kind``, which is prepared from now on, whatever else decodes it."""
    return _decoder(kind)


@lru_cache(maxsize=1024)
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    with _PREPARING:
        return msgspec.json.Decoder(kind)


def converted(value: Any, kind: Any, *, strict: bool = True) -> Any:
    """A value that is parsed already, as ``kind``. Raises msgspec.ValidationError where it does not fit."""
    decoder(kind)
    return msgspec.convert(value, kind, strict=strict)
