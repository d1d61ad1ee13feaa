"""Where each item stands: its parent, its twins, the feature and the goal above it, and whether it counts once.

Only items with links need the walk; what the others are follows from the item itself, in SQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, text

from syncbot.facts.rows import differs, insert, tuples

# A task's parent is rather a task than a feature, and rather that than a goal; what the tool says comes first.
_NEAREST = {"task": 0, "feature": 1, "milestone": 2, "goal": 3}
_MARKS = {"goal", "feature"}
_FIRST = {"native": 0, "config": 1, "url": 2, "key": 3, "scope": 4}


class Node(NamedTuple):
    """An item with links."""

    id: int
    kind: str
    side: str


class Place(NamedTuple):
    """Where an item with links stands.

    ``counted_id`` stands for it and its twins when work is counted; ``delivered``: it has a twin on the project side;
    ``also``: the features above it besides the nearest one.
    """

    id: int
    parent_id: int | None
    group_id: int
    feature_id: int | None
    goal_id: int | None
    counted_id: int
    delivered: bool
    also: tuple[int, ...]


Above = tuple[tuple[str, int], ...]
"""Goals and features: the kind and the id of each."""


class Tree:
    """The items that have links, by id, and their child_of and twin_of links.

    ``twins``: the members of each group of several, by id, under each of them.
    """

    def __init__(self, nodes: Iterable[Node], links: Iterable[tuple[int, int, str, str]]) -> None:
        self.nodes = {node.id: node for node in nodes}
        self._joined: dict[int, int] = {}
        self._known: dict[int, Above] = {}
        found: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for one, other, kind, origin in links:
            if kind == "twin_of":
                self._join(one, other)
            else:
                found[one].append((_FIRST[origin], _NEAREST[self.nodes[other].kind], other))
        self.parents = {child: [parent for *_, parent in sorted(several)] for child, several in found.items()}
        members: defaultdict[int, list[Node]] = defaultdict(list)
        for number in sorted(self._joined):
            members[self._root(number)].append(self.nodes[number])
        self.twins = {number: members[self._root(number)] for number in self._joined}

    def _root(self, number: int) -> int:
        while (above := self._joined.setdefault(number, number)) != number:
            self._joined[number] = self._joined[above]
            number = above
        return number

    def _join(self, one: int, other: int) -> None:
        low, high = sorted((self._root(one), self._root(other)))
        self._joined[high] = low

    def head(self, number: int) -> int:
        """The item that stands for its group: on the product side, the lowest id."""
        twins = self.twins.get(number)
        return min(twins, key=lambda node: (node.side != "product", node.id)).id if twins else number

    def places(self) -> Iterator[Place]:
        """Where each item stands."""
        for number in self.nodes:
            parents = self.parents.get(number)
            above = self._above(number)
            features = [head for kind, head in above if kind == "feature"]
            twins = self.twins.get(number)
            yield Place(
                id=number,
                parent_id=parents[0] if parents else None,
                group_id=twins[0].id if twins else number,
                feature_id=features[0] if features else None,
                goal_id=next((head for kind, head in above if kind == "goal"), None),
                counted_id=min(twins, key=lambda twin: (twin.side != "project", twin.id)).id if twins else number,
                delivered=any(twin.side == "project" and twin.id != number for twin in twins) if twins else False,
                also=tuple(features[1:]),
            )

    def _above(self, number: int) -> Above:
        """The goals and features at or above an item and its twins, by their heads, the nearest first.

        What has no twins and one parent at most has above it what its parent has, and so for all of its siblings.
        """
        line: list[int] = []
        wanted = number
        while number not in self._known:
            parents = self.parents.get(number, ())
            if number in self.twins or len(parents) > 1 or number in line:
                self._known[number] = tuple(self._walk(number))
                break
            line.append(number)
            if not parents:
                break
            number = parents[0]
        above = self._known.get(number, ())
        for one in reversed(line):
            own = (self.nodes[one].kind, one)
            if one in self._known:
                above = self._known[one]
            elif own[0] in _MARKS:
                above = (own, *(mark for mark in above if mark != own))
            self._known[one] = above
        return self._known[wanted]

    def _walk(self, number: int) -> Iterator[tuple[str, int]]:
        level, seen, told = [number], set(), set()
        while level:
            following: list[int] = []
            for one in level:
                if one in seen:
                    continue
                seen.add(one)
                kind = self.nodes[one].kind
                if kind in _MARKS and (head := self.head(one)) not in told:
                    told.add(head)
                    yield kind, head
                following += self.parents.get(one, ())
                following += [twin.id for twin in self.twins.get(one, ())]
            level = following


def read(db: Connection) -> Tree:
    """The links as they are stored, between items that are not gone."""
    linked = text("""
        select i.id, i.kind, i.side from item i
        where i.id in (select from_id from link where type in ('child_of', 'twin_of')
            union select to_id from link where type in ('child_of', 'twin_of'))""")
    links = text("select from_id, to_id, type, origin from link where type in ('child_of', 'twin_of')")
    return Tree(map(Node._make, tuples(db, linked)), tuples(db, links))


def build(db: Connection, boards: Mapping[int, int]) -> int:
    """Fill the facts of every item, and say of how many they changed. ``boards``: the teams of boards, by sprint.

    Leaves the tables ``place`` and ``under`` for the facts that follow.
    """
    begin(db)
    names = [name for name in Place._fields if name != "also"]
    places = list(read(db).places())
    insert(db, "place", names, [place[:-1] for place in places])
    under = [(place.id, head) for place in places for head in place.also]
    insert(db, "under", ("item_id", "feature_id"), under)
    insert(db, "board_sprint", ("sprint_id", "team_id"), list(boards.items()))
    facts = ("parent_id", "group_id", "feature_id", "goal_id", "owner_id", "team_id")
    changed = differs(*((f"item.{name}", f"w.{name}") for name in facts))
    changes = db.execute(
        text(f"""
        update item set is_committed = w.is_committed, {", ".join(f"{name} = w.{name}" for name in facts)}
        from (
            select i.id, a.person_id as owner_id, p.parent_id, coalesce(p.group_id, i.id) as group_id,
                coalesce(own.team_id, theirs.team_id, s.team_id, b.team_id) as team_id,
                coalesce(p.feature_id, case when i.kind = 'feature' then i.id end) as feature_id,
                coalesce(p.goal_id, case when i.kind = 'goal' then i.id end) as goal_id,
                i.is_open and coalesce(i.committed, i.status in ('ready', 'doing') or i.due_day is not null
                    or (coalesce(p.delivered, false) and i.side = 'product')) as is_committed
            from item i
            left join place p on p.id = i.id
            left join account a on a.id = i.owner_account_id
            left join scope s on s.id = i.home_scope_id
            left join team_word own on own.connection = i.connection and own.ref = i.team_ref
            left join item above on above.id = p.parent_id and i.kind = 'task' and above.kind = 'task'
            left join team_word theirs on theirs.connection = above.connection and theirs.ref = above.team_ref
            left join (
                select x.item_id, min(n.team_id) as team_id
                from board_sprint n join item_sprint x on x.sprint_id = n.sprint_id and x.is_current
                group by x.item_id having min(n.team_id) = max(n.team_id)) b on b.item_id = i.id) w
        where w.id = item.id and (w.is_committed <> item.is_committed or {changed})""")
    )
    return changes.rowcount


def begin(db: Connection) -> None:
    """Make the tables of this transaction: where linked items stand, the further features that they are under, and the
    sprints of boards that teams work on.
    """
    end(db)
    db.execute(
        text("""
        create temporary table place (id bigint primary key, parent_id bigint, group_id bigint, feature_id bigint,
            goal_id bigint, counted_id bigint, delivered boolean)""")
    )
    db.execute(text("create temporary table under (item_id bigint, feature_id bigint)"))
    db.execute(text("create temporary table board_sprint (sprint_id bigint, team_id bigint)"))


def end(db: Connection) -> None:
    """Take them away again."""
    db.execute(text("drop table if exists place"))
    db.execute(text("drop table if exists under"))
    db.execute(text("drop table if exists board_sprint"))
