"""What a command works with: the config and all that it names, checked as a whole before anything is asked or written.

Every mistake of the config, the mappings and the rules is shown at once, and then nothing else happens.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import make_url

import connectors
from syncbot import config as configs
from syncbot import outbox, pipeline, rules
from syncbot.cli.failure import hiding
from syncbot.cli.files import read, used
from syncbot.cli.progress import Progress
from syncbot.cli.recording import Recorder
from syncbot.config import Config, Connection
from syncbot.connector import Settings
from syncbot.errors import Mistake, Refused, ToolError, UserError
from syncbot.model import STANDING, Struct
from syncbot.patterns import matches
from syncbot.pipeline import Feed, Heeded, Pulled, Ready, Verdict
from syncbot.report.words import clean
from syncbot.secrets import is_reference
from syncbot.store import Store
from syncbot.toml import nearest
from syncbot.transport import Queues, basic_credentials

UNAUTHORISED = 401

Clock = Callable[[], dt.datetime]


def now() -> dt.datetime:
    """The time, read at the outermost place; everything inside is given it."""
    return dt.datetime.now(dt.UTC)


def _always() -> bool:
    return True


class Published(Struct, frozen=True):
    """What became of the reports. ``unconfirmed``: by connection, why what is new there was not looked at again.

    ``mark``: that of the verdict that they state now; None if they cannot state all of it yet.
    """

    planned: tuple[outbox.Planned, ...] = ()
    outcomes: tuple[outbox.Outcome, ...] = ()
    unconfirmed: dict[str, ToolError] = {}
    mistakes: tuple[Mistake, ...] = ()
    mark: str | None = None


class Session:
    """An open store with a checked config; the feeds are those of the chosen connections. ``hidden``: all secrets."""

    def __init__(
        self,
        config: Config,
        catalogue: rules.Catalogue,
        store: Store,
        feeds: Sequence[Feed],
        *,
        hidden: Sequence[str] = (),
        clock: Clock,
    ) -> None:
        self.config = config
        self.catalogue = catalogue
        self.store = store
        self.feeds = tuple(feeds)
        self.hidden = tuple(hidden)
        self.now = clock
        self.mistakes: list[Mistake] = list(catalogue.mistakes)
        self.unreachable: dict[str, ToolError] = {}
        self.recorder = Recorder(store, clock)
        self._last: dict[str, Ready] = {}

    def prepare(self, progress: Progress, *, fresh: bool = False) -> dict[str, Ready]:
        """Every feed that answers and whose mapping fits; the others are kept in ``unreachable``.

        Says what of the config's directory is not read.
        """
        for note in self.config.notes:
            progress.say(f"Note: {note}", level=0)
        ready: dict[str, Ready] = {}
        self.unreachable = {}
        with self.recorder.step("prepare"):
            for feed in self.feeds:
                progress.say(f"{feed.name}: asking {feed.setting.url}")
                try:
                    ready[feed.name] = self._last[feed.name] = pipeline.prepare(
                        feed, self.store, self.config, now=self.now(), fresh=fresh, before=self._last.get(feed.name)
                    )
                except ToolError as error:
                    self.unreachable[feed.name] = error
        self.recorder.failed(self.unreachable)
        return self._fitting(ready)

    def recall(self) -> dict[str, Ready]:
        """Every feed as it was when it was last asked; those that never were are left out. Asks no tool."""
        ready: dict[str, Ready] = {}
        for feed in self.feeds:
            try:
                ready[feed.name] = pipeline.recall(feed, self.store, self.config, now=self.now())
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
        pulled = [
            pipeline.fail(self.store, name, error, now=self.now()) for name, error in sorted(self.unreachable.items())
        ]
        for one in ready.values():
            with self.recorder.step("pull", one.name) as counts, progress.reading() as tell:
                done = pipeline.pull(one, self.store, now=self.now(), only=only, accept=accept, retry=retry, tell=tell)
                counts |= Counter(new=done.new, changed=done.changed, remapped=done.remapped)
                counts["put aside"] = done.quarantined
            self.recorder.failed(done.failed)
            pulled.append(done)
        return pulled

    def heed(self, ready: Mapping[str, Ready]) -> Heeded:
        """Do what people answered to the reports that take answers."""
        if not any(one.answers for one in self.config.reports):
            return Heeded()
        with self.recorder.step("answers") as counts:
            heeded = pipeline.heed(self.store, ready, self.config, now=self.now())
            counts |= Counter(taken=heeded.taken, refused=heeded.refused)
        self.recorder.failed(heeded.failed)
        return heeded

    def know(self, ready: Mapping[str, Ready], patterns: Sequence[str]) -> None:
        """Raise UserError for a pattern that fits no scope of these."""
        there = [scope for one in ready.values() for scope in one.scopes]
        for pattern in patterns:
            if not any(matches(pattern, one.key, one.remote_id, one.name) for one in there) and not self.unreachable:
                seen = ", ".join(f"{clean(one.key)} ({clean(one.name)})" for one in there)
                raise UserError(f'--scope: no connection reads "{pattern}". They read {seen or "nothing"}.')

    def check(self, ready: Mapping[str, Ready]) -> Verdict:
        """Check what is stored, as it is mapped now."""
        with self.recorder.step("check") as counts:
            verdict = pipeline.check(self.store, list(ready.values()), self.config, self.catalogue, now=self.now())
            counts["findings"] = sum(one.state in STANDING for one in verdict.stated)
            counts["new"] = sum(one.state == "new" for one in verdict.stated)
            return verdict

    def check_alone(self) -> Verdict:
        """The same outside of a run, of all that was ever read: no pull goes on meanwhile."""
        with self.recorder.alone():
            return self.check(self.expect_read())

    def expect_read(self) -> dict[str, Ready]:
        """The same as `recall`. Raises UserError if nothing was ever read: to find nothing in it would mislead."""
        ready = self.recall()
        if not ready and self.feeds:
            raise UserError("nothing was read yet, so nothing can be said of it: run 'syncbot pull' or 'syncbot sync'.")
        return ready

    def publish(
        self, ready: Mapping[str, Ready], verdict: Verdict, *, apply: bool | None, go_on: Callable[[], bool] = _always
    ) -> Published:
        """Bring the reports up to date, or plan it; ``apply`` and ``go_on`` as in `pipeline.publish`."""
        store, config, now = self.store, self.config, self.now()
        with self.recorder.step("confirm"):
            confirmed = pipeline.confirm(store, ready, config, self.catalogue, verdict, apply=apply, now=now)
        self.recorder.failed(confirmed.failed)
        with self.recorder.step("publish") as counts:
            made, mistakes = pipeline.drafts(store, ready, config, confirmed.verdict, now=now)
            planned, outcomes = pipeline.publish(
                store, ready, config, made, apply=apply, now=now, clock=self.now, go_on=go_on
            )
            counts |= Counter(one.result for one in outcomes)
            counts["requests"] = sum(one.requests for one in outcomes)
        self.recorder.failed({one.planned.draft.called: one.error for one in outcomes if one.error is not None})
        is_all = confirmed.whole and config.connections.keys() <= ready.keys()
        mark = confirmed.verdict.mark if is_all else None
        return Published(tuple(planned), tuple(outcomes), confirmed.failed, tuple(mistakes), mark)

    def credentials(self, connection: str, failed: Iterable[ToolError]) -> str:
        """Where the config says that a connection's credentials are, in a sentence; empty if none was refused."""
        if not any(isinstance(error, Refused) and error.status == UNAUTHORISED for error in failed):
            return ""
        setting = self.config.connections[connection]
        users = [setting.user] if setting.user and is_reference(setting.user) else []
        return f"The config has them from {', '.join([*users, *setting.secrets.values()])}."

    def expect_rules(self, names: Sequence[str]) -> None:
        """Raise UserError for a name that no rule has."""
        for name in names:
            if name not in self.catalogue.rules:
                raise UserError(f'no rule is called "{name}". {nearest(name, self.catalogue.rules)}')

    def hurry(self) -> None:
        """Let nobody wait for a tool's limits any more. A signal's handler may call it."""
        for feed in self.feeds:
            feed.connector.hurry()

    def _fitting(self, ready: dict[str, Ready]) -> dict[str, Ready]:
        """Those whose mappings name only what is there: read with a wrong mapping, data would mislead."""
        mistakes, unusable = pipeline.mistakes(self.config, list(ready.values()))
        self.mistakes = [*self.catalogue.mistakes, *mistakes]
        return {name: one for name, one in ready.items() if not unusable & one.resolved.keys()}


