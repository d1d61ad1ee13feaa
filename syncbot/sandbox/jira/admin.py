"""What a site is made of: fields, types, statuses, projects, versions, people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from syncbot.sandbox.http import Call, Endpoint
from syncbot.sandbox.jira.search import refuse
from syncbot.sandbox.jira.show import Shown
from syncbot.sandbox.world import JiraField, JiraProject, JiraUser


def fields(call: Call) -> list[dict[str, Any]]:
    """GET field: all at once."""
    return [_field(one) for one in call.world.jira.fields.values()]


def fields_search(call: Call) -> dict[str, Any]:
    """GET field/search: paged, by type and text."""
    kinds = call.query.get("type", "custom,system").split(",")
    text = call.query.get("query", "").casefold()
    found = [
        {"id": one.id, "name": one.name, "schema": one.schema}
        for one in call.world.jira.fields.values()
        if one.schema and ("custom" if one.custom else "system") in kinds and text in one.name.casefold()
    ]
    return page(call, found)


def _field(field: JiraField) -> dict[str, Any]:
    names = [f"cf[{field.id.rpartition('_')[2]}]", field.name] if field.custom else [field.id]
    shown = {
        "id": field.id,
        "key": field.id,
        "name": field.name,
        "custom": field.custom,
        "orderable": True,
        "navigable": field.id != "comment",
        "searchable": True,
        "clauseNames": names,
    }
    return shown | ({"schema": field.schema} if field.schema else {})


def types(call: Call) -> list[dict[str, Any]]:
    """GET issuetype."""
    shown = Shown(call)
    return [shown.type(key) for key in call.world.jira.types]


def statuses(call: Call) -> list[dict[str, Any]]:
    """GET status."""
    shown = Shown(call)
    return [shown.status(key) for key in call.world.jira.statuses]


def statuses_search(call: Call) -> dict[str, Any]:
    """GET statuses/search: paged, in the newer shape."""
    categories = {"new": "TODO", "indeterminate": "IN_PROGRESS", "done": "DONE"}
    found = [
        {
            "id": one.id,
            "name": one.name,
            "description": one.description,
            "statusCategory": categories[one.category],
            "scope": {"type": "GLOBAL"},
        }
        for one in call.world.jira.statuses.values()
    ]
    return page(call, found)


def categories(call: Call) -> list[dict[str, Any]]:
    """GET statuscategory."""
    return [Shown(call).category(key) for key in ("new", "indeterminate", "done")]


def priorities(call: Call) -> list[dict[str, Any]]:
    """GET priority."""
    shown = Shown(call)
    return [shown.priority(key) for key in call.world.jira.priorities]


def priorities_search(call: Call) -> dict[str, Any]:
    """GET priority/search."""
    return page(call, priorities(call))


def resolutions(call: Call) -> list[dict[str, Any]]:
    """GET resolution."""
    shown = Shown(call)
    return [shown.resolution(key) for key in call.world.jira.resolutions]


def link_types(call: Call) -> dict[str, Any]:
    """GET issueLinkType."""
    shown = Shown(call)
    return {"issueLinkTypes": [shown.link_type(key) for key in call.world.jira.link_types]}


def labels(call: Call) -> dict[str, Any]:
    """GET label: every label in use."""
    used = {label for issue in call.world.jira.issues.values() for label in issue.labels}
    return page(call, sorted(used))


def projects_search(call: Call) -> dict[str, Any]:
    """GET project/search: live projects unless other states are asked for."""
    states = set(call.queries.get("status", ["live"]))
    keys, ids = set(call.queries.get("keys", [])), set(call.queries.get("id", []))
    text = call.query.get("query", "").casefold()
    found = [
        one
        for one in call.world.jira.seen_projects()
        if ("archived" if one.archived else "live") in states
        and (not keys or one.key in keys)
        and (not ids or one.id in ids)
        and (text in one.name.casefold() or text in one.key.casefold())
    ]
    return page(call, [_project(call, one) for one in sorted(found, key=lambda one: one.key)])


def projects(call: Call) -> list[dict[str, Any]]:
    """GET project: the older list, all at once, which the vendor's SDK reads."""
    return [_project(call, one) for one in call.world.jira.seen_projects() if not one.archived]


def project(call: Call) -> dict[str, Any]:
    """GET a project with its types and versions."""
    found, shown, state = _found(call), Shown(call), call.world.jira
    return _project(call, found) | {
        "description": "",
        "lead": {key: value for key, value in (shown.user(found.lead) or {}).items() if key != "emailAddress"},
        "components": [],
        "issueTypes": [shown.type(key) for key in found.types],
        "assigneeType": "UNASSIGNED",
        "versions": [shown.version(one, whole=True) for one in state.versions.values() if one.project == found.id],
        "roles": {},
        "properties": {},
    }


