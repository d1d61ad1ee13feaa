"""An Asana of the tests' own in the sandbox: projects that a test fills, and connectors that look at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from connectors.asana.connector import Asana
from syncbot.connector import Page, Settings, Want
from syncbot.model import Scope
from syncbot.sandbox.server import NOW, Sandbox
from syncbot.sandbox.world import (
    AsanaField,
    AsanaOption,
    AsanaProject,
    AsanaSection,
    AsanaState,
    AsanaTask,
    AsanaTeam,
    AsanaUser,
)

LONG_AGO = NOW - timedelta(days=1)
TOKEN = "2/1200/asana-t0ken"


@dataclass
class Site:
    """Projects, people and tasks to be read, and connectors to read them with."""

    sandbox: Sandbox
    connectors: list[Asana] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sandbox.world.asana = AsanaState(self.sandbox.asana_url)
        self.state.workspace, self.state.name = self.state.next_gid(), "Example"
        self.bot = self.user("Bot", "bot@x.example")
        self.ada = self.user("Ada", "ada@x.example")
        self.team = AsanaTeam(self.state.next_gid(), "Everybody", [*self.state.users])
        self.state.teams[self.team.gid] = self.team
        self.state.tokens[TOKEN] = self.bot.gid

    @property
    def state(self) -> Any:
        return self.sandbox.world.asana

    def user(self, name: str, email: str = "") -> AsanaUser:
        made = AsanaUser(self.state.next_gid(), name, email)
        self.state.users[made.gid] = made
        return made

    def project(self, name: str = "Launch", *sections: str, **more: Any) -> AsanaProject:
        made = AsanaProject(self.state.next_gid(), name, self.team.gid, self.ada.gid, LONG_AGO, LONG_AGO, **more)
        made.members = made.members or [self.bot.gid, self.ada.gid]
        self.state.projects[made.gid] = made
        for title in sections or ("To do", "Doing"):
            self.section(made, title)
        return made

    def section(self, project: AsanaProject, title: str) -> AsanaSection:
        made = AsanaSection(self.state.next_gid(), project.gid, title, LONG_AGO)
        self.state.sections[made.gid] = made
        project.sections.append(made.gid)
        return made

    def field(self, project: AsanaProject, name: str, kind: str, *options: str) -> AsanaField:
        made = AsanaField(self.state.next_gid(), name, kind, LONG_AGO)
        made.options = [AsanaOption(self.state.next_gid(), option) for option in options]
        self.state.fields[made.gid] = made
        project.fields[self.state.next_gid()] = made.gid
        return made

    def task(self, *projects: AsanaProject, name: str = "A task", section: int = 0, **more: Any) -> AsanaTask:
        made = AsanaTask(self.state.next_gid(), name, self.ada.gid, LONG_AGO, LONG_AGO, **more)
        self.state.tasks[made.gid] = made
        for project in projects:
            self.state.place(made, self.state.sections[project.sections[section]])
        return made

    def below(self, parent: AsanaTask, name: str = "A subtask", **more: Any) -> AsanaTask:
        made = self.task(name=name, parent=parent.gid, **more)
        parent.subtasks.append(made.gid)
        return made

    def edit(self, task: AsanaTask, **values: Any) -> None:
        """An edit as people make it: stamped, and told to subscribers."""
        for name, value in values.items():
            setattr(task, name, value)
        self.state.touch(task, NOW, self.ada.gid, *values)

    def settings(self, **more: Any) -> Settings:
        base = {"name": "plans", "tool": "asana", "url": self.sandbox.asana_url, "user": None}
        return Settings(**{**base, "secrets": {"token": TOKEN}, **more})

    def connector(self, **more: Any) -> Asana:
        made = Asana(self.settings(**more))
        self.connectors.append(made)
        return made

    def scope(self, project: AsanaProject) -> Scope:
        return Scope(project.gid, project.gid, project.name)

    def pull(self, *projects: AsanaProject | Want, fields: frozenset[str] = frozenset()) -> list[Page]:
        """All pages of one pull of these projects by a connector of its own."""
        wants = [one if isinstance(one, Want) else Want(self.scope(one)) for one in projects]
        return list(self.connector().pull(wants, fields))

    def again(self, project: AsanaProject, pages: list[Page]) -> Want:
        """What to ask next for a project that these pages read."""
        cursors = [page.cursor for page in pages if page.scope == project.gid and page.last]
        return Want(self.scope(project), cursors[-1])

    def lines(self) -> list[str]:
        """What the connectors asked so far, as "METHOD /path"."""
        return [f"{one.method} {one.path.partition('/api/1.0')[2]}" for one in self.sandbox.requests]


@pytest.fixture
def site() -> Iterator[Site]:
    with Sandbox() as sandbox:
        made = Site(sandbox)
        yield made
        for connector in made.connectors:
            connector.close()
