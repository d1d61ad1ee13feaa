"""What a tool said of itself within a day is believed and not asked for again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

from syncbot.errors import UserError
from syncbot.pipeline.moments import instant, is_older
from syncbot.store import Store, memory

T = TypeVar("T")

REMEMBERED = dt.timedelta(days=1)
"""How long a probe, the list of scopes and a vocabulary are believed."""


class Asking:
    """Answers from memory where it is young enough, else from the tool; ``remembered``: some came from memory.

    ``young`` None: nothing is. ``offline``: everything is, and the tool is not asked.
    """

    def __init__(
        self, connection: str, store: Store, now: dt.datetime, young: dt.timedelta | None, *, offline: bool = False
    ) -> None:
        self.connection, self.store, self.now, self.young, self.offline = connection, store, now, young, offline
        self.remembered = False

    def __call__(self, key: str, kind: type[T], question: Callable[[], T]) -> T:
        """What is remembered, or the answer to the question."""
        kept = self.kept(key, kind)
        if kept is not None and self.believes(kept[1]):
            return kept[0]
        self.check_online()
        return self.keep(key, question())

    def check_online(self) -> None:
        """Raise UserError if the tool must be asked and may not be."""
        if self.offline:
            raise UserError(f"{self.connection} was never read: run 'syncbot pull' first")

    def kept(self, key: str, kind: type[T]) -> tuple[T, str] | None:
        """What was answered last, and when."""
        with self.store.reading() as db:
            return memory.get_state(db, self.connection, key, kind)

    def believes(self, at: str) -> bool:
        """Whether what was said at an instant is still taken for true; if so, it is ``remembered``."""
        is_young = self.young is not None and not is_older(at, self.now, self.young)
        self.remembered |= self.offline or is_young
        return self.offline or is_young

    def keep(self, key: str, answer: T) -> T:
        """Remember an answer."""
        with self.store.writing() as db:
            memory.put_state(db, self.connection, key, answer, at=instant(self.now))
        return answer
