"""Every connector can read records again by their ids: as a pull would, in few requests, none left out in silence."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import connectors
from syncbot import config as configs
from syncbot.connector import Connector, Want
from syncbot.errors import ToolError
from syncbot.model import Record
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.settings import ENVIRONMENT, config_text
from tests.pipeline.test_datacenter import on_data_center

SITES = {"cloud": "delivery", "data center": "delivery", "trello": "roadmap", "asana": "marketing"}

A_REQUEST = {"cloud": 100, "data center": 100, "trello": 10, "asana": 10}
"""How many records one request gives."""


class Site:
    """A connection of the company, read once."""

    def __init__(self, sandbox: Sandbox, name: str, folder: Path) -> None:
        file = folder / "config.toml"
        file.write_text(on_data_center(sandbox) if name == "data center" else config_text(sandbox), encoding="utf-8")
        config = configs.load(file, ENVIRONMENT, tools=connectors.ALL)
        setting = config.connections[SITES[name]]
        told = msgspec.structs.replace(configs.settings(config, setting, ENVIRONMENT), patience=0)
        self.sandbox, self.name = sandbox, name
        self.connector: Connector = connectors.ALL[setting.tool].connect(told)
        scopes = configs.choose(config, setting, self.connector.scopes()).scopes
        self.fields = frozenset(field.id for field in self.connector.describe(scopes).fields)
        self.records: dict[str, Record] = {}
        self.ids: defaultdict[str, list[str]] = defaultdict(list)
        cursors: dict[str, str | None] = {}
        for page in self.connector.pull([Want(scope) for scope in scopes], self.fields):
            cursors[page.scope] = page.cursor or cursors.get(page.scope)
            for record in page.records:
                self.records[record.remote_id] = record
                self.ids[page.scope].append(record.remote_id)
        self.wants = [Want(scope, cursors[scope.remote_id]) for scope in scopes]
        sandbox.clear()

    def again(self) -> dict[str, Record]:
        found = self.connector.again(self.wants, self.ids, self.fields)
        return {record.remote_id: record for record in found}

    def lose(self) -> str:
        """Delete something at the tool for good, to which nothing else points."""
        pointed = {one.target for record in self.records.values() for one in record.references}
        alone = [key for key, record in self.records.items() if not {key, record.ref} & pointed]
        world, lost = self.sandbox.world, max(alone)
        world.trello.cards.pop(lost, None)
        world.asana.tasks.pop(lost, None)
        for key in [key for key, issue in world.jira.issues.items() if issue.id == lost]:
            del world.jira.issues[key]
        return lost


@pytest.fixture(params=SITES)
def site(request: pytest.FixtureRequest, sandbox: Sandbox, tmp_path: Path) -> Iterator[Site]:
    made = Site(sandbox, request.param, tmp_path)
    yield made
    made.connector.close()


def test_what_is_read_again_is_what_was_read(site: Site) -> None:
    assert site.again() == site.records
    a_request = A_REQUEST[site.name]
    assert len(site.sandbox.requests) <= math.ceil(len(site.records) / a_request) + len(site.ids) + 1


def test_what_is_gone_is_left_out_and_nothing_else(site: Site) -> None:
    lost = site.lose()
    assert site.again() == {key: record for key, record in site.records.items() if key != lost}


def test_what_is_in_no_scope_that_is_read_is_left_out(site: Site) -> None:
    site.wants = site.wants[1:]
    kept = {want.scope.remote_id for want in site.wants}
    assert {record.places[0].scope for record in site.again().values()} <= kept


def test_a_tool_that_does_not_answer_is_an_error(site: Site) -> None:
    for tool in ("jira", "dc", "trello", "asana"):
        site.sandbox.fault(tool, ".*", times=None, status=403)
    with pytest.raises(ToolError):
        site.again()
