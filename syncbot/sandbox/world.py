"""What the sandbox's tools hold: plain mutable state per tool, and the one clock that stamps every edit.

The vendor's own words and shapes are used (a Jira issue, a Trello card), because the HTTP routes, the mutations and the
pages for people all read and write this same state. What is here knows nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from syncbot.sandbox.asana_state import (
    AsanaEvent,
    AsanaField,
    AsanaGoal,
    AsanaOption,
    AsanaPortfolio,
    AsanaProject,
    AsanaSection,
    AsanaState,
    AsanaStatus,
    AsanaStory,
    AsanaTag,
    AsanaTask,
    AsanaTeam,
    AsanaUser,
)
from syncbot.sandbox.jira_state import (
    JiraBoard,
    JiraChange,
    JiraComment,
    JiraField,
    JiraIssue,
    JiraLink,
    JiraLinkType,
    JiraProject,
    JiraSprint,
    JiraState,
    JiraTeam,
    JiraUser,
    JiraVersion,
    JiraWord,
)
from syncbot.sandbox.trello_state import (
    TrelloAction,
    TrelloAttachment,
    TrelloBoard,
    TrelloCard,
    TrelloCheckItem,
    TrelloChecklist,
    TrelloField,
    TrelloLabel,
    TrelloList,
    TrelloMember,
    TrelloOption,
    TrelloState,
)

__all__ = [
    "AsanaEvent",
    "AsanaField",
    "AsanaGoal",
    "AsanaOption",
    "AsanaPortfolio",
    "AsanaProject",
    "AsanaSection",
    "AsanaState",
    "AsanaStatus",
    "AsanaStory",
    "AsanaTag",
    "AsanaTask",
    "AsanaTeam",
    "AsanaUser",
    "JiraBoard",
    "JiraChange",
    "JiraComment",
    "JiraField",
    "JiraIssue",
    "JiraLink",
    "JiraLinkType",
    "JiraProject",
    "JiraSprint",
    "JiraState",
    "JiraTeam",
    "JiraUser",
    "JiraVersion",
    "JiraWord",
    "TrelloAction",
    "TrelloAttachment",
    "TrelloBoard",
    "TrelloCard",
    "TrelloCheckItem",
    "TrelloChecklist",
    "TrelloField",
    "TrelloLabel",
    "TrelloList",
    "TrelloMember",
    "TrelloOption",
    "TrelloState",
    "World",
]

_SEARCHES = 20  # results that are kept, those asked for last


@dataclass(slots=True)
class World:
    """All tools and their clock. ``now`` stands still until `set_clock`; `stamp` still tells any two edits apart.

    ``version`` counts edits for ever, so that ``searches`` (results by account and query) are known to be stale.
    ``unindexed``: Jira issues that search does not know yet, which grows while ``indexing`` is off.
    """

    now: datetime
    jira: JiraState
    trello: TrelloState
    asana: AsanaState
    version: int = 0
    last: datetime | None = None
    indexing: bool = True
    unindexed: set[str] = field(default_factory=set)
    searches: dict[tuple[str, str], tuple[int, list[str]]] = field(default_factory=dict)

    def stamp(self) -> datetime:
        """The instant of the next edit: ``now``, or a millisecond after the edit before if that is later."""
        self.version += 1
        self.last = max(self.now, self.last + timedelta(milliseconds=1)) if self.last else self.now
        return self.last

    def search(self, account: str, query: str, run: Callable[[], list[str]], *, anew: bool) -> list[str]:
        """The ids that a search finds; ``anew``: of its first page. For the others they are kept until an edit."""
        kept = self.searches.pop((account, query), None)
        if anew or kept is None or kept[0] != self.version:
            kept = self.version, run()
        while len(self.searches) >= _SEARCHES:
            del self.searches[next(iter(self.searches))]
        self.searches[account, query] = kept
        return kept[1]

    def set_clock(self, now: datetime) -> None:
        """Move the clock; backwards, edits before and after can no longer be told apart by their times."""
        if now < self.now:
            self.last = None
        self.now = now
