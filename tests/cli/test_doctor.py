"""What ``doctor`` sees in a config and a mapping that work: words that nobody explained, titles that go too far."""

from __future__ import annotations

import re
import tomllib

import pytest

from syncbot.sandbox.trello import edits
from tests.cli.conftest import Desk
from tests.cli.test_init import jira, secret_board, trello


@pytest.fixture
def new(desk: Desk) -> Desk:
    """Somebody who has only an empty folder."""
    desk.config.unlink()
    return desk


def plain(text: str) -> str:
    return " ".join(text.split())


def test_unknown_words_come_with_an_example_and_with_all_of_them_as_a_mapping_names_them(new: Desk) -> None:
    lists = [one for one in new.sandbox.world.trello.lists.values() if one.name in {"Now", "Ideas"}]
    assert len(lists) == 2
    for number, one in enumerate(lists):
        one.name = f'Shelf "{number}"'
    assert trello(new, "--scope", "*").code == 0
    assert new.run("pull").code == 0

    said = new.run("doctor").out
    assert plain(said).count("the mapping does not know the list “Shelf") == 2
    assert "in mappings/trello.toml, [status], in the line of what they mean:" in plain(said)
    (line,) = [line.strip() for line in said.splitlines() if line.strip().startswith("list = [")]
    assert set(tomllib.loads(line)["list"]) == {one.name for one in lists}

    mapping = new.config.parent / "mappings" / "trello.toml"
    before, _, after = mapping.read_text(encoding="utf-8").partition("doing = {")
    first, ready, rest = after.partition("\nready = {")
    mapping.write_text(f"{before}doing = [{{ {line} }}, {{{first.rstrip()}]{ready}{rest}", encoding="utf-8")
    assert new.run("pull").code == 0
    assert "does not know the list" not in new.run("doctor").out


def test_a_config_that_lets_titles_out_to_those_who_cannot_see_them_is_told(new: Desk) -> None:
    name = secret_board(new)
    assert trello(new, "--scope", "Product*", "--scope", name).code == 0
    assert jira(new, "--scope", "PAY").code == 0
    warning = "may show titles of Redundancies in roadmap, which not all who can see the report can see"
    assert warning not in plain(new.run("doctor").out)

    kept = 'may_show   = ["roadmap/Product roadmap"]'
    new.edit(kept, 'may_show = ["*"]')
    said = new.run("doctor")
    assert said.code == 0
    assert warning in plain(said.out)
    line = 'may_show = ["roadmap/Product roadmap", "delivery/PAY"]'
    assert line in said.out

    new.edit('may_show = ["*"]', line)
    assert warning not in plain(new.run("doctor").out)
    new.edit(line, f'may_show = ["roadmap", "roadmap/{name}"]')
    assert warning not in plain(new.run("doctor").out), "somebody has decided that"


def test_a_project_whose_words_the_tool_does_not_tell_is_named(desk: Desk) -> None:
    desk.sandbox.fault("jira", "project/10001/statuses", times=None, status=400)
    said = desk.run("doctor")
    assert said.code == 3
    assert "does not read Risk & Fraud (RISK), whose words the tool does not tell: delivery: GET" in plain(said.out)
    assert "reads Payments (PAY)" in plain(said.out)
    desk.sandbox.clear()
    assert desk.run("doctor").code == 0
    desk.sandbox.fault("jira", "project/10001/statuses", times=None, status=400)
    said = desk.run("doctor")
    assert said.code == 3
    assert "goes by the words of Risk & Fraud that were known before" in plain(said.out)
    assert "reads Risk & Fraud (RISK)" in plain(said.out)


def test_times_are_told_in_hours_whatever_the_tool_keeps_them_in(new: Desk) -> None:
    issue = next(one for one in new.sandbox.world.jira.issues.values() if one.key == "PAY-2")
    issue.estimate_seconds = 9 * 3600
    said = plain(jira(new, "--scope", "*").out)
    assert re.search(r"minutes Original estimate \d+% 9 h", said)
    said = plain(new.run("doctor").out)
    assert re.search(r"minutes is “Original estimate”, filled in \d+%, such as 9 h", said)
    assert "(Cloud, time zone" in said
    assert trello(new, "--scope", "*").code == 0
    assert "as Sync Bot (time zone Europe/London)" in plain(new.run("doctor", "--connection", "roadmap").out)


def test_our_own_reports_change_no_fill_rate(desk: Desk) -> None:
    desk.run("pull", "-q")
    rates = r"is “.*”, filled in \d+%"
    before = re.findall(rates, desk.run("doctor").out)
    assert len(before) > 10
    assert desk.run("sync", "--apply", "-q").code == 0
    assert len(desk.sandbox.writes()) >= 3
    assert re.findall(rates, desk.run("doctor").out) == before


def test_it_counts_the_people_whom_the_command_people_counts(desk: Desk) -> None:
    next(iter(desk.sandbox.world.jira.users.values())).type = "app"
    desk.run("sync", "-q")
    counted = desk.run("people").out.split(" people:")[0]
    assert f"{counted} people are known" in desk.run("doctor").out


def test_whether_history_told_anything_is_said_where_it_is_asked_for(desk: Desk) -> None:
    assert "its history" not in plain(desk.run("doctor").out)
    desk.edit("[connections.roadmap]\n", '[connections.roadmap]\nhistory = "90d"\n')
    assert "look its history tells no change yet: the next pull reads on" in plain(desk.run("doctor").out)
    state = desk.sandbox.world.trello
    card = next(one for one in state.cards.values() if one.due)
    was, card.due = edits.sides(card), None
    edits.change(desk.sandbox.world, next(iter(state.members)), card, was)
    desk.run("pull", "-q")
    assert "ok its history tells 1 change of 1 item, since " in plain(desk.run("doctor").out)
    query = "select connection, ref, field from changes"
    assert desk.run("db", "sql", "--format", "csv", query).out.splitlines()[1:] == [f"roadmap,{card.short_link},due_on"]
