"""The first run where nobody has looked for years: hundreds of findings, and reports that a person reads to the end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from syncbot.model import STANDING
from syncbot.report import NATIVE, TEXT, html, words
from syncbot.report.jira import LIMIT
from syncbot.report.pictures import Pictures
from syncbot.report.trello import ITEM, ITEMS
from syncbot.sandbox.neglect import neglect
from syncbot.sandbox.server import Sandbox
from syncbot.store import Store, findings
from tests.company import Company, Run
from tests.report.drawn import shown

ROWS = 240
"""At the terminal: forty findings of some five rows, and who has to act on them."""


@pytest.fixture(scope="module")
def neglected() -> Iterator[Sandbox]:
    with Sandbox(items=900) as sandbox:
        neglect(sandbox.world, 70)
        yield sandbox


@pytest.fixture(scope="module")
def company(neglected: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("first")
    return Company(neglected, f"sqlite:///{folder}/syncbot.db", folder)


@pytest.fixture(scope="module")
def first(company: Company) -> Run:
    return company.run(apply=True)


def written(company: Company) -> dict[str, Any]:
    """What people find in their tools: the issue's description, the card's check items, the task's text."""
    jira, trello, asana = company.sandbox.world.jira, company.sandbox.world.trello, company.sandbox.world.asana
    (card,) = (one for one in trello.cards.values() if one.name == "Alignment report")
    return {
        "jira": next(one.description for one in jira.issues.values() if "syncbot-report" in one.labels),
        "trello": [item.name for one in trello.checklists.values() if one.card == card.id for item in one.items],
        "asana": next(one.html_notes for one in asana.tasks.values() if one.name == "Alignment report"),
    }


def test_the_neglected_company_has_hundreds_of_findings_of_a_dozen_rules(first: Run) -> None:
    standing = [one.finding for one in first.verdict.stated if one.state in STANDING]
    assert len(standing) > 400
    assert len({one.rule for one in standing}) >= 10


def test_every_report_of_it_is_short_and_within_its_tools_limits(company: Company, first: Run) -> None:
    assert [one.result for one in first.outcomes] == ["created"] * len(first.outcomes)
    reports = written(company)
    assert len(msgspec.json.encode(reports["jira"])) <= LIMIT
    assert len(reports["trello"]) < ITEMS // 5
    assert max(map(len, reports["trello"])) < ITEM // 4
    whole = first.verdict.document(None)
    rows = shown(whole).splitlines()
    assert len(rows) < ROWS
    assert [row for row in rows if len(row) > 80 and "://" not in row] == []
    assert len(TEXT["markdown"](whole)) < LIMIT
    assert len(html.render(whole, Pictures())) < 100_000
    assert len(NATIVE["wiki"](whole)["description"]) < LIMIT


def test_nothing_is_left_out_without_a_word(first: Run) -> None:
    whole = first.verdict.document(None)
    told = sum(line.count for group in whole.groups for line in group.lines)
    assert told + whole.all_left_out == whole.counts.standing
    assert whole.all_left_out > 0
    for name, render in NATIVE.items():
        (left,) = re.findall(r"([0-9,]+) findings left out here; whoever", json.dumps(render(whole)))
        assert int(left.replace(",", "")) >= whole.all_left_out, name
    everything = first.verdict.document(None, whole=True)
    assert sum(len(group.lines) for group in everything.groups) == whole.counts.standing


def test_a_line_of_many_names_a_few_of_them(first: Run) -> None:
    lines = [line for group in first.verdict.document(None).groups for line in group.lines if line.count > 1]
    assert len(lines) > 5
    assert [
        words.flat(line.pieces[0].text) for line in lines if ", such as " not in words.flat(line.pieces[0].text)
    ] == []


def test_with_a_baseline_the_reports_begin_empty_and_count_what_was_there(company: Company, first: Run) -> None:
    debt = {one.finding.fingerprint for one in first.verdict.stated if one.finding.side != "admin"}
    with Store.open(company.store_url) as store, store.writing() as db:
        findings.accept(db, debt, today=first.verdict.today)
    again = company.later(minutes=11).run(apply=True)
    assert again.found == {one for one in first.found if one[0] in {"source-stale", "word-not-mapped", "twin-vanished"}}
    reports = written(company)
    (known,) = [name for name in reports["trello"] if "known from before syncbot came: counted, not listed" in name]
    assert len(reports["trello"]) <= 1 + len(again.verdict.cannot_tell)
    assert "known from before syncbot came" in json.dumps(reports["jira"])
    assert int(known.split()[0].replace(",", "")) > 100
