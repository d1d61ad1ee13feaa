"""When things are due: what goes wrong with it, and what only looks so."""

from __future__ import annotations

from datetime import date, timedelta

from syncbot.sandbox.edits import Edits
from syncbot.sandbox.mutations.register import RETRY, WALLETS, issue, mutation


@mutation(("date-drift", RETRY))
def epic_postponed(edits: Edits) -> None:
    """The team moves an epic two weeks later, and the roadmap promises the old date."""
    postpone(edits, RETRY, days=14)


@mutation()
def trap_due_on_monday(edits: Edits) -> None:
    """The epic is due on the Monday after the roadmap's Friday."""
    postpone(edits, WALLETS, days=3)


@mutation(("overdue", "Explain a score in one sentence"))
def work_late(edits: Edits) -> None:
    """Work was due last week, and nobody moved it."""
    schedule(edits, "Explain a score in one sentence", -7)


@mutation()
def trap_due_today(edits: Edits) -> None:
    """Work is due today."""
    schedule(edits, "Remind before each instalment", 0)


@mutation(("child-outside-parent", "Number invoices as each country demands"))
def story_after_epic(edits: Edits) -> None:
    """A story is planned for after its epic's end."""
    schedule(edits, "Number invoices as each country demands", 120)


@mutation()
def trap_done_late(edits: Edits) -> None:
    """A story was to be done after its epic, but it is done already."""
    schedule(edits, "Register the merchant identities", 120)


def schedule(edits: Edits, title: str, days: int) -> None:
    """Set an issue's due date, so many days from now."""
    edits.set(issue(edits, title), due=(edits.world.now.date() + timedelta(days=days)).isoformat())


def postpone(edits: Edits, title: str, *, days: int) -> None:
    """Move an issue's due date."""
    moved = issue(edits, title)
    edits.set(moved, due=(date.fromisoformat(moved.due or "") + timedelta(days=days)).isoformat())
