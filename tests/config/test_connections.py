"""What can be wrong with a connection: its name, its secrets, its scopes, and what it shares with another."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncbot import config
from syncbot.config import checks
from syncbot.errors import ConfigErrors
from syncbot.patterns import matches
from tests.config.helpers import BOARD, TOOLS, read, write


def test_secrets_must_be_there_unless_they_are_not_needed(tmp_path):
    file = write(tmp_path, BOARD)

    with pytest.raises(ConfigErrors, match="TRELLO_KEY, which is not set"):
        config.load(file, {}, tools=TOOLS)
    assert list(config.load(file, {}, tools=TOOLS, need_secrets=False).connections) == ["board"]


def test_a_literal_secret_is_a_mistake_even_where_secrets_may_be_missing(tmp_path):
    _, mistakes = read(tmp_path, BOARD.replace("env:TRELLO_TOKEN", "0a1b2c3d"), need_secrets=False)

    assert len(mistakes) == 1
    assert mistakes[0].startswith("4: connections.board.token: must say where the secret is")


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ('url = "https://user:pw@trello.example.com"', "holds a user or password"),
        ('url = "https://trello.example.com?key=1"', "must end before any ? or #."),
        ('url = "https://trello.example.com:port"', "is not a URL."),
        ('proxy = "http://user:pw@proxy.example.com"', "holds a user or password"),
        ('proxy = "env:NO_PROXY_HERE"', "leads to the environment variable NO_PROXY_HERE, which is not set."),
        ('user = "env:NOBODY"', "leads to the environment variable NOBODY, which is not set."),
        ("concurrency = 0", "must be from 1 to 50."),
        ('mapping = "trelo"', 'is no file of mappings/ and no preset. Did you mean "trello"?'),
        ('ca = "nowhere.pem"', "is not a file."),
        ('[connections.board.scope."Everything"]\nteam = "all"', 'no team is called "all" here.'),
        ('[connections.board.scope."Everything"]\nwere = "x"', 'is not a known key. Did you mean "where"?'),
    ],
)
def test_mistakes_of_a_connection(tmp_path, extra, expected):
    _, mistakes = read(tmp_path, BOARD + extra)

    assert len(mistakes) == 1
    assert expected in mistakes[0]
    assert "pw" not in mistakes[0]


@pytest.mark.parametrize("name", ["a/b", "a*", "!a", " a", ""])
def test_a_connection_needs_a_name_that_patterns_can_hold(tmp_path, name):
    _, mistakes = read(tmp_path, BOARD.replace("board", f'"{name}"'))

    assert mistakes == [f'1: connections."{name}": must have a name without "/", "*", "!" and spaces around it.']


def test_a_tool_without_a_default_site_needs_a_url(tmp_path):
    text = '[connections.d]\ntool = "jira"\ntoken = "env:JIRA_TOKEN"\nscopes = ["PAY"]\n'
    _, mistakes = read(tmp_path, text)

    assert read(tmp_path, text + 'url = "x"')[1] == ['5: connections.d.url: must be a URL that begins with "https://".']
    assert mistakes == ['1: connections.d: needs "url" (the address of your site).']


def test_a_connection_needs_a_tool_and_scopes(tmp_path):
    _, mistakes = read(tmp_path, "[connections.d]")

    assert mistakes == [
        '1: connections.d: needs "scopes" (text or a list of texts).',
        '1: connections.d: needs "tool" (text).',
    ]


def test_a_needed_key_that_is_misspelt_is_one_mistake(tmp_path):
    _, mistakes = read(tmp_path, BOARD.replace("scopes", "scops"))

    assert mistakes == ['5: connections.board.scops: is not a known key. Did you mean "scopes"?']


def test_scopes_that_only_leave_out_read_nothing(tmp_path):
    _, mistakes = read(tmp_path, BOARD.replace('["Everything"]', '["!Ops", "!", "!!PAY"]'))

    assert mistakes == [
        '5: connections.board.scopes: names nothing to read. "*" is all that the account can see.',
        "5: connections.board.scopes[2]: must name a scope.",
        "5: connections.board.scopes[3]: must name a scope.",
    ]


TWO = """\
[connections.one]
tool = "jira"
url = "https://example.atlassian.net"
token = "env:JIRA_TOKEN"
scopes = {one}
[connections.two]
tool = "jira"
url = "{url}"
token = "env:JIRA_TOKEN"
scopes = {two}
"""


@pytest.mark.parametrize(
    ("one", "two", "shared"),
    [
        ('["PAY"]', '["RISK", "pay"]', "PAY"),
        ('["*"]', '["RISK"]', "RISK"),
        ('["PAY*"]', '["*MENT"]', "*MENT"),
        ('["PA*Y"]', '["PAY"]', "PAY"),
        ('["*", "!PAY"]', '["PAY"]', None),
        ('["PAY"]', '["*", "!pay"]', None),
        ('["PAY*"]', '["*", "!PAY*"]', None),
        ('["PAY*"]', '["RISK*"]', None),
        ('["PAY*"]', '["PAY"]', "PAY"),
        ('["PAYX*"]', '["PAY"]', None),
        ('["PAY", "!RISK"]', '["*", "!PAY"]', None),
        ('["*", "!PAY"]', '["PAY", "!RISK"]', None),
        ('["PAY"]', '["RISK"]', None),
    ],
)
def test_two_connections_must_not_read_the_same_work(tmp_path, one, two, shared):
    _, mistakes = read(tmp_path, TWO.format(one=one, two=two, url="https://EXAMPLE.atlassian.net:443/"))

    said = f'10: connections.two.scopes: reads "{shared}" of https://example.atlassian.net, which "one" reads too. '
    assert mistakes == ([] if shared is None else [said + 'Leave it out with "!" in one of them.'])


PATTERNS = st.text("ab*", max_size=4)
NAMES = ["".join(letters) for length in range(9) for letters in product("ab", repeat=length)]


@given(PATTERNS, PATTERNS)
def test_patterns_meet_where_some_name_matches_both(one, other):
    assert checks._meet(one, other) == any(matches(one, name) and matches(other, name) for name in NAMES)


def test_different_sites_share_nothing(tmp_path):
    _, mistakes = read(tmp_path, TWO.format(one='["PAY"]', two='["PAY"]', url="https://other.atlassian.net"))

    assert mistakes == []


def test_names_that_differ_only_by_case_are_refused(tmp_path):
    second = BOARD.replace("connections.board", "connections.Board").replace("Everything", "Other")
    _, mistakes = read(tmp_path, BOARD + second)

    assert mistakes == ['6: connections.Board: differs from "board" only by case.']
