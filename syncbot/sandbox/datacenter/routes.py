"""Data Center's other routes: the Cloud's own handlers where both agree, their answers translated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from syncbot.sandbox.datacenter.shown import ABSENT_FIELDS, EPIC_LINK, Translator, account, changelog, login
from syncbot.sandbox.http import Answer, Call, Endpoint, Fail
from syncbot.sandbox.jira import access, admin, agile, issues
from syncbot.sandbox.jira.adf import LIMIT, plain
from syncbot.sandbox.jira.search import refuse
from syncbot.sandbox.jira.show import TEAM_FIELD, Shown

SELECT = {"type": "option", "custom": "com.atlassian.jira.plugin.system.customfieldtypes:select"}
_PEOPLE = ("assignee", "reporter")
_UNTAKEN = object()


def check(call: Call) -> str:
    """The account of a personal access token, which comes as a Bearer."""
    kind, _, given = call.headers.get("authorization", "").partition(" ")
    held = dict(call.world.jira.tokens.values())
    if kind.lower() != "bearer" or given not in held:
        raise Fail(401, {"errorMessages": ["You are not authenticated."], "errors": {}}, {"WWW-Authenticate": "Bearer"})
    return held[given]


def server_info(call: Call) -> dict[str, Any]:
    """GET serverInfo: Data Center calls itself a server."""
    return access.server_info(call) | {
        "version": "10.3.1",
        "versionNumbers": [10, 3, 1],
        "deploymentType": "Server",
        "buildNumber": 10030001,
    }


def my_permissions(call: Call) -> dict[str, Any]:
    """GET mypermissions: all of them; they need not be named."""
    call.query.setdefault("permissions", ",".join(access.KNOWN))
    return access.my_permissions(call)


def fields(call: Call) -> list[dict[str, Any]]:
    """GET field. A team is an option of a select list here."""
    shown = [one for one in admin.fields(call) if one["id"] not in ABSENT_FIELDS]
    return [one | {"schema": one["schema"] | SELECT} if one["id"] == TEAM_FIELD else one for one in shown]


def projects(call: Call) -> list[dict[str, Any]]:
    """GET project: all at once, archived ones if they are asked for."""
    live = admin.projects(call)
    if call.query.get("includeArchived") != "true":
        return live
    call.queries["status"] = ["archived"]
    return [*live, *admin.projects_search(call)["values"]]


def user(call: Call) -> dict[str, Any]:
    """GET user, by login or key."""
    found = account(call.world.jira, call.query.get("username", ""), call.query.get("key", ""))
    shown = Shown(call).user(found)
    if shown is None:
        raise refuse("The user does not exist.", status=404)
    return shown


def users(call: Call) -> list[dict[str, Any]]:
    """GET user/search: those with a word in login, name or e-mail that begins with the text; ``.`` means everybody."""
    asked = call.query.get("username", "").casefold()
    if not asked:
        raise refuse("The username query parameter was not provided")
    start, most, shown = call.whole("startAt", 0), min(call.whole("maxResults", 50), 1000), Shown(call)
    found = [
        one.id
        for one in call.world.jira.users.values()
        if one.active
        and any(word.startswith(asked.strip(".")) for word in f"{login(one)} {one.name} {one.email}".casefold().split())
    ]
    return [shown.user(one) or {} for one in found[start : start + most]]


def read(call: Call) -> dict[str, Any]:
    """GET issue, with its changelog if that is asked for."""
    shown = issues.read(call)
    if "changelog" in call.query.get("expand", "").split(","):
        shown["changelog"] = changelog(call, issues.found(call))
    return shown


def create(call: Call) -> Answer:
    """POST issue."""
    described = _taken(call)
    answer = issues.create(call)
    if described is not _UNTAKEN:
        call.world.jira.issues[answer.body["id"]].description = described
    return answer


def edit(call: Call) -> Answer:
    """PUT issue."""
    described = _taken(call)
    answer = issues.edit(call)
    if described is not _UNTAKEN:
        issues.found(call).description = described
    return answer


def _taken(call: Call) -> Any:
    """Bring a request's fields into the Cloud's words; the description, checked, is taken out of them."""
    given = call.body.get("fields") if isinstance(call.body, dict) else None
    if not isinstance(given, dict):
        return _UNTAKEN
    state = call.world.jira
    for name in _PEOPLE:
        if isinstance(given.get(name), dict):
            asked = given[name]
            found = account(state, str(asked.get("name", "")), str(asked.get("key", "")))
            given[name] = {"accountId": found or f"{asked.get('name')}"}
    if EPIC_LINK in given:
        epic = given.pop(EPIC_LINK)
        given["parent"] = None if epic is None else {"key": epic}
    if "description" not in given:
        return _UNTAKEN
    text = given.pop("description")
    if text is not None and not isinstance(text, str):
        raise Fail(400, {"errorMessages": [], "errors": {"description": "Operation value must be a string"}})
    if text and len(text.encode("utf-16-le")) // 2 > LIMIT:
        wrong = f"The entered text is too long. It exceeds the allowed limit of {LIMIT:,} characters."
        raise Fail(400, {"errorMessages": [], "errors": {"description": wrong}})
    return text or None


def _translated(handler: Callable[[Call], Any]) -> Callable[[Call], Any]:
    def answer(call: Call) -> Any:
        return Translator(call)(handler(call))

    return answer


def comments(call: Call) -> dict[str, Any]:
    """GET comment: their bodies are wiki markup."""
    page = issues.comments(call)
    return {**page, "comments": [{**one, "body": plain(one["body"])} for one in page["comments"]]}


_READ: dict[str, Callable[[Call], Any]] = {
    "/serverInfo": server_info,
    "/myself": access.myself,
    "/mypermissions": my_permissions,
    "/field": fields,
    "/issuetype": admin.types,
    "/status": admin.statuses,
    "/statuscategory": admin.categories,
    "/priority": admin.priorities,
    "/resolution": admin.resolutions,
    "/issueLinkType": admin.link_types,
    "/project": projects,
    "/project/{project}": admin.project,
    "/project/{project}/statuses": admin.project_statuses,
    "/project/{project}/versions": admin.versions,
    "/project/{project}/version": admin.versions_page,
    "/user": user,
    "/user/search": users,
    "/user/assignable/search": admin.assignable,
    "/issue/{issue}": read,
    "/issue/{issue}/comment": comments,
    "/issue/{issue}/transitions": issues.transitions,
    "/issue/{issue}/properties": issues.property_keys,
    "/issue/{issue}/properties/{property}": issues.property_read,
}
_API = "/rest/api/2"
ENDPOINTS = (
    *(Endpoint("GET", _API + path, _translated(handler)) for path, handler in _READ.items()),
    Endpoint("POST", f"{_API}/issue", _translated(create)),
    Endpoint("PUT", f"{_API}/issue/{{issue}}", edit),
    Endpoint("DELETE", f"{_API}/issue/{{issue}}", issues.delete),
    Endpoint("POST", f"{_API}/issue/{{issue}}/transitions", issues.transition),
    Endpoint("PUT", f"{_API}/issue/{{issue}}/properties/{{property}}", issues.property_write),
    Endpoint("DELETE", f"{_API}/issue/{{issue}}/properties/{{property}}", issues.property_delete),
    Endpoint("POST", f"{_API}/issueLink", issues.link),
    *(Endpoint(one.method, one.path, _translated(one.handler)) for one in agile.ENDPOINTS),
)
