"""What stands in texts that people may edit: how much they say, our marker, and where our words are among theirs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches

_REASON = re.compile(
    r"\b(?:because|so that|in order to|why|reason|problem|outcome|benefit|acceptance|definition of done"
    r"|as an? .{1,60} i want|weil|damit|warum|grund|nutzen|akzeptanz\w*"
    r"|parce que|afin|pourquoi|objectif|porque|para que|motivo|objetivo)\b",
)


def weigh(text: str) -> tuple[int, bool]:
    """What is kept of a long text: its number of words, and whether it states a reason or what is good enough."""
    return len(text.split()), _REASON.search(text.lower()) is not None


ADDRESS = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)
_MARKER = re.compile(r"^[ \t]*(syncbot:v1:[0-9a-f]+)[ \t\r]*$", re.MULTILINE)


def marker_of(text: str) -> str | None:
    """Our marker in a description of plain text: a line of its own, wherever people have added text around it."""
    if "syncbot:v1:" not in text:
        return None
    found = _MARKER.findall(text)
    return found[-1] if found else None


def around(theirs: Sequence[str], ours: Iterable[Sequence[str]]) -> tuple[int, int]:
    """How many parts of a text that people may have edited stand above ours and below it: those are theirs.

    ``ours``: the parts of texts that we wrote or write, as words without markup. Ours begins with a first part of
    these, and ends with a last one. If somebody edited that one, it begins with any other part and what stands right
    above it and is much like ours: the rest above is theirs; so below. Where nothing is ours, all stands above, as it
    does where neither end of ours is there and not all that is between is ours: they only quote us.
    """
    texts = [[part.strip() for part in text if part.strip()] for text in ours]
    held = [part.strip() for part in theirs]
    above = _beginning(held, texts)
    if above is None:
        return len(held), 0
    below = min(_beginning(held[::-1], [text[::-1] for text in texts]) or 0, len(held) - above)
    if {*held}.isdisjoint(end for text in texts if text for end in (text[0], text[-1])):
        every = {part for text in texts for part in text}
        if not all(_is_much_like(part, every) for part in held[above : len(held) - below] if part):
            return len(held), 0
    return above, below


def _beginning(theirs: list[str], ours: list[list[str]]) -> int | None:
    firsts, every = {text[0] for text in ours if text}, {part for text in ours for part in text}
    first = next((at for at, part in enumerate(theirs) if part in firsts), None)
    if first is not None:
        return first
    at = first = next((at for at, part in enumerate(theirs) if part in every), None)
    for above in range((at or 0) - 1, -1, -1):
        part = theirs[above]
        if part and not _is_much_like(part, every):
            break
        first = above if part else first
    return first


def _is_much_like(part: str, ours: Collection[str]) -> bool:
    return part in ours or bool(get_close_matches(part, ours, 1, _MUCH_ALIKE))


_MUCH_ALIKE = 0.7
