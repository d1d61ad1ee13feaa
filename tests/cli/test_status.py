"""``syncbot status``, as an operator asks for it."""

from __future__ import annotations

import datetime as dt
import json

import msgspec
import pytest

from syncbot.cli.recording import Recorder
from syncbot.daemon import state as states
from syncbot.daemon.state import Refusal
from syncbot.store import Store
from tests.cli.conftest import Desk
from tests.daemon.helpers import AT, STATE


def test_before_anything_was_read_it_says_what_to_do(desk: Desk) -> None:
    said = desk.run("status")
    assert (said.code, said.err) == (0, "")
    assert "none has run on this store; 'syncbot daemon' does everything at its time" in said.out
    assert "run 'syncbot sync'" in said.out


def test_after_a_sync_it_shows_runs_sources_findings_and_reports(desk: Desk) -> None:
    desk.sandbox.apply("owner-leaves")
    desk.run("sync", "--apply", "-q")
    said = desk.run("status")
    assert said.code == 0
    for part in (
        "sync      just now: done after",
        "delivery/Payments",
        "fresh",
        "standing  1 error",
        "nothing: all is",
    ):
        assert part in said.out
    assert said.out.count("“Alignment report” in") == 3
    found = json.loads(desk.run("status", "--format", "json").out)
    assert (found["status"], found["alarms"]) == ("ok", [])
    assert {one["rule"] for one in found["findings"]} == {"feature-without-owner"}


def test_a_report_whose_title_was_edited_is_said_to_be_written_no_more(desk: Desk) -> None:
    desk.run("sync", "--apply", "-q")
    text = desk.config.read_text(encoding="utf-8")
    desk.config.write_text(text.replace("issue_type =", 'title = "Weekly"\nissue_type ='), encoding="utf-8")
    desk.run("sync", "--apply", "-q")
    said = " ".join(desk.run("status").out.split())
    assert "“Weekly” in delivery/Payments just now: " in said
    assert said.count("no longer written since no [[reports]] table has it; close or delete it: http") == 1
    left = [one for one in json.loads(desk.run("status", "--format", "json").out)["reports"] if one.get("is_left")]
    assert [(one["connection"], one["title"]) for one in left] == [("delivery", "Alignment report")]
    desk.config.write_text(text, encoding="utf-8")
    desk.run("sync", "-q")
    left = [one for one in json.loads(desk.run("status", "--format", "json").out)["reports"] if one.get("is_left")]
    assert [(one["connection"], one["title"]) for one in left] == [("delivery", "Weekly")]


def test_a_token_that_is_refused_is_told_once_for_all_its_scopes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.run("sync", "-q")
    monkeypatch.setenv("JIRA_TOKEN", "revoked")
    desk.run("sync", "-q")
    said = desk.run("status")
    assert said.code == 0, "nothing is old yet"
    assert said.out.count("degraded") == 1
    assert "Payments, Risk & Fraud (delivery) were not read: GET" in " ".join(said.out.split())
    assert "revoked" not in said.out


def test_a_daemon_that_is_gone_ends_the_command_with_3(desk: Desk) -> None:
    desk.run("pull", "-q")
    with Store.open(f"sqlite:///{desk.folder / 'syncbot.db'}") as store, store.writing() as db:
        states.keep(db, STATE)
    said = desk.run("status")
    assert said.code == 3
    assert "Start it again: syncbot daemon" in " ".join(said.out.split())


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        ('no connection. Did you mean "syncbot"?', 'Did you mean "syncbot"? Correct the file:'),
        ("it is empty.", "it is empty. Correct the file:"),
    ],
)
def test_what_is_said_and_what_to_do_are_two_sentences(desk: Desk, mistake: str, told: str) -> None:
    desk.run("pull", "-q")
    with Store.open(f"sqlite:///{desk.folder / 'syncbot.db'}") as store, store.lock(states.LOCK):
        with store.writing() as db:
            states.keep(db, msgspec.structs.replace(STATE, refused=Refusal(AT, (mistake,))))
        said = desk.run("status")
    assert told in " ".join(said.out.split())


def test_a_mistake_in_the_files_is_told_and_so_is_how_things_stand(desk: Desk) -> None:
    desk.run("sync", "-q")
    good = desk.config.read_text(encoding="utf-8")
    for wrong, told in (
        (f"{good}\n[schedul]\n", 'schedul: is not a known key. Did you mean "schedule"?'),
        (f"{good}\n[[reports]\n", "is not TOML"),
        ("", "Was the file emptied?"),
    ):
        desk.config.write_text(wrong, encoding="utf-8")
        said = desk.run("status")
        assert said.code == 2
        assert said.err.startswith("1 mistake to correct:\n  config.toml:")
        assert told in said.err
        assert "delivery/Payments" in said.out, wrong[-12:]
        assert "nothing but the mistakes told above" in said.out
        assert json.loads(desk.run("status", "--format", "json").out)["status"] == "ok"


