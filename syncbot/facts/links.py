"""What references mean (DESIGN 2, *link*): a pointer counts once what it points to was read.

The same issue or card is written in many ways, so addresses are compared by their host and the key in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy import Connection, text

from syncbot.facts.rows import fetch, settle

Spot = tuple[str, str]
"""Host and key, as addresses are compared."""

_AFTER = {"browse", "issues", "c", "task"}
_GID = re.compile(r"/0/(?:\d+|inbox|search)(?:/\d+)*/(\d+)(?:/f)?/?$")
_SUGGESTED = 50  # of 100: a key in a text is as often an aside as a link
_RANK = {"native": 0, "config": 1, "url": 2, "key": 3}
_CHILD = {("task", "feature"), ("feature", "goal")}


class Node(NamedTuple):
    """As much of an item as its links depend on."""

    id: int
    kind: str
    side: str


def build(db: Connection) -> None:
    """Fill link and link_suggestion from the references."""
    links: dict[tuple[int, int, str], str] = {}
    suggestions: dict[tuple[int, int, str], int] = {}
    outward = set(db.scalars(_OUT_BY_ID))
    for source, target, meaning, origin, inward in (*_by_id(db), *_by_address(db, outward)):
        if source.id == target.id:
            continue
        one, other, kind = meant(source, target, meaning, inward=inward)
        if origin == "key":
            suggestions[one, other, kind] = _SUGGESTED
        elif (one, other, kind) not in links or _RANK[origin] < _RANK[links[one, other, kind]]:
            links[one, other, kind] = origin
    key = ("from_id", "to_id", "type")
    settle(db, "link", key, ("origin",), ((*key, origin) for key, origin in links.items()))
    missing = ((*key, score) for key, score in suggestions.items() if key not in links)
    settle(db, "link_suggestion", key, ("score",), missing)
    _mark(db, "leads_out", outward)
    _mark(db, "parent_unread", set(db.scalars(_UNREAD_PARENTS)))


def _mark(db: Connection, column: str, numbers: set[int]) -> None:
    """Make the column true of these items, and of no other."""
    before = set(db.scalars(text(f"select id from item where {column}")))
    for number in before ^ numbers:
        db.execute(text(f"update item set {column} = :is where id = :id"), {"is": number in numbers, "id": number})


# Where work could be that is not read: no parent, nothing that only relates or blocks, and nothing that was deleted.
_COULD_BE_WORK = "(r.meaning is null or r.meaning = 'twin' or (r.meaning = 'child_of' and r.inward))"
_UNREAD = """
    select r.item_id from reference r join item i on i.id = r.item_id
    where r.form = 'id' and i.seen <> 'gone' and {which} and not exists (
            select 1 from record t join scope s on s.id = t.home_scope_id
            where t.connection = i.connection and t.remote_id = r.target and s.is_configured)
        and not exists (
            select 1 from item t join scope s on s.id = t.home_scope_id
            where t.connection = i.connection and t.remote_id = r.target and (t.seen <> 'gone' or s.is_configured))"""
_OUT_BY_ID = text(_UNREAD.format(which=_COULD_BE_WORK))
_UNREAD_PARENTS = text(
    _UNREAD.format(
        which="""r.meaning = 'child_of' and not r.inward and not exists (
            select 1 from link l where l.from_id = i.id and l.type = 'child_of')"""
    )
)


def meant(source: Node, target: Node, meaning: str | None, *, inward: bool) -> tuple[int, int, str]:
    """From which item to which, and the type of the link."""
    one, other = (target, source) if inward else (source, target)
    if meaning in {"child_of", "blocks"}:
        return one.id, other.id, meaning
    if meaning != "relates":
        kinds = (one.kind, other.kind)
        named = meaning == "twin"
        if kinds[0] == kinds[1] and (named or (one.side != other.side and one.kind in {"goal", "feature"})):
            first, second = sorted((one, other), key=lambda node: (node.side != "product", node.id))
            return first.id, second.id, "twin_of"
        if kinds in _CHILD:
            return one.id, other.id, "child_of"
        if kinds[::-1] in _CHILD:
            return other.id, one.id, "child_of"
    return min(one.id, other.id), max(one.id, other.id), "relates"


def locate(url: str) -> Spot | None:
    """The host and the key that an address of a tool names; None if it names no issue, card or task."""
    try:
        parts = urlsplit(url.strip())
        host = parts.netloc.rpartition("@")[2].casefold()
    except ValueError:
        return None
    selected = parse_qs(parts.query).get("selectedIssue")
    if selected:
        return host, selected[0].upper()
    if gid := _GID.search(parts.path):
        return host, gid[1]
    steps = [unquote(step) for step in parts.path.split("/") if step]
    for step, following in pairwise(steps):
        if step in _AFTER:
            # Jira's keys are written in any case; Trello's short links differ by it.
            return host, following if step == "c" else following.upper()
    return None


Pair = tuple[Node, Node, str | None, str, bool]


def _by_id(db: Connection) -> Iterator[Pair]:
    found = fetch(
        db,
        """
        select r.meaning, r.origin, r.inward, i.id, i.kind, i.side, t.id, t.kind, t.side
        from reference r
        join item i on i.id = r.item_id
        join item t on t.connection = i.connection and t.remote_id = r.target
        where r.form = 'id' and i.seen <> 'gone' and t.seen <> 'gone'""",
    )
    for meaning, origin, inward, *nodes in found:
        yield Node(*nodes[:3]), Node(*nodes[3:]), meaning, origin, bool(inward)


def _by_address(db: Connection, outward: set[int]) -> Iterator[Pair]:
    """What addresses and keys lead to; the items whose addresses lead to what is not read are added to ``outward``."""
    found = fetch(
        db,
        f"""
        select r.form, r.target, r.meaning, r.origin, r.inward, {_COULD_BE_WORK}, i.id, i.kind, i.side
        from reference r join item i on i.id = r.item_id
        where r.form <> 'id' and i.seen <> 'gone'""",
    )
    pending = [
        (spot, meaning, origin, bool(inward), bool(could_be), Node(*node))
        for form, target, meaning, origin, inward, could_be, *node in found
        if (spot := locate(target) if form == "url" else ("", target.strip().upper()))
    ]
    wanted = {spot for spot, *_ in pending}
    there = find(db, wanted)
    deleted = find(db, wanted - there.keys(), "i.seen = 'gone' and s.is_configured")
    for spot, meaning, origin, inward, could_be, node in pending:
        if spot in there:
            yield node, there[spot], meaning, origin, inward
        elif spot[0] and could_be and spot not in deleted:
            outward.add(node.id)


def find(db: Connection, wanted: set[Spot], which: str = "i.seen <> 'gone'") -> dict[Spot, Node]:
    """The items of a kind (SQL) at these addresses. A key without a host counts only if a single item has it.

    An item that moved is also at the addresses that it had, unless another one is there now.
    """
    there: dict[Spot, Node] = {}
    several: set[Spot] = set()
    keys = {key.upper() for _, key in wanted}
    now = f"""
        select i.id, i.kind, i.side, i.ref, i.remote_id, i.url from item i join scope s on s.id = i.home_scope_id
        where {which} order by i.id"""
    before = f"""
        select i.id, i.kind, i.side, f.ref, f.remote_id, f.url
        from former_key f join item i on i.connection = f.connection and i.remote_id = f.remote_id
        join scope s on s.id = i.home_scope_id
        where {which} order by i.id"""
    for query in (now, before) if wanted else ():
        taken = set(there)
        for number, kind, side, ref, remote_id, url in fetch(db, query):
            # To take an address apart costs more than everything else here.
            if ref.upper() not in keys and remote_id.upper() not in keys:
                continue
            spots: tuple[Spot | None, ...] = (locate(url), ("", ref.upper()))
            for spot in spots:
                if spot in there:
                    several |= {spot} - taken
                elif spot is not None and spot in wanted:
                    there[spot] = Node(number, kind, side)
    return {spot: node for spot, node in there.items() if spot[0] or spot not in several}
