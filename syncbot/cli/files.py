"""The files that a command works by, read as a whole: the config, the mappings it names, and the rules."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import make_url

import connectors
from syncbot import config as configs
from syncbot import mapping as mappings
from syncbot import rules, toml
from syncbot.cli.failure import hiding
from syncbot.config import Config, Connection
from syncbot.errors import ConfigErrors, Mistake, UserError
from syncbot.store import Store


def read(
    file: Path, *, offline: bool = False
) -> tuple[Config, rules.Catalogue, dict[tuple[str, str], mappings.Source]]:
    """The config, the rules, and the mappings by connection and name. Raises ConfigErrors with all their mistakes.

    A mistake in a rule's own file is kept with the rules: the others can run.
    """
    config, catalogue, sources, mistakes = _read(file, offline=offline)
    if mistakes:
        raise ConfigErrors(sorted({*mistakes, *catalogue.mistakes}))
    return config, catalogue, sources


def _read(
    file: Path, *, offline: bool
) -> tuple[Config, rules.Catalogue, dict[tuple[str, str], mappings.Source], list[Mistake]]:
    config, mistakes = configs.read(file, os.environ, tools=connectors.ALL, need_secrets=not offline)
    if not config.connections:
        message = "there is no connection, so nothing could be read."
        mistakes.append(Mistake(file, 1, "connections", message, "Was the file emptied? 'syncbot init' adds one."))
    catalogue = rules.load(config.rule_folders)
    mistakes += configs.check_rules(config, catalogue.defaults, broken=catalogue.broken)
    sources: dict[tuple[str, str], mappings.Source] = {}
    for name, setting in config.connections.items():
        if setting.tool not in connectors.ALL:
            continue
        for mapping in used(setting):
            try:
                sources[name, mapping] = _mapping(config, setting, mapping)
            except ConfigErrors as errors:
                mistakes += errors.mistakes
    return config, catalogue, sources, mistakes


def used(setting: Connection) -> list[str]:
    """The names of the mappings that a connection's scopes are read with."""
    return sorted({setting.mapping, *(own.mapping for own in setting.overrides.values() if own.mapping)})


def _mapping(config: Config, setting: Connection, name: str) -> mappings.Source:
    """The admin's own file of that name, else the preset of that name. Raises ConfigErrors if there is neither."""
    file = configs.mapping_file(config, name) or mappings.preset(name)
    if not file.is_file():
        own = [one.stem for one in sorted(config.mappings.glob("*.toml"))]
        there = ", ".join(dict.fromkeys([*own, *connectors.ALL]))
        message = f'"{name}" is no file of {config.mappings.name}/ and no preset.'
        raise ConfigErrors([config.mistake(("connections", setting.name, "mapping"), message, f"There are {there}.")])
    return mappings.load(file)


@contextmanager
def standing(file: Path) -> Iterator[tuple[Config, Store | None, list[Mistake]]]:
    """The store of a config for whoever only looks, whatever mistakes the files have; None: none is there yet.

    Of a config that is no TOML, what stands before its mistake is read; of one that is gone, the store is looked for
    where it is by default. Raises UserError if the store does not open.
    """
    try:
        config, catalogue, _, found = _read(file, offline=True)
        mistakes = sorted({*found, *catalogue.mistakes})
    except ConfigErrors as errors:
        mistakes = errors.mistakes
        config = _before(file, errors)
    try:
        url = configs.store_url(config, os.environ)
    except UserError:  # it is among the mistakes
        yield config, None, mistakes
        return
    if mistakes and not Store.is_made(url):
        yield config, None, mistakes
        return
    with hiding([make_url(url).password or ""]), Store.open(url) as store:
        yield config, store, mistakes


def _before(file: Path, errors: ConfigErrors) -> Config:
    """What a config says before the line that is no TOML; its defaults where that is nothing. Raises these errors."""
    with suppress(OSError, ConfigErrors):
        if not file.exists():
            return configs.interpret(toml.parse("", file), os.environ, tools=connectors.ALL)[0]
        lines = file.read_text(encoding="utf-8-sig", errors="replace").splitlines()[: errors.mistakes[0].line - 1]
        return configs.interpret(toml.parse("\n".join(lines), file), os.environ, tools=connectors.ALL)[0]
    raise errors
