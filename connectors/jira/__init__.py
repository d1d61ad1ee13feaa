"""Jira, Cloud and Data Center: issues of projects, their sprints, versions and people, and the report as an issue."""

from __future__ import annotations

from syncbot.connector import Connector, Settings

TOOL = "jira"
SECRETS: tuple[str, ...] = ("token",)
DEFAULT_URL: str | None = None
HISTORY = True


def connect(settings: Settings) -> Connector:
    """A connector for this connection; it sends nothing until it is asked something."""
    from connectors.jira.connector import Jira  # the SDK takes longer to load than `--help` may

    return Jira(settings)
