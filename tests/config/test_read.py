"""Whatever is wrong in a config is said at once: line, key, what is wrong, and what was meant."""

from __future__ import annotations

import pytest

from syncbot import config
from syncbot.errors import ConfigErrors
from syncbot.model import Waiver
from tests.config.helpers import BOARD, ENV, TOOLS, read, write


@pytest.mark.parametrize(
    ("line", "listen"),
    [("", "127.0.0.1:9464"), ('listen = ""', None), ('listen = "[::1]:80"', "[::1]:80")],
)
def test_a_daemon_can_be_watched_at_one_address_or_none(tmp_path, line, listen):
    found, mistakes = read(tmp_path, f"[daemon]\n{line}\n")
    assert (mistakes, found.watching.listen) == ([], listen)


def test_all_mistakes_of_a_file_come_at_once(tmp_path):
    text = """\
[syncbot]
stor = "sqlite:///a.db"
timezone = "Europe/Lundon"
writes = "yes"
rule_folders = ["nowhere"]

[connections.delivery]
tool = "jirra"
url = "example.atlassian.net"
token = "ATATT3xFf-very-secret"
scopes = ["PAY"]
side = "projekt"

[connections.roadmap]
tool = "trello"
key = "env:NO_SUCH_KEY"
scopes = []
promise = "soon"

[people.ada]
weekly_hours = "32"
region = "GB-EN"
email = "ada at example.com"
accounts = { roadmapp = "ada" }
away = [{ from = 2027-02-30, to = 2027-01-04 }, { from = 2027-01-04, to = 2027-01-01 }]
roles = ["manager"]

[teams.payments]
members = ["adda"]
lead = "bob"
boards = ["deliveri/PAY board"]
capacity = { pionts = 40 }
sprints = { weeks = 2 }

[goals."Cut failed payments"]
share = 140
owner = "eve"

[rules.sprint-over-capacity]
severity = "fatal"
tolerance_percent = [10]
[rules.sprint-over-capacity.in."marketing/*"]
enabled = "no"

[[waivers]]
rule = "feature-without-owner"
until = 2027-13-31

[[reports]]
connection = "roadmapp"
may_show = ["roadmap", "delievry"]
at_least = "worst"
lst = "Reports"

[schedule]
sync = "*/15 * * *"
census = "0 25 * * *"

[keep]
runs = "0d"

[conections.x]
"""
    _, mistakes = read(tmp_path, text)

    assert mistakes == [
        '2: syncbot.stor: is not a known key. Did you mean "store"?',
        '3: syncbot.timezone: is not a time zone. Did you mean "Europe/London"?',
        "4: syncbot.writes: must be one of never, plan, apply.",
        "5: syncbot.rule_folders[1]: is not a folder.",
        "8: connections.delivery.tool: must be one of asana, jira, trello.",
        '9: connections.delivery.url: must be a URL that begins with "https://".',
        (
            "10: connections.delivery.token: must say where the secret is (env:NAME, file:/path or "
            "keyring:service/name), never hold it."
        ),
        "12: connections.delivery.side: must be one of product, project.",
        '14: connections.roadmap: needs "token" (text).',
        "16: connections.roadmap.key: leads to the environment variable NO_SUCH_KEY, which is not set.",
        '17: connections.roadmap.scopes: names nothing to read. "*" is all that the account can see.',
        '18: connections.roadmap.promise: must be a duration like "90m", "24h" or "7d".',
        "21: people.ada.weekly_hours: must be a number, not text.",
        '22: people.ada.region: is not a part of GB with known holidays. Did you mean "GB-ENG"?',
        "23: people.ada.email: is not an e-mail address.",
        '24: people.ada.accounts.roadmapp: no connection is called "roadmapp" here. Did you mean "roadmap"?',
        "25: people.ada.away[1].from: is not a date; write it like 2026-11-02.",
        '25: people.ada.away[2].to: is before "from".',
        "26: people.ada.roles[1]: must be one of product, project.",
        '29: teams.payments.members[1]: no person is called "adda" here. Did you mean "ada"?',
        '30: teams.payments.lead: no person is called "bob" here. Known: ada.',
        '31: teams.payments.boards[1]: no connection is called "deliveri" here. Did you mean "delivery"?',
        '32: teams.payments.capacity.pionts: is not a known key. Did you mean "points"?',
        '33: teams.payments.sprints: needs "first" (a date like 2026-11-02).',
        '36: goals."Cut failed payments".share: must be from 0 to 100.',
        '37: goals."Cut failed payments".owner: no person is called "eve" here. Known: ada.',
        "40: rules.sprint-over-capacity.severity: must be one of info, warning, error.",
        "41: rules.sprint-over-capacity.tolerance_percent: must be a number, text, or true or false.",
        (
            '42: rules.sprint-over-capacity.in."marketing/*": no connection is called "marketing" here. '
            "Known: delivery, roadmap."
        ),
        '43: rules.sprint-over-capacity.in."marketing/*".enabled: must be true or false, not text.',
        '45: waivers[1]: needs "reason" (text).',
        '45: waivers[1]: needs "subject" (text).',
        "47: waivers[1].until: is not a date; write it like 2026-11-02.",
        '49: reports[1]: needs "scope" (text).',
        '50: reports[1].connection: no connection is called "roadmapp" here. Did you mean "roadmap"?',
        '51: reports[1].may_show[2]: no connection is called "delievry" here. Did you mean "delivery"?',
        "52: reports[1].at_least: must be one of info, warning, error.",
        '53: reports[1].lst: is not a known key. Did you mean "list"?',
        '56: schedule.sync: must have five fields: minute, hour, day, month, weekday, like "0 8 * * mon-fri".',
        "57: schedule.census: its hour must be from 0 to 23.",
        '60: keep.runs: must be a duration like "90m", "24h" or "7d".',
        '62: conections: is not a known key. Did you mean "connections"?',
    ]


