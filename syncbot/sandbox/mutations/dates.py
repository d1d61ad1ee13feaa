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


def postpone(edits: Edits, title: str, *, days: int) -> None:
    """Move an issue's due date."""
    moved = issue(edits, title)
    edits.set(moved, due=(date.fromisoformat(moved.due or "") + timedelta(days=days)).isoformat())
