"""Trello's REST API over the world's boards."""

from syncbot.sandbox.http import Answer, Tool
from syncbot.sandbox.trello import batch, boards, cards, checklists
from syncbot.sandbox.trello.access import check

TOOL = Tool(
    "trello",
    check,
    (*boards.ENDPOINTS, *cards.ENDPOINTS, *checklists.ENDPOINTS, *batch.ENDPOINTS),
    Answer("Cannot find that route", 404),
)
