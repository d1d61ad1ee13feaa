"""The company through the whole pipeline: clean by itself, each mutation adds its own findings and no other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import connectors
from syncbot import config as configs
from syncbot import mapping as mappings
from syncbot import pipeline, rules
from syncbot.config import Config
from syncbot.errors import ToolError
from syncbot.pipeline import Feed
from syncbot.sandbox.mutations import MUTATIONS
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.settings import ENVIRONMENT, config_text
from syncbot.store import Store
from tests.stores import ENGINES, Server, postgresql

__all__ = ["postgresql"]

CATALOGUE = rules.load([])


class Company(NamedTuple):
    """A sandbox, and what syncbot needs to read it."""

    sandbox: Sandbox
    config: Config
    store: Store
    feeds: list[Feed]

    def findings(self) -> set[tuple[str, str]]:
        """Read what changed, check, and say what stands: (rule, ref of the subject)."""
        now, ready = self.sandbox.now, []
        for feed in self.feeds:
            try:
                one = pipeline.prepare(feed, self.store, self.config, now=now)
            except ToolError as error:
                pipeline.fail(self.store, feed.name, error, now=now)
                continue
            pipeline.pull(one, self.store, now=now)
            ready.append(one)
        verdict = pipeline.check(self.store, ready, self.config, CATALOGUE, now=now)
        standing = [one.finding for one in verdict.stated if one.state in {"new", "still"}]
        return {(finding.rule, finding.subject.ref) for finding in standing}

    def later(self, *, minutes: float = 30) -> None:
        """Let time go by."""
        self.sandbox.now += dt.timedelta(minutes=minutes)


@pytest.fixture(scope="module", params=ENGINES)
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder: Path = tmp_path_factory.mktemp("company")
    url = f"sqlite:///{folder / 'syncbot.db'}"
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        server.empty()
        url = server.url
    with Sandbox() as sandbox, Store.open(url) as store:
        file = folder / "config.toml"
        file.write_text(config_text(sandbox), encoding="utf-8")
        config = configs.load(file, ENVIRONMENT, tools=connectors.ALL, known_rules=CATALOGUE.defaults)
        feeds = []
        for setting in config.connections.values():
            connector = connectors.ALL[setting.tool].connect(configs.settings(config, setting, ENVIRONMENT))
            feeds.append(Feed(setting, connector, {setting.mapping: mappings.load(mappings.preset(setting.tool))}))
        yield Company(sandbox, config, store, feeds)
        for feed in feeds:
            feed.connector.close()


def test_the_company_is_clean_by_itself(company):
    assert company.findings() == set()


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_adds_its_own_findings_and_undoing_it_resolves_them(company, name):
    company.later()
    company.sandbox.apply(name)
    expected = MUTATIONS[name].refs(company.sandbox.world)
    company.later(minutes=60 * MUTATIONS[name].hours)
    assert company.findings() == expected
    company.sandbox.undo(name)
    company.later()
    assert company.findings() == set()


def test_all_mutations_together_add_exactly_their_union(company):
    names = [name for name, mutation in MUTATIONS.items() if not mutation.hours]
    company.later()
    company.sandbox.apply(*names)
    expected = set().union(*(MUTATIONS[name].refs(company.sandbox.world) for name in names))
    assert company.findings() == expected
    company.sandbox.undo()
    company.later()
    assert company.findings() == set()
