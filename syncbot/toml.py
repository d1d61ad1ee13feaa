"""TOML files that people edit: every mistake of a file at once, each with its line and the nearest known key.

A `Table` is read by asking it for each key it may hold. What was asked for is what is known, so the list of known keys
cannot drift from the code: `finish` reports every key that nobody asked for. A wrong value is noted and the default
given back, so that reading goes on to the next mistake. No message repeats a value, since it may be a secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

from syncbot.errors import ConfigErrors, Mistake
from syncbot.toml_lines import Broken, Where, load

D = TypeVar("D")
T = TypeVar("T")
C = TypeVar("C", bound=str)

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_FEW = 8


class Wrong(ValueError):
    """What `Table.parsed` notes: a message that completes "key ...", and a hint. Never holds a secret."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


def read(file: Path) -> Table:
    """The file's root table. Raises ConfigErrors if it cannot be read or is no TOML."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigErrors([Mistake(file, 0, "", f"cannot read it: {error.strerror}.")]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigErrors([Mistake(file, line, "", "is not UTF-8 text here.")]) from None
    return parse(text, file)


def parse(text: str, file: Path, first_line: int = 1) -> Table:
    """The root table of a text that stands in ``file`` from ``first_line`` on. Raises ConfigErrors if it is no TOML."""
    try:
        data, found = load(text.replace("\r\n", "\n"))
    except Broken as broken:
        mistake = Mistake(file, broken.line + first_line - 1, spell(broken.where), broken.message)
        raise ConfigErrors([mistake]) from None
    return Table(file, data, (), {where: line + first_line - 1 for where, line in found.items()}, [], first_line)


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint for a word that is not among the known ones: the one that was meant, else all if they are few, else ""."""
    names = list(known)
    near = closest(word, names)
    if near is not None:
        return f'Did you mean "{near}"?'
    return f"Known: {', '.join(names)}." if 0 < len(names) <= _FEW else ""


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, whatever its case."""
    by_fold: dict[str, str] = {}
    for name in known:
        by_fold.setdefault(name.casefold(), name)
    near = get_close_matches(word.casefold(), by_fold, n=1)
    return by_fold[near[0]] if near else None


def spell(where: Where) -> str:
    """A way as people write it: ``connections.delivery.scope."RISK OPS".where``, ``reports[1].scope`` (from 1)."""
    spelled = ""
    for step in where:
        if isinstance(step, int):
            spelled += f"[{step + 1}]"
        else:
            name = step if _BARE.fullmatch(step) else quoted(step)
            spelled += f".{name}" if spelled else name
    return spelled


def quoted(text: str) -> str:
    """A text as TOML writes it, on one line; what would not show, or would turn a line around, is escaped."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(letter: str) -> str:
    """A letter of a quoted text; what would not show is written as TOML writes it."""
    if letter in '\\"':
        return f"\\{letter}"
    return letter if letter.isprintable() else f"\\U{ord(letter):08X}"


