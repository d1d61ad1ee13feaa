"""A small Jira site, and a connector that is signed in to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.jira.connector import Jira
from syncbot.sandbox.server import Sandbox
from tests.connectors.jira.site import connector, site


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with site() as sandbox:
        yield sandbox


@pytest.fixture
def jira(sandbox: Sandbox) -> Iterator[Jira]:
    jira = connector(sandbox)
    yield jira
    jira.close()
