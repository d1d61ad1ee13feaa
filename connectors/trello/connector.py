"""Trello as the contract asks for it; the work is done in the modules beside this one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from connectors.trello import describe, pull, report, talk
from connectors.trello.api import connect_api
from connectors.trello.fates import fates
from connectors.trello.history import history
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


class Trello:
    """One connection to Trello; see `syncbot.connector.Connector` for what each call promises."""

    def __init__(self, settings: Settings) -> None:
        self._api = connect_api(settings)
        self._width = settings.concurrency
        self._pool = ThreadPoolExecutor(settings.concurrency, thread_name_prefix="trello")

    def probe(self) -> Probe:
        """Who the token belongs to, in which time zone, and its role on each open board."""
        return describe.probe(self._api)

    def scopes(self) -> tuple[Scope, ...]:
        """Every board of this member, closed ones too."""
        return describe.scopes(self._api)

    def describe(self, scopes: Sequence[Scope]) -> Vocabulary:
        """The fields, lists and labels of these boards, one request a board."""
        return describe.describe(self._api, self._pool, scopes)

    def pull(self, wants: Sequence[Want], fields: frozenset[str]) -> Iterator[Page]:
        """The cards of these boards, all of them where a board changed and none where it did not."""
        return pull.pull(self._api, self._width, wants, fields)

    def size(self, wants: Sequence[Want]) -> int | None:
        """Unknown: Trello does not count cards."""
        return None if wants else 0

    def again(self, wants: Sequence[Want], remote_ids: Mapping[str, Sequence[str]], fields: frozenset[str]) -> Again:
        """These cards as they are now, ten a request, and one more for each of their boards."""
        return pull.again(self._api, wants, remote_ids, fields)

    def containers(self, scopes: Sequence[Scope]) -> Containers:
        """The lists of these boards."""
        return describe.containers(self._api, scopes)

    def sprints(self, _boards: Sequence[Board]) -> tuple[tuple[Sprint, ...], ...]:
        """None: Trello has no sprints of its own."""
        return ()

    def members(self, _sprints: Sequence[str]) -> tuple[frozenset[str], ...]:
        """None: Trello has no sprints of its own."""
        return ()

    def accounts(self, scopes: Sequence[Scope], known: frozenset[str]) -> tuple[Account, ...]:
        """The members of these boards, and those of ``known`` who have left them."""
        return describe.accounts(self._api, scopes, known)

    def history(self, wants: Sequence[Lookback], fields: frozenset[str]) -> Iterator[History]:  # noqa: ARG002 - actions tell of a few fields, which are always wanted
        """The actions of these boards since they were last read, a thousand a request."""
        return history(self._api, self._width, wants)

    def census(self, want: Want) -> frozenset[str]:
        """The ids of all cards of a board."""
        return pull.census(self._api, want)

    def fates(self, want: Want, remote_ids: Collection[str]) -> dict[str, Fate]:
        """Whether these cards are on another board, hidden or deleted."""
        return fates(self._api, want, remote_ids)

    def renamed(self, _: Collection[str], /) -> dict[str, tuple[str, str]]:
        """None: a card's short link is the same for ever."""
        return {}

    def find(self, target: Target, marker: str, authors: frozenset[str]) -> Found | None:
        """The report card with this marker that we made."""
        return report.find(self._api, target, marker, authors)

    def obstacles(self, target: Target) -> tuple[str, ...]:
        """What is missing for a report card on that board: a role that can edit, an open list."""
        return report.obstacles(self._api, target)

    def answers(self, remote_id: str, cursor: str | None) -> Answers:
        """The comments on the report card, and the ticks in its checklists."""
        return talk.answers(self._api, remote_id, cursor)

    def apply(self, write: Write) -> Written:
        """Make the report card say what the write says."""
        return report.apply(self._api, write)

    def room(self) -> tuple[Room, ...]:
        """What is left of the limits at this moment."""
        return self._api.room()

    def hurry(self) -> None:
        """Wait for no limit any more."""
        self._api.hurry()

    def close(self) -> None:
        """Let go of connections and threads; what is on its way is given up."""
        self._api.close()
        self._pool.shutdown(cancel_futures=True)
