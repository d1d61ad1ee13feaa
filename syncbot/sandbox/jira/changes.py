"""The changelog of an issue: what is compared before and after an edit, and written down."""

from __future__ import annotations

from syncbot.sandbox.http import Call
from syncbot.sandbox.world import JiraChange, JiraIssue, JiraState

Compared = dict[str, tuple[str | None, str | None]]


def compared(state: JiraState, issue: JiraIssue) -> Compared:
    """What the changelog is kept of, as id and name."""
    assignee = state.users.get(issue.assignee or "")
    return {
        "summary": (None, issue.summary),
        "status": (issue.status, state.statuses[issue.status].name),
        "assignee": (issue.assignee, assignee.name if assignee else None),
        "duedate": (issue.due, issue.due),
        "labels": (None, " ".join(issue.labels)),
    }


def note(call: Call, issue: JiraIssue, before: Compared) -> None:
    """Write down what the caller changed."""
    for name, now in compared(call.world.jira, issue).items():
        if now != before[name]:
            key = call.world.jira.next_id()
            issue.changes.append(JiraChange(key, call.user, issue.updated, name, *before[name], *now))
