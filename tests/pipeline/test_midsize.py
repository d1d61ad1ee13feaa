"""The mid-size company of the fixtures on the sandbox: three tools, each with its own leave to write; RISK is quiet."""

from __future__ import annotations

from pathlib import Path

import pytest

from syncbot.sandbox.company import JIRA_USER
from syncbot.sandbox.mutations import MUTATIONS
from syncbot.sandbox.server import Sandbox
from tests.company import Company

MIDSIZE = Path(__file__).parents[1] / "fixtures" / "companies" / "midsize" / "config.toml"
IN_RISK, IN_PAY = "work-abandoned", "sprint-work-unassigned"


@pytest.fixture
def company(sandbox: Sandbox, store_url: str, tmp_path: Path) -> Company:
    """The fixture's own text; only addresses, the account and what e-mail the people have are the sandbox's."""
    text = MIDSIZE.read_text(encoding="utf-8")
    jira, asana = sandbox.world.jira, sandbox.world.asana
    for said, here in {
        "https://example.atlassian.net": sandbox.jira_url,
        "bot@example.com": JIRA_USER,
        "5b10ac": next(one.id for one in jira.users.values() if one.name == "Ada Park"),
        "1200000000000042": next(one.gid for one in asana.users.values() if one.name == "Ada Park"),
        "@example.com": "@payments.example",
        "[connections.roadmap]\n": f'[connections.roadmap]\nurl = "{sandbox.trello_url}"\n',
        "[connections.marketing]\n": f'[connections.marketing]\nurl = "{sandbox.asana_url}"\n',
    }.items():
        assert said in text
        text = text.replace(said, here)
    return Company(sandbox, store_url, tmp_path, text=text)


def test_a_plan_says_what_would_be_written_where_and_nothing_is(company: Company) -> None:
    planned = company.run().planned
    assert [str(one) for one in planned] == [
        "roadmap, Product roadmap: create “Alignment report” in the list “Reports”; not now: only planned",
        "delivery, Payments: create “Alignment report”; not now: only planned",
    ]
    assert company.sandbox.writes() == []


def test_each_connection_is_written_to_as_it_allows_and_marketing_never(company: Company) -> None:
    sandbox = company.sandbox
    run = company.run(apply="as configured")
    assert {one.tool for one in sandbox.writes()} == {"trello"}
    assert [one.result for one in run.outcomes] == ["created", "held"]
    company.later(hours=1).run(apply=True)
    assert {one.tool for one in sandbox.writes()} == {"trello", "jira"}


def test_what_risk_does_is_no_ones_business_on_the_roadmap(company: Company) -> None:
    sandbox = company.sandbox
    sandbox.apply(IN_RISK, IN_PAY, "owner-leaves")
    found = company.run(apply=True).found
    for name in (IN_RISK, IN_PAY, "owner-leaves"):
        assert MUTATIONS[name].refs(sandbox.world) <= found
    card = next(one for one in sandbox.world.trello.cards.values() if one.name == "Alignment report")
    lines = [item.name for one in sandbox.world.trello.checklists.values() if one.card == card.id for item in one.items]
    said = f"{card.desc} {lines}"
    titles = [one.summary for one in sandbox.world.jira.issues.values() if one.key.startswith("RISK-")]
    on_board = {one.name for one in sandbox.world.trello.cards.values()}
    assert not [title for title in titles if title in said and title not in on_board]
    assert "RISK-" not in said
    report = next(one for one in sandbox.world.jira.issues.values() if "syncbot-report" in one.labels)
    refs = {ref for _, ref in MUTATIONS[IN_PAY].refs(sandbox.world)}
    assert all(ref in str(report.description) for ref in refs)
    assert "Retry failed cards" not in str(report.description), "the card's title is not to be shown in Jira"
