"""No report carries a title where its readers may not see it: what was written is looked at in the tools themselves."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from syncbot.sandbox.mutations import MUTATIONS
from syncbot.sandbox.server import Sandbox
from tests.company import Company

BOTH = 'may_show   = ["delivery", "roadmap"]'
MOST = 'may_show   = ["roadmap", "delivery/PAY"]'


def _written(sandbox: Sandbox) -> tuple[str, str]:
    """All text of our reports in Jira and in Trello."""
    jira, trello = sandbox.world.jira, sandbox.world.trello
    issues = [(one.summary, one.description) for one in jira.issues.values() if "syncbot-report" in one.labels]
    cards = [one for one in trello.cards.values() if one.name == "Alignment report"]
    lists = [one for one in trello.checklists.values() if any(one.card == card.id for card in cards)]
    said = [(one.name, one.desc) for one in cards], [(one.name, [item.name for item in one.items]) for one in lists]
    return msgspec.json.encode(issues).decode(), msgspec.json.encode(said).decode()


def _titles(sandbox: Sandbox) -> tuple[list[str], list[str]]:
    """The titles of all work in Jira and in Trello, also of sprints and boards, that no other tool has too."""
    jira, trello = sandbox.world.jira, sandbox.world.trello
    cards = {one.name for one in trello.cards.values()} - {"Alignment report"}
    issues = {one.summary for one in jira.issues.values() if "syncbot-report" not in one.labels}
    issues |= {one.name for one in jira.sprints.values()} | {one.key for one in jira.issues.values()}
    boards = {one.name for one in trello.boards.values()} | {one.short_link for one in trello.cards.values()}
    return sorted(issues - cards), sorted((cards - issues) | boards)


def _all_wrong(sandbox: Sandbox) -> None:
    sandbox.apply(*(name for name, one in MUTATIONS.items() if not one.blinds and "title" not in name))


@pytest.mark.parametrize("names", ["true", "false"])
def test_with_nothing_but_its_own_to_show_a_report_names_nothing_of_the_other_tool(
    sandbox: Sandbox, store_url: str, tmp_path: Path, names: str
) -> None:
    _all_wrong(sandbox)
    company = Company(sandbox, store_url, tmp_path)
    company.configure((BOTH, f"names = {names}"), (MOST, f"names = {names}"))
    assert len(company.run(apply=True).outcomes) == 4  # a report in each tool, and news in Asana
    _check(sandbox, names)


def test_nor_does_the_error_of_another_connection(sandbox: Sandbox, store_url: str, tmp_path: Path) -> None:
    _all_wrong(sandbox)
    company = Company(sandbox, store_url, tmp_path)
    company.configure((BOTH, ""), (MOST, ""), ('side   = "product"', 'side = "product"\npromise = "1h"'))
    company.run(apply=None)
    sandbox.fault("trello", "GET /1/(batch|boards)", status=404, body="Product roadmap: no board", times=None)
    run = company.later(hours=3).run(apply=True)
    assert run.pulled[0].failed
    sandbox.clear()
    _check(sandbox, "true")


def _check(sandbox: Sandbox, names: str) -> None:
    jira, trello = _written(sandbox)
    of_jira, of_trello = _titles(sandbox)
    assert [title for title in of_trello if _quoted(title) in jira] == []
    assert [title for title in of_jira if _quoted(title) in trello] == []
    restricted = [one.summary for one in sandbox.world.jira.issues.values() if one.security]
    assert restricted
    assert [title for title in restricted if _quoted(title) in jira + trello] == []
    if names == "false":
        people = {one.name for one in sandbox.world.jira.users.values()} - {"syncbot"}
        assert [name for name in people if _quoted(name) in jira + trello] == []


def test_a_restricted_title_is_nowhere_even_where_all_may_be_shown(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    _all_wrong(sandbox)
    company = Company(sandbox, store_url, tmp_path)
    company.configure((MOST, 'may_show   = ["roadmap", "delivery"]')).run(apply=True)
    restricted = [one for one in sandbox.world.jira.issues.values() if one.security]
    jira, trello = _written(sandbox)
    assert [one.key for one in restricted if _quoted(one.summary) in jira + trello] == []
    assert [one.key for one in restricted if f'{one.key}"' in trello or f"{one.key} " in trello] == []


def test_a_board_that_was_opened_to_all_since_is_not_written_to(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    company = Company(sandbox, store_url, tmp_path)
    company.run(apply=True)
    next(iter(sandbox.world.trello.boards.values())).permission = "public"
    sandbox.apply("owner-leaves")
    sandbox.clear()
    company.later(hours=1).run(apply=True)
    assert [one for one in sandbox.writes() if one.tool == "trello"] == []


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()[1:-1]
