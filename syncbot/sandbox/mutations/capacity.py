"""What sprints and people can carry: what goes wrong with it, and what only looks so."""

from __future__ import annotations

from datetime import timedelta

from syncbot.sandbox.company.delivery import POINTS, START, due
from syncbot.sandbox.edits import Edits
from syncbot.sandbox.mutations.register import account, issue, mutation


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


@mutation(("person-overloaded", "Fay O'Neill"))
def two_tools_ask_too_much(edits: Edits) -> None:
    """Jira plans 40 hours of Fay's week, which is all that she has, and Asana five more."""
    plan_week(edits, "Let merchants overrule", who="Fay O'Neill", weeks=2, hours=40)


@mutation()
def trap_full_week(edits: Edits) -> None:
    """Jira and Asana fill Ada's week, but not by more than a tenth too much."""
    plan_week(edits, "Certify with both wallets", who="Ada Park", weeks=3, hours=28)


@mutation(
    ("sprint-off-roadmap", "PAY Sprint 23"),
    ("work-without-feature", "Decrypt wallet tokens 🔐"),
    ("work-without-feature", "Measure recovered revenue"),
)
def sprint_off_roadmap(edits: Edits) -> None:
    """Of the next sprint's 30 points, 13 are taken out of their epics."""
    for title in ("Decrypt wallet tokens 🔐", "Measure recovered revenue"):
        edits.set(issue(edits, title), parent=None)


@mutation()
def trap_past_sprint_off_roadmap(edits: Edits) -> None:
    """Stories that a past sprint finished are taken out of their epic."""
    for title in ("Calendar page", "Holidays of every bank", "Export as iCal"):
        edits.set(issue(edits, title), parent=None)


def plan_week(edits: Edits, title: str, *, who: str, weeks: int, hours: int) -> None:
    """Give an issue to somebody, to be done within one week so many weeks from now."""
    planned = issue(edits, title)
    friday = due(edits.world.now, weeks).date()
    edits.set(planned, assignee=account(edits, who), due=friday.isoformat())
    edits.set(planned, estimate_seconds=hours * 3600, left_seconds=hours * 3600)
    edits.fill(planned, START, (friday - timedelta(days=4)).isoformat())


def end_sprint(edits: Edits, name: str, *, days: int) -> None:
    """Set a sprint's end, so many days from now, and its start two weeks before."""
    sprint = next(one for one in edits.world.jira.sprints.values() if one.name == name)
    end = edits.world.now + timedelta(days=days)
    edits.set(sprint, start=end - timedelta(weeks=2), end=end)
