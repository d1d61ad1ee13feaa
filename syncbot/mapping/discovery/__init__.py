"""A mapping written from what a site really has: what its fields and words probably mean, each with what speaks for it.

Pure: from a vocabulary and records to the text of a mapping file that `load` takes. A guess that is not sure
enough is commented out with the reason, and what nothing was guessed of is listed: no line is to be believed unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from syncbot.mapping.discovery.evidence import Site, weigh
from syncbot.mapping.discovery.fields import guess_fields, left_fields
from syncbot.mapping.discovery.guess import Guess, Left, mention
from syncbot.mapping.discovery.kinds import guess_kinds, left_kinds
from syncbot.mapping.discovery.rest import (
    guess_derived,
    guess_flagged,
    guess_functions,
    guess_links,
    guess_priorities,
    left_labels,
    left_links,
    sprint_places,
)
from syncbot.mapping.discovery.statuses import guess_statuses, left_statuses
from syncbot.mapping.discovery.thesaurus import Thesaurus
from syncbot.mapping.discovery.writing import write
from syncbot.model import Record, Scope, Side, Vocabulary
from syncbot.patterns import fold

__all__ = ["discover"]

_READ = (
    "Ours = theirs. Behind each line stands what speaks for it; one that begins with # is doubtful, and counts only "
    'without that sign. "syncbot mapping preview" shows what it would change.'
)


def discover(
    tool: str,
    vocabulary: Vocabulary,
    records: Iterable[Record],
    *,
    connection: str,
    scopes: Sequence[Scope],
    side: Side | None,
    scope_sides: Mapping[str, Side],
    own_accounts: frozenset[str],
    since: str | None,
) -> str:
    """The text of a mapping for these scopes of a connection.

    ``side`` is the connection's, ``scope_sides`` goes by the scopes' remote ids. ``since``: the records are those that
    changed since that date (None: since ever). ``own_accounts``: what this connection writes as.
    """
    site, thesaurus = weigh(vocabulary, records, own_accounts), Thesaurus(tool)
    guesses, left = _guess(site, thesaurus, side)
    names = ", ".join(mention(scope.name) for scope in scopes)
    items = "1 item" if site.items == 1 else f"{site.items} items"
    title = [
        f'Written by "syncbot mapping discover" from {items} of {connection}: {names}'
        + (f", changed since {since}." if since else "."),
        _READ,
    ]
    return write(title, guesses, left, _elsewhere(site, thesaurus, guesses, scopes, side, scope_sides))


def _guess(site: Site, thesaurus: Thesaurus, side: Side | None) -> tuple[list[Guess], list[Left]]:
    kinds = list(guess_kinds(site, thesaurus, side))
    ignored = {fold(name) for it in kinds if it.key == "ignore" and it.about == site.places for name in it.names}
    aside = sprint_places(site, thesaurus) | ignored
    guesses = [
        *guess_fields(site, thesaurus),
        *kinds,
        *guess_statuses(site, thesaurus, aside),
        *guess_priorities(site, thesaurus),
        *guess_flagged(site, thesaurus),
        *guess_functions(site, thesaurus),
        *guess_links(site, thesaurus),
        *guess_derived(site, thesaurus),
    ]
    left = [
        *left_kinds(site, kinds),
        *left_statuses(site, guesses, aside),
        *left_links(site, guesses),
        *left_fields(site, guesses),
        *left_labels(site, guesses),
    ]
    return guesses, left


def _elsewhere(
    site: Site,
    thesaurus: Thesaurus,
    guesses: Sequence[Guess],
    scopes: Sequence[Scope],
    side: Side | None,
    scope_sides: Mapping[str, Side],
) -> dict[str, Guess]:
    """What a plain item is in the scopes that are on the other side, by what the file calls them."""
    plain = next(guess.key for guess in guesses if guess.about == "" and guess.sure)
    found = {}
    for scope in scopes:
        own = scope_sides.get(scope.remote_id)
        if own is None or own == side:
            continue
        rest = next(it for it in guess_kinds(site, thesaurus, own) if it.about == "" and it.sure)
        if rest.key != plain:
            alone = [it.name for it in scopes].count(scope.name) == 1 and "*" not in scope.name and scope.name.strip()
            found[scope.name if alone else scope.remote_id] = rest
    return found
