"""How ``syncbot mapping preview`` shows what an edited mapping would change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import get_args

import msgspec
from msgspec.structs import replace
from rich.console import Console
from rich.text import Text

from syncbot import mapping as mappings
from syncbot.cli import tables
from syncbot.errors import UserError
from syncbot.model import Finding, LinkType, Struct
from syncbot.pipeline import Feed, Piece, Preview
from syncbot.report.words import clean, number

EXAMPLES = 3
ABSENT = "—"
LINKS: tuple[LinkType, ...] = get_args(LinkType)


class Change(Struct, frozen=True):
    """One value of one item, as it is read now and as it would be; the value ``item`` tells whether it is one."""

    connection: str
    item: str
    title: str
    what: str
    now: str | None
    then: str | None


def try_out(feeds: Sequence[Feed], source: mappings.Source) -> tuple[Feed, ...]:
    """The feeds, reading with this mapping wherever they use one of its name. Raises UserError if none does."""
    name = source.file.stem
    used = sorted({one for feed in feeds for one in feed.sources})
    if name not in used:
        raise UserError(f'no connection reads with a mapping called "{name}". They read with: {", ".join(used)}.')
    return tuple(
        replace(feed, sources={**feed.sources, name: source}) if name in feed.sources else feed for feed in feeds
    )


def changes(preview: Preview) -> Iterator[Change]:
    """Every difference of every item, by connection and ref."""
    before, after = preview.before.items, preview.after.items
    for key in sorted(before.keys() | after.keys(), key=lambda it: (it[0], _named(before, after, it).ref, it)):
        one, other = before.get(key), after.get(key)
        piece = _named(before, after, key)
        if one is None or other is None:
            yield Change(piece.connection, piece.ref, piece.title, "item", _kind(one), _kind(other))
            continue
        for what in sorted(one.values.keys() | other.values.keys()):
            now, then = one.values.get(what), other.values.get(what)
            if now != then:
                yield Change(piece.connection, piece.ref, piece.title, what, now, then)


def _named(before: dict[tuple[str, str], Piece], after: dict[tuple[str, str], Piece], key: tuple[str, str]) -> Piece:
    return after.get(key) or before[key]


def _kind(piece: Piece | None) -> str | None:
    return f"{piece.values['kind']}{', derived' if piece.derived else ''}" if piece else None


def show_preview(console: Console, preview: Preview) -> None:
    """Draw it: equal changes as one line, with the number of items and some of them."""
    found = list(changes(preview))
    groups: defaultdict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for one in found:
        groups[one.connection, one.what, _short(one, one.now), _short(one, one.then)].append(one.item)
    total, touched = len(preview.before.items), len({(one.connection, one.item) for one in found})
    for connection, fields in preview.unread.items():
        names = ", ".join(map(clean, fields))
        said = f"{connection}: {names} was never read. The next pull reads everything again; only then it counts."
        console.print(Text(said), soft_wrap=not console.is_terminal)
    if not found:
        console.print(f"All {total} items would be read as they are now.")
    else:
        console.print(f"{touched} of {number(total, 'item')} would be read differently:", end="\n\n")
        rows = [
            (connection, what, now, then, len(refs), ", ".join([*refs[:EXAMPLES], *(["…"] * (len(refs) > EXAMPLES))]))
            for (connection, what, now, then), refs in sorted(groups.items(), key=lambda it: (it[0][0], -len(it[1])))
        ]
        tables.show(console, ("where", "what", "now", "then", "items", "such as"), rows, right=("items",))
    _show_words(console, preview)
    _show_findings(console, preview)


def _short(change: Change, said: str | None) -> str:
    """What a column has room for: of links only their types, since each leads elsewhere."""
    if said and change.what == "links":
        said = ", ".join(sorted({link.partition(" ")[0] for link in said.split(", ")} & set(LINKS)))
    return said or ABSENT


def _show_words(console: Console, preview: Preview) -> None:
    before, after = preview.before.unknown, preview.after.unknown
    rows = [
        (*key, before.get(key, 0), after.get(key, 0))
        for key in sorted(before.keys() | after.keys())
        if before.get(key, 0) != after.get(key, 0)
    ]
    if rows:
        tables.heading(console, "Words that the mapping does not know, by records")
        tables.show(console, ("where", "what", "word", "now", "then"), rows, right=("now", "then"))


def _show_findings(console: Console, preview: Preview) -> None:
    new, gone = _differing(preview)
    rows = [
        (state, finding.rule, finding.subject.ref or "", clean(finding.subject.title, 60))
        for state, findings in (("new", new), ("gone", gone))
        for finding in findings
    ]
    before, after = preview.before.cannot_tell, preview.after.cannot_tell
    rows += [("cannot tell", rule, scope, after[rule, scope]) for rule, scope in sorted(after.keys() - before.keys())]
    rows += [("can tell", rule, scope, "") for rule, scope in sorted(before.keys() - after.keys())]
    if not rows:
        console.print(f"The findings would stay the same ({len(preview.after.findings)}).")
        return
    tables.heading(console, f"Findings: {len(new)} new, {len(gone)} gone")
    tables.show(console, ("", "rule", "about", ""), rows)


def _differing(preview: Preview) -> tuple[list[Finding], list[Finding]]:
    before, after = preview.before.findings, preview.after.findings

    def sort(one: Finding) -> tuple[str, str, str]:
        return one.rule, one.subject.ref, one.fingerprint

    new = sorted((after[key] for key in after.keys() - before.keys()), key=sort)
    return new, sorted((before[key] for key in before.keys() - after.keys()), key=sort)


def as_json(preview: Preview) -> str:
    """All of it, for a program."""
    new, gone = _differing(preview)

    def told(finding: Finding) -> dict[str, str]:
        subject = finding.subject
        return {"rule": finding.rule, "connection": subject.connection, "ref": subject.ref, "url": subject.url}

    said = {
        "version": 1,
        "items": len(preview.before.items),
        "changes": [
            {"connection": one.connection, "item": one.item, "what": one.what, "now": one.now, "then": one.then}
            for one in changes(preview)
        ],
        "unread": preview.unread,
        "unknown_words": {
            name: [[*key, count] for key, count in sorted(picture.unknown.items())]
            for name, picture in (("now", preview.before), ("then", preview.after))
        },
        "findings": {"new": [told(one) for one in new], "gone": [told(one) for one in gone]},
    }
    return msgspec.json.format(msgspec.json.encode(said)).decode()
