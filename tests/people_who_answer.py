"""People of the sandbox's company who answer a report in its tool, over its HTTP API, with accounts of their own."""

from __future__ import annotations

from typing import Any, Protocol

import httpx

from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import AsanaTask, JiraIssue, TrelloCard


class Voice(Protocol):
    """Someone who can say something to a report in one of the tools."""

    def say(self, text: str, by: str = "ada") -> None:
        """Comment on the report."""


class InJira:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    @property
    def issue(self) -> JiraIssue:
        return next(one for one in self._sandbox.world.jira.issues.values() if "syncbot-report" in one.labels)

    def say(self, text: str, by: str = "ada") -> None:
        words = [{"type": "paragraph", "content": [{"type": "text", "text": text}]}]
        self.ask("POST", "/comment", {"body": {"type": "doc", "version": 1, "content": words}}, by)

    def ask(self, method: str, path: str = "", body: Any = None, by: str = "ada") -> None:
        """Ask something of the report's issue."""
        state = self._sandbox.world.jira
        account = next(user.id for user in state.users.values() if user.email == f"{by}@payments.example")
        state.tokens[f"{by}@payments.example"] = (f"{by}-token", account)
        url = f"{self._sandbox.jira_url}/rest/api/3/issue/{self.issue.id}{path}"
        httpx.request(method, url, auth=(f"{by}@payments.example", f"{by}-token"), json=body).raise_for_status()


class InTrello:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    @property
    def card(self) -> TrelloCard:
        return next(one for one in self._sandbox.world.trello.cards.values() if "syncbot:v1:" in one.desc)

    def _key(self, by: str) -> dict[str, str]:
        state = self._sandbox.world.trello
        state.tokens[f"{by}-key", f"{by}-token"] = next(
            one.id for one in state.members.values() if one.email == f"{by}@payments.example"
        )
        board = state.boards[self.card.board]
        board.roles.setdefault(state.tokens[f"{by}-key", f"{by}-token"], "normal")
        return {"Authorization": f'OAuth oauth_consumer_key="{by}-key", oauth_token="{by}-token"'}

    def ask(self, method: str, path: str = "", body: Any = None, by: str = "ada") -> None:
        """Ask something of the report's card."""
        url = f"{self._sandbox.trello_url}/1/cards/{self.card.id}{path}"
        httpx.request(method, url, headers=self._key(by), json=body).raise_for_status()

    def say(self, text: str, by: str = "ada") -> None:
        self.ask("POST", "/actions/comments", {"text": text}, by)

    def items(self) -> dict[str, str]:
        """The check items' texts, by id."""
        lists = self._sandbox.world.trello.checklists.values()
        return {item.id: item.name for one in lists if one.card == self.card.id for item in one.items}

    def tick(self, item: str, by: str = "ada", state: str = "complete") -> None:
        self.ask("PUT", f"/checkItem/{item}", {"state": state}, by)


class InAsana:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    @property
    def task(self) -> AsanaTask:
        return next(one for one in self._sandbox.world.asana.tasks.values() if "syncbot:v1:" in one.html_notes)

    def say(self, text: str, by: str = "ada") -> None:
        self.ask("POST", "/stories", {"data": {"text": text}}, by)

    def ask(self, method: str, path: str = "", body: Any = None, by: str = "ada") -> None:
        """Ask something of the report's task."""
        state = self._sandbox.world.asana
        user = next(one.gid for one in state.users.values() if one.email == f"{by}@payments.example")
        state.tokens[f"{by}-token"] = user
        url = f"{self._sandbox.asana_url}/api/1.0/tasks/{self.task.gid}{path}"
        httpx.request(method, url, headers={"Authorization": f"Bearer {by}-token"}, json=body).raise_for_status()
