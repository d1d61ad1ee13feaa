"""Subjects and people by their ids: all that a report needs to name them discreetly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, TextClause, bindparam, text

from syncbot.model import Person, Subject
from syncbot.rules.rule import About
from syncbot.rules.subjects import SUBJECTS

_CHUNK = 500  # ids in one query


def subject(view: str, number: int, row: RowMapping | Mapping[str, Any], prefix: str, scope: str | None) -> Subject:
    """The subject that a row tells in columns with a prefix; ``scope``: the remote id of its home."""
    return Subject(
        view=view,
        id=number,
        connection=row[f"{prefix}connection"],
        scope=scope or "",
        remote_id=row[f"{prefix}remote_id"],
        ref=row[f"{prefix}ref"],
        title=row[f"{prefix}title"],
        url=row[f"{prefix}url"],
        is_restricted=bool(row[f"{prefix}is_restricted"]),
    )


def subjects(db: Connection, about: About, ids: Iterable[int]) -> dict[int, Subject]:
    """Subjects of one kind by our ids; what is no longer there is left out."""
    query = text(f"""
        select s.*, home.remote_id as home
        from ({SUBJECTS[about]}) s left join scope home on home.id = s.scope_id
        where s.id in :ids""")
    return {row["id"]: subject(about, row["id"], row, "", row["home"]) for row in _rows(db, query, ids)}


def people(db: Connection, ids: Iterable[int]) -> dict[int, Person]:
    """People by our ids, each with the account that was first known on each connection."""
    query = text("""
        select p.id, p.name, a.connection, a.remote_id
        from person p left join account a on a.person_id = p.id
        where p.id in :ids order by p.id, a.id desc""")
    names: dict[int, str] = {}
    accounts: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for row in _rows(db, query, ids):
        names[row["id"]] = row["name"]
        if row["connection"] is not None:
            accounts[row["id"]][row["connection"]] = row["remote_id"]
    return {number: Person(number, name, accounts[number]) for number, name in names.items()}


def _rows(db: Connection, query: TextClause, ids: Iterable[int]) -> Iterator[RowMapping]:
    expanding = query.bindparams(bindparam("ids", expanding=True))
    wanted = sorted(set(ids))
    bound = {"recent": 0} if ":recent" in query.text else {}
    for at in range(0, len(wanted), _CHUNK):
        yield from db.execute(expanding, {"ids": wanted[at : at + _CHUNK], **bound}).mappings()
