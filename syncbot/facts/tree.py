"""Where each item stands: its parent, its twins, the feature and the goal above it, and whether it counts once.

Only what has something below it, twins, or several parents needs the walk; where all else stands follows in SQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, text

from syncbot.facts.rows import Batch, differs, insert, look, tuples

# A task's parent is rather a task than a feature, and rather that than a goal; what the tool says comes first.
_NEAREST = {"task": 0, "feature": 1, "milestone": 2, "goal": 3}
_MARKS = {"goal", "feature"}
_FIRST = {"native": 0, "config": 1, "url": 2, "key": 3, "scope": 4}


class Place(NamedTuple):
    """Where an item stands. ``also``: the features above it besides the nearest one."""

    parent_id: int | None
    group_id: int
    feature_id: int | None
    goal_id: int | None
    also: tuple[int, ...] = ()


Above = tuple[tuple[str, int], ...]
"""Goals and features: the kind and the id of each."""


class Tree:
    """The child_of and twin_of links between items, by id.

    ``kinds``: those of what is no task; ``products``: what of the twins is on the product side. ``twins``: the members
    of each group of several, by id, under each of them.
    """

    def __init__(
        self, kinds: Mapping[int, str], products: Container[int], links: Iterable[tuple[int, int, str, str]]
    ) -> None:
        self.kinds = kinds
        self.products = products
        self._joined: dict[int, int] = {}
        self._known: dict[int, Above] = {}
        several: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
        self.parents: dict[int, tuple[int, ...]] = {}
        for one, other, kind, origin in links:
            if kind == "twin_of":
                self._join(one, other)
            else:
                several[one].append((_FIRST[origin], _NEAREST[kinds.get(other, "task")], other))
        while several:
            child, found = several.popitem()
            self.parents[child] = tuple([parent for *_, parent in sorted(found)])
        members: defaultdict[int, list[int]] = defaultdict(list)
        for number in sorted(self._joined):
            members[self._root(number)].append(number)
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
        twins = self.twins.get(number, ())
        return next((one for one in twins if one in self.products), twins[0] if twins else number)

    def counted(self, number: int) -> int:
        """The item of its group that stands for it when work is counted: on the project side, the lowest id."""
        twins = self.twins.get(number, ())
        return next((one for one in twins if one not in self.products), twins[0] if twins else number)

    def is_delivered(self, number: int) -> bool:
        """Whether it has a twin on the project side."""
        return any(one != number and one not in self.products for one in self.twins.get(number, ()))

    def place(self, number: int) -> Place:
        """Where an item stands."""
        parents = self.parents.get(number)
        twins = self.twins.get(number)
        above = self._above(number)
        features = [head for kind, head in above if kind == "feature"]
        return Place(
            parents[0] if parents else None,
            twins[0] if twins else number,
            features[0] if features else None,
            next((head for kind, head in above if kind == "goal"), None),
            tuple(features[1:]),
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
            own = (self.kinds.get(one, "task"), one)
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
                kind = self.kinds.get(one, "task")
                if kind in _MARKS and (head := self.head(one)) not in told:
                    told.add(head)
                    yield kind, head
                following += self.parents.get(one, ())
                following += self.twins.get(one, ())
            level = following


def read(db: Connection) -> Tree:
    """The links of what is in the table ``trunk``, as they are stored, between items that are not gone."""
    kinds = dict(tuples(db, "select i.id, i.kind from trunk t join item i on i.id = t.id where i.kind <> 'task'"))
    products = tuples(db, "select t.id from trunk t join item i on i.id = t.id where i.side = 'product'")
    links = """
        select l.from_id, l.to_id, l.type, l.origin from trunk t join link l on l.from_id = t.id
        where l.type in ('child_of', 'twin_of')"""
    return Tree(kinds, frozenset(number for (number,) in products), tuples(db, links))


def build(db: Connection, boards: Mapping[int, int]) -> int:
    """Fill the facts of every item, and say of how many they changed. ``boards``: the teams of boards, by sprint.

    Leaves the tables ``twin`` and ``under`` for the facts that follow.
    """
    begin(db)
    insert(db, "board_sprint", ("sprint_id", "team_id"), list(boards.items()))
    db.execute(text(f"insert into trunk {_TRUNK}"))
    look(db, "trunk")
    tree = read(db)
    twins = [(number, tree.counted(number), tree.is_delivered(number)) for number in tree.twins]
    insert(db, "twin", ("id", "counted_id", "delivered"), twins)
    _place(db, tree)
    look(db, "place", "twin", "under")
    changes = db.execute(text(_UPDATE))
    return changes.rowcount


def _place(db: Connection, tree: Tree) -> None:
    """Fill the tables ``place``, with the items of the trunk, and ``under``, with all."""
    placed = Batch(lambda rows: insert(db, "place", ("id", *Place._fields[:4]), rows))
    under = Batch(lambda rows: insert(db, "under", ("item_id", "feature_id"), rows))
    for (number,) in tuples(db, "select id from trunk"):
        *place, also = tree.place(number)
        placed.add((number, *place))
        for head in also:
            under.add((number, head))
    placed.write()
    under.write()
    db.execute(
        text("""
        insert into under select l.from_id, u.feature_id
        from under u join link l on l.to_id = u.item_id and l.type = 'child_of'
        where not exists (select 1 from trunk t where t.id = l.from_id)""")
    )


# What must be walked. All else has one parent at most and nothing below it, and stands where that does.
_TRUNK = """
    select id from item where kind in ('goal', 'feature')
    union select to_id from link where type in ('child_of', 'twin_of')
    union select from_id from link where type = 'twin_of'
    union select from_id from link where type = 'child_of' group by from_id having count(*) > 1"""

_FACTS = ("parent_id", "group_id", "feature_id", "goal_id", "owner_id", "team_id")
_UPDATE = f"""
    update item set is_committed = w.is_committed, {", ".join(f"{name} = w.{name}" for name in _FACTS)}
    from (
        select i.id, a.person_id as owner_id, coalesce(m.parent_id, l.to_id) as parent_id,
            coalesce(m.group_id, i.id) as group_id, coalesce(m.feature_id, p.feature_id) as feature_id,
            coalesce(m.goal_id, p.goal_id) as goal_id,
            coalesce(own.team_id, theirs.team_id, s.team_id, b.team_id) as team_id,
            i.is_open and coalesce(i.committed, i.status in ('ready', 'doing') or i.due_day is not null
                or (coalesce(t.delivered, false) and i.side = 'product')) as is_committed
        from item i
        left join place m on m.id = i.id
        left join link l on m.id is null and l.from_id = i.id and l.type = 'child_of'
        left join place p on p.id = l.to_id
        left join twin t on t.id = i.id
        left join account a on a.id = i.owner_account_id
        left join scope s on s.id = i.home_scope_id
        left join team_word own on own.connection = i.connection and own.ref = i.team_ref
        left join item above on above.id = coalesce(m.parent_id, l.to_id) and i.kind = 'task' and above.kind = 'task'
        left join team_word theirs on theirs.connection = above.connection and theirs.ref = above.team_ref
        left join (
            select x.item_id, min(n.team_id) as team_id
            from board_sprint n join item_sprint x on x.sprint_id = n.sprint_id and x.is_current
            group by x.item_id having min(n.team_id) = max(n.team_id)) b on b.item_id = i.id) w
    where w.id = item.id and (w.is_committed <> item.is_committed
        or {differs(*((f"item.{name}", f"w.{name}") for name in _FACTS))})"""

_TABLES = {
    "trunk": "id bigint primary key",
    "place": "id bigint primary key, parent_id bigint, group_id bigint, feature_id bigint, goal_id bigint",
    "twin": "id bigint primary key, counted_id bigint, delivered boolean",
    "under": "item_id bigint, feature_id bigint",
    "board_sprint": "sprint_id bigint, team_id bigint",
}


def begin(db: Connection) -> None:
    """Make the tables of this transaction.

    They hold the items that must be walked, and where those stand; of twins, which of them counts and whether it has
    one on the project side; the further features that an item is under; and the sprints of boards that teams work on.
    """
    end(db)
    for name, columns in _TABLES.items():
        db.execute(text(f"create temporary table {name} ({columns})"))


def end(db: Connection) -> None:
    """Take them away again."""
    for name in _TABLES:
        db.execute(text(f"drop table if exists {name}"))
