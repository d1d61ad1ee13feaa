"""How far a read has come, for whoever watches it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from syncbot.connector import Connector, Page, Want
from syncbot.errors import ToolError
from syncbot.model import Struct


class Reached(Struct, frozen=True):
    """What of one connection's read has been stored so far; ``expected``: about how many records it will be, if known.

    ``scope`` is the name of the one that came last; ``done`` of ``scopes`` have been read to their end.
    """

    connection: str
    scope: str
    records: int
    done: int
    scopes: int
    expected: int | None = None


Tell = Callable[[Reached], None]
"""Told after each page that is stored."""


class Watch:
    """Counts the pages of a read, and tells."""

    def __init__(
        self, connection: str, names: Mapping[str, str], tell: Tell | None, size: Future[int | None] | None
    ) -> None:
        self._connection, self._names, self._tell, self._size = connection, names, tell, size
        self._full = self._other = self._done = 0

    def saw(self, page: Page) -> None:
        """Count a page that is stored."""
        self._done += page.last
        if page.full:
            self._full += len(page.found)
        else:
            self._other += len(page.found)
        if self._tell is not None:
            size = self._size.result() if self._size is not None and self._size.done() else None
            expected = None if size is None else max(size, self._full) + self._other
            name, scopes = self._names[page.scope], len(self._names)
            self._tell(Reached(self._connection, name, self._full + self._other, self._done, scopes, expected))


@contextmanager
def watching(connector: Connector, connection: str, wants: Sequence[Want], tell: Tell | None) -> Iterator[Watch]:
    """A watch over a read. The tool is asked how much there is to read only if somebody wants to know."""
    names = {want.scope.remote_id: want.scope.name for want in wants}
    full = [want for want in wants if want.cursor is None]

    def ask() -> int | None:
        try:
            return connector.size(full)
        except ToolError:
            return None  # nothing stands on it

    with ThreadPoolExecutor(1) as beside:
        yield Watch(connection, names, tell, beside.submit(ask) if tell and full else None)
