"""What is said of first reports: how long they would be, unless they are none."""

from __future__ import annotations

from syncbot.sandbox.mutations import TOGETHER
from tests.cli.conftest import Desk

OFFER = "These are the first reports, and they begin with"


def test_first_reports_that_are_long_are_offered_a_baseline_and_adopted_ones_are_no_first(desk: Desk) -> None:
    desk.sandbox.apply(*TOGETHER)
    assert OFFER in desk.run("sync").err
    assert OFFER in desk.run("sync", "--apply").err, "nobody is at the terminal to be asked"
    assert OFFER not in desk.run("sync").err
    for file in desk.folder.glob("syncbot.db*"):
        file.unlink()
    assert OFFER not in desk.run("sync").err
    said = desk.run("sync", "--apply")
    assert OFFER not in said.err
    assert " created: " not in said.out
    assert " posted: " not in said.out
    assert "is posted already: " in said.out
