"""``syncbot init``: a connection for the config, written from what the tool really holds."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

import connectors
from syncbot import config as configs
from syncbot import mapping as mappings
from syncbot import secrets
from syncbot.cli import options, tables, way
from syncbot.cli.asking import answer, ending, one_of
from syncbot.cli.failure import hiding
from syncbot.cli.found import MOST_PEOPLE, Found, compose, samples
from syncbot.cli.progress import telling_waits
from syncbot.cli.prose import say
from syncbot.cli.session import spelled
from syncbot.config import Config
from syncbot.config.settings import SIDES as SIDES_OF_WORK
from syncbot.connector import Connector, Settings, Target
from syncbot.errors import Broken, ConfigErrors, Missing, Refused, ToolError, UserError
from syncbot.model import Field, Scope, Side, Vocabulary
from syncbot.patterns import fold, matches
from syncbot.report.words import clean

NAMES = {"asana": "plans", "jira": "delivery", "trello": "roadmap"}
"""What a connection to a tool is called unless its admin says otherwise."""

SECRETS = {
    "asana": {"token": "env:ASANA_TOKEN"},
    "jira": {"token": "env:JIRA_TOKEN"},
    "trello": {"key": "env:TRELLO_KEY", "token": "env:TRELLO_TOKEN"},
}


SIDES: dict[str, Side] = {"asana": "project", "jira": "project", "trello": "product"}
"""Where companies mostly plan what and why, and how and when."""

REPORTS = ("reports", "report", "berichte", "rapports", "informes")
"""What people call a list for reports."""


@click.command("init")
@options.config
@click.option("--tool", type=click.Choice(list(connectors.ALL)), help="The tool to connect.")
@click.option(
    "--name", help="What to call the connection (else plans for Asana, delivery for Jira, roadmap for Trello)."
)
@click.option("--url", help="Where the tool is. Asana and Trello have only one; give it for a proxy or the sandbox.")
@click.option("--user", help="Jira Cloud: the e-mail address of the account; '' for Data Center.")
@click.option("--key", help="Trello: where the API key is: env:NAME, file:/path or keyring:service/name.")
@click.option("--token", help="Where the token is: env:NAME, file:/path or keyring:service/name.")
@click.option(
    "--side", type=click.Choice(SIDES_OF_WORK), help="Whose work it is (else product for Trello, project for others)."
)
@click.option(
    "--scope", "scopes", multiple=True, metavar="NAME", help="Read this project or board (repeatable; * all)."
)
@click.option("--ca", type=click.Path(path_type=Path, dir_okay=False), help="Certificates of your own network (PEM).")
@click.option("--proxy", help="The way out of your network: http://proxy:3128, or with a password env:NAME.")
@click.option("--list", "list_", metavar="NAME", help="Trello: the list for the report; Asana: the section.")
def command(
    *,
    config: Path,
    tool: str | None,
    name: str | None,
    url: str | None,
    user: str | None,
    key: str | None,
    token: str | None,
    side: Side | None,
    scopes: tuple[str, ...],
    ca: Path | None,
    proxy: str | None,
    list_: str | None,
) -> int:
    """Write a config from what a tool really holds: its projects or boards, fields and people.

    Each call adds one connection. Nothing is written to the tool, and no secret into the config.
    """
    console = Console()
    with ending(_STOPPED):
        tool = tool or _tool()
        name = name or NAMES[tool]
        existing = _existing(config, name)
        url = url or connectors.ALL[tool].DEFAULT_URL
        url = way.site(url) if url else answer("--url", "Its address (https://example.atlassian.net)", way.site)
        if tool == "jira" and user is None:
            user = answer("--user", "The e-mail address of the account (empty for Jira Data Center)", str, default="")
    references = SECRETS[tool] | {what: said for what, said in (("key", key), ("token", token)) if said}
    told = Settings(
        name=name,
        tool=tool,
        url=url,
        user=user or None,
        secrets=way.resolved(references, config),
        ca=str(way.certificates(ca)) if ca else None,
        proxy=way.proxy_address(proxy, config) if proxy else None,
    )
    written = references | ({"ca": way.beside(config, ca)} if ca else {}) | ({"proxy": proxy} if proxy else {})
    with (
        ending(_STOPPED),
        hiding(spelled(told)),
        telling_waits(),
        closing(connectors.ALL[tool].connect(told)) as connector,
    ):
        found = _look(connector, told, written, side or SIDES[tool], scopes, list_, console)
    _write(config, existing is not None, compose(found, existing))
    _tell(console, config, _write_preset(config, tool), found)
    return 0


_STOPPED = "Stopped. Nothing was written."


def _tool() -> str:
    known = tuple(connectors.ALL)
    return answer("--tool", f"Which tool ({', '.join(known)})", one_of(*known))


def _existing(file: Path, name: str) -> Config | None:
    """The config as it is, if there is one. Raises UserError if it has a connection of that name."""
    if not file.exists():
        return None
    config = configs.load(file, os.environ, tools=connectors.ALL, need_secrets=False)
    if name in config.connections:
        raise UserError(f'{file} has a connection "{name}" already: choose another --name, or another --config.')
    return config


def _look(
    connector: Connector,
    told: Settings,
    references: dict[str, str],
    side: Side,
    wanted: Sequence[str],
    list_: str | None,
    console: Console,
) -> Found:
    """Sign in, list what the account sees, let the person choose, and learn what is in it."""
    try:
        probe = connector.probe()
    except Refused as error:
        told_by = ", ".join(it for it in references.values() if secrets.is_reference(it))
        raise UserError(f"{error}\nCheck --url, the account and what {told_by} should hold.") from None
    except (Missing, Broken) as error:
        raise UserError(f"{error}\n{way.astray(told.tool, told.url)}") from None
    console.print(Text(f"Signed in to {told.url} as {clean(probe.account.name)}."), soft_wrap=True)
    seen = [scope for scope in connector.scopes() if not scope.archived]
    if not seen:
        raise ToolError(f"{told.name}: this account sees nothing there. Let it see the projects or boards to read.")
    chosen = _choose(seen, wanted, console)
    vocabulary = connector.describe(chosen)
    people = [one for one in connector.accounts(chosen, frozenset()) if not one.is_bot and one.active is not False]
    fields, units = _fields(told, side, chosen, vocabulary)
    tables.heading(console, "Fields that the mapping found")
    names = {one.remote_id: one.name for one in people}
    rows = [
        (ours, field.name, f"{field.filled_percent or 0}%", samples(field, names, units.get((ours, field.id))))
        for ours, several in sorted(fields.items())
        for field in several
    ]
    tables.show(console, ("ours", "theirs", "filled", "for example"), rows, right=("filled",))
    home, place, places = _home(connector, told, chosen, vocabulary, list_)
    return Found(
        settings=told,
        references=references,
        side=side,
        account=probe.account,
        scopes=tuple(chosen),
        fields=fields,
        people=tuple(people),
        home=home,
        place=place,
        places=places,
    )


def _fields(
    told: Settings, side: Side, chosen: Sequence[Scope], vocabulary: Vocabulary
) -> tuple[dict[str, tuple[Field, ...]], dict[tuple[str, str], int]]:
    """The tool's fields behind each of ours, as the preset finds them, and the units of those that hold a time."""
    resolved = mappings.resolve(
        mappings.load(mappings.preset(told.tool)),
        vocabulary,
        connection=told.name,
        scopes=chosen,
        side=side,
        scope_sides={},
        kept={},
        timezone="UTC",
        home_order=[scope.remote_id for scope in chosen],
    )
    fields = {field.id: field for field in vocabulary.fields}
    used: dict[str, dict[str, Field]] = {}
    units: dict[tuple[str, str], int] = {}
    for scope in chosen:
        units |= resolved.units_in(scope.remote_id)
        for ours, ids in resolved.sources_in(scope.remote_id).items():
            used.setdefault(ours, {}).update({one: fields[one] for one in ids if one in fields})
    return {ours: tuple(several.values()) for ours, several in used.items() if several}, units


