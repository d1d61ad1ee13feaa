"""What can go wrong between a caller and a tool: a fault that befalls one request.

Tests put faults in the way of requests by hand (`Sandbox.fault`); `syncbot.sandbox.cruelty` draws them by a plan.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from syncbot.sandbox.http import Answer, Call

FaultKind = Literal["answer", "cut", "lost", "dropped", "bent"]


@dataclass(slots=True)
class Fault:
    """A fault that befalls the next ``times`` requests (None: all) of a tool whose "METHOD /path?query" matches.

    answer: nothing is executed, ``status``, ``headers`` and ``body`` are sent instead. cut: executed, and the body ends
    in its middle. lost: executed, and the connection closes without an answer. dropped: the connection closes before
    anything is executed. bent: ``before`` happens to the request, ``after`` to its answer, which comes ``delay``
    seconds late. ``skip`` that match are let through first.
    """

    tool: str
    pattern: re.Pattern[str]
    kind: FaultKind
    times: int | None = 1
    skip: int = 0
    status: int = 503
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    before: Callable[[Call], None] = lambda _: None
    after: Callable[[Call, Answer], Answer] = lambda _, answer: answer
    delay: float = 0.0

    @property
    def executes(self) -> bool:
        """Whether the tool does what it is asked."""
        return self.kind not in {"answer", "dropped"}

    def strikes(self, tool: str, line: str) -> bool:
        """Whether this request is hit, and counted as such."""
        if tool != self.tool or self.times == 0 or not self.pattern.search(line):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True
