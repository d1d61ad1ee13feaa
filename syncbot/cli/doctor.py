"""``syncbot doctor``: what is wrong with the set-up, each with what to do, and the line to paste where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import click
from rich.console import Console
from rich.text import Text
from sqlalchemy import Connection, text

from syncbot import config as configs
from syncbot import outbox
from syncbot.cli import options, tables, worst
from syncbot.cli.progress import Progress
from syncbot.cli.session import Session, now, opened
from syncbot.cli.steps import MUST_EDIT, TOOL_FAILED
from syncbot.errors import ToolError
from syncbot.model import Field, Struct
from syncbot.pipeline import Ready
from syncbot.report.words import clean
from syncbot.store.engine import shown

SKEW = 60
"""From so many seconds on a clock that differs is worth a word."""

LABELS = {"ok": ("ok", "green"), "look": ("look", "yellow"), "bad": ("wrong", "red")}


class Remark(Struct, frozen=True):
    """One thing that was looked at. ``paste``: lines for the file that ``into`` names."""

    level: Literal["ok", "look", "bad"]
    said: str
    paste: str = ""
    into: str = ""


@click.command("doctor")
@options.together(options.config, options.connection)
def command(config: Path, connections: tuple[str, ...]) -> int:
    """Check credentials, permissions, scopes, fields, words, people, reports and the store. Writes nothing to a tool."""
    console = Console()
    with opened(config, connections) as session:
        ready = session.prepare(Progress(), fresh=True)
        codes = [_show(console, "config and store", _setup(session))]
        for name, error in session.unreachable.items():
            codes.append(_show(console, name, iter([Remark("bad", str(error))]), failed=TOOL_FAILED))
        for one in ready.values():
            codes.append(_show(console, one.name, _connection(session, one)))
        codes.append(_show(console, "people", _people(session)))
        codes.append(_show(console, "reports", _reports(session, ready)))
        return worst(codes)


def _show(console: Console, about: str, remarks: Iterator[Remark], *, failed: int = MUST_EDIT) -> int:
    """Draw what was found; the exit code that follows from it."""
    tables.heading(console, about)
    bad = False
    for remark in remarks:
        label, colour = LABELS[remark.level]
        line = Text.assemble("  ", (f"{label:<6}", colour), clean(remark.said, tables.LONGEST))
        console.print(line, soft_wrap=not console.is_terminal)
        if remark.paste:
            console.print(Text(f"         paste into {remark.into}:", style="dim"))
            for pasted in remark.paste.splitlines():
                console.print(Text(f"           {pasted}"), soft_wrap=True)
        bad = bad or remark.level == "bad"
    return failed if bad else 0


def _setup(session: Session) -> Iterator[Remark]:
    yield Remark("ok", f"{session.config.file}: {len(session.config.connections)} connections")
    for mistake in configs.unsupported(session.config):
        yield Remark("look", str(mistake))
    for mistake in session.mistakes:
        yield Remark("bad", str(mistake))
    yield Remark("ok", f"the store {shown(session.store.url)} opens")
    yield Remark("ok", f"{len(session.catalogue.rules)} rules")


def _connection(session: Session, ready: Ready) -> Iterator[Remark]:
    """Who we are there, what is read, whether the mapped fields are filled, and what the mapping does not know."""
    probe = ready.probe
    zone = f", time zone {probe.timezone}" if probe.timezone else ""
    yield Remark("ok", f"signed in to {ready.feed.setting.url} as {probe.account.name} ({probe.deployment}{zone})")
    if probe.clock_skew_seconds is not None and abs(probe.clock_skew_seconds) > SKEW:
        yield Remark("look", f"its clock differs from this machine's by {probe.clock_skew_seconds:.0f} seconds")
    if not ready.scopes:
        yield Remark("bad", "no scope is read")
    for scope in ready.scopes:
        yield Remark(
            "ok", f"reads {scope.name} ({scope.key}){', which outsiders can read too' if scope.public else ''}"
        )
    fields = {field.id: field for field in ready.vocabulary.fields}
    for name, resolved in ready.resolved.items():
        used = {one: ours for scope in ready.scopes for ours, ids in _sources(ready, scope.remote_id) for one in ids}
        for one, ours in sorted(used.items(), key=lambda it: it[1]):
            if one in fields:
                yield _field(ours, fields[one])
        for renamed in resolved.renamed:
            yield Remark("look", f"{name}.toml: {renamed.facet} “{renamed.old}” is now called “{renamed.new}”")
    with session.store.reading() as db:
        yield from _unknown_words(db, ready)
        for row in db.execute(text(_QUARANTINE), {"connection": ready.name}):
            yield Remark("bad", f"{row.remote_id} was put aside and is missing from all reports: {row.reason}")


def _sources(ready: Ready, scope: str) -> list[tuple[str, tuple[str, ...]]]:
    return list(ready.resolved[ready.mapping_of[scope]].sources_in(scope).items())


def _field(ours: str, field: Field) -> Remark:
    samples = f", for example {', '.join(field.samples)}" if field.samples else ""
    filled = "" if field.filled_percent is None else f", filled in {field.filled_percent}% of what was looked at"
    return Remark("ok" if field.filled_percent else "look", f"{ours} is “{field.name}” ({field.id}){filled}{samples}")


def _unknown_words(db: Connection, ready: Ready) -> Iterator[Remark]:
    for row in db.execute(text(_UNKNOWN), {"connection": ready.name}):
        name = ready.feed.setting.mapping
        facet, word = row.facet, row.word.replace("\\", "\\\\").replace('"', '\\"')
        paste = f'[status]\nplanned = {{ {facet} = "{word}" }}' if facet in {"status", "list"} else ""
        said = f"the mapping does not know the {facet} “{row.word}”: {row.records} records, for example {row.example}"
        yield Remark("look", said, paste, f"mappings/{name}.toml, under the status that it means")


def _people(session: Session) -> Iterator[Remark]:
    """People with work whose accounts on other connections are not known to be theirs."""
    connections = [feed.name for feed in session.feeds]
    with session.store.reading() as db:
        rows = db.execute(text(_WORKING)).all()
    if not rows:
        yield Remark("look", "nobody is known yet: run 'syncbot pull' first")
        return
    by_person: dict[int, list[tuple[str, str]]] = {}
    names: dict[int, str] = {}
    for row in rows:
        by_person.setdefault(row.person_id, []).append((row.connection, row.remote_id))
        names[row.person_id] = row.name
    yield Remark("ok", f"{len(by_person)} people have work")
    alone = {person: accounts for person, accounts in by_person.items() if len({name for name, _ in accounts}) == 1}
    if len(connections) > 1 and alone:
        for person, accounts in sorted(alone.items(), key=lambda it: names[it[0]]):
            connection, account = accounts[0]
            others = " and ".join(name for name in connections if name != connection)
            key = "".join(char for char in names[person].casefold().split(" ")[0] if char.isascii() and char.isalnum())
            paste = f'[people.{key or "someone"}]\naccounts = {{ {connection} = "{account}", {others.split(" ")[0]} = "..." }}'
            said = f"{names[person]} is known on {connection} only; fine, unless they have an account on {others} too"
            yield Remark("look", said, paste, session.config.file.name)


def _reports(session: Session, ready: dict[str, Ready]) -> Iterator[Remark]:
    """For each report: whether its place is there, whether we may write it, and whether a person closed it."""
    if not session.config.reports:
        paste = '[[reports]]\nconnection = "..."\nscope      = "..."'
        yield Remark(
            "look", "none is configured, so nobody sees findings in their tool", paste, session.config.file.name
        )
    for at, setting in enumerate(session.config.reports):
        if setting.connection not in ready:
            continue
        feed = ready[setting.connection].feed
        home = configs.report_scope(session.config, at, ready[setting.connection].seen)
        for mistake in home.mistakes:
            yield Remark("bad", str(mistake))
        for scope in home.scopes:
            draft = outbox.draft(setting, scope, {})
            about = f"“{setting.title}” in {setting.connection}, {scope.name}"
            try:
                obstacles = feed.connector.obstacles(draft.target)
            except ToolError as error:
                obstacles = (str(error),)
            for obstacle in obstacles:
                yield Remark("bad", f"{about}: {obstacle}")
            planned = outbox.plan(session.store, [draft], {setting.connection: feed.setting.writes}, now())[0]
            if planned.is_muted:
                yield Remark("look", f"{about}: a person closed it, so it is left alone: {planned.url}")
            elif not obstacles:
                held = f"; {planned.held}" if planned.held else ""
                yield Remark("ok", f"{about} can be written{held}")


_QUARANTINE = "select remote_id, reason from quarantine where connection = :connection order by remote_id limit 20"
_UNKNOWN = """
    select u.facet, u.word, count(*) as records, min(u.example) as example
    from unmapped u join record r on r.id = u.record_id
    where r.connection = :connection and r.seen = 'here'
    group by u.facet, u.word order by 3 desc, 1, 2 limit 20"""
_WORKING = """
    select distinct p.id as person_id, p.name, c.connection, c.remote_id
    from assignee a join item i on i.id = a.item_id and i.seen = 'here' and i.is_open
    join account w on w.id = a.account_id join person p on p.id = w.person_id
    join account c on c.person_id = p.id
    where not c.is_bot order by p.name, c.connection, c.remote_id"""
