"""What syncbot stands on: what goes wrong with it."""

from __future__ import annotations

from dataclasses import replace

from syncbot.sandbox.edits import Edits
from syncbot.sandbox.mutations.register import ALARMS, INVOICES, RETRY, SCORE, SPLIT, card, mutation, new_card
from syncbot.sandbox.mutations.strategy import unlabel


@mutation(("source-stale", "PAY"), ("source-stale", "RISK"), hours=25)
def token_revoked(edits: Edits) -> None:
    """Jira no longer knows the token, and a day goes by."""
    edits.set(edits.world.jira, tokens={})


@mutation(("word-not-mapped", "RoAdMaP1"))
def list_of_an_unknown_name(edits: Edits) -> None:
    """Somebody makes a list whose name says nothing, and drags a card into it."""
    odd_list(edits)
    edits.drag(card(edits, SPLIT), "Limbo")


@mutation()
def trap_archived_on_an_unknown_list(edits: Edits) -> None:
    """The only card of a list whose name says nothing is archived."""
    odd_list(edits)
    edits.set(new_card(edits, "Pay by telegram", "Limbo"), closed=True)


@mutation(("field-rarely-filled", "RoAdMaP1"), blinds=True)
def priorities_forgotten(edits: Edits) -> None:
    """Only half of the cards on the roadmap still have a priority."""
    for one in list(edits.world.trello.cards.values()):
        if one.name not in {RETRY, SCORE, INVOICES, ALARMS, SPLIT, "Payout calendar"}:
            unlabel(edits, one, "P")


@mutation()
def trap_one_without_priority(edits: Edits) -> None:
    """One card on the roadmap has no priority."""
    unlabel(edits, card(edits, RETRY), "P")


def odd_list(edits: Edits) -> None:
    """Make a list beside the others, unless it is there."""
    state = edits.world.trello
    if all(one.name != "Limbo" for one in state.lists.values()):
        like = next(iter(state.lists.values()))
        edits.add(state.lists, replace(like, id=state.next_id(edits.world.now), name="Limbo", pos=like.pos / 2))
