"""How ``syncbot explain`` tells an item: what was read, what that became by which lines, links, facts and findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text
from sqlalchemy import Connection, Row, text

from syncbot import mapping as mappings
from syncbot.cli import explain_links, tables
from syncbot.cli.explain_links import BY_ID, called, where
from syncbot.cli.meant import sentence
from syncbot.model import SHORT, Record
from syncbot.pipeline import SAID, Ready
from syncbot.report.words import clean, number
from syncbot.store import findings, records


def explain(console: Console, db: Connection, item: Row[Any], ready: Ready | None) -> None:
    """All of it, as of the last pull and check."""
    tables.heading(console, f"{item.ref} “{item.title}”")
    console.print(Text(clean(item.url)), soft_wrap=True)
    _read(console, db, item)
    stored = records.record(db, item.connection, item.remote_id)
    record = stored[0] if stored else None
    if record is not None and ready is not None:
        mapped(console, db, record, ready)
    mapping = _mapping(ready, record)[1] if record is not None and ready is not None else None
    explain_links.explain(console, db, item, record, mapping)
    _facts(console, db, item)
    _findings(console, db, item)


def _read(console: Console, db: Connection, item: Row[Any]) -> None:
    tables.heading(console, "Read")
    if item.derived_from:
        count = db.scalar(text(_NAMED), {"connection": item.connection, "remote_id": item.remote_id})
        named = number(count, "item")
        tables.line(console, f"no record of {item.connection}: a {item.kind} named by {named} ({item.derived_from})")
        return
    stored = records.record(db, item.connection, item.remote_id)
    at = tables.minute(stored[1]) if stored else "an unknown time"
    seen = {"here": "", "missing": "; the last count missed it", "gone": "; it is gone there"}[item.seen]
    fate = db.scalar(text("select fate from record where id = :id"), {"id": item.id})
    why = f" ({SAID[fate]})" if fate and seen else ""
    tables.line(console, f"from {item.connection}, {item.scope}, at {at}{seen}{why}")
    if item.is_restricted:
        tables.line(console, "restricted there, so no report of another tool names it")
    put_aside = {"connection": item.connection, "remote_id": item.remote_id}
    for reason in db.scalars(text(_QUARANTINE), put_aside):
        tables.line(console, f"what was read last could not be used and was put aside: {reason}")


def mapped(console: Console, db: Connection, record: Record, ready: Ready) -> None:
    """Each value with the tool's own behind it and the line that says so."""
    name, mapping = _mapping(ready, record)
    tables.heading(console, f"Mapped by {name}.toml")
    names = {field.id: field.name for field in ready.vocabulary.fields}
    accounts = {row.remote_id: row.name for row in db.execute(text(_ACCOUNTS), {"connection": ready.name})}
    rows = []
    for reason in mappings.explain(mapping, record, ready.own_accounts):
        value = reason.value
        if reason.ours in {"owner", "assignees"}:
            value = ", ".join(accounts.get(one) or one for one in value.split(", "))
        theirs = ": ".join(
            ", ".join(names.get(one, one) for one in part.split(", ")) for part in reason.theirs.split(": ")
        )
        rows.append((reason.ours, value, theirs, where(reason.spot)))
    tables.show(console, ("ours", "is", "from", "said by"), rows)


def _mapping(ready: Ready, record: Record) -> tuple[str, mappings.Mapping]:
    home = next((place.scope for place in record.places if place.scope in ready.mapping_of), None)
    name = ready.mapping_of[home] if home else ready.feed.setting.mapping
    return name, ready.resolved[name]


def _facts(console: Console, db: Connection, item: Row[Any]) -> None:
    named = {name: _name(db, _other(item, f"{name}_id")) for name in ("parent", "feature", "goal")}
    if item.group_id is not None:
        query = {"group": item.group_id, "id": item.id}
        named["twins"] = ", ".join(db.scalars(text(_TWINS), query)) or None
    person = db.execute(text(_OWNER), {"id": item.owner_id}).one_or_none() if item.owner_id else None
    effort = db.execute(text("select points, minutes, unknown from effort where item_id = :id"), {"id": item.id})
    for row in effort:
        hours = None if row.minutes is None else f"{row.minutes / 60:g} hours"
        points = None if row.points is None else f"{row.points:g} points"
        named["effort"] = ", ".join(filter(None, (points, hours))) or None
    facts: Mapping[str, str | None] = {
        "open": "yes" if item.is_open else "no",
        "committed": _committed(item),
        "owner": person.name if person else None,
        **named,
        "team": db.scalar(text("select name from team where id = :id"), {"id": item.team_id}),
    }
    tables.heading(console, "Facts, as of the last check")
    tables.show(console, ("fact", "is"), [(name, said) for name, said in facts.items() if said])


def _committed(item: Row[Any]) -> str:
    """Whether it is, and why; in the order of `syncbot.facts.tree`."""
    if not item.is_committed:
        return "no, as the mapping's [committed] says" if item.is_open and item.committed is not None else "no"
    if item.committed:
        return "yes, as the mapping's [committed] says"
    if item.status in {"ready", "doing"}:
        return f"yes, since it is {item.status}"
    return f"yes, since it is due {item.due_on}" if item.due_on else "yes, since it has a twin in delivery"


def _other(item: Row[Any], column: str) -> int | None:
    number: int | None = getattr(item, column)
    return None if number == item.id else number


def _name(db: Connection, number: int | None) -> str | None:
    row = db.execute(text(BY_ID), {"id": number}).one_or_none() if number is not None else None
    return called(row) if row else None


def _findings(console: Console, db: Connection, item: Row[Any]) -> None:
    tables.heading(console, "Findings")
    found = findings.standing(db, item.id)
    if not found:
        tables.line(console, "none")
        return
    rows = [
        (
            one.fingerprint[:SHORT],
            one.rule,
            one.severity,
            state,
            " ".join(sentence(one, piece) for piece in one.evidence),
        )
        for one, state in found
    ]
    tables.show(console, ("id", "rule", "severity", "state", "says"), rows)


_NAMED = """
    select count(distinct r.item_id) from reference r join item i on i.id = r.item_id
    where r.target = :remote_id and r.form = 'id' and i.connection = :connection"""
_QUARANTINE = "select reason from quarantine where connection = :connection and remote_id = :remote_id"
_ACCOUNTS = "select remote_id, name from account where connection = :connection"
_TWINS = "select ref from item where group_id = :group and id <> :id order by ref"
_OWNER = "select name from person where id = :id"
