"""Reading boards from the sandbox: what a record holds, how many requests it takes, and what no fault may do."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from syncbot.connector import Page, Want
from syncbot.errors import Broken, Missing, Refused, ToolError, Unreachable
from syncbot.model import CHOICE, Place, Record, Reference, Word
from syncbot.sandbox.http import Call
from syncbot.sandbox.server import NOW
from syncbot.sandbox.trello.edits import touch
from syncbot.sandbox.trello.shapes import instant
from syncbot.sandbox.world import TrelloAttachment, TrelloField, TrelloOption

ALL = frozenset({"members", "due", "start", "name"})


def records(pages: list[Page]) -> list[Record]:
    assert [page.error for page in pages] == [None] * len(pages)
    return [record for page in pages for record in page.records]


def test_a_record_holds_what_the_card_shows(site):
    board = site.board("Roadmap", "Ideas")
    size = TrelloField(site.state.next_id(NOW), board.id, "Size", "list", options=[TrelloOption("0" * 24, "Large")])
    spec = TrelloField(site.state.next_id(NOW), board.id, "Roadmap card", "text")
    risk = TrelloField(site.state.next_id(NOW), board.id, "Risk", "number")
    legal = TrelloField(site.state.next_id(NOW), board.id, "Legal", "checkbox")
    on = TrelloField(site.state.next_id(NOW), board.id, "Review on", "date")
    site.state.fields = {one.id: one for one in (size, spec, risk, legal, on)}
    goal, plain = site.label(board, "Goal: Cut failed payments"), site.label(board, "", "red")
    card = site.card(
        board,
        "Refunds\u202e <b>now</b>\n✓",
        desc="So that people get their money back\n",
        due=datetime(2026, 12, 1, 9, 30, tzinfo=UTC),
        start=datetime(2026, 11, 2, tzinfo=UTC),
        complete=True,
        members=[site.ada.id, site.bot.id],
        labels=[goal.id, plain.id],
        attachments=[
            TrelloAttachment("1" * 24, "PAY-1", "https://example.atlassian.net/browse/PAY-1", NOW, site.ada.id),
            TrelloAttachment(
                "2" * 24, "plan.pdf", "https://trello.com/1/cards/5a/attachments/5b/download/plan.pdf", NOW, site.ada.id
            ),
        ],
        values={
            size.id: {"idValue": "0" * 24, "value": None},
            spec.id: {"value": {"text": "https://trello.com/c/AbCd1234"}},
            risk.id: {"value": {"number": "0.5"}},
            legal.id: {"value": {"checked": "true"}},
            on.id: {"value": {"date": "2026-11-30T10:00:00.000Z"}},
        },
    )
    wanted = ALL | {one.id for one in (size, spec, risk, legal, on)} | {size.id + CHOICE, spec.id + CHOICE}
    ideas = site.list(board)
    assert records(site.pull(board, fields=wanted)) == [
        Record(
            remote_id=card.id,
            ref=card.short_link,
            url=f"{site.sandbox.trello_url}/c/{card.short_link}",
            title="Refunds\u202e <b>now</b>\n✓",
            changed=instant(card.active),
            created=f"{NOW + timedelta(seconds=1):%Y-%m-%dT%H:%M:%S}.000Z",
            places=(Place(board.id, Word(ideas.id, "Ideas"), card.pos),),
            complete=True,
            labels=(Word(goal.id, "Goal: Cut failed payments"), Word(plain.id, "red")),
            references=(
                Reference("https://example.atlassian.net/browse/PAY-1", "url", Word("attachment", "attachment")),
                Reference("https://trello.com/c/AbCd1234", "url", Word(spec.id, "Roadmap card")),
            ),
            fields={
                "members": (site.ada.id, site.bot.id),
                "due": "2026-12-01T09:30:00.000Z",
                "start": "2026-11-02T00:00:00.000Z",
                "name": "Refunds\u202e <b>now</b>\n✓",
                size.id: "Large",
                size.id + CHOICE: "0" * 24,
                spec.id: "https://trello.com/c/AbCd1234",
                risk.id: 0.5,
                legal.id: True,
                on.id: "2026-11-30T10:00:00.000Z",
            },
            description_words=7,
            has_reason=True,
        )
    ]


def test_only_the_fields_that_are_wanted_are_kept(site):
    board = site.board()
    site.card(board, due=NOW, start=NOW, members=[site.ada.id])
    assert [record.fields for record in records(site.pull(board, fields=frozenset({"due"})))] == [
        {"due": "2026-11-23T08:00:00.000Z"}
    ]


def test_archived_cards_and_cards_of_archived_lists_say_so(site):
    board = site.board("Roadmap", "Ideas", "Old")
    site.card(board, "open")
    site.card(board, "archived", closed=True)
    site.list(board, 1).closed = True
    site.card(board, "in an archived list", list_id=site.list(board, 1).id)
    found = {record.title: record.archived for record in records(site.pull(board))}
    assert found == {"open": False, "archived": True, "in an archived list": True}


def test_templates_and_links_to_other_cards_have_a_type(site):
    board = site.board()
    site.card(board, "How we write cards", is_template=True)
    site.card(board, "https://trello.com/c/AbCd1234/7-refunds")
    site.card(board, "Read https://trello.com/c/AbCd1234 first")
    found = {record.title: record.type and record.type.name for record in records(site.pull(board))}
    assert found == {
        "How we write cards": "template",
        "https://trello.com/c/AbCd1234/7-refunds": "link",
        "Read https://trello.com/c/AbCd1234 first": None,
    }


def test_a_board_is_one_request_however_many_cards_it_has(site):
    board = site.board()
    for number in range(300):
        site.card(board, f"Card {number}", members=[site.ada.id])
    assert len(records(site.pull(board))) == 300
    assert len(site.lines()) == 1


def test_a_board_without_change_costs_a_tenth_of_a_request(site):
    boards = [site.board(f"Board {number}") for number in range(11)]
    first = site.pull(*boards)
    site.sandbox.clear()
    second = site.pull(*map(site.again, first))
    assert len(site.lines()) == 2
    assert all(line.startswith("GET /1/batch?") for line in site.lines())
    assert sorted((page.scope, page.records, page.last, page.full) for page in second) == sorted(
        (board.id, (), True, False) for board in boards
    )
    assert {page.scope: page.cursor for page in second} == {page.scope: page.cursor for page in first}


def test_only_the_board_that_changed_is_read_again(site):
    boards = [site.board(f"Board {number}") for number in range(3)]
    card = site.card(boards[1], "Refunds")
    first = site.pull(*boards)
    card.name = "Refunds, faster"
    touch(site.sandbox.world, boards[1], card)
    site.sandbox.clear()
    second = site.pull(*map(site.again, first))
    assert [record.title for record in records(second)] == ["Refunds, faster"]
    assert [line.partition("?")[0] for line in site.lines()] == ["GET /1/batch", f"GET /1/boards/{boards[1].id}"]


def test_what_did_not_move_the_date_of_its_board_is_read_within_a_day(site):
    board = site.board()
    card = site.card(board, "Refunds")
    (page,) = site.pull(board)
    card.name = "Refunds, faster"
    for hours, titles in ((23, []), (2, ["Refunds, faster"]), (23, []), (2, ["Refunds, faster"])):
        site.sandbox.now += timedelta(hours=hours)
        site.sandbox.clear()
        (page,) = site.pull(site.again(page))
        assert [record.title for record in records([page])] == titles
        assert len(site.lines()) == (2 if titles else 1)


def test_big_boards_are_read_to_the_end_though_pages_are_not_in_order_of_creation(site):
    board = site.board()
    made = {site.card(board, f"Card {number}").id for number in range(2300)}
    pages = site.pull(board)
    assert [page.last for page in pages] == [False, False, False, True]
    found = [record.remote_id for record in records(pages)]
    assert len(found) == 2300
    assert set(found) == made
    assert site.connector().census(Want(site.scope(board))) == made


@pytest.mark.parametrize("means_its_second", [False, True])
def test_cards_of_one_second_are_not_lost_at_the_border_of_a_page(site, means_its_second):
    def by_second(asked: Call) -> None:
        asked.query["before"] = f"{asked.query['before'][:8]}{'0' * 16}"

    if means_its_second:
        site.sandbox.fault("trello", "cards/all.*before=", "bent", times=None).before = by_second
    board = site.board()
    made = {site.card(board, f"Card {number}").id for number in range(1100)}
    half = {old: f"68f49b{number // 37:02x}{old[8:]}" for number, old in enumerate(sorted(made))}
    site.state.cards = {half[one.id]: replace(one, id=half[one.id]) for one in site.state.cards.values()}
    found = [record.remote_id for record in records(site.pull(board))]
    assert sorted(found) == sorted(half.values())
    assert site.connector().census(Want(site.scope(board))) == set(half.values())


def test_an_empty_page_after_a_full_one_is_asked_for_twice(site):
    board = site.board()
    made = {site.card(board, f"Card {number}").id for number in range(1100)}
    site.sandbox.fault("trello", "before=", status=200, body="[]")
    assert {record.remote_id for record in records(site.pull(board))} == made
    site.sandbox.fault("trello", "before=", status=200, body="[]")
    assert site.connector().census(Want(site.scope(board))) == made


def test_a_killed_read_goes_on_after_the_last_stored_page(site):
    board = site.board()
    made = {site.card(board, f"Card {number}").id for number in range(2300)}
    whole = site.pull(board)
    for stored in range(1, len(whole)):
        site.sandbox.clear()
        rest = site.pull(site.again(whole[stored - 1]))
        assert {one.remote_id for one in records(whole[:stored] + rest)} == made
        assert rest[-1].last
        assert rest[-1].full
        assert rest[-1].cursor == whole[-1].cursor
        assert not [line for line in site.lines() if "cards=all" in line]  # what is stored is not read twice


def test_what_changes_during_a_read_is_seen_by_the_next(site):
    board = site.board()
    cards = [site.card(board, f"Card {number}") for number in range(1100)]
    pages = site.connector().pull([Want(site.scope(board))], frozenset())
    first = next(pages)
    touch(site.sandbox.world, board, cards[-1])
    cards[-1].name = "Changed behind the reader's back"
    last = [first, *pages][-1]
    assert "Changed behind the reader's back" in {record.title for record in records(site.pull(site.again(last)))}


def test_what_changed_while_a_read_lay_killed_is_seen_by_the_next_whole_one(site):
    board = site.board()
    cards = [site.card(board, f"Card {number}") for number in range(1100)]
    stored = site.pull(board)[0]
    touch(site.sandbox.world, board, cards[-1])  # on the page that is stored already
    cards[-1].name = "Changed meanwhile"
    resumed = site.pull(site.again(stored))
    assert "Changed meanwhile" not in {record.title for record in records(resumed)}
    assert "Changed meanwhile" in {record.title for record in records(site.pull(site.again(resumed[-1])))}


def test_half_as_many_cards_are_asked_for_when_trello_says_too_many(site):
    board = site.board()
    made = {site.card(board, f"Card {number}").id for number in range(700)}
    refusal = json.dumps({"message": "Too many cards requested", "error": "API_TOO_MANY_CARDS_REQUESTED"})
    site.sandbox.fault("trello", r"cards=all|limit=(1000|500)\b", times=None, status=403, body=refusal)
    pages = site.pull(board)
    assert {record.remote_id for record in records(pages)} == made
    assert len(pages[0].records) == 250


def test_a_refusal_that_is_no_matter_of_size_is_not_asked_again_in_halves(site):
    board = site.board()
    site.sandbox.fault("trello", "/1/boards", times=None, status=403, body="Forbidden")
    (page,) = site.pull(board)
    assert isinstance(page.error, Refused)
    assert len(site.lines()) == 1


def test_a_repeated_page_is_an_error_and_no_endless_read(site):
    board = site.board()
    for number in range(1100):
        site.card(board, f"Card {number}")
    newest = json.dumps([{"id": card} for card in sorted(site.state.cards)[-3:]])
    site.sandbox.fault("trello", "before=", times=None, status=200, body=newest)
    pages = list(islice(site.connector().pull([Want(site.scope(board))], frozenset()), 5))
    assert [type(page.error) for page in pages] == [type(None), Broken]


@pytest.mark.parametrize(
    "body",
    [
        *("", "[]", "{}", "<html>down</html>", '{"id": "5a1532fe1a583c9b3bb5bc8b"}'),
        '{"id": "BOARD", "lists": []}',
        '{"id": "BOARD", "cards": []}',
        '{"id": "another board", "lists": [], "cards": []}',
    ],
)
def test_an_empty_or_odd_answer_is_an_error_and_never_an_empty_board(site, body):
    board = site.board()
    site.card(board)
    site.sandbox.fault("trello", "cards=all", times=None, status=200, body=body.replace("BOARD", board.id))
    (page,) = site.pull(board)
    assert isinstance(page.error, Broken)
    assert not page.last


@pytest.mark.parametrize("kind", ["cut", "lost", "dropped"])
def test_a_broken_connection_during_a_read_is_made_good_by_asking_again(site, kind, monkeypatch):
    monkeypatch.setattr("syncbot.transport.policy.FIRST_PAUSE", 0.001)
    board = site.board()
    site.card(board, "Refunds " * 200)
    site.sandbox.fault("trello", "cards=all", kind)
    assert len(records(site.pull(board))) == 1


def test_a_board_that_fails_leaves_the_others_alone(site, monkeypatch):
    monkeypatch.setattr("syncbot.transport.policy.FIRST_PAUSE", 0.001)
    fine, broken, gone = site.board("Fine"), site.board("Broken"), site.board("Gone")
    site.card(fine, "Refunds")
    del site.state.boards[gone.id]
    site.sandbox.fault("trello", broken.id, times=None, status=500)
    pages = {page.scope: page for page in site.pull(fine, broken, gone)}
    assert [record.title for record in pages[fine.id].records] == ["Refunds"]
    assert isinstance(pages[broken.id].error, Unreachable)
    assert isinstance(pages[gone.id].error, Missing)


def test_a_board_that_fails_inside_a_batch_leaves_the_others_alone(site):
    fine, gone, hidden = site.board("Fine"), site.board("Gone"), site.board("Hidden", permission="private")
    first = site.pull(fine, gone, hidden)
    del site.state.boards[gone.id]
    del hidden.roles[site.bot.id]
    wants = [Want(site.scope(board), first[0].cursor) for board in (fine, gone, hidden)]
    pages = {page.scope: page for page in site.pull(*wants)}
    assert pages[fine.id].error is None
    assert isinstance(pages[gone.id].error, Missing)
    assert isinstance(pages[hidden.id].error, Refused)


def test_a_batch_that_answers_for_some_boards_only_is_used_for_none(site):
    boards = [site.board("One"), site.board("Two")]
    wants = [site.again(page) for page in site.pull(*boards)]
    site.sandbox.fault("trello", "/1/batch", times=None, status=200, body='[{"200": {"id": "5a"}}]')
    assert [type(page.error) for page in site.pull(*wants)] == [Broken, Broken]


def test_a_filter_is_refused_by_name_since_trello_has_none(site):
    board = site.board()
    (page,) = site.pull(Want(site.scope(board), where="label = x"))
    assert isinstance(page.error, ToolError)
    assert "`where`" in str(page.error)
    assert site.lines() == []


def test_since_leaves_out_what_has_not_changed_after_that_day(site):
    board = site.board()
    site.card(board, "old").active = datetime(2025, 12, 31, 23, 59, tzinfo=UTC)
    site.card(board, "new").active = datetime(2026, 1, 1, tzinfo=UTC)
    assert [record.title for record in records(site.pull(Want(site.scope(board), since="2026-01-01")))] == ["new"]


def test_a_cursor_of_another_version_means_reading_in_full(site):
    board = site.board()
    site.card(board)
    (page,) = site.pull(Want(site.scope(board), cursor="[1, 2]"))
    assert page.full
    assert len(page.records) == 1


def test_a_card_with_our_marker_says_who_made_it_and_others_cost_nothing(site):
    board = site.board()
    site.card(board, "plain")
    marked = site.card(board, "Alignment report", desc="Hello\n\nsyncbot:v1:0123456789abcdef")
    report = {record.title: record for record in records(site.pull(board))}["Alignment report"]
    assert report.marker == "syncbot:v1:0123456789abcdef"
    assert report.creator is None  # its history no longer says
    assert [line.partition("?")[0] for line in site.lines()][1:] == [f"GET /1/cards/{marked.id}/actions"]


def test_a_card_that_is_hidden_from_us_is_left_out_when_it_is_read_again(site):
    board, hidden = site.board("Roadmap"), site.board("Secret", permission="private")
    seen, taken = site.card(board, "Seen"), site.card(board, "Taken away")
    (page,) = site.pull(board)
    taken.board = hidden.id
    del hidden.roles[site.bot.id]
    found = site.connector().again([site.again(page)], {board.id: [seen.id, taken.id]}, frozenset())
    assert [record.title for record in found.records] == ["Seen"]


def test_many_boards_are_read_at_once_and_each_to_its_end(site):
    boards = [site.board(f"Board {number}") for number in range(25)]
    made = {site.card(board, board.name).id for board in boards for _ in range(3)}
    pages = site.pull(*boards)
    assert {record.remote_id for record in records(pages)} == made
    assert sorted(page.scope for page in pages if page.last) == sorted(board.id for board in boards)


def test_reading_twice_gives_the_same(site):
    board = site.board()
    for number in range(5):
        site.card(board, f"Card {number}", members=[site.ada.id])
    once, twice = (site.pull(board, fields=ALL) for _ in range(2))
    assert [(page.records, page.cursor) for page in once] == [(page.records, page.cursor) for page in twice]
