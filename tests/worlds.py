"""Small worlds of work, written straight into the store's tables: what rules, facts and their oracles are tried on.

A world is plain rows, so that a naive oracle can read it without any of our code; `fill` makes tables of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Table, insert

from syncbot import facts
from syncbot.model import GoalSetting, Keep, KnownPerson, Need, Team
from syncbot.store import schema

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
DAY = TODAY.toordinal() - date(1970, 1, 1).toordinal()
OPEN = ("planned", "ready", "doing", "paused")
STATUSES = (*OPEN, "done", "dropped")
EVERYTHING = frozenset({"owner", "assignees", "points", "minutes", "due_on", "priority"})
PROMISE_HOURS = 24
ENOUGH_PERCENT = 60


@dataclass(frozen=True)
class Scope:
    """``read``: hours since its last complete read, -1 for never. ``mapped``: our fields that are mapped there."""

    label: str = "delivery/PAY"
    side: str | None = None
    read: int = 1
    mapped: frozenset[str] = EVERYTHING
    configured: bool = True

    @property
    def connection(self) -> str:
        return self.label.partition("/")[0]


@dataclass(frozen=True)
class Item:
    """A piece of work. Days count from today; ``parent`` and ``names`` (URLs it holds) are refs of others.

    ``words`` are those that the mapping does not know: "type: Epos"; ``unmapped`` is short for that of its status.
    ``team``: the id and the name that its team field holds. ``fate``: of what is not here, what its tool told.
    """

    ref: str
    kind: str = "task"
    side: str | None = None
    scope: str = "delivery/PAY"
    status: str = "planned"
    owner: str | None = None
    on: tuple[str, ...] = ()
    due: int | None = None
    done: int | None = None
    points: float | None = None
    minutes: int | None = None
    parent: str | None = None
    names: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    sprints: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    seen: str = "here"
    committed: bool | None = None
    derived: bool = False
    restricted: bool = False
    unmapped: bool = False
    team: tuple[str, str] | None = None
    start: int | None = None
    flagged: bool = False
    started: int | None = None
    created: int | None = None
    left: int | None = None
    spent: int | None = None
    priority: int | None = None
    function: str | None = None
    requires: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    fate: str = ""

    @property
    def unknown_words(self) -> tuple[str, ...]:
        """The words that the mapping does not know."""
        return (*self.words, *(["status: ?"] if self.unmapped else []))

    @property
    def its_side(self) -> str:
        return self.side or ("product" if self.kind in {"goal", "feature"} else "project")

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def tool(self) -> str:
        """The connection that it is read from."""
        return self.scope.partition("/")[0]


@dataclass(frozen=True)
class Sprint:
    """A sprint of a board; its days count from today."""

    name: str
    board: str = "PAY board"
    state: str = "active"
    scope: str = "delivery/PAY"
    start: int | None = -7
    end: int | None = 6
    closed: int | None = None
    derived: bool = False
    connection: str = "delivery"


BOARD = Scope("roadmap/BOARD", side="product")
PAY = Scope("delivery/PAY", side="project")


@dataclass(frozen=True)
class World:
    items: tuple[Item, ...] = ()
    scopes: tuple[Scope, ...] = (BOARD, PAY)
    sprints: tuple[Sprint, ...] = ()
    people: tuple[KnownPerson, ...] = ()
    teams: tuple[Team, ...] = ()
    goals: tuple[GoalSetting, ...] = ()
    accounts: tuple[dict[str, Any], ...] = ()  # a value of "unknown" is null
    needs: tuple[dict[str, str], ...] = ()  # what rules ask to be filled, as in `syncbot.model.Need`, by scope
    unread: dict[str, str | None] = field(default_factory=dict)  # connections without any scope, with their side

    @cached_property
    def by_ref(self) -> dict[str, Item]:
        return {item.ref: item for item in self.items}

    def item(self, ref: str) -> Item:
        return self.by_ref[ref]


def without(world: World, ref: str) -> World:
    """The world without one item."""
    return replace(world, items=tuple(item for item in world.items if item.ref != ref))


def fill(db: Connection, world: World, *, build: bool = True) -> None:
    """Write a world into an empty store, and the facts of it."""
    scopes = {scope.label: number for number, scope in enumerate(world.scopes, 1)}
    items = {item.ref: number for number, item in enumerate(world.items, 1)}
    sprints = {sprint.name: number for number, sprint in enumerate(world.sprints, 1)}
    _rows(db, schema.connection, ({"name": name, "tool": "jira", "side": side} for name, side in _connections(world)))
    _rows(db, schema.scope, (_scope(scope, scopes[scope.label]) for scope in world.scopes))
    accounts = _accounts(db, world)
    _rows(db, schema.item, (_item(item, items[item.ref], scopes, accounts) for item in world.items))
    _rows(db, schema.assignee, (row for item in world.items for row in _assignees(item, items[item.ref], accounts)))
    _rows(db, schema.reference, (row for item in world.items for row in _references(world, item, items)))
    _rows(db, schema.sprint, (_sprint(sprint, sprints[sprint.name], scopes) for sprint in world.sprints))
    _rows(
        db,
        schema.item_sprint,
        (
            {"item_id": items[item.ref], "sprint_id": sprints[name], "is_current": current}
            for item in world.items
            for current, names in ((True, item.sprints), (False, item.past))
            for name in names
        ),
    )
    kept = [item for item in world.items if item.unknown_words or item.fate]
    _rows(
        db,
        schema.record,
        (
            {
                "id": items[item.ref],
                "connection": item.scope.partition("/")[0],
                "remote_id": item.ref,
                "home_scope_id": scopes[item.scope],
                "hash": b"",
                "body": b"",
                "seen": item.seen,
                "fate": item.fate,
                "read_at": NOW.isoformat(),
            }
            for item in kept
        ),
    )
    _rows(
        db,
        schema.unmapped,
        (
            {"record_id": items[item.ref], "facet": facet, "word": word, "scope": item.scope, "example": item.ref}
            for item in kept
            for facet, _, word in (told.partition(": ") for told in item.unknown_words)
        ),
    )
    if build:
        build_facts(db, world)


def build_facts(db: Connection, world: World, *, now: datetime = NOW, today: date = TODAY) -> None:
    facts.build(
        db,
        people=world.people,
        teams=world.teams,
        goals=world.goals,
        mapped={tuple(scope.label.split("/", 1)): scope.mapped for scope in world.scopes},
        promises={scope.connection: PROMISE_HOURS * 60 for scope in world.scopes},
        keep_changes=Keep().changes,
        now=now,
        today=today,
    )
    scopes = {scope.label: number for number, scope in enumerate(world.scopes, 1)}
    needs = [Need(scopes[one["scope"]], one["rule"], one["field"], one.get("kind", "")) for one in world.needs]
    facts.weigh(db, needs, ENOUGH_PERCENT)


def _rows(db: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    if several := list(rows):
        db.execute(insert(table), several)


def _connections(world: World) -> list[tuple[str, str | None]]:
    return sorted({**dict.fromkeys(scope.connection for scope in world.scopes), **world.unread}.items())


def _scope(scope: Scope, number: int) -> dict[str, Any]:
    connection, _, key = scope.label.partition("/")
    at = None if scope.read < 0 else (NOW - timedelta(hours=scope.read)).isoformat().replace("+00:00", "Z")
    return {
        "id": number,
        "connection": connection,
        "remote_id": key,
        "key": key,
        "name": key.title(),
        "side": scope.side,
        "complete_at": at,
        "complete_day": None if at is None else (date.fromisoformat(at[:10]) - date(1970, 1, 1)).days,
        "is_configured": scope.configured,
    }


def _accounts(db: Connection, world: World) -> dict[tuple[str, str], int]:
    told = {(row["connection"], row["remote_id"]): row for row in world.accounts}
    used = {(item.scope.partition("/")[0], who) for item in world.items for who in (*item.on, item.owner) if who}
    numbers = {key: number for number, key in enumerate(sorted(told.keys() | used), 1)}
    plain = {"handle": None, "email_key": None, "active": True, "is_bot": False, "timezone": None, "is_asked": True}
    _rows(
        db,
        schema.account,
        (
            {
                "id": number,
                "connection": key[0],
                "remote_id": key[1],
                "name": key[1].title(),
                **plain,
                **{name: None if value == "unknown" else value for name, value in told.get(key, {}).items()},
            }
            for key, number in numbers.items()
        ),
    )
    return numbers


def _item(item: Item, number: int, scopes: dict[str, int], accounts: dict[tuple[str, str], int]) -> dict[str, Any]:
    connection = item.scope.partition("/")[0]
    return {
        "id": number,
        "connection": connection,
        "remote_id": item.ref,
        "ref": item.ref,
        "url": f"https://{connection}.example/browse/{item.ref}",
        "kind": item.kind,
        "side": item.its_side,
        "title": f"Title of {item.ref}",
        "title_key": f"title of {item.ref}".casefold(),
        "status": item.status,
        "word": item.status.title(),
        "is_open": item.is_open,
        "is_restricted": item.restricted,
        "committed": item.committed,
        "owner_account_id": accounts[connection, item.owner] if item.owner else None,
        "priority": item.priority,
        "function": item.function,
        "requires": ",".join(sorted(item.requires)) or None,
        "points": item.points,
        "minutes": item.minutes,
        "left_minutes": item.left,
        "spent_minutes": item.spent,
        "start_on": _on(item.start),
        "start_day": _day(item.start),
        "started_day": _day(item.started),
        "created_day": _day(item.created),
        "is_flagged": item.flagged,
        "due_on": _on(item.due),
        "due_day": _day(item.due),
        "done_day": _day(item.done),
        "changed_day": DAY,
        "home_scope_id": scopes[item.scope],
        "team_ref": item.team[0] if item.team else None,
        "team_word": item.team[1] if item.team else None,
        "seen": item.seen,
        "derived_from": "label" if item.derived else None,
    }


def _assignees(item: Item, number: int, accounts: dict[tuple[str, str], int]) -> list[dict[str, Any]]:
    everyone = dict.fromkeys((*([item.owner] if item.owner else []), *item.on))
    connection = item.scope.partition("/")[0]
    return [
        {
            "item_id": number,
            "account_id": accounts[connection, who],
            "role": "owner" if who == item.owner else "assignee",
            "share": 1 / len(everyone),
        }
        for who in everyone
    ]


def _references(world: World, item: Item, items: dict[str, int]) -> list[dict[str, Any]]:
    told = [(item.parent, "child_of")] if item.parent else []
    told += [(ref, None) for ref in item.names]
    told += [(ref, "twin") for ref in item.twins]
    told += [(ref, "blocks") for ref in item.blocks]
    rows = []
    for ref, meaning in told:
        near = ref in items and meaning and world.item(ref).scope.partition("/")[0] == item.scope.partition("/")[0]
        there = world.item(ref).scope.partition("/")[0] if ref in items else "elsewhere"
        rows.append(
            {
                "item_id": items[item.ref],
                "target": ref if near else f"https://{there}.example/browse/{ref}",
                "form": "id" if near else "url",
                "origin": "native" if near else "url",
                "meaning": meaning,
            }
        )
    return rows


def _sprint(sprint: Sprint, number: int, scopes: dict[str, int]) -> dict[str, Any]:
    return {
        "id": number,
        "connection": sprint.connection,
        "remote_id": sprint.name,
        "name": sprint.name,
        "board": sprint.board,
        "state": sprint.state,
        "start_on": _on(sprint.start),
        "start_day": _day(sprint.start),
        "end_on": _on(sprint.end),
        "end_day": _day(sprint.end),
        "closed_day": _day(sprint.closed),
        "scope_id": scopes.get(sprint.scope),
        "is_derived": sprint.derived,
    }


def _day(offset: int | None) -> int | None:
    return None if offset is None else DAY + offset


def _on(offset: int | None) -> str | None:
    return None if offset is None else (TODAY + timedelta(days=offset)).isoformat()
