"""Who the accounts are: the config's word first, then an equal e-mail address; nobody is guessed by name.

An account that neither joins to anyone is a person of its own, so that its work is never taken for nobody's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from syncbot.facts.rows import differs, fetch, settle
from syncbot.model import KnownPerson
from syncbot.patterns import fold

_PERSON = ("name", "active", "is_bot", "weekly_minutes", "region", "timezone", "roles")


class Login(NamedTuple):
    """An account, as much of it as tells whose it is."""

    id: int
    connection: str
    remote_id: str
    name: str
    handle: str | None
    email_key: str | None
    active: bool | None
    is_bot: bool
    timezone: str | None


def build(db: Connection, people: Sequence[KnownPerson]) -> None:
    """Fill person, and say of each account and assignee whose it is."""
    accounts = logins(db)
    matches = match(accounts, people)
    known = {person.key: person for person in people}
    members: defaultdict[str, list[Login]] = defaultdict(list)
    for account in accounts:
        members[matches[account.id][0]].append(account)
    keys = sorted(known.keys() | members.keys())
    settle(db, "person", ("key",), _PERSON, (_person(key, known.get(key), members[key]) for key in keys))
    ids: dict[str, int] = {row.key: row.id for row in db.execute(text("select id, key from person"))}
    settle(
        db,
        "account",
        ("id",),
        ("person_id", "matched_by"),
        ((account.id, ids[matches[account.id][0]], matches[account.id][1]) for account in accounts),
    )
    _assign(db)


def logins(db: Connection) -> list[Login]:
    """Every account that was ever seen."""
    return [Login(*row) for row in fetch(db, f"select {', '.join(Login._fields)} from account order by id")]


def match(accounts: Sequence[Login], people: Sequence[KnownPerson]) -> dict[int, tuple[str, str]]:
    """The key of each account's person, and what matched: config, email or account (only itself)."""
    mails = {person.email.strip().casefold(): person.key for person in reversed(people) if person.email}
    matches = {one.id: (key, "config") for one, key in _configured(accounts, people)}
    for account in accounts:
        # The tools may know an address that the config does not: it joins the person's other accounts.
        if account.email_key and account.id in matches:
            mails.setdefault(account.email_key, matches[account.id][0])
    sharing = Counter(account.email_key for account in accounts)
    for account in accounts:
        if account.id in matches:
            continue
        if not account.email_key:
            matches[account.id] = (f"{account.connection}:{account.remote_id}", "account")
        else:
            key = mails.get(account.email_key)
            alone = key is None and sharing[account.email_key] == 1
            matches[account.id] = (key or f"mailto:{account.email_key}", "account" if alone else "email")
    return matches


def _configured(accounts: Sequence[Login], people: Sequence[KnownPerson]) -> Iterator[tuple[Login, str]]:
    """The accounts that the config names, each with its person's key."""
    named = {(where, fold(name)): person.key for person in people for where, name in person.accounts.items()}
    for account in accounts:
        for name in (account.remote_id, account.handle, account.email_key):
            if name and (key := named.get((account.connection, fold(name)))):
                yield account, key
                break


def _person(key: str, known: KnownPerson | None, accounts: Sequence[Login]) -> tuple[Any, ...]:
    told = known or KnownPerson(key)
    zones = (account.timezone for account in accounts if account.timezone)
    names = (account.name for account in accounts if account.name)
    return (
        key,
        told.name or next(names, key.removeprefix("mailto:") if known is None else key),
        _active([account.active for account in accounts]),
        bool(accounts) and all(account.is_bot for account in accounts),
        told.weekly_minutes,
        told.region,
        told.timezone or next(zones, None),
        ",".join(sorted(told.roles)) or None,
    )


def _active(told: list[bool | None]) -> bool | None:
    """A person is there as long as one account is; gone only if every account is known to be."""
    if any(told):
        return True
    return None if None in told or not told else False


def _assign(db: Connection) -> None:
    whose = "(select a.person_id from account a where a.id = assignee.account_id)"
    db.execute(text(f"update assignee set person_id = {whose} where {differs(('person_id', whose))}"))
