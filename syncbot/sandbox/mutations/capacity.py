"""What sprints and people can carry: what goes wrong with it, and what only looks so."""

from __future__ import annotations

from syncbot.sandbox.company.delivery import POINTS
from syncbot.sandbox.edits import Edits
from syncbot.sandbox.mutations.register import issue, mutation


@mutation(("sprint-over-capacity", "PAY Sprint 22"))
def sprint_overfull(edits: Edits) -> None:
    """The running sprint takes on more than its team can give."""
    edits.fill(issue(edits, "Tell the merchant before the retry"), POINTS["PAY"], 20.0)  # 46 of 40 points: 115%


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