def test_load_raises_them_sorted_and_without_secrets(tmp_path):
    file = write(tmp_path, BOARD.replace("env:TRELLO_TOKEN", "0a1b2c3d-s3cret") + "sied = 'product'\n[x]\n")

    with pytest.raises(ConfigErrors) as caught:
        config.load(file, ENV, tools=TOOLS)

    assert [mistake.line for mistake in caught.value.mistakes] == [4, 6, 7]
    assert caught.value.exit_code == 2
    assert "s3cret" not in str(caught.value)
    assert f"{file}:4: connections.board.token: must say where the secret is (env:NAME" in str(caught.value)


def test_folders_that_are_named_must_be_there(tmp_path):
    (tmp_path / "own").mkdir()
    text = '[syncbot]\nmappings = "{}"\nrule_folders = ["{}"]\n'

    assert read(tmp_path, text.format("own", "own"))[1] == []
    assert read(tmp_path, text.format("none", "none"))[1] == [
        "2: syncbot.mappings: is not a folder.",
        "3: syncbot.rule_folders[1]: is not a folder.",
    ]


@pytest.mark.parametrize(
    ("store", "expected"),
    [
        ("postgresql://sync:pw@db/sync", "holds a password: put the URL elsewhere and write env:NAME or file:/path."),
        ("mysql://db/sync", 'must begin with "sqlite:///" or "postgresql://"'),
        ("env:BAD_STORE", 'leads to something that does not begin with "sqlite:///" or "postgresql://".'),
        ("env:NO_STORE", "leads to the environment variable NO_STORE, which is not set."),
    ],
)
def test_mistakes_of_the_store(tmp_path, store, expected):
    file = write(tmp_path, f'[syncbot]\nstore = "{store}"')

    _, mistakes = config.read(file, {"BAD_STORE": "s3cret://pw@db"}, tools=TOOLS)

    assert len(mistakes) == 1
    assert (mistakes[0].line, mistakes[0].key) == (2, "syncbot.store")
    assert expected in mistakes[0].message
    assert "pw" not in str(mistakes[0])


@pytest.mark.parametrize(
    ("store", "expected"),
    [
        ("sqlite:///data/syncbot.db", "sqlite:///{folder}/data/syncbot.db"),
        ("sqlite:////var/syncbot.db", "sqlite:////var/syncbot.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgresql://db/sync", "postgresql://db/sync"),
        ("env:SYNCBOT_STORE", ENV["SYNCBOT_STORE"]),
        ("file:store.url", "sqlite:///{folder}/other.db"),
    ],
)
def test_the_store_is_found_from_the_config_s_folder(tmp_path, store, expected):
    (tmp_path / "store.url").write_text("sqlite:///other.db\n", encoding="utf-8")
    found, mistakes = read(tmp_path, f'[syncbot]\nstore = "{store}"')

    assert mistakes == []
    assert config.store_url(found, ENV) == expected.format(folder=tmp_path.as_posix())


def test_a_login_belongs_to_one_person(tmp_path):
    people = """\
[people.ada]
email = "ada@example.com"
accounts = { board = "ada" }
[people.bo]
email = "ADA@example.com"
accounts = { board = "Ada" }
"""
    _, mistakes = read(tmp_path, BOARD + people)

    assert mistakes == ['10: people.bo.email: is also of "ada".', '11: people.bo.accounts.board: is also of "ada".']


def test_goals_cannot_take_more_than_everything(tmp_path):
    goals = "[goals.a]\nshare = 60\n[goals.b]\nshare = {}\n"
    _, mistakes = read(tmp_path, goals.format(50))

    assert read(tmp_path, goals.format(40))[1] == []
    assert mistakes == ["1: goals: have shares of 110% together, more than 100%."]


