"""The sites as a fixture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncbot.sandbox.server import Sandbox
from tests.connectors.acceptance.sites import SITES, Site


@pytest.fixture(params=SITES)
def site(request: pytest.FixtureRequest, sandbox: Sandbox, tmp_path: Path) -> Iterator[Site]:
    """Each kind of site in turn."""
    made = Site(sandbox, request.param, tmp_path)
    yield made
    made.connector.close()
