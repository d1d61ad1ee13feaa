"""What references mean (DESIGN 2, *link*): a pointer counts once what it points to was read.

The same issue or card is written in many ways, so addresses are compared by their host and the key in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy import Connection, text

from syncbot.facts.rows import insert, look, many, settle, settle_from, tuples

Spot = tuple[str, str]
"""Host and key, as addresses are compared."""

_AFTER = {"browse", "issues", "c", "task"}
_GID = re.compile(r"/0/(?:\d+|inbox|search)(?:/\d+)*/(\d+)(?:/f)?/?$")
_SUGGESTED = 50  # of 100: a key in a text is as often an aside as a link
_RANK = {"native": 0, "config": 1, "url": 2, "key": 3, "scope": 4}
_CHILD = {("task", "feature"), ("feature", "goal")}


class Node(NamedTuple):
    """As much of an item as its links depend on."""

    id: int
    kind: str
    side: str
    gone: bool = False


def build(db: Connection) -> None:
    """Fill link, link_suggestion, lost_twins and stray from the references."""
    links: dict[tuple[int, int, str], str] = {}
    suggestions: dict[tuple[int, int, str], int] = {}
    lost: set[tuple[int, int]] = set()
    unread = _unread_by_id(db)
    strays: set[Spot] = set()
    for source, target, meaning, origin, inward in (*_by_id(db), *_by_address(db, unread, strays)):
        if source.id == target.id:
            continue
        one, other, kind = meant(source, target, meaning, inward=inward)
        if source.gone or target.gone:
            if kind == "twin_of" and origin != "key" and source.gone != target.gone:
                lost.add((source.id, target.id) if target.gone else (target.id, source.id))
        elif origin == "key":
            suggestions[one, other, kind] = _SUGGESTED
        elif (one, other, kind) not in links or _RANK[origin] < _RANK[links[one, other, kind]]:
            links[one, other, kind] = origin
    _settle(db, links, suggestions)
    told = dict(tuples(db, "select id, fate from record where seen = 'gone' and fate <> ''")) if lost else {}
    settle(db, "lost_twins", ("item_id", "twin_id"), ("fate",), [(*pair, told.get(pair[1], "gone")) for pair in lost])
    settle(db, "stray", ("host", "key"), (), strays)
    for column, now in unread.items():
        before = set(db.scalars(text(f"select id from item where {column}")))
        for number in before ^ now:
            db.execute(text(f"update item set {column} = :out where id = :id"), {"out": number in now, "id": number})


_KEY = ("from_id", "to_id", "type")
_RANKS = " ".join(f"when '{name}' then {rank}" for name, rank in _RANK.items())

# Most references say themselves what they mean, whatever the two are: those never leave the database.
_PLAIN = f"""
    select one, other, meaning, min(rank) from (
        select case when r.inward then t.id else i.id end as one, case when r.inward then i.id else t.id end as other,
            r.meaning, case r.origin {_RANKS} end as rank
        from reference r
        join item i on i.id = r.item_id
        join item t on t.connection = i.connection and t.remote_id = r.target
        where r.form = 'id' and r.meaning in ('child_of', 'blocks') and i.id <> t.id
            and i.seen <> 'gone' and t.seen <> 'gone') w
    group by one, other, meaning"""


def _settle(
    db: Connection, links: Mapping[tuple[int, int, str], str], suggestions: Mapping[tuple[int, int, str], int]
) -> None:
    """Keep these links, those that need no look, and of the suggestions what is no link yet."""
    for name in ("said", "hinted"):
        db.execute(text(f"drop table if exists {name}"))
    db.execute(
        text("""
        create temporary table said (from_id bigint, to_id bigint, type text, rank bigint,
            primary key (from_id, to_id, type))""")
    )
    db.execute(text("create temporary table hinted (from_id bigint, to_id bigint, type text, score bigint)"))
    db.execute(text(f"insert into said {_PLAIN}"))
    _say(db, [(*key, _RANK[origin]) for key, origin in links.items()])
    _say(db, list(_by_scope(db)))
    look(db, "said")
    origins = " ".join(f"when {rank} then '{name}'" for name, rank in _RANK.items())
    links_said = f"(select from_id, to_id, type, case rank {origins} end as origin from said)"
    settle_from(db, "link", _KEY, ("origin",), links_said)
    insert(db, "hinted", (*_KEY, "score"), [(*key, score) for key, score in suggestions.items()])
    known = "select 1 from said s where s.from_id = h.from_id and s.to_id = h.to_id and s.type = h.type"
    settle_from(db, "link_suggestion", _KEY, ("score",), f"(select * from hinted h where not exists ({known}))")
    for name in ("said", "hinted"):
        db.execute(text(f"drop table {name}"))


def _say(db: Connection, rows: Sequence[tuple[int, int, str, int]]) -> None:
    """Add links; of several origins of one link, the surest counts."""
    surer = "on conflict (from_id, to_id, type) do update set rank = excluded.rank where excluded.rank < said.rank"
    many(db, f"insert into said (from_id, to_id, type, rank) values (%s, %s, %s, %s) {surer}", rows)


# What is gone still tells of what it was a twin of, unless the config no longer reads it.
_READ = """({0}.seen <> 'gone' or exists (select 1 from scope s where s.id = {0}.home_scope_id and s.is_configured))"""


def _by_scope(db: Connection) -> Iterator[tuple[int, int, str, int]]:
    """What has nothing else above it is below whatever names its whole scope as a part."""
    found = db.execute(_BY_SCOPE).all()
    children = set(db.scalars(text("select from_id from said where type = 'child_of'"))) if found else set()
    for above, below, is_milestone in found:
        if is_milestone:  # which work is delivered with, and no part of
            yield min(above, below), max(above, below), "relates", _RANK["scope"]
        elif below not in children:
            yield below, above, "child_of", _RANK["scope"]


# What points to something that is not read, by what that could be: work below it, or a whole that it is part of.
# Nothing that only relates or blocks, and nothing that was deleted.
_UNREAD = {
    "leads_out": "(r.meaning is null or r.meaning = 'twin' or (r.meaning = 'child_of' and r.inward))",
    "leads_up": "(r.meaning is null or r.meaning = 'twin' or (r.meaning = 'child_of' and not r.inward))",
}


def _unread_by_id(db: Connection) -> dict[str, set[int]]:
    """The items that point so, by column."""
    unread: dict[str, set[int]] = {column: set() for column in _UNREAD}
    found = tuples(
        db,
        f"""
        select r.item_id, {", ".join(_UNREAD.values())} from reference r join item i on i.id = r.item_id
        where r.form = 'id' and i.seen <> 'gone' and ({" or ".join(_UNREAD.values())})
            and not exists (
                select 1 from item t join scope s on s.id = t.home_scope_id
                where t.connection = i.connection and t.remote_id = r.target and (t.seen <> 'gone' or s.is_configured))
            and not exists (
                select 1 from record t join scope s on s.id = t.home_scope_id
                where t.connection = i.connection and t.remote_id = r.target and s.is_configured)
            and not exists (
                select 1 from scope s
                where s.connection = i.connection and s.remote_id = r.target and s.is_configured)""",
    )
    for number, *could_be in found:
        _lead(unread, number, could_be)
    return unread


def _lead(unread: dict[str, set[int]], number: int, could_be: Sequence[bool]) -> None:
    """Add an item to the columns that are true of what it points to."""
    for several, could in zip(unread.values(), could_be, strict=True):
        if could:
            several.add(number)


# What is above all of a scope: where something names a project as a part of it, so is whatever has nothing else above.
_BY_SCOPE = text("""
    select i.id, t.id, i.kind = 'milestone'
    from scope s
    join reference r on r.target = s.remote_id
    join item i on i.id = r.item_id and i.connection = s.connection
    join membership m on m.scope_id = s.id and m.is_home
    join item t on t.id = m.item_id
    where r.form = 'id' and r.meaning = 'child_of' and r.inward and i.seen <> 'gone' and t.seen <> 'gone'
        and i.kind in ('goal', 'feature', 'milestone') and i.id <> t.id""")


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
    found = tuples(
        db,
        f"""
        select r.meaning, r.origin, r.inward, i.id, i.kind, i.side, i.seen = 'gone',
            t.id, t.kind, t.side, t.seen = 'gone'
        from reference r
        join item i on i.id = r.item_id
        join item t on t.connection = i.connection and t.remote_id = r.target
        where r.form = 'id' and (r.meaning is null or r.meaning not in ('child_of', 'blocks'))
            and {_READ.format("i")} and {_READ.format("t")}""",
    )
    for meaning, origin, inward, *nodes in found:
        yield Node(*nodes[:4]), Node(*nodes[4:]), meaning, origin, bool(inward)


def _by_address(db: Connection, unread: dict[str, set[int]], strays: set[Spot]) -> Iterator[Pair]:
    """What addresses and keys lead to. Addresses of what is not read join ``strays``, their items ``unread``."""
    found = tuples(
        db,
        f"""
        select r.form, r.target, r.meaning, r.origin, r.inward, {", ".join(_UNREAD.values())}, i.id, i.kind, i.side,
            i.seen = 'gone'
        from reference r join item i on i.id = r.item_id
        where r.form <> 'id' and {_READ.format("i")}""",
    )
    pending = [
        (spot, meaning, origin, bool(inward), could_be, Node(number, kind, side, bool(gone)))
        for form, target, meaning, origin, inward, *could_be, number, kind, side, gone in found
        if (spot := locate(target) if form == "url" else ("", target.strip().upper()))
    ]
    wanted = {spot for spot, *_ in pending}
    there = find(db, wanted)
    deleted = find(db, wanted - there.keys(), gone=True)
    while pending:  # each is let go of as soon as it became a link
        spot, meaning, origin, inward, could_be, node = pending.pop()
        if spot in there:
            yield node, there[spot], meaning, origin, inward
        elif spot in deleted:
            yield node, deleted[spot], meaning, origin, inward
        elif spot[0] and not node.gone:
            strays.add(spot)
            _lead(unread, node.id, could_be)


def find(db: Connection, wanted: set[Spot], *, gone: bool = False) -> dict[Spot, Node]:
    """The items at these addresses: those that are there, or those that are gone from what is still read.

    A key without a host counts only if a single item has it. An item that moved is also at the addresses that it had,
    unless another one is there now.
    """
    which = "i.seen = 'gone' and s.is_configured" if gone else "i.seen <> 'gone'"
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
        for number, kind, side, ref, remote_id, url in tuples(db, query):
            # To take an address apart costs more than everything else here.
            if ref.upper() not in keys and remote_id.upper() not in keys:
                continue
            spots: tuple[Spot | None, ...] = (locate(url), ("", ref.upper()))
            for spot in spots:
                if spot in there:
                    several |= {spot} - taken
                elif spot is not None and spot in wanted:
                    there[spot] = Node(number, kind, side, gone)
    return {spot: node for spot, node in there.items() if spot[0] or spot not in several}
