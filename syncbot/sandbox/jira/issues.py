"""One issue: made, read, edited, moved on, deleted, with its comments, links and properties."""

from __future__ import annotations

import json
from typing import Any

from syncbot.sandbox.http import Answer, Call, Endpoint, Fail
from syncbot.sandbox.jira import adf
from syncbot.sandbox.jira.changes import compared, entry, note
from syncbot.sandbox.jira.fields import LABELS, Refusals, set_fields
from syncbot.sandbox.jira.search import field_names, refuse
from syncbot.sandbox.jira.show import Shown
from syncbot.sandbox.world import JiraComment, JiraIssue, JiraLink, JiraState, World

_NOT_FOUND = "Issue does not exist or you do not have permission to see it."
_LOCKED = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
_BAD_BODY = "Invalid request payload. Refer to the REST API documentation and try again."
_LONGEST_KEY, _LONGEST_VALUE = 255, 32_768


def found(call: Call) -> JiraIssue:
    """The issue that the path names, or 404 as Jira says it."""
    issue = call.world.jira.issue(call.params["issue"])
    if issue is None:
        raise refuse(_NOT_FOUND, status=404)
    return issue


def create(call: Call) -> Answer:
    """POST issue: everything in one request, properties too; nothing is made if any part is refused."""
    world, body = call.world, _object(call.body)
    state, given = world.jira, dict(_object(body.get("fields")))
    refusals: Refusals = {}
    project = _named(state.projects, given.pop("project", None), "key")
    if project is None or project.archived:
        raise Fail(400, {"errorMessages": [], "errors": {"project": "Specify a valid project ID or key"}})
    if "CREATE_ISSUES" in project.denied:
        raise refuse("You do not have permission to create issues in this project.", status=403)
    kind = _named({key: state.types[key] for key in project.types}, given.pop("issuetype", None), "name")
    if kind is None:
        refusals["issuetype"] = "Specify a valid issue type"
    if not str(given.get("summary") or "").strip():
        refusals["summary"] = "You must specify a summary of the issue."
    properties = _properties(body.get("properties", []))
    at = world.stamp()
    issue = JiraIssue(
        id="",
        key="",
        project=project.id,
        type=kind.id if kind else "",
        status=project.statuses[0],
        summary="",
        created=at,
        updated=at,
        status_changed=at,
        creator=call.user,
        reporter=call.user,
        priority=next((one.id for one in state.priorities.values() if one.name == "Medium"), None),
        properties=properties,
    )
    refusals |= set_fields(state, issue, given)
    if refusals:
        raise Fail(400, {"errorMessages": [], "errors": refusals})
    project.counter += 1
    issue.id, issue.key = state.next_id(), f"{project.key}-{project.counter}"
    state.issues[issue.id] = issue
    if not world.indexing:
        world.unindexed.add(issue.id)
    link = f"{call.base}/rest/api/3/issue/{issue.id}"
    return Answer({"id": issue.id, "key": issue.key, "self": link}, 201)


def read(call: Call) -> dict[str, Any]:
    """GET issue, with its changelog if that is asked for."""
    asked = [name for text in call.queries.get("fields", ["*all"]) for name in text.split(",")]
    properties = call.query.get("properties", "").split(",")
    issue = found(call)
    shown = Shown(call).issues([issue], field_names(call.world.jira, asked), filter(None, properties))[0]
    if "changelog" in call.query.get("expand", "").split(","):
        told = [entry(call, change) for change in issue.changes]
        shown["changelog"] = {"startAt": 0, "maxResults": len(told), "total": len(told), "histories": told}
    return shown


