"""What sprints and people can carry: what goes wrong with it, and what only looks so."""

from __future__ import annotations

from datetime import timedelta

from syncbot.sandbox.company.delivery import POINTS
from syncbot.sandbox.edits import Edits
from syncbot.sandbox.mutations.register import issue, mutation


@mutation(("sprint-over-capacity", "PAY Sprint 22"))
def sprint_overfull(edits: Edits) -> None:
    """The running sprint takes on more than its team can give."""
    edits.fill(issue(edits, "Tell the merchant before the retry"), POINTS["PAY"], 30.0)  # 56 of 40 points: 140%


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


@mutation(("sprint-not-closed", "PAY Sprint 22"))
def sprint_forgotten(edits: Edits) -> None:
    """The running sprint ended last week, and nobody closed it."""
    end_sprint(edits, "PAY Sprint 22", days=-7)


@mutation()
def trap_sprint_ends_today(edits: Edits) -> None:
    """The next sprint's dates were moved: it ends today, and was not started."""
    end_sprint(edits, "PAY Sprint 23", days=0)


@mutation(("sprint-work-without-estimate", "Show the plan at checkout — 分期付款"))
def estimate_removed(edits: Edits) -> None:
    """Work in the running sprint loses its estimate."""
    edits.fill(issue(edits, "Show the plan at checkout — 分期付款"), POINTS["PAY"], None)


@mutation()
def trap_not_estimated_yet(edits: Edits) -> None:
    """Work for the next sprint has no estimate yet."""
    edits.fill(issue(edits, "Remind before each instalment"), POINTS["PAY"], None)


def end_sprint(edits: Edits, name: str, *, days: int) -> None:
    """Set a sprint's end, so many days from now, and its start two weeks before."""
    sprint = next(one for one in edits.world.jira.sprints.values() if one.name == name)
    end = edits.world.now + timedelta(days=days)
    edits.set(sprint, start=end - timedelta(weeks=2), end=end)
