"""What people's words usually mean: the words of all presets and of more languages, and how a name compares with them.

The presets say which words count without a question; here every one of them is a piece of evidence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

from rapidfuzz import fuzz

from syncbot.mapping.source import load, preset
from syncbot.mapping.words import Source, Tables
from syncbot.model import Struct
from syncbot.patterns import matches, plain

How = Literal["known", "like", "within"]
"""Known as it is written; written a little differently; or known words are a part of the name."""

_LANGUAGES = Path(__file__).with_name("languages.toml")
_TYPO = 92  # of 100: more alike than different words of one stem are
_TYPO_LENGTH = 8  # letters; short words become others by one letter
_WORDS = re.compile(r"[^\W_]+")


class Sense(Struct, frozen=True):
    """What a word means: in a ``table`` of mappings it leads to ``result``, asked as ``about`` ("value": of a field).

    ``field``: the field that holds the value. ``unit``: seconds in one. ``own``: the tool's own preset says so.
    """

    table: str
    result: str
    about: str
    text: str
    field: str = ""
    unit: int = 60
    own: bool = False


class Hit(Struct, frozen=True):
    """A name that means something, and how surely: as the sense is written, or otherwise."""

    sense: Sense
    how: How


class Thesaurus:
    """All known senses. ``plain``: what the tool's preset takes an item for of which no word speaks."""

    def __init__(self, tool: str) -> None:
        own = preset(tool)
        files = [own, *sorted(one for one in own.parent.glob("*.toml") if one != own), _LANGUAGES]
        sources = [load(file) for file in files if file.is_file()]
        choices = sources[0].general.decisions.get("kind", ()) if sources[0].file == own else ()
        self.plain = next((choice.result for choice in choices if () in choice.conditions), "task")
        self._senses = tuple(sense for source in sources for sense in _senses(source, own=source.file == own))

    def senses(self, table: str, about: Collection[str] = (), result: str | None = None) -> list[Sense]:
        """The senses of a table, those of the tool's own preset first."""
        return [
            one
            for one in self._senses
            if one.table == table and (not about or one.about in about) and result in {None, one.result}
        ]


def look_up(name: str, senses: Sequence[Sense]) -> Hit | None:
    """What a name means, by the sense that fits best; None if no known word is like it or in it."""
    known = next((one for one in senses if matches(one.text, name)), None)
    if known is not None:
        return Hit(known, "known")
    words = _core(name)
    if not words:
        return None
    said = " ".join(words)
    plainly = [(one, _core(one.text)) for one in senses if "*" not in one.text]
    like = next((one for one, core in plainly if " ".join(core) == said), None)
    if like is None and len(said) >= _TYPO_LENGTH:
        like = next((one for one, core in plainly if fuzz.ratio(" ".join(core), said) >= _TYPO), None)
    if like is not None:
        return Hit(like, "like")
    within = [(one, core) for one, core in plainly if core and _is_within(core, words)]
    return Hit(max(within, key=lambda it: len(" ".join(it[1])))[0], "within") if within else None


def _senses(source: Source, *, own: bool) -> Iterator[Sense]:
    tables = source.general
    for ours, ways in tables.fields.items():
        for way in ways:
            if way.field is not None:
                yield Sense("fields", ours, "field", way.field.text, unit=way.unit, own=own)
    yield from _decided(tables, own=own)
    for meaning, names in tables.links.items():
        yield from (Sense("links", meaning, "link", name.text, own=own) for name in names)
    for kind, questions in tables.derive.items():
        for question in questions:
            yield from (Sense("derive", kind, question.about, name.text, own=own) for name in question.values)


def _decided(tables: Tables, *, own: bool) -> Iterator[Sense]:
    for table, choices in tables.decisions.items():
        for choice in choices:
            for question in (question for condition in choice.conditions for question in condition):
                about = "value" if question.field else question.about
                field = question.field.text if question.field else ""
                for name in question.values:
                    yield Sense(table, choice.result, about, name.text, field, own=own)


@lru_cache(maxsize=4096)
def _core(name: str) -> tuple[str, ...]:
    """The words of a name, plain; without emoji, without numbers around them, such as places or limits of columns."""
    words = _WORDS.findall(plain(name))
    while len(words) > 1 and words[0].isdecimal():
        words = words[1:]
    while len(words) > 1 and (words[-1].isdecimal() or words[-1] == "wip"):
        words = words[:-1]
    return tuple(words)


def _is_within(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    size = len(part)
    return any(whole[at : at + size] == part for at in range(len(whole) - size + 1))
