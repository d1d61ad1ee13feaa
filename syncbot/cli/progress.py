"""What a command says while it works: a live line on a terminal, plain lines elsewhere, nothing with --quiet.

All of it goes to standard error, so that standard output holds results only.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from rich.console import Console
from rich.text import Text

from syncbot import logs
from syncbot.cli import prose
from syncbot.pipeline import Reached, Tell
from syncbot.report.words import clean, number

EVERY = 10.0  # seconds between two lines where nothing can be drawn over


class Progress:
    """Says what is going on. ``level``: -1 quiet, 0 usual, 1 and more verbose."""

    def __init__(self, *, level: int = 0) -> None:
        self.console = Console(stderr=True, highlight=False)
        self.level = level

    def say(self, text: str, *, level: int = 1) -> None:
        """A line, if the level is wanted."""
        if self.level >= level:
            self.console.print(Text(text, style="dim"), soft_wrap=True)

    @contextmanager
    def reading(self, clock: Callable[[], float] = time.monotonic) -> Iterator[Tell]:
        """Counts what has been read so far: a live line on a terminal, elsewhere one every `EVERY` seconds."""
        began = clock()
        if self.level < 0:
            yield lambda _: None
        elif self.console.is_terminal:
            with self.console.status("reading") as status:
                yield lambda reached: status.update(Text(sentence(reached, clock() - began)))
        else:
            said = began

            def tell(reached: Reached) -> None:
                nonlocal said
                if reached.records and clock() - said >= EVERY:
                    said = clock()
                    self.console.print(Text(sentence(reached, said - began)), soft_wrap=True)

            yield tell


def telling_waits() -> AbstractContextManager[None]:
    """Say it when a tool is waited for: at once, and every `EVERY` seconds."""
    return logs.waiting(prose.remark, every=EVERY)


def sentence(reached: Reached, seconds: float) -> str:
    """How far a read has come after so many seconds: counts, rate, and the time that is left."""
    rate = reached.records / seconds if seconds > 0 else 0.0
    parts = [f"{clean(reached.connection)}: {_of(reached)}"]
    parts += [f"{rate:,.0f} a second"] if rate >= 1 else []
    if reached.expected and reached.expected > reached.records and rate > 0:
        parts.append(f"{duration((reached.expected - reached.records) / rate)} left")
    if reached.scopes > 1:
        parts.append(f"{reached.done} of {reached.scopes} read")
    return ", ".join(parts)


def _of(reached: Reached) -> str:
    if reached.expected:
        return f"{reached.records:,} of about {number(reached.expected, 'record')}"
    return number(reached.records, "record")


def duration(seconds: float) -> str:
    """Seconds in words that are as exact as a guess can be."""
    minutes, seconds = divmod(math.ceil(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def level(verbose: int, *, quiet: bool) -> int:
    """The level that -v and -q ask for."""
    return -1 if quiet else verbose
