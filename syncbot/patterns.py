"""How names that people write compare with names that tools have: one way, for scopes, words and settings alike.

Names compare after Unicode NFC, trimming and case folding; ``*`` stands for any run of characters, also none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from unicodedata import category, combining, normalize

_PICTURES = {"So", "Sk"}
_JOINERS = "\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-15}\N{VARIATION SELECTOR-16}"


def fold(name: str) -> str:
    """The form in which names compare."""
    return normalize("NFC", normalize("NFC", name).strip().casefold())


def bare(name: str) -> str:
    """Folded, and without the pictures that people put at the ends of a name: "🚀 Launch" is a launch."""
    folded = fold(name)
    if folded.isascii():
        return folded
    begin, end = 0, len(folded)
    while begin < end and _is_decoration(folded[begin]):
        begin += 1
    while end > begin and _is_decoration(folded[end - 1]):
        end -= 1
    return folded[begin:end] or folded


def _is_decoration(char: str) -> bool:
    return char.isspace() or char in _JOINERS or category(char) in _PICTURES


def plain(name: str) -> str:
    """Folded, and without accents: for telling whether two names are alike, not whether they are the same."""
    return "".join(char for char in normalize("NFD", fold(name)) if not combining(char))


@lru_cache(maxsize=4096)
def matcher(pattern: str) -> Callable[[str], bool]:
    """A test of names against a pattern, compiled once."""
    folded = fold(pattern)
    if "*" not in folded:
        return lambda name: fold(name) == folded
    found = re.compile(".*".join(map(re.escape, folded.split("*"))), re.DOTALL)
    return lambda name: found.fullmatch(fold(name)) is not None


def matches(pattern: str, *names: str) -> bool:
    """Whether the pattern matches any of the names (a scope's key, id and name, say)."""
    return any(map(matcher(pattern), names))


def covers(pattern: str, connection: str, *scope: str) -> bool:
    """Whether "connection" or "connection/scope" covers a scope, given by its key, id and name.

    A pattern without a slash covers every scope of the connection; with one, it needs a scope to match.
    """
    first, slash, second = pattern.partition("/")
    return matches(first, connection) and (not slash or matches(second, *scope))
