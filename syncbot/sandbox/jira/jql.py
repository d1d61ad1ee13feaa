"""Jira's query language, as far as programs use it: parsed like Jira does, refused in Jira's words.

`parse` gives a `Query`; what the fields mean stands in `syncbot.sandbox.jira.clauses`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<operator><=|>=|!=|!~|=|<|>|~)
    | (?P<mark>[(),])
    | (?P<and>&&?)|(?P<or>\|\|?)
    | (?P<custom>cf\[\d+\])
    | (?P<word>(?:[^\s()=!<>~,'"&|+?*/%^$\#@\[\]{};:\\`]|\\.)+)
    | (?P<bad>\S)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_RESERVED = frozenset({"and", "or", "not", "in", "is", "order", "by", "empty", "null", "was", "changed", "asc", "desc"})
_OPERATORS = "'=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'"
MOST_ORDERS = 7


class JqlError(Exception):
    """What is wrong with a query, in Jira's words."""


@dataclass(frozen=True, slots=True)
class Operand:
    """A value: its text, and whether it was quoted, is a function's name (``arguments``), or means empty."""

    text: str
    kind: Literal["word", "string", "function", "empty"] = "word"


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison; ``operator`` is lower case, "in" and "not in" have several ``values``."""

    field: str
    operator: str
    values: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Clauses that must all hold (and), or any (or), or the one that must not (not)."""

    how: Literal["and", "or", "not"]
    parts: tuple[Clause | Joined, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A restriction (None: everything) and an order, each field with whether it descends."""

    where: Clause | Joined | None
    order: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def parse(text: str) -> Query:
    """Parse a query. Raises JqlError."""
    return _Parser(text).query()


def _tokens(text: str) -> list[_Token]:
    found = []
    end = len(text.rstrip())
    at = 0
    while at < end:
        match = _TOKEN.match(text, at)
        kind = match.lastgroup if match else None
        if match is None or kind is None:
            break
        part, start = match.group(kind), match.start(kind)
        if kind == "bad":
            if part in "\"'":
                raise JqlError(
                    f"Error in the JQL Query: The quoted string '{text[start + 1 :]}' has not been completed."
                    f" (line 1, character {start + 1})"
                )
            raise JqlError(
                f"Error in the JQL Query: The character '{part}' is a reserved JQL character. You must enclose"
                f" it in a string or use the escape '\\u{ord(part):04x}' instead."
                f" (line 1, character {start + 1})"
            )
        if kind == "string":
            part = re.sub(r"\\(.)", r"\1", part[1:-1])
        found.append(_Token(kind, part, start))
        at = match.end()
    return found


class _Parser:
    """Recursive descent over the tokens."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0

    def query(self) -> Query:
        where = None if not self._tokens or self._ahead("order") else self._any()
        order: list[tuple[str, bool]] = []
        if self._take("order"):
            self._expect("by")
            order.append(self._sorted())
            while self._take(","):
                order.append(self._sorted())
        if self._at < len(self._tokens):
            raise self._wrong("Expecting either 'OR' or 'AND' but got")
        if len(order) > MOST_ORDERS:
            raise JqlError(f"The maximum number of ORDER BY fields is {MOST_ORDERS}.")
        return Query(where, tuple(order))

    def _any(self) -> Clause | Joined:
        parts = [self._all()]
        while self._take("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Joined("or", tuple(parts))

    def _all(self) -> Clause | Joined:
        parts = [self._one()]
        while self._take("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Joined("and", tuple(parts))

    def _one(self) -> Clause | Joined:
        if self._take("not"):
            return Joined("not", (self._one(),))
        if self._take("("):
            inside = self._any()
            self._expect(")")
            return inside
        return self._clause()

    def _clause(self) -> Clause:
        token = self._next()
        if token is None or token.kind not in {"word", "string", "custom"} or self._reserved(token):
            self._at -= token is not None
            raise self._wrong("Expecting a field name but got")
        negated = self._take("not")
        if self._take("in"):
            return Clause(token.text, "not in" if negated else "in", self._values())
        if not negated and self._take("is"):
            operator = "is not" if self._take("not") else "is"
            value = self._operand()
            if value.kind != "empty":
                raise JqlError(f"The operator '{operator}' is only valid with 'EMPTY' or 'NULL'.")
            return Clause(token.text, operator, (value,))
        operator_token = self._next()
        if operator_token is None or operator_token.kind != "operator":
            self._at -= operator_token is not None
            raise self._wrong("Expecting operator but got", f" The valid operators are {_OPERATORS}.")
        return Clause(token.text, operator_token.text, (self._operand(),))

    def _values(self) -> tuple[Operand, ...]:
        if not self._take("("):
            return (self._operand(),)  # a function may stand without parentheses around it
        values = [self._operand()]
        while self._take(","):
            values.append(self._operand())
        self._expect(")")
        return tuple(values)

    def _operand(self) -> Operand:
        token = self._next()
        if token is None or token.kind not in {"word", "string"}:
            self._at -= token is not None
            raise self._wrong("Expecting either a value, list or function but got")
        if token.kind == "string":
            return Operand(token.text, "string")
        if token.text.lower() in {"empty", "null"}:
            return Operand(token.text, "empty")
        if self._reserved(token):
            self._at -= 1
            raise self._wrong("Expecting either a value, list or function but got")
        if self._take("("):
            self._expect(")")
            return Operand(token.text, "function")
        return Operand(token.text)

    def _sorted(self) -> tuple[str, bool]:
        token = self._next()
        if token is None or token.kind not in {"word", "string", "custom"}:
            raise self._wrong("Expecting a field name but got")
        if self._take("desc"):
            return token.text, True
        self._take("asc")
        return token.text, False

    def _next(self) -> _Token | None:
        if self._at == len(self._tokens):
            return None
        self._at += 1
        return self._tokens[self._at - 1]

    def _reserved(self, token: _Token) -> bool:
        return token.kind == "word" and token.text.lower() in _RESERVED

    def _ahead(self, text: str) -> bool:
        if self._at == len(self._tokens):
            return False
        token = self._tokens[self._at]
        return token.kind == text or (token.kind != "string" and token.text.lower() == text)

    def _take(self, text: str) -> bool:
        found = self._ahead(text)
        self._at += found
        return found

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise self._wrong(f"Expecting '{text}' but got")

    def _wrong(self, expected: str, after: str = "") -> JqlError:
        if self._at >= len(self._tokens):
            return JqlError(f"Error in the JQL Query: {expected} the end of the query.{after}")
        token = self._tokens[self._at]
        return JqlError(f"Error in the JQL Query: {expected} '{token.text}'.{after} (line 1, character {token.at + 1})")
