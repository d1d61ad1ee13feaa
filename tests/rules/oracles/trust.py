"""What the rules about the trust in what was read mean, said naively."""

from __future__ import annotations

from tests.rules.oracles.seen import Answer, Oracle, Rule
from tests.worlds import World


def source_stale(world: World) -> Answer:
    see = Oracle(world)
    return {(scope.label.partition("/")[2], ()) for scope in world.scopes if see.stale(scope)}, set()


ORACLES: dict[str, Rule] = {
    "source-stale": source_stale,
}
