"""The tools that the sandbox serves: the only registry."""

from syncbot.sandbox.asana import TOOL as ASANA
from syncbot.sandbox.datacenter import TOOL as DATA_CENTER
from syncbot.sandbox.http import Tool
from syncbot.sandbox.jira import TOOL as JIRA
from syncbot.sandbox.trello import TOOL as TRELLO

TOOLS: tuple[Tool, ...] = (JIRA, DATA_CENTER, TRELLO, ASANA)
