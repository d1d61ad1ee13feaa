"""Where everything stands in a TOML file: Python's reader gives values without lines, and people need the line.

The walk trusts that the text is TOML (`syncbot.toml` has parsed it), so it only has to step over values.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right

Where = tuple[str | int, ...]
"""The way to a value: keys and, inside arrays, positions from 0."""

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})|\'\'\'.*?\'\'\'(?:\'{0,2})|"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}\n#]+")


class Repeated(Exception):
    """A key or table is there twice: where, on which line the second stands, on which the first."""

    def __init__(self, where: Where, line: int, first: int) -> None:
        self.where, self.line, self.first = where, line, first
        super().__init__()


def lines(text: str) -> dict[Where, int]:
    """The line (from 1) of every key, table and array element. Raises Repeated at a key or table given twice.

    Raises ValueError where the text is no TOML and the walk notices.
    """
    walk = _Walk(text)
    walk.document()
    return walk.found


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
            raise Repeated(where, line, self.found[where])
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
