"""``syncbot sandbox`` as a process: what it says once it is stopped."""

from __future__ import annotations

import signal

import httpx
import pytest

from tests.cli.conftest import Desk


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_says_which_faults_fell_where_however_it_is_stopped(desk: Desk, stop: signal.Signals) -> None:
    (desk.folder / "plan.toml").write_text('[[faults]]\nkind = "503"\nchance = 1\n', encoding="utf-8")
    served = desk.start("sandbox", "--port", "0", "--faults", "plan.toml", PYTHONUNBUFFERED="1")
    try:
        assert served.stdout
        lines = iter(served.stdout.readline, "")
        jira = next(line.split()[1] for line in lines if line.startswith("  Jira "))
        assert any("--name datacenter" in line for line in lines), "it is up"
        assert httpx.get(f"{jira}/rest/api/3/myself", timeout=30).status_code == 503
    finally:
        served.send_signal(stop)
        said, complaints = served.communicate(timeout=30)
    assert "     1  503        jira    GET /rest/api/3/myself" in said.splitlines()
    assert (served.returncode, complaints) == (0, "")
