"""What each rule means, said naively over a world's rows: slow, without SQL, and without any of the code it judges.

An oracle gives the subjects with the other items of their evidence, and the scopes where the rule cannot tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from fractions import Fraction

from tests.worlds import PROMISE_HOURS, TODAY, Item, Scope, Sprint, World

Answer = tuple[set[tuple[str, tuple[str, ...]]], set[str | None]]
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

    def blind(self, label: str, fields: str = "", *, linked: bool = False, other_side: bool = False) -> bool:
        """Whether nothing can be told in a scope; ``fields``: of these one must be mapped."""
        scope = self.scope(label)
        if self.stale(scope) or (fields and not scope.mapped & set(fields.split())):
            return True
        if linked and any(self.stale(self.scope(other)) for other in self._linked(label)):
            return True
        if not other_side:
            return False
        others = [one for one in self.world.scopes if one is not scope and one.side != "product"]
        if any(self.stale(one) for one in others) or any(side != "product" for side in self.world.unread.values()):
            return True
        places = {one.label for one in (scope, *others)}
        return not any(item.its_side == "project" and item.scope in places for item in self.items)

    def _linked(self, label: str) -> set[str]:
        found = set()
        for one, other in self.pairs():
            scopes = {self.by_ref[one].scope, self.by_ref[other].scope}
            if label in scopes:
                found |= scopes - {label}
        return found

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
        kind = subjects[0].kind if subjects else None
        gaps |= {item.scope for item in missing if item.kind == kind and not blind(item.scope)}
        return {(ref, others) for ref, others in found.items() if not blind(self.by_ref[ref].scope)}, gaps


def recent(item: Item) -> bool:
    return item.is_open or (item.done is not None and item.done >= -90)


def same_tool(one: Item, other: Item) -> bool:
    return one.scope.partition("/")[0] == other.scope.partition("/")[0]


def feature_without_owner(world: World) -> Answer:
    see = Oracle(world)
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for item in see.heads():
        if item.seen == "here" and item.is_open and item.owner is None:
            if item.on or item.derived:
                unsure.add(item.ref)
            else:
                found[item.ref] = ()
    return see.sum_up(found, unsure, see.heads(), lambda label: see.blind(label, "owner"))


def work_without_assignee(world: World) -> Answer:
    see = Oracle(world)
    active = {sprint.name for sprint in world.sprints if sprint.state == "active"}
    tasks = [item for item in see.items if item.kind == "task"]
    here = [item for item in tasks if item.seen == "here"]
    found: dict[str, tuple[str, ...]] = {}
    for item in here:
        first = next(iter(see.parents[item.ref]), None)
        near = [item, *see.group(item)]
        near += [one for one in here if one.ref == first or next(iter(see.parents[one.ref]), None) == item.ref]
        busy = item.status == "doing" or active & set(item.sprints)
        if item.is_open and busy and not any(one.owner or one.on for one in near):
            found[item.ref] = ()
    return see.sum_up(found, set(), tasks, lambda label: see.blind(label, "owner assignees"))


def feature_without_work(world: World) -> Answer:
    see = Oracle(world)
    found: dict[str, tuple[str, ...]] = {
        item.ref: ()
        for item in see.heads()
        if item.seen == "here" and see.committed(item) and not any(one.status != "dropped" for one in see.work(item))
    }
    known = {item.ref for item in world.items}
    unsure = {
        ref
        for ref in found
        for twin in see.group(see.by_ref[ref])
        if twin.seen != "gone" and not known.issuperset((*twin.names, *twin.twins))
    }
    found = {ref: keys for ref, keys in found.items() if ref not in unsure}
    return see.sum_up(found, unsure, see.heads(), lambda label: see.blind(label, other_side=True))


def status_drift(world: World) -> Answer:
    see = Oracle(world)
    idle = {"planned", "ready", "paused"}
    found: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for head in see.heads():
        if head.seen != "here":
            continue
        others = []
        for twin in see.group(head):
            if twin is head or twin.its_side != "project" or twin.status == head.status:
                continue
            if (head.status in idle and twin.status in idle) or not (recent(head) or recent(twin)):
                continue
            if twin.seen == "missing" or twin.unmapped or head.unmapped:
                unsure.add(head.ref)
            else:
                others.append(twin.ref)
        if others:
            found[head.ref] = tuple(sorted(others))
    return see.sum_up(found, unsure, see.heads(), lambda label: see.blind(label, linked=True))


def source_stale(world: World) -> Answer:
    see = Oracle(world)
    return {(scope.label.partition("/")[2], ()) for scope in world.scopes if see.stale(scope)}, set()


def sprint_over_capacity(world: World) -> Answer:
    see = Oracle(world)
    found, gaps = set(), set()
    for sprint in world.sprints:
        if sprint.state == "closed":
            continue
        blind = see.blind(sprint.scope, "points minutes")
        loads = [load for unit in ("points", "minutes") if (load := _load(see, sprint, unit)) is not None]
        if blind:
            gaps.add(sprint.scope)
            continue
        known = [(planned, capacity) for planned, capacity in loads if capacity]
        if any(planned * 100 > capacity * 110 for planned, capacity in known):
            found.add((sprint.name, ()))
        if not known and any(planned for planned, _ in loads):
            gaps.add(sprint.scope)
    return found, gaps


def _load(see: Oracle, sprint: Sprint, unit: str) -> tuple[Fraction, Fraction | None]:
    inside = [item for item in _counted(see) if sprint.name in _sprints(see, item)]
    planned = sum((_own(see, item, unit) for item in inside), Fraction(0))
    team = next((team for team in see.world.teams if f"{sprint.connection}/{sprint.board}" in team.boards), None)
    if team and unit in team.capacity:
        return planned, Fraction(str(team.capacity[unit]))
    weekly = [person.weekly_minutes for person in see.world.people if team and person.key in team.members]
    if unit == "minutes" and weekly and None not in weekly and sprint.start is not None and sprint.end is not None:
        days = [TODAY + timedelta(days=day) for day in range(sprint.start, sprint.end + 1)]
        worked = sum(day.isoweekday() <= 5 for day in days)
        return planned, Fraction(int(sum(Fraction(minutes or 0, 5) * worked for minutes in weekly)))
    closed = sorted((one for one in see.world.sprints if one.state == "closed"), key=lambda one: -(one.start or 0))[:3]
    if len(closed) < 3:
        return planned, None
    done = sum(
        (
            _own(see, item, unit)
            for one in closed
            for item in _counted(see)
            if one.name in (*item.sprints, *item.past)
            and item.status == "done"
            and item.done is not None
            and (one.start or 0) <= item.done <= (one.closed or 0)
        ),
        Fraction(0),
    )
    return planned, Fraction(str(round(float(done / 3), 1)))


def _counted(see: Oracle) -> list[Item]:
    return [item for item in see.items if item.kind == "task" and item.status != "dropped" and see.counts(item)]


def _over(see: Oracle, item: Item) -> Item | None:
    """The task that counts for what an item is first of all a part of."""
    for ref in see.parents[item.ref][:1]:
        for one in _counted(see):
            if one.ref in see.twins[ref] and one is not item:
                return one
    return None


def _chain(see: Oracle, item: Item) -> list[Item]:
    chain = [item]
    while (parent := _over(see, chain[-1])) is not None and parent not in chain:
        chain.append(parent)
    return chain


def _sprints(see: Oracle, item: Item) -> tuple[str, ...]:
    return next((one.sprints for one in _chain(see, item) if one.sprints), ())


def _own(see: Oracle, item: Item, unit: str) -> Fraction:
    """The estimate of an item, unless something below it is estimated."""
    value = getattr(item, unit)
    below = any(
        getattr(one, unit) is not None and item in _chain(see, one)[1:] for one in _counted(see) if one is not item
    )
    return Fraction(0) if value is None or below else Fraction(str(value))


ORACLES: dict[str, Callable[[World], Answer]] = {
    "feature-without-owner": feature_without_owner,
    "feature-without-work": feature_without_work,
    "source-stale": source_stale,
    "sprint-over-capacity": sprint_over_capacity,
    "status-drift": status_drift,
    "work-without-assignee": work_without_assignee,
}
