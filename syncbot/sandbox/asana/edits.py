"""What a write does to a task, and what subscribers are told of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from syncbot.sandbox.asana import access
from syncbot.sandbox.asana.access import day, instant, refusal
from syncbot.sandbox.asana.richtext import NOTES, parse, wrap
from syncbot.sandbox.asana.stories import noted
from syncbot.sandbox.http import Call
from syncbot.sandbox.world import AsanaField, AsanaSection, AsanaTask

_LONGEST_TEXT = 1_024  # characters of a custom field
_AT_CREATION = {"projects", "memberships", "parent", "workspace", "followers", "tags"}


def create(call: Call, given: dict[str, Any]) -> AsanaTask:
    """A new task; nothing of it remains if anything in it is refused."""
    state, at = call.world.asana, call.world.stamp()
    sections = _sections(call, given)
    parent = access.task(call, given["parent"]) if given.get("parent") else None
    tags = [access.tag(call, gid).gid for gid in given.get("tags", [])]
    followers = [access.user(call, gid).gid for gid in given.get("followers", [])]
    task = AsanaTask(state.next_gid(), "", call.user, at, at, tags=tags)
    values = _read(call, task, {key: value for key, value in given.items() if key not in _AT_CREATION})
    for name, value in values.items():
        setattr(task, name, value)
    task.followers = list(dict.fromkeys([call.user, *followers, *([task.assignee] if task.assignee else [])]))
    state.tasks[task.gid] = task
    for section in sections:
        put(call, task, section)
    if parent is not None:
        adopt(call, task, parent)
    return task


def change(call: Call, task: AsanaTask, given: dict[str, Any]) -> None:
    """Change what is given; what is as it was before is no edit and no event."""
    values = _read(call, task, given)
    changed = [name for name, value in values.items() if getattr(task, name) != value]
    if not changed:
        return
    said = {"html_notes": "notes", "values": "custom_fields", "subtype": "resource_subtype"}
    names = dict.fromkeys(said.get(name, name) for name in changed if name != "completed_by")
    with noted(call.world, task, call.user):
        for name in changed:
            setattr(task, name, values[name])
        call.world.asana.touch(task, call.world.stamp(), call.user, *names)


def put(call: Call, task: AsanaTask, section: AsanaSection, index: int | None = None) -> None:
    """Put a task into a section, and into its project if it was not in it."""
    state, at = call.world.asana, call.world.stamp()
    is_new = section.project not in task.places
    with noted(call.world, task, call.user):
        state.place(task, section, index)
        task.modified = at
    about = (section.project, *task.places)
    if is_new:
        state.tell(at, call.user, ("task", task.gid), "added", *about, parent=("project", section.project))
    state.tell(at, call.user, ("task", task.gid), "added", *about, parent=("section", section.gid))


def adopt(call: Call, task: AsanaTask, parent: AsanaTask | None) -> None:
    """Make a task a subtask of another one, or of none. A task cannot be under itself."""
    state, above = call.world.asana, parent
    while above is not None:
        if above.gid == task.gid:
            raise refusal(400, "parent: Cannot set parent to itself or one of its subtasks")
        above = state.tasks.get(above.parent or "")
    if task.parent in state.tasks and task.parent:
        state.tasks[task.parent].subtasks.remove(task.gid)
    task.parent = parent.gid if parent else None
    at = call.world.stamp()
    if parent is not None:
        parent.subtasks.append(task.gid)
        state.tell(at, call.user, ("task", task.gid), "added", *parent.places, parent=("task", parent.gid))
    state.touch(task, at, call.user, "parent")


def delete(call: Call, task: AsanaTask) -> None:
    """Delete a task and what is under it."""
    state = call.world.asana
    for gid in [*task.subtasks]:
        delete(call, state.tasks[gid])
    state.tell(
        call.world.stamp(),
        call.user,
        ("task", task.gid),
        "deleted",
        *task.places,
        *([task.parent] if task.parent else []),
    )
    for project in [*task.places]:
        state.unplace(task, project)
    if task.parent in state.tasks and task.parent:
        state.tasks[task.parent].subtasks.remove(task.gid)
    for story in [one.gid for one in state.stories.values() if one.task == task.gid]:
        del state.stories[story]
    for other in state.tasks.values():
        if task.gid in other.dependencies:
            other.dependencies.remove(task.gid)
    del state.tasks[task.gid]


def _sections(call: Call, given: dict[str, Any]) -> list[AsanaSection]:
    """Where a new task goes: its memberships, and the first section of its other projects."""
    state = call.world.asana
    found: dict[str, AsanaSection] = {}
    for member in given.get("memberships") or []:
        project = access.project(call, member.get("project"))
        section = access.section(call, member["section"]) if member.get("section") else None
        if section is not None and section.project != project.gid:
            raise refusal(400, "section: Section is not in the project")
        found[project.gid] = section or state.sections[project.sections[0]]
    for gid in given.get("projects") or []:
        project = access.project(call, gid)
        found.setdefault(project.gid, state.sections[project.sections[0]])
    return list(found.values())


def _read(call: Call, task: AsanaTask, given: dict[str, Any]) -> dict[str, Any]:
    """What the attributes of a task become, all of them judged before any is set."""
    values: dict[str, Any] = {}
    if unknown := sorted(given.keys() - _READERS.keys()):
        raise refusal(400, f"Cannot write this property: {unknown[0]}")
    if "notes" in given and "html_notes" in given:
        raise refusal(400, "You may only specify one of notes, html_notes")
    for name, value in given.items():
        values |= _READERS[name](call, task, value)
    if values.get("start_on") and not values.get("due_on", task.due_on):
        raise refusal(400, "start_on: You must provide a due date with a start date")
    if values.get("subtype", task.subtype) == "milestone" and values.get("start_on"):
        raise refusal(400, "start_on: Milestones cannot have a start date")
    return values


def _name(_: Call, __: AsanaTask, value: Any) -> dict[str, Any]:
    return {"name": _text(value, "name")}


def _notes(_: Call, __: AsanaTask, value: Any) -> dict[str, Any]:
    return {"html_notes": wrap(_text(value, "notes"))}


def _html_notes(_: Call, __: AsanaTask, value: Any) -> dict[str, Any]:
    return {"html_notes": parse(value, NOTES)}


def _assignee(call: Call, _: AsanaTask, value: Any) -> dict[str, Any]:
    return {"assignee": access.user(call, value).gid if value is not None else None}


def _completed(call: Call, task: AsanaTask, value: Any) -> dict[str, Any]:
    if value is not True:
        return {"completed": None, "completed_by": None}
    return {"completed": task.completed or call.world.now, "completed_by": task.completed_by or call.user}


def _due_on(_: Call, __: AsanaTask, value: Any) -> dict[str, Any]:
    return {"due_on": day(value, "due_on") if value else None, "due_at": None}


def _due_at(_: Call, __: AsanaTask, value: Any) -> dict[str, Any]:
    at = instant(value, "due_at") if value else None
    return {"due_at": at, "due_on": at.date().isoformat() if at else None}


def _start_on(_: Call, __: AsanaTask, value: Any) -> dict[str, Any]:
    return {"start_on": day(value, "start_on") if value else None}


def _subtype(_: Call, __: AsanaTask, value: Any) -> dict[str, Any]:
    if value not in {"default_task", "milestone", "approval"}:
        raise refusal(400, f"resource_subtype: Not a valid subtype: {value}")
    return {"subtype": value}


def _custom_fields(call: Call, task: AsanaTask, value: Any) -> dict[str, Any]:
    return {"values": task.values | _custom(call, value)}


def _external(_: Call, __: AsanaTask, value: Any) -> dict[str, Any]:
    return {"external": value}


_READERS: dict[str, Callable[[Call, AsanaTask, Any], dict[str, Any]]] = {
    "name": _name,
    "notes": _notes,
    "html_notes": _html_notes,
    "assignee": _assignee,
    "completed": _completed,
    "due_on": _due_on,
    "due_at": _due_at,
    "start_on": _start_on,
    "resource_subtype": _subtype,
    "custom_fields": _custom_fields,
    "external": _external,
}


def _custom(call: Call, given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise refusal(400, "custom_fields: Value is not an object")
    return {gid: _judged(call, access.custom_field(call, gid), value) for gid, value in given.items()}


def _judged(call: Call, field: AsanaField, value: Any) -> Any:
    """A value that a custom field takes; null and an empty one empty it."""
    if value in (None, "", []):
        return None
    known = {one.gid for one in field.options if one.enabled}
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    fits = {
        "text": isinstance(value, str) and len(value) <= _LONGEST_TEXT,
        "number": is_number,
        "enum": isinstance(value, str) and value in known,
        "multi_enum": isinstance(value, list) and known.issuperset(value),
        "date": isinstance(value, dict),
        "people": isinstance(value, list),
    }
    if not fits[field.type]:
        raise refusal(400, f"custom_field: Invalid value for the custom field {field.gid}")
    if field.type == "people":
        return [access.user(call, gid).gid for gid in value]
    if field.type == "date":
        return day(value.get("date"), "date")
    return round(value, field.precision) if is_number else value


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise refusal(400, f"{name}: Value is not a string: {value}")
    return value
