"""Where tasks are, and what they wait for: projects, sections, tags, followers, dependencies."""

from __future__ import annotations

from typing import Any

from syncbot.sandbox.asana import access, edits
from syncbot.sandbox.asana.access import data, refusal, required
from syncbot.sandbox.asana.paging import empty, many, one
from syncbot.sandbox.asana.plans import PROJECT
from syncbot.sandbox.asana.shapes import TAG
from syncbot.sandbox.asana.works import TASK
from syncbot.sandbox.http import Answer, Call, Endpoint
from syncbot.sandbox.world import AsanaSection, AsanaTask

_MOST_LINKS = 30  # dependencies and dependents of a task together


def _task(call: Call) -> AsanaTask:
    return access.task(call, call.params["gid"])


def task_projects(call: Call) -> Answer:
    """GET /tasks/{gid}/projects."""
    state = call.world.asana
    return many(call, PROJECT, [state.projects[gid] for gid in _task(call).places])


def add_project(call: Call) -> Answer:
    """POST /tasks/{gid}/addProject: into a section of it, before or after another task, or at its top."""
    state, task, given = call.world.asana, _task(call), data(call)
    project = access.project(call, required(given, "project"))
    if sum(bool(given.get(name)) for name in ("section", "insert_before", "insert_after")) > 1:
        raise refusal(400, "You may specify only one of section, insert_before, insert_after")
    section = access.section(call, given["section"]) if given.get("section") else None
    beside = given.get("insert_before") or given.get("insert_after")
    if beside:
        place = access.task(call, beside).places.get(project.gid)
        if place is None:
            raise refusal(400, "insert_before: Task is not in the project")
        section = state.sections[place]
    if section is not None and section.project != project.gid:
        raise refusal(400, "section: Section is not in the project")
    _insert(call, task, section or state.sections[project.sections[0]], given)
    return empty()


def add_to_section(call: Call) -> Answer:
    """POST /sections/{gid}/addTask: moves the task within its project, or adds it to it."""
    section, given = access.section(call, call.params["gid"]), data(call)
    _insert(call, access.task(call, required(given, "task")), section, given)
    return empty()


def _insert(call: Call, task: AsanaTask, section: AsanaSection, given: dict[str, Any]) -> None:
    beside = given.get("insert_before") or given.get("insert_after")
    others = [gid for gid in section.tasks if gid != task.gid]
    if beside and beside not in others:
        raise refusal(400, "insert_before: Task is not in the section")
    index = others.index(beside) + ("insert_after" in given) if beside else 0
    edits.put(call, task, section, index)


def remove_project(call: Call) -> Answer:
    """POST /tasks/{gid}/removeProject."""
    state, task = call.world.asana, _task(call)
    project = access.project(call, required(data(call), "project"))
    if project.gid in task.places:
        heard = [*task.places]
        state.unplace(task, project.gid)
        task.modified = call.world.stamp()
        parent = ("project", project.gid)
        state.tell(task.modified, call.user, ("task", task.gid), "removed", *heard, parent=parent)
    return empty()


def task_tags(call: Call) -> Answer:
    """GET /tasks/{gid}/tags."""
    return many(call, TAG, [call.world.asana.tags[gid] for gid in _task(call).tags])


def add_tag(call: Call) -> Answer:
    """POST /tasks/{gid}/addTag."""
    return _tag(call, "added")


def remove_tag(call: Call) -> Answer:
    """POST /tasks/{gid}/removeTag."""
    return _tag(call, "removed")


def _tag(call: Call, action: str) -> Answer:
    state, task, tag = call.world.asana, _task(call), access.tag(call, required(data(call), "tag"))
    if (tag.gid in task.tags) != (action == "added"):
        task.tags = [gid for gid in task.tags if gid != tag.gid] + ([tag.gid] if action == "added" else [])
        task.modified = call.world.stamp()
        state.tell(task.modified, call.user, ("task", task.gid), action, *task.places, parent=("tag", tag.gid))
    return empty()


def add_followers(call: Call) -> Answer:
    """POST /tasks/{gid}/addFollowers."""
    return _follow(call, lambda old, new: [*dict.fromkeys([*old, *new])])


def remove_followers(call: Call) -> Answer:
    """POST /tasks/{gid}/removeFollowers."""
    return _follow(call, lambda old, new: [gid for gid in old if gid not in new])


