"""Answers parsed into types, forgiving of a single odd value: it costs itself and nothing more.

An answer is parsed strictly, which is fast. Only when that fails is it parsed again value by value. What is cut off, or
what the read is about (a task, a card) without an id, fails as a whole.
"""

from __future__ import annotations

import json
import math
import re
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from syncbot.errors import Broken
from syncbot.model import Struct, converted, decoder

T = TypeVar("T")
_BRACKET = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)  # or a text, which may hold some
DEEPEST = 200  # brackets in brackets; a parser stops before a thousand
LONGEST = 20  # digits of a whole number; no tool counts as far
_NULL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")  # the escape itself, not the text of one


class Forgiving(Struct, frozen=True):
    """How a tool's answers are parsed. ``whole``: the type that is refused rather than left out of a list;
    ``once``: older names of keys.
    """

    tool: str
    whole: type
    once: dict[str, str] = {}

    def parse(self, raw: bytes | msgspec.Raw, kind: type[T]) -> T:
        """An answer, or a part of one that was parsed here, as ``kind``.

        One odd value is left out; raises Broken for what is cut off or has no id.
        """
        if isinstance(raw, bytes) and b"\\u0000" in raw:  # which PostgreSQL cannot store in a text
            raw = _NULL.sub(rb"\1\\ufffd", raw)
        try:
            parsed: T = decoder(kind).decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return self.shape(loosely(bytes(raw), self.tool), kind)
        return parsed

    def shape(self, value: Any, kind: type[T]) -> T:
        """A value that is parsed already as ``kind``, in the same forgiving way."""
        try:
            kept: T = self._salvage(value, kind)
        except msgspec.ValidationError as error:
            text = f"{self.tool}'s answer is not what its API promises ({error}); nothing of it was used"
            raise Broken(text) from error
        return kept

    def _salvage(self, value: Any, kind: Any) -> Any:
        """As much of ``value`` as fits ``kind``: what does not fit is left out where ``kind`` can do without it."""
        if kind is msgspec.Raw:  # to be parsed later
            return msgspec.Raw(msgspec.json.encode(value))
        try:
            return converted(value, kind)
        except msgspec.ValidationError:
            for option in get_args(kind) if isinstance(kind, UnionType) else (kind,):
                if isinstance(value, list) and get_origin(option) is list:
                    return self._all(value, get_args(option)[0])
                struct = get_origin(option) or option
                if isinstance(value, dict) and isinstance(struct, type) and issubclass(struct, msgspec.Struct):
                    return self._parts(value, option, struct)
            if kind is str and isinstance(value, int) and not isinstance(value, bool):
                return str(value)  # ids were integers once, and old exports still have them
            raise

    def _parts(self, value: dict[str, Any], kind: Any, struct: type[msgspec.Struct]) -> msgspec.Struct:
        kept = {}
        for field in msgspec.structs.fields(kind):
            name = field.encode_name
            name = name if name in value else self.once.get(name, name)
            try:
                if name in value:
                    kept[field.name] = self._salvage(value[name], field.type)
            except msgspec.ValidationError:
                if field.required:
                    raise
            if field.required and field.name not in kept:
                raise msgspec.ValidationError(f"{struct.__name__} without {field.encode_name}")
        return struct(**kept)

    def _all(self, values: list[Any], kind: Any) -> list[Any]:
        """The elements that can be saved; a list with one of ``whole`` that cannot be is refused."""
        kept = []
        for value in values:
            try:
                kept.append(self._salvage(value, kind))
            except msgspec.ValidationError:
                if kind is self.whole:
                    raise
        return kept


def loosely(raw: bytes, tool: str) -> Any:
    """JSON with what is no JSON: NaN and numbers beyond all bounds become null, bytes or halves of an emoji that are no
    Unicode become U+FFFD.

    What is nested deeper than can be read is left out. Raises Broken if it is cut off.
    """
    try:
        value = json.loads(
            _shallow(raw).decode("utf-8", "replace"),
            parse_constant=lambda _: None,
            parse_float=_bounded,
            parse_int=lambda digits: int(digits) if len(digits) <= LONGEST else None,
        )
        text = json.dumps(value, ensure_ascii=False)
        return msgspec.json.decode(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    except (ValueError, msgspec.DecodeError) as error:
        raise Broken(f"{tool}'s answer is no whole JSON ({error}); nothing of it was used") from error


def _bounded(number: str) -> float | None:
    value = float(number)
    return value if math.isfinite(value) else None


def _shallow(raw: bytes) -> bytes:
    """JSON with null in the place of what is nested too deep."""
    kept: list[bytes] = []
    depth = start = 0
    for found in _BRACKET.finditer(raw):
        if found[0] in b"[{":
            depth += 1
            if depth == DEEPEST + 1:
                kept += (raw[start : found.start()], b"null")
        elif found[0] in b"]}":
            depth -= 1
            if depth == DEEPEST:
                start = found.end()
    return raw if not kept else b"".join([*kept, raw[start:]])
