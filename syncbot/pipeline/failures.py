"""Failures that outlast a run: what is not asked for in a run fails as it last did, until the tool says otherwise."""

from __future__ import annotations

from syncbot.errors import Broken, Missing, Refused, ToolError, Unreachable
from syncbot.model import Struct

_LASTING = {kind.__name__: kind for kind in (ToolError, Unreachable, Refused, Missing, Broken)}
"""The errors that are of what was asked for, and last until it is asked for again."""


class Failure(Struct, frozen=True):
    """One of them, as the store keeps it."""

    kind: str
    said: str
    status: int | None = None

    def error(self) -> ToolError:
        """The error as it was."""
        return _LASTING[self.kind](self.said, status=self.status)


def lasting(error: ToolError) -> Failure | None:
    """What is kept of an error; None for one that says nothing of later runs."""
    kind = type(error).__name__
    return Failure(kind, str(error), error.status) if kind in _LASTING else None
