"""The sandbox's company under syncbot, run after run, with a clock of its own: the whole pipeline over real HTTP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import msgspec
from sqlalchemy import text

import connectors
from syncbot import config as configs
from syncbot import mapping, outbox, pipeline, rules
from syncbot.config import Config
from syncbot.errors import ToolError
from syncbot.model import STANDING, Stated
from syncbot.pipeline import Feed, Heeded, Pulled, Ready, Verdict
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.settings import ENVIRONMENT, config_text
from syncbot.store import Store


class Company:
    """Runs of the pipeline at the sandbox's time; each run opens its own connectors, as a new process would."""

    config: Config

    def __init__(
        self,
        sandbox: Sandbox,
        store_url: str,
        folder: Path,
        *,
        edit: tuple[str, str] = ("", ""),
        text: str = "",
        env: Mapping[str, str] = ENVIRONMENT,
    ) -> None:
        self.sandbox = sandbox
        self.store_url = store_url
        self.env = env
        self.file = folder / "config.toml"
        self.now = sandbox.now
        self.text = text or config_text(sandbox)
        self.configure(edit)

    def configure(self, *edits: tuple[str, str]) -> Self:
        """Write the config anew: the first one, with these texts replaced."""
        text = self.text
        for before, after in edits:
            assert before in text
            text = text.replace(before, after)
        self.file.write_text(text, encoding="utf-8")
        self.config = configs.load(self.file, self.env, tools=connectors.ALL)
        return self

    def later(self, **time: float) -> Self:
        """Move the clocks of the sandbox and of syncbot."""
        self.now += dt.timedelta(**time)
        self.sandbox.now = self.now
        return self

    def run(
        self,
        *,
        apply: bool | Literal["as configured"] | None = False,
        expect_mistakes: bool | None = False,
        accept: Sequence[str] = (),
        retry: bool = False,
        only: Sequence[str] = (),
        meanwhile: Callable[[], object] = lambda: None,
        asking: Collection[str] | None = None,
    ) -> Run:
        """Prepare, pull, check and publish once. ``apply`` None: check only. ``meanwhile`` happens after the check.

        ``expect_mistakes`` None: there may be some or none. ``accept``, ``retry`` and ``only``: see `pipeline.pull`.
        ``asking``: the connections to ask anything; of the others holds what is stored. None: all are asked.
        """
        with ExitStack() as stack:
            store = stack.enter_context(Store.open(self.store_url))
            ready: dict[str, Ready] = {}
            pulled: list[Pulled] = []
            for name in self.config.connections:
                prepare = pipeline.prepare if asking is None or name in asking else pipeline.recall
                try:
                    ready[name] = prepare(self._feed(stack, name), store, self.config, now=self.now)
                except ToolError as error:
                    pulled.append(pipeline.fail(store, name, error, now=self.now))
            wrong, unusable = pipeline.mistakes(self.config, list(ready.values()))
            assert expect_mistakes is None or bool(wrong) == expect_mistakes
            ready = {name: one for name, one in ready.items() if not unusable & one.resolved.keys()}
            asked = [one for one in ready.values() if asking is None or one.name in asking]
            pulled += [pipeline.pull(one, store, now=self.now, accept=accept, retry=retry, only=only) for one in asked]
            heeded = pipeline.heed(store, ready, self.config, now=self.now)
            verdict = pipeline.check(store, list(ready.values()), self.config, _catalogue(), now=self.now)
            meanwhile()
            planned: list[outbox.Planned] = []
            outcomes: list[outbox.Outcome] = []
            unsure: dict[str, ToolError] = {}
            if apply is not None:
                wish = None if apply == "as configured" else apply
                began = self.now
                confirmed = pipeline.confirm(store, ready, self.config, _catalogue(), verdict, apply=wish, now=began)
                verdict, unsure = confirmed.verdict, confirmed.failed
                made, wrong = pipeline.drafts(store, ready, self.config, verdict, now=began)
                assert not wrong
                planned, outcomes = pipeline.publish(
                    store, ready, self.config, made, apply=wish, now=began, clock=lambda: self.now
                )
            return Run(verdict, pulled, planned, outcomes, unsure, heeded, ready)

    def read(self, connection: str) -> None:
        """Pull one connection, and do nothing else."""
        with ExitStack() as stack:
            store = stack.enter_context(Store.open(self.store_url))
            ready = pipeline.prepare(self._feed(stack, connection), store, self.config, now=self.now)
            pipeline.pull(ready, store, now=self.now)

    def _feed(self, stack: ExitStack, name: str) -> Feed:
        setting = self.config.connections[name]
        told = configs.settings(self.config, setting, self.env)
        connector = connectors.ALL[setting.tool].connect(msgspec.structs.replace(told, patience=0))
        stack.callback(connector.close)
        used = {setting.mapping, *(own.mapping for own in setting.overrides.values() if own.mapping)}
        return Feed(setting, connector, {one: self._mapping(one, setting.tool) for one in used})

    def _mapping(self, name: str, tool: str) -> mapping.Source:
        own = configs.mapping_file(self.config, name)
        return mapping.load(own) if own else _preset(tool)

    def ask(self, query: str) -> set[tuple[Any, ...]]:
        """The rows of a question to the store's views."""
        with Store.open(self.store_url) as store, store.reading() as db:
            return {tuple(row) for row in db.execute(text(query))}


@cache
def _catalogue() -> rules.Catalogue:
    """The shipped rules, read once: they are the same in every run."""
    return rules.load()


@cache
def _preset(tool: str) -> mapping.Source:
    """A shipped mapping, read once."""
    return mapping.load(mapping.preset(tool))


class Run:
    """What one run said and did."""

    def __init__(
        self,
        verdict: Verdict,
        pulled: list[Pulled],
        planned: list[outbox.Planned],
        outcomes: list[outbox.Outcome],
        unsure: Mapping[str, ToolError],
        heeded: Heeded,
        ready: Mapping[str, Ready],
    ) -> None:
        self.ready = ready
        self.heeded = heeded
        self.unsure = unsure
        self.verdict = verdict
        self.pulled = pulled
        self.planned = planned
        self.outcomes = outcomes

    @property
    def found(self) -> set[tuple[str, str]]:
        """The findings that stand and may be told, as (rule, ref of the subject)."""
        return {_key(one) for one in self.verdict.stated if one.state in STANDING and not one.is_doubted}

    @property
    def resolved(self) -> set[tuple[str, str]]:
        """The findings that this edition resolved."""
        return {_key(one) for one in self.verdict.stated if one.state == "resolved"}


def _key(stated: Stated) -> tuple[str, str]:
    return stated.finding.rule, stated.finding.subject.ref
