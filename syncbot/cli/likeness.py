"""How much two people look like one: by their names, user names and addresses. Pure; nothing follows from it by itself.

Names are told in any order of their words, with or without accents; a user name may be a name run together (adapark) or
begin with an initial (apark).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from rapidfuzz import fuzz, process

from syncbot.model import Struct
from syncbot.patterns import plain

LEAST = 78
"""Of 100. Below this, strangers look as much alike."""

_SAME = 100
_PART = 80  # "Ada" and "Ada Park"
_SHORT = 5  # user names below this length are often first names, which many share
_MANY = 20


class Face(Struct, frozen=True):
    """What a person looks like: names as people write them, and the user names and local parts of addresses."""

    names: tuple[str, ...]
    logins: tuple[str, ...]


class Alike(Struct, frozen=True):
    """Two faces, by their places in the list, how much they are alike (of 100), and what is."""

    one: int
    other: int
    score: int
    why: str


def compare(faces: Sequence[Face], wanted: Sequence[int]) -> list[Alike]:
    """The pairs that look alike and of which at least one is wanted, the most alike first."""
    best: dict[tuple[int, int], Alike] = {}
    choices = _Choices(faces)
    for one in wanted:
        for other, score, why in choices.like(faces[one]):
            if other == one or score < LEAST:
                continue
            pair = (min(one, other), max(one, other))
            if pair not in best or best[pair].score < score:
                best[pair] = Alike(*pair, score, why)
    return sorted(best.values(), key=lambda it: (-it.score, it.one, it.other))


class _Choices:
    """Every name and user name in the form in which it is compared, with whose it is."""

    def __init__(self, faces: Sequence[Face]) -> None:
        names = {(at, words): words for at, face in enumerate(faces) for words in map(_words, face.names) if words}
        self.names = names
        self.joined = {key: words.replace(" ", "") for key, words in names.items()}
        self.as_said = {(at, name): _run(name) for at, face in enumerate(faces) for name in face.names if _run(name)}
        self.initialled = {
            (at, name): short for at, face in enumerate(faces) for name in face.names if (short := _initialled(name))
        }
        self.logins = {(at, one): _run(one) for at, face in enumerate(faces) for one in face.logins if _run(one)}

    def like(self, face: Face) -> Iterator[tuple[int, int, str]]:
        for name in face.names:
            words = _words(name)
            if not words:
                continue
            for at, score in _near(words, self.names, fuzz.ratio):
                yield at, score, "the names are the same" if score == _SAME else "the names are alike"
            for at, score in _near(words, self.names, fuzz.token_set_ratio):
                if score == _SAME:
                    yield at, _PART, "one name is a part of the other"
            yield from self._logins_like(_run(name), self.logins, 97, "a user name is like the name")
            short = _initialled(name)
            if short:
                yield from self._logins_like(short, self.logins, 88, "a user name is like initial and name")
        for login in map(_run, face.logins):
            yield from self._logins_like(login, self.as_said, 97, "a user name is like the name")
            yield from self._logins_like(login, self.initialled, 88, "a user name is like initial and name")
            yield from self._logins_like(login, self.logins, 97, "the user names are alike")

    @staticmethod
    def _logins_like(
        text: str, choices: Mapping[tuple[int, str], str], most: int, why: str
    ) -> Iterator[tuple[int, int, str]]:
        ceiling = most if len(text) >= _SHORT else min(most, _PART)
        for at, score in _near(text, choices, fuzz.ratio):
            yield at, score * ceiling // 100, why


def _near(text: str, choices: Mapping[tuple[int, str], str], scorer: Callable[..., float]) -> Iterator[tuple[int, int]]:
    if text:
        found = process.extract(text, choices, scorer=scorer, score_cutoff=LEAST, limit=_MANY)
        yield from ((key[0], int(score)) for _, score, key in found)


def _words(name: str) -> str:
    return " ".join(sorted(re.findall(r"\w+", plain(name))))


def _run(text: str) -> str:
    """The letters and digits run together; of an address what stands before the @."""
    return "".join(re.findall(r"[^\W_]+", plain(text).partition("@")[0]))


def _initialled(name: str) -> str:
    words = re.findall(r"\w+", plain(name))
    return words[0][0] + words[-1] if len(words) > 1 else ""