class Table:
    """One table of a file and where it stands. ``data`` is its plain dict, in file order."""

    def __init__(
        self,
        file: Path,
        data: dict[str, Any],
        where: Where,
        found: dict[Where, int],
        mistakes: list[Mistake],
        first_line: int,
    ) -> None:
        self.file = file
        self.data = data
        self.where = where
        self.mistakes = mistakes
        self.known: set[str] = set()
        self.missing: dict[str, Mistake] = {}
        self.children: list[Table] = []
        self.lines = found
        self._first_line = first_line

    def line(self, *way: str | int) -> int:
        """The line of what stands there, below this table; of what encloses it if it does not stand anywhere."""
        where = (*self.where, *way)
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, self._first_line)

    def mistake(self, way: str | int | Where, message: str, hint: str = "") -> None:
        """Note a mistake at a key (or a way) of this table; ``()`` is the table itself."""
        steps = way if isinstance(way, tuple) else (way,)
        self.mistakes.append(Mistake(self.file, self.line(*steps), spell((*self.where, *steps)), message, hint))

    def finish(self) -> list[Mistake]:
        """Report the keys that nobody asked for, here and in the tables below; give all mistakes of the file."""
        for key in self.data:
            if key not in self.known:
                self.mistake(key, "is not a known key.", nearest(key, sorted(self.known)))
                self._forgive(closest(key, sorted(self.known)))
        for child in self.children:
            child.finish()
        return self.mistakes

    def _forgive(self, misspelt: str | None) -> None:
        """Say of a key that is needed only that it is misspelt, not that it is missing, too."""
        if misspelt in self.missing:
            self.mistakes.remove(self.missing.pop(misspelt))

    def get(self, key: str) -> Any:
        """The plain value, unchecked, or None; the key counts as known."""
        self.known.add(key)
        return self.data.get(key)

    def text(self, key: str, default: D, *, need: bool = False) -> str | D:
        """Text that is not blank. With ``need`` its absence is a mistake."""
        value = self._typed(key, str, "text", need=need)
        if value is not None and not value.strip():
            self.mistake(key, "is empty.")
            return default
        return default if value is None else value

    def parsed(self, key: str, parse: Callable[[str], T], default: D) -> T | D:
        """What ``parse`` makes of a text; the Wrong that it raises is the mistake."""
        value = self.text(key, None)
        if value is None:
            return default
        try:
            return parse(value)
        except Wrong as wrong:
            self.mistake(key, wrong.message, wrong.hint)
            return default

    def choice(self, key: str, options: Sequence[C], default: D, *, need: bool = False) -> C | D:
        """One of the options, exactly."""
        value = self._typed(key, str, "text", need=need)
        if value is None:
            return default
        for option in options:
            if value == option:
                return option
        self.mistake(key, f"must be one of {', '.join(options)}.")
        return default

    def flag(self, key: str, default: D) -> bool | D:
        """True or false."""
        value = self._typed(key, bool, "true or false")
        return default if value is None else value

    def integer(self, key: str, default: D, *, low: int = 0, high: int | None = None, need: bool = False) -> int | D:
        """A whole number from ``low`` to ``high``, both allowed."""
        return self._within(key, self._typed(key, int, "a whole number", need=need), default, low, high)

    def number(self, key: str, default: D, *, high: float | None = None) -> float | D:
        """A number, whole or not, from 0 to ``high``, both allowed."""
        value = self._typed(key, (int, float), "a number")
        return self._within(key, None if value is None else float(value), default, 0, high)

    def day(self, key: str, default: D, *, need: bool = False) -> str | D:
        """A date, as ISO text; written as TOML's own or as text."""
        value = self._typed(key, (date, str), "a date like 2026-11-02", need=need)
        if value is None:
            return default
        try:
            return (date.fromisoformat(value) if isinstance(value, str) else value).isoformat()
        except ValueError:
            self.mistake(key, "is not a date; write it like 2026-11-02.")
            return default

    def texts(self, key: str, *, need: bool = False) -> tuple[str, ...]:
        """A list of texts, or a single one; what is no text or blank is a mistake of its own."""
        if isinstance(self.get(key), str):
            text = self.text(key, None)
            return () if text is None else (text,)
        value = self._typed(key, list, "text or a list of texts", need=need)
        for at, element in enumerate(value or ()):
            if not isinstance(element, str) or not element.strip():
                self.mistake((key, at), f"must be text, not {'empty' if isinstance(element, str) else _name(element)}.")
        return tuple(element for element in value or () if isinstance(element, str) and element.strip())

    def table(self, key: str) -> Table:
        """The table of that name; an empty one if it is absent."""
        return self._child((key,), self._typed(key, dict, "a table") or {})

    def tables(self, key: str) -> tuple[Table, ...]:
        """An array of tables, or a single one; none if it is absent."""
        value = self._typed(key, (list, dict), "a table or an array of tables")
        if isinstance(value, dict):
            return (self._child((key,), value),)
        value = value or []
        for at, element in enumerate(value):
            if not isinstance(element, dict):
                self.mistake((key, at), f"must be a table, not {_name(element)}.")
        return tuple(self._child((key, at), element) for at, element in enumerate(value) if isinstance(element, dict))

    def named(self, key: str) -> dict[str, Table]:
        """A table whose keys are names that the admin chose (``[people.ada]``), each with a table."""
        outer = self.table(key)
        outer.known.update(outer.data)
        for name, value in outer.data.items():
            if not isinstance(value, dict):
                outer.mistake(name, f"must be a table, not {_name(value)}.")
        return {name: outer.table(name) for name, value in outer.data.items() if isinstance(value, dict)}

    def _child(self, way: Where, data: dict[str, Any]) -> Table:
        child = Table(self.file, data, (*self.where, *way), self.lines, self.mistakes, self._first_line)
        self.children.append(child)
        return child

    def _typed(self, key: str, kind: type | tuple[type, ...], words: str, *, need: bool = False) -> Any:
        value = self.get(key)
        if value is None:
            if need:
                self.mistake((), f'needs "{key}" ({words}).')
                self.missing[key] = self.mistakes[-1]
            return None
        lookalike = (isinstance(value, bool) and kind is not bool) or isinstance(value, datetime)
        if lookalike or not isinstance(value, kind):
            self.mistake(key, f"must be {words}, not {_name(value)}.")
            return None
        return value

    def _within(self, key: str, value: T | None, default: D, low: Any, high: Any) -> T | D:
        number: Any = value
        if value is None:
            return default
        if not isfinite(number) or number < low or (high is not None and number > high):
            self.mistake(key, f"must be {low} or more." if high is None else f"must be from {low} to {high}.")
            return default
        return value


def _name(value: object) -> str:
    """What a value is, in words; never the value itself."""
    if isinstance(value, bool):
        return "true or false"
    names = {str: "text", int: "a whole number", float: "a number", list: "a list", dict: "a table", date: "a date"}
    return next((name for kind, name in names.items() if type(value) is kind), "a time")
