"""Every command, run for real: what it says, what it asks and writes, and how it ends."""

from __future__ import annotations

import csv
import io
import itertools
import json
from contextlib import ExitStack

import httpx
import pytest

from syncbot import rules
from syncbot.cli import COMMANDS, worst
from syncbot.store import Store
from syncbot.store.views import VIEWS
from tests.cli.conftest import Desk


def test_sync_shows_the_plan_and_writes_nothing_until_it_is_told_to(desk: Desk) -> None:
    said = desk.run("sync")
    assert said.code == 0
    assert "Nothing was written. Add --apply to write it." in said.out
    assert said.err.splitlines() == [
        "roadmap: 14 new",
        "delivery: 46 new",
        "marketing: 11 new",
    ]
    assert desk.sandbox.writes() == []
    assert desk.run("sync", "--plan").out.count("create “Alignment report”") == 3
    assert desk.sandbox.writes() == []


def test_sync_apply_writes_each_report_once(desk: Desk) -> None:
    said = desk.run("sync", "--apply")
    assert said.code == 0
    assert said.out.count(" created: ") == 3
    desk.sandbox.clear()
    again = desk.run("sync", "--apply")
    assert again.code == 0
    assert "Every report already says this: nothing to write." in again.out
    assert desk.sandbox.writes() == []


def test_the_steps_do_one_by_one_what_sync_does_at_once(desk: Desk) -> None:
    desk.sandbox.apply("owner-leaves")
    assert desk.run("pull").code == 0
    asked = len(desk.sandbox.requests)
    checked = desk.run("check")
    assert checked.code == 0
    assert "feature-without-owner" in checked.out
    assert len(desk.sandbox.requests) == asked, "check asks no tool"
    assert desk.run("publish").out.count("create “Alignment report”") == 3
    assert desk.sandbox.writes() == []
    assert desk.run("publish", "--apply").code == 0
    assert {one.tool for one in desk.sandbox.writes()} == {"asana", "jira", "trello"}


