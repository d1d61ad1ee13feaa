"""What is made of Trello's JSON, odd values and all."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.trello.records import Words
from connectors.trello.wire import Card, parse
from syncbot.connector import instant
from syncbot.errors import Broken
from syncbot.texts import marker_of
from tests.decoding import decode_board, decode_cards

ALL = frozenset({"members", "due", "start", "name", "f1"})
BARE = Words("b1", {}, {}, {})
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = [field.encode_name for field in msgspec.structs.fields(Card) if not field.required]


def decoded(*cards: dict) -> list:
    return list(decode_cards(json.dumps(cards).encode(), BARE, ALL))


@pytest.mark.parametrize(
    "odd",
    [
        {"due": 20261201},
        {"due": "no date"},
        {"start": ["2026-12-01"]},
        {"desc": None},
        {"idMembers": None},
        {"idMembers": "ada"},
        {"labels": [{"name": "no id"}, "5a5a"]},
        {"labels": {}},
        {"labels": {"id": "5a5a", "name": "no list"}},
        {"attachments": [{"url": 7}, {"url": None}, {}]},
        {"customFieldItems": [{"idCustomField": "f1", "value": {"number": "many"}}, {"value": None}]},
        {"customFieldItems": [{"idCustomField": "f1", "value": {"number": "nan"}}]},
        {"customFieldItems": [{"idCustomField": "f1", "value": {"date": "soon"}}]},
        {"customFieldItems": [{"idCustomField": "f1", "idValue": "an option that is no more", "value": None}]},
        {"dateLastActivity": None},
        {"dateLastActivity": 0},
        {"pos": "16384"},
        {"dueComplete": None},
        {"closed": "false"},
        {"badges": 5, "cover": "red", "somethingNew": {"deep": []}},
    ],
)
def test_one_odd_value_costs_itself_and_not_the_card_nor_the_page(odd):
    fine = {"id": "64098772e6751c75dc0dc6f7", "name": "Fine", "due": "2026-12-01T09:00:00.000Z", "idMembers": ["ada"]}
    strange = {"id": "64098772e6751c75dc0dc6f6", "name": "Odd", "shortLink": "AbCd1234", **odd}
    first, second = decoded(strange, fine)
    assert (first.title, first.ref) == ("Odd", "AbCd1234")
    assert first.fields in ({"name": "Odd"}, {"name": "Odd", "members": ("ada",)})
    assert second.fields == {"name": "Fine", "members": ("ada",), "due": "2026-12-01T09:00:00.000Z"}


@pytest.mark.parametrize(
    "raw", [b"", b"[", b'[{"id": "5a"', b'[{"name": "no id"}]', b'[{"id": null}]', b"{}", b'{"id": "5a"}', b"[7]"]
)
def test_a_page_that_is_cut_off_or_nameless_is_refused_as_a_whole(raw):
    with pytest.raises(Broken, match="nothing of it was used"):
        parse(raw, list[Card])


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (b"cut emoji \\ud83d", "cut emoji \ufffd"),
        (b"\\ude42 and \\ud83d\\ude42", "\ufffd and \U0001f642"),
        (b"latin \xe9", "latin \ufffd"),
        (b"zero \\u0000\\u0000", "zero \ufffd\ufffd"),
        (b"of \\\\u0000 they say", "of \\u0000 they say"),
    ],
)
def test_text_that_is_no_unicode_costs_only_its_characters(name, kept):
    raw = b'[{"id": "5a", "name": "' + name + b'", "due": "2026-12-01T09:00:00.000Z"}, {"id": "5b", "name": "Fine"}]'
    first, second = decode_cards(raw, BARE, ALL)
    assert (first.title, first.fields["due"], second.title) == (kept, "2026-12-01T09:00:00.000Z", "Fine")


def test_the_moment_of_creation_is_read_from_the_id():
    assert [one.created for one in decoded({"id": "64098772e6751c75dc0dc6f6"}, {"id": "not hex at all"})] == [
        "2023-03-09T07:14:58.000Z",
        None,
    ]


def test_a_card_without_any_activity_changed_when_it_was_made():
    (record,) = decoded({"id": "64098772e6751c75dc0dc6f6", "dateLastActivity": None})
    assert record.changed == record.created


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2019-09-16T16:19:17.156Z", "2019-09-16T16:19:17.156Z"),
        ("2019-09-16T16:19:17Z", "2019-09-16T16:19:17.000Z"),
        ("2019-09-16T18:19:17.156+02:00", "2019-09-16T16:19:17.156Z"),
        ("2019-09-16", "2019-09-16T00:00:00.000Z"),
        ("2019-13-45T00:00:00.000Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
        (None, None),
    ],
)
def test_instants_are_brought_into_one_form(text, meant):
    assert instant(text) == meant


@pytest.mark.parametrize(
    ("desc", "marker"),
    [
        ("Hello\n\nsyncbot:v1:00ff", "syncbot:v1:00ff"),
        ("syncbot:v1:00ff\r\n\r\nadded by a person", "syncbot:v1:00ff"),
        ("syncbot:v1:00ff\nsyncbot:v1:11ee", "syncbot:v1:11ee"),
        ("see syncbot:v1:00ff there", None),
        ("syncbot:v2:00ff", None),
        ("syncbot:v1:", None),
        ("", None),
    ],
)
def test_the_marker_is_a_line_of_its_own(desc, marker):
    assert marker_of(desc) == marker


def test_a_board_with_an_odd_list_keeps_its_cards():
    raw = {
        "id": "b1",
        "lists": [{"id": "l1", "name": None}, {"name": "no id"}],
        "cards": [{"id": "c1", "idList": "l1"}],
    }
    board, (record,) = decode_board(json.dumps(raw).encode(), ALL)
    assert [one.id for one in board.lists] == ["l1"]
    assert record.places[0].section.id == "l1"


def test_an_attached_address_is_a_reference_and_an_uploaded_file_is_not():
    urls = [
        "https://example.atlassian.net/browse/PAY-1",
        "HTTPS://trello.com/c/AbCd1234",
        "https://trello.com/1/cards/5a/attachments/5b/download/x.mp4",
        "https://trello-attachments.s3.amazonaws.com/5a/5b/x.png",
        "javascript:alert(1)",
        "https://with space.example",
    ]
    (record,) = decoded({"id": "c1", "attachments": [{"url": url} for url in urls]})
    assert [one.target for one in record.references] == urls[:2]


@given(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=6), st.dictionaries(st.sampled_from(NAMES), JSON))
def test_whatever_stands_in_a_cards_fields_it_becomes_a_record(one, other):
    found = decoded({**one, "id": "64098772e6751c75dc0dc6f6"}, {**other, "id": "64098772e6751c75dc0dc6f7"})
    assert [record.remote_id[-1] for record in found] == ["6", "7"]
    assert all(isinstance(record.title, str) and record.changed.endswith("Z") for record in found)


@given(JSON)
def test_whatever_is_answered_is_cards_or_an_error(answer):
    try:
        found = decode_cards(json.dumps(answer).encode(), BARE, ALL)
    except Broken:
        return
    assert isinstance(answer, list)
    assert len(found) == len(answer)
