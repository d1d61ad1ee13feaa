"""What belongs to each team, for a report of its own: its work and sprints, its people, and the scopes of its work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import Connection, bindparam, text

from syncbot.model import Linked, Struct, Subject

_CHUNK = 500  # ids in one query


class TeamName(Struct, frozen=True):
    """A team. ``key`` stays the same whatever the team is called."""

    id: int
    key: str
    name: str


def every(db: Connection) -> list[TeamName]:
    """All teams, by name."""
    return [TeamName(*row) for row in db.execute(text("select id, key, name from team order by name, key"))]


def belongings(db: Connection, subjects: Iterable[Subject]) -> dict[int, Linked]:
    """Which of these subjects belong to each team (by our id), and the scopes in which it has open work.

    A group of twins belongs to the teams of all of them, a person to each team that they are in.
    """
    by_view: defaultdict[str, dict[int, Subject]] = defaultdict(dict)
    for one in subjects:
        by_view[one.view if one.view in _OTHERS else "item"][one.id] = one
    owned: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    for view, some in by_view.items():
        for number, team in _teams_of(db, _OTHERS.get(view, _ITEMS), some):
            owned[team].add((some[number].connection, some[number].remote_id))
    scopes: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    for row in db.execute(text(_SCOPES)):
        scopes[row.team_id].add((row.connection, row.remote_id))
    return {
        team: Linked(frozenset(owned[team]), frozenset(scopes[team]), alone=True)
        for team in owned.keys() | scopes.keys()
    }


def _teams_of(db: Connection, query: str, ids: Collection[int]) -> Iterable[tuple[int, int]]:
    some = text(query).bindparams(bindparam("ids", expanding=True))
    wanted = sorted(ids)
    for at in range(0, len(wanted), _CHUNK):
        yield from ((row.id, row.team_id) for row in db.execute(some, {"ids": wanted[at : at + _CHUNK]}))


_ITEMS = """
    select distinct i.id, t.team_id
    from item i join item t on t.group_id = i.group_id
    where i.id in :ids and t.team_id is not null and t.seen <> 'gone'"""
_OTHERS = {
    "sprint": "select s.id, s.team_id from sprint s where s.id in :ids and s.team_id is not null",
    "person": "select p.person_id as id, p.team_id from team_person p where p.person_id in :ids",
    "team": "select t.id, t.id as team_id from team t where t.id in :ids",
    "scope": "select s.id, s.team_id from scope s where s.id in :ids and s.team_id is not null",
}
_SCOPES = """
    select distinct i.team_id, s.connection, s.remote_id
    from item i join scope s on s.id = i.home_scope_id
    where i.team_id is not null and i.is_open and i.seen = 'here'"""
