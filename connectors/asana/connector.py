"""Asana as the contract asks for it; the work is done in the modules beside this one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from connectors.asana import describe, news, pull, report, talk
from connectors.asana.api import WIDEST, connect_api
from connectors.asana.fates import fates
from connectors.asana.history import history
from syncbot.connector import (
    Again,
    Answers,
    Containers,
    Fate,
    Found,
    History,
    Lookback,
    Page,
    Probe,
    Settings,
    Target,
    Want,
    Write,
    Written,
)
from syncbot.model import Account, Board, Scope, Sprint, Vocabulary
from syncbot.transport import Room


class Asana:
    """One connection to Asana; see `syncbot.connector.Connector` for what each call promises."""

    def __init__(self, settings: Settings) -> None:
        self._api = connect_api(settings)
        self._width = min(settings.concurrency, WIDEST)

    def probe(self) -> Probe:
        """Who the token belongs to, and in which workspaces."""
        return describe.probe(self._api)

    def scopes(self) -> tuple[Scope, ...]:
        """Every project of the account's workspaces, archived ones too."""
        return describe.scopes(self._api)

    def describe(self, scopes: Sequence[Scope]) -> Vocabulary:
        """The fields, sections and tags of these projects, ten projects a request."""
        return describe.describe(self._api, scopes)

    def pull(self, wants: Sequence[Want], fields: frozenset[str]) -> Iterator[Page]:
        """The tasks of these projects: all of them at first, then those that Asana's events name."""
        return pull.pull(self._api, self._width, wants, fields)

    def size(self, wants: Sequence[Want]) -> int | None:
        """Unknown: Asana counts the tasks of one project a request."""
        return None if wants else 0

    def again(self, wants: Sequence[Want], remote_ids: Mapping[str, Sequence[str]], fields: frozenset[str]) -> Again:
        """These tasks as they are now, ten a request."""
        return pull.again(self._api, wants, remote_ids, fields)

    def containers(self, scopes: Sequence[Scope]) -> Containers:
        """The sections of these projects."""
        return describe.containers(self._api, scopes)

    def sprints(self, _boards: Sequence[Board]) -> tuple[tuple[Sprint, ...], ...]:
        """None: Asana has no sprints of its own."""
        return ()

    def members(self, _sprints: Sequence[str]) -> tuple[frozenset[str], ...]:
        """None: Asana has no sprints of its own."""
        return ()

    def accounts(self, scopes: Sequence[Scope], known: frozenset[str]) -> tuple[Account, ...]:
        """The people of the account's workspaces, and those of ``known`` who have left them."""
        return describe.accounts(self._api, scopes, known)

    def history(self, wants: Sequence[Lookback], fields: frozenset[str]) -> Iterator[History]:
        """The stories of these tasks, ten tasks a request."""
        return history(self._api, wants, fields)

    def census(self, want: Want) -> frozenset[str]:
        """The ids of all tasks of a project and of those below them."""
        return pull.census(self._api, want)

    def fates(self, want: Want, remote_ids: Collection[str]) -> dict[str, Fate]:
        """Whether these tasks are in another project, hidden or deleted."""
        return fates(self._api, want, remote_ids)

    def renamed(self, _: Collection[str], /) -> dict[str, tuple[str, str]]:
        """None: a task's id is the same for ever."""
        return {}

    def find(self, target: Target, marker: str, authors: frozenset[str]) -> Found | None:
        """The report task, or the status update, with this marker that we made."""
        if target.edition:
            return news.find(self._api, target, marker, authors)
        return report.find(self._api, target, marker, authors)

    def obstacles(self, target: Target) -> tuple[str, ...]:
        """What is missing for a report task in that project: the right to edit, the section."""
        return describe.obstacles(self._api, target)

    def answers(self, remote_id: str, cursor: str | None) -> Answers:
        """The comments on the report task."""
        return talk.answers(self._api, remote_id, cursor)

    def apply(self, write: Write) -> Written:
        """Make the report task say what the write says, or post the news."""
        return news.apply(self._api, write) if write.target.edition else report.apply(self._api, write)

    def room(self) -> tuple[Room, ...]:
        """What is left of the limits at this moment."""
        return self._api.room()

    def hurry(self) -> None:
        """Wait for no limit any more."""
        self._api.hurry()

    def close(self) -> None:
        """Let go of connections and threads; what is on its way is given up."""
        self._api.close()
