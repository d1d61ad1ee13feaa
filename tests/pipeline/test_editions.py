"""An edition runs from one scheduled report to the next: it resets what is new and what is told as resolved."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from syncbot import pipeline, rules
from syncbot.sandbox.server import Sandbox
from syncbot.store import Store
from tests.company import Company


def test_a_finding_is_new_until_the_next_scheduled_report_and_resolved_ones_are_told_once(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    # Reports are scheduled at 8:00 in London on working days; 23 November 2026 is a Monday.
    sandbox.now = dt.datetime(2026, 11, 23, 7, 0, tzinfo=dt.UTC)
    company = Company(sandbox, store_url, tmp_path)
    sandbox.apply("owner-leaves")

    def states() -> list[str]:
        return [one.state for one in company.run(apply=None).verdict.stated]

    assert states() == ["new"]
    company.later(minutes=30)
    assert states() == ["new"]
    company.later(hours=1)
    assert states() == ["still"]
    sandbox.undo("owner-leaves")
    company.later(hours=1)
    assert states() == ["resolved"]
    company.later(hours=20)
    assert states() == ["resolved"]
    company.later(hours=4)
    assert states() == []


def test_a_clock_that_was_set_back_delays_the_next_edition_by_none_of_its_error(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    sandbox.now = dt.datetime(2026, 11, 26, 9, 0, tzinfo=dt.UTC)
    company = Company(sandbox, store_url, tmp_path)
    sandbox.apply("owner-leaves")
    for days, state in ((0, "new"), (-3, "new"), (1, "still")):
        stated = company.later(days=days).run(apply=None).verdict.stated
        assert [one.state for one in stated if one.finding.rule == "feature-without-owner"] == [state]


def test_a_report_of_an_earlier_day_says_what_was_found_then(sandbox: Sandbox, store_url: str, tmp_path: Path) -> None:
    company = Company(sandbox, store_url, tmp_path)
    evenings = {}
    for change in ("owner-leaves", "sprint-overfull", None):
        if change:
            sandbox.apply(change)
        else:
            sandbox.undo("owner-leaves")
        verdict = company.run(apply=None).verdict
        evenings[verdict.today] = verdict.stated
        company.later(days=1)
    assert [len(stated) for stated in evenings.values()] == [1, 2, 2]
    with Store.open(store_url) as store:
        assert pipeline.began(store) == min(evenings)
        for today, stated in evenings.items():
            assert pipeline.recorded(store, today, rules.load(), now=company.now).stated == stated
