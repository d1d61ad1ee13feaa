"""Who is calling, what the site says of itself, and what the caller may do."""

from __future__ import annotations

from typing import Any

from syncbot.sandbox.http import Call, Endpoint, Fail, basic
from syncbot.sandbox.jira.search import refuse
from syncbot.sandbox.jira.show import Shown

_GRANTED = (
    "BROWSE_PROJECTS",
    "CREATE_ISSUES",
    "EDIT_ISSUES",
    "ADD_COMMENTS",
    "LINK_ISSUES",
    "TRANSITION_ISSUES",
    "ASSIGN_ISSUES",
    "ASSIGNABLE_USER",
    "DELETE_ISSUES",
    "USER_PICKER",
    "MODIFY_REPORTER",
    "SCHEDULE_ISSUES",
    "SET_ISSUE_SECURITY",
)
_GLOBAL = frozenset({"USER_PICKER", "ADMINISTER"})
KNOWN = (*_GRANTED, "ADMINISTER", "ADMINISTER_PROJECTS", "MANAGE_SPRINTS_PERMISSION")


def check(call: Call) -> str:
    """The account of an e-mail and its API token, or 401 as Jira says it."""
    user, password = basic(call) or ("", "")
    token, account = call.world.jira.tokens.get(user, ("", ""))
    if not token or password != token:
        realm = {"WWW-Authenticate": 'Basic realm="Protected by the sandbox"'}
        raise Fail(401, "Client must be authenticated to access this resource.", realm)
    return account


def server_info(call: Call) -> dict[str, Any]:
    """GET serverInfo: the site's clock is in UTC here, other sites' follow their own zone."""
    return {
        "baseUrl": call.base,
        "version": "1001.0.0-SNAPSHOT",
        "versionNumbers": [1001, 0, 0],
        "deploymentType": "Cloud",
        "buildNumber": 100290,
        "buildDate": "2026-11-20T02:00:00.000+0000",
        "serverTime": f"{call.world.now:%Y-%m-%dT%H:%M:%S}.000+0000",
        "scmInfo": "b6c6f21e1a5f",
        "serverTitle": "Jira",
        "serverTimeZone": "Etc/UTC",
    }


def myself(call: Call) -> dict[str, Any]:
    """GET myself."""
    return (Shown(call).user(call.user) or {}) | {"locale": "en_GB", "expand": "groups,applicationRoles"}


def my_permissions(call: Call) -> dict[str, Any]:
    """GET mypermissions: the permissions must be named."""
    asked = [name for name in call.query.get("permissions", "").split(",") if name]
    if not asked:
        raise refuse("The 'permissions' query parameter is required.")
    if unknown := [name for name in asked if name not in KNOWN]:
        raise refuse(f"Unrecognized permission: {unknown[0]}")
    wanted = call.query.get("projectKey") or call.query.get("projectId")
    project = call.world.jira.project(wanted) if wanted else None
    if wanted and project is None:
        raise refuse(f"No project could be found with key '{wanted}'.", status=404)
    denied = project.denied if project else set()
    return {"permissions": {name: _permission(number, name, denied) for number, name in enumerate(asked, 10)}}


def _permission(number: int, name: str, denied: set[str]) -> dict[str, Any]:
    return {
        "id": str(number),
        "key": name,
        "name": name.replace("_", " ").capitalize(),
        "type": "GLOBAL" if name in _GLOBAL else "PROJECT",
        "description": "",
        "havePermission": name in _GRANTED and name not in denied,
    }


_API = "/rest/api/3"
ENDPOINTS = (
    Endpoint("GET", f"{_API}/serverInfo", server_info),
    Endpoint("GET", "/rest/api/2/serverInfo", server_info),
    Endpoint("GET", f"{_API}/myself", myself),
    Endpoint("GET", f"{_API}/mypermissions", my_permissions),
)
