"""Each destination gets the same findings in its own looks, and the same ones again next day."""

from __future__ import annotations

import json

import msgspec
import pytest

from syncbot.report import NATIVE, NEWS, TEXT, compose
from tests.report.drawn import (
    BROKEN,
    GAPS,
    NASTY,
    PRODUCT,
    PROJECT,
    company,
    crowd,
    document,
    pretty,
    tree,
    words_of,
)
from tests.report.found import ABOUT, ADA, BO, SOURCES, TODAY, card, issue, stated, subject
from tests.report.golden import golden


def test_the_jira_issue_is_the_one_that_was_looked_at():
    text = pretty(NATIVE["jira"](document(PROJECT)))
    assert text == golden("report.jira.json", text)


def test_the_trello_card_is_the_one_that_was_looked_at():
    text = pretty(NATIVE["trello"](document(PRODUCT)))
    assert text == golden("report.trello.json", text)


def test_the_asana_task_is_the_one_that_was_looked_at():
    text = pretty(NATIVE["asana"](document(PROJECT)))
    assert text == golden("report.asana.json", text)


def test_the_asana_status_update_is_the_one_that_was_looked_at():
    whole = document(PROJECT)
    news = compose([one for one in company() if one.state in {"new", "resolved"}], (), BROKEN, PROJECT, today=TODAY)
    text = pretty(NEWS["asana"](news, whole))
    assert text == golden("news.asana.json", text)


def test_a_status_update_is_short_and_counts_what_it_leaves_out():
    many = [
        stated("work-without-assignee", subject("task", ("roadmap", str(n)), f"c{n}", NASTY, url=""), person=BO)
        for n in range(40)
    ]
    whole = compose(many, (), SOURCES, None, today=TODAY)
    news = NEWS["asana"](whole, whole)
    items = news["html_text"].split("<li>")[1:]
    assert len(items) == 8
    assert "and 33 more findings" in items[-1]
    assert news["title"] == "Alignment report: 40 new"


@pytest.mark.parametrize(("name", "ending"), [("markdown", "md"), ("json", "json"), ("csv", "csv")])
def test_the_files_are_those_that_were_looked_at(name, ending):
    text = TEXT[name](document(PRODUCT))
    assert text == golden(f"report.{ending}", text)


@pytest.mark.parametrize("tool", NATIVE)
def test_a_living_report_is_the_same_next_day_and_when_what_was_new_no_longer_is(tool):
    old = [msgspec.structs.replace(one, state="still") if one.state == "new" else one for one in company()]
    kept = [one for one in old if one.state != "resolved"]
    next_day = compose(kept, GAPS, BROKEN, PRODUCT, today="2026-11-24", about=ABOUT)
    assert NATIVE[tool](next_day) == NATIVE[tool](document(PRODUCT))


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found[1:],
        lambda found: [stated("feature-without-owner", card("new", "A new one")), *found],
        lambda found: [msgspec.structs.replace(found[0], state="waived"), *found[1:]],
        lambda found: [stated("feature-without-owner", card("AbCd1234", "A new title")), *found[1:]],
        lambda found: [*found[:4], stated("work-without-assignee", issue("PAY-30", "For Ada"), person=ADA), *found[4:]],
    ],
)
def test_a_finding_that_comes_changes_or_goes_is_one_check_item_on_a_card(change):
    before = NATIVE["trello"](document(PRODUCT))
    after = NATIVE["trello"](compose(change(company()), GAPS, BROKEN, PRODUCT, today=TODAY, about=ABOUT))
    assert {**before, "checklists": []} == {**after, "checklists": []}
    assert [one["name"] for one in before["checklists"]] == [one["name"] for one in after["checklists"]]
    lines = [{item["key"]: item["name"] for item in body["checklists"][0]["items"]} for body in (before, after)]
    changed = {key for key in lines[0] | lines[1] if lines[0].get(key) != lines[1].get(key)}
    assert len(changed) == 1


def test_a_card_without_findings_has_its_checklist_already():
    body = NATIVE["trello"](compose([], [], SOURCES, PRODUCT, today=TODAY))
    assert body["checklists"] == [{"name": "To do", "items": []}]


def test_an_issue_without_findings_says_so_and_no_more():
    body = NATIVE["jira"](compose([], [], SOURCES, PROJECT, today=TODAY))
    assert words_of(body["description"])[0] == "No findings."


def test_an_issue_says_what_to_do_about_its_rules_unless_findings_need_the_place():
    advice = (
        "Twins disagree about the status (status-drift): Find out which of the two is true and correct the other one."
    )
    said = words_of(NATIVE["jira"](document(PROJECT))["description"])
    assert advice in said
    assert not any("mapping" in line for line in said), "what only the admin can do is not for these readers"
    full = NATIVE["jira"](crowd(300, about=ABOUT))["description"]
    assert "feature-without-owner" in json.dumps(full)
    assert not any(line.startswith("Feature has no owner") for line in words_of(full))


def test_a_task_without_findings_says_so_and_how_to_mute_it():
    text = "".join(tree(NATIVE["asana"](compose([], [], SOURCES, PROJECT, today=TODAY))).itertext())
    assert text == "No findings.syncbot keeps this task up to date. Complete it to mute it."