def edit(call: Call) -> Answer:
    """PUT issue: all or nothing. ``update`` knows set, add and remove on labels, set on the rest."""
    issue, body, state = found(call), _object(call.body), call.world.jira
    given = dict(_object(body.get("fields", {})))
    for name, operations in _object(body.get("update", {})).items():
        for operation in operations if isinstance(operations, list) else [None]:
            (verb, value), *_ = [*_object(operation).items()] or [("", None)]
            if verb == "set":
                given[name] = value
            elif name == LABELS and verb in {"add", "remove"}:
                labels = [one for one in given.get(LABELS, issue.labels) if one != value]
                given[LABELS] = [*labels, value] if verb == "add" else labels
            else:
                raise Fail(400, {"errorMessages": [], "errors": {name: f"Operation '{verb}' is not supported"}})
    if "EDIT_ISSUES" in state.projects[issue.project].denied:
        raise refuse("You do not have permission to edit issues in this project.", status=403)
    if not state.statuses[issue.status].editable:
        raise Fail(400, {"errorMessages": [], "errors": {name: _LOCKED.format(name) for name in given}})
    before = compared(state, issue)
    if refusals := set_fields(state, issue, given):
        raise Fail(400, {"errorMessages": [], "errors": refusals})
    if "properties" in body:
        issue.properties |= _properties(body["properties"])
    touch(call.world, issue)
    note(call.world, issue, before, call.user)
    if call.query.get("returnIssue") == "true":
        return Answer(Shown(call).issues([issue], field_names(state, ["*all"]))[0])
    return Answer(None, 204)


def delete(call: Call) -> Answer:
    """DELETE issue; one with subtasks only with ``deleteSubtasks=true``."""
    issue, state = found(call), call.world.jira
    below = [one for one in state.issues.values() if one.parent == issue.id and state.types[one.type].level < 0]
    if below and call.query.get("deleteSubtasks") != "true":
        raise refuse(f"The issue '{issue.key}' has subtasks. You must specify the 'deleteSubtasks' parameter.")
    call.world.stamp()
    remove(state, issue, *below)
    return Answer(None, 204)


def remove(state: JiraState, *issues: JiraIssue) -> None:
    """Take issues out of the site, with the links that they are in; their children lose their parent."""
    gone = {one.id for one in issues}
    for key in gone:
        del state.issues[key]
    for one in state.issues.values():
        if one.parent in gone:
            one.parent = None
    for link in [one for one in state.links.values() if gone & {one.source, one.target}]:
        del state.links[link.id]


def touch(world: World, issue: JiraIssue) -> None:
    """Note that an issue was edited now."""
    issue.updated = world.stamp()


def move_to(world: World, issue: JiraIssue, status: str) -> None:
    """Move an issue on: entering a status of the category done resolves it, leaving one reopens it."""
    state = world.jira
    before, after = state.statuses[issue.status].category, state.statuses[status].category
    issue.status = status
    touch(world, issue)
    if before != after:
        issue.status_changed = issue.updated
        done = after == "done"
        issue.resolved = issue.updated if done else None
        issue.resolution = next(iter(state.resolutions)) if done else None


def transitions(call: Call) -> dict[str, Any]:
    """GET transitions: every status of the project can be reached from every other."""
    issue, shown = found(call), Shown(call)
    statuses = call.world.jira.projects[issue.project].statuses
    return {
        "expand": "transitions",
        "transitions": [
            {
                "id": key,
                "name": call.world.jira.statuses[key].name,
                "to": shown.status(key),
                "hasScreen": False,
                "isGlobal": True,
                "isInitial": False,
                "isConditional": False,
                "isAvailable": True,
                "looped": False,
            }
            for key in statuses
            if key != issue.status
        ],
    }


def transition(call: Call) -> Answer:
    """POST transitions."""
    issue, body = found(call), _object(call.body)
    wanted = str(_object(body.get("transition")).get("id"))
    if wanted == issue.status or wanted not in call.world.jira.projects[issue.project].statuses:
        raise refuse(f"Transition id '{wanted}' is not valid for this issue.")
    before = compared(call.world.jira, issue)
    move_to(call.world, issue, wanted)
    note(call.world, issue, before, call.user)
    return Answer(None, 204)


def comments(call: Call) -> dict[str, Any]:
    """GET comment."""
    issue, start, most = found(call), call.whole("startAt", 0), call.whole("maxResults", 100)
    every = Shown(call).comments(issue)
    if call.query.get("orderBy") == "-created":
        every.reverse()
    page = every[start : start + most]
    return {"startAt": start, "maxResults": most, "total": len(issue.comments), "comments": page}


def comment(call: Call) -> Answer:
    """POST comment."""
    issue, body = found(call), _object(call.body)
    if wrong := adf.problem(body.get("body")):
        raise Fail(400, {"errorMessages": [], "errors": {"comment": wrong}})
    touch(call.world, issue)
    made = JiraComment(call.world.jira.next_id(), call.user, body["body"], issue.updated, issue.updated)
    issue.comments.append(made)
    return Answer(Shown(call).comment(issue, len(issue.comments) - 1), 201)


