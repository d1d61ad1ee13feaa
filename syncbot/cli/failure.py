"""How an error looks to the person at the terminal, and which exit code it means."""

from __future__ import annotations

import datetime as dt
import tempfile
import traceback
from pathlib import Path

import click

from syncbot.errors import ConfigErrors, SyncbotError, ToolError, UserError


def explain(error: Exception) -> int:
    """Print what is wrong and what to do, and return the exit code; for our own faults a log is written and named."""
    if isinstance(error, ConfigErrors):
        count = len(error.mistakes)
        click.echo(click.style(f"{count} mistake{'s' if count != 1 else ''} to correct:", fg="red"), err=True)
        for mistake in error.mistakes:
            click.echo(f"  {mistake}", err=True)
        return error.exit_code
    if isinstance(error, UserError | ToolError):
        click.echo(f"{click.style('Error:', fg='red')} {error}", err=True)
        return error.exit_code
    log = write_log(error)
    click.echo(
        f"{click.style('syncbot made a mistake', fg='red')} ({type(error).__name__}). Nothing more was done.\n"
        f"Please report it with this log, after reading what it says: {log}",
        err=True,
    )
    return SyncbotError.exit_code


def write_log(error: Exception) -> Path:
    """Write the traceback where only this user can read it and return the file."""
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    with tempfile.NamedTemporaryFile(
        "w", prefix=f"syncbot-{stamp}-", suffix=".log", delete=False, encoding="utf-8"
    ) as file:
        file.write("".join(traceback.format_exception(error)))
        return Path(file.name)
