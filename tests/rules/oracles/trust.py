"""What the rules about the trust in what was read mean, said naively."""

from __future__ import annotations

from fractions import Fraction

from tests.rules.oracles.seen import Answer, Oracle, Rule, recent
from tests.worlds import Item, World


def source_stale(world: World) -> Answer:
    see = Oracle(world)
    return {(scope.label.partition("/")[2], ()) for scope in world.scopes if see.stale(scope)}, set()


def field_rarely_filled(world: World) -> Answer:
    see = Oracle(world)
    found = set()
    for need in world.needs:
        scope = see.scope(need["scope"])
        fields = set(need["field"].split(" or ")) & scope.mapped
        here = [item for item in see.items if item.scope == scope.label and item.seen == "here"]
        asked = [
            item
            for item in here
            if recent(item) and item.status != "dropped" and not item.derived and need["kind"] in {"", item.kind}
        ]
        own = [head for head in see.heads() if head in here and head.is_open]
        if not fields or not asked or see.stale(scope) or (need["kind"] == "feature" and not own):
            continue
        filled = [sum(_is_filled(item, field) for item in asked) for field in fields]
        if Fraction(max(filled), len(asked)) < Fraction(6, 10):
            found.add((_name(scope.label), ()))
    return found, {scope.label for scope in world.scopes if see.stale(scope)}


def _is_filled(item: Item, field: str) -> bool:
    if field == "owner":
        return bool(item.owner or item.on)
    return getattr(item, {"due_on": "due"}.get(field, field)) is not None


def word_not_mapped(world: World) -> Answer:
    see = Oracle(world)
    found = set()
    told = set()
    for item in see.items:
        for word in item.unknown_words:
            is_word = word.partition(":")[0] in {"type", "status", "list", "section", "priority"}
            if item.seen == "here" and recent(item) and is_word and (item.scope, word) not in told:
                told.add((item.scope, word))
                if not see.stale(see.scope(item.scope)):
                    found.add((_name(item.scope), (item.ref,)))
    return found, {scope.label for scope in world.scopes if see.stale(scope)}


def _name(label: str) -> str:
    return label.partition("/")[2]


ORACLES: dict[str, Rule] = {
    "field-rarely-filled": field_rarely_filled,
    "source-stale": source_stale,
    "word-not-mapped": word_not_mapped,
}