def link(call: Call) -> Answer:
    """POST issueLink: the inward issue blocks (or whatever the type says) the outward one."""
    body, state = _object(call.body), call.world.jira
    kind = _named(state.link_types, body.get("type"), "name")
    if kind is None:
        raise refuse("No issue link type with the given id or name found.", status=404)
    ends = []
    for name in ("inwardIssue", "outwardIssue"):
        given = _object(body.get(name))
        issue = state.issue(str(given.get("id") or given.get("key")))
        if issue is None:
            raise refuse(_NOT_FOUND, status=404)
        ends.append(issue)
    source, target = ends
    made = JiraLink(state.next_id(), kind.id, source.id, target.id)
    state.links[made.id] = made
    for issue in ends:
        touch(call.world, issue)
    return Answer(None, 201)


def property_keys(call: Call) -> dict[str, Any]:
    """GET properties."""
    issue = found(call)
    root = f"{call.base}/rest/api/3/issue/{issue.id}/properties"
    return {"keys": [{"self": f"{root}/{key}", "key": key} for key in issue.properties]}


def property_read(call: Call) -> dict[str, Any]:
    """GET a property."""
    issue, key = found(call), call.params["property"]
    if key not in issue.properties:
        raise refuse(f"The property with key '{key}' does not exist.", status=404)
    return {"key": key, "value": issue.properties[key]}


def property_write(call: Call) -> Answer:
    """PUT a property: 201 if it is new, 200 if it was there. An issue's updated time does not change."""
    issue, key = found(call), call.params["property"]
    status = 200 if key in issue.properties else 201
    issue.properties |= _properties([{"key": key, "value": call.body}])
    call.world.stamp()
    return Answer(None, status)


def property_delete(call: Call) -> Answer:
    """DELETE a property."""
    property_read(call)
    del found(call).properties[call.params["property"]]
    call.world.stamp()
    return Answer(None, 204)


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise refuse(_BAD_BODY)
    return value


def _properties(given: Any) -> dict[str, Any]:
    checked = {}
    for one in map(_object, given if isinstance(given, list) else [None]):
        key, value = str(one.get("key", "")), one.get("value")
        if not key or len(key) > _LONGEST_KEY:
            raise refuse(f"The property key must be between 1 and {_LONGEST_KEY} characters.")
        if len(json.dumps(value)) > _LONGEST_VALUE:
            raise refuse(f"The property value cannot be greater than {_LONGEST_VALUE} bytes.")
        checked[key] = value
    return checked


def _named(table: dict[str, Any], given: Any, name: str) -> Any:
    """The entry that ``{"id": ...}`` or ``{name: ...}`` means, or None."""
    if not isinstance(given, dict):
        return None
    if given.get("id") is not None:
        return table.get(str(given["id"]))
    return next((one for one in table.values() if getattr(one, name) == given.get(name)), None)


ENDPOINTS = (
    Endpoint("POST", "/rest/api/3/issue", create),
    Endpoint("GET", "/rest/api/3/issue/{issue}", read),
    Endpoint("PUT", "/rest/api/3/issue/{issue}", edit),
    Endpoint("DELETE", "/rest/api/3/issue/{issue}", delete),
    Endpoint("GET", "/rest/api/3/issue/{issue}/transitions", transitions),
    Endpoint("POST", "/rest/api/3/issue/{issue}/transitions", transition),
    Endpoint("GET", "/rest/api/3/issue/{issue}/comment", comments),
    Endpoint("POST", "/rest/api/3/issue/{issue}/comment", comment),
    Endpoint("GET", "/rest/api/3/issue/{issue}/properties", property_keys),
    Endpoint("GET", "/rest/api/3/issue/{issue}/properties/{property}", property_read),
    Endpoint("PUT", "/rest/api/3/issue/{issue}/properties/{property}", property_write),
    Endpoint("DELETE", "/rest/api/3/issue/{issue}/properties/{property}", property_delete),
    Endpoint("POST", "/rest/api/3/issueLink", link),
)
