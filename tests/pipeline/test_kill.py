"""A process that is killed at any of its requests, and processes that run at once: one report, and no item lost.

The real command runs as a process of its own; the sandbox ends it, without warning, when a certain request comes in.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from syncbot.sandbox.mutations import MUTATIONS
from syncbot.sandbox.server import Exchange, Sandbox
from syncbot.sandbox.settings import ENVIRONMENT, config_text
from syncbot.sandbox.world import JiraIssue
from tests.company import Company, Run
from tests.pipeline.test_teams import by_field_alone

APPLIED = ("owner-leaves", "epic-closed-early", "launch-work-abandoned")
ONE_EACH = (1, 1, 1, 1)  # issue, card, task, status update


class Machine:
    """Starts syncbot in a folder."""

    def __init__(self, sandbox: Sandbox, folder: Path, text: str = "") -> None:
        self.sandbox, self.folder = sandbox, folder
        self.text = text or config_text(sandbox)
        (folder / "config.toml").write_text(self.text, encoding="utf-8")

    def start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "syncbot", "sync", "--apply"]
        environment = {**os.environ, **ENVIRONMENT, "NO_COLOR": "1", "PYTHONPATH": str(Path(__file__).parents[2])}
        return subprocess.Popen(
            command, cwd=self.folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def reports(self) -> tuple[int, int, int, int]:
        jira, trello, asana = self.sandbox.world.jira, self.sandbox.world.trello, self.sandbox.world.asana
        issues = [one for one in jira.issues.values() if "syncbot-report" in one.labels]
        cards = [one for one in trello.cards.values() if one.name == "Alignment report"]
        tasks = [one for one in asana.tasks.values() if one.name == "Alignment report"]
        news = [one for one in asana.statuses.values() if "syncbot:v1:" in one.html_text]
        return len(issues), len(cards), len(tasks), len(news)

    def expected(self) -> set[str]:
        """The refs of what must be found."""
        return {ref for name in APPLIED for _, ref in MUTATIONS[name].refs(self.sandbox.world)}


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with Sandbox(now=dt.datetime.now(dt.UTC)) as sandbox:  # a process of its own has no other clock
        sandbox.apply(*APPLIED)
        yield Machine(sandbox, tmp_path)


def _kill_at(machine: Machine, number: int, counts: Callable[[Exchange], bool]) -> bool:
    """Run once and kill it as the answer of that request is made; whether it came so far."""
    seen, before = [0], Sandbox.observe
    process: list[subprocess.Popen[str]] = []

    def watch(exchange: Exchange) -> None:
        if before is not None:
            before(exchange)
        if counts(exchange):
            seen[0] += 1
            if seen[0] == number:
                process[0].kill()

    Sandbox.observe = watch
    try:
        process.append(machine.start())
        process[0].communicate(timeout=60)
    finally:
        Sandbox.observe = before
    return seen[0] >= number


def _afterwards(machine: Machine) -> Run:
    """A run half an hour later, in which nothing is killed."""
    company = Company(machine.sandbox, f"sqlite:///{machine.folder / 'syncbot.db'}", machine.folder, text=machine.text)
    company.now = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=30)
    return company.run(apply=True)


def test_killed_at_each_of_its_writes_there_is_one_report_each_in_the_end(machine: Machine) -> None:
    for _ in range(8):
        if not _kill_at(machine, 1, lambda exchange: exchange.is_write):
            break
        assert max(machine.reports()) <= 1
    run = _afterwards(machine)
    assert machine.reports() == ONE_EACH
    assert machine.expected() <= {ref for _, ref in run.found}
    machine.sandbox.clear()
    _afterwards(machine)
    assert machine.sandbox.writes() == []


@pytest.mark.parametrize("write", [1, 3, 6, 7])
def test_killed_at_a_write_and_its_store_lost_there_is_one_report_each(machine: Machine, write: int) -> None:
    assert _kill_at(machine, write, lambda exchange: exchange.is_write)
    for file in machine.folder.glob("syncbot.db*"):
        file.unlink()
    machine.start().communicate(timeout=60)
    _afterwards(machine)
    assert machine.reports() == ONE_EACH


def test_killed_while_reading_the_next_runs_read_all(machine: Machine) -> None:
    for number in range(2, 26, 7):
        _kill_at(machine, number, lambda exchange: not exchange.is_write)
    assert machine.expected() <= {ref for _, ref in _afterwards(machine).found}
    assert machine.reports() == ONE_EACH


def test_three_processes_at_once_write_one_report_each(machine: Machine) -> None:
    running = [machine.start() for _ in range(3)]
    said = [process.communicate(timeout=120)[0] for process in running]
    codes = [process.returncode for process in running]
    assert 4 not in codes, said
    _afterwards(machine)
    assert machine.reports() == ONE_EACH


def test_killed_at_each_write_while_teams_are_renamed_each_team_has_one_report(machine: Machine) -> None:
    sandbox = machine.sandbox
    start, end = machine.text.index("[[reports]]"), machine.text.index('[[reports]]\nconnection = "delivery"')
    teams = Machine(sandbox, machine.folder, by_field_alone(machine.text[:start] + machine.text[end:]))
    titles = set()
    for number in range(1, 5):
        _kill_at(teams, 1, lambda exchange: exchange.is_write)
        titles |= {one.summary for one in _of_teams(sandbox)}
        if number == 2:
            (machine.folder / "syncbot.db").unlink()
        for team in sandbox.world.jira.teams.values():
            team.name = f"{team.name} {number}"
    _afterwards(teams)
    found = _of_teams(sandbox)
    assert len(found) == len(sandbox.world.jira.teams) + 1, titles
    assert len({one.properties["syncbot.report"]["marker"] for one in found}) == len(found)


def _of_teams(sandbox: Sandbox) -> list[JiraIssue]:
    return [one for one in sandbox.world.jira.issues.values() if "syncbot-report" in one.labels]
