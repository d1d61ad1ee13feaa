"""Asana's REST API over the world's projects."""

from syncbot.sandbox.asana import projects, tasks
from syncbot.sandbox.asana.access import check, refusal
from syncbot.sandbox.http import Answer, Tool

_NOWHERE = refusal(404, "No matching route for request")

TOOL = Tool("asana", check, (*projects.ENDPOINTS, *tasks.ENDPOINTS), Answer(_NOWHERE.body, _NOWHERE.status))
