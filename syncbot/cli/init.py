"""``syncbot init``: a connection for the config, written from what the tool really holds."""

from __future__ import annotations

import os
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
from syncbot.cli import options, tables
from syncbot.cli.found import MOST_PEOPLE, Found, compose
from syncbot.connector import Connector, Settings
from syncbot.errors import ConfigErrors, Refused, ToolError, UserError
from syncbot.model import Scope
from syncbot.patterns import matches

NAMES = {"jira": "delivery", "trello": "roadmap"}
"""What a connection to a tool is called unless its admin says otherwise."""

SECRETS = {
    "jira": {"token": "env:JIRA_TOKEN"},
    "trello": {"key": "env:TRELLO_KEY", "token": "env:TRELLO_TOKEN"},
}


@click.command("init")
@options.config
@click.option("--tool", type=click.Choice(list(connectors.ALL)), prompt="Which tool", help="The tool to connect.")
@click.option("--name", help="What to call the connection (else delivery for Jira, roadmap for Trello).")
@click.option("--url", help="Where the tool is. Trello has only one; give it for a proxy or the sandbox.")
@click.option("--user", help="Jira Cloud: the e-mail address of the account.")
@click.option("--key", help="Trello: a reference to the API key: env:NAME, file:/path or keyring:service/name.")
@click.option("--token", help="A reference to the token: env:NAME, file:/path or keyring:service/name.")
@click.option(
    "--scope", "scopes", multiple=True, metavar="NAME", help="Read this project or board (repeatable; * all)."
)
def command(
    config: Path,
    tool: str,
    name: str | None,
    url: str | None,
    user: str | None,
    key: str | None,
    token: str | None,
    scopes: tuple[str, ...],
) -> int:
    """Write a config from what a tool really holds: its projects or boards, fields and people.

    Each call adds one connection. Nothing is written to the tool, and no secret into the config.
    """
    console = Console()
    name = name or NAMES[tool]
    existing = _existing(config, name)
    url = url or connectors.ALL[tool].DEFAULT_URL or click.prompt("Its address, such as https://example.atlassian.net")
    if tool == "jira" and not user:
        user = click.prompt("The e-mail address of the account")
    references = SECRETS[tool] | {what: said for what, said in (("key", key), ("token", token)) if said}
    told = Settings(name=name, tool=tool, url=url.rstrip("/"), user=user, secrets=_resolved(references, config))
    with closing(connectors.ALL[tool].connect(told)) as connector:
        found = _look(connector, told, references, scopes, console)
    text = compose(found, existing)
    _write(config, existing, text)
    written = _write_preset(config, tool)
    _tell(console, config, written, found)
    return 0


def _existing(file: Path, name: str) -> str:
    """The config as it is; empty if there is none. Raises UserError if it has a connection of that name."""
    if not file.exists():
        return ""
    config, mistakes = configs.read(file, os.environ, tools=connectors.ALL, need_secrets=False)
    if mistakes:
        raise ConfigErrors(mistakes)
    if name in config.connections:
        raise UserError(f'{file} has a connection "{name}" already: choose another --name, or another --config.')
    return file.read_text(encoding="utf-8")


def _resolved(references: dict[str, str], config: Path) -> dict[str, str]:
    found = {}
    for what, reference in references.items():
        if not secrets.is_reference(reference):
            raise UserError(f"--{what} takes a reference, so that no secret is on screens and in files: env:NAME, ...")
        try:
            found[what] = secrets.resolve(reference, config.parent.absolute(), os.environ)
        except UserError as error:
            hint = f"export {reference.removeprefix('env:')}=... first" if reference.startswith("env:") else ""
            raise UserError(f"the {what}: {error} {hint}".strip()) from None
    return found


def _look(
    connector: Connector, told: Settings, references: dict[str, str], wanted: Sequence[str], console: Console
) -> Found:
    """Sign in, list what the account sees, let the person choose, and learn what is in it."""
    try:
        probe = connector.probe()
    except Refused as error:
        raise UserError(
            f"{error}\nCheck the account and that {', '.join(references.values())} hold what they should."
        ) from None
    console.print(Text(f"Signed in to {told.url} as {probe.account.name}."))
    seen = [scope for scope in connector.scopes() if not scope.archived]
    if not seen:
        raise ToolError(f"{told.name}: this account sees nothing there. Let it see the projects or boards to read.")
    chosen = _choose(seen, wanted, console)
    vocabulary = connector.describe(chosen)
    people = [one for one in connector.accounts(chosen, frozenset()) if not one.is_bot and one.active is not False]
    source = mappings.load(mappings.preset(told.tool))
    resolved = mappings.resolve(
        source,
        vocabulary,
        connection=told.name,
        scopes=chosen,
        side=None,
        scope_sides={},
        kept={},
        timezone="UTC",
        home_order=[scope.remote_id for scope in chosen],
    )
    fields = {field.id: field for field in vocabulary.fields}
    used = {
        ours: tuple(fields[one] for one in ids if one in fields)
        for scope in chosen
        for ours, ids in resolved.sources_in(scope.remote_id).items()
    }
    tables.heading(console, "Fields that the mapping found")
    rows = [
        (ours, field.name, "" if field.filled_percent is None else f"{field.filled_percent}%", ", ".join(field.samples))
        for ours, several in sorted(used.items())
        for field in several
    ]
    tables.show(console, ("ours", "theirs", "filled", "for example"), rows, right=("filled",))
    return Found(told, references, probe.account, tuple(chosen), used, tuple(people))


def _choose(seen: Sequence[Scope], wanted: Sequence[str], console: Console) -> list[Scope]:
    if not wanted:
        tables.heading(console, "What this account sees")
        tables.show(console, ("key", "name", ""), [(one.key, one.name, "public" if one.public else "") for one in seen])
        if not console.is_terminal:
            raise UserError("name what to read: --scope KEY, once for each, or --scope '*' for all.")
        answer = click.prompt("\nWhat to read (keys or names, with commas between; * for all)")
        wanted = [part.strip() for part in answer.split(",") if part.strip()]
    chosen = [one for one in seen if any(matches(pattern, one.key, one.remote_id, one.name) for pattern in wanted)]
    for pattern in wanted:
        if not any(matches(pattern, one.key, one.remote_id, one.name) for one in seen):
            there = ", ".join(f"{one.key} ({one.name})" for one in seen[:20])
            raise UserError(f'"{pattern}" is not there, or not visible. This account sees {there}.')
    return chosen


def _write(file: Path, existing: str, text: str) -> None:
    """Put the new text in place at once, and only if the whole is a config without mistakes."""
    draft = file.with_name(f".{file.name}.new")
    draft.parent.mkdir(parents=True, exist_ok=True)
    draft.write_text(f"{existing.rstrip()}\n\n{text}" if existing else text, encoding="utf-8")
    try:
        configs.load(draft, os.environ, tools=connectors.ALL)
        draft.replace(file)
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
    console.print(Text(f"Wrote the connection “{found.settings.name}” to {config}."), soft_wrap=True)
    if mapping is not None:
        console.print(Text(f"Wrote {mapping}: how its words read onto the model; edit it freely."), soft_wrap=True)
    if len(found.people) > MOST_PEOPLE:
        console.print(Text(f"It has {len(found.people)} people; those with an e-mail address match by themselves."))
    console.print(Text("Next: read the config, then 'syncbot doctor', then 'syncbot sync' (a plan; writes nothing)."))
