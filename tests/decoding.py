"""Answers of the tools as they are recorded and documented, made into records the way that reading does it."""

from __future__ import annotations

import msgspec

from connectors.asana import records as asana
from connectors.asana import wire as asana_wire
from connectors.jira import wire as jira_wire
from connectors.jira.records import Reader
from connectors.trello import records as trello
from connectors.trello import wire as trello_wire
from syncbot.model import Record


class _Tasks(msgspec.Struct):
    """A page of tasks, recorded without what tells of the next one."""

    data: list[asana_wire.Task]


def decode_tasks(raw: bytes, scope: str, wanted: frozenset[str]) -> tuple[Record, ...]:
    """The records of a page of tasks, as ``GET /projects/{gid}/tasks`` answers, or of one task."""
    if raw.lstrip()[:60].replace(b" ", b"").replace(b"\n", b"").startswith(b'{"data":{'):
        return asana.records([asana_wire.parse(raw, asana_wire.One[asana_wire.Task]).data], scope, {}, wanted)
    return asana.records(asana_wire.parse(raw, _Tasks).data, scope, {}, wanted)


def decode_board(raw: bytes, wanted: frozenset[str]) -> tuple[trello_wire.Board, tuple[Record, ...]]:
    """A board as ``GET /boards/{id}`` answers with its parts nested, or as an export, and the records of its cards."""
    board = trello_wire.parse(raw, trello_wire.Board)
    return board, trello.records(board.cards or (), trello.words(board), wanted)


def decode_cards(raw: bytes, known: trello.Words, wanted: frozenset[str]) -> tuple[Record, ...]:
    """The records of a page of cards, as ``GET /boards/{id}/cards`` answers."""
    return trello.records(trello_wire.parse(raw, list[trello_wire.Card]), known, wanted)


def decode_issues(raw: bytes, lens: jira_wire.Lens) -> tuple[Record, ...]:
    """The records of the issues of an answer: a page of a search or of the agile API's issue lists."""
    return Reader(lens).records(jira_wire.parse_page(raw, lens, "Jira").issues)
