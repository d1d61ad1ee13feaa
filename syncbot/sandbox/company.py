"""The payments company of the sandbox."""

from __future__ import annotations

from datetime import datetime

from syncbot.sandbox.world import (
    JiraState,
    JiraUser,
    TrelloBoard,
    TrelloList,
    TrelloMember,
    TrelloState,
    World,
)

JIRA_USER, JIRA_TOKEN = "bot@payments.example", "jira-sandbox-token"
TRELLO_KEY, TRELLO_TOKEN = "trello-sandbox-key", "trello-sandbox-token"


def found(*, seed: int, now: datetime, items: int, jira: str, trello: str) -> World:
    """The world: the same for the same arguments."""
    world = World(now, JiraState(jira), TrelloState(trello))
    world.jira.users["bot"] = JiraUser("bot", "Sync Bot", JIRA_USER, timezone="America/Los_Angeles")
    world.jira.tokens[JIRA_USER] = (JIRA_TOKEN, "bot")
    state = world.trello
    ada = TrelloMember(state.next_id(now), "adapark", "Ada Park")
    bot = TrelloMember(state.next_id(now), "syncbot", "Sync Bot", "bot@payments.example")
    state.members = {ada.id: ada, bot.id: bot}
    state.tokens[(TRELLO_KEY, TRELLO_TOKEN)] = bot.id
    board = TrelloBoard(
        state.next_id(now), "Product roadmap", "RoAdMaP1", now, roles={ada.id: "admin", bot.id: "normal"}
    )
    state.boards[board.id] = board
    for place, name in enumerate(("Ideas", "Next", "Now", "Done", "Reports"), 1):
        made = TrelloList(state.next_id(now), board.id, name, 16384.0 * place)
        state.lists[made.id] = made
    return world
