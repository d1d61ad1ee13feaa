"""``syncbot doctor``: what is wrong with the set-up, each with what to do, and the line to paste where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from sqlalchemy import Connection, text

from syncbot.cli import doctor_reports, options, tables, worst
from syncbot.cli.failure import located
from syncbot.cli.found import accounts, key_of, samples
from syncbot.cli.people import everybody
from syncbot.cli.progress import Progress, telling_waits
from syncbot.cli.remarks import Remark, show
from syncbot.cli.session import Session, opened, today
from syncbot.patterns import fold
from syncbot.pipeline import Ready
from syncbot.report import words
from syncbot.report.words import clean
from syncbot.store import waivers
from syncbot.store.engine import shown
from syncbot.toml import quoted, spell

SKEW = 60
"""From so many seconds on a clock that differs is worth a word."""


@click.command("doctor")
@options.together(options.config, options.connection)
def command(config: Path, connections: tuple[str, ...]) -> int:
    """Check credentials, permissions, scopes, fields, words, people, reports and store. Writes nothing to a tool."""
    console = Console()
    with telling_waits(), opened(config, connections) as session:
        ready = session.prepare(Progress(level=-1), fresh=True)
        codes = [show(console, "config and store", _setup(session))]
        for name, error in session.unreachable.items():
            said = f"{str(error).removeprefix(f'{name}: ')} {session.credentials(name, [error])}"
            codes.append(show(console, name, [Remark("down", said.strip())]))
        codes += [show(console, one.name, _connection(session, one)) for one in ready.values()]
        codes.append(show(console, "people", _people(session, ready)))
        codes.append(show(console, "reports", doctor_reports.look(session, ready)))
        return worst(codes)


def _setup(session: Session) -> Iterator[Remark]:
    yield Remark("ok", f"{session.config.file}: {words.number(len(session.config.connections), 'connection')}")
    for mistake in session.config.notes:
        yield Remark("look", located(mistake))
    for mistake in session.mistakes:
        yield Remark("bad", located(mistake))
    with session.store.reading() as db:
        made = waivers.made(db)
    for waiver in (*session.config.waivers, *made):
        if waiver.until < today(session.config):
            yield Remark("look", f"the waiver of {waiver.rule} for {waiver.subject} is over since {waiver.until}")
    yield Remark("ok", f"the store {shown(session.store.url)} opens")
    with session.store.reading() as db:
        last = db.execute(text(_LAST_RUN)).one_or_none()
    if last is not None:
        ended = last.outcome or "did not end: it was killed, or still goes on"
        yield Remark(
            "ok" if last.outcome == "done" else "look",
            f"last run: {last.command}, {tables.minute(last.started_at)}: {ended}",
        )
    yield Remark("ok", f"{len(session.catalogue.rules)} rules")


def _connection(session: Session, ready: Ready) -> Iterator[Remark]:
    """Who we are there, what is read, whether the mapped fields are filled, and what the mapping does not know."""
    probe = ready.probe
    about = ", ".join(filter(None, (probe.deployment, f"time zone {probe.timezone}" if probe.timezone else "")))
    signed_in = f"signed in to {ready.feed.setting.url} as {probe.account.name}"
    yield Remark("ok", f"{signed_in} ({about})" if about else signed_in)
    if probe.clock_skew_seconds is not None and abs(probe.clock_skew_seconds) > SKEW:
        yield Remark("look", f"its clock differs from this machine's by {probe.clock_skew_seconds:.0f} seconds")
    if not ready.scopes:
        yield Remark("bad", "no scope is read")
    for scope in ready.scopes:
        yield Remark(
            "ok", f"reads {scope.name} ({scope.key}){', which outsiders can read too' if scope.public else ''}"
        )
    for scope in ready.undescribed:
        why = ready.troubles[scope.remote_id]
        yield Remark("down", f"does not read {scope.name} ({scope.key}), whose words the tool does not tell: {why}")
    of = {"": "", **{scope.remote_id: f" of {scope.name}" for scope in ready.scopes}}
    for old in of.keys() & ready.troubles.keys():
        told = f"goes by the words{of[old]} that were known before, for the tool does not tell them"
        yield Remark("down", f"{told}: {ready.troubles[old]}")
    yield from _fields(session, ready)
    for name, resolved in ready.resolved.items():
        for renamed in resolved.renamed:
            yield Remark("look", f"{name}.toml: {renamed.facet} “{renamed.old}” is now called “{renamed.new}”")
    with session.store.reading() as db:
        yield from _unknown_words(db, ready)
        yield from _history(db, ready)
        for row in db.execute(text(_QUARANTINE), {"connection": ready.name}):
            yield Remark("look", f"{row.remote_id} was put aside and is missing from all reports: {row.reason}")


def _history(db: Connection, ready: Ready) -> Iterator[Remark]:
    """What the history told, where the config asks for it."""
    if not ready.feed.setting.history_minutes:
        return
    found = db.execute(text(_CHANGES), {"connection": ready.name}).one()
    if not found.changes:
        yield Remark("look", "its history tells no change yet: the next pull reads on")
        return
    said = f"its history tells {words.number(found.changes, 'change')} of {words.number(found.items, 'item')}"
    yield Remark("ok", f"{said}, since {words.day(found.since[:10])} (see: the view changes)")


def _fields(session: Session, ready: Ready) -> Iterator[Remark]:
    """The tool's fields behind ours, with what stands in them; those where nothing does in one line."""
    with session.store.reading() as db:
        rows = db.execute(text(_ACCOUNTS), {"connection": ready.name})
        names = {row.remote_id: row.name for row in rows}
    fields = {field.id: field for field in ready.vocabulary.fields}
    used: dict[tuple[str, str], int | None] = {}
    for scope in ready.scopes:
        resolved = ready.resolved[ready.mapping_of[scope.remote_id]]
        units = resolved.units_in(scope.remote_id)
        for ours, ids in resolved.sources_in(scope.remote_id).items():
            used.update(((ours, one), units.get((ours, one))) for one in ids if one in fields)
    empty: list[str] = []
    for (ours, one), unit in sorted(used.items(), key=lambda it: it[0][0]):
        field = fields[one]
        if not field.filled_percent:
            empty.append(f"{ours} (“{field.name}”)")
            continue
        examples = samples(field, names, unit)
        seen = f", such as {examples}" if examples else ""
        yield Remark("ok", f"{ours} is “{field.name}”, filled in {field.filled_percent}%{seen}")
    if empty:
        said = f"empty in all that was looked at: {', '.join(empty)}; rules that need them cannot tell"
        yield Remark("look", said)


