"""``syncbot people`` over the sandbox's company: who is unknown, and lines that may be pasted as they are."""

from __future__ import annotations

import json
import re

import pytest

from tests.cli.conftest import Desk


def forget(desk: Desk, *keys: str) -> None:
    """Take people out of the config."""
    text = desk.config.read_text(encoding="utf-8")
    for key in keys:
        text, count = re.subn(rf"\[people\.{key}\].*?\n\n", "", text, flags=re.DOTALL)
        assert count == 1
    desk.config.write_text(text, encoding="utf-8")


def test_before_a_pull_nobody_is_known(desk: Desk) -> None:
    assert desk.run("people").out == "Nobody is known yet: run 'syncbot pull' first.\n"


def test_pasting_what_is_suggested_joins_the_accounts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    forget(desk, "ada", "fay", "gus")
    desk.run("pull")
    desk.sandbox.clear()
    said = desk.run("people")
    assert said.code == 0
    assert "# 100% the names are the same: Ada Park (roadmap) and Ada Park (delivery)" in said.out
    assert max(map(len, said.out.partition("# ")[0].splitlines())) <= 80
    assert len(desk.sandbox.requests) == 0, "it asks no tool"

    desk.add(said.out.partition("paste what is right\n")[2])
    again = desk.run("people", "--format", "json")
    found = {one["name"]: one for one in json.loads(again.out)["people"]}
    assert not {"Ada Park", "Fay O'Neill", "Gus Ångström"} & found.keys()
    assert json.loads(again.out)["suggestions"] == []
    assert ["on delivery only"] in [one["unknown"] for one in found.values()]


def test_syncbot_itself_is_no_stranger(desk: Desk) -> None:
    desk.run("pull")
    assert "Sync Bot" not in desk.run("people", "--all").out


def test_an_account_that_changed_its_address_is_suggested_to_its_person(desk: Desk) -> None:
    desk.edit('[people.hal]\nemail = "hal@payments.example"', '[people.hal]\nemail = "hal@old.example"')
    desk.edit('email = "hal@old.example"', 'email = "hal@old.example"\nname = "Hal Nowak"')
    desk.run("pull")
    said = desk.run("people").out.splitlines()
    at = said.index(f"# in [people.hal], add below line {desk.line('[people.hal]')}:")
    assert said[at + 1].startswith("# accounts = { delivery = ")
    desk.edit("[people.hal]\n", f"[people.hal]\n{said[at + 1].removeprefix('# ')}\n")
    assert "[people.hal]" not in desk.run("people").out


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            '[people.fay]\nname = "Fay O\'Neill"\naccounts = { roadmap = "fay" }',
            "in [people.fay], replace line 3 by",
        ),
        ('[people.fay]\nname = "Fay O\'Neill"\nemail = "fay@old.example"', "in [people.fay], add below line 1"),
        (
            '[people.fay]\nname = "Fay O\'Neill"\n[people.fay.accounts]\nroadmap = "fay"',
            "the accounts of [people.fay] on line 1 shall be",
        ),
        (
            'people.fay = { name = "Fay O\'Neill", accounts = { roadmap = "fay" } }',
            "the accounts of [people.fay] on line 1 shall be",
        ),
    ],
)
def test_what_is_pasted_for_a_person_who_is_there_breaks_nothing(desk: Desk, written: str, told: str) -> None:
    forget(desk, "fay")
    desk.config.write_text(f"{written}\n{desk.config.read_text(encoding='utf-8')}", encoding="utf-8")
    desk.run("pull")
    said = desk.run("people").out
    assert f"# {told}:\n# accounts = {{ " in said
    desk.add(said.partition("paste what is right\n")[2])
    assert desk.run("people").code == 0


def test_accounts_that_are_deactivated_deleted_or_apps_are_told(desk: Desk) -> None:
    world = desk.sandbox.world
    users = {user.name: user for user in world.jira.users.values()}
    users["Cy Okafor"].active = False
    users["Hal Nowak"].type = "app"
    gone = next(one for one in world.trello.members.values() if one.username == "gus")
    gone.deactivated = True
    desk.run("pull")
    said = json.loads(desk.run("people", "--format", "json", "--all").out)["people"]
    states = {(one["connection"], one["name"]): one["state"] for who in said for one in who["accounts"]}
    assert states["delivery", "Cy Okafor"] == "deactivated"
    assert states["delivery", "Hal Nowak"] == "app"
    assert states["delivery", "Ada Park"] == "e-mail hidden"
    assert {account["state"] for who in said for account in who["accounts"] if account["login"] == "gus"} == {
        "deactivated"
    }


def test_people_of_the_directory_are_known(desk: Desk) -> None:
    forget(desk, "gus")
    (desk.folder / "people.csv").write_text(
        "\ufeffName;E-Mail;Office;roadmap\nGus Ångström;gus@payments.example;2;gus\n", encoding="utf-8"
    )
    desk.add('[directory]\npeople = "people.csv"')
    said = desk.run("pull")
    assert "Note: " in said.err
    assert "people.csv:1: Office: is a column that is not read." in said.err
    found = json.loads(desk.run("people", "--format", "json", "--all").out)["people"]
    gus = next(who for who in found if who["name"] == "Gus Ångström")
    assert (gus["key"], gus["unknown"]) == ("gus@payments.example", [])
    assert {account["connection"] for account in gus["accounts"]} == {"delivery", "marketing", "roadmap"}


def test_mistakes_of_the_directory_end_every_command(desk: Desk) -> None:
    (desk.folder / "people.csv").write_text("name,email\nGus,gus\n", encoding="utf-8")
    desk.add('[directory]\npeople = "people.csv"')
    for command in ("check", "people"):
        said = desk.run(command)
        assert said.code == 2
        assert "people.csv:2: email: is not an e-mail address." in said.err
