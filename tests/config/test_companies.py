"""Three companies' configs, as their admins would write them."""

from __future__ import annotations

import shutil

import pytest

from syncbot import config
from syncbot.config import ScopeSetting
from syncbot.model import KnownPerson, Report, RuleSetting, Team
from tests.config.helpers import COMPANIES, ENV, TOOLS, short


def load(company: str) -> config.Config:
    return config.load(COMPANIES / company / "config.toml", ENV, tools=TOOLS)


def test_a_startup_with_one_board():
    found = load("startup")

    board = found.connections["board"]
    assert (board.tool, board.url, board.mapping, board.writes) == (
        "trello",
        "https://api.trello.com",
        "trello",
        "plan",
    )
    assert board.scopes == ("Everything",)
    assert found.people == (
        KnownPerson(
            key="sam",
            email="sam@example.com",
            accounts={"board": "sam"},
            weekly_minutes=1800,
            roles=("product", "project"),
        ),
    )
    assert found.teams == (
        Team(
            key="all",
            members=("sam",),
            boards=("board/Everything",),
            capacity={"points": 12},
            sprints_first="2026-11-02",
            sprints_weeks=2,
        ),
    )
    assert found.reports == (Report(connection="board", scope="Everything", list="Admin"),)
    assert config.mapping_file(found, "trello") == COMPANIES / "startup" / "mappings" / "trello.toml"
    assert config.mapping_file(found, "jira") is None
    assert found.notes == ()


def test_a_mid_size_company_with_three_tools():
    found = load("midsize")

    assert list(found.connections) == ["roadmap", "delivery", "marketing"]
    assert {name: connection.writes for name, connection in found.connections.items()} == {
        "roadmap": "apply",
        "delivery": "plan",
        "marketing": "never",
    }
    assert found.connections["delivery"].overrides == {
        "RISK": ScopeSetting(team="risk", where="issuetype != 'Service request'")
    }
    ada = found.people[0]
    assert (ada.weekly_minutes, ada.region, ada.away) == (1920, "GB-ENG", (("2026-12-21", "2027-01-04"),))
    assert [report.may_show for report in found.reports] == [("roadmap", "delivery/PAY"), ()]
    assert [report.side for report in found.reports] == ["product", "project"]


def test_the_connector_gets_the_secrets_and_does_not_show_them():
    found = load("midsize")

    settings = config.settings(found, found.connections["delivery"], ENV)

    assert settings.secrets == {"token": "jira-s3cret"}
    assert settings.user == "bot@example.com"
    assert "s3cret" not in repr(settings)
    assert "s3cret" not in repr(found)


def test_user_and_proxy_may_stand_elsewhere_too(tmp_path):
    text = (COMPANIES / "midsize" / "config.toml").read_text(encoding="utf-8")
    text = text.replace('"bot@example.com"', '"env:BOT"\nproxy = "file:proxy"')
    (tmp_path / "proxy").write_text("http://user:pw@proxy.example.com", encoding="utf-8")
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    env = {**ENV, "BOT": "bot@example.com"}

    found = config.load(tmp_path / "config.toml", env, tools=TOOLS)

    settings = config.settings(found, found.connections["delivery"], env)
    assert (settings.user, settings.proxy) == ("bot@example.com", "http://user:pw@proxy.example.com")
    assert config.settings(found, found.connections["roadmap"], env).proxy is None


def test_an_enterprise_behind_a_proxy(tmp_path):
    text = (COMPANIES / "enterprise" / "config.toml").read_text(encoding="utf-8")
    for name, path in {
        "jira": "/run/secrets/jira",
        "corp.pem": "/etc/ssl/corp.pem",
    }.items():
        assert path in text
        (tmp_path / name).write_text("dc-s3cret\n", encoding="utf-8")
        text = text.replace(path, (tmp_path / name).as_posix())
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    shutil.copy(COMPANIES / "enterprise" / "people.csv", tmp_path)

    found = config.load(file, ENV, tools=TOOLS)

    settings = config.settings(found, found.connections["dc"], ENV)
    assert settings.secrets == {"token": "dc-s3cret"}
    assert settings.user is None
    assert (settings.ca, settings.proxy) == (str(tmp_path / "corp.pem"), "http://proxy.example.corp:3128")
    assert found.connections["dc"].since == "2025-01-01"
    assert found.rules == (
        RuleSetting(
            rule="work-without-feature",
            enabled=False,
            inside={"dc/PAY*": RuleSetting(rule="work-without-feature", enabled=True)},
        ),
    )
    assert found.directory is not None
    assert [(one.name, one.timezone, one.accounts.get("dc")) for one in found.people] == [
        ("Ines Weber", "Europe/Berlin", "iweber"),
        ("Tomás Río", "America/Sao_Paulo", None),
        ("Yuki Mori", "Asia/Tokyo", "ymori"),
    ]
    assert found.directory.teams == {"dc": "Team"}
    assert config.store_url(found, ENV) == ENV["SYNCBOT_STORE"]
    assert [note.key for note in found.notes] == ["Cost centre"]


def test_what_is_missing_around_the_enterprise_is_named_at_once():
    _, mistakes = config.read(COMPANIES / "enterprise" / "config.toml", {}, tools=TOOLS)

    unread = "which cannot be read: No such file or directory."
    assert short(mistakes) == [
        "2: syncbot.store: leads to the environment variable SYNCBOT_STORE, which is not set.",
        f"8: connections.dc.token: leads to the file /run/secrets/jira, {unread}",
        "11: connections.dc.ca: is not a file.",
    ]


@pytest.mark.parametrize("company", ["startup", "midsize", "enterprise"])
def test_commands_that_stay_in_the_store_need_no_secrets_of_tools(company):
    _, mistakes = config.read(
        COMPANIES / company / "config.toml",
        {"SYNCBOT_STORE": "sqlite:///x.db"},
        tools=TOOLS,
        need_secrets=False,
    )

    assert mistakes == []
