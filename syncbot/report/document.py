"""The neutral report: composed once, then rendered for each destination, so that all of them say the same.

Everything in it may be shown to the report's readers, and all text of strangers in it is one clean line of bounded
length. It holds dates, but neither ages nor the time of its own run. Renderers add nothing but their destination's
looks and escapes.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from syncbot.model import FindingState, Scalar, Severity, Struct


class Span(Struct, frozen=True):
    """A run of text. ``url`` leads to what it names; ``is_title`` marks words that people gave to something, and
    ``is_person`` that it is somebody's name.
    """

    text: str
    url: str | None = None
    is_title: bool = False
    is_person: bool = False


Text = tuple[Span, ...]


class Piece(Struct, frozen=True):
    """One piece of evidence: a sentence, and the facts behind it where the readers may see what they are about.

    ``beside``: what is left of the sentence beside the first one of its line; empty where they share no words.
    """

    text: Text
    facts: dict[str, Scalar | None] = {}
    beside: Text = ()

    @property
    def short(self) -> Text:
        """What people read of it below the first sentence."""
        return self.beside or self.text


class Line(Struct, frozen=True):
    """One thing to act on: a finding, or ``count`` findings that are said in one line.

    ``key`` identifies it over time and is safe to show; ``id`` is what people call a single finding by, "" for several.
    ``named``: the fingerprints of those whose subjects it names; of the newest, where its readers may know none.
    ``pieces`` is never empty, its first is the sentence; ``more`` counts the pieces that were left out. ``since_on`` is
    the day it was first seen, ``checked_on`` the last day on which its rule could tell, if that has passed.
    """

    key: str
    rule: str
    severity: Severity
    state: FindingState
    pieces: tuple[Piece, ...]
    since_on: str
    checked_on: str | None = None
    more: int = 0
    count: int = 1
    id: str = ""
    named: tuple[str, ...] = ()


class Group(Struct, frozen=True):
    """What one person, or one role where nobody is known, has to do: the worst first. ``left_out``: findings."""

    who: str
    lines: tuple[Line, ...]
    left_out: int = 0

    @property
    def count(self) -> int:
        """All findings of the group."""
        return sum(line.count for line in self.lines) + self.left_out


class Gap(Struct, frozen=True):
    """What a rule could not tell, why, and where (scopes as people know them; empty: everywhere).

    ``title`` is the rule's.
    """

    rule: str
    reason: str
    places: tuple[str, ...]
    count: int
    title: str


class Stale(Struct, frozen=True):
    """A source that broke its promise. ``read_on`` None: it was never read completely."""

    place: str
    read_on: str | None
    error: str | None = None


class Counts(Struct, frozen=True):
    """How many findings stand, by severity and by state, the left out ones included; and those that are no more."""

    error: int = 0
    warning: int = 0
    info: int = 0
    new: int = 0
    still: int = 0
    not_checked: int = 0
    resolved: int = 0
    waived: int = 0
    baseline: int = 0

    @property
    def standing(self) -> int:
        """All findings that someone has to act on."""
        return self.error + self.warning + self.info


class About(Struct, frozen=True):
    """What people should know of a rule: its title, why it matters and what to do, both in Markdown."""

    title: str
    why: str
    what: str


class Document(Struct, frozen=True):
    """A report, ready to be rendered. ``today`` is for destinations that are read once; living reports leave it out."""

    title: str
    today: str
    counts: Counts
    groups: tuple[Group, ...] = ()
    resolved: tuple[Line, ...] = ()
    gaps: tuple[Gap, ...] = ()
    gaps_left_out: int = 0
    stale: tuple[Stale, ...] = ()
    left_out: int = 0
    about: dict[str, About] = {}

    @property
    def rules(self) -> dict[str, About]:
        """What is known of the rules that its lines and gaps name, by the rules' ids."""
        named = {line.rule for group in self.groups for line in group.lines} | {gap.rule for gap in self.gaps}
        return {rule: self.about[rule] for rule in sorted(named & self.about.keys())}

    @property
    def is_all_new(self) -> bool:
        """Whether nothing in it was there before, so that none of it need be marked as new."""
        return self.counts.new == self.counts.standing

    @property
    def named(self) -> frozenset[str]:
        """The fingerprints of the findings that its lines name, or else stand on."""
        return frozenset(key for group in self.groups for line in group.lines for key in line.named)

    @property
    def all_left_out(self) -> int:
        """How many findings are counted here and not told, whoever has to act on them."""
        return self.left_out + sum(group.left_out for group in self.groups)

    @property
    def resolved_left_out(self) -> int:
        """How many findings were resolved and are not listed."""
        return self.counts.resolved - len(self.resolved)


def cut(document: Document, lines: int) -> Document:
    """The document with its ``lines`` worst lines; the findings left out are counted where they stood.

    Lines of one severity stay in the document's own order. A group that loses all of its lines goes, and what it held
    is counted for the whole.
    """
    ranked = sorted(
        ((RANK[line.severity], g, n) for g, group in enumerate(document.groups) for n, line in enumerate(group.lines)),
    )
    kept = {(g, n) for _, g, n in ranked[:lines]}
    groups: list[Group] = []
    gone = document.left_out
    for g, group in enumerate(document.groups):
        stay = tuple(line for n, line in enumerate(group.lines) if (g, n) in kept)
        lost = sum(line.count for n, line in enumerate(group.lines) if (g, n) not in kept) + group.left_out
        if stay:
            groups.append(msgspec.structs.replace(group, lines=stay, left_out=lost))
        else:
            gone += lost
    return msgspec.structs.replace(document, groups=tuple(groups), left_out=gone)


def fit(document: Document, size: Callable[[Document], int], limit: int) -> Document:
    """As much of the document as the limit allows: its worst lines, with advice only beside all of them."""
    if size(document) <= limit:
        return document
    bare = msgspec.structs.replace(document, about={})
    fitting, too_many = 0, 1 + sum(len(group.lines) for group in document.groups)
    while too_many - fitting > 1:
        middle = (fitting + too_many) // 2
        fitting, too_many = (middle, too_many) if size(cut(bare, middle)) <= limit else (fitting, middle)
    return cut(bare, fitting)


def utf16(text: str) -> int:
    """Characters as Java and JavaScript count them, where an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


RANK: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}
