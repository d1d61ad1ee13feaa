"""What of ``syncbot db`` looks after the store: copies, put back and looked over, and history that grows too old."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from syncbot import config as configs
from syncbot.cli import options, tables
from syncbot.cli.asking import agreed
from syncbot.cli.files import read
from syncbot.cli.session import now, opened
from syncbot.errors import UserError
from syncbot.report.words import number
from syncbot.store import Store, backup, engine, retention
from syncbot.store.engine import shown

_FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
_KIB = 1024
_NAMES = {
    "runs": ("run", "runs"),
    "writes": ("write", "writes"),
    "findings": ("resolved finding", "resolved findings"),
    "waivers": ("waiver that is over", "waivers that are over"),
    "changes": ("change", "changes"),
    "snapshots": ("snapshot", "snapshots"),
    "items": ("item that is gone", "items that are gone"),
}


@click.command("backup")
@options.config
@_FILE
def copy(config: Path, file: Path) -> int:
    """Copy the store into FILE, as it is at this moment; it can be in use meanwhile.

    SQLite needs nothing else; a PostgreSQL store needs pg_dump. The copy holds titles of work, so only you can read it.
    """
    with opened(config, offline=True) as session:
        backup.back_up(session.store.url, file)
        tables.line(Console(), f"Copied {shown(session.store.url)} to {file} ({_bytes(file.stat().st_size)}).")
    return 0


@click.command()
@options.config
@_FILE
@click.option("--yes", is_flag=True, help="Do it without asking.")
def restore(config: Path, file: Path, yes: bool) -> int:
    """Put the copy in FILE in the place of the store. Stop the daemon and whatever else uses the store first.

    A SQLite store is kept beside it under another name; in PostgreSQL the tables are replaced. What was written to the
    tools since the copy was made is found again there by the next sync, and no report is made twice.
    """
    setting, _, _ = read(config, offline=True)
    url = engine.parse(configs.store_url(setting, os.environ))
    console = Console()
    if not agreed(f"Shall {file} take the place of {shown(url)}?", yes=yes):
        return 0
    with ExitStack() as stack:
        idle = Store(url, *engine.engines(url))
        stack.callback(idle.close)
        for name in ("daemon", "run", "check", "outbox", *(f"pull {name}" for name in setting.connections)):
            stack.enter_context(idle.lock(name))
        old = backup.restore(url, file)
    kept = f" The store as it was is {old}." if old else ""
    tables.line(console, f"{shown(url)} is now as {file} has it.{kept}")
    Store.open(url.render_as_string(hide_password=False)).close()  # brought to this version's tables
    return 0


@click.command()
@options.config
def check(config: Path) -> int:
    """Look the store over: whether it is sound, and what it holds."""
    console = Console()
    with opened(config, offline=True) as session:
        tables.heading(console, shown(session.store.url))
        found = list(backup.troubles(session.store))
        for trouble in found:
            tables.entry(console, Text("wrong ", style="red"), trouble)
        if not found:
            for said in _sound(session.store):
                tables.entry(console, Text("ok    ", style="green"), said)
    if found:
        raise UserError("the store is damaged: put back a copy (syncbot db restore), or move it away and run sync.")
    return 0


def _sound(store: Store) -> Iterator[str]:
    """What was looked at, and what is there."""
    if store.url.get_backend_name() == "sqlite":
        yield "each page and index of the file can be read, and each row that another one refers to is there"
    yield "all tables are there, each item has what it was read from, and each record its scope"
    held = ", ".join(number(count, what) for what, count in backup.held(store).items())
    yield f"it is sound, and holds {held} in {_bytes(backup.size(store))}"


@click.command()
@options.config
def prune(config: Path) -> int:
    """Take away history that is older than [keep] says.

    What reports and rules still need stays, however old. The file keeps its size: its free space is used again.
    """
    with opened(config, offline=True) as session, session.recorder.run("prune"):
        pruned = retention.prune(session.store, session.config.keep, now=now())
    parts = [number(getattr(pruned, name), *said) for name, said in _NAMES.items() if getattr(pruned, name)]
    tables.line(Console(), f"Taken away: {', '.join(parts)}." if parts else "Nothing is older than [keep] says.")
    return 0


def _bytes(count: int) -> str:
    return f"{count / _KIB:.0f} KiB" if count < _KIB * _KIB else f"{count / _KIB / _KIB:.0f} MiB"


COMMANDS = (copy, restore, check, prune)
