"""Setting an issue's fields from a request, each checked as Jira checks it, in Jira's words when it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from syncbot.sandbox.jira import adf
from syncbot.sandbox.world import JiraIssue, JiraState

Refusals = dict[str, str]
LABELS = "labels"
_LONGEST = 255
_HOURS = re.compile(r"(?:(\d+)h)?\s*(?:(\d+)m)?")


class _Refused(Exception):
    """A value that Jira does not take."""


def set_fields(state: JiraState, issue: JiraIssue, given: dict[str, Any]) -> Refusals:
    """Set these fields; returns what was refused by field id, and then nothing is set."""
    refusals: Refusals = {}
    changes: list[Callable[[], None]] = []
    for name, value in given.items():
        try:
            changes.append(_change(state, issue, name, value))
        except _Refused as refused:
            refusals[name] = str(refused)
    if not refusals:
        for change in changes:
            change()
    return refusals


def _change(state: JiraState, issue: JiraIssue, name: str, value: Any) -> Callable[[], None]:
    """What will set one field, its value checked now."""
    if check := _SYSTEM.get(name):
        attribute, checked = check(state, value)
        return lambda: setattr(issue, attribute, checked)
    field = state.fields.get(name)
    if field is None or not field.custom:
        raise _Refused(f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown.")
    kind = (field.schema or {}).get("type")
    if name == "customfield_10020":
        sprints = [] if value is None else [_sprint(state, value)]
        return lambda: setattr(issue, "sprints", sprints)
    if kind == "number" and value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise _Refused("Operation value must be a number")
    if kind == "string" and value is not None and not isinstance(value, str):
        raise _Refused("Operation value must be a string")
    if kind == "date" and value is not None:
        _date(value)
    if kind == "team" and value is not None and value not in state.teams:
        raise _Refused("Team id is not valid")
    if kind == "array" and value is not None and not isinstance(value, list):
        raise _Refused("data was not an array")
    return lambda: issue.fields.__setitem__(name, value)


def _summary(_: JiraState, value: Any) -> tuple[str, Any]:
    if not isinstance(value, str) or not value.strip():
        raise _Refused("You must specify a summary of the issue.")
    if "\n" in value or "\r" in value:
        raise _Refused("The summary is invalid because it contains newline characters.")
    if len(value) > _LONGEST:
        raise _Refused("Summary can't exceed 255 characters.")
    return "summary", value.strip()


def _description(_: JiraState, value: Any) -> tuple[str, Any]:
    wrong = None if value is None else adf.problem(value)
    if wrong:
        raise _Refused(wrong)
    return "description", value


def _labels(_: JiraState, value: Any) -> tuple[str, Any]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _Refused("Operation value must be an array of strings")
    for label in value:
        if re.search(r"\s", label):
            raise _Refused(f"The label '{label}' contains spaces which is invalid.")
        if len(label) > _LONGEST:
            raise _Refused(f"The label '{label}' is too long (255 characters at most).")
    return LABELS, list(dict.fromkeys(value))


def _person(attribute: str) -> Callable[[JiraState, Any], tuple[str, Any]]:
    def check(state: JiraState, value: Any) -> tuple[str, Any]:
        account = value.get("accountId", value.get("id")) if isinstance(value, dict) else None
        user = state.users.get(str(account))
        if value is not None and account is not None and (user is None or not user.active):
            raise _Refused(f"User '{account}' cannot be assigned issues.")
        return attribute, user.id if user else None

    return check


def _one_of(attribute: str, table: str, wrong: str) -> Callable[[JiraState, Any], tuple[str, Any]]:
    def check(state: JiraState, value: Any) -> tuple[str, Any]:
        if value is None:
            return attribute, None
        for one in getattr(state, table).values():
            if isinstance(value, dict) and (value.get("id") == one.id or value.get("name") == one.name):
                return attribute, one.id
        raise _Refused(wrong)

    return check


def _parent(state: JiraState, value: Any) -> tuple[str, Any]:
    if value is None:
        return "parent", None
    found = state.issue(str(value.get("id") or value.get("key"))) if isinstance(value, dict) else None
    if found is None:
        raise _Refused("Could not find issue by id or key.")
    return "parent", found.id


def _versions(state: JiraState, value: Any) -> tuple[str, Any]:
    names = {one.name: one.id for one in state.versions.values()}
    try:
        found = [one["id"] if "id" in one else names[one["name"]] for one in value or ()]
    except (KeyError, TypeError):
        raise _Refused("Version name is not valid") from None
    if not set(found) <= set(state.versions):
        raise _Refused("Version id is not valid")
    return "versions", found


def _due(_: JiraState, value: Any) -> tuple[str, Any]:
    return "due", None if value is None else _date(value)


def _date(value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise _Refused("Error parsing date string: please use the format yyyy-MM-dd") from None


def _tracking(_: JiraState, value: Any) -> tuple[str, Any]:
    text = str(value.get("originalEstimate", "")) if isinstance(value, dict) else ""
    match = _HOURS.fullmatch(text)
    if not text or match is None:
        raise _Refused("The original estimate is invalid, write for instance 3h 30m.")
    hours, minutes = (int(part or 0) for part in match.groups())
    return "estimate_seconds", hours * 3600 + minutes * 60


def _sprint(state: JiraState, value: Any) -> int:
    if not isinstance(value, int) or value not in state.sprints:
        raise _Refused("Number value expected as the Sprint id.")
    return value


_SYSTEM: dict[str, Callable[[JiraState, Any], tuple[str, Any]]] = {
    "summary": _summary,
    "description": _description,
    LABELS: _labels,
    "assignee": _person("assignee"),
    "reporter": _person("reporter"),
    "priority": _one_of("priority", "priorities", "The priority selected is invalid."),
    "issuetype": _one_of("type", "types", "The issue type selected is invalid."),
    "security": _one_of("security", "levels", "The security level selected is invalid."),
    "parent": _parent,
    "fixVersions": _versions,
    "duedate": _due,
    "timetracking": _tracking,
}
