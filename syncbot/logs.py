"""What happens, line by line: in words for a person at a terminal, as JSON for programs; no line holds a secret.

A process does one run at a time, so what a line belongs to (`Log.about`) is the process's, whichever thread wrote it.
Whatever is logged may add fields of its own: ``extra={"fields": {"connection": name}}``.
"""

from __future__ import annotations

import datetime as dt
import logging
import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, TextIO

import msgspec

from syncbot.transport.wire import scrub

Style = Literal["human", "json"]


class Log:
    """What every line is to hold, and what none may."""

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self._secrets: frozenset[str] = frozenset()

    def hide(self, secrets: Iterable[str]) -> None:
        """Let none of these be written from now on, in no form in which they are given here."""
        self._secrets |= {secret for secret in secrets if secret}

    @contextmanager
    def about(self, **fields: Any) -> Iterator[None]:
        """What every line belongs to meanwhile, such as ``run=7``."""
        before, self.fields = self.fields, {**self.fields, **fields}
        try:
            yield
        finally:
            self.fields = before

    def scrub(self, text: str) -> str:
        """The text without what is to be hidden."""
        return scrub(text, sorted(self._secrets, key=len, reverse=True))


def style_of(stream: TextIO) -> Style:
    """How lines are written there unless somebody asks for another style."""
    return "human" if stream.isatty() else "json"


@contextmanager
def writing(
    stream: TextIO, *, style: Style | None = None, level: int = logging.INFO, waits: float = 0.0
) -> Iterator[Log]:
    """Write what is logged to a stream, in the style that it wants if none is given; one at a time in a process.

    ``level`` is that of our own; of libraries only warnings are written. ``waits``: seconds; shorter waits for a tool
    are not written.
    """
    log, handler = Log(), logging.StreamHandler(stream)
    handler.setFormatter(_Formatter(log, style or style_of(stream)))
    handler.addFilter(lambda record: getattr(record, "wait", waits) >= waits)
    ours, everything = logging.getLogger("syncbot"), logging.getLogger()
    before = ours.level
    ours.setLevel(level)
    everything.addHandler(handler)
    try:
        yield log
    finally:
        everything.removeHandler(handler)
        ours.setLevel(before)


@contextmanager
def waiting(tell: Callable[[str], object], *, every: float) -> Iterator[None]:
    """Tell of the waits for a tool that does not do what was asked: at once, and then each so many seconds."""
    handler, ours = _Waits(tell, every), logging.getLogger("syncbot.transport")
    before = ours.level
    ours.setLevel(logging.INFO)
    ours.addHandler(handler)
    try:
        yield
    finally:
        ours.removeHandler(handler)
        ours.setLevel(before)


class _Waits(logging.Handler):
    def __init__(self, tell: Callable[[str], object], every: float) -> None:
        super().__init__()
        self._tell, self._every = tell, every
        self._told: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Tell of it, unless its connection had a word just before."""
        name = getattr(record, "fields", {}).get("connection", "")
        if hasattr(record, "wait") and record.created - self._told.get(name, -math.inf) >= self._every:
            self._told[name] = record.created
            self._tell(_visible(record.getMessage()))


class _Formatter(logging.Formatter):
    def __init__(self, log: Log, style: Style) -> None:
        super().__init__()
        self._log, self._shape = log, style

    def format(self, record: logging.LogRecord) -> str:
        """One line, and on a terminal the traceback below it, if there is one."""
        at = dt.datetime.fromtimestamp(record.created, dt.UTC)
        said = self._log.scrub(record.getMessage())
        trace = self._log.scrub(self.formatException(record.exc_info)) if record.exc_info else ""
        fields = {**self._log.fields, **getattr(record, "fields", {})}
        if self._shape == "human":
            run = f" [run {fields['run']}]" if "run" in fields else ""
            level = "" if record.levelno == logging.INFO else f" {record.levelname.lower()}:"
            line = f"{at.astimezone():%H:%M:%S}{run}{level} {_visible(said)}"
            return f"{line}\n{trace}" if trace else line
        shown = {name: self._log.scrub(value) if isinstance(value, str) else value for name, value in fields.items()}
        told: dict[str, Any] = {
            "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "message": said,
            **shown,
            "logger": record.name,
        }
        return msgspec.json.encode(told | ({"traceback": trace} if trace else {}), enc_hook=str).decode()


def _visible(text: str) -> str:
    """On one line, with nothing in it that a terminal would obey."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
