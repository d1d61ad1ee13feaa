"""Asana's resources, property by property, as its API shows them: who there is, and what properties are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from syncbot.sandbox.asana.select import Getter, Kind, Ref
from syncbot.sandbox.http import instant
from syncbot.sandbox.world import AsanaState


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a gid and a name: the workspace, an option."""

    gid: str
    name: str


def of(name: str) -> Getter:
    """A property as the state keeps it."""
    return lambda _, one: getattr(one, name)


def always(value: Any) -> Getter:
    """The same for every resource."""
    return lambda _, __: value


def at(name: str) -> Getter:
    """An instant."""
    return lambda _, one: instant(getattr(one, name))


def a_user(name: str) -> Getter:
    """The user whose gid the state keeps under this name."""

    def getter(state: AsanaState, one: Any) -> Ref | None:
        return user(state, getattr(one, name))

    return getter


def user(state: AsanaState, gid: str | None) -> Ref | None:
    """A reference to a user."""
    return Ref(USER, state.users[gid]) if gid in state.users and gid else None


def workspace(state: AsanaState, _: Any = None) -> Ref:
    """A reference to the workspace."""
    return Ref(WORKSPACE, Named(state.workspace, state.name))


def users_of(state: AsanaState, gids: list[str]) -> list[Ref]:
    """References to users."""
    return [Ref(USER, state.users[gid]) for gid in gids]


def _workspaces(state: AsanaState, _: Any) -> list[Ref]:
    return [workspace(state)]


WORKSPACE = Kind(
    "workspace",
    {
        "resource_type": always("workspace"),
        "name": of("name"),
        "email_domains": always(["payments.example"]),
        "is_organization": always(True),
    },
)
USER = Kind(
    "user",
    {
        "resource_type": always("user"),
        "name": of("name"),
        "email": of("email"),
        "photo": always(None),
        "workspaces": _workspaces,
    },
)
TEAM = Kind(
    "team",
    {
        "resource_type": always("team"),
        "name": of("name"),
        "organization": workspace,
        "visibility": always("public"),
        "permalink_url": lambda state, one: f"{state.site}/0/{one.gid}",
    },
)
TAG = Kind(
    "tag",
    {
        "resource_type": always("tag"),
        "name": of("name"),
        "color": of("color"),
        "notes": always(""),
        "created_at": at("created"),
        "followers": always([]),
        "workspace": workspace,
        "permalink_url": lambda state, one: f"{state.site}/0/{one.gid}",
    },
)
