"""What can go wrong between a caller and a tool, on demand: faults that a test puts in the way of matching requests."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

FaultKind = Literal["answer", "cut", "lost", "dropped"]


@dataclass(slots=True)
class Fault:
    """A fault that befalls the next ``times`` requests (None: all) of a tool whose "METHOD /path?query" matches.

    answer: nothing is executed, ``status``, ``headers`` and ``body`` are sent instead. cut: executed, and the body ends
    in its middle. lost: executed, and the connection closes without an answer. dropped: the connection closes before
    anything is executed. ``after`` requests that match are let through first.
    """

    tool: str
    pattern: re.Pattern[str]
    kind: FaultKind
    times: int | None = 1
    after: int = 0
    status: int = 503
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def strikes(self, tool: str, line: str) -> bool:
        """Whether this request is hit, and counted as such."""
        if tool != self.tool or self.times == 0 or not self.pattern.search(line):
            return False
        if self.after:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True
