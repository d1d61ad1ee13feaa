"""One line of a mapping that a site suggests: what it says, what speaks for it, and whether that is enough."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from syncbot.mapping.discovery.evidence import FieldUse, Use
from syncbot.mapping.discovery.thesaurus import Hit
from syncbot.mapping.lexicon import shorten
from syncbot.model import Struct
from syncbot.toml import quoted

_FEW = 3
_LONGEST = 100  # of a name that is written out; a longer one is named by its id


class Guess(Struct, frozen=True):
    """``names`` of the site that lead to ``key`` in a ``table`` of the mapping, asked as ``about``.

    ``about`` "field" in the table ``fields`` is one of the tool's fields (``unit``: of an effort), "title" a pattern in
    titles, "link" a link type, "value" a value of ``field``, "complete" the tool's tick, "" the rest of all items.
    ``unused``: no item bears the name now. Only what is ``sure`` counts; the rest is shown to be decided on.
    """

    table: str
    key: str
    about: str
    names: tuple[str, ...]
    why: str
    sure: bool = True
    field: str = ""
    unit: str = ""
    unused: bool = False

    @property
    def value(self) -> str:
        """As it stands in the mapping."""
        said = quoted(self.names[0]) if len(self.names) == 1 else f"[{', '.join(map(quoted, self.names))}]"
        if self.about == "link" or (self.table, self.about, self.unit) == ("fields", "field", ""):
            return said
        match self.about:
            case "":
                return "{}"
            case "complete":
                return "{ complete = true }"
            case "value":
                said = f"{{ {quoted(self.field)} = {said} }}"
        unit = f', unit = "{self.unit}"' if self.unit else ""
        return f"{{ {'field' if self.about == 'value' else self.about} = {said}{unit} }}"


class Left(Struct, frozen=True):
    """Something of the site that nothing was guessed of; ``what`` it is, and ``said`` of it as a line."""

    what: str
    said: str


def gathered(guesses: Iterable[Guess]) -> list[Guess]:
    """The guesses in their order, those of which no item speaks as one line for each key."""
    groups: dict[object, list[Guess]] = {}
    for guess in guesses:
        groups.setdefault(_alike(guess) if guess.unused else guess, []).append(guess)
    return [
        replace(group[0], names=tuple(name for one in group for name in one.names), why="no item now")
        if len(group) > 1
        else group[0]
        for group in groups.values()
    ]


def _alike(guess: Guess) -> tuple[str, str, str, bool]:
    return guess.table, guess.key, guess.about, guess.sure


def theirs(name: str, ids: Sequence[str]) -> tuple[str, ...]:
    """What a mapping calls a thing: its name, or its ids where the name could mean something else or nothing."""
    named = name.strip() and "*" not in name and len(name) <= _LONGEST
    return (name,) if named else tuple(ids)


def called(use: FieldUse) -> str:
    """What a mapping calls a field: several of one name in several scopes by that name."""
    return use.ids[0] if use.doubled else theirs(use.name, use.ids)[0]


def mention(name: str) -> str:
    """A name in a comment."""
    return quoted(shorten(name))


def items(count: int, whole: int | None = None) -> str:
    """So many items."""
    number = f"{count} of {whole}" if whole is not None else str(count) if count else "no"
    return f"{number} item{'' if (count if whole is None else whole) in {0, 1} else 's'}"


def because(*reasons: str) -> str:
    """Reasons as one comment."""
    return "; ".join(filter(None, reasons))


def likeness(hit: Hit | None) -> str:
    """How a name is like a known one; nothing to say where it is one."""
    if hit is None or hit.how == "known":
        return ""
    known = mention(hit.sense.text)
    return f"like {known}" if hit.how == "like" else f"{known} is a part of it"


def used(use: Use) -> str:
    """How much a word is used."""
    if not use.ticked:
        return items(use.items)
    ticked = "all" if use.ticked == use.items else str(use.ticked)
    return f"{items(use.items)}, {ticked} ticked off"


def filled(use: FieldUse) -> str:
    """How a field is filled, and with what."""
    more = ["…"] if len(use.among) > _FEW else []
    among = f" ({', '.join([*map(mention, use.among[:_FEW]), *more])})" if use.among else ""
    if not use.of:
        return f"{use.type}, no item read"
    if not use.filled:
        return f"{use.type}, filled in none of {use.of}"
    return f"{use.type}, filled in {use.percent or '<1'}% of {use.of}{among}"
