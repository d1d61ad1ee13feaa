"""Which scopes a connection reads, once the tool has said what there is."""

from __future__ import annotations

import pytest

from syncbot import config
from syncbot.config import ScopeSetting
from syncbot.model import Scope
from tests.config.helpers import BOARD, read, short

PAY = Scope(remote_id="10001", key="PAY", name="Payments")
RISK = Scope(remote_id="10002", key="RISK", name="Risk")
OLD = Scope(remote_id="10003", key="OLD", name="Payments of old", archived=True)
NAMED = Scope(remote_id="10004", key="RISKS", name="PAY")
TWIN = Scope(remote_id="10005", key="RISK2", name="risk")
SEEN = (RISK, OLD, NAMED, PAY)


def choose(tmp_path, scopes: str, seen=SEEN, extra=""):
    found, mistakes = read(tmp_path, BOARD.replace('["Everything"]', scopes) + extra)
    assert mistakes == []
    chosen = config.choose(found, found.connections["board"], seen)
    return [scope.key for scope in chosen.scopes], short(chosen.mistakes)


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        ('["pay", "RISK"]', ["PAY", "RISK"]),
        ('["*"]', ["RISK", "RISKS", "PAY"]),
        ('["10002"]', ["RISK"]),
        ('["Payments"]', ["PAY"]),
        ('["RISK", "*"]', ["RISK", "RISKS", "PAY"]),
        ('["*", "PAY"]', ["RISK", "RISKS", "PAY"]),
        ('["*", "!risk*"]', ["PAY"]),
        ('["!RISK", "*"]', ["RISKS", "PAY"]),
        ('["old"]', ["OLD"]),
        ('["*", "OLD", "!Payments*"]', ["RISK", "RISKS"]),
    ],
)
def test_patterns_choose_scopes_in_config_order(tmp_path, scopes, expected):
    assert choose(tmp_path, scopes) == (expected, [])


def test_what_is_not_there_is_named_with_what_is(tmp_path):
    assert choose(tmp_path, '["PAYY", "RISK", "Launch *"]') == (
        ["RISK"],
        [
            '5: connections.board.scopes[1]: "PAYY" is not there, or not visible. Did you mean "PAY"?',
            (
                '5: connections.board.scopes[3]: "Launch *" is not there, or not visible. '
                "It sees RISK (Risk), OLD (Payments of old), RISKS (PAY), PAY (Payments)."
            ),
        ],
    )


def test_what_an_account_sees_is_cut_after_a_few(tmp_path):
    many = [Scope(remote_id=str(at), key=f"K{at}", name=f"Board {at}") for at in range(10)]

    assert choose(tmp_path, '["zzz"]', many)[1][0].endswith("K7 (Board 7) and 2 more.")
    assert choose(tmp_path, '["zzz"]', [])[1][0].endswith("not visible. It sees none.")


def test_names_that_a_tool_gave_are_made_safe_for_a_line(tmp_path):
    strange = Scope(remote_id="1", key="K", name="a\nb\x1b[31m \u202ec" + "d" * 100)

    said = choose(tmp_path, '["zzz"]', [strange])[1][0]

    assert said.endswith("It sees K (a b [31m c" + "d" * 49 + "…).")


def test_leaving_out_what_is_not_there_is_no_mistake(tmp_path):
    assert choose(tmp_path, '["PAY", "!Gone"]') == (["PAY"], [])


def test_a_name_of_several_asks_for_the_id(tmp_path):
    assert choose(tmp_path, '["Risk"]', (Scope(remote_id="1", key="A", name="Risk"), TWIN)) == (
        [],
        ['5: connections.board.scopes[1]: "Risk" is the name of several; write the id: 1, 10005.'],
    )


@pytest.mark.parametrize(
    ("scope", "chosen", "said"),
    [
        ("pay", [PAY], ""),
        ("Payments", [PAY], ""),
        ("OLD", [OLD], ""),
        ("PAYY", [], '"PAYY" is not there, or not visible. Did you mean "PAY"?'),
        ("RISK*", [], '"RISK*" is the name of several; write the id: 10002, 10004.'),
    ],
)
def test_a_report_lives_in_one_scope(tmp_path, scope, chosen, said):
    found, _ = read(tmp_path, f'{BOARD}[[reports]]\nconnection = "board"\nscope = "{scope}"\n')

    place = config.report_scope(found, 0, SEEN)

    assert list(place.scopes) == chosen
    assert short(place.mistakes) == ([f"8: reports[1].scope: {said}"] if said else [])


