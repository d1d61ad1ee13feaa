"""Asana's projects, sections, status updates, goals and portfolios, property by property."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from syncbot.sandbox.asana.fields import FIELD
from syncbot.sandbox.asana.richtext import plain, wrap
from syncbot.sandbox.asana.select import Kind, Ref
from syncbot.sandbox.asana.shapes import TEAM, a_user, always, at, of, users_of, workspace
from syncbot.sandbox.world import AsanaProject, AsanaState


@dataclass(frozen=True, slots=True)
class Setting:
    """A custom field's place in a project."""

    gid: str
    project: str
    field: str


def _status_of(state: AsanaState, one: Any) -> Ref | None:
    found = [status for status in state.statuses.values() if status.parent == one.gid]
    return Ref(STATUS, found[-1]) if found else None


SECTION = Kind(
    "section",
    {
        "resource_type": always("section"),
        "name": of("name"),
        "created_at": at("created"),
        "project": lambda state, one: Ref(PROJECT, state.projects[one.project]),
    },
)
SETTING = Kind(
    "custom_field_setting",
    {
        "resource_type": always("custom_field_setting"),
        "is_important": always(True),
        "parent": lambda state, one: Ref(PROJECT, state.projects[one.project]),
        "project": lambda state, one: Ref(PROJECT, state.projects[one.project]),
        "custom_field": lambda state, one: Ref(FIELD, state.fields[one.field]),
    },
    compact=("resource_type", "is_important", "parent", "project", "custom_field"),
)


def settings(one: AsanaProject) -> list[Setting]:
    """The custom field settings of a project."""
    return [Setting(gid, one.gid, field) for gid, field in one.fields.items()]


PROJECT: Kind = Kind(
    "project",
    {
        "resource_type": always("project"),
        "name": of("name"),
        "archived": of("archived"),
        "color": of("color"),
        "icon": always(None),
        "created_at": at("created"),
        "current_status_update": _status_of,
        "custom_field_settings": lambda _, one: [Ref(SETTING, setting) for setting in settings(one)],
        "default_view": of("view"),
        "due_date": of("due_on"),
        "due_on": of("due_on"),
        "start_on": of("start_on"),
        "html_notes": of("html_notes"),
        "notes": lambda _, one: plain(one.html_notes),
        "members": lambda state, one: users_of(state, one.members),
        "followers": lambda state, one: users_of(state, one.members),
        "modified_at": at("modified"),
        "public": lambda _, one: one.privacy == "public_to_workspace",
        "privacy_setting": of("privacy"),
        "default_access_level": always("editor"),
        "custom_fields": always([]),
        "completed": of("completed"),
        "owner": a_user("owner"),
        "team": lambda state, one: Ref(TEAM, state.teams[one.team]),
        "workspace": workspace,
        "permalink_url": lambda state, one: f"{state.site}/0/{one.gid}",
    },
    opt_in=frozenset({"html_notes"}),
)


STATUS = Kind(
    "status_update",
    {
        "resource_type": always("status_update"),
        "resource_subtype": lambda state, one: f"{holder(state, one.parent).kind.name}_status_update",
        "title": of("title"),
        "status_type": of("kind"),
        "text": lambda _, one: plain(one.html_text),
        "html_text": of("html_text"),
        "author": a_user("author"),
        "created_by": a_user("author"),
        "created_at": at("created"),
        "modified_at": at("created"),
        "liked": always(False),
        "likes": always([]),
        "num_likes": always(0),
        "parent": lambda state, one: holder(state, one.parent),
    },
    compact=("resource_type", "resource_subtype", "title"),
    opt_in=frozenset({"html_text"}),
)


def holder(state: AsanaState, gid: str) -> Ref:
    """What a status update is about."""
    if gid in state.projects:
        return Ref(PROJECT, state.projects[gid])
    return Ref(GOAL, state.goals[gid]) if gid in state.goals else Ref(PORTFOLIO, state.portfolios[gid])


GOAL = Kind(
    "goal",
    {
        "resource_type": always("goal"),
        "name": of("name"),
        "owner": a_user("owner"),
        "html_notes": lambda _, one: wrap(one.notes),
        "notes": of("notes"),
        "due_on": of("due_on"),
        "start_on": of("start_on"),
        "is_workspace_level": lambda _, one: one.team is None,
        "liked": always(False),
        "likes": always([]),
        "num_likes": always(0),
        "team": lambda state, one: Ref(TEAM, state.teams[one.team]) if one.team else None,
        "workspace": workspace,
        "followers": always([]),
        "time_period": always(None),
        "metric": always(None),
        "current_status_update": _status_of,
        "status": of("status"),
        "privacy_setting": of("privacy"),
    },
    compact=("resource_type", "name", "owner"),
    opt_in=frozenset({"html_notes"}),
)

PORTFOLIO = Kind(
    "portfolio",
    {
        "resource_type": always("portfolio"),
        "name": of("name"),
        "archived": always(False),
        "color": of("color"),
        "created_at": at("created"),
        "created_by": a_user("owner"),
        "custom_field_settings": always([]),
        "custom_fields": always([]),
        "current_status_update": _status_of,
        "due_on": always(None),
        "start_on": always(None),
        "members": lambda state, one: users_of(state, [one.owner, *one.members]),
        "owner": a_user("owner"),
        "workspace": workspace,
        "permalink_url": lambda state, one: f"{state.site}/0/portfolio/{one.gid}",
        "public": always(True),
        "privacy_setting": always("public_to_domain"),
    },
    opt_in=frozenset({"archived"}),
)
