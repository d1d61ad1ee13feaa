"""``syncbot mapping``: how a tool's own fields and words read onto the model, proven by what was read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text
from sqlalchemy import Connection, text

from syncbot import mapping as mappings
from syncbot import pipeline
from syncbot.cli import options, steps, tables, worst
from syncbot.cli.discover import look
from syncbot.cli.preview import as_json, show_preview, try_out
from syncbot.cli.progress import Progress, level
from syncbot.cli.session import Session, now, opened
from syncbot.errors import UserError
from syncbot.facts.trust import FILLED, ITEMS
from syncbot.pipeline import Ready
from syncbot.report.words import clean, number


@click.group("mapping")
def command() -> None:
    """See how your tools' words read onto the model."""


@command.command()
@options.together(options.config, options.connection, options.verbose)
def check(config: Path, connections: tuple[str, ...], verbose: int) -> int:
    """What each name resolved to, how often each field is filled, and the words that the mapping does not know.

    Asks the tools for their fields and words again; what is filled is counted on what was last pulled.
    """
    console = Console()
    with opened(config, connections) as session:
        ready = session.prepare(Progress(level=level(verbose, quiet=False)), fresh=True)
        codes = [steps.show_mistakes(session.mistakes)]
        codes += [steps.show_failures(session, name, {"": error}) for name, error in session.unreachable.items()]
        for one in ready.values():
            _show(console, session, one)
        return worst(codes)


@command.command()
@options.together(
    options.config,
    options.connection,
    click.option(
        "--file",
        "-f",
        type=click.Path(path_type=Path, dir_okay=False, exists=True),
        help="Try this file in place of the mapping that has its name.",
    ),
    options.formats("table", "json"),
)
def preview(config: Path, connections: tuple[str, ...], file: Path | None, format_: str) -> int:
    """What an edited mapping would change: items, kinds, statuses, findings. Asks no tool and changes nothing.

    Compares your mapping files, as they are now, with how the stored records were last read. Example: copy
    mappings/jira.toml to drafts/jira.toml, edit it there, and see: syncbot mapping preview --file drafts/jira.toml
    """
    with opened(config, connections, offline=True) as session:
        if file is not None:
            session.feeds = try_out(session.feeds, mappings.load(file))
        ready = list(session.recall().values())
        found = pipeline.preview(session.store, ready, session.config, session.catalogue, now=now())
        if format_ == "json":
            click.echo(as_json(found))
        elif not ready and not session.mistakes:
            click.echo("Nothing was read yet: run 'syncbot pull' first.")
        else:
            show_preview(Console(), found)
        return steps.show_mistakes(session.mistakes)


@command.command()
@options.together(options.config, options.connection, options.scope, options.output, options.verbose)
def discover(
    config: Path, connections: tuple[str, ...], scopes: tuple[str, ...], output: Path | None, verbose: int
) -> int:
    """Write a mapping from what a connection really has: its fields, types, statuses or lists, labels and links.

    Reads some of its items, those that changed lately, and stores nothing. Each line comes with what speaks for it;
    what is doubtful is commented out, and what nothing was guessed of is listed.
    """
    if output is not None and output.exists():
        raise UserError(f"{output} is there already, and somebody may have edited it: choose another --output.")
    with opened(config, connections) as session:
        found = look(session, scopes, Progress(level=level(verbose, quiet=False)))
        code = steps.show_mistakes(found.mistakes)
    if output is None:
        click.echo(found.text, nl=False)
        return code
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(found.text, encoding="utf-8")
    source = f"{number(found.items, 'item')} of {found.connection}"
    click.echo(f"Wrote {output}, from {source}. Read it, then see what it would change:")
    there = output if output.stem == found.mapping else output.with_name(f"{found.mapping}.toml")
    moved = (
        "" if output.stem == found.mapping else f" (once it is called {there.name}, as the mapping that it replaces)"
    )
    click.echo(f"  syncbot mapping preview --file {there}{moved}")
    return code


def _show(console: Console, session: Session, ready: Ready) -> None:
    pipeline.remap(ready, session.store, now=now())
    names = {field.id: field.name for field in ready.vocabulary.fields}
    with session.store.reading() as db:
        for scope in ready.scopes:
            mapping = ready.resolved[ready.mapping_of[scope.remote_id]]
            sources = mapping.sources_in(scope.remote_id)
            tables.heading(console, f"{ready.name}, {scope.name} ({ready.mapping_of[scope.remote_id]}.toml)")
            filled = _filled(db, ready.name, scope.remote_id)
            rows = [
                (ours, ", ".join(names.get(one, one) for one in found), filled.get(ours, ""))
                for ours, found in sorted(sources.items())
            ]
            tables.show(console, ("ours", "theirs", "filled"), rows, right=("filled",))
            console.print()
            if words := _words(db, ready.name, scope.remote_id):
                tables.show(console, ("kind", "status", "their word", "items"), words, right=("items",))
            else:
                console.print("Nothing of it was read yet: run 'syncbot pull' first.")
        unknown = _unknown(db, ready.name)
        if unknown:
            tables.heading(console, f"{ready.name}: words that the mapping does not know")
            tables.show(console, ("what", "word", "records", "for example"), unknown, right=("records",))
    for resolved in ready.resolved.values():
        for renamed in resolved.renamed:
            line = f"{ready.name}: the {renamed.facet} “{renamed.old}” is now called “{renamed.new}”, and goes on."
            console.print(Text(clean(line)), soft_wrap=True)


def _filled(db: Connection, connection: str, scope: str) -> dict[str, str]:
    """How much of a scope's items have each of our fields filled; nothing where there are no items."""
    counts = ", ".join(f"sum(case when {filled} then 1 else 0 end) as {name}" for name, filled in FILLED.items())
    query = f"select count(*) as items, {counts} from ({ITEMS} {_HERE}) w"
    found = db.execute(text(query), _key(connection, scope)).mappings().one()
    return {name: f"{found[name] * 100 // found['items']}%" for name in FILLED} if found["items"] else {}


def _words(db: Connection, connection: str, scope: str) -> list[tuple[str, str, str, int]]:
    columns = "i.kind, i.status, i.word"
    query = f"select {columns}, count(*) from item i {_HERE} group by {columns} order by 1, 2, 3"
    return [(row[0], row[1], row[2], row[3]) for row in db.execute(text(query), _key(connection, scope))]


def _unknown(db: Connection, connection: str) -> list[tuple[str, str, int, str]]:
    query = """
        select u.facet, u.word, count(*), coalesce(min(i.title), min(u.example))
        from unmapped u join record r on r.id = u.record_id left join item i on i.id = r.id
        where r.connection = :connection and r.seen = 'here' group by u.facet, u.word order by 3 desc, 1, 2"""
    return [(row[0], row[1], row[2], row[3]) for row in db.execute(text(query), {"connection": connection})]


def _key(connection: str, scope: str) -> Mapping[str, str]:
    return {"connection": connection, "scope": scope}


_HERE = """
    join scope s on s.id = i.home_scope_id
    where i.connection = :connection and s.remote_id = :scope and i.seen = 'here' and i.derived_from is null"""