def _home(
    connector: Connector, told: Settings, chosen: Sequence[Scope], vocabulary: Vocabulary, wanted: str | None
) -> tuple[Scope, str | None, tuple[str, ...]]:
    """Where the report can live: the scope, the issue type or list (None: none that surely fits), and what there is."""
    if told.tool == "jira":
        types = [one.name for one in vocabulary.terms if one.facet == "type" and one.scope == chosen[0].remote_id]
        fits = (
            one
            for one in sorted(types, key=lambda name: name != "Task")
            if not connector.obstacles(Target(chosen[0], "", issue_type=one))
        )
        return chosen[0], next(fits, "Task"), tuple(types)
    what, where = ("section", "project has a section") if told.tool == "asana" else ("list", "board has an open list")
    lists = [one for one in connector.containers(chosen).containers if not one.closed]
    by_scope = [(scope, one.name) for scope in chosen for one in lists if one.scope == scope.remote_id]
    likely = (fold(wanted),) if wanted else REPORTS
    for scope, name in by_scope:
        if fold(name) in likely:
            return scope, name, ()
    there = tuple(name for scope, name in by_scope if scope == chosen[0])
    if wanted:
        raise UserError(f'--list: no {where} "{wanted}"; {clean(chosen[0].name)} has {", ".join(there)}.')
    if there and sys.stdin.isatty():
        question = f"No {what} is called Reports. Which one shall the report of {clean(chosen[0].name)} live in"
        return chosen[0], answer("--list", f"{question} ({', '.join(there)})", one_of(*there)), there
    return chosen[0], None, there