def test_check_and_report_need_no_secret(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.run("pull")
    for name in ("JIRA_TOKEN", "TRELLO_KEY", "TRELLO_TOKEN"):
        monkeypatch.delenv(name)
    for command in (("check",), ("report",), ("rules", "list"), ("db", "views")):
        assert desk.run(*command).code == 0, command


def test_the_report_comes_in_every_format_and_into_a_file(desk: Desk) -> None:
    desk.sandbox.apply("owner-leaves", "work-abandoned")
    desk.run("pull")
    assert desk.run("report", "--format", "markdown").out.startswith("# ")
    assert json.loads(desk.run("report", "--format", "json").out)["version"] == 1
    page = desk.run("report", "--format", "html").out
    assert page.startswith("<!DOCTYPE html>")
    assert "Retry failed cards on the best day" in page
    assert "PAY Sprint 22" in page  # only a picture speaks of it
    for name in ("terminal", "html", "markdown", "json"):
        said = desk.run("report", "--format", name, "--output", f"report.{name}")
        assert (said.code, said.out) == (0, "")
        assert "feature-without-owner" in (desk.folder / f"report.{name}").read_text(encoding="utf-8")


def test_a_report_can_hold_what_one_rule_found_and_could_not_tell(desk: Desk) -> None:
    desk.sandbox.apply("owner-leaves", "work-abandoned", "trap-two-members")
    desk.run("pull")
    said = desk.run("report", "--rule", "feature-without-owner").out
    assert "1 finding: 1 error." in said
    assert "Could not be checked" in said
    both = desk.run("report", "--rule", "feature-without-owner", "--rule", "work-without-assignee").out
    assert "2 findings: 1 error, 1 warning." in both
    assert "No findings." in desk.run("report", "--rule", "overdue").out
    wrong = desk.run("report", "--rule", "feature-without-ownr")
    assert (wrong.code, wrong.out) == (2, "")
    assert 'no rule is called "feature-without-ownr". Did you mean "feature-without-owner"?' in wrong.err


def test_a_report_for_readers_holds_what_they_may_see_and_no_more(desk: Desk) -> None:
    desk.sandbox.apply("work-abandoned", "owner-leaves", "secret-work-abandoned")
    desk.run("pull")
    for name in ("terminal", "html", "markdown", "json", "csv"):
        everything = desk.run("report", "--format", name).out
        shown = desk.run("report", "--format", name, "--for", "roadmap/Product roadmap").out
        assert desk.run("report", "--format", name, "--for", "Product roadmap").out == shown
        assert "Tune the rules by country" in everything
        assert "Retry failed cards on the best day" in shown
        assert "Tune the rules" not in shown  # for the other side
        assert "RISK-" not in shown


@pytest.mark.parametrize(
    ("wanted", "problem"), [("Alignment report", "names several reports"), ("nowhere", "is no report of the config")]
)
def test_a_report_for_readers_must_be_one_of_the_config(desk: Desk, wanted: str, problem: str) -> None:
    desk.run("pull")
    said = desk.run("report", "--for", wanted)
    assert said.code == 2
    assert f'--for: "{wanted}" {problem}. There are: ' in said.err
    assert "delivery/Payments: Alignment report" in said.err


def test_a_report_of_a_tool_that_was_never_read_is_not_called_unknown_to_the_config(desk: Desk) -> None:
    desk.run("pull", "--connection", "delivery")
    said = desk.run("report", "--for", "Product roadmap")
    assert said.code == 2
    assert "Those in marketing, roadmap are known once it was read: run 'syncbot pull'." in said.err


def test_what_the_store_packs_is_unpacked_for_whoever_asks_for_it(desk: Desk) -> None:
    desk.run("sync", "--apply", "-q")
    (run,) = json.loads(desk.run("db", "sql", "--format", "json", "select command, steps from run").out)
    assert (run["command"], run["steps"][0]["name"]) == ("sync", "prepare")
    (row,) = csv.DictReader(io.StringIO(desk.run("db", "sql", "--format", "csv", "select steps from run").out))
    assert json.loads(row["steps"]) == run["steps"]
    query = "select r.body, r.hash from record r join item i on i.id = r.id where i.ref = 'PAY-1'"
    (found,) = json.loads(desk.run("db", "sql", "--format", "json", query).out)
    assert (found["body"]["ref"], found["hash"]) == ("PAY-1", "12 bytes")
    (written, *_) = json.loads(desk.run("db", "sql", "--format", "json", "select body from outbox").out)
    assert "title" in written["body"] or "name" in written["body"]
    assert "\\x" not in desk.run("db", "sql", "select * from run").out


def test_fail_on_turns_findings_into_an_exit_code(desk: Desk) -> None:
    desk.sandbox.apply("owner-leaves")  # an error
    assert desk.run("sync").code == 0
    assert desk.run("sync", "--fail-on", "error").code == 1
    assert desk.run("check", "--fail-on", "info").code == 1
    assert desk.run("report", "--fail-on", "warning").code == 1
    desk.sandbox.undo()
    assert desk.run("sync", "--fail-on", "info").code == 0


def test_the_highest_of_4_2_3_1_wins() -> None:
    order = [4, 2, 3, 1, 0]
    for codes in itertools.permutations(order, 3):
        assert worst(codes) == min(codes, key=order.index)
    assert worst([]) == 0


def test_what_must_be_edited_goes_before_a_tool_that_failed_before_findings(desk: Desk) -> None:
    desk.sandbox.apply("owner-leaves")
    desk.run("pull")
    desk.sandbox.fault("jira", ".*", times=None, status=403)
    failed = desk.run("sync", "--fail-on", "info")
    assert failed.code == 3
    desk.edit('scope      = "Product roadmap"', 'scope      = "Nowhere"')
    assert desk.run("sync", "--fail-on", "info").code == 2


def test_quiet_says_nothing_where_nothing_is_wrong_and_verbose_says_more(desk: Desk) -> None:
    assert desk.run("pull", "-q").err == ""
    quiet = desk.run("sync", "-q", "--apply")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    desk.sandbox.apply("owner-leaves")
    assert desk.run("sync", "-q").out == "", "a plan is nothing that is wrong"
    again = desk.run("sync", "-q", "--apply")
    assert (again.code, again.out, again.err) == (0, "", "")
    assert "asking" in desk.run("pull", "-v").err


def test_only_the_chosen_connections_and_scopes_are_read(desk: Desk) -> None:
    desk.run("pull", "--connection", "delivery", "--scope", "RISK")
    assert {one.tool for one in desk.sandbox.requests} == {"jira"}
    rows = json.loads(desk.run("db", "sql", "--format", "json", "select distinct ref from items").out)
    assert rows
    assert all(row["ref"].startswith("RISK-") for row in rows)


def test_a_connection_or_scope_that_is_not_there_is_named_with_those_that_are(desk: Desk) -> None:
    for command in ("sync", "pull", "publish", "doctor"):
        said = desk.run(command, "--connection", "delivry")
        assert said.code == 2
        assert 'there is no connection "delivry". There are: roadmap, delivery, marketing.' in said.err
    assert desk.sandbox.requests == []
    said = desk.run("pull", "--scope", "PAYS")
    assert said.code == 2
    assert '--scope: no connection reads "PAYS". They read RoAdMaP1 (Product roadmap), PAY (Payments)' in said.err
    assert json.loads(desk.run("db", "sql", "--format", "json", "select ref from items").out) == []


def test_the_catalogue_and_the_pages_of_rules(desk: Desk) -> None:
    listed = desk.run("rules", "list")
    assert listed.code == 0
    for rule in rules.load().rules:
        assert rule in listed.out
        assert "What to do" in desk.run("rules", "show", rule).out
    for side, told in (("product", {"product", "both"}), ("both", {"both"}), ("admin", {"admin"})):
        listed = desk.run("rules", "list", "--side", side)
        assert {rule.side for rule in rules.load().rules.values() if rule.id in listed.out} == told
    unknown = desk.run("rules", "show", "feature-without-ownr")
    assert unknown.code == 2
    assert "feature-without-owner" in unknown.err
    assert desk.run("rules", "check").out == f"{len(rules.load().rules)} rules are fine.\n"


def test_mapping_check_shows_what_each_word_means_and_how_often_each_field_is_filled(desk: Desk) -> None:
    assert "Nothing of it was read yet" in desk.run("mapping", "check").out
    desk.run("pull")
    said = desk.run("mapping", "check")
    assert said.code == 0
    assert "Story Points" in said.out
    assert "In Progress" in said.out
    assert "Nothing of it" not in said.out


def test_the_store_answers_questions_and_takes_no_orders(desk: Desk) -> None:
    desk.run("pull")
    views = desk.run("db", "views")
    assert views.code == 0
    assert all(view in views.out for view in VIEWS)
    rows = list(csv.reader(io.StringIO(desk.run("db", "sql", "--format", "csv", "select ref, title from items").out)))
    assert rows[0] == ["ref", "title"]
    assert len(rows) > 50
    limited = desk.run("db", "sql", "--limit", "3", "--format", "json", "select ref from items")
    assert len(json.loads(limited.out)) == 3
    assert "more than 3 rows" in limited.err
    for order in ("delete from item", "drop table item", "update item set title = 'x'"):
        refused = desk.run("db", "sql", order)
        assert refused.code == 2, order
        assert "Traceback" not in refused.err
    assert len(desk.run("db", "sql", "--format", "csv", "select ref from items").out.splitlines()) == len(rows)


def test_the_doctor_finds_a_sound_set_up_sound(desk: Desk) -> None:
    desk.run("sync")
    said = desk.run("doctor")
    assert said.code == 0
    assert "wrong" not in said.out
    assert "signed in" in said.out
    assert "“Alignment report” in delivery, Payments can be written, with --apply" in said.out
    assert desk.sandbox.writes() == []


def test_the_doctor_says_what_keeps_a_report_from_being_written(desk: Desk) -> None:
    desk.edit('list       = "Reports"', 'list       = "Nowhere"')
    desk.edit('issue_type = "Task"', 'issue_type = "Memo"')
    said = desk.run("doctor")
    assert said.code == 2
    assert 'has no list "Nowhere"; it has "Ideas", "Next", "Now", "Done", "Reports"' in said.out
    assert 'has no issue type "Memo"' in said.out


def test_the_doctor_tells_a_tool_that_fails_from_what_must_be_edited(desk: Desk) -> None:
    desk.sandbox.fault("trello", ".*", times=None, status=403)
    said = desk.run("doctor")
    assert said.code == 3
    assert "signed in" in said.out, "the other connection is looked at"


def test_demo_runs_twice_and_the_second_run_writes_nothing(desk: Desk) -> None:
    said = desk.run("demo")
    assert said.code == 0
    assert " 0 writes: counted by the tools" in said.out


def test_the_sandbox_serves_until_it_is_stopped(desk: Desk) -> None:
    served = desk.start(
        *("sandbox", "--port", "0", "--write-config", "other.toml", "--mutate-all"), PYTHONUNBUFFERED="1"
    )
    try:
        assert served.stdout
        url = served.stdout.readline().split()[4]
        lines = [served.stdout.readline() for _ in range(13)]
        assert any("export JIRA_TOKEN=" in line for line in lines)
        assert httpx.get(url, timeout=30).status_code == 200
        taken = desk.run("sandbox", "--port", url.rpartition(":")[2])
        assert taken.code == 2
        assert "choose another --port" in taken.err
        assert desk.run("pull", "--config", "other.toml").code == 0, "what goes wrong leaves the tools readable"
    finally:
        served.send_signal(2)
        served.communicate(timeout=30)
    assert served.returncode == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(desk: Desk, name: str) -> None:
    said = desk.run(name, "--help")
    assert said.code == 0
    assert "Usage: syncbot" in said.out


def test_help_begins_with_what_to_type(desk: Desk) -> None:
    lines = desk.run("--help").out.splitlines()
    assert "  See it:      syncbot demo" in lines
    assert "  Every day:   syncbot sync --apply" in lines


def test_a_mistyped_command_or_option_names_the_nearest(desk: Desk) -> None:
    assert "Did you mean 'sync'?" in desk.run("snyc").err
    wrong = desk.run("sync", "--aply")
    assert wrong.code == 2
    assert "--apply" in wrong.err


def test_a_report_waits_for_a_run_that_is_under_way(desk: Desk) -> None:
    assert desk.run("pull", "-q").code == 0
    with Store.open(f"sqlite:///{desk.folder / 'syncbot.db'}") as store, ExitStack() as other:
        other.enter_context(store.lock("run"))
        with desk.start("report") as reader:
            assert reader.stderr
            assert "Another syncbot is at work" in reader.stderr.readline()
            other.close()
            assert "Alignment" in reader.communicate(timeout=60)[0]
        assert reader.returncode == 0
