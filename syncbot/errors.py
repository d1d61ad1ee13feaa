"""Every error that syncbot raises on purpose, and how it ends a command.

::

    SyncbotError                exit 4: our own fault, a log is written
    +-- UserError               exit 2: something the user must edit
    |   +-- ConfigErrors        all mistakes of the files at once, each with file, line and key
    |   +-- Busy                another syncbot works on this store: wait until it has ended
    |   +-- StoreError          the store is locked, full or gone
    +-- ToolError               exit 3: a tool failed; the rest was done
        +-- Unreachable         no answer, or a broken one (retry: the next run)
        |   +-- Interrupted     syncbot was asked to stop while it waited: no fault of the tool
        +-- Refused             the credential is wrong or lacks a permission (retry: never by itself)
        +-- Limited             the tool asked us to slow down for longer than this run waits
        +-- Missing             what was asked for is not there, or not visible
        +-- Broken              the answer breaks the tool's own contract; nothing of it was used
        +-- Vanished            so much is no longer to be found that a person must say so (exit 2)
        +-- Crashed             it was our own fault; the rest was done (exit 4, a log is written)
        +-- Unknown             a write may or may not have happened: look before trying again

Messages say what is wrong, where, and what to do next; none holds a secret.
"""

from __future__ import annotations

from pathlib import Path

import msgspec


class SyncbotError(Exception):
    """Base of all. ``exit_code`` is what a command ends with if nothing handles the error."""

    exit_code = 4


class UserError(SyncbotError):
    """Something that a person must edit before this can work."""

    exit_code = 2


class Mistake(msgspec.Struct, frozen=True, order=True):
    """One mistake in one file: where it is (line 0: the file as a whole), what is wrong, and what is nearest to it."""

    file: Path
    line: int
    key: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        key = f"{self.key}: " if self.key else ""
        hint = f" {self.hint}" if self.hint else ""
        return f"{self.file}{line}: {key}{self.message}{hint}"


class ConfigErrors(UserError):
    """All mistakes of the config, the mappings and the rules, sorted by file and line."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = sorted(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class Busy(UserError):
    """Another syncbot does the same on this store at this moment."""


class StoreError(UserError):
    """The database is locked, full or gone; nothing of the transaction was stored."""


class ToolError(SyncbotError):
    """A tool did not do what was asked. ``retry``: trying the same again later can help without anyone acting.

    ``status`` is the HTTP status, ``said`` the tool's own words on one line, without secrets.
    """

    exit_code = 3
    retry = False

    def __init__(self, message: str, *, status: int | None = None, said: str = "") -> None:
        self.status = status
        self.said = said
        super().__init__(message)


class Unreachable(ToolError):
    """No answer, or a broken one, although every safe retry was made."""

    retry = True


class Interrupted(Unreachable):
    """Not waited for, because syncbot was asked to stop: no fault of the tool, and kept nowhere as one."""


class Refused(ToolError):
    """The credential is wrong, or lacks the permission (401, 403)."""


class Limited(ToolError):
    """The tool asked us to wait (429) for longer than allowed. ``wait``: seconds still to wait."""

    retry = True

    def __init__(self, message: str, *, wait: float, status: int | None = 429) -> None:
        self.wait = wait
        super().__init__(message, status=status)


class Missing(ToolError):
    """What was asked for does not exist, or this account cannot see it (404)."""


class Vanished(ToolError):
    """Too much of a scope is no longer to be found at once; a person must look, and say whether that is right."""

    exit_code = 2


class Broken(ToolError):
    """The answer breaks the tool's own contract: a repeated token, a cut page, a body that does not parse."""

    retry = True


class Crashed(ToolError):
    """What reads or writes a tool made a mistake of its own, the cause of this; whatever else there is was done."""

    exit_code = 4


class Unknown(ToolError):
    """A write was sent and no answer came: it may have happened. Look before trying again."""

    retry = True