def _follow(call: Call, change: Any) -> Answer:
    task, users = _task(call), _list(required(data(call), "followers"), "followers")
    task.followers = change(task.followers, [access.user(call, gid).gid for gid in users])
    call.world.asana.touch(task, call.world.stamp(), call.user, "followers")
    return one(call, TASK, task)


def dependencies(call: Call) -> Answer:
    """GET /tasks/{gid}/dependencies: what it waits for."""
    return many(call, TASK, [call.world.asana.tasks[gid] for gid in _task(call).dependencies])


def dependents(call: Call) -> Answer:
    """GET /tasks/{gid}/dependents: what waits for it."""
    gid = _task(call).gid
    return many(call, TASK, [one for one in call.world.asana.tasks.values() if gid in one.dependencies])


def add_dependencies(call: Call) -> Answer:
    """POST /tasks/{gid}/addDependencies."""
    task = _task(call)
    return _depend(call, [(task, other) for other in _given(call, "dependencies")], add=True)


def remove_dependencies(call: Call) -> Answer:
    """POST /tasks/{gid}/removeDependencies."""
    task = _task(call)
    return _depend(call, [(task, other) for other in _given(call, "dependencies")], add=False)


def add_dependents(call: Call) -> Answer:
    """POST /tasks/{gid}/addDependents."""
    task = _task(call)
    return _depend(call, [(other, task) for other in _given(call, "dependents")], add=True)


def remove_dependents(call: Call) -> Answer:
    """POST /tasks/{gid}/removeDependents."""
    task = _task(call)
    return _depend(call, [(other, task) for other in _given(call, "dependents")], add=False)


def _given(call: Call, name: str) -> list[AsanaTask]:
    return [access.task(call, gid) for gid in _list(required(data(call), name), name)]


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise refusal(400, f"{name}: Value is not an array")
    return value


def _depend(call: Call, pairs: list[tuple[AsanaTask, AsanaTask]], *, add: bool) -> Answer:
    """Let each first one wait for its second one, or no longer; all of them or, if one may not, none."""
    state = call.world.asana
    if add and any(_waits(call, second, first) for first, second in pairs):
        raise refusal(400, "A task cannot depend on itself, directly or through others")
    for first, second in pairs:
        if (second.gid in first.dependencies) == add:
            continue
        if add and len(first.dependencies) >= _MOST_LINKS:
            raise refusal(400, f"A task can have at most {_MOST_LINKS} dependents and dependencies combined")
        first.dependencies = [gid for gid in first.dependencies if gid != second.gid] + [second.gid] * add
        at = call.world.stamp()
        state.touch(first, at, call.user, "dependencies")
        state.touch(second, at, call.user, "dependents")
    return empty()


def _waits(call: Call, task: AsanaTask, other: AsanaTask) -> bool:
    """Whether a task is, or waits for, another one."""
    reached, open_ = {task.gid}, [task]
    while open_:
        for gid in open_.pop().dependencies:
            if gid not in reached and gid in call.world.asana.tasks:
                reached.add(gid)
                open_.append(call.world.asana.tasks[gid])
    return other.gid in reached


_T = "/api/1.0/tasks/{gid}"
ENDPOINTS = (
    Endpoint("GET", f"{_T}/projects", task_projects),
    Endpoint("POST", f"{_T}/addProject", add_project),
    Endpoint("POST", f"{_T}/removeProject", remove_project),
    Endpoint("POST", "/api/1.0/sections/{gid}/addTask", add_to_section),
    Endpoint("GET", f"{_T}/tags", task_tags),
    Endpoint("POST", f"{_T}/addTag", add_tag),
    Endpoint("POST", f"{_T}/removeTag", remove_tag),
    Endpoint("POST", f"{_T}/addFollowers", add_followers),
    Endpoint("POST", f"{_T}/removeFollowers", remove_followers),
    Endpoint("GET", f"{_T}/dependencies", dependencies),
    Endpoint("GET", f"{_T}/dependents", dependents),
    Endpoint("POST", f"{_T}/addDependencies", add_dependencies),
    Endpoint("POST", f"{_T}/removeDependencies", remove_dependencies),
    Endpoint("POST", f"{_T}/addDependents", add_dependents),
    Endpoint("POST", f"{_T}/removeDependents", remove_dependents),
)
