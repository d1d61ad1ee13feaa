"""``init`` from an empty folder: the config that it writes is valid, true, and enough for everything after it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

import connectors
from syncbot import config as configs
from syncbot.sandbox.company import JIRA_USER
from syncbot.sandbox.world import TrelloList
from tests.cli.conftest import Desk, Said, typing
from tests.network import proxy, secure

CORPORATE = "jira.example.corp"


@pytest.fixture
def new(desk: Desk) -> Desk:
    """Somebody who has only an empty folder."""
    desk.config.unlink()
    return desk


def jira(desk: Desk, *more: str) -> Said:
    return desk.run("init", "--tool", "jira", "--url", desk.sandbox.jira_url, "--user", JIRA_USER, *more)


def trello(desk: Desk, *more: str) -> Said:
    return desk.run("init", "--tool", "trello", "--url", desk.sandbox.trello_url, *more)


def asana(desk: Desk, *more: str) -> Said:
    return desk.run("init", "--tool", "asana", "--url", desk.sandbox.asana_url, *more)


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


def test_asana_is_set_up_from_what_is_there_and_everything_after_it_works(new: Desk) -> None:
    said = asana(new, "--scope", "Launch wallets*", "--scope", "Launch risk*", "--list", "Doing")
    assert said.code == 0
    assert "mapping discover --connection plans" in said.out
    config = load(new.config)
    assert (config.connections["plans"].side, config.connections["plans"].tool) == ("project", "asana")
    assert [(one.connection, one.scope, one.section) for one in config.reports] == [
        ("plans", "Launch wallets 💳", "Doing")
    ]
    assert {f"{name}@payments.example" for name in ("ada", "bo", "fay", "gus")} <= {it.email for it in config.people}
    assert "# minutes is read from Estimated hours (" in new.config.read_text(encoding="utf-8")
    for command in (("doctor",), ("pull",), ("mapping", "check"), ("doctor",), ("check",), ("sync", "--plan")):
        answer = new.run(*command)
        assert (command, answer.code) == (command, 0)
    assert "Plan:" in answer.out
    assert new.sandbox.writes() == []
    assert new.run("sync", "--apply").out.count(" created: ") == 1
    new.sandbox.clear()
    assert new.run("sync", "--apply").code == 0
    assert new.sandbox.writes() == []


def secret_board(desk: Desk) -> str:
    """A second board that only its members can see; its name."""
    state = desk.sandbox.world.trello
    board = next(iter(state.boards.values()))
    secret = replace(
        board, id=state.next_id(board.active), name="Redundancies", short_link="SeCrEt01", permission="private"
    )
    state.boards[secret.id] = secret
    for name in ("Ideas", "Done"):
        one = TrelloList(state.next_id(board.active), secret.id, name, 1)
        state.lists[one.id] = one
    return secret.name


def test_titles_of_what_fewer_people_can_see_are_kept_out_of_a_report(new: Desk) -> None:
    name = secret_board(new)
    assert trello(new, "--scope", "Product*", "--scope", name).code == 0
    (report,) = load(new.config).reports
    assert report.may_show == ("roadmap/Product roadmap",)
    line = next(line for line in new.config.read_text(encoding="utf-8").splitlines() if line.startswith("may_show"))
    assert line.endswith("# not Redundancies: fewer people can see that than this report")


def test_a_report_that_is_there_is_not_offered_what_only_some_can_see(new: Desk) -> None:
    jira(new, "--scope", "PAY")
    trello(new, "--scope", "Product*", "--scope", secret_board(new))
    text = new.config.read_text(encoding="utf-8")
    assert (
        "# The report in delivery, PAY could have (not Redundancies, which only some people can see):\n"
        '# may_show = ["delivery", "roadmap/Product roadmap"]  # would show titles of roadmap, to all who can see PAY;'
    ) in text
    offered = "titles of delivery, but never what stands under a security level, to all who can see Product roadmap"
    assert f'# may_show = ["roadmap/Product roadmap", "delivery"]  # would show {offered}' in text


def test_nothing_of_a_connection_that_only_some_can_see_is_offered(new: Desk) -> None:
    jira(new, "--scope", "PAY")
    trello(new, "--scope", secret_board(new))
    text = new.config.read_text(encoding="utf-8")
    assert "# The report in delivery, PAY counts what is in roadmap and shows no titles of it" in text


def test_several_projects_say_what_the_report_of_one_shows_of_the_others(new: Desk) -> None:
    jira(new, "--scope", "PAY", "--scope", "RISK")
    text = new.config.read_text(encoding="utf-8")
    assert '# may_show = ["delivery/PAY"]  # else it shows titles of Risk & Fraud to its readers, too' in text


@pytest.fixture
def corporate(new: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Desk, list[str]]]:
    """Somebody in a network of which a proxy is the only way out, to a site with the company's own certificate."""
    asked: list[str] = []
    with ExitStack() as stack:
        secured = stack.enter_context(secure(new.folder, CORPORATE, int(new.sandbox.url.rpartition(":")[2])))
        monkeypatch.setenv("PROXY", stack.enter_context(proxy({CORPORATE: secured}, asked)))
        yield new, asked


