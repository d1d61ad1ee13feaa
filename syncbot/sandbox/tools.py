"""The tools that the sandbox serves: the only registry."""

from syncbot.sandbox.asana import TOOL as ASANA
from syncbot.sandbox.http import Tool
from syncbot.sandbox.jira import TOOL as JIRA
from syncbot.sandbox.trello import TOOL as TRELLO

TOOLS: tuple[Tool, ...] = (JIRA, TRELLO, ASANA)
