"""A connector's own mistake costs its connection and not the run: the others are read, and it is told as our fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from syncbot.errors import Crashed, SyncbotError, ToolError


@contextmanager
def guarded(connection: str, doing: str = "reading") -> Iterator[None]:
    """Raise Crashed for an error that no contract foresees; ``doing``: what we are doing to the tool."""
    try:
        yield
    except SyncbotError:
        raise
    except Exception as error:
        kind = type(error).__name__
        raise Crashed(f"{connection}: syncbot made a mistake while {doing} it ({kind}).") from error


def tool_error(error: Exception) -> ToolError:
    """An error that a connector gave for a scope, as one of a tool; raises what is none and was raised on purpose."""
    if isinstance(error, ToolError):
        return error
    if isinstance(error, SyncbotError):
        raise error
    return ToolError(f"{type(error).__name__}: {error}")