def _unknown_words(db: Connection, ready: Ready) -> Iterator[Remark]:
    """Each with an example; behind the last of a kind, all of them as a line of the mapping would name them."""
    rows = db.execute(text(_UNKNOWN), {"connection": ready.name}).all()
    for at, row in enumerate(rows):
        told = [one.word for one in rows if one.facet == row.facet]
        is_last = all(one.facet != row.facet for one in rows[at + 1 :])
        paste = f"{row.facet} = [{', '.join(map(quoted, told))}]" if is_last and row.facet in _TABLES else ""
        into = f"mappings/{ready.feed.setting.mapping}.toml, [{_TABLES.get(row.facet)}], in the line of what they mean"
        count = words.number(row.records, "record")
        said = f"the mapping does not know the {row.facet} “{row.word}”: {count}, for example “{clean(row.example)}”"
        yield Remark("look", said, paste, into)


def _people(session: Session, ready: dict[str, Ready]) -> Iterator[Remark]:
    """People with work; those of one name on several connections are surely meant to be joined, or told apart."""
    with session.store.reading() as db:
        ours = {(name, account) for name, one in ready.items() for account in one.own_accounts}
        rows = [row for row in db.execute(text(_KNOWN)) if (row.connection, row.remote_id) not in ours]
    if not rows:
        yield Remark("look", "nobody is known yet: run 'syncbot sync' first, which only plans")
        return
    logins: dict[str, dict[int, dict[str, str]]] = {}
    for row in rows:
        logins.setdefault(fold(row.name), {}).setdefault(row.person_id, {})[row.connection] = row.handle
    names = {fold(row.name): row.name for row in rows}
    yield Remark(
        "ok", f"{words.number(len(everybody(session)), 'person is', 'people are')} known (see: syncbot people)"
    )
    for folded, people in sorted(logins.items()):
        together = {name: login for held in people.values() for name, login in held.items()}
        if len(people) == 1 or len(together) < sum(map(len, people.values())):
            continue  # one person, or two of one name on one connection, who are surely two
        named = [one for one in session.config.people if one.name and fold(one.name) == folded]
        key = named[0].key if named else key_of(names[folded], {one.key for one in session.config.people})
        where = " and ".join(together)
        said = f"{names[folded]} on {where} counts as {len(people)} people; if it is one, join the accounts"
        table = f"[{spell(('people', key))}]{'  # which is there already' if named else ''}"
        yield Remark("look", said, f"{table}\n{accounts(together)}", session.config.file.name)


_LAST_RUN = "select command, started_at, outcome from run order by id desc limit 1"
_QUARANTINE = "select remote_id, reason from quarantine where connection = :connection order by remote_id limit 20"
_CHANGES = """
    select count(*) as changes, count(distinct c.item_id) as items, min(c.at) as since
    from change c join item i on i.id = c.item_id where i.connection = :connection"""
_TABLES = {"status": "status", "list": "status", "section": "status", "type": "kind", "priority": "priority"}
_UNKNOWN = """
    select u.facet, u.word, count(*) as records, coalesce(min(i.title), min(u.example)) as example
    from unmapped u join record r on r.id = u.record_id left join item i on i.id = r.id
    where r.connection = :connection and r.seen = 'here'
    group by u.facet, u.word order by 3 desc, 1, 2 limit 20"""
_KNOWN = """
    select p.id as person_id, p.name, c.connection, c.remote_id, coalesce(c.handle, c.remote_id) as handle
    from person p join account c on c.person_id = p.id
    where not c.is_bot order by p.name, c.connection, c.remote_id"""
_ACCOUNTS = "select remote_id, name from account where connection = :connection"
