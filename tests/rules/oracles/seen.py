"""A world with the relations that people mean when they look at it, for oracles to be said in.

Slow, without SQL, and without any of the code that it judges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.worlds import PROMISE_HOURS, Item, Scope, World

Answer = tuple[set[tuple[str, tuple[str, ...]]], set[str | None]]
Rule = Callable[["World"], Answer]
UNITS = ("points", "minutes")
KINDS = ("task", "feature", "milestone", "goal")


class Oracle:
    """A world, with the relations that people mean when they look at it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.items = [item for item in world.items if item.seen != "gone"]
        self.by_ref = {item.ref: item for item in self.items}
        self.order = {item.ref: at for at, item in enumerate(world.items)}
        self.parents: dict[str, list[str]] = {item.ref: [] for item in self.items}
        self.twins: dict[str, set[str]] = {item.ref: {item.ref} for item in self.items}
        ranked: dict[str, list[tuple[int, int, int, str]]] = {item.ref: [] for item in self.items}
        for one, other, kind, native in self._links():
            if kind == "twin":
                both = self.twins[one] | self.twins[other]
                for ref in both:
                    self.twins[ref] = both
            else:
                rank = (not native, KINDS.index(self.by_ref[other].kind), self.order[other], other)
                ranked[one].append(rank)
        for ref, several in ranked.items():
            self.parents[ref] = list(dict.fromkeys(other for *_, other in sorted(several)))

    def _links(self) -> Iterator[tuple[str, str, str, bool]]:
        for item in self.items:
            there = self.by_ref.get(item.parent or "")
            if there and there.ref != item.ref:
                yield item.ref, there.ref, "child", same_tool(item, there)
            for ref, named in (*((ref, False) for ref in item.names), *((ref, True) for ref in item.twins)):
                other = self.by_ref.get(ref)
                if other is None or other.ref == item.ref:
                    continue
                native = named and same_tool(item, other)
                kinds = (item.kind, other.kind)
                if item.kind == other.kind:
                    if named or (item.its_side != other.its_side and item.kind in {"goal", "feature"}):
                        yield item.ref, other.ref, "twin", native
                elif kinds in {("task", "feature"), ("feature", "goal")}:
                    yield item.ref, other.ref, "child", native
                elif kinds in {("feature", "task"), ("goal", "feature")}:
                    yield other.ref, item.ref, "child", native

    def parent(self, item: Item) -> Item | None:
        """What it is first of all a part of."""
        return next((self.by_ref[ref] for ref in self.parents[item.ref]), None)

    def twin_links(self) -> list[tuple[str, str]]:
        """The twins by what points from the one to the other, not by what they are twins of besides."""
        return [(one, other) for one, other, kind, _ in self._links() if kind == "twin"]

    def group(self, item: Item) -> list[Item]:
        return [one for one in self.items if one.ref in self.twins[item.ref]]

    def head(self, item: Item) -> Item:
        return min(self.group(item), key=lambda one: (one.its_side != "product", self.order[one.ref]))

    def counts(self, item: Item) -> bool:
        """Whether it stands for its twins: the first one on the project side, else the first."""
        return item is min(self.group(item), key=lambda one: (one.its_side != "project", self.order[one.ref]))

    def heads(self) -> list[Item]:
        return [item for item in self.items if item.kind == "feature" and self.head(item) is item]

    def above(self, item: Item) -> set[str]:
        """Everything that the item or its twins are part of, at any height, and their twins."""
        found: set[str] = set()
        pending = set(self.twins[item.ref])
        while pending:
            ref = pending.pop()
            if ref not in found:
                found.add(ref)
                pending |= set(self.parents[ref]) | self.twins[ref]
        return found

    def work(self, head: Item) -> list[Item]:
        """The tasks of a feature."""
        return [
            item for item in self.items if item.kind == "task" and self.counts(item) and head.ref in self.above(item)
        ]

    def all_work(self, head: Item) -> list[Item]:
        """The tasks of a feature, twins too."""
        return [item for item in self.items if item.kind == "task" and head.ref in self.above(item)]

    def nearest(self, item: Item) -> Item | None:
        """The first feature above an item: level by level, of each item its parents first, then its twins' level."""
        level, seen = [item], set()
        while level:
            following: list[Item] = []
            for one in level:
                if one.ref in seen:
                    continue
                seen.add(one.ref)
                if one.kind == "feature":
                    return self.head(one)
                following += [self.by_ref[ref] for ref in self.parents[one.ref]]
                following += self.group(one)
            level = following
        return None

    def committed(self, item: Item) -> bool:
        if not item.is_open:
            return False
        if item.committed is not None:
            return item.committed
        delivered = item.its_side == "product" and any(
            twin.its_side == "project" for twin in self.group(item) if twin is not item
        )
        return item.status in {"ready", "doing"} or item.due is not None or delivered

    # Trust

    def stale(self, scope: Scope) -> bool:
        return scope.read < 0 or scope.read > PROMISE_HOURS

    def scope(self, label: str) -> Scope:
        return next(scope for scope in self.world.scopes if scope.label == label)

    def blind(
        self,
        label: str,
        fields: str = "",
        *,
        linked: bool = False,
        other_side: bool = False,
        product: bool = False,
        everything: bool = False,
    ) -> bool:
        """Whether nothing can be told in a scope; ``fields``: of these one must be mapped; the other side is that of
        the project, or of the ``product``.
        """
        scope = self.scope(label)
        if self.stale(scope) or (fields and not scope.mapped & set(fields.split())):
            return True
        if linked and any(self.stale(self.scope(other)) for other in self._linked(label)):
            return True
        if everything:
            return bool(self.world.unread) or any(map(self.stale, self.world.scopes))
        if not other_side:
            return False
        there, here = ("product", "project") if product else ("project", "product")
        others = [one for one in self.world.scopes if one is not scope and one.side != here]
        if any(self.stale(one) for one in others) or any(side != here for side in self.world.unread.values()):
            return True
        places = {one.label for one in (scope, *others)}
        return not any(item.its_side == there and item.scope in places for item in self.items)

    def names_nobody(self, label: str, kind: str) -> bool:
        """Whether hardly any of a scope's items of a kind says who is on it: then people keep that elsewhere."""
        return self._hardly_any(label, kind, lambda item: bool(item.owner or item.on))

    def estimates_nothing(self, label: str) -> bool:
        """Whether hardly any of a scope's tasks is estimated, in either unit."""
        return all(
            self._hardly_any(label, "task", lambda it, unit=unit: getattr(it, unit) is not None) for unit in UNITS
        )

    def belongs_nowhere(self, label: str) -> bool:
        """Whether hardly any of a scope's tasks belongs to a feature or a goal."""
        marks = {"feature", "goal"}
        return self._hardly_any(label, "task", lambda it: any(self.by_ref[ref].kind in marks for ref in self.above(it)))

    def _hardly_any(self, label: str, kind: str, has: Callable[[Item], bool]) -> bool:
        items = [one for one in self.items if (one.scope, one.kind, one.seen) == (label, kind, "here")]
        items = [one for one in items if one.status != "dropped" and not one.derived and recent(one)]
        return sum(map(has, items)) * 10 < len(items)

    def _linked(self, label: str) -> set[str]:
        found = set()
        for one, other in self.pairs():
            scopes = {self.by_ref[one].scope, self.by_ref[other].scope}
            if label in scopes:
                found |= scopes - {label}
        return found

    def pointers(self, item: Item) -> tuple[str, ...]:
        """What an item names that could be what it is part of."""
        return (*item.names, *item.twins, *([item.parent] if item.parent else []))

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Everything that points at something, whatever it means."""
        for item in self.items:
            for ref in (item.parent, *item.names, *item.twins, *item.blocks):
                if ref in self.by_ref and ref != item.ref:
                    yield item.ref, ref

    def sum_up(
        self, found: dict[str, tuple[str, ...]], unsure: set[str], subjects: list[Item], blind: Callable[[str], bool]
    ) -> Answer:
        """Drop what is in scopes that cannot tell, and name those scopes."""
        gaps: set[str | None] = {self.by_ref[ref].scope for ref in unsure if not blind(self.by_ref[ref].scope)}
        gaps |= {item.scope for item in subjects if item.seen == "here" and recent(item) and blind(item.scope)}
        missing = [item for item in self.items if item.seen == "missing" and recent(item)]
        kinds = {item.kind for item in subjects}
        gaps |= {item.scope for item in missing if item.kind in kinds and not blind(item.scope)}
        return {(ref, others) for ref, others in found.items() if not blind(self.by_ref[ref].scope)}, gaps

    def missing(self, blind: Callable[[str], bool]) -> set[str | None]:
        """The scopes with items of any kind that the last look did not find."""
        missing = [item for item in self.items if item.seen == "missing" and recent(item)]
        return {item.scope for item in missing if not blind(item.scope)}


def points_away(see: Oracle, item: Item, *, up: bool = False) -> bool:
    """Whether the item or a twin of it points to something that is not read; ``up``: also as what it is part of."""
    known = {one.ref for one in see.world.items}
    named = (see.pointers(twin) if up else (*twin.names, *twin.twins) for twin in see.group(item))
    return any(not known.issuperset(refs) for refs in named)


def recent(item: Item) -> bool:
    return item.is_open or (item.done is not None and item.done >= -90)


def same_tool(one: Item, other: Item) -> bool:
    return one.scope.partition("/")[0] == other.scope.partition("/")[0]
