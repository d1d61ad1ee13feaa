"""Jira Cloud's platform and agile REST APIs over the world's projects."""

from syncbot.sandbox.http import Answer, Endpoint, Tool
from syncbot.sandbox.jira.access import check, server_info

TOOL = Tool(
    "jira",
    check,
    (Endpoint("GET", "/rest/api/3/serverInfo", server_info),),
    Answer({"message": "null for uri", "status-code": 404}, 404),
)
