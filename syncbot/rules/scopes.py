"""Answers, for a rule and a scope, why it cannot tell there, before its query runs (DESIGN 7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, text

from syncbot.model import Struct
from syncbot.rules.rule import Rule
from syncbot.rules.subjects import KIND, WORDS

NEVER = "it was never read completely"
USED_PERCENT = 10
"""From how much on a field is in use: where it is filled less often than that, its absence is how people work there."""

_UNUSED = {"feature": "hardly anything there belongs to a feature or goal"}
NOTHING_THERE = "nothing is read from the other side"


class Place(Struct, frozen=True):
    """A scope as rules and settings name it. ``incomplete``: why its last complete read does not count, else None."""

    id: int
    connection: str
    key: str
    remote_id: str
    name: str
    side: str | None
    incomplete: str | None

    @property
    def at(self) -> tuple[str, str]:
        """As findings name it."""
        return self.connection, self.remote_id

    @property
    def label(self) -> str:
        """As reports and settings name it."""
        return f"{self.connection}/{self.key}"

    @property
    def names(self) -> tuple[str, ...]:
        """What settings may call it."""
        return (self.key, self.remote_id, self.name)


class Field(Struct, frozen=True):
    """What is known of a field of one kind in one scope. ``used``: it is filled at least now and then."""

    mapped: bool
    filled: bool
    used: bool


class Trust(Struct, frozen=True):
    """The scopes and how far each can be trusted; ``linked``: the scopes that a scope's items point to or from."""

    places: dict[int, Place]
    fields: dict[tuple[int, str, str], Field]
    linked: dict[int, frozenset[int]]
    sides: dict[int, frozenset[str]]
    unread: dict[str, str | None]


def read(db: Connection, filled_percent: int) -> Trust:
    """What the facts say. ``filled_percent``: from how much on a field counts as filled."""
    reasons: dict[int, str | None] = {}
    fields = {}
    for row in db.execute(text("select scope_id, kind, field, mapped, filled_percent, reason from trust")):
        if row.field == "":
            reasons[row.scope_id] = row.reason
        else:
            percent = 100 if row.filled_percent is None else row.filled_percent
            found = Field(bool(row.mapped), percent >= filled_percent, percent >= USED_PERCENT)
            fields[row.scope_id, row.kind, row.field] = found
    return Trust(places(db, reasons), fields, _linked(db), _sides(db), _unread(db))


def places(db: Connection, reasons: Mapping[int, str | None]) -> dict[int, Place]:
    """The scopes by our id; ``reasons``: why the last complete read of each does not count."""
    found = db.execute(
        text("""
        select s.id, s.connection, s.key, s.name, s.remote_id, coalesce(s.side, c.side) as side
        from scope s join connection c on c.name = s.connection
        where s.is_configured and c.is_configured order by s.id""")
    )
    return {
        row.id: Place(
            row.id,
            row.connection,
            row.key,
            row.remote_id,
            row.name,
            row.side,
            reasons.get(row.id, NEVER),
        )
        for row in found
    }


def _linked(db: Connection) -> dict[int, frozenset[int]]:
    linked: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in db.execute(text("select scope_id, other_id from scope_link")):
        linked[one].add(other)
    return {scope: frozenset(others) for scope, others in linked.items()}


def _sides(db: Connection) -> dict[int, frozenset[str]]:
    sides: defaultdict[int, set[str]] = defaultdict(set)
    for scope, side in db.execute(text("select scope_id, side from scope_side")):
        sides[scope].add(side)
    return {scope: frozenset(found) for scope, found in sides.items()}


def _unread(db: Connection) -> dict[str, str | None]:
    """The connections none of whose scopes are known yet, with their side."""
    found = text("""
        select c.name, c.side from connection c
        where c.is_configured
            and not exists (select 1 from scope s where s.connection = c.name and s.is_configured)""")
    return {row.name: row.side for row in db.execute(found)}


def doubts(rule: Rule, trust: Trust) -> Mapping[int | None, str]:
    """The scopes where this rule cannot tell, each with its reason. None stands for subjects of no scope."""
    reasons: dict[int | None, str] = {
        place.id: reason for place in trust.places.values() if (reason := _doubt(rule, trust, place))
    }
    if reasons and rule.complete not in {"none", "own"}:
        reasons[None] = next(iter(reasons.values()))
    return reasons


def _doubt(rule: Rule, trust: Trust, place: Place) -> str | None:
    kind = KIND.get(rule.about, "")
    for field in rule.mapped:
        if field in WORDS:
            continue
        known = [trust.fields.get((place.id, kind, one)) for one in field.split(" or ")]
        if not any(one and one.mapped for one in known):
            return _unmapped(field)
    for field in rule.filled:
        known = [trust.fields.get((place.id, kind, one)) for one in field.split(" or ")]
        if not any(one and one.mapped and one.filled for one in known):
            return f"{field} is filled in too rarely"
    return _incomplete(rule, trust, place) or _unused(rule, trust, place)


def _unused(rule: Rule, trust: Trust, place: Place) -> str | None:
    kind = KIND.get(rule.about, "")
    for field in rule.used:
        known = [trust.fields.get((place.id, kind, one)) for one in field.split(" or ")]
        if not any(one and one.used for one in known):
            return _hardly_used(field)
    return None


def bounded(rule: Rule) -> frozenset[str]:
    """The reasons for which a rule cannot tell although it could name too many only, never too few: what it misses is
    all that is not known.
    """
    return frozenset({NOTHING_THERE, *map(_unmapped, rule.used), *map(_hardly_used, rule.used)})


def _unmapped(field: str) -> str:
    return f"no field is mapped to {field}"


def _hardly_used(field: str) -> str:
    return _UNUSED.get(field, f"{field} is hardly ever filled in there")


def _incomplete(rule: Rule, trust: Trust, place: Place) -> str | None:
    if rule.complete == "none":
        return None
    if place.incomplete:
        return place.incomplete
    others = [other for other in trust.places.values() if other.id != place.id and _counts(rule, trust, place, other)]
    for other in others:
        if other.incomplete:
            return f"{other.connection}: {other.incomplete}"
    if rule.complete in {"other_side", "all"}:
        for name, side in sorted(trust.unread.items()):
            if rule.complete == "all" or side in {None, _other_side(rule)}:
                return f"{name}: {NEVER}"
    if rule.complete == "other_side" and not any(
        _other_side(rule) in trust.sides.get(one.id, frozenset()) for one in (place, *others)
    ):
        return NOTHING_THERE
    return None


def _counts(rule: Rule, trust: Trust, place: Place, other: Place) -> bool:
    """Whether another scope, too, must have been read completely before the rule can tell in this one."""
    match rule.complete:
        case "all":
            return True
        case "linked":
            return other.id in trust.linked.get(place.id, frozenset())
        case "other_side":
            return other.side in {None, _other_side(rule)}
    return False


def _other_side(rule: Rule) -> str:
    """Where what such a subject could lack is kept: the work of a feature, the feature of a task."""
    return "project" if rule.about in {"feature", "goal"} else "product"
