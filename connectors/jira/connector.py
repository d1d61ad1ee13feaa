"""Jira as the contract asks for it, Cloud or Data Center; the work is done in the modules beside this one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from connectors.jira import comments, containers, report, site, vocabulary
from connectors.jira.client import Client
from connectors.jira.fates import fates, renamed
from connectors.jira.history import history
from connectors.jira.pull import again, census, pull, size
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
from syncbot.errors import ToolError
from syncbot.model import Account, Board, Scope, Sprint, Vocabulary
from syncbot.transport import Room, Transport


class Jira:
    """A connection to one Jira site. ``transport``: another policy than the usual one."""

    def __init__(self, settings: Settings, transport: Transport | None = None) -> None:
        self._client = Client(settings, transport)

    def probe(self) -> Probe:
        """See `syncbot.connector.Connector`."""
        return site.probe(self._client)

    def scopes(self) -> tuple[Scope, ...]:
        """All projects, by id, key and name."""
        return site.scopes(self._client.known())

    def describe(self, scopes: Sequence[Scope]) -> Vocabulary:
        """Fields with fill rates and samples; types, statuses, priorities, resolutions and link types."""
        return vocabulary.describe(self._client.known(), scopes)

    def pull(self, wants: Sequence[Want], fields: frozenset[str]) -> Iterator[Page]:
        """Read issues: one search for all projects that have a cursor, one each for the others, several at once."""
        return pull(self._client, wants, fields, lambda: site.look(self._client, fields))

    def size(self, wants: Sequence[Want]) -> int | None:
        """As Jira's index counts them, two hundred projects a request."""
        return size(self._client.known(), wants)

    def again(self, wants: Sequence[Want], remote_ids: Mapping[str, Sequence[str]], fields: frozenset[str]) -> Again:
        """These issues as they are now: a hundred a request."""
        return again(self._client.known(), wants, remote_ids, fields, lambda: site.look(self._client, fields))

    def containers(self, scopes: Sequence[Scope]) -> Containers:
        """Sprints and versions."""
        return containers.containers(self._client.known(), scopes)

    def sprints(self, boards: Sequence[Board]) -> tuple[tuple[Sprint, ...] | ToolError, ...]:
        """The active and the future ones."""
        return containers.open_sprints(self._client.known(), boards)

    def members(self, sprints: Sequence[str]) -> tuple[frozenset[str] | ToolError, ...]:
        """Their issues: a search for ids each."""
        return containers.members(self._client.known(), sprints)

    def accounts(self, scopes: Sequence[Scope], known: frozenset[str]) -> tuple[Account, ...]:
        """The people that issues can be assigned to, and those of ``known`` that still exist."""
        return site.accounts(self._client.known(), scopes, known)

    def history(self, wants: Sequence[Lookback], fields: frozenset[str]) -> Iterator[History]:
        """The changelogs of these issues: two hundred a request on Cloud, fifty on Data Center."""
        return history(self._client.known(), wants, fields)

    def census(self, want: Want) -> frozenset[str]:
        """The ids of all issues of the project."""
        return census(self._client.known(), want)

    def fates(self, want: Want, remote_ids: Collection[str]) -> dict[str, Fate]:
        """Whether these issues are in another project, or not to be found at all."""
        return fates(self._client.known(), want, remote_ids)

    def renamed(self, keys: Collection[str], /) -> dict[str, tuple[str, str]]:
        """Issues that were moved to another project: Jira answers for an old key with the issue as it is now."""
        return renamed(self._client.known(), keys)

    def find(self, target: Target, marker: str, authors: frozenset[str]) -> Found | None:
        """The report with this mark."""
        return report.find(self._client.known(), target, marker, authors)

    def obstacles(self, target: Target) -> tuple[str, ...]:
        """What is missing for a report in that project: permissions, or the issue type."""
        return report.obstacles(self._client.known(), target)

    def answers(self, remote_id: str, cursor: str | None) -> Answers:
        """The comments on the report."""
        return comments.answers(self._client.known(), remote_id, cursor)

    def apply(self, write: Write) -> Written:
        """Make or update the report."""
        return report.apply(self._client.known(), write)

    def room(self) -> tuple[Room, ...]:
        """What is left of the limits at this moment."""
        return self._client.room()

    def hurry(self) -> None:
        """Wait for no limit any more."""
        self._client.hurry()

    def close(self) -> None:
        """Let go of all connections."""
        self._client.close()
