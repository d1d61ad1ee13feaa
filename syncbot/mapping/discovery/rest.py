"""What else a mapping says: priorities, what is flagged, functions, what links mean, and what is derived from words."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from syncbot.mapping.discovery.evidence import FieldUse, Site, Use
from syncbot.mapping.discovery.guess import Guess, Left, because, called, filled, items, likeness, mention, theirs, used
from syncbot.mapping.discovery.thesaurus import Sense, Thesaurus, look_up
from syncbot.mapping.discovery.values import guess_values
from syncbot.patterns import fold, matches

_FEW = 3
_LEFT = 20  # labels
_REPEATED = 2  # items to a value: fewer, and the values are no things that items share


def guess_priorities(site: Site, thesaurus: Thesaurus) -> Iterator[Guess]:
    """The table ``priority``: the tool's own, else a field's values; and labels."""
    uses = site.words["priority"]
    if not uses:
        yield from guess_values(site, thesaurus, "priority")
    hits = [look_up(use.name, thesaurus.senses("priority", {"priority", "value"})) for use in uses]
    for at, (use, hit) in enumerate(zip(uses, hits, strict=True)):
        if hit is not None:
            why = because(used(use), likeness(hit))
            yield _word("priority", hit.sense.result, use, why, sure=hit.how != "within")
            continue
        above = next((one.sense.result for one in hits[:at][::-1] if one), None)
        below = next((one.sense.result for one in hits[at + 1 :] if one), None)
        if above or below:
            why = because(used(use), "by its place among the others")
            yield _word("priority", above or below or "3", use, why, sure=False)
    yield from _labels("priority", site, thesaurus)


def guess_flagged(site: Site, thesaurus: Thesaurus) -> Iterator[Guess]:
    """The table ``flagged``: a field that is filled, or a label."""
    senses = thesaurus.senses("flagged", {"field"})
    for use in site.fields:
        hit = look_up(use.name, senses) if use.custom and use.type in {"bool", "options", "option"} else None
        if hit is not None and hit.how != "within":
            yield Guess("flagged", "any", "field", (called(use),), because(filled(use), likeness(hit)))
    yield from _labels("flagged", site, thesaurus)


def guess_functions(site: Site, thesaurus: Thesaurus) -> Iterator[Guess]:
    """The tables ``function`` and ``requires``: labels."""
    for table in ("function", "requires"):
        yield from _labels(table, site, thesaurus)


def guess_links(site: Site, thesaurus: Thesaurus) -> Iterator[Guess]:
    """The table ``links``: link types; what a field with addresses would mean is left to the admin."""
    senses = thesaurus.senses("links")
    for use in site.words["link"]:
        hit = look_up(use.name, senses)
        if hit is not None:
            many = f"{use.items} link{'' if use.items == 1 else 's'}" if use.items else "no link"
            yield _word("links", hit.sense.result, use, because(many, likeness(hit)), sure=hit.how != "within")
    twins = [one for one in senses if one.result == "twin"]
    for field in site.fields:
        if field.custom and field.addresses and look_up(field.name, twins):
            why = because(filled(field), "its addresses are followed anyway; this would make twins of tasks too")
            yield Guess("links", "twin", "link", (called(field),), why, sure=False)


def left_links(site: Site, guesses: list[Guess]) -> Iterator[Left]:
    """The link types that only relate."""
    spoken = {fold(name) for guess in guesses if guess.table == "links" for name in guess.names}
    uses = [use for use in site.words["link"] if fold(use.name) not in spoken]
    if uses:
        yield Left("links", f"only relate: {', '.join(f'{mention(use.name)} ({use.items})' for use in uses)}")


def guess_derived(site: Site, thesaurus: Thesaurus) -> Iterator[Guess]:
    """The table ``derive``: goals, milestones and sprints that are words or values and no items."""
    yield from _by_pattern(site.words["label"], thesaurus.senses("derive", {"label"}))
    sprints = sprint_places(site, thesaurus)
    places = site.words[site.places] if site.places else ()
    named = tuple(use for use in places if fold(use.name) in sprints)
    others = [use.name for use in places if fold(use.name) not in sprints]
    for guess in _by_pattern(named, thesaurus.senses("derive", {"list", "section"}, "sprint")):
        wrong = next((name for name in others if matches(guess.names[0], name)), None)
        if wrong is None:
            yield guess
        else:
            fit = tuple(use.name for use in named if matches(guess.names[0], use.name) and "*" not in use.name)
            yield replace(guess, names=fit, why=f"{guess.why}; by name, since {mention(wrong)} is none of them")
    for field in site.fields:
        yield from _by_field(field, site, thesaurus.senses("derive", {"field"}))


def sprint_places(site: Site, thesaurus: Thesaurus) -> frozenset[str]:
    """The folded names of lists or sections that are sprints: numbered, and no known status as a sprint backlog is."""
    senses = thesaurus.senses("derive", {"list", "section"}, "sprint")
    statuses = thesaurus.senses("status", {"status", "list", "section"})
    uses = site.words[site.places] if site.places else ()
    return frozenset(
        fold(use.name)
        for use in uses
        if any(char.isdecimal() for char in use.name)
        and any(matches(one.text, use.name) for one in senses)
        and not any(matches(one.text, use.name) for one in statuses)
    )


def _by_pattern(uses: tuple[Use, ...], senses: list[Sense]) -> Iterator[Guess]:
    patterns: dict[str, tuple[Sense, list[Use]]] = {}
    for use in uses:
        sense = next((one for one in senses if matches(one.text, use.name)), None)
        if sense is not None:
            patterns.setdefault(sense.text, (sense, []))[1].append(use)
    for sense, named in patterns.values():
        yield Guess("derive", sense.result, named[0].facet, (sense.text,), _named(named))


def _named(uses: list[Use]) -> str:
    some = ", ".join(mention(use.name) for use in uses[:_FEW])
    more = f" and {len(uses) - _FEW} more" if len(uses) > _FEW else ""
    return f"{some}{more}, {items(sum(use.items for use in uses))}"


def _by_field(use: FieldUse, site: Site, senses: list[Sense]) -> Iterator[Guess]:
    by_id = next((one for one in senses if not use.custom and one.text in use.ids), None)
    if by_id is not None:
        real = "" if fold(use.name) == fold(by_id.text) else f"{mention(use.name)}: "
        yield Guess("derive", by_id.result, "field", (by_id.text,), real + filled(use))
        return
    hit = look_up(use.name, senses) if use.custom and use.type in {"option", "options", "text"} else None
    if hit is None or hit.how == "within" or (hit.sense.result == "sprint" and _has_sprints(site)):
        return
    shared = use.type != "text" or use.filled >= _REPEATED * len(use.values)
    doubt = "" if shared and use.filled else "it is free text that items do not share" if use.filled else "never used"
    why = because(filled(use), likeness(hit), doubt)
    yield Guess("derive", hit.sense.result, "field", (called(use),), why, not doubt)


def _has_sprints(site: Site) -> bool:
    return any(use.type == "sprint" for use in site.fields)


def _labels(table: str, site: Site, thesaurus: Thesaurus) -> Iterator[Guess]:
    senses = thesaurus.senses(table, {"label"})
    for use in site.words["label"]:
        hit = look_up(use.name, senses)
        if hit is not None and hit.how != "within":
            yield _word(table, hit.sense.result, use, because(used(use), likeness(hit)), sure=True)


def left_labels(site: Site, guesses: list[Guess]) -> Iterator[Left]:
    """The labels that nothing was made of, the most used first."""
    patterns = [name for guess in guesses if guess.about == "label" for name in guess.names]
    uses = [use for use in site.words["label"] if not any(matches(one, use.name, *use.ids) for one in patterns)]
    uses.sort(key=lambda use: (-use.items, use.name))
    if uses:
        more = f", and {len(uses) - _LEFT} more" if len(uses) > _LEFT else ""
        said = ", ".join(f"{mention(use.name)} ({use.items})" for use in uses[:_LEFT])
        yield Left("label", f"labels: {said}{more}")


def _word(table: str, key: str, use: Use, why: str, *, sure: bool) -> Guess:
    names = theirs(use.name, use.ids)
    return Guess(table, key, use.facet, names, why, sure, unused=not use.items and sure and table != "links")
