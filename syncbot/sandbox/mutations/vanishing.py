"""What is no longer there, applied after all others: they look for it.

Nothing is taken for deleted before two looks have missed it.
"""

from __future__ import annotations

from syncbot.sandbox.edits import Edits
from syncbot.sandbox.mutations.register import SCORE, WALLETS, card, mutation


@mutation(("twin-vanished", SCORE), hours=25, looks=2)
def card_deleted(edits: Edits) -> None:
    """A card is deleted from the roadmap, and the team goes on with its epic."""
    edits.remove(edits.world.trello.cards, card(edits, SCORE))


@mutation(hours=25)
def trap_missed_once(edits: Edits) -> None:
    """A card is not found, once: perhaps it was only moved while the tool was read."""
    edits.remove(edits.world.trello.cards, card(edits, WALLETS))
