"""Asana's tasks and stories, property by property."""

from __future__ import annotations

from syncbot.sandbox.asana.fields import VALUES, Value
from syncbot.sandbox.asana.plans import PROJECT, SECTION
from syncbot.sandbox.asana.richtext import plain
from syncbot.sandbox.asana.select import Kind, Ref
from syncbot.sandbox.asana.shapes import TAG, USER, a_user, always, at, of, users_of, workspace
from syncbot.sandbox.asana.stories import SAID
from syncbot.sandbox.world import AsanaState, AsanaTask


def _tasks(state: AsanaState, gids: list[str]) -> list[Ref]:
    return [Ref(TASK, state.tasks[gid]) for gid in gids if gid in state.tasks]


def values(state: AsanaState, one: AsanaTask) -> list[Ref]:
    """The custom fields of a task: those of its projects, and those that have a value."""
    names = dict.fromkeys(field for gid in one.places for field in state.projects[gid].fields.values())
    return [
        Ref(VALUES[state.fields[gid].type], Value(state.fields[gid], one.values.get(gid)))
        for gid in names | dict.fromkeys(one.values)
    ]


def _memberships(state: AsanaState, one: AsanaTask) -> list[dict[str, Ref]]:
    return [
        {"project": Ref(PROJECT, state.projects[project]), "section": Ref(SECTION, state.sections[section])}
        for project, section in one.places.items()
    ]


def permalink(state: AsanaState, one: AsanaTask) -> str:
    """Where people see a task."""
    return f"{state.site}/0/{next(iter(one.places), 0)}/{one.gid}"


TASK: Kind = Kind(
    "task",
    {
        "resource_type": always("task"),
        "resource_subtype": of("subtype"),
        "name": of("name"),
        "assignee": a_user("assignee"),
        "assignee_status": always("inbox"),
        "completed": lambda _, one: one.completed is not None,
        "completed_at": at("completed"),
        "completed_by": a_user("completed_by"),
        "created_at": at("created"),
        "created_by": lambda state, one: Ref(USER, state.users[one.creator]),
        "custom_fields": values,
        "dependencies": lambda state, one: _tasks(state, one.dependencies),
        "dependents": lambda state, one: _tasks(
            state, [other.gid for other in state.tasks.values() if one.gid in other.dependencies]
        ),
        "due_at": at("due_at"),
        "due_on": of("due_on"),
        "external": of("external"),
        "followers": lambda state, one: users_of(state, one.followers),
        "hearted": always(False),
        "hearts": always([]),
        "html_notes": of("html_notes"),
        "is_rendered_as_separator": always(False),
        "liked": always(False),
        "likes": always([]),
        "memberships": _memberships,
        "modified_at": at("modified"),
        "notes": lambda _, one: plain(one.html_notes),
        "num_hearts": always(0),
        "num_likes": always(0),
        "num_subtasks": lambda _, one: len(one.subtasks),
        "parent": lambda state, one: Ref(TASK, state.tasks[one.parent]) if one.parent in state.tasks else None,
        "permalink_url": permalink,
        "projects": lambda state, one: [Ref(PROJECT, state.projects[gid]) for gid in one.places],
        "start_at": always(None),
        "start_on": of("start_on"),
        "tags": lambda state, one: [Ref(TAG, state.tags[gid]) for gid in one.tags],
        "workspace": workspace,
    },
    compact=("resource_type", "resource_subtype", "name"),
    opt_in=frozenset({"created_by", "dependencies", "dependents", "external", "html_notes",
                      "is_rendered_as_separator", "num_subtasks"}),
)  # fmt: skip
STORY = Kind(
    "story",
    {
        "resource_type": always("story"),
        "resource_subtype": of("subtype"),
        "created_at": at("created"),
        "created_by": a_user("author"),
        "type": of("type"),
        "text": lambda _, one: plain(one.html_text),
        "html_text": of("html_text"),
        "is_editable": lambda _, one: one.type == "comment",
        "is_edited": of("edited"),
        "is_pinned": always(False),
        "liked": always(False),
        "likes": always([]),
        "num_likes": always(0),
        "source": always("api"),
        "target": lambda state, one: Ref(TASK, state.tasks[one.task]),
        **SAID,
    },
    compact=("resource_type", "resource_subtype", "created_at", "created_by", "type", "text"),
    opt_in=frozenset({"html_text"}),
)
