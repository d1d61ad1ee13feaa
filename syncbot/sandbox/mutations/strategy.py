"""Goals, priorities and what features need: what goes wrong with them, and what only looks so."""

from __future__ import annotations

from datetime import timedelta

from syncbot.sandbox.edits import Edits
from syncbot.sandbox.mutations.register import (
    ALARMS,
    INVOICES,
    REFUNDS,
    SCORE,
    SPLIT,
    card,
    issue,
    mutation,
    new_issue,
)
from syncbot.sandbox.world import TrelloCard

MONEY_BACK, BUYERS = "Give money back in seconds", "Sell where the buyers are"


@mutation(("feature-without-goal", SPLIT))
def goal_forgotten(edits: Edits) -> None:
    """An idea loses the label of its goal."""
    unlabel(edits, card(edits, SPLIT), "Goal: ")


@mutation(("goal-without-feature", BUYERS))
def goal_emptied(edits: Edits) -> None:
    """All epics of an initiative are moved to another one."""
    empty, full = issue(edits, BUYERS), issue(edits, MONEY_BACK)
    for epic in [one for one in edits.world.jira.issues.values() if one.parent == empty.id]:
        edits.set(epic, parent=full.id)


@mutation(("work-on-dead-goal", REFUNDS))
def goal_given_up(edits: Edits) -> None:
    """An initiative is given up, and the team goes on with its epic."""
    edits.move(issue(edits, MONEY_BACK), "Done", resolution="Won't Do")


@mutation(("top-feature-not-in-sprint", INVOICES), ("priority-inversion", INVOICES))
def put_off_what_is_urgent(edits: Edits) -> None:
    """The roadmap says that nothing is more urgent, the team puts it off, and one of its people works on refunds."""
    rank(edits, card(edits, INVOICES), "P1")
    for title in ("Number invoices as each country demands", "Letters beyond ASCII in every PDF: ß, å, ł"):
        edits.set(issue(edits, title), sprints=[])


@mutation(("feature-without-function", SCORE))
def law_forgotten(edits: Edits) -> None:
    """Nobody of the law works on a regulated feature any more."""
    edits.set(issue(edits, "Explain a score in one sentence"), labels=[])


@mutation()
def trap_done_without_goal(edits: Edits) -> None:
    """A finished feature loses the label of its goal."""
    unlabel(edits, card(edits, "Payout calendar"), "Goal: ")


@mutation()
def trap_goal_reached(edits: Edits) -> None:
    """An initiative that is reached has nothing under it but a finished epic."""
    reached = new_issue(edits, like=issue(edits, BUYERS), title="Obey the law in time")
    edits.move(reached, "Done")
    edits.set(issue(edits, "Payout calendar"), parent=reached.id)


@mutation()
def trap_urgent_without_sprints(edits: Edits) -> None:
    """Nothing is more urgent, and a team that plans without sprints works on it."""
    rank(edits, card(edits, ALARMS), "P1")


@mutation()
def trap_urgent_later(edits: Edits) -> None:
    """Nothing will be more urgent, but not before next month."""
    rank(edits, card(edits, SCORE), "P1")
    edits.set(card(edits, SCORE), start=edits.world.now + timedelta(weeks=6))


def unlabel(edits: Edits, of: TrelloCard, prefix: str) -> None:
    """Take the labels that begin like this from a card."""
    labels = edits.world.trello.labels
    edits.set(of, labels=[one for one in of.labels if not labels[one].name.startswith(prefix)])


def rank(edits: Edits, of: TrelloCard, priority: str) -> None:
    """Give a card another priority."""
    unlabel(edits, of, "P")
    wanted = next(one.id for one in edits.world.trello.labels.values() if one.name == priority)
    edits.set(of, labels=[*of.labels, wanted])
