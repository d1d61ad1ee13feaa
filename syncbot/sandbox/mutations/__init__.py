"""Misalignments and traps, by name.

Applied to the clean world, each mutation alone must add exactly the findings it expects, all of them together exactly
their union, and undoing one must resolve its own. A trap expects none.
"""

from syncbot.sandbox.mutations import (
    capacity,
    dates,
    delivery,
    dependencies,
    drift,
    lookalikes,
    marketing,
    ownership,
    strategy,
    trust,
    vanishing,
)
from syncbot.sandbox.mutations.register import MUTATIONS, Mutation

TOGETHER = tuple(name for name, one in MUTATIONS.items() if not one.blinds)
"""Those that can all be so at once: with the others, rules cannot tell."""

__all__ = [
    "MUTATIONS",
    "TOGETHER",
    "Mutation",
    "capacity",
    "dates",
    "delivery",
    "dependencies",
    "drift",
    "lookalikes",
    "marketing",
    "ownership",
    "strategy",
    "trust",
    "vanishing",
]