@contextmanager
def opened(file: Path, chosen: Sequence[str] = (), *, offline: bool = False, clock: Clock = now) -> Iterator[Session]:
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
    hidden = [make_url(url).password or "", *(secret for one in told.values() for secret in spelled(one))]
    with ExitStack() as stack:
        stack.enter_context(hiding(hidden))
        store = stack.enter_context(Store.open(url))
        with store.reading() as db:
            catalogue = rules.fitting(db, catalogue)
        feeds = []
        for name, settings in told.items():
            setting = config.connections[name]
            connector = connectors.ALL[setting.tool].connect(settings)
            stack.callback(connector.close)
            feeds.append(Feed(setting, connector, {one: sources[name, one] for one in used(setting)}))
        session = Session(config, catalogue, store, feeds, hidden=hidden, clock=clock)
        with _interrupting(session.hurry):
            yield session


@contextmanager
def _interrupting(hurry: Callable[[], None]) -> Iterator[None]:
    """Let Ctrl-C wake whoever waits in another thread, for whose end we would wait; whoever minds signals does it."""

    def heed(number: int, frame: FrameType | None) -> None:
        hurry()
        signal.default_int_handler(number, frame)

    is_ours = threading.current_thread() is threading.main_thread()
    if not is_ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, heed)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) is heed:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def spelled(settings: Settings) -> list[str]:
    """The secrets of a connection, in every form in which one can stand in a text."""
    user = settings.user or ""
    forms = [
        form for secret in settings.secrets.values() if secret for form in (secret, basic_credentials(user, secret))
    ]
    password = urlsplit(settings.proxy or "").password
    return [*forms, password] if password else forms


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
