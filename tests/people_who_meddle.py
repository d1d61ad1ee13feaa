"""People of the sandbox's company who do something to a report in its tool: close, open, move, nest or delete it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from syncbot.sandbox.edits import Edits
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import TrelloBoard, TrelloList
from tests.people_who_answer import InAsana, InJira, InTrello


class Report(Protocol):
    """A report where it stands."""

    def close(self) -> None:
        """Say that it is done with."""

    def open(self) -> None:
        """Say that it is not."""

    def move(self) -> None:
        """Take it to a place with other readers."""

    def put_back(self) -> None:
        """Undo that."""

    def nest(self) -> None:
        """Make it a part of something else, as far as the tool knows that."""

    def delete(self) -> None:
        """Delete it."""

    def lock(self) -> None:
        """Take away the right to edit it."""

    def unlock(self) -> None:
        """Give it back."""

    def close_place(self, *, is_closed: bool) -> None:
        """Close the project or board that it is in, or open it again."""

    def rename(self, title: str) -> None:
        """Give it another title."""

    def write_around(self, above: str, below: str) -> None:
        """Write above and below what it says."""

    def text(self) -> str:
        """All that it says."""


class JiraReport:
    def __init__(self, sandbox: Sandbox) -> None:
        self._voice, self._world = InJira(sandbox), sandbox.world
        self._home = ("", "")

    def _turn(self, category: str) -> None:
        state = self._world.jira
        statuses = state.projects[self._voice.issue.project].statuses
        to = next(key for key in statuses if state.statuses[key].category == category)
        self._voice.ask("POST", "/transitions", {"transition": {"id": to}})

    def close(self) -> None:
        self._turn("done")

    def open(self) -> None:
        self._turn("new")

    def move(self) -> None:
        issue, state = self._voice.issue, self._world.jira
        self._home = (issue.project, issue.key)
        other = next(one for one in state.projects.values() if one.id != issue.project)
        other.counter += 1
        Edits(self._world).set(issue, project=other.id, key=f"{other.key}-{other.counter}", old_keys=[issue.key])

    def put_back(self) -> None:
        project, key = self._home
        Edits(self._world).set(self._voice.issue, project=project, key=key)

    def nest(self) -> None:
        issue, state = self._voice.issue, self._world.jira
        part = next(one.id for one in state.types.values() if one.level < 0)
        whole = next(one for one in state.issues.values() if one.project == issue.project and one is not issue)
        Edits(self._world).set(issue, type=part, parent=whole.id)

    def delete(self) -> None:
        self._voice.ask("DELETE")

    def lock(self) -> None:
        self._world.jira.projects[self._voice.issue.project].denied.add("EDIT_ISSUES")

    def unlock(self) -> None:
        self._world.jira.projects[self._voice.issue.project].denied.clear()

    def close_place(self, *, is_closed: bool) -> None:
        self._world.jira.projects[self._voice.issue.project].archived = is_closed

    def rename(self, title: str) -> None:
        self._voice.ask("PUT", "", {"fields": {"summary": title}})

    def write_around(self, above: str, below: str) -> None:
        kept: Any = self._voice.issue.description
        first, last = ({"type": "paragraph", "content": [{"type": "text", "text": one}]} for one in (above, below))
        self._voice.ask("PUT", "", {"fields": {"description": {**kept, "content": [first, *kept["content"], last]}}})

    def text(self) -> str:
        return f"{self._voice.issue.summary} {' '.join(_texts(self._voice.issue.description))}"


def _texts(node: Any) -> Iterable[str]:
    if isinstance(node, dict):
        yield from [node["text"]] if "text" in node else ()
        for part in node.get("content", ()):
            yield from _texts(part)


class TrelloReport:
    def __init__(self, sandbox: Sandbox) -> None:
        self._voice, self._world = InTrello(sandbox), sandbox.world
        self._home = ""

    def close(self) -> None:
        self._voice.ask("PUT", "", {"closed": True})

    def open(self) -> None:
        self._voice.ask("PUT", "", {"closed": False})

    def move(self) -> None:
        state, now = self._world.trello, self._world.now
        card = self._voice.card
        self._home = card.list_id
        board = TrelloBoard(state.next_id(now), "Elsewhere", "ElSeWhEr", now)
        board.roles = dict(state.boards[card.board].roles)
        state.boards[board.id] = board
        column = TrelloList(state.next_id(now), board.id, "Ideas", 1)
        state.lists[column.id] = column
        self._voice.ask("PUT", "", {"idList": column.id})

    def put_back(self) -> None:
        self._voice.ask("PUT", "", {"idList": self._home})

    def nest(self) -> None:
        """A card cannot be made a part of another one."""

    def delete(self) -> None:
        self._voice.ask("DELETE")

    def _be(self, role: str) -> None:
        state, card = self._world.trello, self._voice.card
        state.boards[card.board].roles[card.creator] = role

    def lock(self) -> None:
        self._be("observer")

    def unlock(self) -> None:
        self._be("normal")

    def close_place(self, *, is_closed: bool) -> None:
        board = self._world.trello.boards[self._voice.card.board]
        board.closed, board.active = is_closed, self._world.stamp()

    def rename(self, title: str) -> None:
        self._voice.ask("PUT", "", {"name": title})

    def write_around(self, above: str, below: str) -> None:
        self._voice.ask("PUT", "", {"desc": f"{above}\n\n{self._voice.card.desc}\n\n{below}"})

    def text(self) -> str:
        return " ".join((self._voice.card.name, self._voice.card.desc, *self._voice.items().values()))


class AsanaReport:
    def __init__(self, sandbox: Sandbox) -> None:
        self._voice, self._world = InAsana(sandbox), sandbox.world
        self._home = self._other = ""

    def _put(self, **data: Any) -> None:
        self._voice.ask("PUT", "", {"data": data})

    def close(self) -> None:
        self._put(completed=True)

    def open(self) -> None:
        self._put(completed=False)

    def move(self) -> None:
        (self._home,) = self._voice.task.places
        self._other = next(one.gid for one in self._world.asana.projects.values() if one.name == "Brand book")
        self._voice.ask("POST", "/addProject", {"data": {"project": self._other}})
        self._voice.ask("POST", "/removeProject", {"data": {"project": self._home}})

    def put_back(self) -> None:
        self._voice.ask("POST", "/addProject", {"data": {"project": self._home}})

    def nest(self) -> None:
        (self._home,) = self._voice.task.places
        other = next(one.gid for one in self._world.asana.tasks.values() if self._home in one.places)
        self._voice.ask("POST", "/setParent", {"data": {"parent": other}})
        self._voice.ask("POST", "/removeProject", {"data": {"project": self._home}})

    def delete(self) -> None:
        self._voice.ask("DELETE")

    def lock(self) -> None:
        task = self._voice.task
        for place in task.places:
            self._world.asana.projects[place].commenters.append(task.creator)

    def unlock(self) -> None:
        for place in self._voice.task.places:
            self._world.asana.projects[place].commenters.clear()

    def close_place(self, *, is_closed: bool) -> None:
        for place in self._voice.task.places:
            self._world.asana.projects[place].archived = is_closed

    def rename(self, title: str) -> None:
        self._put(name=title)

    def write_around(self, above: str, below: str) -> None:
        kept = self._voice.task.html_notes.removeprefix("<body>").removesuffix("</body>")
        self._put(html_notes=f"<body>{above}\n{kept}\n{below}</body>")

    def text(self) -> str:
        return f"{self._voice.task.name} {self._voice.task.html_notes}"


REPORTS: dict[str, type[Report]] = {"jira": JiraReport, "trello": TrelloReport, "asana": AsanaReport}
