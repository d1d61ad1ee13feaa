"""What only looks wrong: traps, in which nothing must be found."""

from __future__ import annotations

from syncbot.sandbox.company.delivery import POINTS
from syncbot.sandbox.edits import Edits
from syncbot.sandbox.mutations.register import (
    INVOICES,
    LONG,
    RETRY,
    SCORE,
    WALLETS,
    card,
    issue,
    mutation,
    new_card,
    new_issue,
)


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
def trap_archived_card(edits: Edits) -> None:
    """An archived card has no owner."""
    edits.set(new_card(edits, "Pay with a selfie", "Now"), closed=True)


@mutation()
def trap_template(edits: Edits) -> None:
    """A template lies among the work, without owner or work."""
    label = next(one.id for one in edits.world.trello.labels.values() if one.name == "template")
    edits.set(new_card(edits, "Template: bug", "Now"), labels=[label])


@mutation()
def trap_note_among_reports(edits: Edits) -> None:
    """A note on the board's Reports list is nobody's feature."""
    new_card(edits, "How to read these reports", "Reports")


@mutation()
def trap_backlog_unassigned(edits: Edits) -> None:
    """Work for later has nobody on it yet."""
    edits.assign(issue(edits, "Certify with both wallets"), None)


@mutation()
def trap_subtask_unassigned(edits: Edits) -> None:
    """A subtask in the running sprint has nobody of its own, its story has."""
    edits.assign(issue(edits, "Queue the attempt"), None)


@mutation()
def trap_sprint_at_limit(edits: Edits) -> None:
    """The next sprint is planned at exactly 110%."""
    edits.fill(issue(edits, "Measure recovered revenue"), POINTS["PAY"], 19.0)  # 44 of 40 points


@mutation()
def trap_estimated_twice(edits: Edits) -> None:
    """A story and its subtasks are both estimated: their effort counts once."""
    for title in ("Queue the attempt", "Give up after three"):
        edits.fill(issue(edits, title), POINTS["PAY"], 7.0)


@mutation()
def trap_closed_sprint_overfull(edits: Edits) -> None:
    """A sprint that is over held far too much."""
    edits.fill(issue(edits, "Calendar page"), POINTS["PAY"], 100.0)


@mutation()
def trap_dropped_epic(edits: Edits) -> None:
    """An epic that was dropped has neither owner nor work."""
    dropped = new_issue(edits, like=issue(edits, INVOICES), title="Pay by fax")
    edits.set(dropped, assignee=None, due=None)
    edits.move(dropped, "Done", resolution="Won't Do")


@mutation()
def trap_other_word(edits: Edits) -> None:
    """Twins say the same in different words: now, and in review."""
    edits.move(issue(edits, RETRY), "In Review")


@mutation()
def trap_planned_and_ready(edits: Edits) -> None:
    """The roadmap has it among the ideas, the team has it selected: neither is working on it."""
    edits.drag(card(edits, SCORE), "Ideas")


@mutation()
def trap_foreign_marker(edits: Edits) -> None:
    """Somebody's own card quotes our marker."""
    quoted = new_card(edits, "What is this syncbot?", "Ideas")
    text = "It wrote this below its report, what does it mean?\n\nsyncbot:v1:0123456789abcdef"
    edits.set(quoted, desc=text, members=[quoted.creator])


@mutation()
def trap_long_title(edits: Edits) -> None:
    """A title of 16,000 characters."""
    edits.set(card(edits, "Strong customer authentication"), name=("Strong authentication, at last. " * LONG)[:LONG])
