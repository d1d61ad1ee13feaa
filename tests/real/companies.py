"""The companies, and what syncbot says of each: its whole pipeline over what was recorded, at the time of the data."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import connectors
from syncbot import config as configs
from syncbot import mapping, pipeline, rules
from syncbot.model import STANDING
from syncbot.pipeline import Feed, Ready, Verdict
from syncbot.store import Store
from tests.real import asana, jira, trello
from tests.real.replay import Replay

AFTER = dt.timedelta(days=3)
"""How long after its last change a company is looked at."""

SIDES = {"trello": "product", "jira": "project", "asana": "project"}
SECRETS = {"trello": 'key = "env:T"\ntoken = "env:T"', "jira": 'token = "env:T"', "asana": 'token = "env:T"'}


@dataclass(frozen=True)
class RealCompany:
    """One board or project. ``now``: when it is looked at."""

    name: str
    tool: str
    replay: Replay
    now: dt.datetime

    def verdict(self, folder: Path, *, discovered: bool = False) -> tuple[Verdict, Ready]:
        """What one run says, through the preset or through the mapping that `mapping discover` writes."""
        file = folder / "config.toml"
        file.write_text(
            f'[syncbot]\nstore = "sqlite:///{folder}/store.db"\ntimezone = "UTC"\n\n[connections.it]\n'
            f'tool = "{self.tool}"\nurl = "https://{self.tool}.example"\n{SECRETS[self.tool]}\n'
            f'side = "{SIDES[self.tool]}"\nscopes = ["*"]\n',
            encoding="utf-8",
        )
        config = configs.load(file, {"T": "secret"}, tools=connectors.ALL)
        setting = config.connections["it"]
        source = mapping.load(mapping.preset(self.tool))
        with Store.open(f"sqlite:///{folder}/store.db") as store:
            ready = pipeline.prepare(Feed(setting, self.replay, {setting.mapping: source}), store, config, now=self.now)
            if discovered:
                written = folder / "discovered.toml"
                written.write_text(self._discovered(ready), encoding="utf-8")
                feed = Feed(setting, self.replay, {setting.mapping: mapping.load(written)})
                ready = pipeline.prepare(feed, store, config, now=self.now)
            pipeline.pull(ready, store, now=self.now)
            return pipeline.check(store, [ready], config, rules.load(), now=self.now), ready

    def _discovered(self, ready: Ready) -> str:
        seen = pipeline.sample(ready, ready.scopes, now=self.now)
        return mapping.discover(
            self.tool,
            ready.vocabulary,
            seen.records,
            connection="it",
            scopes=ready.scopes,
            side=ready.feed.setting.side,
            scope_sides={},
            own_accounts=ready.own_accounts,
            since=seen.since,
        )


def companies() -> Iterator[RealCompany]:
    """All of them, some at several times of their history."""
    for name in ("alyei", "humberto-zayas"):
        board = trello.export(name)
        yield _company(name, "trello", trello.replay(board))
    board = trello.export("alyei")
    for moment in ("2017-12-12", "2018-01-15", "2018-02-20"):
        yield _company(f"alyei {moment}", "trello", trello.replay(trello.rewound(board, moment)), moment)
    for board in trello.kept():
        yield _company(f"devlake {board['name']}", "trello", trello.replay(board))
    for name, issues in jira.projects():
        yield _company(name, "jira", jira.replay(issues))
        if name == "merico EE":
            for moment in ("2020-06-13", "2020-06-16", "2020-06-20"):
                yield _company(f"{name} {moment}", "jira", jira.replay(jira.rewound(issues, moment)), moment)
    yield _company("masked", "asana", asana.masked())
    yield _company("devlake", "asana", asana.kept())


def _company(name: str, tool: str, replay: Replay, moment: str | None = None) -> RealCompany:
    if moment is not None:
        return RealCompany(name, tool, replay, dt.datetime.fromisoformat(f"{moment}T08:00:00+00:00"))
    last = max(one.changed for one in replay.decode(frozenset()))
    return RealCompany(name, tool, replay, dt.datetime.fromisoformat(last) + AFTER)


def counted(verdict: Verdict) -> dict[str, int]:
    """How often each rule speaks."""
    return dict(sorted(Counter(one.finding.rule for one in verdict.stated if one.state in STANDING).items()))


def told(verdict: Verdict) -> Iterator[str]:
    """Each finding with its sentences, and what could not be told."""
    for one in verdict.stated:
        finding = one.finding
        for piece in finding.evidence:
            said = piece.message.replace("{title}", f"«{finding.subject.title}»")
            if piece.other:
                said = said.replace("{other}", f"«{piece.other.title}»")
            yield f"{finding.rule} [{finding.subject.ref}] {said}"
    for gap in verdict.cannot_tell:
        yield f"  cannot tell {gap.rule} ({gap.count}): {gap.reason}"
