"""``syncbot waive`` and ``syncbot baseline``: what people accept is counted, listed nowhere, and can be taken back."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3

import pytest

from syncbot.cli import baseline
from syncbot.model import SHORT
from tests.cli.conftest import Desk, typing
from tests.people_who_answer import InJira, InTrello

TODAY = dt.datetime.now(dt.UTC).date()
SOON = (TODAY + dt.timedelta(days=3)).isoformat()


@pytest.fixture
def card(desk: Desk) -> dict[str, str]:
    """The card that has lost its owner, and the finding that says so."""
    desk.sandbox.apply("owner-leaves")
    desk.run("sync")
    query = "select f.fingerprint, f.rule, i.ref, i.url from findings f join items i on i.id = f.subject"
    (found,) = json.loads(desk.run("db", "sql", "--format", "json", query).out)
    return dict(found)


FOR_NOW = ("--until", SOON, "--reason", "Owner joins soon", "--by", "ada")


def waive(desk: Desk, subject: str, *more: str) -> str:
    said = desk.run("waive", "add", subject, *FOR_NOW, *more)
    assert (said.code, said.err) == (0, "")
    return said.out


@pytest.mark.parametrize("name", ["fingerprint", "short", "shortest", "ref", "url"])
def test_a_finding_is_accepted_by_its_id_key_or_address_until_it_is_taken_back(
    desk: Desk, card: dict[str, str], name: str
) -> None:
    beginnings = {"short": card["fingerprint"][:8], "shortest": card["fingerprint"][:4].upper()}
    subject = beginnings.get(name) or card[name]
    assert card["fingerprint"][:8] in waive(desk, subject)
    said = desk.run("check", "--fail-on", "info")
    assert said.code == 0
    assert "1 accepted until a date" in said.out
    listed = " ".join(desk.run("waive", "list").out.split())
    assert SOON in listed
    assert name in {"ref", "url"} or f"for {card['fingerprint'][:8]} “" in listed
    assert "accepts 1 finding. Owner joins soon (ada, syncbot waive" in listed
    assert desk.run("waive", "remove", subject).code == 0
    assert desk.run("check", "--fail-on", "info").code == 1
    assert desk.run("waive", "list").out == "Nothing is waived.\n"


def test_the_beginning_of_several_ids_is_of_none(desk: Desk, card: dict[str, str]) -> None:
    for subject in ("1a2b3c4d", "1a2bffff"):
        desk.add(f'[[waivers]]\nrule = "{card["rule"]}"\nsubject = "{subject}"\nuntil = {SOON}\nreason = "x"')
    said = desk.run("waive", "remove", "1a2b")
    assert (said.code, said.err) == (2, "Error: several ids begin with 1a2b: 1a2b3c4d, 1a2bffff\n")
    assert "a waiver for 1a2bf stands in config.toml" in desk.run("waive", "remove", "1a2bf").err
    assert "nothing is said of" in desk.run("waive", "add", card["fingerprint"][:3], *FOR_NOW).err


def test_a_second_waiver_of_the_same_replaces_the_first(desk: Desk, card: dict[str, str]) -> None:
    waive(desk, card["ref"])
    later = (TODAY + dt.timedelta(days=9)).isoformat()
    said = desk.run("waive", "add", card["ref"].lower(), "--until", later, "--reason", "still")
    assert "no longer until" in said.out
    rows = json.loads(desk.run("db", "sql", "--format", "json", "select until, reason from waiver").out)
    assert rows == [{"until": later, "reason": "still"}]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("PAY-999", "--until", SOON, "--reason", "x"), "nothing is said of PAY-999"),
        (("PAY-1", "--rule", "status-drft", "--until", SOON, "--reason", "x"), 'Did you mean "status-drift"?'),
        (("REF", "--rule", "status-drift", "--until", SOON, "--reason", "x"), "by status-drift that could be accepted"),
        (("REF", "--until", "soon", "--reason", "x"), "soon is not a date"),
        (("REF", "--until", "2020-01-01", "--reason", "x"), "2020-01-01 is over already"),
        (("REF", "--until", SOON, "--reason", " "), "say why"),
        (("REF", "--until", SOON), "Missing option '--reason'"),
    ],
)
def test_a_waiver_that_means_nothing_is_refused(
    desk: Desk, card: dict[str, str], arguments: tuple[str, ...], says: str
) -> None:
    said = desk.run("waive", "add", *(card["ref"] if one == "REF" else one for one in arguments))
    assert said.code == 2
    assert says in said.err
    assert desk.run("waive", "list").out == "Nothing is waived.\n"


def test_waivers_of_the_config_are_shown_alike_and_taken_out_there(desk: Desk, card: dict[str, str]) -> None:
    desk.add(f'[[waivers]]\nrule = "{card["rule"]}"\nsubject = "{card["ref"]}"\nuntil = {SOON}\nreason = "Known"')
    number = desk.line("[[waivers]]")
    assert f"config.toml:{number}" in "".join(desk.run("waive", "list").out.split())
    said = desk.run("waive", "remove", card["ref"])
    assert said.code == 2
    assert f"stands in config.toml:{number}: take its [[waivers]] table out there" in said.err


def test_a_baseline_counts_what_was_there_and_only_melts(desk: Desk, card: dict[str, str]) -> None:
    desk.sandbox.apply("work-abandoned")
    desk.run("pull")
    asked = desk.run("baseline")
    assert (asked.code, "Accept 2 findings as known debt?" in asked.err, "add --yes" in asked.err) == (2, True, True)
    assert desk.run("check", "--fail-on", "info").code == 1
    said = desk.run("baseline", "--yes")
    assert "The baseline holds 2 findings" in said.out
    checked = desk.run("sync", "--apply", "--fail-on", "info")
    assert checked.code == 0
    assert "2 known from before syncbot came" in checked.out
    assert card["url"] not in checked.out
    desk.sandbox.undo("owner-leaves")
    assert "1 known from before syncbot came" in desk.run("sync").out
    desk.sandbox.apply("owner-leaves")
    again = desk.run("sync", "--fail-on", "info")
    assert again.code == 1, "what was resolved once is no known debt"
    assert card["url"] in again.out
    assert "1 finding of the baseline are listed again" in desk.run("baseline", "--undo", "--yes").out
    assert "known from before" not in desk.run("check").out


def test_a_baseline_can_hold_what_one_rule_found(desk: Desk, card: dict[str, str]) -> None:
    desk.sandbox.apply("work-abandoned")
    desk.run("pull")
    assert "holds 1 finding" in desk.run("baseline", "--rule", card["rule"], "--yes").out
    said = desk.run("check")
    assert card["url"] not in said.out
    assert "work-without-assignee" in said.out
    assert 'no rule is called "work-without-asignee"' in desk.run("baseline", "--rule", "work-without-asignee").err


def test_what_the_admin_must_act_on_is_no_debt(desk: Desk) -> None:
    desk.run("pull")
    desk.edit("[connections.delivery]\n", '[connections.delivery]\npromise = "1m"\n')
    query = "update scope set complete_at = '2026-01-01T00:00:00.000Z' where connection = 'delivery'"
    with sqlite3.connect(desk.folder / "syncbot.db") as db:
        db.execute(query)
    assert "source-stale" in desk.run("check").out
    assert "Nothing stands that could be accepted" in desk.run("baseline", "--yes").out


def test_a_long_first_report_comes_with_the_way_to_begin_without_what_is_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.sandbox.apply("owner-leaves", "work-abandoned")
    monkeypatch.setattr(baseline, "OFFERED", 2)
    assert "they begin with 2 findings" in desk.run("sync").err, "who only plans should know it too"
    assert "they begin with" not in desk.run("sync", "--quiet").err
    assert "they begin with 2 findings" in desk.run("sync", "--apply").err
    assert "they begin with" not in desk.run("sync", "--apply").err


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1)])
def test_a_person_at_a_terminal_is_asked_before_the_first_report_is_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    desk.sandbox.apply("owner-leaves", "work-abandoned")
    monkeypatch.setattr(baseline, "OFFERED", 2)
    with typing(monkeypatch, f"{answer}\n"):
        said = desk.run("sync", "--apply", "--fail-on", "info")
    assert "Accept them now? [y/N]" in said.err
    assert said.code == code
    assert ("The baseline holds 2 findings" in said.out) == (code == 0)


def test_what_people_accept_in_their_tools_is_listed_and_taken_back_here(desk: Desk, card: dict[str, str]) -> None:
    desk.edit("[[reports]]", '[[reports]]\nanswers = ["ada"]')
    desk.run("sync", "--apply", "-q")
    InTrello(desk.sandbox).say(f"syncbot snooze {card['ref']} 1w because \x1b[31m her [red]successor starts")
    InJira(desk.sandbox).say("syncbot waive PAY-1 because I can", by="dee")
    said = desk.run("sync", "--apply")
    assert "answers to the reports: 1 taken, 1 refused (see: syncbot waive list)" in said.err
    listed = " ".join(desk.run("waive", "list").out.split())
    assert f"for {card['ref']} “" in listed
    assert f"accepts 1 finding. [31m her [red]successor starts (Ada Park, answered, {TODAY})" in listed
    assert "not taken “syncbot waive PAY-1 because I can” (Dee <Ops> Marsh" in listed
    assert "the report's `answers` does not name them" in listed
    assert "1 answer to reports not taken within a week" in " ".join(desk.run("status").out.split())
    assert desk.run("waive", "remove", card["ref"]).code == 0
    assert desk.run("sync", "--fail-on", "info", "-q").code == 1


def test_a_tick_in_trello_is_listed_by_its_finding_and_taken_back_by_the_beginning_of_its_id(
    desk: Desk, card: dict[str, str]
) -> None:
    desk.edit('list       = "Reports"', 'list       = "Reports"\nanswers    = ["ada"]')
    desk.run("sync", "--apply", "-q")
    voice = InTrello(desk.sandbox)
    (item,) = [id_ for id_, text in voice.items().items() if card["fingerprint"][:SHORT] in text]
    voice.tick(item)
    assert "1 taken" in desk.run("sync", "--apply").err
    listed = " ".join(desk.run("waive", "list").out.split())
    assert f"{card['rule']} for {card['fingerprint'][:8]} “" in listed
    assert f"accepts 1 finding. ticked in the report (Ada Park, answered, {TODAY})" in listed
    assert desk.run("waive", "remove", card["fingerprint"][:8]).code == 0
    assert desk.run("sync", "--apply", "--fail-on", "info", "-q").code == 1, "the same tick is heeded once"


def test_the_doctor_names_those_whose_answers_could_not_be_told(desk: Desk, card: dict[str, str]) -> None:
    desk.edit("[[reports]]", '[[reports]]\nanswers = ["ada", "dee", "project"]')
    said = " ".join(desk.run("doctor").out.split())
    assert "takes answers of dee, project, for whom no account is known there" in said
    assert card["ref"] not in said
