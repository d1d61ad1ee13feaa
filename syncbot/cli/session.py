"""What a command works with: the config and all that it names, checked as a whole before anything is asked or written.

Every mistake of the config, the mappings and the rules is shown at once, and then nothing else happens.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import make_url

import connectors
from syncbot import config as configs
from syncbot import mapping as mappings
from syncbot import pipeline, rules
from syncbot.cli.failure import hiding
from syncbot.cli.progress import Progress
from syncbot.config import Config, Connection
from syncbot.connector import Settings
from syncbot.errors import ConfigErrors, Mistake, ToolError, UserError
from syncbot.patterns import matches
from syncbot.pipeline import Feed, Pulled, Ready, instant
from syncbot.report.words import clean
from syncbot.store import Store, memory
from syncbot.toml import nearest
from syncbot.transport import Queues, basic_credentials


class Session:
    """An open store with a checked config; the feeds are those of the chosen connections."""

    def __init__(self, config: Config, catalogue: rules.Catalogue, store: Store, feeds: Sequence[Feed]) -> None:
        self.config = config
        self.catalogue = catalogue
        self.store = store
        self.feeds = tuple(feeds)
        self.mistakes: list[Mistake] = list(catalogue.mistakes)
        self.unreachable: dict[str, ToolError] = {}

    def prepare(self, progress: Progress, *, fresh: bool = False) -> dict[str, Ready]:
        """Every feed that answers and whose mapping fits; the others are kept in ``unreachable``.

        Says what of the config this version cannot do yet.
        """
        for note in configs.unsupported(self.config):
            progress.say(f"Note: {note}", level=0)
        ready: dict[str, Ready] = {}
        for feed in self.feeds:
            progress.say(f"{feed.name}: asking {feed.setting.url}")
            try:
                ready[feed.name] = pipeline.prepare(feed, self.store, self.config, now=now(), fresh=fresh)
            except ToolError as error:
                self.unreachable[feed.name] = error
        return self._fitting(ready)

    def recall(self) -> dict[str, Ready]:
        """Every feed as it was when it was last asked; those that never were are left out. Asks no tool."""
        ready: dict[str, Ready] = {}
        for feed in self.feeds:
            try:
                ready[feed.name] = pipeline.recall(feed, self.store, self.config, now=now())
            except UserError:
                continue
        return self._fitting(ready)

    def pull(
        self,
        ready: Mapping[str, Ready],
        progress: Progress,
        only: Sequence[str] = (),
        *,
        accept: Sequence[str] = (),
        retry: bool = False,
    ) -> list[Pulled]:
        """Read every feed that is ready; one that is not keeps its old data.

        ``only`` and ``accept`` are patterns of scopes; see `pipeline.pull`. Raises UserError for one that no connection
        reads, before anything is read.
        """
        self.know(ready, (*only, *accept))
        pulled = [pipeline.fail(self.store, name, error, now=now()) for name, error in sorted(self.unreachable.items())]
        for one in ready.values():
            with progress.reading() as tell:
                pulled.append(
                    pipeline.pull(one, self.store, now=now(), only=only, accept=accept, retry=retry, tell=tell)
                )
        return pulled

    def know(self, ready: Mapping[str, Ready], patterns: Sequence[str]) -> None:
        """Raise UserError for a pattern that fits no scope of these."""
        there = [scope for one in ready.values() for scope in one.scopes]
        for pattern in patterns:
            if not any(matches(pattern, one.key, one.remote_id, one.name) for one in there) and not self.unreachable:
                seen = ", ".join(f"{clean(one.key)} ({clean(one.name)})" for one in there)
                raise UserError(f'--scope: no connection reads "{pattern}". They read {seen or "nothing"}.')

    def expect_rules(self, names: Sequence[str]) -> None:
        """Raise UserError for a name that no rule has."""
        for name in names:
            if name not in self.catalogue.rules:
                raise UserError(f'no rule is called "{name}". {nearest(name, self.catalogue.rules)}')

    @contextmanager
    def recording(self, command: str) -> Iterator[None]:
        """Record that a command runs, and how it ended; one without an end was killed."""
        with self.store.writing() as db:
            number = memory.begin_run(db, command, at=instant(now()))
        outcome, error = "done", None
        try:
            yield
        except BaseException as stopped:
            outcome, error = "stopped", type(stopped).__name__
            raise
        finally:
            with self.store.writing() as db:
                memory.end_run(db, number, at=instant(now()), outcome=outcome, error=error)

    def _fitting(self, ready: dict[str, Ready]) -> dict[str, Ready]:
        """Those whose mappings name only what is there: read with a wrong mapping, data would mislead."""
        mistakes, unusable = pipeline.mistakes(self.config, list(ready.values()))
        self.mistakes = [*self.catalogue.mistakes, *mistakes]
        return {name: one for name, one in ready.items() if not unusable & one.resolved.keys()}


@contextmanager
def opened(file: Path, chosen: Sequence[str] = (), *, offline: bool = False) -> Iterator[Session]:
    """A session over a config file, for all its connections or the chosen ones.

    ``offline``: the command stays within the store, so secrets of tools may be missing. Raises ConfigErrors with every
    mistake, UserError where there is no such connection or the store cannot be opened.
    """
    config, catalogue, sources = read(file, offline=offline)
    names = _chosen(config, chosen)
    url = configs.store_url(config, os.environ)
    queues = Queues()
    told = {
        name: msgspec.structs.replace(_settings(config, config.connections[name], offline=offline), queues=queues)
        for name in names
    }
    with ExitStack() as stack:
        stack.enter_context(
            hiding([make_url(url).password or "", *(secret for one in told.values() for secret in spelled(one))])
        )
        store = stack.enter_context(Store.open(url))
        with store.reading() as db:
            catalogue = rules.fitting(db, catalogue)
        feeds = []
        for name, settings in told.items():
            setting = config.connections[name]
            connector = connectors.ALL[setting.tool].connect(settings)
            stack.callback(connector.close)
            used = {mapping: sources[name, mapping] for mapping in _used(setting)}
            feeds.append(Feed(setting, connector, used))
        yield Session(config, catalogue, store, feeds)


def spelled(settings: Settings) -> list[str]:
    """The secrets of a connection, in every form in which one can stand in a text."""
    user = settings.user or ""
    forms = [
        form for secret in settings.secrets.values() if secret for form in (secret, basic_credentials(user, secret))
    ]
    password = urlsplit(settings.proxy or "").password
    return [*forms, password] if password else forms


def read(
    file: Path, *, offline: bool = False
) -> tuple[Config, rules.Catalogue, dict[tuple[str, str], mappings.Source]]:
    """The config, the rules, and the mappings by connection and name. Raises ConfigErrors with all their mistakes.

    A mistake in a rule's own file is kept with the rules: the others can run.
    """
    config, mistakes = configs.read(file, os.environ, tools=connectors.ALL, need_secrets=not offline)
    catalogue = rules.load(config.rule_folders)
    mistakes += configs.check_rules(config, catalogue.defaults, broken=catalogue.broken)
    sources: dict[tuple[str, str], mappings.Source] = {}
    for name, setting in config.connections.items():
        if setting.tool not in connectors.ALL:
            continue
        for mapping in _used(setting):
            try:
                sources[name, mapping] = _mapping(config, setting, mapping)
            except ConfigErrors as errors:
                mistakes += errors.mistakes
    if mistakes:
        raise ConfigErrors(sorted({*mistakes, *catalogue.mistakes}))
    return config, catalogue, sources


def _used(setting: Connection) -> list[str]:
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


def _chosen(config: Config, patterns: Sequence[str]) -> list[str]:
    known = [name for name, setting in config.connections.items() if setting.tool in connectors.ALL]
    for pattern in patterns:
        if not any(matches(pattern, name) for name in known):
            raise UserError(f'--connection: there is no connection "{pattern}". There are: {", ".join(known)}.')
    return [name for name in known if not patterns or any(matches(pattern, name) for pattern in patterns)]


def _settings(config: Config, setting: Connection, *, offline: bool) -> Settings:
    if not offline:
        return configs.settings(config, setting, os.environ)
    secrets = dict.fromkeys(setting.secrets, "")
    return Settings(name=setting.name, tool=setting.tool, url=setting.url, user=setting.user, secrets=secrets)


def today(config: Config) -> str:
    """The date at this moment, in the config's time zone."""
    return now().astimezone(ZoneInfo(config.timezone)).date().isoformat()


def now() -> dt.datetime:
    """The time, read at the outermost place; everything inside is given it."""
    return dt.datetime.now(dt.UTC)