def test_a_site_behind_a_proxy_and_a_companys_own_authority(corporate: tuple[Desk, list[str]]) -> None:
    desk, asked = corporate
    where = ("init", "--tool", "jira", "--url", f"https://{CORPORATE}/dc", "--user", "", "--scope", "PAY")
    refused = desk.run(*where, "--proxy", "env:PROXY")
    assert refused.code == 3
    assert "certificate" in refused.err
    assert not desk.config.exists()
    assert desk.run(*where, "--proxy", "env:PROXY", "--ca", "ca.pem").code == 0
    text = desk.config.read_text(encoding="utf-8")
    assert 'proxy  = "env:PROXY"' in text
    assert 'ca     = "ca.pem"' in text
    assert os.environ["PROXY"] not in text
    assert set(asked) == {f"CONNECT {CORPORATE}:443"}
    assert desk.run("doctor").code == 0
    assert desk.run("sync", "--plan").code == 0


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
        (("--tool", "trello", "--ca", "nowhere.pem"), "--ca: nowhere.pem is not a file"),
        (("--tool", "trello", "--proxy", "proxy:3128"), "--proxy must be a URL"),
        (("--tool", "trello", "--proxy", "http://me:secret@proxy"), "--proxy holds a user or password"),
        (("--tool", "trello", "--proxy", "env:NO_PROXY_HERE"), "export NO_PROXY_HERE=... first"),
    ],
)
def test_what_is_missing_is_said_where_nobody_can_be_asked(new: Desk, arguments: tuple[str, ...], said: str) -> None:
    answer = new.run("init", *arguments)
    assert answer.code == 2
    assert said in answer.err
    assert "a literal secret" not in answer.err
    assert "me:secret" not in answer.err
    assert new.sandbox.requests == []


def test_a_wrong_token_says_what_to_check_and_writes_nothing(new: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRA_TOKEN", "a-wrong-one")
    said = jira(new, "--scope", "*")
    assert said.code == 2
    assert "env:JIRA_TOKEN" in said.err
    assert "a-wrong-one" not in said.err
    assert not new.config.exists()


@pytest.mark.parametrize(
    ("tool", "path", "said"),
    [
        (
            "jira",
            "/jira/browse/PAY",
            "--url is what all its addresses begin with, such as https://example.atlassian.net",
        ),
        ("trello", "/somewhere", "Without --url it is looked for at https://api.trello.com."),
    ],
)
def test_an_address_that_is_not_the_tools_is_doubted(new: Desk, tool: str, path: str, said: str) -> None:
    url = f"{new.sandbox.url}{path}"
    doubted = new.run("init", "--tool", tool, "--url", url, "--user", JIRA_USER, "--scope", "*")
    assert doubted.code == 2
    assert f"Is {tool.title()} at {url}? {said}" in doubted.err
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


def test_a_wrong_answer_is_asked_for_again(new: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    address = new.sandbox.jira_url
    with typing(monkeypatch, f"jra\njira\nexample\n{address}\n{JIRA_USER}\nNOPE\n,\npay, RISK\n"):
        said = new.run("init")
    assert said.code == 0
    asked = said.out + said.err
    for wrong in ("'jra' is not one of", "--url must be a URL", '"NOPE" is not there', "name at least one"):
        assert asked.count(wrong) == 1
    assert load(new.config).connections["delivery"].scopes == ("PAY", "RISK")


@pytest.mark.parametrize("typed", ["", "jira\n", "trello\n"])
def test_whoever_ends_it_at_a_question_is_told_that_nothing_was_written(
    new: Desk, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    with typing(monkeypatch, typed):
        said = new.run("init", *(("--url", new.sandbox.trello_url) if typed == "trello\n" else ()))
    assert said.code == 130
    assert said.err.strip().endswith("Stopped. Nothing was written.")
    assert list(new.folder.iterdir()) == []
