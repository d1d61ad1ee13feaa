"""The changelog of an issue: what is compared before and after an edit, written down, and told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from syncbot.sandbox.http import Call
from syncbot.sandbox.jira.search import refuse
from syncbot.sandbox.jira.show import SPRINT_FIELD, Shown
from syncbot.sandbox.world import JiraChange, JiraIssue, JiraState, World

Compared = dict[str, tuple[str | None, str | None]]

_MOST, _MOST_FIELDS, _MOST_ENTRIES = 1_000, 10, 10_000


def compared(state: JiraState, issue: JiraIssue) -> Compared:
    """What the changelog is kept of, as id and name, by the field's id."""
    assignee = state.users.get(issue.assignee or "")
    words = (
        ("issuetype", issue.type, state.types),
        ("status", issue.status, state.statuses),
        ("priority", issue.priority, state.priorities),
        ("resolution", issue.resolution, state.resolutions),
    )
    seconds = None if issue.estimate_seconds is None else str(issue.estimate_seconds)
    sprints = [state.sprints[number] for number in issue.sprints]
    return {
        "summary": (None, issue.summary),
        **{name: (id_, table[id_].name) for name, id_, table in words if id_ is not None},
        "assignee": (issue.assignee, assignee.name if assignee else None),
        "duedate": (issue.due, issue.due),
        "labels": (None, " ".join(issue.labels) or None),
        "timeoriginalestimate": (seconds, seconds),
        SPRINT_FIELD: (
            ", ".join(str(one.id) for one in sprints) or None,
            ", ".join(one.name for one in sprints) or None,
        ),
        **{name: _said(value) for name, value in issue.fields.items()},
    }


def _said(value: Any) -> tuple[str | None, str | None]:
    if isinstance(value, dict):
        return value.get("id"), value.get("value")
    if isinstance(value, float | int):
        return None, f"{value:g}"
    return None, value if isinstance(value, str) else None


def note(world: World, issue: JiraIssue, before: Compared, account: str) -> None:
    """Write down what an account changed."""
    state, nothing = world.jira, (None, None)
    now = compared(state, issue)
    for name in {**before, **now}:
        old, new = before.get(name, nothing), now.get(name, nothing)
        if old != new:
            issue.changes.append(JiraChange(state.next_id(), account, issue.updated, name, *old, *new))


@contextmanager
def noted(world: World, issue: JiraIssue, account: str) -> Iterator[None]:
    """What an account changes of an issue inside, written down as of now."""
    before = compared(world.jira, issue)
    yield
    issue.updated = world.stamp()
    note(world, issue, before, account)


def entry(call: Call, change: JiraChange) -> dict[str, Any]:
    """An entry as Jira shows it. It has null where nothing was; the specification knows no null there."""
    shown, field = Shown(call), call.world.jira.fields.get(change.field)
    sides = {
        "from": change.old,
        "fromString": change.old_name,
        "to": change.new,
        "toString": change.new_name,
    }
    item = {
        "field": field.name if field and field.custom else change.field,
        "fieldtype": "custom" if field and field.custom else "jira",
        "fieldId": change.field,
        **{name: side for name, side in sides.items() if side is not None},
    }
    return {"id": change.id, "author": shown.user(change.author), "created": shown.instant(change.at), "items": [item]}


class _Bulk(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    issue_ids_or_keys: list[str]
    field_ids: list[str] = []
    max_results: int = 1_000
    next_page_token: str | None = None


def bulk(call: Call) -> dict[str, Any]:
    """POST changelog/bulkfetch: the oldest entry first, over all issues; those that are not there are left out."""
    try:
        asked = msgspec.convert(call.body, _Bulk)
        start = int(asked.next_page_token or 0)
    except (msgspec.ValidationError, ValueError):
        raise refuse("Invalid request payload. Refer to the REST API documentation and try again.") from None
    if not 0 < len(asked.issue_ids_or_keys) <= _MOST or len(asked.field_ids) > _MOST_FIELDS:
        raise refuse(f"The request must name 1 to {_MOST} issues and at most {_MOST_FIELDS} fields.")
    if not 0 < asked.max_results <= _MOST_ENTRIES:
        raise refuse(f"maxResults must be between 1 and {_MOST_ENTRIES}.")
    there = {one.id: one for key in asked.issue_ids_or_keys if (one := call.world.jira.issue(key))}
    every = [(change.at, int(issue.id), change) for issue in there.values() for change in issue.changes]
    every = [one for one in every if not asked.field_ids or one[2].field in asked.field_ids]
    every.sort(key=lambda one: one[:2])
    logs: dict[int, list[dict[str, Any]]] = {}
    for _, issue, change in every[start : start + asked.max_results]:
        logs.setdefault(issue, []).append(entry(call, change))
    following = start + asked.max_results
    more = {"nextPageToken": str(following)} if following < len(every) else {}
    return {"issueChangeLogs": [{"issueId": str(key), "changeHistories": told} for key, told in logs.items()], **more}
