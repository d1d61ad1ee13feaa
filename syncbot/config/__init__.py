"""config.toml: what the admin wants, checked as a whole before anything is read or written.

`read` gives settings together with every mistake, so that a command can add those of mappings and rules and show all at
once; `load` raises them. Paths are relative to the config file, secrets are references until `settings` follows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from syncbot import connector, secrets, toml
from syncbot.config import directory as directories
from syncbot.config import reading, values
from syncbot.config.checks import check_rules, conflicts
from syncbot.config.connections import connection as read_connection
from syncbot.config.references import Surroundings
from syncbot.config.scopes import Chosen, choose, doubled, known_again, lost, report_scope, scope_setting
from syncbot.config.settings import (
    WRITES,
    Config,
    Connection,
    Directory,
    Schedule,
    ScopeSetting,
    Tool,
    Watching,
    Writes,
)
from syncbot.errors import ConfigErrors, Mistake, UserError
from syncbot.model import Scalar

__all__ = [
    "Chosen",
    "Config",
    "Connection",
    "Directory",
    "Schedule",
    "ScopeSetting",
    "Tool",
    "Watching",
    "Writes",
    "check_rules",
    "choose",
    "doubled",
    "interpret",
    "known_again",
    "load",
    "lost",
    "mapping_file",
    "read",
    "report_scope",
    "scope_setting",
    "settings",
    "store_url",
]


def load(
    file: Path,
    env: Mapping[str, str],
    *,
    tools: Mapping[str, Tool],
    known_rules: Mapping[str, Mapping[str, Scalar]] | None = None,
    need_secrets: bool = True,
) -> Config:
    """The config, or ConfigErrors with all its mistakes. See `read`; ``known_rules`` as in `check_rules`."""
    config, mistakes = read(file, env, tools=tools, need_secrets=need_secrets)
    if known_rules is not None:
        mistakes += check_rules(config, known_rules)
    if mistakes:
        raise ConfigErrors(mistakes)
    return config


def read(
    file: Path, env: Mapping[str, str], *, tools: Mapping[str, Tool], need_secrets: bool = True
) -> tuple[Config, list[Mistake]]:
    """The config with defaults where it is wrong, and its mistakes. Raises ConfigErrors if it is no TOML at all.

    ``tools``: what connections may name (``connectors.ALL``). Without ``need_secrets`` files and variables that only
    tools need may be missing, for commands that stay within the store.
    """
    if not file.exists():
        raise ConfigErrors([Mistake(file, 0, "", "there is no such file.", '"syncbot init" writes one.')])
    return interpret(toml.read(file), env, tools=tools, need_secrets=need_secrets)


def interpret(
    root: toml.Table, env: Mapping[str, str], *, tools: Mapping[str, Tool], need_secrets: bool = True
) -> tuple[Config, list[Mistake]]:
    """As `read`, of a file that is already read as TOML."""
    base = root.file.parent.absolute()
    main = root.table("syncbot")
    around = Surroundings(
        base=base,
        env=env,
        tools=tools,
        secrets=need_secrets,
        connections=_names(root.data, "connections"),
        people=None,
        teams=None,
    )
    directory, listed = reading.directory(root.table("directory"), around), directories.Listed()
    if directory is not None and directory.people is not None:
        listed = directories.read(directory.people, around.connections)
    around = replace(
        around,
        people=None if listed.mistakes else (*_names(root.data, "people"), *listed.keys),
        teams=None if directory is not None and directory.teams else _names(root.data, "teams"),
    )
    writes: Writes = main.choice("writes", WRITES, "plan")
    mappings = reading.mappings_folder(main, base)
    config = Config(
        file=root.file,
        store=main.parsed("store", values.store, "sqlite:///syncbot.db"),
        mappings=mappings,
        rule_folders=reading.rule_folders(main, base),
        timezone=main.parsed("timezone", values.timezone, "UTC"),
        writes=writes,
        settle_minutes=main.parsed("settle", values.duration, 10),
        filled_percent=root.table("trust").integer("filled_percent", 60, high=100),
        connections={
            name: read_connection(name, table, around, mappings, writes)
            for name, table in root.named("connections").items()
        },
        people=tuple(reading.person(key, table, around) for key, table in root.named("people").items()),
        teams=tuple(reading.team(key, table, around) for key, table in root.named("teams").items()),
        goals=tuple(reading.goal(title, table, around) for title, table in root.named("goals").items()),
        rules=tuple(reading.rule(name, table, around) for name, table in root.named("rules").items()),
        waivers=tuple(reading.waiver(table, around) for table in root.tables("waivers")),
        reports=tuple(reading.report(table, around) for table in root.tables("reports")),
        schedule=reading.schedule(root.table("schedule")),
        watching=reading.watching(root.table("daemon")),
        keep=reading.keep(root.table("keep")),
        directory=directory,
        notes=listed.notes,
        lines=root.lines,
    )
    try:
        store_url(config, env)
    except UserError as error:
        main.mistake("store", str(error))
    mistakes = [*root.finish(), *conflicts(config), *listed.mistakes]
    joined = directories.join(config.people, listed)
    return _with(config, joined), [*mistakes, *joined.mistakes]


def _with(config: Config, joined: directories.Joined) -> Config:
    """The config with everybody in it, whom its tables may call as the directory does."""

    def key(name: str | None) -> str | None:
        return name and joined.keys.get(name, name)

    return replace(
        config,
        people=joined.people,
        teams=tuple(
            replace(team, members=tuple(joined.keys.get(one, one) for one in team.members), lead=key(team.lead))
            for team in config.teams
        ),
        goals=tuple(replace(goal, owner=key(goal.owner)) for goal in config.goals),
        waivers=tuple(replace(waiver, by=key(waiver.by)) for waiver in config.waivers),
        reports=tuple(
            replace(report, answers=tuple(joined.keys.get(one, one) for one in report.answers))
            for report in config.reports
        ),
    )


def store_url(config: Config, env: Mapping[str, str]) -> str:
    """The store's URL, a SQLite file's path made absolute. Raises UserError if its reference leads nowhere."""
    url = config.store
    if secrets.is_reference(url):
        url = secrets.resolve(url, config.base, env)
        if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise UserError('leads to something that does not begin with "sqlite:///" or "postgresql://".')
    path = url.removeprefix("sqlite:///")
    return url if path in (url, ":memory:") else f"sqlite:///{config.base / path}"


def mapping_file(config: Config, name: str) -> Path | None:
    """The admin's own mapping of that name, or None: the preset that ships with syncbot."""
    own = config.mappings / f"{name}.toml"
    return own if own.is_file() else None


def settings(config: Config, connection: Connection, env: Mapping[str, str]) -> connector.Settings:
    """What the connector needs, secrets followed. Raises UserError if one is gone since the config was read."""

    def follow(text: str | None) -> str | None:
        return secrets.resolve(text, config.base, env) if text and secrets.is_reference(text) else text

    return connector.Settings(
        name=connection.name,
        tool=connection.tool,
        url=connection.url,
        user=follow(connection.user),
        secrets={name: secrets.resolve(reference, config.base, env) for name, reference in connection.secrets.items()},
        ca=str(connection.ca) if connection.ca else None,
        proxy=follow(connection.proxy),
        concurrency=connection.concurrency,
    )


def _names(data: Mapping[str, object], key: str) -> tuple[str, ...]:
    names = data.get(key)
    return tuple(names) if isinstance(names, dict) else ()
