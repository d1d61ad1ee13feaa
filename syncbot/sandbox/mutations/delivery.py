"""What is promised and what is delivered: what goes wrong with it, and what only looks so."""

from __future__ import annotations

from syncbot.sandbox.edits import Edits
from syncbot.sandbox.mutations.register import (
    ALARMS,
    INVOICES,
    LOYALTY,
    SCORE,
    account,
    card,
    issue,
    mutation,
    new_issue,
)


@mutation(("feature-without-work", LOYALTY))
def promised_without_work(edits: Edits) -> None:
    """An idea is promised before anybody plans the work."""
    edits.drag(card(edits, LOYALTY), "Next")


@mutation(("feature-without-work", ALARMS))
def epic_emptied(edits: Edits) -> None:
    """All stories of an epic are moved to another one."""
    empty, full = issue(edits, ALARMS), issue(edits, SCORE)
    for story in [one for one in edits.world.jira.issues.values() if one.parent == empty.id]:
        edits.set(story, parent=full.id)


@mutation()
def trap_dropped_epic(edits: Edits) -> None:
    """An epic that was dropped has neither owner nor work."""
    dropped = new_issue(edits, like=issue(edits, INVOICES), title="Pay by fax")
    edits.set(dropped, assignee=None, due=None)
    edits.move(dropped, "Done", resolution="Won't Do")


@mutation(("done-with-open-children", "Push refunds to the card network"))
def part_moved_to_what_is_done(edits: Edits) -> None:
    """An open subtask is moved below a story that is done."""
    edits.set(issue(edits, "Give up after three"), parent=issue(edits, "Push refunds to the card network").id)


@mutation()
def trap_part_dropped(edits: Edits) -> None:
    """A story that is done has a subtask that was dropped."""
    part = new_issue(edits, like=issue(edits, "Queue the attempt"), title="Split it into five")
    edits.set(part, parent=issue(edits, "Split a payment into four").id, sprints=[])
    edits.move(part, "Done", resolution="Won't Do")


@mutation(("work-without-feature", "Alert on refunds older than 10 s"))
def story_without_epic(edits: Edits) -> None:
    """A story of the next sprint is taken out of its epic."""
    edits.set(issue(edits, "Alert on refunds older than 10 s"), parent=None)


@mutation()
def trap_idea_without_epic(edits: Edits) -> None:
    """A story that nobody plans to do yet is in no epic."""
    idea = new_issue(edits, like=issue(edits, "Send reminders"), title="Perhaps fax the invoices")
    edits.set(idea, parent=None, due=None)


@mutation(("too-much-in-progress", "Bo Lindqvist"))
def everything_begun(edits: Edits) -> None:
    """One person begins six stories of four epics."""
    begin(
        edits,
        "Bo Lindqvist",
        "Ask the bank why a card failed",
        "Refund in another currency",
        "Wallet buttons at checkout",
        "Decrypt wallet tokens 🔐",
        "Remind before each instalment",
        "Alert on refunds older than 10 s",
    )


@mutation()
def trap_busy(edits: Edits) -> None:
    """Somebody has a few stories in progress."""
    begin(edits, "Hal Nowak", "Reconcile refunds nightly", "Explain a score in one sentence")


def begin(edits: Edits, who: str, *titles: str) -> None:
    """Let somebody work on these issues."""
    for title in titles:
        edits.assign(issue(edits, title), account(edits, who))
        edits.move(issue(edits, title), "In Progress")
