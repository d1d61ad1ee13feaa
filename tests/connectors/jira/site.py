"""A small Jira site for these tests: put into a sandbox, so that every call is real HTTP and every answer checked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.jira.connector import Jira
from syncbot.connector import Page, Settings, Want
from syncbot.model import Record, Scope
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import (
    JiraBoard,
    JiraIssue,
    JiraLinkType,
    JiraProject,
    JiraSprint,
    JiraState,
    JiraUser,
    JiraVersion,
    JiraWord,
)

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
USER, TOKEN = "bot@jira.example", "a-secret/token"
PAY, RISK = "10000", "10001"
FIELDS = frozenset({"assignee", "duedate", "customfield_10016"})


@contextmanager
def site(*, issues: int = 5, zone: str = "America/Los_Angeles") -> Iterator[Sandbox]:
    """A sandbox whose Jira holds only PAY with some issues, each an hour younger than the last, and RISK with one."""
    with Sandbox(now=NOW) as sandbox:
        old = sandbox.world.jira
        state = sandbox.world.jira = JiraState(old.site, fields=old.fields)
        state.users = {
            "bot": JiraUser("bot", "Sync Bot", USER, timezone=zone),
            "ada": JiraUser("ada", "Ada Park", "ada@jira.example", shows_email=False),
            "app": JiraUser("app", "Automation", "", type="app"),
        }
        state.tokens = {USER: (TOKEN, "bot")}
        state.types = {"1": JiraWord("1", "Task"), "2": JiraWord("2", "Epic", level=1)}
        state.statuses = {
            "11": JiraWord("11", "To Do", "new"),
            "12": JiraWord("12", "In Progress", "indeterminate"),
            "13": JiraWord("13", "Done", "done"),
        }
        state.priorities = {"3": JiraWord("3", "Medium")}
        state.resolutions = {"4": JiraWord("4", "Done")}
        state.levels = {"5": JiraWord("5", "Risk only")}
        state.link_types = {"6": JiraLinkType("6", "Blocks", "is blocked by", "blocks")}
        for number, key in ((PAY, "PAY"), (RISK, "RISK")):
            state.projects[number] = JiraProject(number, key, f"{key} project", "ada", ["1", "2"], ["11", "12", "13"])
        for number in range(1, issues + 1):
            add(state, "PAY", number, NOW - timedelta(hours=issues - number + 1))
        add(state, "RISK", 1, NOW - timedelta(days=2))
        state.boards = {7: JiraBoard(7, "PAY board", "scrum", PAY), 8: JiraBoard(8, "Flow", "kanban", RISK)}
        state.sprints = {
            1: JiraSprint(1, 7, "PAY 1", "closed", NOW - timedelta(28), NOW - timedelta(14), NOW - timedelta(14)),
            2: JiraSprint(2, 7, "PAY 2", "active", NOW - timedelta(3), NOW + timedelta(11), goal="Fewer failures"),
            3: JiraSprint(3, 7, "PAY 3", "future"),
        }
        state.versions = {"21": JiraVersion("21", PAY, "1.0", released=True, release="2026-11-01")}
        sandbox.clear()
        yield sandbox


def add(state: JiraState, key: str, number: int, at: datetime, **more: Any) -> JiraIssue:
    """One more issue, created and last changed at that time."""
    project = state.project(key)
    assert project
    issue = JiraIssue(
        **{
            "id": str(int(project.id) * 10_000 + number),
            "key": f"{key}-{number}",
            "project": project.id,
            "type": "1",
            "status": "11",
            "summary": f"{key} work {number}",
            "created": at,
            "updated": at,
            "status_changed": at,
            "creator": "ada",
            "priority": "3",
            **more,
        }
    )
    state.issues[issue.id] = issue
    project.counter = max(project.counter, number)
    return issue


def connector(sandbox: Sandbox, **more: Any) -> Jira:
    """A connector for the sandbox that never waits for long."""
    settings = {"user": USER, "secrets": {"token": TOKEN}, "patience": 0.0, **more}
    return Jira(Settings("delivery", "jira", sandbox.jira_url, **settings))


def scopes(jira: Jira) -> dict[str, Scope]:
    """The projects by key."""
    return {scope.key: scope for scope in jira.scopes()}


def read(jira: Jira, wants: list[Want], fields: frozenset[str] = FIELDS) -> tuple[list[Record], dict[str, str | None]]:
    """All records of a pull, and the cursor of each scope at its end. Errors are raised."""
    records: list[Record] = []
    cursors: dict[str, str | None] = {}
    for page in jira.pull(wants, fields):
        if page.error:
            raise page.error
        records += page.records
        cursors[page.scope] = page.cursor or cursors.get(page.scope)
    return records, cursors


def ends(pages: list[Page]) -> dict[str, Page]:
    """The last page of each scope."""
    return {page.scope: page for page in pages if page.last or page.error}


def again(jira: Jira, cursors: dict[str, str | None]) -> list[Want]:
    """What to read next, after a read that ended with these cursors."""
    return [Want(scope, cursors[scope.remote_id]) for scope in jira.scopes()]


def asked(sandbox: Sandbox) -> list[str]:
    """The searches that were made."""
    return [one.url for one in sandbox.requests if "search/jql" in one.url]


def edit(sandbox: Sandbox, key: str, **fields: Any) -> str:
    """Change an issue now; its id."""
    issue = sandbox.world.jira.issue(key)
    assert issue
    for name, held in fields.items():
        setattr(issue, name, held)
    issue.updated = sandbox.world.stamp()
    return issue.id
