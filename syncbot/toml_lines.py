"""TOML with the line of everything: Python's reader gives values without lines, and people need the line.

The text is read twice: by Python's reader for the values, then by a walk that only steps over them and notes where they
stand. The walk may trust that the text is TOML, since the reader took it.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from typing import Any

Where = tuple[str | int, ...]
"""The way to a value: keys and, inside arrays, positions from 0."""

_PLACE = re.compile(
    r"^(?P<message>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$", re.DOTALL
)
_DATE = re.compile(r"(?<![\w.\"'-])\d{4}-\d{1,2}-\d{1,2}(?![\w.\"'-])")
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})|\'\'\'.*?\'\'\'(?:\'{0,2})|"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}\n#]+")


class Broken(Exception):
    """The text is no TOML: on which line (from 1), why, and at which key where that is known."""

    def __init__(self, line: int, message: str, where: Where = ()) -> None:
        self.line, self.message, self.where = line, message, where
        super().__init__(message)


def load(text: str) -> tuple[dict[str, Any], dict[Where, int]]:
    """The values, and the line (from 1) of every key, table and array element. Raises Broken."""
    try:
        return _values(text), lines(text)
    except tomllib.TOMLDecodeError as error:
        raise _explained(text, error) from None
    except RecursionError:
        raise Broken(1, "is nested too deeply.") from None


def lines(text: str) -> dict[Where, int]:
    """The lines alone. Raises Broken at what is given twice, and ValueError where it notices that this is no TOML."""
    walk = _Walk(text)
    walk.document()
    return walk.found


def _values(text: str) -> dict[str, Any]:
    """The values, except that a date off the calendar becomes text, so that it is one mistake among the others."""
    while True:
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            _, line, column = _place(text, error)
            start = _offset(text, line)
            at = start + column - 1
            wrong = next((date for date in _DATE.finditer(text, start) if date.start() <= at <= date.end()), None)
            if wrong is None:
                raise
            text = f'{text[: wrong.start()]}"{wrong[0]}"{text[wrong.end() :]}'


def _explained(text: str, error: tomllib.TOMLDecodeError) -> Broken:
    """The reader's error; if something is there twice, with both lines, which the reader does not give."""
    message, line, _ = _place(text, error)
    try:
        lines(text[: _offset(text, line + 1)])
    except Broken as repeated:
        return repeated
    except (ValueError, RecursionError):
        pass
    return Broken(line, f"is not TOML: {message[:1].lower()}{message[1:]}.")


def _place(text: str, error: tomllib.TOMLDecodeError) -> tuple[str, int, int]:
    """Message, line and column of the reader's error; Python 3.11 has them only in its text."""
    place = _PLACE.match(str(error))
    if place is None or place["line"] is None:
        return place["message"] if place else str(error), text.count("\n") + 1, 1
    return place["message"], int(place["line"]), int(place["column"])


def _offset(text: str, line: int) -> int:
    """Where a line (from 1) begins."""
    at = 0
    for _ in range(line - 1):
        at = text.find("\n", at) + 1
        if at == 0:
            return len(text)
    return at


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.breaks = [match.start() for match in re.finditer("\n", text)]
        self.found: dict[Where, int] = {}
        self.defined: set[Where] = set()
        self.elements: dict[Where, int] = {}

    def document(self) -> None:
        table: Where = ()
        while self.peek():
            if self.take("[["):
                table = self.header(array=True)
            elif self.take("["):
                table = self.header(array=False)
            else:
                self.pair(table)

    def header(self, *, array: bool) -> Where:
        line, keys = self.line(), self.keys()
        where: Where = ()
        for key in keys[:-1]:
            where = self.latest((*where, key))
        where = (*where, keys[-1])
        if array:
            self.found.setdefault(where, line)
            self.elements[where] = self.elements.get(where, 0) + 1
            where = self.latest(where)
        self.define(where, line)
        self.expect("]]" if array else "]")
        return where

    def latest(self, where: Where) -> Where:
        """Of an array of tables its last element, of anything else itself."""
        count = self.elements.get(where)
        return where if count is None else (*where, count - 1)

    def pair(self, table: Where) -> None:
        self.peek()
        line = self.line()
        where = (*table, *self.keys())
        self.expect("=")
        self.value(where)
        self.define(where, line)

    def value(self, where: Where) -> None:
        first = self.peek()
        if self.take("["):
            self.elements_of(where)
        elif self.take("{"):
            while self.peek() != "}":
                self.pair(where)
                self.take(",")
            self.expect("}")
        else:
            self.match(_STRING if first in "\"'" else _BARE_VALUE)

    def elements_of(self, where: Where) -> None:
        position = 0
        while self.peek() != "]":
            element = (*where, position)
            self.found[element] = self.line()
            self.value(element)
            self.take(",")
            position += 1
        self.expect("]")

    def keys(self) -> list[str]:
        keys = []
        while True:
            raw = self.match(_STRING if self.peek() in "\"'" else _BARE_KEY)
            keys.append(raw if _BARE_KEY.fullmatch(raw) else str(tomllib.loads(f"key = {raw}")["key"]))
            if not self.take("."):
                return keys

    def define(self, where: Where, line: int) -> None:
        if where in self.defined:
            raise Broken(line, f"is already given on line {self.found[where]}.", where)
        self.defined.add(where)
        for length in range(1, len(where)):
            self.found.setdefault(where[:length], line)
        self.found[where] = line

    def line(self) -> int:
        return bisect_right(self.breaks, self.at) + 1

    def peek(self) -> str:
        """The next character that is neither space nor comment; empty at the end."""
        self.match(_SPACE)
        return self.text[self.at : self.at + 1]

    def take(self, token: str) -> bool:
        self.peek()
        if not self.text.startswith(token, self.at):
            return False
        self.at += len(token)
        return True

    def expect(self, token: str) -> None:
        if not self.take(token):
            raise ValueError(token)

    def match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise ValueError(pattern.pattern)
        self.at = match.end()
        return match[0]
