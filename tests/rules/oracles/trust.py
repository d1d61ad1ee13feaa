"""What the rules about the trust in what was read mean, said naively."""

from __future__ import annotations

from tests.rules.oracles.seen import Answer, Oracle, Rule, recent
from tests.worlds import World


def source_stale(world: World) -> Answer:
    see = Oracle(world)
    return {(scope.label.partition("/")[2], ()) for scope in world.scopes if see.stale(scope)}, set()


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
    "source-stale": source_stale,
    "word-not-mapped": word_not_mapped,
}
