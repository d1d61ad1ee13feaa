"""Where each item stands: its parent, its twins, the feature and the goal above it, and whether it counts once.

Only items with links need the walk; what the others are follows from the item itself, in SQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, text

from syncbot.facts.rows import differs, fetch, insert

# A task's parent is rather a task than a feature, and rather that than a goal; what the tool says comes first.
_NEAREST = {"task": 0, "feature": 1, "milestone": 2, "goal": 3}
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


class Tree:
    """The items that have links, by id, and their child_of and twin_of links."""

    def __init__(self, nodes: Iterable[Node], links: Iterable[tuple[int, int, str, str]]) -> None:
        self.nodes = {node.id: node for node in nodes}
        self.group = {number: number for number in self.nodes}
        found: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for one, other, kind, origin in links:
            if kind == "twin_of":
                self._join(one, other)
            elif kind == "child_of":
                found[one].append((_FIRST[origin], _NEAREST[self.nodes[other].kind], other))
        self.parents = {child: [parent for *_, parent in sorted(several)] for child, several in found.items()}
        self.members: defaultdict[int, list[Node]] = defaultdict(list)
        for number in sorted(self.nodes):
            self.members[self._root(number)].append(self.nodes[number])

    def _root(self, number: int) -> int:
        while self.group[number] != number:
            self.group[number] = self.group[self.group[number]]
            number = self.group[number]
        return number

    def _join(self, one: int, other: int) -> None:
        low, high = sorted((self._root(one), self._root(other)))
        self.group[high] = low

    def twins(self, number: int) -> list[Node]:
        """The item's group, by id."""
        return self.members[self._root(number)]

    def head(self, number: int) -> int:
        """The item that stands for its group: on the product side, the lowest id."""
        return min(self.twins(number), key=lambda node: (node.side != "product", node.id)).id

    def places(self) -> Iterator[Place]:
        """Where each item stands."""
        for number in self.nodes:
            twins = self.twins(number)
            parents = self.parents.get(number)
            above = list(self._above(number))
            features = [head for kind, head in above if kind == "feature"]
            yield Place(
                id=number,
                parent_id=parents[0] if parents else None,
                group_id=self._root(number),
                feature_id=features[0] if features else None,
                goal_id=next((head for kind, head in above if kind == "goal"), None),
                counted_id=min(twins, key=lambda twin: (twin.side != "project", twin.id)).id,
                delivered=any(twin.side == "project" and twin.id != number for twin in twins),
                also=tuple(features[1:]),
            )

    def _above(self, number: int) -> Iterator[tuple[str, int]]:
        """The goals and features at or above an item and its twins, by their heads, the nearest first."""
        level, seen, told = [number], set(), set()
        while level:
            following: list[int] = []
            for one in level:
                if one in seen:
                    continue
                seen.add(one)
                kind = self.nodes[one].kind
                if kind in {"goal", "feature"} and (head := self.head(one)) not in told:
                    told.add(head)
                    yield kind, head
                following += self.parents.get(one, ())
                following += [twin.id for twin in self.twins(one)]
            level = following


def read(db: Connection) -> Tree:
    """The links as they are stored, between items that are not gone."""
    linked = text("""
        select i.id, i.kind, i.side from item i
        where i.id in (select from_id from link where type in ('child_of', 'twin_of')
            union select to_id from link where type in ('child_of', 'twin_of'))""")
    links = text("select from_id, to_id, type, origin from link where type in ('child_of', 'twin_of')")
    return Tree((Node(*row) for row in fetch(db, linked)), (tuple(row) for row in fetch(db, links)))


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
