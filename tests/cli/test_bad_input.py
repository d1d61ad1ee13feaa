"""Bad input gets a clear answer, all of it at once, and nothing is lost."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import connectors
from connectors.trello.connector import Trello
from syncbot.connector import Page, Settings, Written
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.settings import ENVIRONMENT
from tests.cli.conftest import Desk

DOWN = {"status": 503, "headers": {"Retry-After": "3600"}}
"""A tool that says that it will be away for longer than a run waits."""


def items(desk: Desk, where: str = "true") -> int:
    said = desk.run("db", "sql", "--format", "json", f"select count(*) as n from items where {where}")
    return int(json.loads(said.out)[0]["n"])


def test_who_is_not_let_in_is_told_where_the_credentials_come_from(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRELLO_TOKEN", "expired")
    monkeypatch.setenv("JIRA_TOKEN", "mistyped")
    for command in (("sync", "-q"), ("pull",), ("publish",), ("doctor",)):
        said = desk.run(*command)
        assert said.code == 3, command
        for names in ("env:TRELLO_KEY, env:TRELLO_TOKEN.", "env:JIRA_TOKEN."):
            assert f"The config has them from {names}" in said.out + said.err, command
        assert "expired" not in said.out + said.err
        assert "mistyped" not in said.out + said.err


def test_all_mistakes_of_all_files_at_once_and_no_traffic(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRELLO_TOKEN")
    desk.edit("[syncbot]", "[syncbto]\n[syncbot]\nwritse = 'plan'\nrule_folders = ['own']")
    desk.edit("weekly_hours = 32", 'weekly_hours = "many"')
    desk.add("[rules.feature-without-ownr]\nenabled = false\n[rules.mine]\nenabled = true")
    desk.add(f"[connections.again]\ntool = 'jira'\nurl = '{desk.sandbox.jira_url}'\nuser = 'x'")
    desk.add("token = 'env:JIRA_TOKEN'\nscopes = ['PAY']")
    (desk.folder / "own").mkdir()
    (desk.folder / "own" / "mine.sql").write_text("select nonsense", encoding="utf-8")
    own = desk.folder / "mappings" / "jira.toml"
    own.parent.mkdir()
    own.write_text("version = 1\n[feilds]\nowner = 'Assignee'\n", encoding="utf-8")
    for command in ("sync", "pull", "publish", "doctor", "check", "report"):
        said = desk.run(command)
        assert said.code == 2, command
        assert said.out == ""
        told = said.err
        assert f'config.toml:{desk.line("syncbto")}: syncbto: is not a known key. Did you mean "syncbot"?' in told
        assert f"config.toml:{desk.line('writse')}: syncbot.writse" in told
        assert f"config.toml:{desk.line('weekly_hours')}: people.ada.weekly_hours: must be a number, not text." in told
        assert f"config.toml:{desk.line('without-ownr')}: rules.feature-without-ownr" in told
        assert 'reads "PAY"' in told
        assert '  mappings/jira.toml:2: feilds: is not a known key. Did you mean "fields"?' in told
        assert "  own/mine.sql:1: " in told
        assert "rules.mine" not in told, "a rule with a mistake of its own is told once"
        needs_secrets = command not in {"check", "report"}
        assert ("the environment variable TRELLO_TOKEN, which is not set" in told) == needs_secrets
        assert told.startswith(f"{len(told.splitlines()) - 1} mistakes to correct:")
    assert desk.sandbox.requests == []
    assert not (desk.folder / "syncbot.db").exists()


def test_a_config_that_is_not_there_or_no_toml(desk: Desk) -> None:
    said = desk.run("sync", "--config", "nowhere.toml")
    assert said.code == 2
    assert '"syncbot init" writes one' in said.err
    desk.add("[[")
    said = desk.run("sync")
    assert said.code == 2
    assert "is not TOML" in said.err


def test_a_config_that_was_emptied_is_no_config_of_nothing(desk: Desk) -> None:
    desk.sandbox.apply("owner-leaves")
    desk.run("sync", "--apply", "-q")
    good = desk.config.read_text(encoding="utf-8")
    before = desk.run("db", "sql", "select rule, state from findings").out
    desk.sandbox.clear()
    desk.config.write_text("", encoding="utf-8")
    for command in (["sync", "--apply"], ["pull"], ["publish"], ["check"], ["report"], ["doctor"], ["daemon"]):
        said = desk.run(*command)
        assert (said.code, said.out) == (2, ""), command
        assert "config.toml:1: connections: there is no connection" in said.err
    assert desk.sandbox.requests == []
    desk.config.write_text(good, encoding="utf-8")
    assert desk.run("db", "sql", "select rule, state from findings").out == before


def test_a_mapping_means_the_preset_of_that_name(desk: Desk) -> None:
    desk.edit('scopes = ["PAY", "RISK"]', 'scopes = ["PAY", "RISK"]\nmapping = "basecamp"')
    said = desk.run("sync")
    assert said.code == 2
    line = desk.line('mapping = "basecamp"')
    assert f"config.toml:{line}: connections.delivery.mapping: is no file of mappings/ and no preset." in said.err
    assert "Known: asana, jira, trello." in said.err
    desk.edit('mapping = "basecamp"', 'mapping = "trello"')
    assert desk.run("pull", "--connection", "delivery").code == 0, "a preset is found by its own name"


def test_what_is_not_read_is_a_note_and_stops_nothing(desk: Desk) -> None:
    (desk.folder / "people.csv").write_text("name,email,shoes\nIda Poe,ida@payments.example,39\n", encoding="utf-8")
    desk.add('[directory]\npeople = "people.csv"')
    said = desk.run("sync")
    assert said.code == 0
    assert said.err.count("is a column that is not read.") == 1
    assert "is a column that is not read" in " ".join(desk.run("doctor").out.split())
    assert "is not read" not in desk.run("sync", "-q").err


def test_a_wrong_token_names_the_connection_and_what_to_check_and_the_others_go_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.run("pull")
    before = items(desk, "connection = 'roadmap'")
    monkeypatch.setenv("TRELLO_TOKEN", "not-the-token-at-all")
    desk.sandbox.apply("work-abandoned")
    said = desk.run("sync")
    assert said.code == 3
    assert "roadmap" in said.err
    assert "check" in said.err.casefold()
    assert "token" in said.err
    assert "delivery: 1 changed" in said.err
    assert "work-without-assignee" in said.out, "what was read of the other connection is checked"
    assert items(desk, "connection = 'roadmap'") == before
    assert "delivery, Payments: create" in said.out
    assert "not-the-token-at-all" not in said.out + said.err


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            '["PAY", "RISK"]',
            '["PAY", "RISKY"]',
            'scopes[2]: "RISKY" is not there, or not visible. Did you mean "RISK"?',
        ),
        ('["Product roadmap"]', '["Nothing"]', "It sees RoAdMaP1 (Product roadmap)."),
        ('scope."RISK"', 'scope."RUSK"', "is the scope of nothing that this connection reads."),
        ('scope      = "PAY"', 'scope      = "PYA"', 'reports[2].scope: "PYA" is not there, or not visible.'),
    ],
)
def test_a_scope_that_does_not_exist_is_named_with_what_does(desk: Desk, old: str, new: str, told: str) -> None:
    desk.edit(old, new)
    said = desk.run("sync")
    assert said.code == 2
    assert told in said.err
    assert f"config.toml:{desk.line(new)}: " in said.err
    assert desk.run("doctor").code == 2


def test_a_list_that_does_not_exist_is_named_with_those_that_do(desk: Desk) -> None:
    desk.edit('list       = "Reports"', 'list       = "Nowhere"')
    said = desk.run("sync", "--apply")
    assert said.code == 3
    assert 'has no list "Nowhere"; it has "Ideas", "Next", "Now", "Done", "Reports"' in said.err
    assert "created: " in said.out, "the other report is written"


def test_a_field_that_does_not_exist_is_named_with_those_that_do(desk: Desk) -> None:
    own = desk.folder / "mappings" / "jira.toml"
    own.parent.mkdir()
    own.write_text('version = 1\n[fields]\nowner = "Assignee"\npoints = "Story Pionts"\n', encoding="utf-8")
    said = desk.run("sync")
    assert said.code == 2
    assert "jira.toml:4: fields.points" in said.err
    assert 'Did you mean "Story Points"?' in said.err
    assert "roadmap: 14 new" in said.err, "the other connection is read"
    assert items(desk, "connection = 'delivery'") == 0, "read with a wrong mapping, data would mislead"
    assert desk.run("mapping", "check").code == 2
    assert desk.run("doctor").code == 2


def test_a_tool_that_is_down_leaves_old_data_and_rules_that_cannot_tell(desk: Desk) -> None:
    desk.run("sync")
    before = items(desk)
    desk.edit('token  = "env:JIRA_TOKEN"', 'token  = "env:JIRA_TOKEN"\npromise = "1m"')
    desk.sandbox.fault("jira", ".*", times=None, **DOWN)
    old = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    _age(desk, old)
    said = desk.run("sync")
    assert said.code == 3
    assert "delivery, Payments, Risk & Fraud: " in said.err
    assert "delivery: nothing new" not in said.err
    assert "What was read before is kept" in said.err
    assert items(desk) == before
    assert "Could not be checked" in said.out
    assert "source-stale" in said.out
    desk.sandbox.clear()
    again = desk.run("sync")
    assert again.code == 0
    assert "Could not be checked" not in again.out
    assert "source-stale" not in again.out.partition("Resolved")[0]
    assert items(desk) == before


def test_a_connector_with_a_mistake_of_ours_ends_with_a_log_and_the_rest_is_done(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk.run("sync")
    monkeypatch.setitem(connectors.ALL, "trello", Careless)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    said = desk.run("sync")
    assert said.code == 4
    assert "roadmap, Product roadmap: syncbot made a mistake while reading it (KeyError)." in said.err
    assert "delivery: " in said.err
    (log,) = tmp_path.glob("*.log")
    assert str(log) in said.err.replace("\n", "")
    assert "KeyError: '***'" in log.read_text(encoding="utf-8")


def test_a_connector_with_a_mistake_of_ours_while_it_writes_ends_with_a_log_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(_Careless, "pull", Trello.pull)
    monkeypatch.setitem(connectors.ALL, "trello", Careless)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    said = desk.run("sync", "--apply")
    assert said.code == 4
    assert "was not written: roadmap: syncbot made a mistake while writing to it" in said.err.replace("\n", " ")
    assert "delivery, Payments: “Alignment report” created" in said.out
    (log,) = tmp_path.glob("*.log")
    assert "KeyError: '***'" in log.read_text(encoding="utf-8")


class Careless:
    """What the author of a connector may get wrong."""

    TOOL, SECRETS, DEFAULT_URL = "trello", ("key", "token"), None

    @staticmethod
    def connect(settings: Settings) -> Trello:
        return _Careless(settings)


class _Careless(Trello):
    def pull(self, *_: object) -> Iterator[Page]:
        raise KeyError(ENVIRONMENT["TRELLO_TOKEN"])

    def apply(self, *_: object) -> Written:
        raise KeyError(ENVIRONMENT["TRELLO_TOKEN"])


def _age(desk: Desk, at: dt.datetime) -> None:
    """Let everything that was read have been read at that time: the clock of a command is the real one."""
    instant = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    with sqlite3.connect(desk.folder / "syncbot.db") as db:
        db.execute("update scope set complete_at = ?, read_at = ?", (instant, instant))


def test_killed_in_the_middle_the_next_run_goes_on_from_the_last_stored_page(desk: Desk, tmp_path: Path) -> None:
    with Sandbox(now=dt.datetime.now(dt.UTC), items=1500) as large:
        other = Desk(large, tmp_path, desk._capsys)
        other.edit('["PAY", "RISK"]', '["PAY"]\nconcurrency = 1')
        other.edit(
            '[connections.delivery.scope."RISK"]\nteam  = "risk"\nwhere = "issuetype != \'Service request\'"', ""
        )
        large.latency = 0.25
        killed = other.start("pull", "--connection", "delivery")
        deadline = time.monotonic() + 60
        while _stored(other) == 0 and time.monotonic() < deadline:
            time.sleep(0.02)
        killed.send_signal(signal.SIGKILL)
        killed.communicate(timeout=30)
        large.latency = 0
        kept = _stored(other)
        whole = sum(one.project == large.world.jira.project("PAY").id for one in large.world.jira.issues.values())
        assert 0 < kept < whole
        large.clear()
        said = other.run("pull", "--connection", "delivery")
        assert said.code == 0
        assert _stored(other) == whole
        fetched = whole - kept
        assert f"delivery: {fetched} new" in said.err


def _stored(desk: Desk) -> int:
    if not (desk.folder / "syncbot.db").exists():
        return 0
    try:
        with sqlite3.connect(desk.folder / "syncbot.db") as db:
            return int(db.execute("select count(*) from record").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def test_a_store_that_is_none_or_newer_says_so(desk: Desk) -> None:
    (desk.folder / "syncbot.db").write_text("this is no database", encoding="utf-8")
    said = desk.run("sync")
    assert said.code == 2
    assert "syncbot.db" in said.err
    shutil.rmtree(desk.folder / "nowhere", ignore_errors=True)
    desk.edit("[syncbot]", '[syncbot]\nstore = "postgresql://nobody@127.0.0.1:1/none"')
    said = desk.run("check")
    assert said.code == 2
    assert desk.sandbox.requests == []
