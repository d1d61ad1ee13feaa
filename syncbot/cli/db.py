"""``syncbot db``: what is in the store, the admin's own questions to it, which can only read, and its upkeep."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from syncbot.cli import options, tables, upkeep
from syncbot.cli.session import opened
from syncbot.errors import UserError
from syncbot.report.spreadsheet import cell
from syncbot.report.words import number
from syncbot.rules import limited
from syncbot.store.packed import readable
from syncbot.store.views import VIEWS

SECONDS = 30


@click.group("db")
def command() -> None:
    """Look into the store (its views, your own SQL, read only), and look after it.

    Features, links, trust and what else is derived are as the last check or sync left them.
    """


for one in upkeep.COMMANDS:
    command.add_command(one)


@command.command()
@options.config
def views(config: Path) -> int:
    """The views that rules and your own SQL read, with their columns and the number of their rows."""
    with opened(config, offline=True) as session, session.store.reading() as db:
        rows = []
        for view in VIEWS:
            columns = ", ".join(db.execute(text(f"select * from {view} where 1 = 0")).keys())
            rows.append((view, db.scalar(text(f"select count(*) from {view}")), columns))
    tables.show(Console(), ("view", "rows", "columns"), rows, right=("rows",))
    return 0


@command.command()
@options.config
@options.formats("table", "csv", "json")
@click.option("--limit", type=click.IntRange(min=1), default=1000, show_default=True, help="At most so many rows.")
@click.argument("query")
def sql(config: Path, format_: str, limit: int, query: str) -> int:
    """Ask the store in SQL. It can only read, and a question may take 30 seconds.

    Example: syncbot db sql "select ref, title from features where owner_id is null"
    """
    with opened(config, offline=True) as session, session.store.reading() as db:
        try:
            with limited(db, SECONDS):
                # A cursor of the server's takes one statement only: a second one could end the reading transaction.
                result = db.execution_options(stream_results=True).exec_driver_sql(query)
                if not result.returns_rows:
                    raise UserError("this asks for nothing: only select statements are answered.")
                columns, rows = list(result.keys()), [tuple(map(_value, row)) for row in result.fetchmany(limit + 1)]
        except DBAPIError as error:
            raise UserError(f"the store refuses this: {str(error.orig).strip().splitlines()[0]}") from None
    _print(format_, columns, rows[:limit])
    if len(rows) > limit:
        click.echo(f"There are more than {limit} rows; see --limit.", err=True)
    return 0


def _value(value: Any) -> Any:
    """What stands in a cell, unpacked where the store packs it; other bytes are counted."""
    if not isinstance(value, bytes):
        return value
    found = readable(value)
    return number(len(value), "byte") if found is None else found


def _print(format_: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    if format_ == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(columns)
        writer.writerows([cell(_text(value)) for value in row] for row in rows)
    elif format_ == "json":
        objects = [dict(zip(columns, row, strict=True)) for row in rows]
        click.echo(msgspec.json.format(msgspec.json.encode(objects)).decode())
    else:
        tables.show(Console(), columns, [[_text(value) for value in row] for row in rows])


def _text(value: Any) -> Any:
    return msgspec.json.encode(value).decode() if isinstance(value, dict | list) else value
