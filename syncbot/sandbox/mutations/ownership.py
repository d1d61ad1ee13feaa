"""Who owns and who does the work: what goes wrong with it, and what only looks so."""

from __future__ import annotations

from syncbot.sandbox.edits import Edits
from syncbot.sandbox.mutations.register import (
    GIFTS,
    LONG,
    RETRY,
    SCORE,
    SPLIT,
    WALLETS,
    card,
    issue,
    mutation,
    new_card,
    new_feature,
)
from syncbot.sandbox.world import TrelloMember

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


@mutation(("feature-owner-inactive", "Refunds by text message"))
def owner_deactivated(edits: Edits) -> None:
    """The owner of an idea leaves the company, and the card stays theirs."""
    state = edits.world.trello
    gone = TrelloMember(state.next_id(edits.world.now), "ivo", "Ivo Former", deactivated=True)
    idea = new_card(edits, "Refunds by text message", "Ideas")
    edits.add(state.members, gone)
    board = state.boards[idea.board]
    edits.set(board, roles=board.roles | {gone.id: "normal"})
    edits.set(idea, members=[gone.id], labels=card(edits, GIFTS).labels)


@mutation(("owner-drift", SCORE))
def epic_handed_over(edits: Edits) -> None:
    """Another planner takes over the epic, and the card keeps the first one."""
    hand_over(edits, SCORE, "gus")


@mutation(("one-person-both-roles", "Ada Park"))
def planner_takes_on_more(edits: Edits) -> None:
    """A planner with three features takes on three more, and leads their delivery too."""
    for title in ("Pay by link", "Tap to pay", "Save a card for later"):
        new_feature(edits, title, owner="adapark", lead="adapark")


@mutation()
def trap_led_by_another(edits: Edits) -> None:
    """A planner plans a fourth feature, and a maker leads its delivery."""
    new_feature(edits, "Pay at the door", owner="adapark", lead="bo")


@mutation()
def trap_no_seat_in_jira(edits: Edits) -> None:
    """A planner gives back the Jira licence, and goes on working with the roadmap."""
    users = edits.world.jira.users.values()
    edits.set(next(one for one in users if one.name == "Fay O'Neill"), active=False)


@mutation()
def trap_done_without_owner(edits: Edits) -> None:
    """A feature that is done has no owner any more."""
    edits.set(card(edits, "Payout calendar"), members=[])


@mutation()
def trap_two_members(edits: Edits) -> None:
    """Two people are on a card: who of them owns it cannot be told."""
    shared = card(edits, WALLETS)
    other = next(one for one in edits.world.trello.members if one not in shared.members)
    edits.set(shared, members=[*shared.members, other])


@mutation()
def trap_backlog_unassigned(edits: Edits) -> None:
    """Work for later has nobody on it yet."""
    edits.assign(issue(edits, "Certify with both wallets"), None)


@mutation()
def trap_subtask_unassigned(edits: Edits) -> None:
    """A subtask in the running sprint has nobody of its own, its story has."""
    edits.assign(issue(edits, "Queue the attempt"), None)


def hand_over(edits: Edits, title: str, handle: str) -> None:
    """Give an epic to the person of a handle."""
    users = edits.world.jira.users.values()
    edits.assign(issue(edits, title), next(one.id for one in users if one.email == f"{handle}@payments.example"))
