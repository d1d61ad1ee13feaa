"""What a person sees while a read goes on: counts, rate and the time that is left."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from syncbot.cli.progress import EVERY, Progress, duration, sentence
from syncbot.pipeline import Reached
from tests.cli.conftest import Desk


@pytest.mark.parametrize(
    ("reached", "seconds", "said"),
    [
        (
            Reached("delivery", "Payments", 12_300, 0, 1, 20_000),
            6.0,
            "delivery: 12,300 of about 20,000 records, 2,050 a second, 4 s left",
        ),
        (Reached("roadmap", "Ideas", 3_000, 2, 12), 2.0, "roadmap: 3,000 records, 1,500 a second, 2 of 12 read"),
        (Reached("roadmap", "Ideas", 0, 1, 12), 0.0, "roadmap: 0 records, 1 of 12 read"),
        (Reached("roadmap", "Ideas", 1, 0, 1), 1.0, "roadmap: 1 record, 1 a second"),
        (Reached("d\x1b[2J\n", "P", 1, 0, 1, 100), 100.0, "d[2J : 1 of about 100 records, 2 h 45 min left"),
    ],
)
def test_the_sentence_says_what_is_known(reached: Reached, seconds: float, said: str) -> None:
    assert sentence(reached, seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "1 s"), (59, "59 s"), (60.5, "1 min 1 s"), (3_600, "1 h 0 min"), (9_000, "2 h 30 min")]
)
def test_durations_are_short(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_in_a_pipe_a_line_comes_now_and_then() -> None:
    now = 0.0
    progress = Progress()
    progress.console = Console(file=io.StringIO(), width=80)
    with progress.reading(lambda: now) as tell:
        for second in range(31):
            now = float(second)
            tell(Reached("delivery", "Payments", second * 100, 0, 1, 10_000))
    lines = progress.console.file.getvalue().splitlines()
    assert len(lines) == int(30 / EVERY)
    assert lines[-1] == "delivery: 3,000 of about 10,000 records, 100 a second, 1 min 10 s left"


def test_nothing_read_yet_is_no_news() -> None:
    now = 0.0
    progress = Progress()
    progress.console = Console(file=io.StringIO(), width=80)
    with progress.reading(lambda: now) as tell:
        now = EVERY
        tell(Reached("delivery", "Payments", 0, 0, 1))
    assert progress.console.file.getvalue() == ""


def test_a_tool_that_is_waited_for_is_named_at_once(desk: Desk) -> None:
    for quiet, told in (((), True), (("-q",), False)):
        desk.sandbox.fault("trello", "batch", times=1, status=429, headers={"Retry-After": "1"})
        said = desk.run("pull", *quiet)
        assert said.code == 0
        assert ("asked to slow down (no reason given), waiting 1 s" in said.err) == told
        assert bool(said.err) == told


def test_quiet_says_nothing_at_all() -> None:
    progress = Progress(level=-1)
    progress.console = Console(file=io.StringIO())
    with progress.reading(lambda: 1e9) as tell:
        tell(Reached("delivery", "Payments", 5, 0, 1))
    assert progress.console.file.getvalue() == ""
