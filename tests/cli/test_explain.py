"""``syncbot explain``: an item by key, short link or address, each step with where it is written."""

from __future__ import annotations

import json

import pytest

from syncbot import mapping
from tests.cli.conftest import Desk


def line(tool: str, start: str) -> int:
    """The line of a preset that starts like this."""
    lines = mapping.preset(tool).read_text(encoding="utf-8").splitlines()
    return next(number for number, text in enumerate(lines, 1) if text.startswith(start))


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_an_item_is_explained_from_reading_to_findings(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    desk.sandbox.apply("owner-leaves")
    desk.run("sync")
    desk.sandbox.clear()
    said = desk.run("explain", "PAY-1")
    assert (said.code, said.err) == (0, "")
    assert "from delivery, Payments, at 20" in said.out
    text = squeezed(said.out)
    assert "kind feature Epic jira.toml:" in text
    assert f"jira.toml:{line('jira', 'feature ')}" in text
    assert f"owner Ada Park Assignee jira.toml:{line('jira', 'owner')} fields.owner" in text
    assert "status doing In Progress, which the tool counts as doing" in text
    assert "twin_of (of it)" in text
    assert "“Roadmap card”" in text
    assert "PAY-2 Learn each" in text
    assert max(map(len, said.out.splitlines())) <= 80
    assert len(desk.sandbox.requests) == 0, "it asks no tool"


def test_a_finding_is_told_in_its_words(desk: Desk) -> None:
    desk.sandbox.apply("owner-leaves")
    desk.run("sync")
    query = "select i.ref from findings f join items i on i.id = f.subject where f.rule = 'feature-without-owner'"
    (found,) = json.loads(desk.run("db", "sql", "--format", "json", query).out)
    said = desk.run("explain", found["ref"]).out
    assert "feature-without-owner" in squeezed(said)
    assert "Nobody owns" in squeezed(said)


@pytest.mark.parametrize("form", ["key", "lower", "url"])
def test_an_item_is_found_by_key_short_link_and_address(desk: Desk, form: str) -> None:
    desk.run("sync")
    says = {
        "key": "PAY-13",
        "lower": "pay-13",
        "url": f"{desk.sandbox.jira_url}/projects/PAY?selectedIssue=PAY-13",
    }
    said = desk.run("explain", says[form])
    assert said.code == 0
    assert "\nPAY-13 “" in said.out
    card = next(card for card in desk.sandbox.world.trello.cards.values() if not card.closed)
    for name in (card.short_link, f"{desk.sandbox.trello_url}/c/{card.short_link}/1-any-words"):
        assert f"\n{card.short_link} “" in desk.run("explain", name).out


def test_a_derived_goal_says_who_names_it(desk: Desk) -> None:
    desk.run("sync")
    said = desk.run("explain", "Win the Nordics").out
    assert "a goal named by" in said
    assert "child_of (of it)" in squeezed(said)


def test_what_the_mapping_ignores_is_found_with_the_line_that_says_so(desk: Desk) -> None:
    text = mapping.preset("jira").read_text(encoding="utf-8")
    (desk.folder / "mappings").mkdir()
    own = text.replace("[kind]", '[kind]\nignore = { type = "Epic" }')
    (desk.folder / "mappings" / "jira.toml").write_text(own, encoding="utf-8")
    desk.run("sync")
    number = own.splitlines().index('ignore = { type = "Epic" }') + 1
    said = desk.run("explain", "PAY-1").out
    assert "it was read, and is no item" in said
    assert f"jira.toml:{number} kind.ignore" in squeezed(said)


def test_an_edited_line_is_named_with_its_own_file(desk: Desk) -> None:
    text = mapping.preset("jira").read_text(encoding="utf-8")
    (desk.folder / "mappings").mkdir()
    own = text.replace("[status]", '[committed]\nany = [{ label = "none" }, { status = "In Progress" }]\n[status]')
    (desk.folder / "mappings" / "jira.toml").write_text(own, encoding="utf-8")
    desk.run("sync")
    said = squeezed(desk.run("explain", "PAY-1").out)
    assert "committed.any[2]" in said
    assert "committed yes, as the mapping's [committed] says" in said
    assert "committed no, as the mapping's [committed] says" in squeezed(desk.run("explain", open_task(desk)).out)


def open_task(desk: Desk) -> str:
    query = "select ref from tasks where is_open and connection = 'delivery' and status = 'planned' order by ref"
    ref: str = json.loads(desk.run("db", "sql", "--format", "json", query).out)[0]["ref"]
    return ref


def test_why_something_is_committed_is_said(desk: Desk) -> None:
    state = desk.sandbox.world.trello
    (ideas,) = [one.id for one in state.lists.values() if one.name == "Ideas"]
    promised = {"Risk score on every payment", "Fewer false alarms"}
    dated, undated = [one for one in state.cards.values() if one.name in promised]
    dated.list_id = undated.list_id = ideas
    undated.due = None
    desk.run("sync")
    for ref, why in (
        ("PAY-1", "yes, since it is doing"),
        (dated.short_link, "yes, since it is due 20"),
        (undated.short_link, "yes, since it has a twin in delivery"),
        ("PAY-9", "no"),
    ):
        assert f"committed {why}" in squeezed(desk.run("explain", ref).out)


def test_what_was_never_read_says_so(desk: Desk) -> None:
    desk.run("pull")
    said = desk.run("explain", "NOPE-1")
    assert said.code == 2
    assert "nothing that was read is called NOPE-1" in said.err


def test_every_item_of_the_company_can_be_explained(desk: Desk) -> None:
    desk.run("sync")
    asked = desk.run("db", "sql", "--format", "json", "select ref from items where seen = 'here'").out
    for one in json.loads(asked)[::5]:
        said = desk.run("explain", one["ref"])
        assert (said.code, said.err) == (0, ""), one
