"""Real answers of Trello, replayed through the connector's own decoding and counted again with plain JSON.

``pytest tests/connectors/trello/test_replay.py -rP`` prints the table.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from connectors.trello.records import Words
from connectors.trello.wire import Action, Board, Checklist, CustomField, Label, List, Member, parse
from syncbot import mapping
from syncbot.model import Field, Record, Scope, Term, Vocabulary
from tests.decoding import decode_board, decode_cards
from tests.shared import SHARED, shared

# How people read the lists of the two exports; the others mean nothing to the preset.
READ_AS = {"Product Backlog": "planned", "Sprint Backlog": "ready", "Doing": "doing", "Review": "doing", "Done": "done"}
ALL = frozenset({"members", "due", "start", "name"})
FILES = sorted(path.relative_to(SHARED).as_posix() for path in (SHARED / "payloads/trello").rglob("*.json*"))
OTHERS = {
    "boards_": Board,
    "GetBoardExample": Board,
    "Objects_Board": Board,
    "lists_": List,
    "GetList": List,
    "lists.jsonl": List,
    "labels": Label,
    "GetLabels": Label,
    "members": Member,
    "Members": Member,
    "customFields": CustomField,
    "GetCustomField": CustomField,
    "checklists_checklist": Checklist,
    "Checklists": Checklist,
    "check_items.jsonl": Checklist,
    "actions": Action,
    "BoardActions": Action,
}


def rows(raw: bytes, name: str) -> Any:
    """What a file holds: JSON, or the ``data`` of each line of a JSONL file."""
    return [json.loads(line)["data"] for line in raw.splitlines()] if name.endswith(".jsonl") else json.loads(raw)


def cards_of(found: Any) -> list[dict[str, Any]] | None:
    """The cards of a file that holds cards; None for any other."""
    if isinstance(found, dict) and "idList" in found:
        return [found]
    if isinstance(found, dict) and isinstance(found.get("cards"), list):
        return found["cards"]
    if isinstance(found, list) and found and all("idList" in one for one in found):
        return found
    return None


def plainly(cards: list[dict[str, Any]], closed_lists: set[str]) -> Counter:
    """Counts of the raw JSON, made without any of the connector's types."""
    return Counter(
        {
            "records": len(cards),
            "archived": sum(bool(card.get("closed")) or card.get("idList") in closed_lists for card in cards),
            "members": sum(bool(card.get("idMembers")) for card in cards),
            "due": sum(card.get("due") is not None for card in cards),
            "start": sum(card.get("start") is not None for card in cards),
            "complete": sum(card.get("dueComplete") is True for card in cards),
            "labels": sum(len(card.get("labels") or []) for card in cards),
            "described": sum(bool((card.get("desc") or "").strip()) for card in cards),
            "templates": sum(card.get("isTemplate") is True for card in cards),
            "creators": sum(card.get("idMemberCreator") is not None for card in cards),
            "links": sum(
                not entry.get("isUpload") for card in cards for entry in card.get("attachments") or [] if entry["url"]
            ),
        }
    )


def decoded(records: tuple[Record, ...]) -> Counter:
    """The same counts, of records."""
    return Counter(
        {
            "records": len({record.remote_id for record in records}),
            "archived": sum(record.archived for record in records),
            "members": sum("members" in record.fields for record in records),
            "due": sum("due" in record.fields for record in records),
            "start": sum("start" in record.fields for record in records),
            "complete": sum(bool(record.complete) for record in records),
            "labels": sum(len(record.labels) for record in records),
            "described": sum(bool(record.description_words) for record in records),
            "templates": sum(record.type is not None for record in records),
            "creators": sum(record.creator is not None for record in records),
            "links": sum(len(record.references) for record in records),
        }
    )


