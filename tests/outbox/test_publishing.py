"""The living reports in their tools, over real HTTP: written once, then only when and where a finding changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import msgspec
import pytest

from connectors import jira, trello
from syncbot import outbox
from syncbot.connector import Connector, Settings
from syncbot.model import Report, Stated
from syncbot.report import NATIVE, compose
from syncbot.sandbox.company import JIRA_TOKEN, JIRA_USER, TRELLO_KEY, TRELLO_TOKEN
from syncbot.sandbox.server import NOW, Sandbox
from syncbot.store import Store
from tests.report.found import ADA, BO, SOURCES, card, issue, sprint, stated

REPORTS = {
    "jira": Report("jira", "PAY", covers=("*",), may_show=("*",)),
    "trello": Report("trello", "Product roadmap", list="Reports", covers=("*",), may_show=("*",)),
}
FOUND = [
    stated("feature-without-owner", card("aa", "Instant refunds <b> **now**")),
    stated("status-drift", card("bb", "دفع فوري 🚀"), other=issue("PAY-2", "Hosted checkout"), person=ADA),
    stated("sprint-over-capacity", sprint("PAY Sprint 24"), person=BO),
]


class Publisher:
    """One connection to each tool of a sandbox, and a clock that starts with the sandbox's."""

    def __init__(self, sandbox: Sandbox, store: Store, only: str | None = None) -> None:
        made: dict[str, Connector] = {
            "jira": jira.connect(Settings("jira", "jira", sandbox.jira_url, JIRA_USER, {"token": JIRA_TOKEN})),
            "trello": trello.connect(
                Settings("trello", "trello", sandbox.trello_url, None, {"key": TRELLO_KEY, "token": TRELLO_TOKEN})
            ),
        }
        self.connectors = {name: one for name, one in made.items() if only in (None, name)}
        self.sandbox, self.store, self.now = sandbox, store, NOW
        self.accounts = {name: one.probe().account.remote_id for name, one in self.connectors.items()}
        self.scopes = {
            name: next(scope for scope in one.scopes() if REPORTS[name].scope in {scope.key, scope.name})
            for name, one in self.connectors.items()
        }
        self.sandbox.clear()

    def close(self) -> None:
        for one in self.connectors.values():
            one.close()

    def wait(self, **time: float) -> None:
        self.now += dt.timedelta(**time)
        self.sandbox.now = self.now

    def publish(self, found: list[Stated]) -> list[str]:
        drafts = []
        for name in self.connectors:
            document = compose(found, (), SOURCES, REPORTS[name], today=self.now.date().isoformat())
            drafts.append(outbox.draft(REPORTS[name], self.scopes[name], NATIVE[name](document)))
        planned = outbox.plan(self.store, drafts, dict.fromkeys(self.connectors, "apply"), self.now)
        done = outbox.apply(self.store, self.connectors, planned, self.accounts, lambda: self.now)
        return [one.result for one in done]

    def writes(self) -> list[str]:
        """The tools that were written to since the last time, once for each request."""
        tools = [one.tool for one in self.sandbox.writes()]
        self.sandbox.clear()
        return sorted(tools)


@contextmanager
def publisher(sandbox: Sandbox, url: str, only: str | None = None) -> Iterator[Publisher]:
    with Store.open(url) as store, ExitStack() as stack:
        one = Publisher(sandbox, store, only)
        stack.callback(one.close)
        yield one


def reports(sandbox: Sandbox) -> list[list[str]]:
    """Everything at the tools that bears our mark, as text."""
    world = sandbox.world
    issues = [
        [one.summary, msgspec.json.encode(one.description).decode(), str(one.properties)]
        for one in world.jira.issues.values()
        if "syncbot-report" in one.labels
    ]
    cards = [
        [one.name, one.desc, *(item.name for held in sheets(sandbox, one.id) for item in held.items)]
        for one in world.trello.cards.values()
        if "syncbot:v1:" in one.desc
    ]
    return issues + cards


def sheets(sandbox: Sandbox, card_id: str) -> list[Any]:
    return [one for one in sandbox.world.trello.checklists.values() if one.card == card_id]


def test_what_does_not_change_is_not_written_not_even_next_day(sandbox, store_url):
    with publisher(sandbox, store_url) as one:
        assert one.publish(FOUND) == ["created", "created"]
        assert one.writes() == ["jira", *["trello"] * 5]  # a card, its checklist and three check items
        for later in (FOUND, [msgspec.structs.replace(known, state="still") for known in FOUND]):
            one.wait(days=1)
            assert one.publish(later) == ["unchanged", "unchanged"]
            assert one.sandbox.requests == []


def test_reports_of_a_lost_store_are_adopted_and_none_is_created(sandbox, tmp_path):
    with publisher(sandbox, f"sqlite:///{tmp_path / 'lost.db'}") as one:
        one.publish(FOUND)
    before = reports(sandbox)
    with publisher(sandbox, f"sqlite:///{tmp_path / 'new.db'}") as one:
        assert one.publish(FOUND) == ["unchanged", "unchanged"]
        assert one.writes() == []
        one.wait(hours=1)
        assert one.publish(FOUND[1:]) == ["updated", "updated"]
    assert (len(before), len(reports(sandbox))) == (2, 2)


@pytest.mark.parametrize(
    "changed",
    [
        FOUND[1:],
        [
            *FOUND,
            stated("feature-without-work", card("cc", "New"), person=msgspec.structs.replace(ADA, id=9, name="New")),
        ],
        [stated("feature-without-owner", card("aa", "Another title")), *FOUND[1:]],
        [],
    ],
    ids=["gone", "new", "changed", "none left"],
)
def test_one_finding_changed_is_one_write_in_each_report(sandbox, tmp_path, changed):
    with publisher(sandbox, f"sqlite:///{tmp_path / 'syncbot.db'}") as one:
        one.publish(FOUND if changed else FOUND[:1])
        one.writes()
        one.wait(hours=1)
        assert one.publish(changed) == ["updated", "updated"]
        assert one.writes() == ["jira", "trello"]


@pytest.mark.parametrize(("tool", "writes"), [("jira", 1), ("trello", 5)])
def test_no_lost_answer_makes_a_second_report(tmp_path, tool, writes):
    for kind in ("lost", "dropped"):
        for after in range(writes):
            with Sandbox() as sandbox, publisher(sandbox, f"sqlite:///{tmp_path / f'{kind}{after}.db'}", tool) as one:
                sandbox.fault(tool, "^POST", kind, after=after)
                assert one.publish(FOUND) == ["failed"]
                results = []
                for _ in range(3):
                    one.wait(minutes=3)
                    results += one.publish(FOUND)
                assert results[-1] == "unchanged"
                (report,) = reports(sandbox)
                text = "".join(report)
                assert [text.count(line) for line in ("Nobody owns", "Hosted checkout", "47 points")] == [1, 1, 1]


def test_a_report_that_people_closed_or_archived_is_left_alone(sandbox, tmp_path):
    with publisher(sandbox, f"sqlite:///{tmp_path / 'syncbot.db'}") as one:
        one.publish(FOUND)
        made = next(known for known in sandbox.world.jira.issues.values() if "syncbot-report" in known.labels)
        words = sandbox.world.jira.statuses
        made.status = next(number for number, word in words.items() if word.category == "done")
        next(known for known in sandbox.world.trello.cards.values() if "syncbot:v1:" in known.desc).closed = True
        one.wait(hours=1)
        one.writes()
        assert one.publish(FOUND[1:]) == ["muted", "muted"]
        assert one.writes() == []
        assert len(reports(sandbox)) == 2
