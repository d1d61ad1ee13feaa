"""Edits of a world that can be taken back: what people do in the tools, and what they do to undo it.

Every edit bumps the times that the tool itself would bump, and so does taking it back: only those differ afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from syncbot.sandbox.world import AsanaTask, JiraIssue, JiraLink, TrelloCard, World


class Edits:
    """Changes in the order in which they were made."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._journal: list[tuple[Any, str, Any]] = []
        self._added: list[tuple[dict[str, Any], str]] = []
        self._removed: list[tuple[dict[str, Any], int, Any]] = []
        self._moved: list[Callable[[], None]] = []

    def set(self, thing: Any, **values: Any) -> None:
        """Set attributes of anything in the world."""
        for name, value in values.items():
            self._journal.append((thing, name, getattr(thing, name)))
            setattr(thing, name, value)
        self._touch(thing)

    def add(self, table: dict[str, Any], thing: Any) -> None:
        """Put something new with an ``id`` into one of the world's tables."""
        table[thing.id] = thing
        self._added.append((table, thing.id))
        self._touch(thing)

    def remove(self, table: dict[str, Any], thing: Any) -> None:
        """Delete something from one of the world's tables."""
        self._removed.append((table, list(table).index(thing.id), thing))
        del table[thing.id]
        self._touch(thing)

    def undo(self) -> None:
        """Take everything back, the last edit first."""
        for thing, name, value in reversed(self._journal):
            setattr(thing, name, value)
            self._touch(thing)
        for back in reversed(self._moved):
            back()
        for table, key in reversed(self._added):
            self._touch(table.pop(key))
        for table, place, thing in reversed(self._removed):
            rest = list(table.items())
            table.clear()
            table.update([*rest[:place], (thing.id, thing), *rest[place:]])
            self._touch(thing)
        self._journal.clear()
        self._added.clear()
        self._removed.clear()
        self._moved.clear()

    # What people do -------------------------------------------------------------------------------------------------

    def assign(self, issue: JiraIssue, account: str | None) -> None:
        """Give an issue to somebody, or to nobody."""
        self.set(issue, assignee=account)

    def fill(self, issue: JiraIssue, field: str, value: Any) -> None:
        """Fill a custom field."""
        self.set(issue, fields=issue.fields | {field: value})

    def move(self, issue: JiraIssue, status: str, resolution: str = "Done") -> None:
        """Move an issue to a status by its name; done ones are resolved."""
        state = self.world.jira
        word = next(one for one in state.statuses.values() if one.name == status)
        at, done = self.world.stamp(), word.category == "done"
        changes: dict[str, Any] = {"status": word.id}
        if word.category != state.statuses[issue.status].category:
            changes["status_changed"] = at
            changes["resolved"] = at if done else None
            named = next(one.id for one in state.resolutions.values() if one.name == resolution)
            changes["resolution"] = named if done else None
        self.set(issue, **changes)

    def drag(self, card: TrelloCard, column: str) -> None:
        """Drag a card to another list of its board, by its name."""
        lists = self.world.trello.lists.values()
        self.set(card, list_id=next(one.id for one in lists if one.board == card.board and one.name == column))

    def shift(self, task: AsanaTask, project: str, section: str) -> None:
        """Put a task into a section of a project, by their names; into the project as well, if it was not there."""
        state = self.world.asana
        home = next(one for one in state.projects.values() if one.name == project)
        there = next(state.sections[gid] for gid in home.sections if state.sections[gid].name == section)
        before = state.sections[task.places[home.gid]] if home.gid in task.places else None
        at = before.tasks.index(task.gid) if before else 0

        def back() -> None:
            if before:
                state.place(task, before, at)
            else:
                state.unplace(task, home.gid)
            self._touch(task)

        state.place(task, there)
        self._moved.append(back)
        self._touch(task)

    def _touch(self, thing: Any) -> None:
        world, at = self.world, self.world.stamp()
        if isinstance(thing, JiraIssue):
            thing.updated = at
        elif isinstance(thing, JiraLink):
            for end in (thing.source, thing.target):
                world.jira.issues[end].updated = at
        elif isinstance(thing, TrelloCard):
            thing.active = world.trello.boards[thing.board].active = at
        elif isinstance(thing, AsanaTask):
            world.asana.touch(thing, at, None, "")
