"""What a site's statuses, lists or sections mean: by name, checked against what the tool itself says of them.

Jira counts each of its statuses as to do, in progress or done, which is what it is read as unless a word says more.
Lists and sections say nothing by themselves; what stands in them, and between which others they stand, is shown.
"""

from __future__ import annotations

from collections.abc import Iterator

from syncbot.mapping.discovery.evidence import Site, Use
from syncbot.mapping.discovery.guess import Guess, Left, because, items, likeness, mention, theirs, used
from syncbot.mapping.discovery.thesaurus import Thesaurus, look_up
from syncbot.mapping.discovery.values import guess_values, known_values, value_fields
from syncbot.model import Category
from syncbot.patterns import fold

_WORDS = {"status", "list", "section"}
_COUNTED: dict[Category, str] = {"new": "planned", "doing": "doing", "done": "done"}
_SAYS: dict[Category, str] = {"new": "to do", "doing": "in progress", "done": "done"}
_AGREES: dict[str, frozenset[Category]] = {
    "planned": frozenset({"new"}),
    "ready": frozenset({"new"}),
    "doing": frozenset({"doing"}),
    "paused": frozenset({"new", "doing"}),
    "done": frozenset({"done"}),
    "dropped": frozenset({"new", "doing", "done"}),
}
_ENOUGH = 5  # items, all of them ticked off, that make a list one of what is done
_BETWEEN = {("planned", "done"), ("ready", "done"), ("planned", "paused"), ("ready", "paused")}


def guess_statuses(site: Site, thesaurus: Thesaurus, aside: frozenset[str]) -> Iterator[Guess]:
    """The table ``status``. ``aside``: folded names of lists or sections that are something else (sprints, say)."""
    if site.ticked or site.places:
        yield Guess("status", "done", "complete", (), f"{items(site.ticked, site.items)} ticked off")
    for use in site.words["resolution"]:
        hit = look_up(use.name, thesaurus.senses("status", {"resolution"}))
        if hit is not None:
            yield _guess(use, hit.sense.result, because(used(use), likeness(hit)), sure=hit.how != "within")
    for use in site.words["status"]:
        yield from _by_status(use, thesaurus)
    if site.places is None:
        return
    places = [use for use in site.words[site.places] if fold(use.name) not in aside]
    if _by_field(site, thesaurus, places):
        yield from guess_values(site, thesaurus, "status")
    yield from _by_place(places, thesaurus)


def left_statuses(site: Site, guesses: list[Guess], aside: frozenset[str]) -> Iterator[Left]:
    """The statuses that are read as Jira counts them, and the lists or sections that nothing is known of."""
    spoken = {fold(name) for guess in guesses if guess.table == "status" for name in guess.names}
    for category, status in _COUNTED.items():
        uses = [use for use in site.words["status"] if use.categories == (category,) and fold(use.name) not in spoken]
        if uses:
            yield Left("status", f"{status}, as the tool itself counts them: {_listed(uses)}")
    uses = [use for use in site.words["status"] if len(use.categories) != 1 and fold(use.name) not in spoken]
    if uses:
        yield Left("status", f"not to be told: {_listed(uses)}")
    if site.places is None:
        return
    uses = [use for use in site.words[site.places] if fold(use.name) not in {*spoken, *aside}]
    if uses:
        yield Left("status", f"yours to say, until then planned unless ticked off: {_listed(uses)}")


def _listed(uses: list[Use]) -> str:
    return ", ".join(f"{mention(use.name)} ({use.items})" for use in sorted(uses, key=lambda use: -use.items))


def _guess(use: Use, key: str, why: str, *, sure: bool) -> Guess:
    names = theirs(use.name, use.ids)
    return Guess("status", key, use.facet, names, why, sure, unused=not use.items and sure)


# Statuses of the tool's own -------------------------------------------------------------------------------------------


def _by_status(use: Use, thesaurus: Thesaurus) -> Iterator[Guess]:
    """Where a word says more than the tool's own category; doubtful where it says otherwise."""
    hit = look_up(use.name, thesaurus.senses("status", _WORDS))
    if hit is None or (len(use.categories) == 1 and hit.sense.result == _COUNTED[use.categories[0]]):
        return
    said = hit.sense.result
    against = [one for one in use.categories if one not in _AGREES[said]]
    if hit.sense.own and hit.how == "known":
        against = []
    doubt = f"but the tool counts it as {' and '.join(_SAYS[one] for one in against)}" if against else ""
    yield _guess(use, said, because(used(use), likeness(hit), doubt), sure=not doubt and hit.how != "within")


# Lists and sections ---------------------------------------------------------------------------------------------------


def _by_field(site: Site, thesaurus: Thesaurus, places: list[Use]) -> bool:
    """Whether a field tells statuses better than lists or sections, which are then something else: topics, say."""
    senses = thesaurus.senses("status", _WORDS)
    known = sum(use.items for use in places if (hit := look_up(use.name, senses)) and hit.how != "within")
    fields = value_fields(site, thesaurus, "status")
    told = sum(count for use in fields for _, count, hit in known_values(use, thesaurus, "status") if hit)
    return told > known


def _by_place(places: list[Use], thesaurus: Thesaurus) -> Iterator[Guess]:
    senses = thesaurus.senses("status", _WORDS)
    hits = {use.name: look_up(use.name, senses) for use in places}
    sure = {name: hit.sense.result for name, hit in hits.items() if hit and hit.how != "within"}
    for at, use in enumerate(places):
        hit = hits[use.name]
        ticked = use.items >= _ENOUGH and use.ticked == use.items
        if hit is not None and (hit.how != "within" or (hit.sense.result == "done" and ticked)):
            yield _guess(use, hit.sense.result, because(used(use), likeness(hit)), sure=True)
        elif ticked:
            yield _guess(use, "done", used(use), sure=True)
        elif hit is not None:
            yield _guess(use, hit.sense.result, because(used(use), likeness(hit)), sure=False)
        elif use.items:
            yield from _by_neighbours(use, places[:at], places[at + 1 :], sure)


def _by_neighbours(use: Use, before: list[Use], after: list[Use], sure: dict[str, str]) -> Iterator[Guess]:
    """What its neighbours on the same board suggest: the same as both of them, or what would else be missing."""

    def nearest(others: list[Use]) -> Use | None:
        return next((one for one in others if one.name in sure and set(one.scopes) & set(use.scopes)), None)

    left, right = nearest(before[::-1]), nearest(after)
    if left is None or right is None:
        return
    one, other = sure[left.name], sure[right.name]
    stands = f"stands between {mention(left.name)} and {mention(right.name)}"
    if one == other:
        yield _guess(use, one, because(used(use), f"{stands}, both {one}"), sure=False)
    elif (one, other) in _BETWEEN and "doing" not in sure.values():
        why = because(used(use), f"{stands}, and no other is known as doing")
        yield _guess(use, "doing", why, sure=False)
