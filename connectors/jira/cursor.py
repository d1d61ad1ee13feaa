"""Where the reading of a project stands, and whether it can go on from there: not where something else or more is asked
for, nor where all its issues are called otherwise by now.
"""

from __future__ import annotations

import msgspec

from connectors.jira.wire import Lens
from syncbot.connector import Want, decode_cursor, encode_cursor

OVERLAP = 120_000  # milliseconds: the search index may lag behind a change
LAG = 21_600_000  # milliseconds: now and then a change is found hours after it was made


class Cursor(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a scope's read stands: all that was changed up to ``ms`` (epoch) has been read, through ``lens``.

    ``key``: the project's, with which all its issues were called; another one gives none of them a new date.
    ``begun``: a full read has come as far as the issues created at this time (epoch milliseconds), and goes on there.
    ``swept``: the site's time when a read last looked back by more than a moment; the next one does if it is ``wide``.
    """

    ms: int
    lens: Lens
    where: str | None = None
    since: str | None = None
    begun: int | None = None
    swept: int = 0
    wide: bool = False
    key: str = ""

    def text(self) -> str:
        """As the store keeps it."""
        return encode_cursor(msgspec.to_builtins(self))


class Task(msgspec.Struct, frozen=True):
    """One scope to read from a cursor on."""

    want: Want
    cursor: Cursor

    @property
    def scope(self) -> str:
        """The project's id."""
        return self.want.scope.remote_id

    @property
    def full(self) -> bool:
        """Whether this reads everything, not only what changed."""
        return self.cursor.begun is not None

    @property
    def start(self) -> int:
        """The time of change (epoch milliseconds) to read from; 0: the beginning.

        Once a day that is where the last such read was, less what an index may lag, however long nothing changed.
        """
        if self.full or not self.cursor.ms:
            return 0
        start = self.cursor.ms - OVERLAP
        return max(0, min(start, self.cursor.swept - LAG) if self.cursor.wide else start)


def first(want: Want, lens: Lens, now: int) -> Cursor:
    """The cursor to read a scope in full from."""
    return Cursor(now, lens, want.where, want.since, begun=0, key=_key(want))


def _key(want: Want) -> str:
    """The key that a project has now. A config may still call it by an old one; its address does not."""
    return want.scope.url.rpartition("/")[2]


def going_on(url: str, want: Want, fields: frozenset[str]) -> Cursor | None:
    """The cursor to go on from; None if there is none, or if something else or more is asked for than was then."""
    cursor = decode_cursor(want.cursor, Cursor)
    if cursor is None:
        return None
    is_for = (cursor.lens.url, cursor.where, cursor.since, cursor.key)
    same = is_for == (url, want.where, want.since, _key(want))
    return cursor if same and fields <= cursor.lens.covers else None
