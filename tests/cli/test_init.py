"""``init`` from an empty folder: the config that it writes is valid, true, and enough for everything after it."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

import connectors
from syncbot import config as configs
from syncbot.sandbox.company import JIRA_USER
from tests.cli.conftest import Desk, Said


@pytest.fixture
def new(desk: Desk) -> Desk:
    """Somebody who has only an empty folder."""
    desk.config.unlink()
    return desk


def jira(desk: Desk, *more: str) -> Said:
    return desk.run("init", "--tool", "jira", "--url", desk.sandbox.jira_url, "--user", JIRA_USER, *more)


def trello(desk: Desk, *more: str) -> Said:
    return desk.run("init", "--tool", "trello", "--url", desk.sandbox.trello_url, *more)


def load(file: Path) -> configs.Config:
    return configs.load(file, os.environ, tools=connectors.ALL)


def test_two_calls_make_a_config_with_which_everything_else_works(new: Desk) -> None:
    first = jira(new, "--scope", "PAY", "--scope", "RISK")
    assert first.code == 0
    assert "Signed in" in first.out
    assert trello(new, "--scope", "*").code == 0
    assert new.sandbox.writes() == []

    config = load(new.config)
    assert config.timezone == "Europe/London"
    assert {name: (one.side, one.scopes) for name, one in config.connections.items()} == {
        "delivery": ("project", ("PAY", "RISK")),
        "roadmap": ("product", ("Product roadmap",)),
    }
    assert [(one.connection, one.scope, one.issue_type, one.list) for one in config.reports] == [
        ("delivery", "PAY", "Task", None),
        ("roadmap", "Product roadmap", None, "Reports"),
    ]
    for command in (("doctor",), ("pull",), ("mapping", "check"), ("doctor",), ("check",), ("sync",)):
        assert new.run(*command).code == 0, command
    assert new.sandbox.writes() == []

    written = new.run("sync", "--apply")
    assert written.code == 0
    assert written.out.count(" created: ") == 2
    assert "feature-without" not in written.out, "twins are recognised, since each connection has its side"
    new.sandbox.clear()
    again = new.run("sync", "--apply")
    assert again.code == 0
    assert "nothing to write" in again.out
    assert new.sandbox.writes() == []


def test_what_stands_in_comments_is_valid_where_it_says_that_it_belongs(new: Desk) -> None:
    jira(new, "--scope", "*")
    trello(new, "--scope", "*")
    text = new.config.read_text(encoding="utf-8")
    assert text.count("may be [people.") == 3
    for line in text.splitlines():
        if line.startswith(("# may_show", "# accounts")):
            assert tomllib.loads(line.removeprefix("# "))
    shown = text.replace('# may_show = ["roadmap", "delivery"]', 'may_show = ["roadmap", "delivery"]')
    new.config.write_text(shown, encoding="utf-8")
    assert load(new.config).reports[1].may_show == ("roadmap", "delivery")


def test_the_doctor_names_people_who_may_be_one_with_a_line_that_joins_them(new: Desk) -> None:
    jira(new, "--scope", "*")
    trello(new, "--scope", "*")
    assert "nobody is known yet: run 'syncbot sync' first" in new.run("doctor").out
    new.run("sync")
    said = new.run("doctor").out
    assert "Ada Park on delivery and roadmap counts as 2 people" in said
    lines = [line.strip() for line in said.splitlines()]
    paste = lines[lines.index("[people.ada]  # which is there already") + 1]
    own = next(line for line in new.config.read_text(encoding="utf-8").splitlines() if line.startswith("accounts"))
    new.edit(own, paste)
    new.run("sync")
    assert "Ada Park on" not in new.run("doctor").out


def test_a_second_connection_leaves_what_the_admin_wrote(new: Desk) -> None:
    jira(new, "--scope", "PAY")
    new.add("# mine\n[teams.payments]\nmembers = ['bo']")
    before = new.config.read_text(encoding="utf-8")
    trello(new, "--scope", "*", "--name", "the plan")
    assert new.config.read_text(encoding="utf-8").startswith(before.rstrip())
    assert load(new.config).connections["the plan"].tool == "trello"


def test_the_scopes_keep_the_order_in_which_they_were_named(new: Desk) -> None:
    jira(new, "--scope", "RISK", "--scope", "*")
    assert load(new.config).connections["delivery"].scopes == ("RISK", "PAY")
    assert load(new.config).reports[0].scope == "RISK"


def test_a_board_without_a_list_for_reports_gets_its_report_as_a_comment(new: Desk) -> None:
    lists = new.sandbox.world.trello.lists.values()
    next(one for one in lists if one.name == "Reports").name = "Minutes"
    said = trello(new, "--scope", "*")
    assert "There is no list for its report yet" in said.out
    text = new.config.read_text(encoding="utf-8")
    assert '"Ideas", "Next", "Now", "Done", "Minutes"' in text
    assert load(new.config).reports == ()
    start = text.index("# [[reports]]")
    lines = [line.removeprefix("# ") for line in text[start:].splitlines()]
    new.config.write_text(text[:start] + "\n".join(lines).replace('"Reports"', '"Now"'), encoding="utf-8")
    assert load(new.config).reports[0].list == "Now"


def test_the_list_can_be_named(new: Desk) -> None:
    refused = trello(new, "--scope", "*", "--list", "Nowhere")
    assert refused.code == 2
    assert 'no board has an open list "Nowhere"; Product roadmap has Ideas, Next, Now, Done, Reports' in refused.err
    assert not new.config.exists()
    assert trello(new, "--scope", "*", "--list", "now").code == 0
    assert load(new.config).reports[0].list == "Now"


def test_a_public_board_says_what_its_report_needs(new: Desk) -> None:
    board = next(iter(new.sandbox.world.trello.boards.values()))
    board.permission = "public"
    trello(new, "--scope", "*")
    assert "everyone who can see Product roadmap, outsiders too" in new.config.read_text(encoding="utf-8")
    doctor = new.run("doctor")
    assert "is not written: Product roadmap can be read by outsiders" in doctor.out
    new.edit("# public   = true", "public   = true")
    assert load(new.config).reports[0].public


def test_names_of_strangers_are_data_in_the_config_and_no_syntax(new: Desk) -> None:
    board = next(iter(new.sandbox.world.trello.boards.values()))
    board.name = 'Plan "A" # \\ \N{RIGHT-TO-LEFT OVERRIDE}[x] * \x7f'
    assert trello(new, "--scope", "*").code == 0
    assert load(new.config).connections["roadmap"].scopes == (board.id,), "a star in a name would be a wildcard"
    board.name = 'Plan "A" # \\ [x]\x7f'
    new.config.unlink()
    assert trello(new, "--scope", "*").code == 0
    assert load(new.config).connections["roadmap"].scopes == (board.name,)
    assert new.run("doctor").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "say --tool"),
        (("--tool", "jira"), "say --url"),
        (("--tool", "jira", "--url", "example.atlassian.net"), "--url must be a URL"),
        (("--tool", "jira", "--url", "https://example.atlassian.net"), "say --user"),
        (("--tool", "trello", "--token", "a literal secret"), "--token takes a reference"),
        (("--tool", "trello", "--token", "env:NOT_THERE"), "export NOT_THERE=... first"),
        (("--tool", "trello", "--token", "file:nowhere"), "the file nowhere, which cannot be read"),
    ],
)
def test_what_is_missing_is_said_where_nobody_can_be_asked(new: Desk, arguments: tuple[str, ...], said: str) -> None:
    answer = new.run("init", *arguments)
    assert answer.code == 2
    assert said in answer.err
    assert "a literal secret" not in answer.err
    assert new.sandbox.requests == []


def test_a_wrong_token_says_what_to_check_and_writes_nothing(new: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRA_TOKEN", "a-wrong-one")
    said = jira(new, "--scope", "*")
    assert said.code == 2
    assert "env:JIRA_TOKEN" in said.err
    assert "a-wrong-one" not in said.err
    assert not new.config.exists()


def test_a_scope_that_is_not_there_is_named_with_those_that_are(new: Desk) -> None:
    said = jira(new, "--scope", "NOPE")
    assert said.code == 2
    assert '"NOPE" is not there, or not visible. This account sees PAY (Payments), RISK (Risk & Fraud)' in said.err
    listed = jira(new)
    assert listed.code == 2
    assert "--scope" in listed.err
    assert "Payments" in listed.out


def test_a_connection_that_is_there_already_is_refused(new: Desk) -> None:
    trello(new, "--scope", "*")
    before = new.config.read_bytes()
    assert 'has a connection "roadmap" already' in trello(new, "--scope", "*").err
    second = trello(new, "--scope", "*", "--name", "second")
    assert second.code == 2
    assert 'reads "Product roadmap"' in second.err
    assert new.config.read_bytes() == before
    assert [path.name for path in new.folder.iterdir() if path.name.startswith(".")] == []
