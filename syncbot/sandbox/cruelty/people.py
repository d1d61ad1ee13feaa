"""People at work in a tool while it is read: what they make, edit, move, archive, convert and delete.

Every deed leaves behind what the tool itself leaves behind: times, entries in the history, events. What an account of
ours made is left alone, for those are reports. Only what nothing points to is deleted, since no tool tells of what did.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from syncbot.sandbox.asana import edits as asana
from syncbot.sandbox.http import Call
from syncbot.sandbox.jira import issues as jira
from syncbot.sandbox.jira.changes import noted
from syncbot.sandbox.trello import edits as trello
from syncbot.sandbox.world import AsanaTask, JiraIssue, TrelloBoard, TrelloCard, TrelloList, World

T = TypeVar("T")

DEEDS = {
    "edit": "somebody edits an item",
    "create": "somebody makes an item",
    "delete": "somebody deletes an item for good",
    "move": "somebody moves an item to another project or board",
    "archive": "somebody archives a card or brings it back, or completes a task",
    "convert": "somebody changes an item's type, or makes a task a subtask",
}
ELSEWHERE = "Elsewhere"  # a board that no config names


def act(world: World, tool: str, what: str, dice: random.Random) -> str | None:
    """Do one of `DEEDS` in a tool; the id of what it was done to, None where the tool has nothing for it."""
    does: dict[str, Callable[[World, str, random.Random], str | None]] = {
        "jira": _in_jira,
        "dc": _in_jira,
        "trello": _in_trello,
        "asana": _in_asana,
    }
    return does[tool](world, what, dice)


def _in_jira(world: World, what: str, dice: random.Random) -> str | None:
    """Jira archives no single issue on every plan, so nothing is archived here."""
    state = world.jira
    bots = {account for _, account in state.tokens.values()}
    issue = _one([one for one in state.issues.values() if one.creator not in bots], dice)
    if issue is None or what == "archive":
        return None
    if what == "delete":
        tied = {one.parent for one in state.issues.values()}
        tied |= {end for link in state.links.values() for end in (link.source, link.target)}
        issue = _one([one for one in state.issues.values() if one.creator not in bots and one.id not in tied], dice)
        if issue is None:
            return None
        world.stamp()
        jira.remove(state, issue)
    elif what == "create":
        return _copy(world, issue)
    elif what == "move":
        other = _one([one for one in state.projects.values() if one.id != issue.project], dice)
        if other is None:
            return None
        other.counter += 1
        issue.old_keys = [*issue.old_keys, issue.key]
        issue.project, issue.key = other.id, f"{other.key}-{other.counter}"
        jira.touch(world, issue)
    elif what == "convert":
        others = [one for one in state.types.values() if state.types[issue.type].level == one.level]
        with noted(world, issue, issue.creator):
            issue.type = dice.choice(others).id
    else:
        with noted(world, issue, issue.creator):
            issue.summary = _reworded(issue.summary, dice)
    return issue.id


def _copy(world: World, like: JiraIssue) -> str:
    state = world.jira
    project = state.projects[like.project]
    project.counter += 1
    at = world.stamp()
    made = replace(
        like,
        id=state.next_id(),
        key=f"{project.key}-{project.counter}",
        summary=f"{like.summary} (copy)",
        created=at,
        updated=at,
        properties={},
        comments=[],
        old_keys=[],
        changes=[],
    )
    state.issues[made.id] = made
    return made.id


def _in_trello(world: World, what: str, dice: random.Random) -> str | None:
    state = world.trello
    bots = set(state.tokens.values())
    card = _one([one for one in state.cards.values() if one.creator not in bots], dice)
    if card is None:
        return None
    member, was = next(iter(state.boards[card.board].roles)), trello.sides(card)
    if what == "delete":
        trello.record(world, member, "deleteCard", card)
        del state.cards[card.id]
        for one in [one for one in state.checklists.values() if one.card == card.id]:
            del state.checklists[one.id]
    elif what == "create":
        return _second(world, card, member)
    elif what == "move":
        take(world, card, member)
    elif what == "convert":
        card.is_template = not card.is_template
        trello.change(world, member, card, was)
    elif what == "archive":
        card.closed = not card.closed
        trello.change(world, member, card, was)
    else:
        card.name = _reworded(card.name, dice)
        trello.change(world, member, card, was)
    return card.id


def _second(world: World, like: TrelloCard, member: str) -> str:
    state = world.trello
    board = state.boards[like.board]
    board.counter += 1
    at = world.stamp()
    made = replace(
        like,
        id=state.next_id(at),
        number=board.counter,
        short_link=f"n{state.sequence:07}",
        name=f"{like.name} (copy)",
        active=at,
        members=[*like.members],
        labels=[*like.labels],
        attachments=[],
        values={},
    )
    state.cards[made.id] = made
    trello.record(world, member, "createCard", made)
    return made.id


def take(world: World, card: TrelloCard, member: str) -> None:
    """Move a card to another board, which knows neither its labels nor its fields."""
    state = world.trello
    board = next((one for one in state.boards.values() if one.name == ELSEWHERE), None)
    if board is None:
        board = TrelloBoard(state.next_id(world.now), ELSEWHERE, "ElSeWhEr", world.now)
        board.roles = dict(state.boards[card.board].roles)
        state.boards[board.id] = board
        column = TrelloList(state.next_id(world.now), board.id, "Taken in", 1)
        state.lists[column.id] = column
    there = next(one for one in state.lists.values() if one.board == board.id)
    trello.record(world, member, "moveCardFromBoard", card)
    card.board, card.list_id, card.labels, card.values = board.id, there.id, [], {}
    trello.record(world, member, "moveCardToBoard", card)


def _in_asana(world: World, what: str, dice: random.Random) -> str | None:
    state = world.asana
    bots = set(state.tokens.values())
    task = _one([one for one in state.tasks.values() if one.places and one.creator not in bots], dice)
    if task is None:
        return None
    home = state.projects[next(iter(task.places))]
    call = _call(world, home.owner or next(iter(home.members), task.creator))
    projects = [one for one in state.projects.values() if one.gid not in task.places and not one.archived]
    if what == "delete":
        tied = {gid for one in state.tasks.values() for gid in one.dependencies}
        if task.gid in tied or task.subtasks:
            return None
        asana.delete(call, task)
    elif what == "create":
        return asana.create(call, {"name": f"{task.name} (copy)", "projects": [home.gid]}).gid
    elif what == "move":
        _out(call, task)
        if projects:
            asana.put(call, task, state.sections[dice.choice(projects).sections[0]])
    elif what == "convert":
        parents = [one for one in state.tasks.values() if one.places and one.parent is None and one is not task]
        if task.parent or task.subtasks or not parents:
            return None
        asana.adopt(call, task, dice.choice(parents))
    elif what == "archive":
        asana.change(call, task, {"completed": task.completed is None})
    else:
        asana.change(call, task, {"name": _reworded(task.name, dice)})
    return task.gid


def _out(call: Call, task: AsanaTask) -> None:
    """Take a task out of all its projects."""
    state = call.world.asana
    for project in [*task.places]:
        state.unplace(task, project)
        task.modified = call.world.stamp()
        state.tell(task.modified, call.user, ("task", task.gid), "removed", project, parent=("project", project))


def _call(world: World, user: str) -> Call:
    """A request as the tool's own page would send it."""
    return Call(world, "PUT", "", "", {}, {}, {}, {}, {}, user)


def _one(those: Sequence[T], dice: random.Random) -> T | None:
    return dice.choice(those) if those else None


def _reworded(words: str, dice: random.Random) -> str:
    return f"{words.partition(' · ')[0]} · {dice.randint(2, 999)}"
