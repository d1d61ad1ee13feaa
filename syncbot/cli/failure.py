"""How an error looks to the person at the terminal, and which exit code it means."""

from __future__ import annotations

import datetime as dt
import tempfile
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec

from syncbot.cli import prose
from syncbot.errors import ConfigErrors, Mistake, SyncbotError, ToolError, UserError
from syncbot.transport.wire import scrub


class CrashError(Exception):
    """Our own fault, as the log may tell it: ``kind`` is the error's, ``log`` its traceback without any secret."""

    def __init__(self, kind: str, log: str) -> None:
        self.kind, self.log = kind, log
        super().__init__(kind)


@contextmanager
def hiding(secrets: Iterable[str]) -> Iterator[None]:
    """Turn any error that is our own fault into a `CrashError` in which none of the secrets stands."""
    try:
        yield
    except (SyncbotError, CrashError, click.ClickException, click.Abort, click.exceptions.Exit):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, its log must not tell a secret
        raise CrashError(type(error).__name__, scrub("".join(traceback.format_exception(error)), secrets)) from None


def explain(error: Exception) -> int:
    """Print what is wrong and what to do, and return the exit code; for our own faults a log is written and named."""
    if isinstance(error, ConfigErrors):
        count = len(error.mistakes)
        prose.complain(f"{count} mistake{'s' if count != 1 else ''} to correct:")
        for mistake in error.mistakes:
            prose.locate(f"  {located(mistake)}")
        return error.exit_code
    if isinstance(error, UserError | ToolError):
        prose.complain(f"Error: {error}")
        return error.exit_code
    if isinstance(error, CrashError):
        kind, log = error.kind, write_log(error.log)
    else:
        kind, log = type(error).__name__, write_log("".join(traceback.format_exception(error)))
    prose.complain(f"syncbot made a mistake ({kind}). Nothing more was done.")
    prose.remark(f"Please report it with this log, after reading what it says: {log}")
    return SyncbotError.exit_code


def located(mistake: Mistake) -> str:
    """The mistake, its file as seen from the folder where the command runs."""
    here = Path.cwd()
    near = mistake.file.relative_to(here) if mistake.file.is_relative_to(here) else mistake.file
    return str(msgspec.structs.replace(mistake, file=near))


def write_log(text: str) -> Path:
    """Write it where only this user can read it and return the file."""
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    with tempfile.NamedTemporaryFile(
        "w", prefix=f"syncbot-{stamp}-", suffix=".log", delete=False, encoding="utf-8"
    ) as file:
        file.write(text)
        return Path(file.name)
