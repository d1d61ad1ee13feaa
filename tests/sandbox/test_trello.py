"""Trello's API over the sandbox's boards: with the vendor's own client, and at the edges where Trello is peculiar."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests
import trello

from syncbot.sandbox.company import TRELLO_KEY, TRELLO_TOKEN
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import TrelloBoard, TrelloCard, TrelloField, TrelloOption


class Api:
    """Plain requests to a sandbox's Trello, with the credentials in a header."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.base = f"{sandbox.trello_url}/1"
        self.session = requests.Session()
        credentials = f'OAuth oauth_consumer_key="{TRELLO_KEY}", oauth_token="{TRELLO_TOKEN}"'
        self.session.headers["Authorization"] = credentials

    def __call__(self, method: str, path: str, status: int = 200, json: Any = None, **query: object) -> Any:
        answer = self.session.request(method, self.base + path, params=query, json=json)
        assert answer.status_code == status, answer.text
        return answer.json() if status == 200 else answer.text

    def get(self, path: str, **query: object) -> Any:
        return self("GET", path, **query)


class Service:
    """py-trello's HTTP service, led to the sandbox; nothing else of the client is touched."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.base = sandbox.trello_url
        self.session = requests.Session()

    def request(self, method: str, url: str, **more: Any) -> requests.Response:
        more.pop("proxies")
        return self.session.request(method, url.replace("https://api.trello.com", self.base), **more)


@pytest.fixture
def api(sandbox):
    return Api(sandbox)


@pytest.fixture
def board(sandbox) -> TrelloBoard:
    return next(iter(sandbox.world.trello.boards.values()))


def cards(sandbox, board) -> list[TrelloCard]:
    return [card for card in sandbox.world.trello.cards.values() if card.board == board.id]


@pytest.mark.parametrize("signed", [False, True], ids=["key and token", "OAuth 1"])
def test_the_vendors_client_works_with_its_objects(sandbox, board, signed):
    secret = {"token": TRELLO_TOKEN} if signed else {"api_secret": TRELLO_TOKEN}
    client = trello.TrelloClient(api_key=TRELLO_KEY, **secret, http_service=Service(sandbox))
    (found,) = [one for one in client.list_boards() if one.id == board.id]
    known = {card.id: card for card in cards(sandbox, board)}
    seen = found.get_cards(filters={"filter": "all", "limit": "1000"})
    assert {one.id: (one.name, one.idMembers) for one in seen} == {
        one.id: (one.name, one.members) for one in known.values()
    }
    assert [one.name for one in found.all_lists()] == [
        one.name for one in sandbox.world.trello.lists.values() if one.board == board.id
    ]
    assert {one.id for one in found.all_members()} == set(board.roles)
    lists = found.list_lists("open")
    card = lists[0].add_card("Made by the client", desc="with *care*")
    card.set_closed(True)
    card.comment("seen")
    assert [one["data"]["text"] for one in card.get_comments()] == ["seen"]
    checklist = card.add_checklist("Steps", ["one", "two"], [True, False])
    checklist.rename_checklist_item("two", "three")
    checklist.set_checklist_item("three", True)
    again = client.get_card(card.id)
    assert (again.name, again.description, again.closed) == ("Made by the client", "with *care*", True)
    assert [(one["name"], one["checked"]) for one in again.checklists[0].items] == [("one", True), ("three", True)]
    again.delete()
    with pytest.raises(trello.ResourceUnavailable):
        client.get_card(card.id)


@pytest.mark.parametrize(
    ("credentials", "said"),
    [
        ({"key": TRELLO_KEY, "token": "wrong"}, "invalid token"),
        ({"key": "wrong", "token": TRELLO_TOKEN}, "invalid key"),
        ({}, "invalid key"),
    ],
)
def test_wrong_credentials_are_refused(sandbox, credentials, said):
    answer = requests.get(f"{sandbox.trello_url}/1/members/me", params=credentials, timeout=5)
    assert (answer.status_code, answer.text) == (401, said)


def test_a_board_comes_with_the_parts_that_were_asked_for_and_no_others(api, board):
    assert "cards" not in api.get(f"/boards/{board.id}")
    whole = api.get(
        f"/boards/{board.short_link}",
        fields="name",
        lists="all",
        list_fields="name",
        cards="all",
        card_fields="name",
        card_attachments="true",
        card_attachment_fields="url",
        card_customFieldItems="true",
        labels="all",
        label_fields="name",
        members="all",
        member_fields="username",
        memberships="all",
        checklists="all",
        customFields="true",
        actions="all",
    )
    assert set(whole["cards"][0]) == {"id", "name", "attachments", "customFieldItems"}
    assert set(whole["lists"][0]) == {"id", "name"}
    assert set(whole) == {
        *("id", "name", "lists", "cards", "labels", "members", "memberships", "checklists", "customFields", "actions"),
    }


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/boards/ffffffffffffffffffffffff", 404, "The requested resource was not found."),
        ("/boards/nonsense!", 400, "invalid id"),
        ("/boards/{board}?fields=nosuchfield", 400, "invalid value for fields"),
        ("/boards/{board}/cards/purple", 400, "invalid value for filter"),
        ("/boards/{board}/cards/all?limit=1001", 400, "invalid value for limit"),
        ("/boards/{board}/cards/all?before=yesterday", 400, "invalid date"),
        ("/cards/ffffffffffffffffffffffff", 404, "The requested resource was not found."),
        ("/members/nobody", 404, "The requested resource was not found."),
        ("/batch?urls=/1,/2,/3,/4,/5,/6,/7,/8,/9,/10,/11", 400, "Invalid batch"),
        ("/nothing/here", 404, "Cannot find that route"),
    ],
)
def test_mistakes_are_answered_as_trello_does(api, board, path, status, said):
    assert said in api("GET", path.format(board=board.id), status)


def test_a_page_holds_the_newest_cards_in_the_order_of_the_board(sandbox, api, board):
    newest = sorted((card.id for card in cards(sandbox, board)), reverse=True)
    page = [one["id"] for one in api.get(f"/boards/{board.id}/cards/all", limit=5)]
    assert set(page) == set(newest[:5])
    following = [one["id"] for one in api.get(f"/boards/{board.id}/cards/all", limit=5, before=min(page))]
    assert set(following) == set(newest[5:10])
    places = {one.id: one.pos for one in sandbox.world.trello.lists.values()}
    known = sandbox.world.trello.cards
    order = [(places[known[one].list_id], known[one].pos) for one in page]
    assert order == sorted(order)


def test_no_answer_holds_more_than_a_thousand_cards(sandbox, api, board):
    home = next(one for one in sandbox.world.trello.lists.values() if one.board == board.id)
    for number in range(1050):
        made = TrelloCard(
            sandbox.world.trello.next_id(sandbox.now),
            *(board.id, home.id, f"Card {number}", number, f"x{number:07d}", 1.0, sandbox.now, next(iter(board.roles))),
        )
        sandbox.world.trello.cards[made.id] = made
    assert len(api.get(f"/boards/{board.id}", cards="all", card_fields="id")["cards"]) == 1000
    assert len(api.get(f"/boards/{board.id}/cards/all", fields="id")) == 1000


def test_labels_and_actions_stop_at_fifty_without_a_word(sandbox, api, board):
    for number in range(60):
        api("POST", "/labels", json={"name": f"Label {number}", "color": "green", "idBoard": board.id})
    card = cards(sandbox, board)[0]
    for number in range(60):
        api("POST", f"/cards/{card.id}/actions/comments", text=f"Comment {number}")
    assert len(api.get(f"/boards/{board.id}/labels")) == 50
    assert len(api.get(f"/boards/{board.id}", labels="all")["labels"]) == 50
    assert len(api.get(f"/boards/{board.id}/labels", limit=1000)) > 60
    assert len(api.get(f"/cards/{card.id}/actions")) == 50
    assert api.get(f"/cards/{card.id}/actions", limit=1)[0]["data"]["text"] == "Comment 59"


def test_a_batch_answers_each_route_in_its_place(sandbox, api, board):
    card = cards(sandbox, board)[0]
    urls = [
        f"/boards/{board.id}?fields=dateLastActivity%2Cname",
        "/boards/ffffffffffffffffffffffff",
        f"/cards/{card.id}?fields=name",
        "/no/such/route",
    ]
    answers = api.get("/batch", urls=",".join(urls))
    assert set(answers[0]["200"]) == {"id", "dateLastActivity", "name"}
    assert (answers[1]["statusCode"], answers[1]["message"]) == (404, "The requested resource was not found.")
    assert answers[2]["200"] == {"id": card.id, "name": card.name}
    assert answers[3]["statusCode"] == 404


def test_every_change_of_a_card_moves_the_boards_activity(sandbox, api, board):
    card = cards(sandbox, board)[0]
    calls = [
        ("PUT", f"/cards/{card.id}", {"name": "Renamed"}),
        ("PUT", f"/cards/{card.id}", {"due": "2026-12-24T12:00:00.000Z", "dueComplete": True}),
        ("PUT", f"/cards/{card.id}", {"closed": True}),
        ("POST", f"/cards/{card.id}/attachments", {"url": "https://example.org/1"}),
        ("POST", f"/cards/{card.id}/checklists", {"name": "Steps"}),
        ("POST", "/lists", {"name": "Another", "idBoard": board.id}),
    ]
    seen = [api.get(f"/boards/{board.id}", fields="dateLastActivity")["dateLastActivity"]]
    for method, path, body in calls:
        api(method, path, json=body)
        seen.append(api.get(f"/boards/{board.id}", fields="dateLastActivity")["dateLastActivity"])
    assert seen == sorted(set(seen))
    shown = api.get(f"/cards/{card.id}", attachments="true", checklists="all")
    assert (shown["name"], shown["due"], shown["dueComplete"], shown["closed"]) == (
        "Renamed",
        "2026-12-24T12:00:00.000Z",
        True,
        True,
    )
    assert [one["url"] for one in shown["attachments"]][-1:] == ["https://example.org/1"]
    assert [one["name"] for one in shown["checklists"]][-1:] == ["Steps"]


def test_a_write_is_taken_from_the_query_as_well_as_from_the_body(sandbox, api, board):
    card = cards(sandbox, board)[0]
    assert api("PUT", f"/cards/{card.id}", name="By query")["name"] == "By query"
    assert api("PUT", f"/cards/{card.id}", json={"name": "By body"})["name"] == "By body"


def test_observers_and_strangers_cannot_write(sandbox, api, board):
    member = sandbox.world.trello.tokens[TRELLO_KEY, TRELLO_TOKEN]
    card = cards(sandbox, board)[0]
    board.roles[member] = "observer"
    assert api("PUT", f"/cards/{card.id}", 401, json={"name": "x"}) == "unauthorized permission requested"
    del board.roles[member]
    board.permission = "private"
    assert api("GET", f"/cards/{card.id}", 401) == "unauthorized permission requested"
    board.permission = "public"
    assert api.get(f"/cards/{card.id}")["id"] == card.id


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"name": "n" * 16_385}, "invalid value for name"),
        ({"desc": "d" * 16_385}, "invalid value for desc"),
        ({"idMembers": ["f" * 24]}, "invalid value for idMembers"),
        ({"due": "soon"}, "invalid date"),
        ({"pos": "sideways"}, "Invalid position"),
    ],
)
def test_what_trello_would_refuse_is_refused(sandbox, api, board, body, said):
    card = cards(sandbox, board)[0]
    before = (card.name, card.desc, card.members, card.due, card.pos)
    assert api("PUT", f"/cards/{card.id}", 400, json=body) == said
    assert (card.name, card.desc, card.members, card.due, card.pos) == before


def test_a_checklist_holds_two_hundred_items_and_no_more(sandbox, api, board):
    card = cards(sandbox, board)[0]
    made = api("POST", "/checklists", json={"idCard": card.id, "name": "Full"})
    for number in range(200):
        api("POST", f"/checklists/{made['id']}/checkItems", json={"name": f"Item {number}"})
    assert "Too many" in api("POST", f"/checklists/{made['id']}/checkItems", 403, json={"name": "one more"})


def test_check_items_stand_where_they_were_put_and_move_between_checklists(sandbox, api, board):
    card = cards(sandbox, board)[0]
    one, other = (api("POST", f"/cards/{card.id}/checklists", json={"name": name}) for name in ("One", "Other"))
    path = f"/checklists/{one['id']}/checkItems"
    first = api("POST", path, json={"name": "first"})
    api("POST", path, json={"name": "top", "pos": "top"})
    api("POST", path, json={"name": "between", "pos": first["pos"] - 0.5, "checked": True})
    shown = api.get(f"/checklists/{one['id']}")["checkItems"]
    assert [(item["name"], item["state"]) for item in shown] == [
        ("top", "incomplete"),
        ("between", "complete"),
        ("first", "incomplete"),
    ]
    api("PUT", f"/cards/{card.id}/checkItem/{first['id']}", json={"idChecklist": other["id"]})
    assert [item["name"] for item in api.get(f"/checklists/{other['id']}")["checkItems"]] == ["first"]
    api("DELETE", f"/checklists/{one['id']}")
    assert "not found" in api("GET", f"/checklists/{one['id']}", 404)


def test_custom_fields_are_set_and_emptied(sandbox, api, board):
    state = sandbox.world.trello
    size = TrelloField(state.next_id(sandbox.now), board.id, "Size", "list")
    size.options.append(TrelloOption(state.next_id(sandbox.now), "Large"))
    state.fields[size.id] = size
    card = cards(sandbox, board)[0]
    path = f"/cards/{card.id}/customField/{size.id}/item"
    api("PUT", path, json={"idValue": size.options[0].id})
    assert api.get(f"/cards/{card.id}/customFieldItems")[-1]["idValue"] == size.options[0].id
    assert "Invalid" in api("PUT", path, 400, json={"idValue": "f" * 24})
    api("PUT", path, json={"idValue": "", "value": ""})
    assert size.id not in card.values


def test_the_archive_hides_cards_from_the_visible_ones_only(sandbox, api, board):
    card = next(one for one in cards(sandbox, board) if not one.closed)
    api("PUT", f"/lists/{card.list_id}/closed", value="true")
    visible, everything = (
        {one["id"] for one in api.get(f"/boards/{board.id}/cards/{which}", fields="closed")}
        for which in ("visible", "all")
    )
    assert card.id not in visible
    assert card.id in everything
    assert api.get(f"/cards/{card.id}", fields="closed")["closed"] is False


def test_an_id_tells_when_its_card_was_made(sandbox, api, board):
    sandbox.now = sandbox.now + timedelta(hours=1)
    made = api("POST", "/cards", json={"idList": cards(sandbox, board)[0].list_id, "name": "x"})
    assert int(made["id"][:8], 16) == int(sandbox.now.timestamp())
