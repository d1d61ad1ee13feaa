"""The connector for Asana: projects are scopes, tasks are records, the report is a task with rich text.

The news of an edition are a project status update.
"""

from __future__ import annotations

from syncbot.connector import Connector, Settings

TOOL = "asana"
SECRETS: tuple[str, ...] = ("token",)
DEFAULT_URL: str | None = "https://app.asana.com"
HISTORY = True


def connect(settings: Settings) -> Connector:
    """A connector for this connection; it sends nothing until it is asked something."""
    from connectors.asana.connector import Asana  # the SDK takes longer to load than `--help` may

    return Asana(settings)
