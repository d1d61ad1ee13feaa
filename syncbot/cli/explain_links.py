"""How ``syncbot explain`` tells what an item is linked to: by which reference, and by which line of which file."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from sqlalchemy import Connection, Row, text

from syncbot import mapping as mappings
from syncbot.cli import tables
from syncbot.facts import links
from syncbot.model import Record, Reference
from syncbot.report.words import clean


def explain(
    console: Console, db: Connection, item: Row[Any], record: Record | None, mapping: mappings.Mapping | None
) -> None:
    """The item's links, and what its references could not be made into."""
    said_by = _said_by(item, record, mapping)
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
        rows.append((kind, called(target), how, by))
    for link in db.execute(text(_LINKS), {"id": item.id}):
        if link.id not in own:
            kind = link.type if link.outward else f"{link.type} (of it)"
            rows.append((kind, called(link), f"said there ({link.origin})", ""))
    rows += [
        (f"perhaps {guess.type}", called(guess), "a key in its text", "")
        for guess in db.execute(text(_SUGGESTED), {"id": item.id})
    ]
    tables.heading(console, "Linked")
    if rows:
        tables.show(console, ("as", "to", "by", "said by"), rows)
    else:
        tables.line(console, "to nothing")


def called(item: Row[Any]) -> str:
    """The key and title; those of derived items are one."""
    title = clean(item.title, 40)
    return title if item.ref == item.title else f"{item.ref} {title}"


def where(spot: mappings.Spot | None) -> str:
    """A place in a mapping, as people look it up."""
    return "" if spot is None else f"{spot.file.name}:{spot.line} {spot.key}"


def _said_by(item: Row[Any], record: Record | None, mapping: mappings.Mapping | None) -> dict[tuple[str, str], str]:
    """By target and form of a reference, what the tool calls it and the line that gives it a meaning."""
    if record is None or mapping is None or item.derived_from:
        return {}

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
    target = db.execute(text(BY_ID), {"id": number}).one_or_none() if number is not None else None
    if target is None or target.id == item.id:
        return None, ""
    source = links.Node(item.id, item.kind, item.side)
    other = links.Node(target.id, target.kind, target.side)
    one, _, kind = links.meant(source, other, reference.meaning, inward=bool(reference.inward))
    if reference.origin == "key":
        return target, f"perhaps {kind}"
    return target, kind if one == item.id else f"{kind} (of it)"


_HOW = {
    ("id", False): "its own link to",
    ("id", True): "its own link to",
    ("url", False): "the address",
    ("url", True): "the address",
    ("key", False): "a key in its text:",
    ("key", True): "a key in its text, as the mapping says:",
}
_REFERENCES = """
    select target, form, origin, meaning, inward from reference where item_id = :id order by form, target, id"""
_LINKS = """
    select l.type, l.origin, i.id, i.ref, i.title, l.from_id = :id as outward
    from link l join item i on i.id = case when l.from_id = :id then l.to_id else l.from_id end
    where l.from_id = :id or l.to_id = :id order by l.type, i.ref"""
_SUGGESTED = """
    select l.type, i.ref, i.title from link_suggestion l join item i on i.id = l.from_id
    where l.to_id = :id order by l.type, i.ref"""
BY_ID = "select id, ref, title, kind, side, derived_from from item where id = :id"
_BY_REMOTE_ID = "select id from item where connection = :connection and remote_id = :remote_id and seen <> 'gone'"
