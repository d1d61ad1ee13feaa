"""py-trello's traps, each kept from happening: secrets, time-outs, silent limits, lost headers, requests per object."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import responses

from connectors.trello.api import LIMITS, Api
from connectors.trello.connector import Trello
from connectors.trello.wire import Board, Member
from syncbot.errors import Broken, Missing, Refused, ToolError, Unreachable
from syncbot.model import Scope
from syncbot.sandbox.http import Answer
from syncbot.sandbox.server import NOW
from syncbot.sandbox.world import TrelloField
from syncbot.transport import Transport

from .conftest import KEY, TOKEN


def patient(site, slept, **more):
    """An API whose waiting is counted instead of done."""
    settings = site.settings(**more)
    told = {"clock": lambda: sum(slept), "sleep": slept.append}
    return Api(settings, Transport(settings.name, limits=LIMITS, secrets=(KEY, TOKEN), **told))


def test_key_and_token_stand_in_no_url_neither_reading_nor_writing(site):
    board = site.board()
    api = site.connector()._api
    api.get("/members/me", Member)
    made = api.write("POST", "/cards", dict, idList=site.list(board).id, name="Refunds")
    assert made["name"] == "Refunds"
    assert [line.partition(" ")[0] for line in site.lines()] == ["GET", "POST"]
    assert not [line for line in site.lines() if KEY in line or TOKEN in line or "oauth" in line]


def test_credentials_of_netrc_do_not_take_the_place_of_ours(site, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert site.connector().probe().account.handle == "bot"


@pytest.mark.parametrize(
    ("secrets", "said"),
    [({"key": "1a2bwrong", "token": TOKEN}, "invalid key"), ({"key": KEY, "token": "ATTAwrong"}, "invalid token")],
)
def test_a_wrong_credential_names_the_connection_and_never_itself(site, secrets, said):
    with pytest.raises(Refused, match=f"^roadmap: .*{said}") as caught:
        site.connector(secrets=secrets).probe()
    assert not {secrets["key"], secrets["token"]} & set(str(caught.value).replace("'", " ").replace('"', " ").split())
    assert "wrong" not in str(caught.value)


def test_a_connection_that_fails_says_so_without_secrets(site, monkeypatch):
    monkeypatch.setattr("syncbot.transport.policy.FIRST_PAUSE", 0.001)
    connector = site.connector()
    site.sandbox.stop()
    with pytest.raises(Unreachable) as caught:
        connector.probe()
    assert KEY not in repr(caught.value.__dict__) + str(caught.value)
    assert TOKEN not in repr(caught.value.__dict__) + str(caught.value)


def test_lacking_a_role_is_told_apart_from_a_wrong_token(site):
    board = site.board(permission="private")
    board.roles[site.bot.id] = "observer"
    api = site.connector()._api
    with pytest.raises(Refused, match="may not do that") as caught:
        api.write("POST", "/cards", dict, idList=site.list(board).id, name="Refunds")
    assert "token" not in str(caught.value)


def test_every_request_has_a_time_out(site):
    with responses.RequestsMock() as far:
        far.get("http://trello.example/1/members/me", json={"id": "5a"})
        site.connector(url="http://trello.example")._api.get("/members/me", Member)
        assert far.calls[0].request.req_kwargs["timeout"] == (10.0, 60.0)


def test_compressed_answers_are_asked_for(site):
    with responses.RequestsMock() as far:
        far.get("http://trello.example/1/members/me", json={"id": "5a"})
        site.connector(url="http://trello.example")._api.get("/members/me", Member)
        assert "gzip" in far.calls[0].request.headers["Accept-Encoding"]


def test_a_redirect_does_not_take_the_credentials_elsewhere(site):
    with responses.RequestsMock() as far:
        far.get("http://trello.example/1/members/me", status=302, headers={"Location": "http://elsewhere.example/"})
        with pytest.raises(Broken):
            site.connector(url="http://trello.example")._api.get("/members/me", Member)
        assert len(far.calls) == 1


def test_the_client_cannot_reach_any_other_address(site):
    api = site.connector()._api
    with pytest.raises(ValueError, match="not Trello's API"):
        api.request("POST", f"https://trello.com/1/tokens/{TOKEN}/webhooks/")
    assert site.lines() == []


def test_being_told_to_slow_down_waits_as_long_as_trello_says(site):
    slept: list[float] = []
    refusal = '{"error": "API_TOKEN_LIMIT_EXCEEDED", "message": "Rate limit exceeded"}'
    site.sandbox.fault("trello", "members/me", status=429, headers={"Retry-After": "7"}, body=refusal)
    assert patient(site, slept).get("/members/me", Member).id == site.bot.id
    assert slept == [7.0]


def test_being_told_to_slow_down_without_a_time_still_gets_through(site):
    slept: list[float] = []
    refusal = '{"error": "API_TOKEN_LIMIT_EXCEEDED", "message": "Rate limit exceeded"}'
    site.sandbox.fault("trello", "members/me", times=3, status=429, body=refusal)
    assert patient(site, slept).get("/members/me", Member).id == site.bot.id
    assert sum(slept) >= 7  # 2, 4 and 8 s less the jitter: beyond Trello's window of 10 s, as a rule


def test_trellos_limits_are_kept_before_trello_has_to(site):
    slept: list[float] = []
    board = site.board()
    api = patient(site, slept)
    for _ in range(100):
        api.get(f"/boards/{board.id}", Board)
    assert slept == []
    api.get(f"/boards/{board.id}", Board)
    assert sum(slept) == pytest.approx(10)


def test_the_narrow_limit_of_members_is_kept_too(site):
    slept: list[float] = []
    api = patient(site, slept)
    for _ in range(100):
        api.get("/members/me", Member, fields="id")
        slept.append(1.0)  # a request a second: far below the general limit
    with pytest.raises(ToolError, match="longer than this run waits"):
        api.get("/members/me", Member, fields="id")


def test_each_thread_has_a_session_and_a_client_of_its_own(site):
    api = site.connector()._api
    together = threading.Barrier(2)

    def own(_):
        together.wait()
        return api._session(), api._client()

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(own, range(2))
    assert one[0] is not other[0]
    assert one[1] is not other[1]


def test_one_connection_serves_many_requests(site):
    board = site.board()
    api = site.connector()._api
    for _ in range(5):
        api.get(f"/boards/{board.id}", Board)
    api.write("POST", "/cards", dict, idList=site.list(board).id, name="Refunds")
    assert [pool.num_connections for pool in api._adapter.poolmanager.pools._container.values()] == [1]


def test_more_than_fifty_labels_are_described(site):
    board = site.board()
    for number in range(60):
        site.label(board, f"Label {number}")
    vocabulary = site.connector().describe([site.scope(board)])
    assert len([term for term in vocabulary.terms if term.facet == "label"]) == 60


def test_describing_tells_how_often_fields_are_filled_with_samples(site):
    board = site.board("Roadmap", "Ideas")
    size = TrelloField(site.state.next_id(NOW), board.id, "Size", "number")
    site.state.fields = {size.id: size}
    for number in range(4):
        site.card(board, f"Card {number}", due=NOW, values={size.id: {"value": {"number": "3"}}} if number else {})
    site.card(board, "archived", closed=True)
    vocabulary = site.connector().describe([site.scope(board)])
    fields = {field.name: field for field in vocabulary.fields}
    assert (fields["Size"].filled_percent, fields["Size"].samples, fields["Size"].type) == (75, ("3.0",), "number")
    assert fields["Size"].scopes == (board.id,)
    assert fields["Due date"].filled_percent == 100
    assert fields["Members"].filled_percent == 0
    assert [(term.name, term.scope) for term in vocabulary.terms if term.facet == "list"] == [("Ideas", board.id)]
    assert len(site.lines()) == 2


def test_many_boards_are_described_ten_a_request_with_a_few_cards_of_each(site):
    boards = [site.board(f"Board {number}", "Ideas") for number in range(21)]
    for board in boards:
        for number in range(50):
            site.card(board, f"Card {number}")
    answers = []
    seen = site.sandbox.fault("trello", "GET /1/batch", "bent", times=None)
    seen.after = lambda _, answer: answers.append(answer) or answer
    vocabulary = site.connector().describe([site.scope(board) for board in boards])
    assert [line.partition("?")[0] for line in site.lines()] == ["GET /1/batch"] * 6
    assert [term.scope for term in vocabulary.terms if term.facet == "list"] == [board.id for board in boards]
    cards = [part["200"] for answer in answers for part in answer.body if isinstance(part["200"], list)]
    assert [len(one) for one in cards] == [47] * 21


def test_a_board_that_fails_for_a_moment_among_ten_is_asked_for_by_itself(site):
    boards = [site.board(f"Board {number}", "Ideas") for number in range(2)]

    def stumble(_, answer):
        return Answer([{"message": "Oops", "statusCode": 500}, *answer.body[1:]], answer.status, answer.headers)

    site.sandbox.fault("trello", "GET /1/batch", "bent", times=2).after = stumble
    vocabulary = site.connector(patience=0).describe([site.scope(board) for board in boards])
    assert [term.scope for term in vocabulary.terms if term.facet == "list"] == [board.id for board in boards]
    assert len(site.lines()) == 4


def test_samples_are_a_few_words_on_a_line(site):
    board = site.board()
    for title in ("Refunds\nnow", "x" * 16_000, "Refunds now", "Fraud", "Invoices"):
        site.card(board, title)
    (names,) = [one for one in site.connector().describe([site.scope(board)]).fields if one.id == "name"]
    assert set(names.samples) <= {"Refunds now", "x" * 39 + "…", "Fraud", "Invoices"}
    assert len(names.samples) == 3


def test_describing_a_board_too_big_for_samples_still_names_its_words(site):
    board = site.board("Roadmap", "Ideas")
    site.card(board, "Refunds")

    def refuse(_, answer):
        (part,) = answer.body
        refused = {"message": "Too many cards requested", "statusCode": 403}
        return Answer([refused if isinstance(part["200"], list) else part], answer.status, answer.headers)

    site.sandbox.fault("trello", "GET /1/batch", "bent", times=2).after = refuse
    site.sandbox.fault("trello", "cards/visible", status=403, body="Too many cards requested")
    vocabulary = site.connector().describe([site.scope(board)])
    assert [term.name for term in vocabulary.terms if term.facet == "list"] == ["Ideas"]
    assert [one.samples for one in vocabulary.fields if one.id == "name"] == [()]


def test_scopes_say_who_can_read_them(site):
    site.board("Open to all", permission="public")
    site.board("For the workspace", permission="org")
    site.board("Ours alone", permission="private")
    site.board("Old", closed=True)
    assert [(one.name, one.public, one.private, one.archived) for one in site.connector().scopes()] == [
        ("Open to all", True, False, False),
        ("For the workspace", False, False, False),
        ("Ours alone", False, True, False),
        ("Old", False, False, True),
    ]


def test_a_probe_says_who_and_with_which_roles(site):
    site.board("Roadmap")
    probe = site.connector().probe()
    assert probe.account.remote_id == site.bot.id
    assert probe.timezone == "Europe/London"
    assert probe.permissions == ("normal of Roadmap",)


def test_accounts_are_members_present_deactivated_and_left(site):
    board = site.board()
    gone, left = site.member("gone"), site.member("left")
    board.roles[gone.id] = "normal"
    gone.deactivated = True
    found = site.connector().accounts([site.scope(board)], frozenset({left.id, "9" * 24, site.ada.id}))
    assert {(one.handle, one.active, one.email) for one in found} == {
        ("bot", True, None),
        ("ada", True, None),
        ("gone", False, None),
        ("left", None, None),
    }
    assert len(site.lines()) == 2


def test_a_board_whose_members_may_not_be_seen_costs_only_strangers(site):
    board, gone = site.board(), Scope("9" * 24, "gone", "gone")
    found = site.connector().accounts([site.scope(board), gone], frozenset({site.ada.id}))
    assert {one.handle for one in found} == {"bot", "ada"}
    with pytest.raises(Missing):
        site.connector().accounts([gone], frozenset({site.ada.id}))


def test_lists_are_containers_and_ten_boards_are_one_request(site):
    boards = [site.board(f"Board {number}", "Doing") for number in range(10)]
    site.list(boards[0]).closed = True
    found = site.connector().containers([site.scope(board) for board in boards])
    assert [(one.name, one.closed) for one in found.containers[:2]] == [("Doing", True), ("Doing", False)]
    assert found.errors == {}
    assert len(site.lines()) == 1


def test_a_board_whose_lists_cannot_be_read_leaves_the_others_alone(site):
    board, gone = site.board("Roadmap", "Doing"), site.board("Gone")
    del site.state.boards[gone.id]
    found = site.connector().containers([site.scope(board), site.scope(gone)])
    assert [one.name for one in found.containers] == ["Doing"]
    assert list(found.errors) == [gone.id]


def test_after_close_nothing_is_sent(site):
    connector: Trello = site.connector()
    connector.close()
    with pytest.raises(Unreachable):
        connector.probe()
    assert site.lines() == []
