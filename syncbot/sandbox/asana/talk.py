"""What is said: stories of tasks, status updates; and what things are gathered by: tags, portfolios."""

from __future__ import annotations

from typing import Any

from syncbot.sandbox.asana import access
from syncbot.sandbox.asana.access import data, refusal, required
from syncbot.sandbox.asana.paging import empty, many, one
from syncbot.sandbox.asana.plans import PORTFOLIO, PROJECT, STATUS
from syncbot.sandbox.asana.richtext import COMMENT, parse, wrap
from syncbot.sandbox.asana.shapes import TAG
from syncbot.sandbox.asana.works import STORY, TASK
from syncbot.sandbox.http import Answer, Call, Endpoint
from syncbot.sandbox.world import AsanaStatus, AsanaStory, AsanaTag

_WORDS = {"on_track", "at_risk", "off_track", "on_hold", "complete", "achieved", "partial", "missed", "dropped"}


def list_stories(call: Call) -> Answer:
    """GET /tasks/{gid}/stories, the oldest first."""
    task = access.task(call, call.params["gid"])
    return many(call, STORY, [story for story in call.world.asana.stories.values() if story.task == task.gid])


def read_story(call: Call) -> Answer:
    """GET /stories/{gid}."""
    return one(call, STORY, access.story(call, call.params["gid"]))


def add_story(call: Call) -> Answer:
    """POST /tasks/{gid}/stories: a comment."""
    state, task = call.world.asana, access.task(call, call.params["gid"])
    said, at = _said(data(call)), call.world.stamp()
    made = AsanaStory(state.next_gid(), task.gid, call.user, at, said)
    state.stories[made.gid] = made
    task.modified = at
    state.tell(at, call.user, ("story", made.gid), "added", *task.places, parent=("task", task.gid))
    return one(call, STORY, made, 201)


def change_story(call: Call) -> Answer:
    """PUT /stories/{gid}: only one's own comments."""
    story = access.story(call, call.params["gid"])
    if story.author != call.user or story.type != "comment":
        raise refusal(403, "You do not have permission to edit this story")
    story.html_text, story.edited = _said(data(call)), True
    return one(call, STORY, story)


def delete_story(call: Call) -> Answer:
    """DELETE /stories/{gid}: only one's own comments."""
    story = access.story(call, call.params["gid"])
    if story.author != call.user:
        raise refusal(403, "You do not have permission to delete this story")
    del call.world.asana.stories[story.gid]
    return empty()


def _said(given: dict[str, Any]) -> str:
    """The rich text of a comment or an update, which is given as text or as html_text, not as both."""
    if ("text" in given) == ("html_text" in given):
        raise refusal(400, "You should specify exactly one of text, html_text")
    if "html_text" in given:
        return parse(given["html_text"], COMMENT)
    return wrap(str(given["text"]))


def list_updates(call: Call) -> Answer:
    """GET /status_updates of a project, a portfolio or a goal, the newest first, all or those ``created_since``."""
    parent = _parent(call, call.query.get("parent"))
    found = [one for one in reversed(call.world.asana.statuses.values()) if one.parent == parent]
    if "created_since" in call.query:
        since = access.instant(call.query["created_since"], "created_since")
        found = [one for one in found if one.created >= since]
    return many(call, STATUS, found)


def read_update(call: Call) -> Answer:
    """GET /status_updates/{gid}."""
    return one(call, STATUS, _update(call))


def add_update(call: Call) -> Answer:
    """POST /status_updates."""
    state, given = call.world.asana, data(call)
    parent, kind = _parent(call, given.get("parent")), required(given, "status_type")
    if parent in state.projects and call.user in state.projects[parent].commenters:
        raise refusal(403, "You do not have permission to post a status update here")
    if kind not in _WORDS:
        raise refusal(400, f"status_type: Not a valid status type: {kind}")
    said, at = _said(given), call.world.stamp()
    made = AsanaStatus(state.next_gid(), parent, str(given.get("title") or ""), kind, said, call.user, at)
    state.statuses[made.gid] = made
    return one(call, STATUS, made, 201)


