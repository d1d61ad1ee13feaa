"""What only looks like work, or like a report of ours."""

from __future__ import annotations

from syncbot.sandbox.edits import Edits
from syncbot.sandbox.mutations.register import LONG, LOYALTY, card, mutation, new_card


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
def trap_foreign_marker(edits: Edits) -> None:
    """Somebody's own card quotes our marker."""
    quoted = new_card(edits, "What is this syncbot?", "Ideas")
    text = "It wrote this below its report, what does it mean?\n\nsyncbot:v1:0123456789abcdef"
    edits.set(quoted, desc=text, members=[quoted.creator], labels=list(card(edits, LOYALTY).labels))


@mutation()
def trap_long_title(edits: Edits) -> None:
    """A title of 16,000 characters."""
    edits.set(card(edits, "Strong customer authentication"), name=("Strong authentication, at last. " * LONG)[:LONG])
