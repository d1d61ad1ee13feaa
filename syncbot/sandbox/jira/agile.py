"""Boards and sprints: Jira Software's agile API."""

from __future__ import annotations

from typing import Any

from syncbot.sandbox.http import Call, Endpoint
from syncbot.sandbox.jira.admin import page
from syncbot.sandbox.jira.search import refuse
from syncbot.sandbox.jira.words import sprint_dates
from syncbot.sandbox.world import JiraBoard, JiraSprint


def boards(call: Call) -> dict[str, Any]:
    """GET board, by project, type and name."""
    state, given = call.world.jira, call.query
    wanted = given.get("projectKeyOrId")
    project = state.project(wanted) if wanted else None
    if wanted and project is None:
        raise refuse(f"No project could be found with key '{wanted}'.")
    kinds = set(given["type"].split(",")) if "type" in given else {"scrum", "kanban", "simple"}
    found = [
        _board(call, one)
        for one in state.boards.values()
        if not state.projects[one.project].hidden
        and (project is None or one.project == project.id)
        and one.kind in kinds
        and given.get("name", "").casefold() in one.name.casefold()
    ]
    return page(call, found)


def board(call: Call) -> dict[str, Any]:
    """GET a board."""
    return _board(call, _found(call))


def _board(call: Call, board: JiraBoard) -> dict[str, Any]:
    project = call.world.jira.projects[board.project]
    return {
        "id": board.id,
        "self": f"{call.base}/rest/agile/1.0/board/{board.id}",
        "name": board.name,
        "type": board.kind,
        "location": {
            "projectId": int(project.id),
            "displayName": f"{project.name} ({project.key})",
            "projectName": project.name,
            "projectKey": project.key,
            "projectTypeKey": "software",
            "name": f"{project.name} ({project.key})",
        },
    }


def configuration(call: Call) -> dict[str, Any]:
    """GET a board's configuration: its columns, and what its estimates are in."""
    found, state = _found(call), call.world.jira
    root, project = f"{call.base}/rest", state.projects[found.project]
    columns: dict[str, list[str]] = {"To Do": [], "In Progress": [], "Done": []}
    names = {"new": "To Do", "indeterminate": "In Progress", "done": "Done"}
    for key in project.statuses:
        columns[names[state.statuses[key].category]].append(key)
    shown: dict[str, Any] = {
        "id": found.id,
        "name": found.name,
        "type": found.kind,
        "self": f"{root}/agile/1.0/board/{found.id}/configuration",
        "location": {"type": "project", "projectKeyOrId": project.key},
        "filter": {"id": str(found.id), "self": f"{root}/api/3/filter/{found.id}"},
        "subQuery": {"query": "fixVersion in unreleasedVersions() OR fixVersion is EMPTY"},
        "columnConfig": {
            "columns": [
                {"name": name, "statuses": [{"id": key, "self": f"{root}/api/3/status/{key}"} for key in keys]}
                for name, keys in columns.items()
            ],
            "constraintType": "none",
        },
        "ranking": {"rankCustomFieldId": 10019},
    }
    if found.estimate_field:
        name = state.fields[found.estimate_field].name
        shown["estimation"] = {"type": "field", "field": {"fieldId": found.estimate_field, "displayName": name}}
    return shown


def sprints(call: Call) -> dict[str, Any]:
    """GET a board's sprints, by state; 400 on a board that has none."""
    found = _found(call)
    if found.kind != "scrum":
        raise refuse("The board does not support sprints")
    states = set(call.query.get("state", "future,active,closed").split(","))
    those = (one for one in call.world.jira.sprints.values() if one.board == found.id and one.state in states)
    return page(call, [_sprint(call, one) for one in those])


def sprint(call: Call) -> dict[str, Any]:
    """GET a sprint."""
    found = call.world.jira.sprints.get(_number(call.params["sprint"]))
    if found is None:
        raise refuse(
            "The requested sprint cannot be viewed because it either does not exist or you do not have"
            " permission to view it.",
            status=404,
        )
    return _sprint(call, found)


def _sprint(call: Call, sprint: JiraSprint) -> dict[str, Any]:
    return {
        "id": sprint.id,
        "self": f"{call.base}/rest/agile/1.0/sprint/{sprint.id}",
        "state": sprint.state,
        "name": sprint.name,
        **sprint_dates(sprint),
        "originBoardId": sprint.board,
        "goal": sprint.goal,
    }


def _found(call: Call) -> JiraBoard:
    found = call.world.jira.boards.get(_number(call.params["board"]))
    if found is None:
        raise refuse(
            "The requested board cannot be viewed because it either does not exist or you do not have"
            " permission to view it.",
            status=404,
        )
    return found


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


_API = "/rest/agile/1.0"
ENDPOINTS = (
    Endpoint("GET", f"{_API}/board", boards),
    Endpoint("GET", f"{_API}/board/{{board}}", board),
    Endpoint("GET", f"{_API}/board/{{board}}/configuration", configuration),
    Endpoint("GET", f"{_API}/board/{{board}}/sprint", sprints),
    Endpoint("GET", f"{_API}/sprint/{{sprint}}", sprint),
)
