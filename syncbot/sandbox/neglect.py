"""A company that nobody has kept in order: a share of its cards, epics and issues has gone wrong, by chance.

It is what a first run meets where people have worked for years without looking: thousands of findings of a dozen kinds.
The same seed neglects the same things. Mutations (`syncbot.sandbox.mutations`) are for asking after a single finding.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from syncbot.sandbox.company.delivery import POINTS
from syncbot.sandbox.edits import Edits
from syncbot.sandbox.world import JiraIssue, JiraLink, TrelloCard, World

WHOLE = 100
_EPIC, _PART = "10000", "10003"


def neglect(world: World, percent: int, seed: int = 1) -> None:
    """Let about ``percent`` of 100 things of the roadmap and of the delivery go wrong, each in one way."""
    random, edits = Random(seed), Edits(world)
    for card in [one for one in world.trello.cards.values() if not one.is_template]:
        if random.randrange(WHOLE) < percent:
            random.choice(_CARDS)(edits, card, random)
    for issue in [*world.jira.issues.values()]:
        if random.randrange(WHOLE) < percent:
            random.choice(_EPICS if issue.type == _EPIC else _WORK)(edits, issue, random)


# Of the roadmap -------------------------------------------------------------------------------------------------------


def _leave(edits: Edits, card: TrelloCard, _: Random) -> None:
    edits.set(card, members=[])


def _promise(edits: Edits, card: TrelloCard, _: Random) -> None:
    """Promised, and the epic forgotten."""
    edits.drag(card, "Now")
    edits.set(card, attachments=[], complete=False)


def _misplace(edits: Edits, card: TrelloCard, random: Random) -> None:
    edits.drag(card, random.choice(("Ideas", "Now", "Done")))


# Of the delivery ------------------------------------------------------------------------------------------------------


def _hand_over(edits: Edits, epic: JiraIssue, random: Random) -> None:
    others = [one.id for one in edits.world.jira.users.values() if one.type == "atlassian" and one.id != epic.assignee]
    edits.assign(epic, random.choice(others))


def _postpone(edits: Edits, epic: JiraIssue, random: Random) -> None:
    late = date.fromisoformat(epic.due or _in_weeks(edits.world, 4)) + timedelta(weeks=random.randint(2, 9))
    edits.set(epic, due=late.isoformat())


def _close(edits: Edits, epic: JiraIssue, _: Random) -> None:
    edits.move(epic, "Done")


def _abandon(edits: Edits, issue: JiraIssue, _: Random) -> None:
    edits.move(issue, "In Progress")
    edits.assign(issue, None)


def _be_late(edits: Edits, issue: JiraIssue, random: Random) -> None:
    edits.move(issue, "In Review")
    edits.set(issue, due=_in_weeks(edits.world, -random.randint(1, 12)))


def _lose(edits: Edits, issue: JiraIssue, _: Random) -> None:
    """Begun, and in no epic."""
    if issue.type != _PART:
        edits.set(issue, parent=None)
    edits.move(issue, "In Progress")


def _hurry(edits: Edits, issue: JiraIssue, _: Random) -> None:
    """Into the running sprint of the board, without an estimate; where there is none, with nobody on it."""
    running = [one.id for one in edits.world.jira.sprints.values() if one.state == "active"]
    edits.move(issue, "To Do")
    edits.set(
        issue, sprints=running, fields={name: issue.fields[name] for name in issue.fields.keys() - POINTS.values()}
    )
    edits.assign(issue, None)


def _wait(edits: Edits, issue: JiraIssue, random: Random) -> None:
    """It is due before what it waits for."""
    state = edits.world.jira
    before = random.choice([*state.issues.values()])
    for one, weeks in ((before, 9), (issue, 3)):
        edits.move(one, "To Do")
        edits.set(one, due=_in_weeks(edits.world, weeks))
    if before is not issue:
        edits.add(state.links, JiraLink(state.next_id(), "10000", before.id, issue.id))


def _in_weeks(world: World, weeks: int) -> str:
    return (world.now.date() + timedelta(weeks=weeks)).isoformat()


_CARDS: tuple[Callable[[Edits, TrelloCard, Random], None], ...] = (_leave, _promise, _misplace)
_EPICS: tuple[Callable[[Edits, JiraIssue, Random], None], ...] = (_hand_over, _postpone, _close)
_WORK: tuple[Callable[[Edits, JiraIssue, Random], None], ...] = (_abandon, _be_late, _lose, _hurry, _wait)
