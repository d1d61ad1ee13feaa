"""A small Jira site, and a connector that is signed in to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.jira.connector import Jira
from syncbot.sandbox.server import Sandbox
from tests.connectors.jira.site import connector, site


@pytest.fixture
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """With as many issues as the module's ISSUES says."""
    with site(issues=getattr(request.module, "ISSUES", 5)) as sandbox:
        yield sandbox


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three pages of what is one batch else."""
    monkeypatch.setattr("connectors.jira.search.TOGETHER", 100)


@pytest.fixture
def jira(sandbox: Sandbox) -> Iterator[Jira]:
    jira = connector(sandbox)
    yield jira
    jira.close()
