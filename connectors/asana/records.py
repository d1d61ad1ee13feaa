"""Tasks as records, with only what mappings use."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from connectors.asana.wire import CustomField, Membership, Parent, Task
from syncbot.connector import instant
from syncbot.model import CHOICE, EPOCH, Place, Record, Reference, Scalar, Value, Way, Word, way_of
from syncbot.texts import ADDRESS, marker_of, weigh

BUILT_IN = frozenset({"assignee", "due_on", "start_on", "name", "actual_time_minutes"})

# What every record carries. The parents' places are those of a subtask that is in no project itself.
_ALWAYS = (
    "name,resource_subtype,completed,completed_at,created_at,modified_at,created_by,notes,approval_status,num_subtasks,"
    "permalink_url,memberships.project,memberships.section.name,tags.name,dependencies,custom_type.name,"
    "custom_type_status_option.name,parent.memberships.project,parent.parent.memberships.project,"
    "custom_fields.name,custom_fields.text_value"
)
_WANTED = {
    "assignee": "assignee",
    "due_on": "due_on,due_at",
    "start_on": "start_on,start_at",
    "actual_time_minutes": "actual_time_minutes",
}
_CUSTOM = (
    "custom_fields.resource_subtype,custom_fields.number_value,custom_fields.enum_value.name,"
    "custom_fields.multi_enum_values.name,custom_fields.people_value,custom_fields.date_value,"
    "custom_fields.display_value"
)

_LINE = re.compile(r"^[ \t]*(https?://[^\s<>]+)[ \t\r]*$", re.IGNORECASE | re.MULTILINE)

TYPES = {
    "default_task": Word("default_task", "Task"),
    "milestone": Word("milestone", "Milestone"),
    "approval": Word("approval", "Approval"),
    "section": Word("section", "Section"),
}
RESOLUTIONS = {
    "approved": Word("approved", "Approved"),
    "rejected": Word("rejected", "Rejected"),
    "changes_requested": Word("changes_requested", "Changes requested"),
}
GOAL, SUPPORT = Word("goal", "Goal"), Word("supporting_work", "Supporting work")
PORTFOLIO, PROJECT = Word("portfolio", "Portfolio"), Word("project", "Project")
GOAL_STATUSES = {
    "green": Word("green", "On track"),
    "yellow": Word("yellow", "At risk"),
    "red": Word("red", "Off track"),
    "achieved": Word("achieved", "Achieved"),
    "partial": Word("partial", "Partial"),
    "missed": Word("missed", "Missed"),
    "dropped": Word("dropped", "Dropped"),
}
DEPENDENCY = Word("dependency", "Dependency")
NOTES = Word("notes", "description")


def opt_fields(wanted: frozenset[str]) -> str:
    """The fields to ask for: what every record carries, and these."""
    parts = [_ALWAYS, *(_WANTED[key] for key in sorted(wanted & _WANTED.keys()))]
    return ",".join([*parts, *([_CUSTOM] if wanted - BUILT_IN else [])])


def records(tasks: Iterable[Task], scope: str, order: Mapping[str, int], wanted: frozenset[str]) -> tuple[Record, ...]:
    """Tasks as records. ``order``: of the scopes that are read, by which the places of a task are sorted."""
    return tuple([_record(scope, order, wanted, task) for task in tasks])


def way(scope: str, order: Mapping[str, int], wanted: frozenset[str]) -> Way:
    """How records are made of tasks; arguments as of `records`. Of those that say where they are, it is the same for
    whichever ``scope`` they were read through, so that "" will do.
    """
    return way_of(partial(_record, scope, order, wanted), scope, order, sorted(wanted))


def is_placed(task: Task) -> bool:
    """Whether a task, or one above it, says in which project it is."""
    above: Task | Parent | None = task
    while above is not None:
        if any(one.project for one in above.memberships or ()):
            return True
        above = above.parent
    return False


def _record(scope: str, order: Mapping[str, int], wanted: frozenset[str], task: Task) -> Record:
    notes = task.notes or ""
    count, has_reason = weigh(notes) if notes else (0, False)
    custom = _custom(task.custom_fields) if task.custom_fields else {}
    kind = task.resource_subtype or ""
    own = places(task, scope, order)
    is_done = bool(task.completed)
    return Record(  # by position, in its order, as far as all is said: by name takes several times as long
        task.gid,
        task.gid,
        task.permalink_url or f"https://app.asana.com/0/{own[0].scope}/{task.gid}",
        task.name or "",
        last_changed(task),
        own,
        instant(task.created_at),
        task.created_by.gid if task.created_by else None,
        _word(task.custom_type) or TYPES.get(kind) or (Word(kind, kind) if kind else None),
        _word(task.custom_type_status_option),
        # A task without a section says by its tick alone where it stands, and nothing about that is unknown.
        "new" if own[0].section is None and not is_done and not task.custom_type_status_option else None,
        instant(task.completed_at) if is_done else None,
        RESOLUTIONS.get(task.approval_status or "") if kind == "approval" else None,
        complete=task.completed,
        marker=marker_of(notes),
        labels=tuple([Word(tag.gid, tag.name or tag.gid) for tag in task.tags or ()]),
        references=_references(task, notes),
        fields=_fields(task, wanted, custom),
        description_words=count,
        has_reason=has_reason,
    )


def last_changed(task: Task) -> str:
    """When a task was changed, or at least made."""
    return instant(task.modified_at) or instant(task.created_at) or EPOCH


def places(task: Task, scope: str, order: Mapping[str, int]) -> tuple[Place, ...]:
    """Where a task is, the first scope of the config first. A subtask of its own is where its parents are."""
    found = _places(task.memberships or ())
    above = task.parent
    while not found and above is not None:
        found = [Place(place.scope) for place in _places(above.memberships)]
        above = above.parent
    return tuple(sorted(found, key=lambda place: order.get(place.scope, len(order)))) or (Place(scope),)


def _places(memberships: Sequence[Membership]) -> list[Place]:
    return [
        Place(one.project.gid, Word(one.section.gid, one.section.name or one.section.gid) if one.section else None)
        for one in memberships
        if one.project
    ]


def _word(named: object) -> Word | None:
    gid, name = getattr(named, "gid", None), getattr(named, "name", None)
    return Word(gid, name) if gid and name else None


def _references(task: Task, notes: str) -> tuple[Reference, ...]:
    """Where a task points: its parent, what it waits for, and addresses that stand alone in a field or on a line."""
    found = [Reference(task.parent.gid, parent=True)] if task.parent else []
    found += [Reference(one.gid, "id", DEPENDENCY) for one in task.dependencies or ()]
    for field in task.custom_fields or ():
        text = (field.text_value or "").strip()
        if text and ADDRESS.fullmatch(text):
            found.append(Reference(text, "url", Word(field.gid, field.name or field.gid)))
    if "http" in notes.lower():
        found += [Reference(address, "url", NOTES) for address in _LINE.findall(notes)]
    return tuple(dict.fromkeys(found))


def _custom(fields: Sequence[CustomField]) -> dict[str, Value]:
    values = {field.gid: _value(field) for field in fields}
    return {gid: value for gid, value in values.items() if value is not None}


def _value(field: CustomField) -> Value | None:
    """A custom field's value. Only its type says which part of it counts: several may be there, empty or stale."""
    value: Value | None = None
    match field.resource_subtype or field.type:
        case "enum":
            value = field.enum_value.name if field.enum_value else None
        case "multi_enum":
            value = tuple([one.name for one in field.multi_enum_values or () if one.name])
        case "people":
            value = tuple([one.gid for one in field.people_value or ()])
        case "number":
            value = field.number_value if math.isfinite(field.number_value or 0) else None
        case "date":
            value = (instant(field.date_value.date_time) or field.date_value.date) if field.date_value else None
        case "text":
            value = field.text_value
        case _:
            value = field.display_value
    return None if value in {"", ()} else value


def _choice(field: CustomField) -> Value | None:
    """The gids behind a field's options."""
    if (field.resource_subtype or field.type) == "multi_enum":
        return tuple([one.gid for one in field.multi_enum_values or () if one.name]) or None
    return field.enum_value.gid if field.enum_value else None


def _fields(task: Task, wanted: frozenset[str], custom: dict[str, Value]) -> dict[str, Value]:
    fields: dict[str, Value] = {key: value for key, value in custom.items() if key in wanted}
    for field in task.custom_fields or ():
        if field.gid + CHOICE in wanted and (chosen := _choice(field)) is not None:
            fields[field.gid + CHOICE] = chosen
    told: dict[str, Scalar | None] = {
        "assignee": task.assignee.gid if task.assignee else None,
        "due_on": instant(task.due_at) or task.due_on,
        "start_on": instant(task.start_at) or task.start_on,
        "actual_time_minutes": task.actual_time_minutes,
        "name": task.name,
    }
    fields.update((key, value) for key, value in told.items() if key in wanted and value is not None and value != "")
    return fields
