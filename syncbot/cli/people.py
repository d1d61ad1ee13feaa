"""``syncbot people``: who is unknown, who may be one person on several connections, and the lines to paste."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.text import Text
from sqlalchemy import text

from syncbot.cli import options, tables
from syncbot.cli.found import accounts, key_of
from syncbot.cli.session import Session, opened
from syncbot.cli.strangers import Suggestion, Used, Who, people, suggest
from syncbot.config import Config
from syncbot.facts.people import logins, match
from syncbot.report.words import clean, number
from syncbot.toml import quoted, spell


@click.command("people")
@options.together(
    options.config,
    options.formats("table", "json"),
    click.option("--all", "whole", is_flag=True, help="Those who are known too."),
)
def command(config: Path, format_: str, whole: bool) -> int:
    """Who is unknown: accounts with work that nobody of the config stands for, people on one connection only, hidden
    addresses, deactivated, deleted and app accounts; and who may be one person, with the lines to paste.

    Reads what was last pulled and asks no tool. Nobody is joined by a name alone until the config says so.
    """
    with opened(config, offline=True) as session:
        everyone = everybody(session)
        connections = len(session.config.connections)
        unknown = [who for who in everyone if who.unknown(connections)]
        suggestions = suggest(everyone, connections)
        if format_ == "json":
            shown = everyone if whole else unknown
            click.echo(_json(session.config, everyone, shown, suggestions, connections))
        elif not any(who.used for who in everyone):
            click.echo("Nobody is known yet: run 'syncbot pull' first.")
        else:
            _show(session.config, everyone, everyone if whole else unknown, suggestions)
    return 0


def everybody(session: Session) -> list[Who]:
    """The people of what was last pulled, as the config joins them now; without syncbot's own accounts."""
    own = {(one.name, account) for one in session.recall().values() for account in one.own_accounts}
    with session.store.reading() as db:
        accounts_ = [
            one
            for one in logins(db)
            if one.connection in session.config.connections and (one.connection, one.remote_id) not in own
        ]
        work = {row.account_id: (row.items, row.open) for row in db.execute(text(_WORK))}
    matches = match(accounts_, session.config.people)
    used = (
        (
            matches[one.id][0],
            Used(
                one.connection,
                one.remote_id,
                one.name,
                one.handle,
                one.email_key,
                None if one.active is None else bool(one.active),
                bool(one.is_bot),
                *work.get(one.id, (0, 0)),
            ),
        )
        for one in accounts_
    )
    return people(session.config.people, used)


_WORK = """
    select x.account_id, count(distinct i.id) as items, count(distinct case when i.is_open then i.id end) as open
    from assignee x join item i on i.id = x.item_id
    where i.seen = 'here' group by x.account_id"""


def _show(config: Config, everyone: Sequence[Who], shown: Sequence[Who], suggestions: Sequence[Suggestion]) -> None:
    console = Console()
    ways = Counter("config" if who.known else "email" if len(who.used) > 1 else "account" for who in everyone)
    console.print(
        f"{number(len(everyone), 'person', 'people')}: {ways['config']} of the config, "
        f"{ways['email']} joined by address, {number(ways['account'], 'single account')}.",
        soft_wrap=not console.is_terminal,
    )
    if not shown:
        console.print("Nobody with work is unknown.")
        return
    rows = [row for who in shown for row in _rows(who, len(config.connections))]
    console.print()
    tables.show(console, ("person", "on", "login", "open", "what is unknown"), rows, right=("open",), whole=("login",))
    if not suggestions:
        console.print("\nNobody of them looks like somebody on another connection.")
        return
    tables.heading(console, "Who may be one person; paste what is right")
    taken = {who.known.key for who in everyone if who.known}
    for suggestion in suggestions:
        console.print()
        for line in _lines(config, [everyone[at] for at in suggestion.people], suggestion, taken):
            console.print(Text(line), soft_wrap=True)


def _rows(who: Who, connections: int) -> Iterator[tuple[str, str, str, int | str, str]]:
    """A line for each account; one without a word of its own still shows where the person is known."""
    said = "; ".join(who.unknown(connections))
    if not who.used:
        yield who.name, "", "", "", said
    for at, one in enumerate(who.used):
        yield (who.name if at == 0 else "", one.connection, one.login, one.open, said if at == 0 else "")


def _lines(config: Config, persons: Sequence[Who], suggestion: Suggestion, taken: set[str]) -> Iterator[str]:
    """What to paste; in comments where somebody else may be meant as well."""
    names = " and ".join(f"{_clean(who.name)} ({', '.join(sorted(who.places)) or 'no account'})" for who in persons)
    lines = _table(config, persons, taken)
    is_edit = lines[0].startswith("#")
    how = "" if suggestion.sure else "; perhaps" if is_edit else "; perhaps: take the # away if it is so"
    yield f"# {suggestion.score}% {suggestion.why}: {names}{how}"
    mark = "" if suggestion.sure or is_edit else "# "
    yield from (f"{mark}{line}" for line in lines)


def _table(config: Config, persons: Sequence[Who], taken: set[str]) -> list[str]:
    """The table that makes one person of several; of somebody whom the config has, in comments, what to edit there."""
    known = next((who.known for who in persons if who.known), None)
    found = {one.connection: one.login for who in persons for one in who.used if not one.is_bot}
    if known is not None:
        found |= known.accounts
        if ("people", known.key) in config.lines:
            return [f"# {_edit(config, known.key)}:", f"# {accounts(found)}"]
    name = next((who.name for who in persons if who.known), persons[0].name)
    email = (known and known.email) or next((one.email for who in persons for one in who.used if one.email), None)
    lines = [f"[{spell(('people', key_of(name, taken)))}]", f"name     = {quoted(_clean(name))}"]
    return [*lines, *([f"email    = {quoted(email)}"] if email else []), accounts(found)]


def _edit(config: Config, key: str) -> str:
    """Where the accounts of a person stand in the config, and what to do there."""
    person, here = spell(("people", key)), config.line(("people", key))
    inner = {where: line for where, line in config.lines.items() if where[:2] == ("people", key) and where[2:]}
    lines = {line for where, line in inner.items() if where[2] == "accounts"}
    if here in inner.values() or len(lines) > 1:  # written on one line with the person, or over several
        return f"the accounts of [{person}] on line {here} shall be"
    if lines:
        return f"in [{person}], replace line {lines.pop()} by"
    return f"in [{person}], add below line {here}"


def _clean(name: str) -> str:
    return clean(name, 80)


def _json(
    config: Config,
    everyone: Sequence[Who],
    shown: Sequence[Who],
    suggestions: Sequence[Suggestion],
    connections: int,
) -> str:
    taken = {who.known.key for who in everyone if who.known}

    def person(who: Who) -> Mapping[str, object]:
        return {
            "key": who.known.key if who.known else None,
            "name": who.name,
            "unknown": who.unknown(connections),
            "accounts": [
                {
                    "connection": one.connection,
                    "id": one.remote_id,
                    "login": one.login,
                    "name": one.name,
                    "state": one.state or None,
                    "items": one.items,
                    "open": one.open,
                }
                for one in who.used
            ],
        }

    said = {
        "version": 1,
        "people": [person(who) for who in shown],
        "suggestions": [
            {
                "score": one.score,
                "why": one.why,
                "sure": one.sure,
                "people": [person(everyone[at]) for at in one.people],
                "paste": "\n".join(_table(config, [everyone[at] for at in one.people], taken)),
            }
            for one in suggestions
        ],
    }
    return msgspec.json.format(msgspec.json.encode(said)).decode()
