"""The connector for Trello: boards are scopes, cards are records, the report is a card with checklists."""

from __future__ import annotations

from syncbot.connector import Connector, Settings

TOOL = "trello"
SECRETS: tuple[str, ...] = ("key", "token")
DEFAULT_URL: str | None = "https://api.trello.com"
HISTORY = True


def connect(settings: Settings) -> Connector:
    """A connector for this connection; it sends nothing until it is asked something."""
    from connectors.trello.connector import Trello  # the SDK takes longer to load than `--help` may

    return Trello(settings)
