"""Workspaces, users, teams, projects and their sections, custom fields."""

from __future__ import annotations

from collections.abc import Iterable

from syncbot.sandbox.asana import access
from syncbot.sandbox.asana.access import boolean, data, refusal, required
from syncbot.sandbox.asana.fields import FIELD
from syncbot.sandbox.asana.paging import empty, many, one, whole
from syncbot.sandbox.asana.plans import PROJECT, SECTION, SETTING, settings
from syncbot.sandbox.asana.shapes import TEAM, USER, WORKSPACE, Named
from syncbot.sandbox.http import Answer, Call, Endpoint, Fail
from syncbot.sandbox.world import AsanaProject, AsanaSection, AsanaUser


def _workspace(call: Call) -> Named:
    state = call.world.asana
    return Named(state.workspace, state.name)


def list_workspaces(call: Call) -> Answer:
    """GET /workspaces."""
    return many(call, WORKSPACE, [_workspace(call)])


def read_workspace(call: Call) -> Answer:
    """GET /workspaces/{gid}."""
    access.workspace(call, call.params["gid"])
    return one(call, WORKSPACE, _workspace(call))


def read_user(call: Call) -> Answer:
    """GET /users/{gid}, by gid, e-mail address or "me"."""
    return one(call, USER, access.user(call, call.params["gid"]))


def list_users(call: Call) -> Answer:
    """GET /users of a workspace or a team."""
    if (gid := call.query.get("team")) is not None:
        return many(call, USER, _named(call, access.team(call, gid).members))
    access.workspace(call, call.query.get("workspace"))
    return many(call, USER, _named(call, call.world.asana.users))


def workspace_users(call: Call) -> Answer:
    """GET /workspaces/{gid}/users: by name, not paged."""
    access.workspace(call, call.params["gid"])
    return whole(call, USER, _named(call, call.world.asana.users))


def team_users(call: Call) -> Answer:
    """GET /teams/{gid}/users."""
    return whole(call, USER, _named(call, access.team(call, call.params["gid"]).members))


def _named(call: Call, gids: Iterable[str]) -> list[AsanaUser]:
    state = call.world.asana
    return sorted((state.users[gid] for gid in gids), key=lambda user: user.name)


def workspace_teams(call: Call) -> Answer:
    """GET /workspaces/{gid}/teams."""
    access.workspace(call, call.params["gid"])
    return many(call, TEAM, [*call.world.asana.teams.values()])


def read_team(call: Call) -> Answer:
    """GET /teams/{gid}."""
    return one(call, TEAM, access.team(call, call.params["gid"]))


def list_projects(call: Call) -> Answer:
    """GET /projects of a workspace or a team, archived ones or not."""
    if "team" in call.query:
        access.team(call, call.query["team"])
    else:
        access.workspace(call, call.query.get("workspace"))
    return many(call, PROJECT, _projects(call, call.query.get("team")))


def workspace_projects(call: Call) -> Answer:
    """GET /workspaces/{gid}/projects."""
    access.workspace(call, call.params["gid"])
    return many(call, PROJECT, _projects(call, None))


def team_projects(call: Call) -> Answer:
    """GET /teams/{gid}/projects."""
    return many(call, PROJECT, _projects(call, access.team(call, call.params["gid"]).gid))


def _projects(call: Call, team: str | None) -> list[AsanaProject]:
    archived = boolean(call, "archived")
    found = []
    for project in call.world.asana.projects.values():
        try:
            access.project(call, project.gid)
        except Fail:
            continue
        if archived in {None, project.archived} and team in {None, project.team}:
            found.append(project)
    return found


def read_project(call: Call) -> Answer:
    """GET /projects/{gid}."""
    return one(call, PROJECT, access.project(call, call.params["gid"]))


def change_project(call: Call) -> Answer:
    """PUT /projects/{gid}: its name, its dates, whether it is archived."""
    project, given = access.project(call, call.params["gid"]), data(call)
    names = {"name": "name", "archived": "archived", "due_on": "due_on", "start_on": "start_on"}
    if unknown := sorted(given.keys() - names.keys()):
        raise refusal(400, f"Cannot write this property: {unknown[0]}")
    project.modified = call.world.stamp()
    for name, value in given.items():
        setattr(project, names[name], value)
        call.world.asana.tell(project.modified, call.user, ("project", project.gid), "changed", change=name)
    return one(call, PROJECT, project)


