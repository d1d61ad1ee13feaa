"""Which of a site's types, labels and lists are goals, features, milestones and tasks: by name, else by what they hold.

A type that no word list knows is told by the hierarchy: work stands below features, features below goals, and only
work is planned into sprints.
"""

from __future__ import annotations

from collections.abc import Iterator

from syncbot.mapping.discovery.evidence import Level, Site, Use
from syncbot.mapping.discovery.guess import Guess, Left, because, items, likeness, mention, theirs, used
from syncbot.mapping.discovery.thesaurus import Sense, Thesaurus, look_up
from syncbot.mapping.discovery.values import guess_values
from syncbot.model import Kind, Side
from syncbot.patterns import fold

_FEW, _ENOUGH = 3, 5  # items that have others below them
_MOST = 60  # percent of a type's items that must
_IN_SPRINTS = 20  # percent; more of them are planned into sprints than big things ever are


def guess_kinds(site: Site, thesaurus: Thesaurus, side: Side | None) -> Iterator[Guess]:
    """The table ``kind``; its last line takes what no other takes."""
    rest = _rest(site, thesaurus, side)
    plain = rest[0].key
    for guess in (
        *_types(site, thesaurus, plain),
        *_labels(site, thesaurus),
        *_places(site, thesaurus),
        *guess_values(site, thesaurus, "kind"),
    ):
        if guess.key != plain:
            yield guess
    yield from rest


def left_kinds(site: Site, guesses: list[Guess]) -> Iterator[Left]:
    """The types that are read as the rest."""
    spoken = {fold(name) for guess in guesses if guess.about == "type" for name in guess.names}
    plain = next(guess.key for guess in guesses if guess.about == "")
    rest = [use for use in site.words["type"] if fold(use.name) not in spoken]
    if rest:
        said = ", ".join(f"{mention(use.name)} ({use.items})" for use in sorted(rest, key=lambda use: -use.items))
        yield Left("kind", f"read as {plain}: {said}")


def _rest(site: Site, thesaurus: Thesaurus, side: Side | None) -> list[Guess]:
    """What a plain item is. On a board or in a project without statuses of its own, the side decides."""
    plain: Kind = "feature" if thesaurus.plain == "feature" else "task"
    if side is None or site.places is None:
        return [Guess("kind", plain, "", (), "all others")]
    said: Kind = "feature" if side == "product" else "task"
    if site.places == "section" and said == "feature":
        parts = sum(count for level in site.levels.values() for _, count in level.above)
        if parts * 10 > site.items:
            why = f"its side is product, but {items(parts)} are parts of others, and would be features as well"
            return [Guess("kind", "feature", "", (), why, sure=False), Guess("kind", "task", "", (), "all others")]
    return [Guess("kind", said, "", (), f"all others; its side is {side}")]


# Types ----------------------------------------------------------------------------------------------------------------


def _types(site: Site, thesaurus: Thesaurus, plain: str) -> Iterator[Guess]:
    senses = thesaurus.senses("kind", {"type"})
    known: dict[str, str] = {}
    unknown = []
    for use in site.words["type"]:
        hit = look_up(use.name, senses)
        if hit is None or (hit.how == "within" and hit.sense.result == "task"):
            unknown.append(use)
            continue
        known[fold(use.name)] = hit.sense.result
        if hit.sense.result != plain:
            yield _word(use, hit.sense.result, because(used(use), likeness(hit)), sure=hit.how != "within")
    called = {fold(use.name): use.name for use in site.words["type"]}
    for use in unknown:
        yield from _by_level(use, site.levels.get(fold(use.name), Level()), known, called)


def _by_level(use: Use, level: Level, known: dict[str, str], called: dict[str, str]) -> Iterator[Guess]:
    """What a type is by what stands below it; nothing where too little does."""
    below = dict(level.below)
    total = sum(below.values())
    if level.parents < _FEW or level.in_sprints * 100 > level.items * _IN_SPRINTS or not total:
        return
    features = sum(count for name, count in below.items() if known.get(name) == "feature")
    key = "goal" if features * 2 > total else "feature"
    if key == "feature" and any(known.get(name) == "feature" for name, _ in level.above):
        return  # work below a feature may have parts of its own
    most = max(below, key=lambda name: below[name])
    many = level.parents >= _ENOUGH and level.parents * 100 >= level.items * _MOST
    what = f"{level.parents} of {level.items} have others below them, mostly {mention(called.get(most, most))}"
    what += f"; {level.in_sprints or 'none'} of them in sprints"
    yield _word(use, key, because(what, "" if many else "too few to be sure"), sure=many)


def _word(use: Use, key: str, why: str, *, sure: bool) -> Guess:
    return Guess("kind", key, use.facet, theirs(use.name, use.ids), why, sure, unused=not use.items and sure)


# Labels and places ----------------------------------------------------------------------------------------------------


def _labels(site: Site, thesaurus: Thesaurus) -> Iterator[Guess]:
    yield from _known(site.words["label"], thesaurus.senses("kind", {"label"}))


def _places(site: Site, thesaurus: Thesaurus) -> Iterator[Guess]:
    if site.places is not None:
        yield from _known(site.words[site.places], thesaurus.senses("kind", {"list", "section"}))


def _known(uses: tuple[Use, ...], senses: list[Sense]) -> Iterator[Guess]:
    """Only names that are known: a label or a list says many other things."""
    for use in uses:
        hit = look_up(use.name, senses)
        if hit is not None and hit.how != "within":
            yield _word(use, hit.sense.result, because(used(use), likeness(hit)), sure=True)
