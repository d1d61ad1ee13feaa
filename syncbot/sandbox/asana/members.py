"""Who is a member of the workspace, of projects and portfolios, and as what: a guest, an editor, a commenter."""

from __future__ import annotations

from dataclasses import dataclass

from syncbot.sandbox.asana import access
from syncbot.sandbox.asana.paging import many
from syncbot.sandbox.asana.plans import PORTFOLIO, PROJECT
from syncbot.sandbox.asana.select import Kind, Ref
from syncbot.sandbox.asana.shapes import a_user, always, of, workspace
from syncbot.sandbox.http import Answer, Call, Endpoint


@dataclass(frozen=True, slots=True)
class Member:
    """A user's place in the workspace, maybe as a guest, or in a project or portfolio, with a right."""

    gid: str
    user: str
    home: str = ""
    is_guest: bool = False
    right: str = "editor"


WORKSPACE_MEMBERSHIP = Kind(
    "workspace_membership",
    {
        "resource_type": always("workspace_membership"),
        "user": a_user("user"),
        "workspace": workspace,
        "is_active": always(True),
        "is_admin": always(False),
        "is_guest": of("is_guest"),
        "is_view_only": always(False),
    },
    compact=("resource_type", "user", "workspace"),
)
PROJECT_MEMBERSHIP = Kind(
    "project_membership",
    {
        "resource_type": always("project_membership"),
        "member": a_user("user"),
        "parent": lambda state, one: Ref(PROJECT, state.projects[one.home]),
        "access_level": of("right"),
    },
    compact=("resource_type", "member", "access_level"),
)


PORTFOLIO_MEMBERSHIP = Kind(
    "portfolio_membership",
    {
        "resource_type": always("portfolio_membership"),
        "portfolio": lambda state, one: Ref(PORTFOLIO, state.portfolios[one.home]),
        "user": a_user("user"),
        "access_level": of("right"),
    },
    compact=("resource_type", "portfolio", "user", "access_level"),
)


def of_workspace(call: Call) -> Answer:
    """GET /workspaces/{gid}/workspace_memberships, all or those of a ``user``."""
    home = access.workspace(call, call.params["gid"])
    users = [one for one in call.world.asana.users.values() if _is_asked_for(call, one.gid)]
    return many(call, WORKSPACE_MEMBERSHIP, [Member(f"{home}{one.gid}", one.gid, is_guest=one.guest) for one in users])


def of_project(call: Call) -> Answer:
    """GET /projects/{gid}/project_memberships, all or those of a ``user``."""
    project = access.project(call, call.params["gid"])
    found = [
        Member(f"{project.gid}{gid}", gid, project.gid, right="commenter" if gid in project.commenters else "editor")
        for gid in project.members
        if _is_asked_for(call, gid)
    ]
    return many(call, PROJECT_MEMBERSHIP, found)


def of_portfolios(call: Call) -> Answer:
    """GET /portfolio_memberships of a ``user`` in a ``workspace``."""
    access.workspace(call, call.query.get("workspace"))
    user = access.user(call, call.query.get("user")).gid
    found = [
        Member(f"{one.gid}{user}", user, one.gid)
        for one in call.world.asana.portfolios.values()
        if user in {one.owner, *one.members}
    ]
    return many(call, PORTFOLIO_MEMBERSHIP, found)


def _is_asked_for(call: Call, gid: str) -> bool:
    return "user" not in call.query or access.user(call, call.query["user"]).gid == gid


ENDPOINTS = (
    Endpoint("GET", "/api/1.0/workspaces/{gid}/workspace_memberships", of_workspace),
    Endpoint("GET", "/api/1.0/projects/{gid}/project_memberships", of_project),
    Endpoint("GET", "/api/1.0/portfolio_memberships", of_portfolios),
)