@pytest.mark.parametrize("name", FILES or ["payloads/trello"])
def test_a_real_answer_counts_as_it_does_in_plain_json(name: str) -> None:
    raw = shared(name).read_bytes()
    found = rows(raw, name)
    cards = cards_of(found)
    if cards is None:
        kind = next((kind for part, kind in OTHERS.items() if part in name.rpartition("/")[2]), None)
        kept = parse(json.dumps(found if isinstance(found, list) else [found]).encode(), list[kind]) if kind else []
        if kind and not name.endswith("deleted.json"):
            assert len(kept) == (len(found) if isinstance(found, list) else 1)
        sys.stdout.write(f"{name}: no cards; {len(kept)} {kind.__name__ if kind else 'not read by the connector'}\n")
        return
    if "boards/" in name:
        records = decode_board(raw, ALL)[1]
        closed = {one["id"] for one in found["lists"] if one["closed"]}
    else:
        records = decode_cards(json.dumps(cards).encode(), Words("board", {}, {}, {}), ALL)
        closed = set()
    counted = decoded(records)
    sys.stdout.write(f"{name}: {', '.join(f'{count} {what}' for what, count in counted.items())}\n")
    assert counted == plainly(cards, closed)
    assert [(one.remote_id, one.title) for one in records] == [(card["id"], card.get("name", "")) for card in cards]


@pytest.mark.parametrize("name", ["alyei", "humberto-zayas"])
def test_a_board_export_keeps_every_list_and_label_by_its_name(name: str) -> None:
    path: Path = shared(f"payloads/trello/boards/{name}.json")
    found = json.loads(path.read_bytes())
    _, records = decode_board(path.read_bytes(), ALL)
    lists = {one["id"]: one["name"] for one in found["lists"]}
    assert [one.places[0].section.name for one in records] == [lists[card["idList"]] for card in found["cards"]]
    assert Counter(label.name for one in records for label in one.labels) == Counter(
        label["name"] or label["color"] for card in found["cards"] for label in card["labels"]
    )
    assert all(one.changed.endswith("Z") and one.created <= one.changed for one in records)


@pytest.mark.parametrize("name", ["alyei", "humberto-zayas"])
def test_a_board_export_reads_through_the_preset_as_it_does_by_hand(name: str) -> None:
    raw = shared(f"payloads/trello/boards/{name}.json").read_bytes()
    board, records = decode_board(raw, ALL)
    resolved = mapping.resolve(
        mapping.load(mapping.preset("trello")),
        Vocabulary(
            (Field("members", "Members", "people"), Field("due", "Due date", "instant")),
            tuple(Term("list", one.id, one.name, board.id) for one in board.lists or ())
            + tuple(Term("label", one.id, one.name or one.color or "", board.id) for one in board.labels),
        ),
        connection="roadmap",
        scopes=(Scope(board.id, board.short_link, board.name),),
        side=None,
        scope_sides={},
        kept={},
        timezone="UTC",
        home_order=(board.id,),
    )
    mapped = [mapping.apply(resolved, record, frozenset()) for record in records]
    items = [one.item for one in mapped if one.item]
    cards = json.loads(raw)["cards"]
    lists = {one["id"]: one["name"] for one in json.loads(raw)["lists"]}
    by_hand = {card["id"]: _status_by_hand(card, READ_AS.get(lists[card["idList"]])) for card in cards}
    sys.stdout.write(f"{name}: {Counter((one.kind, one.status) for one in items)}\n")
    assert {one.remote_id: one.status for one in items} == by_hand
    assert {one.kind for one in items} == {"feature"}
    assert sum(one.owner is not None for one in items) == sum(len(card["idMembers"]) == 1 for card in cards)
    assert sum(one.due_on is not None for one in items) == sum(card["due"] is not None for card in cards)
    assert [len(one.assignees) for one in mapped if one.item] == [len(card["idMembers"]) for card in cards]
    assert all(one.home_scope == board.id for one in items)


def _status_by_hand(card: dict[str, Any], read_as: str | None) -> str:
    if card["dueComplete"] or read_as == "done":
        return "done"
    return "dropped" if card["closed"] else read_as or "planned"
