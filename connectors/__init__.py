"""The connectors, one module or package per tool, and the only registry of them."""

from connectors import asana, jira, trello
from syncbot.connector import Module

ALL: dict[str, Module] = {"asana": asana, "jira": jira, "trello": trello}
