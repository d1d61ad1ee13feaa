"""What waits for what: what goes wrong with it, and what only looks so."""

from __future__ import annotations

from itertools import pairwise

from syncbot.sandbox.company.delivery import due
from syncbot.sandbox.edits import Edits
from syncbot.sandbox.mutations.register import INSTALMENTS, REFUNDS, WALLETS, issue, mutation
from syncbot.sandbox.world import JiraLink

ATTEMPT, REVENUE = "Schedule a second attempt", "Measure recovered revenue"
NUMBERS, LETTERS = "Number invoices as each country demands", "Letters beyond ASCII in every PDF: ß, å, ł"
MODEL, SENTENCE, OVERRULE = "Train the first model", "Explain a score in one sentence", "Let merchants overrule"


@mutation(("blocker-due-later", ATTEMPT))
def blocker_dated_later(edits: Edits) -> None:
    """What waits for a story is promised a week before that story."""
    promise(edits, ATTEMPT, weeks=2)
    promise(edits, REVENUE, weeks=1)


@mutation(("dependency-cycle", NUMBERS))
def blocked_in_a_circle(edits: Edits) -> None:
    """Two people each mark the other's story as the one to be done first."""
    chain(edits, NUMBERS, LETTERS, NUMBERS)


@mutation(("blocked-chain", MODEL))
def chain_stands_still(edits: Edits) -> None:
    """An epic waits, over two stories, for one that nobody has begun or dated."""
    chain(edits, MODEL, SENTENCE, OVERRULE, WALLETS)


@mutation()
def trap_dated_in_order(edits: Edits) -> None:
    """What waits for a story is due on the same day as that story."""
    for title in ("Decrypt wallet tokens 🔐", "Wallet buttons at checkout"):
        promise(edits, title, weeks=2)
    chain(edits, "Decrypt wallet tokens 🔐", "Wallet buttons at checkout")


@mutation()
def trap_part_blocks_whole(edits: Edits) -> None:
    """A story blocks its own epic, and is due after that has started."""
    promise(edits, "Reconcile refunds nightly", weeks=2)
    chain(edits, "Reconcile refunds nightly", REFUNDS)


@mutation()
def trap_chain_under_way(edits: Edits) -> None:
    """An epic waits, over two stories, for one that is under way."""
    chain(edits, ATTEMPT, REVENUE, "Ask the bank why a card failed", INSTALMENTS)


@mutation()
def trap_circle_of_the_past(edits: Edits) -> None:
    """One of two stories that blocked each other is done."""
    chain(edits, "Register the merchant identities", "Certify with both wallets", "Register the merchant identities")


def promise(edits: Edits, title: str, *, weeks: int) -> None:
    """Give an issue a due date."""
    edits.set(issue(edits, title), due=due(edits.world.now, weeks).date().isoformat())


def chain(edits: Edits, *titles: str) -> None:
    """Let each issue block the one after it."""
    state = edits.world.jira
    for one, other in pairwise(issue(edits, title).id for title in titles):
        edits.add(state.links, JiraLink(state.next_id(), "10000", one, other))
