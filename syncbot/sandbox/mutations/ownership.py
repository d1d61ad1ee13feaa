"""Who owns and who does the work: what goes wrong with it, and what only looks so."""

from __future__ import annotations

from syncbot.sandbox.edits import Edits
from syncbot.sandbox.mutations.register import (
    ALARMS,
    GIFTS,
    INVOICES,
    LONG,
    LOYALTY,
    RETRY,
    SPLIT,
    TEXTED,
    WALLETS,
    card,
    issue,
    mutation,
    new_card,
    new_feature,
)
from syncbot.sandbox.world import JiraUser

HOSTILE = ("\u202e*owner* <script>alert(1)</script>\n| [x](javascript:1) {{7*7}} [red]`" + "Zoë 🏳️‍🌈 " * LONG)[:LONG]


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


@mutation(("feature-owner-inactive", TEXTED))
def owner_deactivated(edits: Edits) -> None:
    """The owner of an idea leaves the company, and the card stays theirs."""
    edits.set(card(edits, TEXTED), members=[member(edits, "ivo")])


@mutation(("owner-drift", WALLETS))
def epic_handed_over(edits: Edits) -> None:
    """Another planner takes over the epic, and the card keeps the first one."""
    edits.assign(issue(edits, WALLETS), planner(edits, "gus").id)


@mutation(("one-person-both-roles", "Fay O'Neill"))
def planner_takes_on_more(edits: Edits) -> None:
    """A planner with two features takes on two more, and leads their delivery too."""
    for title in (INVOICES, ALARMS):
        edits.set(card(edits, title), members=[member(edits, "fay")])
        edits.assign(issue(edits, title), planner(edits, "fay").id)


@mutation()
def trap_led_by_another(edits: Edits) -> None:
    """A planner plans a fourth feature, and a maker leads its delivery."""
    new_feature(edits, "Pay at the door", owner="adapark", lead="bo")


@mutation()
def trap_archived_card_of_somebody_gone(edits: Edits) -> None:
    """An idea of somebody who left was archived."""
    edits.set(new_card(edits, "Pay by letter", "Ideas"), closed=True, members=[member(edits, "ivo")])


@mutation()
def trap_done_without_owner(edits: Edits) -> None:
    """A feature that is done has no owner any more."""
    edits.set(card(edits, "Payout calendar"), members=[])


@mutation()
def trap_two_members(edits: Edits) -> None:
    """Two people are on a card: who of them owns it cannot be told."""
    shared = card(edits, LOYALTY)
    other = next(one for one in edits.world.trello.members if one not in shared.members)
    edits.set(shared, members=[*shared.members, other])


@mutation()
def trap_backlog_unassigned(edits: Edits) -> None:
    """Work for later has nobody on it yet."""
    edits.assign(issue(edits, "Train the first model"), None)


@mutation()
def trap_subtask_unassigned(edits: Edits) -> None:
    """A subtask in the running sprint has nobody of its own, its story has."""
    edits.assign(issue(edits, "Queue the attempt"), None)


def member(edits: Edits, handle: str) -> str:
    """The Trello account of a handle."""
    return next(one.id for one in edits.world.trello.members.values() if one.username == handle)


def planner(edits: Edits, handle: str) -> JiraUser:
    """The Jira account of a handle."""
    users = edits.world.jira.users.values()
    return next(one for one in users if one.email == f"{handle}@payments.example")
