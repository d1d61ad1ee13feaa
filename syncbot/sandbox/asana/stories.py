"""What happened to a task, as Asana tells it beside the comments: both sides of what changed, if they hold anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from syncbot.sandbox.asana.fields import FIELD, OPTION
from syncbot.sandbox.asana.plans import PROJECT, SECTION
from syncbot.sandbox.asana.richtext import wrap
from syncbot.sandbox.asana.select import ABSENT, Getter, Ref
from syncbot.sandbox.asana.shapes import USER
from syncbot.sandbox.http import instant
from syncbot.sandbox.world import AsanaState, AsanaStory, AsanaTask, World

Sides = dict[tuple[str, str], Any]
"""What stories are written of, by what it is and the gid of its field or project."""

_VALUE = {
    "text": "text_value",
    "number": "number_value",
    "enum": "enum_value",
    "multi_enum": "multi_enum_values",
    "date": "date_value",
    "people": "people_value",
}


@contextmanager
def noted(world: World, task: AsanaTask, user: str | None) -> Iterator[None]:
    """What somebody changes of a task inside, told as of when it was changed."""
    before = _sides(task)
    yield
    now = _sides(task)
    for key in {**before, **now}:
        if before.get(key) != now.get(key):
            _tell(world.asana, task, user, key, before.get(key), now.get(key))


def _sides(task: AsanaTask) -> Sides:
    return {
        ("name", ""): task.name,
        ("dates", ""): _dates(task.due_on, task.due_at, task.start_on),
        ("assignee", ""): task.assignee,
        ("complete", ""): task.completed is not None,
        ("resource_subtype", ""): task.subtype,
        **{("section", project): section for project, section in task.places.items()},
        **{("field", gid): value for gid, value in task.values.items()},
    }


def _dates(due_on: str | None, due_at: datetime | None, start_on: str | None) -> dict[str, str] | None:
    told = {"due_at": instant(due_at)} if due_at else {"due_on": due_on}
    return {name: said for name, said in (told | {"start_on": start_on}).items() if said} or None


def _tell(state: AsanaState, task: AsanaTask, user: str | None, key: tuple[str, str], old: Any, new: Any) -> None:
    what, about = key
    subtype = f"{what}_changed"
    told: dict[str, Any] = {f"old_{what}": old, f"new_{what}": new}
    if what == "dates":
        subtype = "due_date_changed"
    elif what == "assignee":
        subtype, told = ("assigned", {"assignee": new}) if new else ("unassigned", {})
    elif what == "complete":
        subtype, told = "marked_complete" if new else "marked_incomplete", {}
    elif what == "section":
        told = {"project": about} | (told if old and new else {})
        subtype = subtype if old and new else "added_to_project" if new else "removed_from_project"
    elif what == "field":
        kind = state.fields[about].type
        sides = ({"due_on": one} if kind == "date" and one else one for one in (old, new))
        subtype = f"{kind}_custom_field_changed"
        told = {"custom_field": about, **dict(zip((f"old_{_VALUE[kind]}", f"new_{_VALUE[kind]}"), sides, strict=True))}
    said = {name: one for name, one in told.items() if one not in (None, [])}
    author, text = user or task.creator, wrap(subtype.replace("_", " "))
    story = AsanaStory(state.next_gid(), task.gid, author, task.modified, text, "system", subtype, told=said)
    state.stories[story.gid] = story


def _shown(name: str) -> Getter:
    """A property that only some stories have."""

    def getter(state: AsanaState, one: AsanaStory) -> Any:
        said = one.told.get(name)
        return ABSENT if said is None else _REFS.get(name.partition("_")[2] or name, _plain)(state, said)

    return getter


def _plain(_: AsanaState, said: Any) -> Any:
    return int(said) if isinstance(said, float) and said.is_integer() else said


def _option(state: AsanaState, gid: str) -> Ref:
    return next(Ref(OPTION, option) for field in state.fields.values() for option in field.options if option.gid == gid)


_REFS: dict[str, Any] = {
    "assignee": lambda state, gid: Ref(USER, state.users[gid]),
    "project": lambda state, gid: Ref(PROJECT, state.projects[gid]),
    "section": lambda state, gid: Ref(SECTION, state.sections[gid]) if gid in state.sections else ABSENT,
    "field": lambda state, gid: Ref(FIELD, state.fields[gid]),
    "enum_value": _option,
    "multi_enum_values": lambda state, gids: [_option(state, gid) for gid in gids],
    "people_value": lambda state, gids: [Ref(USER, state.users[gid]) for gid in gids],
}
_BOTH = ("name", "dates", "resource_subtype", "section", *_VALUE.values())
SAID: dict[str, Getter] = {
    name: _shown(name)
    for name in (
        "assignee",
        "project",
        "custom_field",
        *(f"{side}_{what}" for what in _BOTH for side in ("old", "new")),
    )
}
"""The properties of a story that depend on what it tells."""
