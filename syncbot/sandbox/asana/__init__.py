"""Asana's REST API over the world's projects."""

from syncbot.sandbox.asana import batch, events, goals, members, places, projects, talk, tasks
from syncbot.sandbox.asana.access import check, refusal
from syncbot.sandbox.http import Answer, Tool

_NOWHERE = refusal(404, "No matching route for request")
_ENDPOINTS = (
    *projects.ENDPOINTS,
    *members.ENDPOINTS,
    *goals.ENDPOINTS,
    *tasks.ENDPOINTS,
    *places.ENDPOINTS,
    *talk.ENDPOINTS,
    *events.ENDPOINTS,
)

TOOL = Tool("asana", check, (*_ENDPOINTS, batch.serve(_ENDPOINTS)), Answer(_NOWHERE.body, _NOWHERE.status))