def delete_update(call: Call) -> Answer:
    """DELETE /status_updates/{gid}."""
    del call.world.asana.statuses[_update(call).gid]
    return empty()


def _update(call: Call) -> AsanaStatus:
    gid = call.params["gid"]
    found = call.world.asana.statuses.get(gid)
    if found is None:
        raise refusal(404, f"status_update: Unknown object: {gid}")
    _parent(call, found.parent)
    return found


def _parent(call: Call, gid: Any) -> str:
    state = call.world.asana
    if gid in state.goals or gid in state.portfolios:
        return str(gid)
    return access.project(call, gid).gid


def list_tags(call: Call) -> Answer:
    """GET /tags, or those of a workspace."""
    access.workspace(call, call.params.get("gid") or call.query.get("workspace"))
    return many(call, TAG, [*call.world.asana.tags.values()])


def read_tag(call: Call) -> Answer:
    """GET /tags/{gid}."""
    return one(call, TAG, access.tag(call, call.params["gid"]))


def add_tag(call: Call) -> Answer:
    """POST /tags, or in a workspace."""
    given = data(call)
    access.workspace(call, call.params.get("gid") or given.get("workspace"))
    state = call.world.asana
    made = AsanaTag(state.next_gid(), str(required(given, "name")), call.world.stamp(), given.get("color"))
    state.tags[made.gid] = made
    return one(call, TAG, made, 201)


def tag_tasks(call: Call) -> Answer:
    """GET /tags/{gid}/tasks."""
    tag = access.tag(call, call.params["gid"])
    found = [task for task in call.world.asana.tasks.values() if tag.gid in task.tags and access.may_see(call, task)]
    return many(call, TASK, found)


def list_portfolios(call: Call) -> Answer:
    """GET /portfolios of an owner in a workspace."""
    access.workspace(call, call.query.get("workspace"))
    owner = access.user(call, call.query["owner"]).gid if "owner" in call.query else call.user
    return many(call, PORTFOLIO, [one for one in call.world.asana.portfolios.values() if one.owner == owner])


def read_portfolio(call: Call) -> Answer:
    """GET /portfolios/{gid}."""
    return one(call, PORTFOLIO, access.portfolio(call, call.params["gid"]))


def portfolio_items(call: Call) -> Answer:
    """GET /portfolios/{gid}/items."""
    state = call.world.asana
    items = access.portfolio(call, call.params["gid"]).items
    return many(call, PROJECT, [state.projects[gid] for gid in items if gid in state.projects])


ENDPOINTS = (
    Endpoint("GET", "/api/1.0/tasks/{gid}/stories", list_stories),
    Endpoint("POST", "/api/1.0/tasks/{gid}/stories", add_story),
    Endpoint("GET", "/api/1.0/stories/{gid}", read_story),
    Endpoint("PUT", "/api/1.0/stories/{gid}", change_story),
    Endpoint("DELETE", "/api/1.0/stories/{gid}", delete_story),
    Endpoint("GET", "/api/1.0/status_updates", list_updates),
    Endpoint("POST", "/api/1.0/status_updates", add_update),
    Endpoint("GET", "/api/1.0/status_updates/{gid}", read_update),
    Endpoint("DELETE", "/api/1.0/status_updates/{gid}", delete_update),
    Endpoint("GET", "/api/1.0/tags", list_tags),
    Endpoint("POST", "/api/1.0/tags", add_tag),
    Endpoint("GET", "/api/1.0/tags/{gid}", read_tag),
    Endpoint("GET", "/api/1.0/tags/{gid}/tasks", tag_tasks),
    Endpoint("GET", "/api/1.0/workspaces/{gid}/tags", list_tags),
    Endpoint("POST", "/api/1.0/workspaces/{gid}/tags", add_tag),
    Endpoint("GET", "/api/1.0/portfolios", list_portfolios),
    Endpoint("GET", "/api/1.0/portfolios/{gid}", read_portfolio),
    Endpoint("GET", "/api/1.0/portfolios/{gid}/items", portfolio_items),
)
