"""The place of the one active daemon of a store: held as long as it lives, free as soon as it dies, however it dies."""

from __future__ import annotations

from contextlib import ExitStack

from syncbot.daemon.state import LOCK
from syncbot.errors import Busy
from syncbot.store import Store
from syncbot.store.store import StillHeld


class Post:
    """The place at one store, which is opened here once more: the config may change below us, this lock must not."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._stack = ExitStack()
        self._is_held: StillHeld | None = None

    def hold(self) -> bool:
        """Whether we hold it, now if not before. Raises StoreError if the store does not answer."""
        if self._is_held is not None and self._is_held():
            return True
        self.leave()
        with ExitStack() as stack:
            store = stack.enter_context(Store.open(self.url))
            try:
                self._is_held = stack.enter_context(store.lock(LOCK))
            except Busy:
                return False
            self._stack = stack.pop_all()
        return True

    def leave(self) -> None:
        """Let another daemon have it."""
        self._is_held = None
        self._stack.close()