def test_where_the_store_is_named_by_a_variable_that_is_not_set_that_is_told(desk: Desk) -> None:
    desk.edit("[syncbot]", '[syncbot]\nstore = "env:NO_STORE"')
    said = desk.run("status")
    assert (said.code, said.out) == (2, "")
    assert "NO_STORE, which is not set" in said.err


def test_of_a_store_that_is_elsewhere_nothing_is_made_up(desk: Desk) -> None:
    desk.config.write_text("[[syncbot]\nstore = 'sqlite:///far.db'\n", encoding="utf-8")
    said = desk.run("status")
    assert (said.code, said.out) == (2, "")
    assert not list(desk.folder.glob("*.db"))


def test_each_request_is_told_with_vv_and_each_line_is_without_a_secret(desk: Desk) -> None:
    said = desk.run("pull", "-vv")
    assert "debug: delivery: GET 127.0.0.1" in said.err
    assert ": 200 after" in said.err
    assert "debug" not in desk.run("pull", "-v").err
    assert "token=" not in said.err


def test_a_run_that_a_mistake_of_ours_ended_is_one_to_look_at(desk: Desk) -> None:
    assert desk.run("pull", "--connection", "roadmap", "-q").code == 0
    with Store.open(f"sqlite:///{desk.folder / 'syncbot.db'}") as store:
        recorder = Recorder(store, lambda: dt.datetime.now(dt.UTC))
        with pytest.raises(ZeroDivisionError), recorder.run("sync"):
            raise ZeroDivisionError
    said = " ".join(desk.run("status").out.split())
    assert "degraded" in said
    assert "failed: a fault of syncbot itself: ZeroDivisionError" in said


def test_of_what_was_never_read_nothing_is_said(desk: Desk) -> None:
    for command in (("check", "--fail-on", "info"), ("report",), ("report", "--format", "json"), ("baseline",)):
        said = desk.run(*command)
        assert (said.code, said.out) == (2, "")
        assert "nothing was read yet" in said.err


def test_of_a_config_that_is_gone_the_store_beside_it_is_told_all_the_same(desk: Desk) -> None:
    desk.run("sync", "-q")
    desk.config.unlink()
    said = desk.run("status")
    assert (said.code, "config.toml: there is no such file" in said.err) == (2, True)
    assert "delivery/Payments" in said.out
    (desk.folder / "syncbot.db").unlink()
    said = desk.run("status")
    assert (said.code, said.out) == (2, "")
    assert not (desk.folder / "syncbot.db").exists()


def test_it_calls_nothing_fresh_that_the_rules_cannot_go_by(desk: Desk) -> None:
    desk.run("sync", "-q")
    desk.sandbox.fault("jira", "search", times=None, status=400)
    desk.run("sync", "-q")
    assert "its last read failed" in " ".join(desk.run("check").out.split())
    rows = [line.split() for line in desk.run("status").out.splitlines() if line.startswith(("delivery/", "roadmap/"))]
    assert {row[0].partition("/")[0]: row[-1] for row in rows} == {"delivery": "failed", "roadmap": "fresh"}
    found = json.loads(desk.run("status", "--format", "json").out)["sources"]
    assert {name.partition("/")[0] for name, one in found.items() if not one["fresh"]} == {"delivery"}


def test_a_report_that_waits_says_so_until_there_is_nothing_to_write(desk: Desk) -> None:
    desk.run("sync", "--apply", "-q")
    desk.sandbox.apply("owner-leaves")
    said = desk.run("sync", "--apply")
    assert "waits: written a short while ago, again from" in said.out
    assert "Plan:" not in said.out
    waits = "says something else with its next write, which waits: written a short while ago"
    told = " ".join(desk.run("status").out.split())
    assert waits in told
    desk.run("sync", "--plan")
    assert " ".join(desk.run("status").out.split()).count(waits) == told.count(waits), "a plan holds nothing back"
    desk.sandbox.undo("owner-leaves")
    desk.run("sync", "--apply", "-q")
    assert waits not in " ".join(desk.run("status").out.split())


def test_a_tool_that_could_never_be_asked_is_no_silence(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRA_TOKEN", "wrong")
    assert desk.run("sync", "-q").code == 3
    said = desk.run("status")
    assert said.code == 3
    assert "delivery was never read completely" in " ".join(said.out.split())
    found = json.loads(desk.run("status", "--format", "json").out)
    assert not found["sources"]["delivery"]["fresh"]
    for name in ("TRELLO_TOKEN", "ASANA_TOKEN"):
        monkeypatch.setenv(name, "wrong")
    (desk.folder / "syncbot.db").unlink()
    said = desk.run("sync", "--apply")
    assert "No findings in what could be checked." in said.out
    assert "delivery has never been read completely." in said.out
    assert "Every report already says this" not in said.out