def list_sections(call: Call) -> Answer:
    """GET /projects/{gid}/sections, in their order."""
    state = call.world.asana
    project = access.project(call, call.params["gid"])
    return many(call, SECTION, [state.sections[gid] for gid in project.sections])


def read_section(call: Call) -> Answer:
    """GET /sections/{gid}."""
    return one(call, SECTION, access.section(call, call.params["gid"]))


def add_section(call: Call) -> Answer:
    """POST /projects/{gid}/sections."""
    state, project = call.world.asana, access.project(call, call.params["gid"])
    at = call.world.stamp()
    made = AsanaSection(state.next_gid(), project.gid, str(required(data(call), "name")), at)
    state.sections[made.gid] = made
    project.sections.append(made.gid)
    state.tell(at, call.user, ("section", made.gid), "added", parent=("project", project.gid))
    return one(call, SECTION, made, 201)


def rename_section(call: Call) -> Answer:
    """PUT /sections/{gid}."""
    section = access.section(call, call.params["gid"])
    section.name = str(required(data(call), "name"))
    at = call.world.stamp()
    call.world.asana.tell(at, call.user, ("section", section.gid), "changed", section.project, change="name")
    return one(call, SECTION, section)


def delete_section(call: Call) -> Answer:
    """DELETE /sections/{gid}: only an empty one, and not the last one."""
    state, section = call.world.asana, access.section(call, call.params["gid"])
    project = state.projects[section.project]
    if section.tasks or len(project.sections) == 1:
        raise refusal(400, "section: Cannot delete a section that is not empty or is the last one of its project")
    project.sections.remove(section.gid)
    del state.sections[section.gid]
    state.tell(call.world.stamp(), call.user, ("section", section.gid), "deleted", project.gid)
    return empty()


def project_fields(call: Call) -> Answer:
    """GET /projects/{gid}/custom_field_settings."""
    return many(call, SETTING, settings(access.project(call, call.params["gid"])))


def workspace_fields(call: Call) -> Answer:
    """GET /workspaces/{gid}/custom_fields."""
    access.workspace(call, call.params["gid"])
    return many(call, FIELD, [*call.world.asana.fields.values()])


def read_field(call: Call) -> Answer:
    """GET /custom_fields/{gid}."""
    return one(call, FIELD, access.custom_field(call, call.params["gid"]))


ENDPOINTS = (
    Endpoint("GET", "/api/1.0/workspaces", list_workspaces),
    Endpoint("GET", "/api/1.0/workspaces/{gid}", read_workspace),
    Endpoint("GET", "/api/1.0/workspaces/{gid}/users", workspace_users),
    Endpoint("GET", "/api/1.0/workspaces/{gid}/teams", workspace_teams),
    Endpoint("GET", "/api/1.0/workspaces/{gid}/projects", workspace_projects),
    Endpoint("GET", "/api/1.0/workspaces/{gid}/custom_fields", workspace_fields),
    Endpoint("GET", "/api/1.0/users", list_users),
    Endpoint("GET", "/api/1.0/users/{gid}", read_user),
    Endpoint("GET", "/api/1.0/teams/{gid}", read_team),
    Endpoint("GET", "/api/1.0/teams/{gid}/users", team_users),
    Endpoint("GET", "/api/1.0/teams/{gid}/projects", team_projects),
    Endpoint("GET", "/api/1.0/projects", list_projects),
    Endpoint("GET", "/api/1.0/projects/{gid}", read_project),
    Endpoint("PUT", "/api/1.0/projects/{gid}", change_project),
    Endpoint("GET", "/api/1.0/projects/{gid}/sections", list_sections),
    Endpoint("POST", "/api/1.0/projects/{gid}/sections", add_section),
    Endpoint("GET", "/api/1.0/projects/{gid}/custom_field_settings", project_fields),
    Endpoint("GET", "/api/1.0/sections/{gid}", read_section),
    Endpoint("PUT", "/api/1.0/sections/{gid}", rename_section),
    Endpoint("DELETE", "/api/1.0/sections/{gid}", delete_section),
    Endpoint("GET", "/api/1.0/custom_fields/{gid}", read_field),
)
