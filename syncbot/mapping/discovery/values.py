"""Fields whose values say what a table of a mapping asks for: a priority, a status, a type kept in a field."""

from __future__ import annotations

from collections.abc import Iterator

from syncbot.mapping.discovery.evidence import FieldUse, Site
from syncbot.mapping.discovery.guess import Guess, because, called, items, likeness
from syncbot.mapping.discovery.thesaurus import Hit, Thesaurus, look_up
from syncbot.patterns import fold, plain

_ABOUT = {
    "kind": {"type", "value"},
    "status": {"status", "list", "section", "value"},
    "priority": {"priority", "value"},
}


def guess_values(site: Site, thesaurus: Thesaurus, table: str) -> Iterator[Guess]:
    """The values of each field that is called as the table is, as far as they are known words."""
    for use in value_fields(site, thesaurus, table):
        for value, count, hit in known_values(use, thesaurus, table):
            if hit is not None:
                name = called(use)
                why = because(items(count), likeness(hit))
                yield Guess(table, hit.sense.result, "value", (value,), why, hit.how != "within", field=name)


def value_fields(site: Site, thesaurus: Thesaurus, table: str) -> list[FieldUse]:
    """The option fields that people made and called as the table is."""
    names = {plain(sense.field) for sense in thesaurus.senses(table, {"value"})}
    return [
        use for use in site.fields
        if use.custom and use.type in {"option", "text"} and use.filled and plain(use.name) in names
    ]  # fmt: skip


def known_values(use: FieldUse, thesaurus: Thesaurus, table: str) -> Iterator[tuple[str, int, Hit | None]]:
    """Each value of a field, how often it stands there, and what it means in the table. Words of that field first."""
    senses = thesaurus.senses(table, _ABOUT[table])
    own = [one for one in senses if fold(one.field) == fold(use.name)]
    general = [one for one in senses if one.about != "value" or fold(one.field) != fold(use.name)]
    for value, count in use.values:
        if isinstance(value, str):
            yield value, count, look_up(value, [*own, *general])
