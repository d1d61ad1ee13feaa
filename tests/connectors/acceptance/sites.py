"""Each kind of site that a connector reads, out of the sandbox's company: what the acceptance suite ranges over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

import connectors
from syncbot import config as configs
from syncbot.connector import Connector, Page, Want
from syncbot.model import Record, Scope
from syncbot.sandbox.cruelty import Plan, Rule
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.settings import ENVIRONMENT, config_text
from tests.pipeline.test_datacenter import on_data_center

SITES = {
    "jira": ("jira", "delivery"),
    "data center": ("dc", "delivery"),
    "trello": ("trello", "roadmap"),
    "asana": ("asana", "marketing"),
}
"""Of each kind of site its tool in the sandbox and its connection in the company's config."""

SHORT = Rule(("short",), chance=1)
"""Pages of a few items, so that even a small world has many."""


HISTORY = ("[connections.delivery]\n", '[connections.delivery]\nhistory = "90d"\n')
"""In the company's config, what asks for the history of what changes in its Jira."""


def text_of(sandbox: Sandbox, site: str) -> str:
    """The company's config, with its Jira of this kind."""
    return on_data_center(sandbox) if site == "data center" else config_text(sandbox)


TELLS = [name for name, (tool, _) in SITES.items() if connectors.ALL[{"dc": "jira"}.get(tool, tool)].HISTORY]
"""The kinds of sites that tell of history."""


def with_history(sandbox: Sandbox, site: str) -> str:
    """The company's config, which asks this kind of site for its history if it tells of any."""
    head, text = f"[connections.{SITES[site][1]}]\n", text_of(sandbox, site)
    return text.replace(head, f'{head}history = "90d"\n') if site in TELLS else text


class Site:
    """A connection of the company. Its pages are short."""

    def __init__(self, sandbox: Sandbox, name: str, folder: Path) -> None:
        file = folder / "config.toml"
        file.write_text(text_of(sandbox, name), encoding="utf-8")
        config = configs.load(file, ENVIRONMENT, tools=connectors.ALL)
        self.sandbox, self.name = sandbox, name
        self.tool, connection = SITES[name]
        setting = config.connections[connection]
        told = msgspec.structs.replace(configs.settings(config, setting, ENVIRONMENT), patience=0)
        self.connector: Connector = connectors.ALL[setting.tool].connect(told)
        self.scopes: tuple[Scope, ...] = configs.choose(config, setting, self.connector.scopes()).scopes
        self.fields = frozenset(field.id for field in self.connector.describe(self.scopes).fields)
        sandbox.plan = Plan(1, [SHORT])

    def wants(self, cursors: Mapping[str, str | None] | None = None) -> list[Want]:
        """What to read: from these cursors on, else in full."""
        return [Want(scope, (cursors or {}).get(scope.remote_id)) for scope in self.scopes]

    def pages(self, cursors: Mapping[str, str | None] | None = None) -> Iterator[Page]:
        """The pages of a read as they come; one with an error raises it."""
        for page in self.connector.pull(self.wants(cursors), self.fields):
            if page.error is not None:
                raise page.error
            yield page

    def read(self, cursors: Mapping[str, str | None] | None = None) -> Reading:
        """A read to its end."""
        reading = Reading()
        for page in self.pages(cursors):
            reading.add(page)
        return reading


class Reading:
    """What pages came to: records and cursors as a store keeps them, ids by scope, and the scopes read to the end."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.records: dict[str, Record] = {}
        self.cursors: dict[str, str | None] = {}
        self.ids: defaultdict[str, list[str]] = defaultdict(list)
        self.ended: set[str] = set()

    def add(self, page: Page) -> None:
        """Store a page."""
        self.pages.append(page)
        self.cursors[page.scope] = page.cursor or self.cursors.get(page.scope)
        for record in page.records:
            self.records[record.remote_id] = record
            self.ids[page.scope].append(record.remote_id)
        if page.last:
            self.ended.add(page.scope)