def _choose(seen: Sequence[Scope], wanted: Sequence[str], console: Console) -> list[Scope]:
    """The scopes that the person wants, in the order in which they were named: the first is home to shared work."""
    if not wanted:
        tables.heading(console, "What this account sees")
        tables.show(console, ("key", "name", ""), [(one.key, one.name, "public" if one.public else "") for one in seen])
        if not sys.stdin.isatty():
            raise UserError("name what to read: --scope KEY, once for each, or --scope '*' for all.")
        question = "\nWhat to read (keys or names, with commas between; * for all)"
        return answer(
            "--scope", question, lambda said: _meant(seen, [part.strip() for part in said.split(",") if part.strip()])
        )
    return _meant(seen, wanted)


def _meant(seen: Sequence[Scope], wanted: Sequence[str]) -> list[Scope]:
    """The scopes of these names or patterns, each once. Raises UserError for one that is not there, and for none."""
    chosen: dict[str, Scope] = {}
    for pattern in wanted:
        meant = [one for one in seen if matches(pattern, one.key, one.remote_id, one.name)]
        if not meant:
            there = ", ".join(f"{clean(one.key)} ({clean(one.name)})" for one in seen[:20])
            raise UserError(f'"{pattern}" is not there, or not visible. This account sees {there}.')
        chosen.update((one.remote_id, one) for one in meant)
    if not chosen:
        raise UserError("name at least one.")
    return list(chosen.values())


def _write(file: Path, exists: bool, text: str) -> None:
    """Put the new text in place at once, and only if the whole is a config without mistakes."""
    file = file.resolve()
    before = f"{file.read_text(encoding='utf-8').rstrip()}\n\n" if exists else ""
    draft = file.with_name(f".{file.name}.new")
    draft.parent.mkdir(parents=True, exist_ok=True)
    draft.write_text(before + text, encoding="utf-8")
    try:
        configs.load(draft, os.environ, tools=connectors.ALL, need_secrets=False)
        draft.replace(file)
    except ConfigErrors as errors:
        told = "\n".join(f"  {one.key}: {one.message} {one.hint}".rstrip() for one in errors.mistakes)
        raise UserError(
            f"{file.name} would not be right with this connection, so nothing was written:\n{told}"
        ) from None
    finally:
        draft.unlink(missing_ok=True)


def _write_preset(file: Path, tool: str) -> Path | None:
    """The preset, written out where it is the admin's to edit, unless there is a mapping already."""
    own = file.parent / "mappings" / f"{tool}.toml"
    if own.exists():
        return None
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(mappings.preset(tool).read_text(encoding="utf-8"), encoding="utf-8")
    return own


def _tell(console: Console, config: Path, mapping: Path | None, found: Found) -> None:
    console.print()
    lines = [f"Wrote the connection “{found.settings.name}” to {config}, as the {found.side} side (side)."]
    if mapping is not None:
        lines.append(f"Wrote {mapping}: how its words read onto the model; edit it freely.")
        name = shlex.quote(found.settings.name)
        lines.append(
            f"If your words are your own, see what 'syncbot mapping discover --connection {name}' makes of them."
        )
    if len(found.people) > MOST_PEOPLE:
        lines.append(f"It has {len(found.people)} people, too many to list: those with an e-mail address match.")
    if found.place is None:
        lines.append("There is no list for its report yet: the config says how to add one.")
    lines.append("Next: read the config, then 'syncbot doctor', then 'syncbot sync' (a plan; writes nothing).")
    for line in lines:
        say(console, line, hanging=0)
