"""Teams: those of the config and those that a field of a tool names, as one where their names are equal.

An item's team is the one that its field names, else that of the task it is a part of, else that of its scope, else that
of the board whose sprint it is in. A team of a field is there as long as some item that names it is open or was done
within 90 days. Its people are those of the config; where that names none, those who are on its work of these 90 days,
without bots and those who have left.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace
from sqlalchemy import Connection, text

from syncbot.facts.rows import day, fetch, settle
from syncbot.model import Team
from syncbot.patterns import covers, fold

RECENT_DAYS = 90
"""How long what is done still tells who works together."""

_WORDS = """
    select i.connection, i.team_ref, i.team_word, count(*) as items, max(coalesce(r.read_at, '')) as read_at
    from item i left join record r on r.id = i.id
    where i.team_ref is not null and i.seen <> 'gone' and (i.is_open or i.done_day >= :since)
    group by i.connection, i.team_ref, i.team_word"""
_ON_IT = """
    select distinct i.team_id, a.person_id
    from item i join assignee a on a.item_id = i.id join person p on p.id = a.person_id
    where i.team_id is not null and i.seen <> 'gone' and i.status <> 'dropped' and i.changed_day >= :since
        and (i.is_open or i.done_day >= :since) and p.active is not false and not p.is_bot"""
_IN_SPRINTS = """
    select x.sprint_id, i.team_id, count(*) as items
    from item_sprint x join item i on i.id = x.item_id
    where x.is_current and i.seen <> 'gone'
    group by x.sprint_id, i.team_id"""


class Known(NamedTuple):
    """A team, with what the config says of it (under the key that it has here), and the values of fields that mean it,
    each with its connection.
    """

    name: str
    team: Team
    words: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """What tells it from all others, whatever it is called."""
        return self.team.key


class BoardSprint(NamedTuple):
    """A sprint, as much of it as tells whose it is."""

    id: int
    connection: str
    board: str
    scope_id: int | None


class _Word(NamedTuple):
    connection: str
    ref: str
    name: str


def build(db: Connection, teams: Sequence[Team], today: date) -> list[Known]:
    """Fill team with its boards and words, and say of each scope whose it is. Needs people.

    A scope is the team's that works on it, else that of its boards, if all of them are of one team.
    """
    known = join(teams, _words(db, day(today) - RECENT_DAYS))
    ids = _ids(db, "person")
    rows = ((it.key, it.name, ids.get(it.team.lead or "")) for it in known)
    settle(db, "team", ("key",), ("name", "lead_id"), rows)
    numbers = _ids(db, "team")
    words = {(*word, numbers[it.key]) for it in known for word in it.words}
    settle(db, "team_word", ("connection", "ref"), ("team_id",), words)
    settle(
        db, "team_board", ("team_id", "board"), (), {(numbers[it.key], one) for it in known for one in it.team.boards}
    )
    of_boards: defaultdict[int | None, set[int | None]] = defaultdict(set)
    for sprint, team in of_board(db, known).items():
        of_boards[sprint.scope_id].add(team)
    alone = {scope: next(iter(several)) for scope, several in of_boards.items() if len(several) == 1}
    scopes = db.execute(text("select id, connection, key, remote_id, name from scope")).all()
    found = ((row.id, _at(known, row.connection, (row.key, row.remote_id, row.name))) for row in scopes)
    settle(db, "scope", ("id",), ("team_id",), ((it, numbers.get(key or "") or alone.get(it)) for it, key in found))
    return known


def of_board(db: Connection, known: Sequence[Known]) -> dict[BoardSprint, int | None]:
    """The sprints, each with the id of the team that works on its board."""
    numbers = _ids(db, "team")
    sprints = [BoardSprint(*row) for row in db.execute(text("select id, connection, board, scope_id from sprint"))]
    return {sprint: numbers.get(_at(known, sprint.connection, (sprint.board,)) or "") for sprint in sprints}


def people(db: Connection, known: Sequence[Known], today: date) -> None:
    """Fill team_person, and say of each sprint whose it is: its board's, else its scope's, else that of its work.

    Needs the teams of items.
    """
    ids, numbers = _ids(db, "person"), _ids(db, "team")
    members = {(numbers[it.key], ids[one]) for it in known for one in it.team.members if one in ids}
    inferred = {numbers[it.key] for it in known if it.words and not it.team.members}
    if inferred:
        on_it = db.execute(text(_ON_IT), {"since": day(today) - RECENT_DAYS})
        members |= {(row.team_id, row.person_id) for row in on_it if row.team_id in inferred}
    several = Counter(person for _, person in members)
    shares = ((team, person, 1 / several[person]) for team, person in members)
    settle(db, "team_person", ("team_id", "person_id"), ("share",), shares)

    of_scope = {row.id: row.team_id for row in db.execute(text("select id, team_id from scope"))}
    by_work = _by_work(db) if any(it.words for it in known) else {}
    whose = (
        (sprint.id, team or of_scope.get(sprint.scope_id or 0) or by_work.get(sprint.id))
        for sprint, team in of_board(db, known).items()
    )
    settle(db, "sprint", ("id",), ("team_id",), whose)


def join(teams: Sequence[Team], words: Iterable[_Word]) -> list[Known]:
    """The teams of the config, in its order, then those that only a field names, by name.

    A team that a field names is known by the lowest of its ids there, so that it stays the same when it is renamed, or
    when the config begins to say something of it.
    """
    named: defaultdict[str, list[_Word]] = defaultdict(list)
    for word in sorted(words, key=lambda it: (it.connection, len(it.ref), it.ref)):
        named[fold(word.name)].append(word)
    known = []
    for team in (*teams, *(Team(name) for name in sorted(named.keys() - {fold(team.key) for team in teams}))):
        several = named.get(fold(team.key), [])
        key = f"{several[0].connection}:{several[0].ref}" if several else team.key
        name = several[0].name if several else team.key
        known.append(Known(name, replace(team, key=key), tuple((word.connection, word.ref) for word in several)))
    return known


def _words(db: Connection, since: int) -> list[_Word]:
    """The values of team fields, each with the name that it has now: the one read last; of text the most frequent."""
    best: dict[tuple[str, str], tuple[tuple[str, int, str], str]] = {}
    for row in fetch(db, _WORDS, since=since):
        read_at = "" if fold(row.team_word) == row.team_ref else row.read_at
        rank = (read_at, row.items, row.team_word)
        key = (row.connection, row.team_ref)
        best[key] = max(best.get(key, (("", 0, ""), "")), (rank, row.team_word))
    return [_Word(*key, name) for key, (_, name) in best.items()]


def _by_work(db: Connection) -> dict[int, int]:
    """The team that all of a sprint's work belongs to, as far as that says, if most of it does."""
    counts: defaultdict[int, dict[int | None, int]] = defaultdict(dict)
    for row in fetch(db, _IN_SPRINTS):
        counts[row.sprint_id][row.team_id] = row.items
    found = {}
    for sprint, teams in counts.items():
        named = [team for team in teams if team is not None]
        if len(named) == 1 and teams[named[0]] * 2 > sum(teams.values()):
            found[sprint] = named[0]
    return found


def _at(known: Sequence[Known], connection: str, names: Iterable[str]) -> str | None:
    """The first team, in the config's order, that works on this board or scope."""
    told = [name for name in names if name]
    for it in known:
        if told and any(covers(board, connection, *told) for board in it.team.boards):
            return it.key
    return None


def _ids(db: Connection, table: str) -> dict[str, int]:
    return {row.key: row.id for row in db.execute(text(f"select id, key from {table}"))}
