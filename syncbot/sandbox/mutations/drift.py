"""What twins say of one thing: how they come to differ, and what only looks so."""

from __future__ import annotations

from syncbot.sandbox.edits import Edits
from syncbot.sandbox.mutations.register import (
    ALARMS,
    EPIC_OF,
    INSTALMENTS,
    REFUNDS,
    RETRY,
    SCORE,
    WALLETS,
    card,
    issue,
    mutation,
)


@mutation(("status-drift", REFUNDS), ("done-with-open-children", EPIC_OF + REFUNDS))
def epic_closed_early(edits: Edits) -> None:
    """The epic is closed, the roadmap still says now."""
    edits.move(issue(edits, REFUNDS), "Done")


@mutation(("status-drift", INSTALMENTS))
def card_done_early(edits: Edits) -> None:
    """The roadmap says done, the epic is under way."""
    done = card(edits, INSTALMENTS)
    edits.drag(done, "Done")
    edits.set(done, complete=True)


@mutation(("status-drift", ALARMS))
def card_back_to_idea(edits: Edits) -> None:
    """The roadmap goes back to an idea, the epic goes on."""
    edits.drag(card(edits, ALARMS), "Ideas")


@mutation(("status-drift", WALLETS))
def epic_started_early(edits: Edits) -> None:
    """The team starts what the roadmap has only next."""
    edits.move(issue(edits, WALLETS), "In Progress")


@mutation()
def trap_other_word(edits: Edits) -> None:
    """Twins say the same in different words: now, and in review."""
    edits.move(issue(edits, RETRY), "In Review")


@mutation()
def trap_planned_and_ready(edits: Edits) -> None:
    """The roadmap has it among the ideas, the team has it selected: neither is working on it."""
    edits.drag(card(edits, SCORE), "Ideas")
