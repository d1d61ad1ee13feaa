"""Tasks: listing, reading, making, changing and deleting them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from syncbot.sandbox.asana import access, edits
from syncbot.sandbox.asana.access import data, instant, refusal, required
from syncbot.sandbox.asana.paging import empty, many, one
from syncbot.sandbox.asana.works import TASK
from syncbot.sandbox.http import Answer, Call, Endpoint
from syncbot.sandbox.world import AsanaState, AsanaTask


def list_tasks(call: Call) -> Answer:
    """GET /tasks of exactly one project, section, tag, or of an assignee in a workspace."""
    state, query = call.world.asana, call.query
    if sum(name in query for name in ("project", "section", "tag", "assignee")) != 1:
        raise refusal(400, "You should specify one of: project, tag, section, user_task_list, assignee + workspace")
    if "project" in query:
        found = in_project(state, access.project(call, query["project"]).sections)
    elif "section" in query:
        found = in_project(state, [access.section(call, query["section"]).gid])
    elif "tag" in query:
        tag = access.tag(call, query["tag"]).gid
        found = [task for task in state.tasks.values() if tag in task.tags]
    else:
        access.workspace(call, query.get("workspace"))
        user = access.user(call, query["assignee"]).gid
        found = [task for task in state.tasks.values() if task.assignee == user]
    return many(call, TASK, _since(call, found))


def project_tasks(call: Call) -> Answer:
    """GET /projects/{gid}/tasks."""
    sections = access.project(call, call.params["gid"]).sections
    return many(call, TASK, _since(call, in_project(call.world.asana, sections)))


def section_tasks(call: Call) -> Answer:
    """GET /sections/{gid}/tasks."""
    section = access.section(call, call.params["gid"])
    return many(call, TASK, _since(call, in_project(call.world.asana, [section.gid])))


def in_project(state: AsanaState, sections: Iterable[str]) -> list[AsanaTask]:
    """The tasks of sections, from top to bottom."""
    return [state.tasks[gid] for section in sections for gid in state.sections[section].tasks]


def read_task(call: Call) -> Answer:
    """GET /tasks/{gid}."""
    return one(call, TASK, access.task(call, call.params["gid"]))


def add_task(call: Call) -> Answer:
    """POST /tasks: in projects, as a subtask, or for somebody in a workspace."""
    given = data(call)
    if not any(given.get(name) for name in ("projects", "memberships", "parent", "workspace")):
        raise refusal(400, "You should specify one of workspace, parent, projects")
    return one(call, TASK, edits.create(call, given), 201)


def add_subtask(call: Call) -> Answer:
    """POST /tasks/{gid}/subtasks."""
    parent = access.task(call, call.params["gid"])
    return one(call, TASK, edits.create(call, data(call) | {"parent": parent.gid}), 201)


def change_task(call: Call) -> Answer:
    """PUT /tasks/{gid}: only what is given."""
    task, given = access.editable(call, call.params["gid"]), data(call)
    edits.change(call, task, given)
    return one(call, TASK, task)


def delete_task(call: Call) -> Answer:
    """DELETE /tasks/{gid}, with its subtasks: into the trash, where the API does not see it any more."""
    edits.delete(call, access.task(call, call.params["gid"]))
    return empty()


def subtasks(call: Call) -> Answer:
    """GET /tasks/{gid}/subtasks."""
    state, task = call.world.asana, access.task(call, call.params["gid"])
    return many(call, TASK, [state.tasks[gid] for gid in task.subtasks])


def set_parent(call: Call) -> Answer:
    """POST /tasks/{gid}/setParent; null makes it a task of its own."""
    task, given = access.task(call, call.params["gid"]), data(call)
    if "parent" not in given:
        required(given, "parent")
    parent = access.task(call, given["parent"]) if given["parent"] is not None else None
    edits.adopt(call, task, parent)
    return one(call, TASK, task)


def _since(call: Call, found: list[AsanaTask]) -> list[Any]:
    """What completed_since and modified_since leave; "now" is what is not completed."""
    if (value := call.query.get("completed_since")) is not None:
        since = call.world.now if value == "now" else instant(value, "completed_since")
        is_open = value == "now"
        found = [one for one in found if one.completed is None or (not is_open and one.completed >= since)]
    if (value := call.query.get("modified_since")) is not None:
        since = instant(value, "modified_since")
        found = [one for one in found if one.modified >= since]
    return found


ENDPOINTS = (
    Endpoint("GET", "/api/1.0/tasks", list_tasks),
    Endpoint("GET", "/api/1.0/projects/{gid}/tasks", project_tasks),
    Endpoint("GET", "/api/1.0/sections/{gid}/tasks", section_tasks),
    Endpoint("GET", "/api/1.0/tasks/{gid}", read_task),
    Endpoint("POST", "/api/1.0/tasks", add_task),
    Endpoint("PUT", "/api/1.0/tasks/{gid}", change_task),
    Endpoint("DELETE", "/api/1.0/tasks/{gid}", delete_task),
    Endpoint("GET", "/api/1.0/tasks/{gid}/subtasks", subtasks),
    Endpoint("POST", "/api/1.0/tasks/{gid}/subtasks", add_subtask),
    Endpoint("POST", "/api/1.0/tasks/{gid}/setParent", set_parent),
)
