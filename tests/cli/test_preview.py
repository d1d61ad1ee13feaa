"""``syncbot mapping preview``: what an edited mapping would change, and that looking changes nothing."""

from __future__ import annotations

import json
import sqlite3

from syncbot import mapping
from tests.cli.conftest import Desk


def draft(desk: Desk, old: str, new: str, tool: str = "jira") -> str:
    """An edited copy of a preset; its path as seen from the desk."""
    text = mapping.preset(tool).read_text(encoding="utf-8")
    assert old in text
    (desk.folder / "drafts").mkdir(exist_ok=True)
    (desk.folder / "drafts" / f"{tool}.toml").write_text(text.replace(old, new), encoding="utf-8")
    return f"drafts/{tool}.toml"


def rows(desk: Desk) -> list[str]:
    with sqlite3.connect(desk.folder / "syncbot.db") as db:
        return list(db.iterdump())


def test_the_mapping_as_it_is_changes_nothing(desk: Desk) -> None:
    desk.run("sync")
    said = desk.run("mapping", "preview")
    assert (said.code, said.err) == (0, "")
    assert said.out == "All 75 items would be read as they are now.\nThe findings would stay the same (0).\n"


def test_before_a_pull_there_is_nothing_to_try(desk: Desk) -> None:
    assert desk.run("mapping", "preview").out == "Nothing was read yet: run 'syncbot pull' first.\n"


def test_items_statuses_and_findings_that_would_change_are_told_and_nothing_is_kept(desk: Desk) -> None:
    desk.run("sync")
    desk.sandbox.clear()
    before = rows(desk)
    file = draft(desk, "[status]", '[status]\ndone = { status = "In Progress" }')
    said = desk.run("mapping", "preview", "--file", file)
    assert said.code == 0
    assert "delivery status doing done" in " ".join(said.out.split())
    assert "status-drift" in said.out
    assert max(map(len, said.out.splitlines())) <= 80
    assert rows(desk) == before
    assert len(desk.sandbox.requests) == 0

    told = json.loads(desk.run("mapping", "preview", "--file", file, "--format", "json").out)
    assert {one["what"] for one in told["changes"]} == {"status"}
    assert {(one["now"], one["then"]) for one in told["changes"]} == {("doing", "done")}
    drifted = {one["ref"] for one in told["findings"]["new"] if one["rule"] == "status-drift"}
    assert drifted
    assert told["findings"]["gone"] == []

    # What it foretold is what comes when the edit is made.
    (desk.folder / "mappings").mkdir()
    (desk.folder / file).rename(desk.folder / "mappings" / "jira.toml")
    checked = json.loads(desk.run("report", "--format", "json").out)
    assert "status-drift" in json.dumps(checked)
    assert desk.run("mapping", "preview").out.startswith("All 75 items would be read as they are now.\n")


def test_an_edit_in_place_is_previewed_until_it_is_applied(desk: Desk) -> None:
    desk.run("sync")
    draft(desk, 'type = ["Epic", "Feature", "Capability"]', 'type = "Feature"')
    (desk.folder / "drafts").rename(desk.folder / "mappings")
    said = " ".join(desk.run("mapping", "preview").out.split())
    assert "delivery kind" in said
    assert "twin_of" in said


def test_items_that_would_go_or_come_are_told(desk: Desk) -> None:
    desk.run("sync")
    file = draft(desk, "[kind]", '[kind]\nignore = { type = "Epic" }')
    told = json.loads(desk.run("mapping", "preview", "--file", file, "--format", "json").out)
    gone = {one["item"] for one in told["changes"] if one["what"] == "item" and one["then"] is None}
    assert "PAY-1" in gone


def test_a_field_that_was_never_read_is_named(desk: Desk) -> None:
    desk.run("sync")
    file = draft(desk, 'start_on      = ["Start date", "Target start"]', 'start_on = "created"')
    said = desk.run("mapping", "preview", "--file", file)
    assert "delivery: Created was never read." in " ".join(said.out.split())


def test_words_that_the_mapping_would_no_longer_know_are_counted(desk: Desk) -> None:
    desk.run("sync")
    said = desk.run("mapping", "preview", "--file", draft(desk, '"Now"', '"Nowhere"', "trello"))
    assert "Words that the mapping does not know" in said.out
    assert "roadmap list Now " in " ".join(said.out.split())


def test_a_file_that_no_connection_uses_and_one_with_mistakes_say_so(desk: Desk) -> None:
    desk.run("pull")
    (desk.folder / "other.toml").write_text("version = 1\n", encoding="utf-8")
    said = desk.run("mapping", "preview", "--file", "other.toml")
    assert said.code == 2
    assert 'no connection reads with a mapping called "other". They read with: asana, jira, trello.' in said.err
    (desk.folder / "jira.toml").write_text('version = 1\n[kind]\nfeature = { typo = "Epic" }\n', encoding="utf-8")
    said = desk.run("mapping", "preview", "--file", "jira.toml")
    assert said.code == 2
    assert "jira.toml:3: kind.feature.typo: is not a known key." in said.err
    (desk.folder / "jira.toml").write_text('version = 1\n[fields]\npoints = "Nowhere"\n', encoding="utf-8")
    said = desk.run("mapping", "preview", "--file", "jira.toml")
    assert said.code == 2
    assert "jira.toml:3: fields.points" in said.err
