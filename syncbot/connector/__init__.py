"""The contract between syncbot and a tool: what a connector can be asked, and the values that cross.

A connector knows its tool and this module, nothing else. It is made by ``connect(settings)`` of its module (see
``connectors/__init__.py``), speaks through `syncbot.transport`, raises only `syncbot.errors.ToolError` and its kinds,
and is used by one run at a time (it may use threads inside).
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from typing import Literal, Protocol, TypeVar

import msgspec

from syncbot.connector.forms import decode_cursor, encode_cursor, instant, written
from syncbot.connector.reports import Answer, Answers, Found, Target, Write, Written
from syncbot.errors import ToolError
from syncbot.model import (
    Account,
    Board,
    Container,
    Entry,
    Record,
    Scope,
    Sealed,
    Sprint,
    Struct,
    Vocabulary,
    opened,
)
from syncbot.transport.limits import Queues, Room

__all__ = [
    "Again",
    "Answer",
    "Answers",
    "Connector",
    "Containers",
    "Found",
    "History",
    "Lookback",
    "Module",
    "Page",
    "Probe",
    "Settings",
    "Target",
    "Want",
    "Write",
    "Written",
    "decode_cursor",
    "encode_cursor",
    "instant",
    "or_error",
    "written",
]

T = TypeVar("T")


class Settings(Struct, frozen=True):
    """What one connection's config says, with secrets already resolved. ``secrets`` never leaves the connector.

    ``patience``: how many seconds one request may wait because the tool asks us to, before it fails as Limited.
    ``queues``: what all connections of this process have sent, for those of one account are counted as one.
    """

    name: str
    tool: str
    url: str
    user: str | None
    secrets: dict[str, str]
    ca: str | None = None
    proxy: str | None = None
    concurrency: int = 10
    patience: float = 300.0
    queues: Queues = msgspec.field(default_factory=Queues)

    def __repr__(self) -> str:
        return f"Settings(name={self.name!r}, tool={self.tool!r}, url={self.url!r})"


class Probe(Struct, frozen=True):
    """Who we are on the tool. ``permissions``: names of what this account may do, as the tool calls them.

    ``deployment``: Cloud or Data Center; empty where a tool has only one.

    ``markup``: the native format of reports there, where the tool's name does not say it (`syncbot.report.NATIVE`).
    """

    account: Account
    deployment: str = ""
    timezone: str | None = None
    permissions: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    clock_skew_seconds: float | None = None
    markup: str | None = None


class Want(Struct, frozen=True):
    """One scope to read. ``cursor`` None: in full. ``where``: the admin's own filter; ``since``: a date (UTC).

    ``homes``: the remote ids of all scopes that are ever read, in the config's order, where those wanted are some of
    them: the first that holds an item is its home.
    """

    scope: Scope
    cursor: str | None = None
    where: str | None = None
    since: str | None = None
    homes: tuple[str, ...] = ()


class Page(Struct, frozen=True):
    """Some records of one scope, ``found`` as they come: many need not be made, for they are what they were.

    ``cursor`` is safe to keep once this page and all before it are stored; None: not yet.
    ``last`` marks the end of that scope's read, said by the API; ``full``: this read started without a cursor, so a
    scope whose last page has ``full`` has been read completely. A scope that fails yields ``error`` and nothing more.
    ``unread``: by remote id, why the tool cannot give a record that is there; it is put aside, and the read goes on.
    ``deleted``: what the tool's own history says was deleted, and that was not there when it was asked for by its id.
    """

    scope: str
    found: tuple[Record | Sealed, ...] = ()
    cursor: str | None = None
    last: bool = False
    full: bool = False
    error: Exception | None = None
    unread: dict[str, str] = {}
    deleted: tuple[str, ...] = ()

    @property
    def records(self) -> tuple[Record, ...]:
        """All of them, made."""
        return tuple(map(opened, self.found))


class Again(Struct, frozen=True):
    """Records that were asked for by their ids; ``unread`` as of a page."""

    records: tuple[Record, ...] = ()
    unread: dict[str, str] = {}


Fate = Literal["here", "moved", "hidden", "deleted", "gone"]
"""What became of a record that a census lacks. moved: it is there, and no longer in what is read of its scope; hidden:
it may not be seen; gone: deleted or hidden, and the tool does not say which."""


class Lookback(Struct, frozen=True):
    """Records of a scope whose history is wanted from a date (UTC) on: those that changed since it was last read.

    ``cursor``: how far the history of the scope was read, where the tool keeps one of all its records. ``new``: those
    of these records that were not known then, whose history may lie before it.
    """

    scope: Scope
    remote_ids: tuple[str, ...]
    since: str
    cursor: str | None = None
    new: frozenset[str] = frozenset()


class History(Struct, frozen=True):
    """Some of a scope's history. ``whole``: the records of which all is told that was asked for, once this is stored.

    ``unsure``: those of them of which the tool does not tell all in a way that can be understood, so that what they
    were cannot be known.
    ``hidden``: those whose history this account may not see; they are asked for again after a day.
    ``cursor`` is safe to keep then; None: not yet. A scope that fails yields ``error`` and nothing more.
    """

    scope: str
    entries: tuple[Entry, ...] = ()
    whole: tuple[str, ...] = ()
    unsure: frozenset[str] = frozenset()
    hidden: tuple[str, ...] = ()
    cursor: str | None = None
    error: Exception | None = None


class Containers(Struct, frozen=True):
    """What the scopes keep work in: sprints, versions, lists. ``errors``: by scope, what could not be read.

    ``boards``: those whose sprints may begin or end at any hour.
    """

    sprints: tuple[Sprint, ...] = ()
    containers: tuple[Container, ...] = ()
    errors: dict[str, Exception] = {}
    boards: tuple[Board, ...] = ()


class Connector(Protocol):
    """What every tool can be asked. Each call may raise a ToolError; none of them changes anything but `apply`."""

    def probe(self) -> Probe:
        """Say who we are, where, and what we may do. Raises Refused when the credential is wrong."""

    def scopes(self) -> tuple[Scope, ...]:
        """Every scope this account can see, archived ones included, in the tool's own order."""

    def describe(self, scopes: Sequence[Scope]) -> Vocabulary:
        """The fields and words of these scopes with ids and names, in a number of requests independent of items."""

    def pull(self, wants: Sequence[Want], fields: frozenset[str]) -> Iterator[Page]:
        """Read these scopes, several at once; only ``fields`` (field ids) beyond what every Record carries.

        A field's id with `syncbot.model.CHOICE` behind it asks for the id of the option that is chosen there.
        Pages of different scopes interleave. A failing scope yields one page with ``error`` and leaves the others
        alone. A read ends only when the API says so; a repeated token or a cut answer is an error of that scope.
        """

    def size(self, wants: Sequence[Want]) -> int | None:
        """About how many records reading these in full will give; None if the tool does not say it in few requests."""

    def again(self, wants: Sequence[Want], remote_ids: Mapping[str, Sequence[str]], fields: frozenset[str]) -> Again:
        """These records (by the scope that each was last in) as they are now, by their ids and in few requests.

        What is no longer there, hidden from us, or not to be read in any of the scopes of ``wants`` any more, is left
        out, and nothing else is: what cannot be told is an error, or unread.
        """

    def containers(self, scopes: Sequence[Scope]) -> Containers:
        """Sprints, versions and lists of these scopes."""

    def sprints(self, boards: Sequence[Board]) -> tuple[tuple[Sprint, ...] | ToolError, ...]:
        """For each board, in their order: the sprints that were made on it and are open or to come, in a request.

        A board that cannot be asked costs only its own.
        """

    def members(self, sprints: Sequence[str]) -> tuple[frozenset[str] | ToolError, ...]:
        """For each of these sprints, in their order: the remote ids of all that is in it, of whatever scope.

        Complete, or an error, which costs only its own.
        """

    def accounts(self, scopes: Sequence[Scope], known: frozenset[str]) -> tuple[Account, ...]:
        """The accounts that can be on items of these scopes, and those of ``known`` (remote ids) that still exist."""

    def history(self, wants: Sequence[Lookback], fields: frozenset[str]) -> Iterator[History]:
        """What changed on these records, field by field; ``fields``: the ids of those that matter, besides facets.

        It may tell of more records, and tell again what it told. What is no longer there is whole, too.
        """

    def census(self, want: Want) -> frozenset[str]:
        """The remote ids of all items that reading ``want`` in full would give: complete, or an error, never a part."""

    def fates(self, want: Want, remote_ids: Collection[str]) -> dict[str, Fate]:
        """What became of these records of a scope, each asked for by its id and told apart as far as the tool does."""

    def renamed(self, keys: Collection[str], /) -> dict[str, tuple[str, str]]:
        """Of these keys those that lead to what has another key by now: its remote id, and the address of the old key.

        A tool whose keys never change gives nothing.
        """

    def find(self, target: Target, marker: str, authors: frozenset[str]) -> Found | None:
        """The report with this marker, only if its author is one of ``authors`` (lowest id first)."""

    def obstacles(self, target: Target) -> tuple[str, ...]:
        """What keeps this account from writing a report there, each with what to do; empty: nothing seems to."""

    def answers(self, remote_id: str, cursor: str | None) -> Answers:
        """What people said to a report (by its remote id) since the cursor; some of it may come again.

        Without a cursor: whatever is still there. Raises Missing when the report is gone.
        """

    def apply(self, write: Write) -> Written:
        """Make the tool say what the write says, with the fewest requests: read it, compare, change what differs.

        Looks by ``remote_id`` first, by marker second, and creates only if neither is there. Never reopens, moves or
        renames what a person changed. Raises Unknown when an answer was lost after a create may have been received.
        News of an edition (`Target.edition`) are created or left as they are; only tools that have a place for them
        (`syncbot.report.NEWS`) are asked.
        """

    def room(self) -> tuple[Room, ...]:
        """What is left of the tool's limits at this moment; asks nothing, and may be called while others work."""

    def hurry(self) -> None:
        """Wait for no limit any more: what one holds back fails. May be called while others work."""

    def close(self) -> None:
        """Let go of connections and threads."""


class Module(Protocol):
    """What a connector's module offers the registry."""

    TOOL: str
    SECRETS: tuple[str, ...]
    DEFAULT_URL: str | None
    HISTORY: bool
    """Whether it tells of history (`Connector.history`); one that does not gives nothing."""

    def connect(self, settings: Settings) -> Connector:
        """Make the connector; sends nothing yet."""


def or_error(scope: str, pages: Iterator[T]) -> Generator[T | Page]:
    """What a scope's read gives; a page with the error at last where it fails, so that it costs no other scope."""
    try:
        yield from pages
    except ToolError as error:
        yield Page(scope, error=error)
