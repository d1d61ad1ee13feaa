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

__all__ = [
    "MUTATIONS",
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
