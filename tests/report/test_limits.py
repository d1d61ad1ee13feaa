"""Whatever was found, each report fits into its tool, and counts what it leaves out."""

from __future__ import annotations

import json
import re

import pytest

from syncbot.model import CannotTell, Evidence
from syncbot.report import EVERYTHING, NATIVE, TEXT, compose
from syncbot.report.asana import LIMIT as ASANA_LIMIT
from syncbot.report.jira import LIMIT
from syncbot.report.trello import ITEM, ITEMS
from tests.report.drawn import (
    PROJECT,
    VALIDATOR,
    crowd,
    shown,
    tree,
    words_of,
)
from tests.report.found import RISK, SOURCES, TODAY, card, stated, subject


@pytest.mark.parametrize("title", ["Card", "🚀" * 200])
def test_an_issue_fits_and_leaves_out_the_least_severe(title):
    body = NATIVE["jira"](crowd(300, title))["description"]
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    assert LIMIT * 0.9 < len(text.encode("utf-16-le")) / 2 <= LIMIT
    assert '"WARNING"' not in text
    left = next(line for line in words_of(body) if "left out here" in line)
    assert text.count('"ERROR"') + int(left.split()[0].replace(",", "")) == 600
    VALIDATOR.validate(body)


def test_what_is_left_out_is_counted_everywhere():
    gone = [stated("feature-without-owner", card(f"c{n}", f"Card {n}"), state="resolved") for n in range(9)]
    evidence = tuple(Evidence(f"{{title}} waits for {n}.") for n in range(6))
    gaps = [CannotTell("status-drift", "delivery/PAY", f"reason {n}", 1) for n in range(10)]
    one = compose([*gone, stated("status-drift", card("aa", "A"), evidence=evidence)], gaps, SOURCES, None, today=TODAY)
    rows = shown(one).split("\n")
    assert [row.strip() for row in rows if " more" in row] == ["- and 2 more", "and 2 more findings", "and 3 more"]
    lines = words_of(NATIVE["jira"](one)["description"])
    assert [line for line in lines if "more" in line] == ["and 2 more", "and 3 more"]
    rows = TEXT["markdown"](one).split("\n")
    assert [row for row in rows if "more" in row] == ["  - and 2 more", "and 2 more findings", "and 3 more"]


def test_what_could_not_be_told_fits_on_a_card():
    gaps = [CannotTell("status-drift", "delivery/PAY", f"reason {n}", 1) for n in range(300)]
    one = compose([], gaps, SOURCES, None, today=TODAY, limits=EVERYTHING)
    assert [len(sheet["items"]) for sheet in NATIVE["trello"](one)["checklists"]] == [0, ITEMS]


def test_a_card_fits_and_leaves_out_the_least_severe():
    (to_do, _) = NATIVE["trello"](crowd(150, "🚀" * 200))["checklists"]
    names = [item["name"] for item in to_do["items"]]
    assert len(names) == ITEMS
    assert names[-1] == "101 findings left out here; whoever runs syncbot has all: syncbot report --all."
    assert sum(", error:**" in name for name in names) == 150


def test_a_task_fits_and_leaves_out_the_least_severe():
    body = NATIVE["asana"](crowd(300, "🚀<&" * 60))
    assert ASANA_LIMIT * 0.9 < len(body["html_notes"].encode("utf-16-le")) / 2 <= ASANA_LIMIT
    assert "<strong>Warning" not in body["html_notes"]
    assert "findings left out here" in "".join(tree(body).itertext())


@pytest.mark.parametrize("tool", NATIVE)
def test_one_finding_with_endless_evidence_fits(tool):
    url = "https://x.example/" + "y" * 1900
    others = [subject("task", RISK, f"RISK-{n}", "x" * 16_000, url=url + str(n)) for n in range(40)]
    evidence = tuple(Evidence("{title} and {other} and " + "z" * 16_000, other=other) for other in others)
    one = stated("status-drift", card("aa", "y" * 16_000), evidence=evidence)
    body = NATIVE[tool](compose([one], [], SOURCES, PROJECT, today=TODAY))
    assert len(json.dumps(body)) <= LIMIT
    assert all(len(item["name"]) <= ITEM + 200 for one in body.get("checklists", ()) for item in one["items"])


@pytest.mark.parametrize("tool", NATIVE)
def test_five_thousand_findings_are_a_report_that_says_what_it_leaves_out_and_where_all_of_it_is(tool):
    one = crowd(2500)
    said = json.dumps(NATIVE[tool](one), ensure_ascii=False)
    assert len(said) < 60_000
    (left,) = re.findall(
        r"([0-9,]+) findings left out here; whoever runs syncbot has all: syncbot report --all",
        said.replace("\\\\", ""),
    )
    told = said.count("Nobody owns")
    assert told + int(left.replace(",", "")) == 5000
    none = json.dumps(NATIVE[tool](compose([], [], SOURCES, PROJECT, today=TODAY)))
    assert "left out" not in none
