"""What comes out fits: 80 columns on a terminal, plain text in a pipe, and no secret anywhere."""

from __future__ import annotations

import datetime as dt
import os
import pty
import re
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.cells import cell_len

from syncbot.cli import failure, run
from syncbot.cli.prose import fill
from syncbot.sandbox.company import JIRA_TOKEN, JIRA_USER, TRELLO_KEY, TRELLO_TOKEN
from syncbot.transport import basic_credentials
from tests.cli.conftest import Desk

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
SECRETS = (JIRA_TOKEN, TRELLO_KEY, TRELLO_TOKEN, basic_credentials(JIRA_USER, JIRA_TOKEN))
SHOWN = (
    ("sync",),
    ("check",),
    ("report",),
    ("doctor",),
    ("mapping", "check"),
    ("rules", "list"),
    ("db", "sql", "select ref, title, url from items"),
)
EVERYTHING = (*SHOWN, ("pull", "-vv"), ("publish", "-v"), ("rules", "show", "status-drift"), ("db", "views"))
WRONG = ("owner-leaves", "work-abandoned", "promised-without-work", "sprint-overfull", "epic-closed-early")


def on_terminal(desk: Desk, *arguments: str, **more: str) -> str:
    """What a command draws on a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    env = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "TERM": "xterm-256color",
        "COLUMNS": "80",
        **more,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "syncbot", *arguments],
        cwd=desk.folder,
        env=env,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        drawn = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            drawn += part
        process.wait(timeout=60)
    os.close(ours)
    return drawn.decode()


def too_wide(said: str) -> list[str]:
    """The lines above 80 columns, but for an address or a path, and for what is there to be pasted."""
    lines = [line.rpartition("\r")[2].strip() for line in ESCAPE.sub("", said).replace("\r\n", "\n").split("\n")]
    return [line for line in lines if cell_len(line) > 80 and " " in line and "accounts =" not in line]


def test_on_a_terminal_nothing_is_wider_than_it(desk: Desk) -> None:
    desk.sandbox.apply(*WRONG)
    for command in SHOWN:
        drawn = on_terminal(desk, *command)
        assert "\x1b[" in drawn, command
        assert too_wide(drawn) == [], command


def test_in_a_pipe_sentences_wrap_as_they_do_on_a_terminal(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    desk.sandbox.apply(*WRONG)
    said = [desk.run(*command) for command in (*SHOWN[:3], ("sync", "--apply"), ("sync", "--apply"))]
    desk.sandbox.fault("jira", "search", times=None, status=400)
    said += [desk.run(*command) for command in (("sync",), ("doctor",), ("status",), ("report", "--for", "nowhere"))]
    assert {one.code for one in said} == {0, 2, 3}
    assert too_wide("\n".join(one.out + one.err for one in said)) == []


def test_a_mistake_in_a_file_stands_on_one_line_in_a_pipe(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    desk.edit("weekly_hours = 32", 'weekly_hours = "many"')
    desk.edit('timezone = "Europe/London"', 'timezone = "Europe/Londom"')
    said = desk.run("check").err.splitlines()
    assert said[0] == "2 mistakes to correct:"
    assert [line.partition(":")[0] for line in said[1:]] == ["  config.toml", "  config.toml"]
    assert max(map(len, said)) > 80
    assert too_wide(on_terminal(desk, "check")) == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ["one two", "three"]),
        ("at https://example.com/a/b now", ["at", "https://example.com/a/b", "now"]),
        ("分期 付款 分", ["分期", "付款 分"]),
        ("run 'syncbot db prune' once", ["run", "'syncbot db prune'", "once"]),
        ("or syncbot pull --retry --scope 'A B'", ["or", "syncbot pull --retry --scope 'A B'"]),
        ("", [""]),
    ],
)
def test_words_addresses_and_commands_stay_whole(text: str, lines: list[str]) -> None:
    assert list(fill(text, 8)) == lines


def test_no_color_is_honoured_on_a_terminal(desk: Desk) -> None:
    desk.run("pull")
    drawn = on_terminal(desk, "check", NO_COLOR="1")
    assert not re.search(r"\x1b\[(?:\d+;)*3\dm", drawn)
    assert re.search(r"\x1b\[(?:\d+;)*3\dm", on_terminal(desk, "doctor"))
    assert not re.search(r"\x1b\[(?:\d+;)*3\dm", on_terminal(desk, "doctor", NO_COLOR="1"))
    assert not re.search(r"\x1b\[(?:\d+;)*3\dm", on_terminal(desk, "sync", "--config", "none.toml", NO_COLOR="1"))


def test_in_a_pipe_there_is_no_escape_code(desk: Desk) -> None:
    desk.sandbox.apply(*WRONG)
    for command in EVERYTHING:
        said = desk.run(*command)
        assert "\x1b" not in said.out + said.err, command
    failed = desk.run("sync", "--config", "none.toml")
    assert "\x1b" not in failed.err


def test_a_reader_that_goes_away_is_no_error(desk: Desk) -> None:
    desk.run("pull")
    for command in (("db", "sql", "--format", "csv", "select * from items"), ("db", "views"), ("rules", "list")):
        process = desk.start(*command)
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        said = process.stderr.read()
        process.stderr.close()
        assert process.wait(timeout=60) == 0, command
        assert said == "", command


def test_what_was_begun_is_done_though_nobody_reads_what_is_said(desk: Desk) -> None:
    process = desk.start("sync", "--apply")
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert "none was written yet" not in desk.run("status").out
    assert desk.run("sync").out.splitlines()[-1] == "Every report already says this: nothing to write."


def test_no_secret_stands_in_output_store_or_config(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.sandbox.apply(*WRONG)
    said = [desk.run(*command) for command in (*EVERYTHING, ("sync", "--apply", "-vv"))]
    monkeypatch.setenv("JIRA_TOKEN", "an-expired-token")
    said.append(desk.run("doctor"))
    monkeypatch.setenv("JIRA_TOKEN", JIRA_TOKEN)
    desk.sandbox.fault("jira", ".*", times=None, status=400, body=f'{{"errorMessages": ["{JIRA_TOKEN}"]}}')
    desk.sandbox.fault("trello", ".*", times=None, status=400, body=f"bad request: {TRELLO_TOKEN} {TRELLO_KEY}")
    said += [desk.run("pull", "-vv"), desk.run("doctor")]
    texts = [one.out + one.err for one in said]
    texts += [one.url for one in desk.sandbox.requests]
    for file in desk.folder.iterdir():
        if file.is_file():
            texts.append(file.read_bytes().decode("latin-1"))
    for secret in (*SECRETS, "an-expired-token"):
        assert not [text for text in texts if secret in text]


def test_a_crash_writes_a_log_without_secrets_and_says_where(desk: Desk) -> None:
    desk.run("pull")
    with sqlite3.connect(desk.folder / "syncbot.db") as db:  # what no edit of a person could have done
        db.execute("update state set body = '[1, 2' where key = 'scopes'")
    said = desk.run("pull")
    assert said.code == 4
    assert "syncbot made a mistake" in said.err
    log = Path(said.err.split()[-1])
    text = log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o077 == 0, "only for this user's eyes"
    log.unlink()
    assert "Traceback" in text
    assert not [secret for secret in SECRETS if secret in text]


def test_secrets_are_taken_out_of_a_crash_whatever_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    secrets = ["s3cret", "s3cret-and-longer", ""]
    with pytest.raises(failure.CrashError) as crash, failure.hiding(secrets):
        raise RuntimeError("at https://host/?q=s3cret with s3cret-and-longer in Basic YTpiOmM6ZA==")
    assert crash.value.kind == "RuntimeError"
    assert "RuntimeError: at https://host/?q=*** with *** in Basic ***" in crash.value.log
    assert failure.explain(crash.value) == 4
    told = capsys.readouterr().err
    assert "(RuntimeError)" in told
    Path(told.split()[-1]).unlink()


@pytest.mark.parametrize("waits_at", ["", "cards=all"])
def test_an_interrupt_ends_also_what_waits_for_a_tool_and_says_that_nothing_is_lost(desk: Desk, waits_at: str) -> None:
    desk.sandbox.latency = 0.5
    if waits_at:
        desk.sandbox.fault("trello", waits_at, times=None, status=429, headers={"Retry-After": "250"})
    process = desk.start("pull")
    while not any(waits_at in one.url for one in desk.sandbox.requests):
        time.sleep(0.01)
    process.send_signal(2)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.splitlines()[-1] == "Stopped. What was stored is kept; the next run continues from there."


def test_run_gives_back_a_code_and_never_an_exception(desk: Desk) -> None:
    assert run(["--version"]) == 0
    assert desk.run("db", "sql", "select nothing from nowhere").code == 2


def test_a_report_as_of_a_day_asks_nothing_anew_and_knows_its_limits(desk: Desk) -> None:
    today = dt.datetime.now(dt.UTC).date()
    assert "nothing was recorded yet" in desk.run("report", "--as-of", f"{today}").err
    desk.sandbox.apply("owner-leaves")
    desk.run("sync")
    now = desk.run("report", "--format", "json").out
    desk.edit("[syncbot]\n", "[rules.feature-without-owner]\nenabled = false\n[syncbot]\n")
    assert desk.run("report", "--as-of", f"{today}", "--format", "json").out == now
    assert desk.run("report", "--as-of", f"{today}", "--fail-on", "error").code == 1
    for day in (today - dt.timedelta(days=1), today + dt.timedelta(days=1)):
        said = desk.run("report", "--as-of", f"{day}")
        assert (said.code, said.out) == (2, "")
        assert f"nothing is known of {day}: findings are recorded from {today} on" in said.err
    assert "is not a date" in desk.run("report", "--as-of", "monday").err
