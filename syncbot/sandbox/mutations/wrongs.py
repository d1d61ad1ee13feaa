"""What goes wrong in companies, one thing at a time. A function's name is its mutation's, its docstring the title."""

from __future__ import annotations

from syncbot.sandbox.company.delivery import POINTS
from syncbot.sandbox.edits import Edits
from syncbot.sandbox.mutations.register import (
    ALARMS,
    GIFTS,
    INSTALMENTS,
    INVOICES,
    LONG,
    LOYALTY,
    REFUNDS,
    RETRY,
    SPLIT,
    WALLETS,
    card,
    issue,
    mutation,
)

HOSTILE = ("\u202e*owner* <script>alert(1)</script>\n| [x](javascript:1) {{7*7}} [red]`" + "Zoë 🏳️‍🌈 " * LONG)[:LONG]


# Ownership ------------------------------------------------------------------------------------------------------------


@mutation(("feature-without-owner", RETRY))
def owner_leaves(edits: Edits) -> None:
    """The owner leaves a card, and nobody follows."""
    edits.set(card(edits, RETRY), members=[])


@mutation(("feature-without-owner", SPLIT))
def idea_without_owner(edits: Edits) -> None:
    """An idea is written down without an owner."""
    edits.set(card(edits, SPLIT), members=[])


@mutation(("feature-without-owner", HOSTILE))
def hostile_title(edits: Edits) -> None:
    """A card without an owner has 16,000 characters of markup for a title."""
    edits.set(card(edits, GIFTS), name=HOSTILE, members=[])


@mutation(("work-without-assignee", "Tune the rules by country"))
def work_abandoned(edits: Edits) -> None:
    """Work goes on with nobody on it."""
    edits.assign(issue(edits, "Tune the rules by country"), None)


@mutation(("work-without-assignee", "Tell the merchant before the retry"))
def sprint_work_unassigned(edits: Edits) -> None:
    """Work is promised for the running sprint, but by nobody."""
    edits.assign(issue(edits, "Tell the merchant before the retry"), None)


@mutation(("work-without-assignee", "Trace the stolen cards of March"))
def secret_work_abandoned(edits: Edits) -> None:
    """Secret work goes on with nobody on it."""
    edits.assign(issue(edits, "Trace the stolen cards of March"), None)


# Delivery and capacity ------------------------------------------------------------------------------------------------


@mutation(("feature-without-work", LOYALTY))
def promised_without_work(edits: Edits) -> None:
    """An idea is promised before anybody plans the work."""
    edits.drag(card(edits, LOYALTY), "Next")


@mutation(("feature-without-work", INVOICES))
def epic_emptied(edits: Edits) -> None:
    """All stories of an epic are moved to another one."""
    empty, full = issue(edits, INVOICES), issue(edits, WALLETS)
    for story in [one for one in edits.world.jira.issues.values() if one.parent == empty.id]:
        edits.set(story, parent=full.id)


@mutation(("sprint-over-capacity", "PAY Sprint 22"))
def sprint_overfull(edits: Edits) -> None:
    """The running sprint takes on more than its team can give."""
    edits.fill(issue(edits, "Tell the merchant before the retry"), POINTS["PAY"], 20.0)  # 46 of 40 points: 115%


# Drift ----------------------------------------------------------------------------------------------------------------


@mutation(("status-drift", REFUNDS))
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


# Trust ----------------------------------------------------------------------------------------------------------------


@mutation(("source-stale", "PAY"), ("source-stale", "RISK"), hours=25)
def token_revoked(edits: Edits) -> None:
    """Jira no longer knows the token, and a day goes by."""
    edits.set(edits.world.jira, tokens={})
