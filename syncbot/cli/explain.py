"""``syncbot explain``: an item or a finding, from what was read to what is said, each step with where it is written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from sqlalchemy import Connection, Row, text

from syncbot.cli import explain_finding, explain_item, options, steps, tables
from syncbot.cli.session import opened
from syncbot.errors import UserError
from syncbot.facts import links
from syncbot.model import Finding, Record
from syncbot.patterns import fold
from syncbot.pipeline import Ready
from syncbot.report.words import clean
from syncbot.store import findings, records, waivers

CONCERNED = 4
"""So many items of a finding are explained."""
NO_ITEMS = frozenset({"sprint", "person", "scope"})


@click.command("explain")
@options.together(options.config)
@click.argument("item")
def command(config: Path, item: str) -> int:
    """Why ITEM (a key, a short link or an address) is read as it is: when it was read, what mapped it by which lines of
    which file, what it is linked to by which reference, its facts and its findings.

    Given the id of a finding, as reports show it: the rule's sentence, how it came to be what it is over time, the
    settings and reads that the rule stood on, what its query returned, and then the items, each as above.

    Looks at what was last pulled and checked, and asks no tool.
    """
    console = Console()
    with opened(config, offline=True) as session:
        ready = session.recall()
        code = steps.show_mistakes(session.mistakes)
        with session.store.reading() as db:
            items = _items(db, item)
            told = [] if items else findings.find(db, item)
            for finding, past in told:
                explain_finding.explain(console, db, session, finding, past)
            found = [one for finding, _ in told for one in _concerned(db, finding)] if told else items
            if not told and not found and not _ignored(console, db, ready, item):
                raise UserError(f"nothing that was read is called {clean(item)}, nor any finding: {_why_not(item)}")
            for one in found:
                explain_item.explain(console, db, one, ready.get(one.connection))
    return code


def _why_not(said: str) -> str:
    if waivers.beginning(said):
        return "it may be over. Lines that count many have no id: 'syncbot report --all --rule RULE' lists them."
    return "is its scope among those that 'syncbot doctor' lists, and was it pulled since?"


def _concerned(db: Connection, finding: Finding) -> list[Row[Any]]:
    """The items that a finding is about, and those beside them as far as they fit."""
    named = [one for one in explain_finding.subjects(finding) if one.remote_id][:CONCERNED]
    keys = [{"connection": one.connection, "remote_id": one.remote_id} for one in named if one.view not in NO_ITEMS]
    return [row for key in keys for row in db.execute(text(_EXACT), key)]


def _items(db: Connection, said: str) -> list[Row[Any]]:
    """The items that are meant: all of that key, or the one at that address."""
    spot = links.locate(said) if "://" in said else None
    key = spot[1] if spot else said.strip()
    found = db.execute(text(_ITEM), {"key": key, "upper": key.upper(), "url": said.strip()}).all()
    exact = [one for one in found if one.ref == key]
    at = [one for one in found if spot and links.locate(one.url) == spot]
    return at if spot else exact or list(found)


def _ignored(console: Console, db: Connection, ready: Mapping[str, Ready], said: str) -> bool:
    """Look among the records that are no items: those that the mapping ignores, and our own reports."""
    found = False
    for name, one in ready.items():
        for record in records.records(db, name):
            if not _is_meant(record, said):
                continue
            found = True
            tables.heading(console, f"{record.ref} “{record.title}”")
            tables.line(console, f"from {name}: it was read, and is no item")
            explain_item.mapped(console, db, record, one)
    return found


def _is_meant(record: Record, said: str) -> bool:
    if "://" not in said:
        return fold(said) in {fold(record.ref), fold(record.remote_id)}
    return record.url == said.strip() or links.locate(said) == (links.locate(record.url) or "")


_ITEM = """
    select i.*, s.name as scope from item i join scope s on s.id = i.home_scope_id
    where i.ref = :key or upper(i.ref) = :upper or i.remote_id = :key or i.url = :url
    order by i.connection, i.id"""
_EXACT = """
    select i.*, s.name as scope from item i join scope s on s.id = i.home_scope_id
    where i.connection = :connection and i.remote_id = :remote_id"""
