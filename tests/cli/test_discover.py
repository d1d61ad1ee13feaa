"""``syncbot mapping discover``: a mapping from a running tool, that works in place of the preset."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from syncbot import mapping
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.settings import config_text
from tests.cli.conftest import Desk


@pytest.mark.parametrize("connection", ["roadmap", "delivery", "marketing"])
def test_a_discovered_mapping_reads_the_company_as_the_preset_does(desk: Desk, connection: str) -> None:
    desk.run("sync")
    tool = {"roadmap": "trello", "delivery": "jira", "marketing": "asana"}[connection]
    desk.sandbox.clear()
    said = desk.run("mapping", "discover", "--connection", connection, "--output", f"drafts/{tool}.toml")
    assert (said.code, said.err) == (0, "")
    assert f"syncbot mapping preview --file drafts/{tool}.toml" in said.out
    assert desk.sandbox.writes() == []
    preview = desk.run("mapping", "preview", "--file", f"drafts/{tool}.toml").out
    assert re.fullmatch(
        r"All \d+ items would be read as they are now.\nThe findings would stay the same \(0\).\n", preview
    )
    (desk.folder / "drafts").rename(desk.folder / "mappings")
    assert desk.run("mapping", "check").code == 0
    assert desk.run("sync").code == 0


def test_the_mapping_goes_to_the_terminal_for_the_scopes_that_are_named(desk: Desk) -> None:
    said = desk.run("mapping", "discover", "--connection", "delivery", "--scope", "RISK")
    assert said.code == 0
    assert said.out.splitlines()[0].endswith(' items of delivery: "Risk & Fraud".')
    (desk.folder / "out.toml").write_text(said.out, encoding="utf-8")
    assert mapping.load(desk.folder / "out.toml").strict


def test_the_filter_of_the_config_holds_and_secret_work_leaves_no_trace(desk: Desk) -> None:
    out = desk.run("mapping", "discover", "--connection", "delivery").out
    assert '"Service request" (0)' in out
    desk.edit("where = \"issuetype != 'Service request'\"", "")
    assert '"Service request" (1)' in desk.run("mapping", "discover", "--connection", "delivery").out


def test_a_site_with_much_work_is_judged_by_what_changed_lately(desk: Desk) -> None:
    now = dt.datetime.now(dt.UTC)
    with Sandbox(items=400, now=now) as big:
        desk.config.write_text(config_text(big), encoding="utf-8")
        jira = big.world.jira
        old = [one for one in jira.issues.values() if one.updated < now - dt.timedelta(days=40)]
        for one in old:
            one.updated = now - dt.timedelta(days=100)
            one.labels = ["of-long-ago"]
        said = desk.run("mapping", "discover", "--connection", "delivery").out
    recent = len(jira.issues) - len(old)
    assert old
    assert recent > 100
    since = (now - dt.timedelta(days=90)).date()
    assert said.startswith('# Written by "syncbot mapping discover" from ')
    assert f"changed since {since}." in " ".join(said.replace("# ", "").split())
    assert "of-long-ago" not in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "say --connection, of roadmap, delivery, marketing"),
        (("--connection", "delivery", "--scope", "NOPE"), 'no connection reads "NOPE"'),
        (("--connection", "delivery", "--output", "config.toml"), "config.toml is there already"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(desk: Desk, arguments: tuple[str, ...], said: str) -> None:
    before = desk.config.read_bytes()
    answer = desk.run("mapping", "discover", *arguments)
    assert answer.code == 2
    assert said in answer.err
    assert answer.out == ""
    assert desk.config.read_bytes() == before


def test_a_tool_that_fails_ends_the_command_before_anything_is_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASANA_TOKEN", "expired")
    answer = desk.run("mapping", "discover", "--connection", "marketing", "--output", "asana.toml")
    assert answer.code in {2, 3}
    assert not (desk.folder / "asana.toml").exists()
    assert "expired" not in answer.err
