"""``syncbot explain``: an item or a finding, from what was read to what is said, each step with where it is written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text
from sqlalchemy import Connection, Row, text

from syncbot import mapping as mappings
from syncbot.cli import explain_finding, options, steps, tables
from syncbot.cli.meant import sentence
from syncbot.cli.session import opened
from syncbot.errors import UserError
from syncbot.facts import links
from syncbot.model import SHORT, Finding, Record, Reference
from syncbot.patterns import fold
from syncbot.pipeline import Ready
from syncbot.report.words import clean
from syncbot.store import findings, records

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
            told = findings.find(db, item)
            for finding, past in told:
                explain_finding.explain(console, db, session, finding, past)
            found = [one for finding, _ in told for one in _concerned(db, finding)] if told else _items(db, item)
            if not told and not found and not _ignored(console, db, ready, item):
                raise UserError(
                    f"nothing that was read is called {clean(item)}, nor any finding: is its scope among those that "
                    "'syncbot doctor' lists, and was it pulled since?"
                )
            for one in found:
                _explain(console, db, one, ready.get(one.connection))
    return code


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


def _explain(console: Console, db: Connection, item: Row[Any], ready: Ready | None) -> None:
    tables.heading(console, f"{item.ref} “{item.title}”")
    console.print(Text(clean(item.url)), soft_wrap=True)
    _read(console, db, item)
    stored = records.record(db, item.connection, item.remote_id)
    record = stored[0] if stored else None
    if record is not None and ready is not None:
        _mapped(console, db, record, ready)
    _linked(console, db, item, record, ready)
    _facts(console, db, item)
    _findings(console, db, item)


def _read(console: Console, db: Connection, item: Row[Any]) -> None:
    tables.heading(console, "Read")
    if item.derived_from:
        count = db.scalar(text(_NAMED), {"connection": item.connection, "remote_id": item.remote_id})
        _say(console, f"no record of {item.connection}: a {item.kind} named by {count} items ({item.derived_from})")
        return
    stored = records.record(db, item.connection, item.remote_id)
    at = stored[1] if stored else "an unknown time"
    seen = {"here": "", "missing": "; the last count missed it", "gone": "; it is gone there"}[item.seen]
    _say(console, f"from {item.connection}, {item.scope}, at {at}{seen}")
    if item.is_restricted:
        _say(console, "restricted there, so no report of another tool names it")
    put_aside = {"connection": item.connection, "remote_id": item.remote_id}
    for reason in db.scalars(text(_QUARANTINE), put_aside):
        _say(console, f"what was read last could not be used and was put aside: {reason}")


def _mapped(console: Console, db: Connection, record: Record, ready: Ready) -> None:
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


def where(spot: mappings.Spot | None) -> str:
    """A place in a mapping, as people look it up."""
    return "" if spot is None else f"{spot.file.name}:{spot.line} {spot.key}"


def _linked(console: Console, db: Connection, item: Row[Any], record: Record | None, ready: Ready | None) -> None:
    said_by = _said_by(item, record, ready)
    rows, own = [], set()
    for reference in db.execute(text(_REFERENCES), {"id": item.id}):
        target, kind = _target(db, item, reference)
        how = f"{_HOW[reference.form, reference.origin == 'config']} {reference.target}".strip()
        by = said_by.get((reference.target, reference.form), "")
        if target is None:
            rows.append(("nothing", "its target was not read", how, by))
            continue
        own.add(target.id)
        if target.derived_from:
            how = f"the {target.derived_from} that names it"
        rows.append((kind, _called(target), how, by))
    for link in db.execute(text(_LINKS), {"id": item.id}):
        if link.id not in own:
            kind = link.type if link.outward else f"{link.type} (of it)"
            rows.append((kind, _called(link), f"said there ({link.origin})", ""))
    rows += [
        (f"perhaps {guess.type}", _called(guess), "a key in its text", "")
        for guess in db.execute(text(_SUGGESTED), {"id": item.id})
    ]
    tables.heading(console, "Linked")
    if rows:
        tables.show(console, ("as", "to", "by", "said by"), rows)
    else:
        _say(console, "to nothing")


def _called(item: Row[Any]) -> str:
    """The key and title; those of derived items are one."""
    title = clean(item.title, 40)
    return title if item.ref == item.title else f"{item.ref} {title}"


def _said_by(item: Row[Any], record: Record | None, ready: Ready | None) -> dict[tuple[str, str], str]:
    """By target and form of a reference, what the tool calls it and the line that gives it a meaning."""
    if record is None or ready is None or item.derived_from:
        return {}
    _, mapping = _mapping(ready, record)

    def by(reference: Reference) -> str:
        word = "parent" if reference.parent else reference.word.name if reference.word else ""
        return " ".join(
            filter(
                None, (f"“{clean(word, 40)}”" if word else "", where(mappings.meaning_spot(mapping, record, reference)))
            )
        )

    return {(reference.target, reference.form): by(reference) for reference in record.references}


def _target(db: Connection, item: Row[Any], reference: Row[Any]) -> tuple[Row[Any] | None, str]:
    """The item that a reference leads to, and what kind of link that makes."""
    if reference.form == "id":
        values = {"connection": item.connection, "remote_id": reference.target}
        number = db.scalar(text(_BY_REMOTE_ID), values)
    else:
        spot = links.locate(reference.target) if reference.form == "url" else ("", reference.target.strip().upper())
        node = links.find(db, {spot}).get(spot) if spot else None
        number = node.id if node else None
    target = db.execute(text(_BY_ID), {"id": number}).one_or_none() if number is not None else None
    if target is None or target.id == item.id:
        return None, ""
    source = links.Node(item.id, item.kind, item.side)
    other = links.Node(target.id, target.kind, target.side)
    one, _, kind = links.meant(source, other, reference.meaning, inward=bool(reference.inward))
    if reference.origin == "key":
        return target, f"perhaps {kind}"
    return target, kind if one == item.id else f"{kind} (of it)"


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
        "committed": "yes" if item.is_committed else "no",
        "owner": person.name if person else None,
        **named,
        "team": db.scalar(text("select name from team where id = :id"), {"id": item.team_id}),
    }
    tables.heading(console, "Facts, as of the last check")
    tables.show(console, ("fact", "is"), [(name, said) for name, said in facts.items() if said])


def _other(item: Row[Any], column: str) -> int | None:
    number: int | None = getattr(item, column)
    return None if number == item.id else number


def _name(db: Connection, number: int | None) -> str | None:
    row = db.execute(text(_BY_ID), {"id": number}).one_or_none() if number is not None else None
    return _called(row) if row else None


def _findings(console: Console, db: Connection, item: Row[Any]) -> None:
    tables.heading(console, "Findings")
    found = findings.standing(db, item.id)
    if not found:
        _say(console, "none")
        return
    rows = [
        (
            one.fingerprint[:SHORT],
            one.rule,
            one.severity,
            state,
            "; ".join(sentence(one, piece) for piece in one.evidence),
        )
        for one, state in found
    ]
    tables.show(console, ("id", "rule", "severity", "state", "says"), rows)


def _ignored(console: Console, db: Connection, ready: Mapping[str, Ready], said: str) -> bool:
    """Look among the records that are no items: those that the mapping ignores, and our own reports."""
    found = False
    for name, one in ready.items():
        for record in records.records(db, name):
            if not _is_meant(record, said):
                continue
            found = True
            tables.heading(console, f"{record.ref} “{record.title}”")
            _say(console, f"from {name}: it was read, and is no item")
            _mapped(console, db, record, one)
    return found


def _is_meant(record: Record, said: str) -> bool:
    if "://" not in said:
        return fold(said) in {fold(record.ref), fold(record.remote_id)}
    return record.url == said.strip() or links.locate(said) == (links.locate(record.url) or "")


def _say(console: Console, said: str) -> None:
    console.print(Text(clean(said)), soft_wrap=not console.is_terminal)


_HOW = {
    ("id", False): "its own link to",
    ("id", True): "its own link to",
    ("url", False): "the address",
    ("url", True): "the address",
    ("key", False): "a key in its text:",
    ("key", True): "a key in its text, as the mapping says:",
}
_ITEM = """
    select i.*, s.name as scope from item i join scope s on s.id = i.home_scope_id
    where i.ref = :key or upper(i.ref) = :upper or i.remote_id = :key or i.url = :url
    order by i.connection, i.id"""
_EXACT = """
    select i.*, s.name as scope from item i join scope s on s.id = i.home_scope_id
    where i.connection = :connection and i.remote_id = :remote_id"""
_BY_ID = "select id, ref, title, kind, side, derived_from from item where id = :id"
_BY_REMOTE_ID = "select id from item where connection = :connection and remote_id = :remote_id and seen <> 'gone'"
_NAMED = """
    select count(distinct r.item_id) from reference r join item i on i.id = r.item_id
    where r.target = :remote_id and r.form = 'id' and i.connection = :connection"""
_QUARANTINE = "select reason from quarantine where connection = :connection and remote_id = :remote_id"
_ACCOUNTS = "select remote_id, name from account where connection = :connection"
_REFERENCES = """
    select target, form, origin, meaning, inward from reference where item_id = :id order by form, target, id"""
_LINKS = """
    select l.type, l.origin, i.id, i.ref, i.title, l.from_id = :id as outward
    from link l join item i on i.id = case when l.from_id = :id then l.to_id else l.from_id end
    where l.from_id = :id or l.to_id = :id order by l.type, i.ref"""
_SUGGESTED = """
    select l.type, i.ref, i.title from link_suggestion l join item i on i.id = l.from_id
    where l.to_id = :id order by l.type, i.ref"""
_TWINS = "select ref from item where group_id = :group and id <> :id order by ref"
_OWNER = "select name from person where id = :id"