def test_one_mistake_does_not_cause_another(tmp_path):
    unknown = '[connections.{}]\ntool = "github"\nscopes = ["*"]\n'
    reports = "[[reports]]\n[[reports]]\n"
    found, mistakes = read(tmp_path, unknown.format("a") + unknown.format("b") + reports + "[[waivers]]\n")

    assert mistakes == [
        "2: connections.a.tool: must be one of asana, jira, trello.",
        "5: connections.b.tool: must be one of asana, jira, trello.",
        '7: reports[1]: needs "connection" (text).',
        '7: reports[1]: needs "scope" (text).',
        '8: reports[2]: needs "connection" (text).',
        '8: reports[2]: needs "scope" (text).',
        '9: waivers[1]: needs "reason" (text).',
        '9: waivers[1]: needs "rule" (text).',
        '9: waivers[1]: needs "subject" (text).',
        '9: waivers[1]: needs "until" (a date like 2026-11-02).',
    ]
    assert config.check_rules(found, KNOWN) == []


def test_two_reports_cannot_have_one_place(tmp_path):
    report = '[[reports]]\nconnection = "board"\nscope = "{}"\ntitle = "{}"\n'
    text = (
        BOARD + report.format("Everything", "A") + report.format("Everything", "B") + report.format("everything", "a")
    )
    _, mistakes = read(tmp_path, text)

    assert mistakes == ["14: reports[3]: has the place and title of the report on line 6."]


KNOWN = {"sprint-over-capacity": {"tolerance_percent": 10}, "status-drift": {"words": "x", "strict": False}}


def test_settings_of_unknown_rules_and_parameters_are_named(tmp_path):
    found, mistakes = read(
        tmp_path,
        BOARD
        + """\
[rules.sprint-over-capasity]
enabled = false
[rules.sprint-over-capacity]
tolerance_percnt = 5
[rules.sprint-over-capacity.in.board]
tolerance_percent = "5"
[rules.status-drift]
strict = 1
words = "y"
[[waivers]]
rule = "status-drift"
subject = "y"
until = 2027-01-31
reason = "because"
[[waivers]]
rule = "status-drifts"
subject = "x"
until = 2027-01-31
reason = "because"
""",
    )

    assert mistakes == []
    assert found.waivers[1:] == (Waiver(rule="status-drifts", subject="x", until="2027-01-31", reason="because"),)
    assert [str(mistake).partition(":")[2] for mistake in config.check_rules(found, KNOWN)] == [
        '6: rules.sprint-over-capasity: is not the name of a rule. Did you mean "sprint-over-capacity"?',
        (
            "9: rules.sprint-over-capacity.tolerance_percnt: is not a parameter of this rule. "
            'Did you mean "tolerance_percent"?'
        ),
        "11: rules.sprint-over-capacity.in.board.tolerance_percent: must be a number.",
        "13: rules.status-drift.strict: must be true or false.",
        '21: waivers[2].rule: no rule is called "status-drifts". Did you mean "status-drift"?',
    ]
    with pytest.raises(ConfigErrors):
        config.load(found.file, ENV, tools=TOOLS, known_rules=KNOWN)


def test_absences_and_sprints_are_given_whole(tmp_path):
    text = "[people.ada]\naway = { from = 2026-12-21 }\n[teams.a]\nsprints = { first = 2026-11-02 }\n"
    found, mistakes = read(tmp_path, text)

    assert found.people[0].away == ()
    assert mistakes == [
        '2: people.ada.away: needs "to" (a date like 2026-11-02).',
        '4: teams.a.sprints: needs "weeks" (a whole number).',
    ]


def test_capacity_is_points_or_minutes(tmp_path):
    found, mistakes = read(tmp_path, "[teams.a]\ncapacity = { points = 40, hours = 60.5 }\n[teams.b]\n")

    assert mistakes == []
    assert [team.capacity for team in found.teams] == [{"points": 40, "minutes": 3630}, {}]


def test_a_config_that_is_not_there_names_the_way_to_one(tmp_path):
    with pytest.raises(ConfigErrors, match=r'config\.toml: there is no such file\. "syncbot init" writes one\.'):
        config.read(tmp_path / "config.toml", {}, tools=TOOLS)


def test_answers_are_of_people_and_roles_that_are_there(tmp_path):
    text = '[people.ada]\n[[reports]]\nconnection = "delivery"\nscope = "PAY"\nanswers = ["ada", "product", "aad"]\n'
    found, mistakes = read(tmp_path, text)

    assert found.reports[0].answers == ("ada", "product", "aad")
    assert any('no person or role is called "aad" here. Did you mean "ada"?' in str(one) for one in mistakes)
