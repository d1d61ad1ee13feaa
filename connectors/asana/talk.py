"""What people say to a report: the comments on its task, all of them at first, then those that its events name."""

from __future__ import annotations

from connectors.asana.api import Api
from connectors.asana.wire import Event, One, Story
from syncbot.connector import Answer, Answers
from syncbot.errors import Broken, Missing, ToolError

_FIELDS = "type,text,created_at,created_by"


def answers(api: Api, task: str, cursor: str | None) -> Answers:
    """The comments since a sync token, which is the cursor; all, where it is too old.

    Asana tells events at most once: one that is lost is made up for by reading without a cursor now and then.
    """
    events, good, _ = api.events(task, cursor)
    if not good:
        token = events.sync  # of before the reading, so that nothing falls between
        path = f"/tasks/{task}/stories"
        stories = [story for page in api.all(path, Story, opt_fields=_FIELDS) for story in page]
        return Answers(_said(stories), token)
    told, seen = _named(events.data), {cursor}
    while events.has_more:
        if events.sync in seen:
            raise Broken(f"{api.name}: Asana's events of the task {task} go round in a circle; read next time.")
        seen.add(events.sync)
        events, good, _ = api.events(task, events.sync)
        told |= _named(events.data)
    found = []
    for one in api.batch([f"/stories/{gid}" for gid in told], One[Story], fields=_FIELDS.split(",")):
        if isinstance(one, Missing):
            continue  # taken back
        if isinstance(one, ToolError):
            raise one
        found.append(one.data)
    return Answers(_said(found), events.sync)


def _named(events: list[Event]) -> dict[str, None]:
    """The stories that these events add, by gid, in their order."""
    resources = (event.resource for event in events if event.action == "added")
    return {one.gid: None for one in resources if one is not None and one.resource_type == "story"}


def _said(stories: list[Story]) -> tuple[Answer, ...]:
    return tuple(
        Answer(story.gid, story.created_by.gid, story.created_at, story.text or "")
        for story in stories
        if story.type == "comment" and story.created_by and story.created_at
    )