def _project(call: Call, project: JiraProject) -> dict[str, Any]:
    shown = Shown(call).project(project) | {
        "expand": "description,lead,issueTypes,url,projectKeys,permissions,insight",
        "style": "next-gen" if project.simplified else "classic",
        "isPrivate": project.private,
        "properties": {},
    }
    return shown | ({"archived": True} if project.archived else {})


def project_statuses(call: Call) -> list[dict[str, Any]]:
    """GET project/{key}/statuses: by issue type."""
    found, shown = _found(call), Shown(call)
    every = [shown.status(key) for key in found.statuses]
    kept = ("self", "id", "name", "subtask")
    return [{name: shown.type(key)[name] for name in kept} | {"statuses": every} for key in found.types]


def versions(call: Call) -> list[dict[str, Any]]:
    """GET project/{key}/versions."""
    found, shown = _found(call), Shown(call)
    return [shown.version(one, whole=True) for one in call.world.jira.versions.values() if one.project == found.id]


def versions_page(call: Call) -> dict[str, Any]:
    """GET project/{key}/version: the same, paged."""
    return page(call, versions(call))


def assignable(call: Call) -> list[dict[str, Any]]:
    """GET user/assignable/search: active people, who may work on every project here."""
    if not {"project", "issueKey", "issueId"} & set(call.query):
        raise refuse("Issue key or project key must be provided")
    if "project" in call.query and call.world.jira.project(call.query["project"]) is None:
        raise refuse(f"No project could be found with key '{call.query['project']}'.", status=404)
    return _people(call, (one for one in call.world.jira.users.values() if one.active))


def assignable_to_all(call: Call) -> list[dict[str, Any]]:
    """GET user/assignable/multiProjectSearch."""
    return _people(call, (one for one in call.world.jira.users.values() if one.active))


def users(call: Call) -> list[dict[str, Any]]:
    """GET users/search: everybody, inactive ones and apps included."""
    return _people(call, call.world.jira.users.values())


def users_bulk(call: Call) -> dict[str, Any]:
    """GET user/bulk: those of these account ids that exist."""
    ids = call.queries.get("accountId", [])
    if not ids:
        raise refuse("The accountId parameter must be provided")
    shown = Shown(call)
    return page(call, [shown.user(key) for key in ids if key in call.world.jira.users], 10)


def user(call: Call) -> dict[str, Any]:
    """GET user."""
    found = Shown(call).user(key) if (key := call.query.get("accountId", "")) in call.world.jira.users else None
    if found is None:
        raise refuse("Specified user does not exist or you do not have required permissions", status=404)
    return found


def _people(call: Call, people: Iterable[JiraUser]) -> list[dict[str, Any]]:
    start, most, shown = call.whole("startAt", 0), call.whole("maxResults", 50), Shown(call)
    text = call.query.get("query", "").casefold()
    found = [shown.user(one.id) or {} for one in people if text in one.name.casefold()]
    return found[start : start + most]


def _found(call: Call) -> JiraProject:
    found = call.world.jira.project(call.params["project"])
    if found is None:
        raise refuse(f"No project could be found with key '{call.params['project']}'.", status=404)
    return found


def page(call: Call, values: Sequence[Any], size: int = 50) -> dict[str, Any]:
    """A page of a list, by startAt and maxResults."""
    start, most = call.whole("startAt", 0), min(call.whole("maxResults", size), 100)
    shown = list(values[start : start + most])
    end = start + len(shown) >= len(values)
    return {"maxResults": most, "startAt": start, "total": len(values), "isLast": end, "values": shown}


_API = "/rest/api/3"
ENDPOINTS = tuple(
    Endpoint("GET", _API + path, handler)
    for path, handler in {
        "/field": fields,
        "/field/search": fields_search,
        "/issuetype": types,
        "/status": statuses,
        "/statuses/search": statuses_search,
        "/statuscategory": categories,
        "/priority": priorities,
        "/priority/search": priorities_search,
        "/resolution": resolutions,
        "/issueLinkType": link_types,
        "/label": labels,
        "/project": projects,
        "/project/search": projects_search,
        "/project/{project}": project,
        "/project/{project}/statuses": project_statuses,
        "/project/{project}/versions": versions,
        "/project/{project}/version": versions_page,
        "/user": user,
        "/user/bulk": users_bulk,
        "/user/assignable/search": assignable,
        "/user/assignable/multiProjectSearch": assignable_to_all,
        "/users/search": users,
    }.items()
)
