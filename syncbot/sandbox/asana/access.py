"""Who asks Asana, for what, and how it refuses: bearer tokens, gids, arguments and error bodies as documented."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from syncbot.sandbox.http import Call, Fail
from syncbot.sandbox.world import (
    AsanaField,
    AsanaGoal,
    AsanaPortfolio,
    AsanaProject,
    AsanaSection,
    AsanaStory,
    AsanaTag,
    AsanaTask,
    AsanaTeam,
    AsanaUser,
)

_HELP = (
    "For more information on API status codes and how to handle them, read the docs on errors: "
    "https://developers.asana.com/docs/errors"
)


def refusal(status: int, message: str) -> Fail:
    """An error as Asana words it."""
    return Fail(status, {"errors": [{"message": message, "help": _HELP}]})


def check(call: Call) -> str:
    """The user whose bearer token this is; else 401."""
    kind, _, token = call.headers.get("authorization", "").partition(" ")
    user = call.world.asana.tokens.get(token.strip()) if kind.lower() == "bearer" else None
    if user is None:
        raise refusal(401, "Not Authorized")
    return user


def data(call: Call) -> dict[str, Any]:
    """The object that a write is about."""
    if call.body is None:
        raise refusal(400, "Could not parse request data, invalid JSON")
    found = call.body.get("data") if isinstance(call.body, dict) else None
    if not isinstance(found, dict):
        raise refusal(400, "Missing `data` root key in request body")
    return found


def required(given: dict[str, Any], name: str) -> Any:
    """A value that must be there."""
    if given.get(name) in (None, ""):
        raise refusal(400, f"{name}: Missing input")
    return given[name]


def project(call: Call, gid: Any) -> AsanaProject:
    """The project of a gid, if the caller may see it."""
    found: AsanaProject = _known(call.world.asana.projects, "project", gid)
    if found.privacy == "public_to_workspace" or call.user in found.members:
        return found
    if found.privacy == "private_to_team" and call.user in call.world.asana.teams[found.team].members:
        return found
    raise refusal(403, "You do not have access to this project")


def task(call: Call, gid: Any) -> AsanaTask:
    """The task of a gid, if one of its projects (or it itself) may be seen."""
    found: AsanaTask = _known(call.world.asana.tasks, "task", gid)
    if not may_see(call, found):
        raise refusal(403, "You do not have access to this task")
    return found


def editable(call: Call, gid: Any) -> AsanaTask:
    """The task of a gid, if the caller may do more than comment in one of its projects."""
    found, projects = task(call, gid), call.world.asana.projects
    if found.places and all(call.user in projects[one].commenters for one in found.places):
        raise refusal(403, "You do not have permission to edit this task")
    return found


def may_see(call: Call, found: AsanaTask) -> bool:
    """Whether the caller may see a task: its people, who sees a project of it, and who may see its parent."""
    state, seen = call.world.asana, set[str]()
    one: AsanaTask | None = found
    while one is not None and one.gid not in seen:
        seen.add(one.gid)
        if call.user in {one.creator, one.assignee, *one.followers}:
            return True
        for gid in one.places:
            try:
                project(call, gid)
            except Fail:
                continue
            return True
        one = state.tasks.get(one.parent or "")
    return False


def section(call: Call, gid: Any) -> AsanaSection:
    """The section of a gid."""
    found: AsanaSection = _known(call.world.asana.sections, "section", gid)
    project(call, found.project)
    return found


def user(call: Call, name: Any) -> AsanaUser:
    """A user by gid or by e-mail address; "me" is the caller."""
    users = call.world.asana.users
    if name == "me":
        return users[call.user]
    named = next((one for one in users.values() if one.email and one.email == name), None)
    found: AsanaUser = named or _known(users, "user", name)
    return found


def team(call: Call, gid: Any) -> AsanaTeam:
    """The team of a gid."""
    found: AsanaTeam = _known(call.world.asana.teams, "team", gid)
    return found


def custom_field(call: Call, gid: Any) -> AsanaField:
    """The custom field of a gid."""
    found: AsanaField = _known(call.world.asana.fields, "custom_field", gid)
    return found


def tag(call: Call, gid: Any) -> AsanaTag:
    """The tag of a gid."""
    found: AsanaTag = _known(call.world.asana.tags, "tag", gid)
    return found


def story(call: Call, gid: Any) -> AsanaStory:
    """The story of a gid."""
    found: AsanaStory = _known(call.world.asana.stories, "story", gid)
    task(call, found.task)
    return found


def goal(call: Call, gid: Any) -> AsanaGoal:
    """The goal of a gid."""
    found: AsanaGoal = _known(call.world.asana.goals, "goal", gid)
    return found


def portfolio(call: Call, gid: Any) -> AsanaPortfolio:
    """The portfolio of a gid."""
    found: AsanaPortfolio = _known(call.world.asana.portfolios, "portfolio", gid)
    return found


def workspace(call: Call, gid: Any) -> str:
    """The gid of the one workspace there is."""
    if gid in (None, ""):
        raise refusal(400, "workspace: Missing input")
    if gid != call.world.asana.workspace:
        raise refusal(404 if str(gid).isdigit() else 400, f"workspace: Unknown object: {gid}")
    return str(gid)


def boolean(call: Call, name: str) -> bool | None:
    """A yes or no of the query."""
    value = call.query.get(name)
    if value is None or value.lower() in {"true", "false"}:
        return None if value is None else value.lower() == "true"
    raise refusal(400, f"{name}: Not a boolean: {value}")


def instant(value: Any, name: str) -> datetime:
    """An instant; a day counts from its midnight in UTC."""
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        raise refusal(400, f"{name}: Not a recognized date: {value}") from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def day(value: Any, name: str) -> str:
    """A day as ISO text."""
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise refusal(400, f"{name}: Not a recognized date: {value}") from None


def _known(table: dict[str, Any], kind: str, gid: Any) -> Any:
    if gid in (None, ""):
        raise refusal(400, f"{kind}: Missing input")
    if not isinstance(gid, str) or not gid.isdecimal():
        raise refusal(400, f"{kind}: Not a recognized ID: {gid}")
    if gid not in table:
        raise refusal(404, f"{kind}: Unknown object: {gid}")
    return table[gid]