def test_an_override_of_what_is_not_read_is_named(tmp_path):
    extra = '[connections.board.scope."RISC"]\nside = "project"\n[connections.board.scope."pay*"]\nside = "product"\n'

    assert choose(tmp_path, '["PAY", "RISK"]', extra=extra) == (
        ["PAY", "RISK"],
        [
            '6: connections.board.scope.RISC: is the scope of nothing that this connection reads. Did you mean "RISK"?',
        ],
    )


def test_an_override_may_be_of_an_archived_scope_that_is_read_on_purpose(tmp_path):
    assert choose(tmp_path, '["OLD"]', extra='[connections.board.scope."O*"]\nside = "project"') == (["OLD"], [])


def test_the_first_override_that_matches_holds_and_the_connection_completes_it(tmp_path):
    extra = """\
side = "product"
since = 2025-01-01
[connections.board.scope."RISK"]
side = "project"
team = "risk"
mapping = "jira"
where = "x = 1"
[connections.board.scope."*"]
since = 2026-01-01
[teams.risk]
"""
    found, mistakes = read(tmp_path, BOARD + extra)
    board = found.connections["board"]

    assert mistakes == []
    assert config.scope_setting(board, RISK) == ScopeSetting(
        side="project", team="risk", mapping="jira", where="x = 1", since="2025-01-01"
    )
    assert config.scope_setting(board, PAY) == ScopeSetting(side="product", mapping="trello", since="2026-01-01")


def test_a_scope_read_twice_under_two_names_is_named(tmp_path):
    second = BOARD.replace("board", "other").replace("Everything", "10001")
    found, mistakes = read(tmp_path, BOARD.replace("Everything", "PAY") + second)

    assert mistakes == []
    assert short(config.doubled(found, {"board": (PAY, RISK), "other": (PAY,)})) == [
        '10: connections.other.scopes: reads "Payments", which "board" reads too. Leave it out with "!".'
    ]
    assert config.doubled(found, {"board": (RISK,), "other": (PAY,)}) == []


def known_again(tmp_path, scopes: str, seen, extra=""):
    found, mistakes = read(tmp_path, BOARD.replace('["Everything"]', scopes) + extra)
    assert mistakes == []
    told, wrong = config.known_again(found, found.connections["board"], seen, [PAY, RISK])
    return [scope.key for scope in told], [one.partition(": ")[2] for one in short(wrong)]


PMT = Scope(remote_id="10001", key="PMT", name="Payments")
RENAMED = Scope(remote_id="10001", key="PMT", name="Money")


@pytest.mark.parametrize(
    ("scopes", "seen", "extra", "keys", "told"),
    [
        ('["PAY"]', [RISK, PMT], "", ["RISK", "PAY"], '"PAY" is called "PMT" by now;'),
        ('["Payments"]', [RENAMED], "", ["PAY"], '"Payments" is called "Money" by now;'),
        ('["10001"]', [PMT], '[connections.board.scope."PAY"]\nside = "product"', ["PAY"], '"PAY" is called "PMT"'),
        ('["Payments"]', [PMT], "", ["PMT"], ""),
        ('["P*"]', [RENAMED], "", ["PMT"], ""),
        ('["*", "!PAY"]', [PMT], "", ["PMT"], ""),
        ('["PMT"]', [PMT], '[connections.board.scope."PAY"]\nside = "product"', ["PMT"], ""),
        ('["PAY"]', [PMT, NAMED], "", ["PMT", "RISKS"], ""),
        ('["PAY"]', [RISK], "", ["RISK"], ""),
    ],
)
def test_what_the_config_still_calls_by_an_old_name_is_known_again(tmp_path, scopes, seen, extra, keys, told):
    found, wrong = known_again(tmp_path, scopes, seen, extra)
    assert found == keys
    assert [told in one for one in wrong] == ([True] if told else [])
