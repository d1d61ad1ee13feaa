"""Which of a site's fields are ours: by their names and types first, and by what stands in them."""

from __future__ import annotations

from collections.abc import Iterator

from syncbot.mapping.discovery.evidence import FieldUse, Site
from syncbot.mapping.discovery.guess import Guess, Left, because, called, filled, items, likeness, mention
from syncbot.mapping.discovery.thesaurus import Hit, Sense, Thesaurus, look_up
from syncbot.mapping.lexicon import FITS
from syncbot.mapping.source import UNITS
from syncbot.mapping.values import in_title, number
from syncbot.mapping.words import FIELDS
from syncbot.model import Struct
from syncbot.patterns import fold, plain

_CARDS = {0, 0.5, 1, 2, 3, 5, 8, 13, 20, 21, 34, 40, 55, 89, 100}
"""What planning poker is played with."""

_ENOUGH = 10  # items that speak for a guess of which no name speaks
_DISTINCT = 4
_MOST_POINTS = 100
_RARELY = 10  # percent
_TITLES = ("(#)", "[#]", "{#}")
_TITLED = 20  # percent of titles with a number, so that the numbers mean something
_LEFT = 30
_TEAMS = {"team", "teams", "squad", "tribe", "equipe", "equipo", "gruppe"}


class _Found(Struct, frozen=True):
    use: FieldUse
    ours: str
    hit: Hit
    rank: int


def guess_fields(site: Site, thesaurus: Thesaurus) -> Iterator[Guess]:
    """Our fields, each with those of the site that seem to be it, the likeliest first."""
    found = _best(site, thesaurus)
    for ours in FIELDS:
        of_it = sorted((it for it in found if it.ours == ours), key=lambda it: (it.use.percent < _RARELY, it.rank))
        yield from map(_named, of_it)
        if ours == "points":
            yield from _titled(site)
            if not any(it.use.filled for it in of_it):
                yield from _like_points(site, {id(it.use) for it in found})


def left_fields(site: Site, guesses: list[Guess]) -> Iterator[Left]:
    """The filled fields that people made and that no guess speaks of."""
    spoken = {name for guess in guesses for name in (*guess.names, guess.field)}
    left = [
        use for use in site.fields if use.custom and use.filled and spoken.isdisjoint({use.name, *use.ids})
        and use.type != "sprint" and fold(use.name) not in site.hierarchy
    ]  # fmt: skip
    left.sort(key=lambda use: (-use.percent, use.name))
    for use in left[:_LEFT]:
        yield Left("field", because(f"{mention(use.name)}: {filled(use)}", _hint(use)))
    if len(left) > _LEFT:
        yield Left("field", f"and {len(left) - _LEFT} more")


def _hint(use: FieldUse) -> str:
    if use.addresses * 2 > use.filled:
        return "holds web addresses, which are followed by themselves"
    return "may name teams: see [directory] in the config" if plain(use.name) in _TEAMS else ""


def _best(site: Site, thesaurus: Thesaurus) -> list[_Found]:
    """Each field that could be one of ours, as the one whose words it fits best."""
    found = []
    for use in site.fields:
        choices = [
            it
            for ours in FIELDS
            if use.type in FITS[ours] and (it := _look_up(use, ours, thesaurus.senses("fields", result=ours)))
        ]
        if choices:
            found.append(min(choices, key=lambda it: ("known", "like", "within").index(it.hit.how)))
    return found


def _look_up(use: FieldUse, ours: str, senses: list[Sense]) -> _Found | None:
    """By id, which is the same in every language, else by name."""
    by_id = next((one for one in senses if not use.custom and one.text in use.ids), None)
    hit = Hit(by_id, "known") if by_id else look_up(use.name, senses)
    return _Found(use, ours, hit, senses.index(hit.sense)) if hit and (use.type != "other" or by_id) else None


def _named(found: _Found) -> Guess:
    use, hit, ours = found.use, found.hit, found.ours
    doubt = _doubt(found)
    by_id = not use.custom and hit.sense.text in use.ids and plain(use.name) != plain(hit.sense.text)
    name = hit.sense.text if by_id else called(use)
    if len(use.ids) > 1 and name != use.name:
        doubt = doubt or "of several scopes, by an id of one"
    unit = next(name for name, seconds in UNITS.items() if seconds == hit.sense.unit) if "minutes" in ours else ""
    real = f"{mention(use.name)}: " if name != use.name else ""
    why = because(real + filled(use), likeness(hit), doubt)
    return Guess("fields", ours, "field", (name,), why, not doubt, unit=unit)


def _doubt(found: _Found) -> str:
    """Why a field may not be ours although it is called so."""
    use, hit = found.use, found.hit
    if found.ours == "points":
        numbers = _numbers(use)
        large = next((one for one, _ in numbers if one > _MOST_POINTS), None)
        if large is not None:
            return f"{large:g} is much for points"
        if use.filled and 2 * sum(count for _, count in numbers) < sum(count for _, count in use.values):
            return "most of what stands in it is no number"
        if hit.how == "within" and _is_poker(use):
            return ""
    if hit.how == "within" and " " not in hit.sense.text.strip():
        return "that one word is all that speaks for it"
    return ""


def _numbers(use: FieldUse) -> list[tuple[float, int]]:
    return [(read, count) for value, count in use.values if (read := number(value)) is not None]


def _is_poker(use: FieldUse) -> bool:
    """Whether only the numbers of planning poker stand in a field, and enough of them."""
    numbers = _numbers(use)
    distinct = {value for value, _ in numbers}
    return use.filled >= _ENOUGH and len(numbers) == len(use.values) >= _DISTINCT and distinct <= _CARDS


def _like_points(site: Site, taken: set[int]) -> Iterator[Guess]:
    for use in site.fields:
        if use.custom and use.type == "number" and id(use) not in taken and _is_poker(use):
            some = ", ".join(f"{value:g}" for value, _ in _numbers(use)[:6])
            why = because(filled(use), f"its numbers ({some}) are those of planning poker, its name says nothing")
            yield Guess("fields", "points", "field", (called(use),), why, sure=False)


def _titled(site: Site) -> Iterator[Guess]:
    """Numbers in brackets in the titles, as people write points where the tool has no field for them."""
    for pattern in _TITLES:
        read = in_title(pattern)
        numbers = [value for title in site.titles if (said := read(title)) and (value := number(said)) is not None]
        if len(numbers) * 100 < max(_ENOUGH * 100, len(site.titles) * _TITLED):
            continue
        odd = next((one for one in numbers if one not in _CARDS), None)
        doubt = f"{odd:g} is no usual number of points" if odd is not None else ""
        why = because(f"so in the titles of {items(len(numbers), len(site.titles))}", doubt)
        yield Guess("fields", "points", "title", (pattern,), why, not doubt)
