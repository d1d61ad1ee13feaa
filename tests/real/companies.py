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
from syncbot.config import Config
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
    """A board or a project, or one of each. ``parts``: what was recorded, by tool; ``now``: when it is looked at."""

    name: str
    parts: dict[str, Replay]
    now: dt.datetime

    def config(self, folder: Path) -> Config:
        """As `init` would write it: all that there is, on the side that the tool usually is of."""
        file = folder / "config.toml"
        tables = [
            f'[connections.{tool}]\ntool = "{tool}"\nurl = "https://{tool}.example"\n{SECRETS[tool]}\n'
            f'side = "{SIDES[tool]}"\nscopes = ["*"]\n'
            for tool in self.parts
        ]
        file.write_text("\n".join(['[syncbot]\ntimezone = "UTC"\n', *tables]), encoding="utf-8")
        return configs.load(file, {"T": "secret"}, tools=connectors.ALL)

    def verdict(self, folder: Path, *, discovered: bool = False, unread: dt.timedelta = dt.timedelta(0)) -> Verdict:
        """What one run says, through the presets or through the mappings that `mapping discover` writes.

        ``unread``: for how long nothing was read by the time of the check.
        """
        config = self.config(folder)
        with Store.open(f"sqlite:///{folder}/store.db") as store:
            ready = [self._ready(tool, config, store, folder if discovered else None) for tool in self.parts]
            for one in ready:
                assert pipeline.pull(one, store, now=self.now).failed == {}
            return pipeline.check(store, ready, config, rules.load(), now=self.now + unread)

    def _ready(self, tool: str, config: Config, store: Store, folder: Path | None) -> Ready:
        setting = config.connections[tool]
        feed = Feed(setting, self.parts[tool], {tool: mapping.load(mapping.preset(tool))})
        ready = pipeline.prepare(feed, store, config, now=self.now)
        if folder is None:
            return ready
        written = folder / f"{tool}.toml"
        written.write_text(self._discovered(ready), encoding="utf-8")
        feed = Feed(setting, self.parts[tool], {tool: mapping.load(written)})
        return pipeline.prepare(feed, store, config, now=self.now)

    def _discovered(self, ready: Ready) -> str:
        seen = pipeline.sample(ready, ready.scopes, now=self.now)
        return mapping.discover(
            ready.feed.setting.tool,
            ready.vocabulary,
            seen.records,
            connection=ready.name,
            scopes=ready.scopes,
            side=ready.feed.setting.side,
            scope_sides={},
            own_accounts=ready.own_accounts,
            since=seen.since,
        )


def companies() -> Iterator[RealCompany]:
    """All of them, some at several times of their history; the last is a roadmap and a delivery that nothing links."""
    board, sprint = trello.export("alyei"), "2020-06-16"
    yield _company("alyei", {"trello": trello.replay(board)})
    yield _company("humberto-zayas", {"trello": trello.replay(trello.export("humberto-zayas"))})
    for moment in ("2017-12-12", "2018-01-15", "2018-02-20"):
        yield _company(f"alyei {moment}", {"trello": trello.replay(trello.rewound(board, moment))}, moment)
    for one in trello.kept():
        yield _company(f"devlake {one['name']}", {"trello": trello.replay(one)})
    for name, issues in jira.projects():
        yield _company(name, {"jira": jira.replay(issues)})
        if name == "cloud EE":
            rewound = {
                moment: jira.replay(jira.rewound(issues, moment)) for moment in ("2020-06-13", sprint, "2020-06-20")
            }
            for moment, replay in rewound.items():
                yield _company(f"{name} {moment}", {"jira": replay}, moment)
    yield _company("masked", {"asana": asana.masked()})
    yield _company("devlake project", {"asana": asana.kept()})
    yield _company("alyei and cloud EE", {"trello": trello.replay(board), "jira": rewound[sprint]}, "2020-06-16")


def _company(name: str, parts: dict[str, Replay], moment: str | None = None) -> RealCompany:
    if moment is not None:
        return RealCompany(name, parts, dt.datetime.fromisoformat(f"{moment}T08:00:00+00:00"))
    last = max(one.changed for replay in parts.values() for one in replay.decode(frozenset()))
    return RealCompany(name, parts, dt.datetime.fromisoformat(last) + AFTER)


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
