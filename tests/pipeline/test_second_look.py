"""Whatever a report comes to tell for the first time was looked at again just before, however it came to be told."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from syncbot.sandbox.edits import Edits
from syncbot.sandbox.http import Answer, Call
from syncbot.sandbox.mutations import MUTATIONS
from syncbot.sandbox.server import Sandbox
from tests.company import Company, Run
from tests.pipeline.test_confirm import reported

OWN_SIDE = 'side       = "product"\n'


@pytest.fixture
def company(sandbox: Sandbox, store_url: str, tmp_path: Path) -> Company:
    """A company whose reports have been written, without a finding; the one on the roadmap is for everybody."""
    clean = Company(sandbox, store_url, tmp_path).configure((OWN_SIDE, ""))
    clean.run(apply=True)
    return clean.later(hours=1)


def written(run: Run) -> dict[str, str]:
    """What became of each report, by its connection."""
    return {one.planned.draft.connection: one.result for one in run.outcomes}


@pytest.mark.parametrize("wrong", ["work-abandoned", "list-of-an-unknown-name", "sprint-off-roadmap"])
def test_what_a_report_may_only_count_is_looked_at_again_too(company: Company, wrong: str) -> None:
    company.sandbox.apply(wrong)
    company.sandbox.clear()
    run = company.run(apply=True, meanwhile=lambda: company.sandbox.undo(wrong))
    assert run.found == set()
    assert company.sandbox.writes() == []


def test_what_is_found_again_within_an_edition_is_looked_at_again(company: Company) -> None:
    company.sandbox.apply("owner-leaves")
    company.run(apply=True)
    company.sandbox.undo("owner-leaves")
    assert company.later(hours=1).run(apply=True).resolved
    company.sandbox.apply("owner-leaves")
    company.later(hours=1).run(apply=True, meanwhile=lambda: company.sandbox.undo("owner-leaves"))
    assert "Nobody owns" not in reported(company.sandbox)


def test_what_a_muted_report_did_not_tell_is_looked_at_again_when_it_is_opened(company: Company) -> None:
    edits = Edits(company.sandbox.world)
    card = next(one for one in company.sandbox.world.trello.cards.values() if one.name == "Alignment report")
    edits.set(card, closed=True)
    company.run(apply=True)
    company.sandbox.apply("owner-leaves")
    assert written(company.later(hours=1).run(apply=True))["roadmap"] == "muted"
    edits.set(card, closed=False)
    run = company.later(hours=1).run(apply=True, meanwhile=lambda: company.sandbox.undo("owner-leaves"))
    assert run.found == set()
    assert "Nobody owns" not in reported(company.sandbox)


def test_what_could_not_be_written_is_looked_at_again_when_it_can_be(company: Company) -> None:
    company.configure().sandbox.apply("work-abandoned")
    company.sandbox.fault("jira", "PUT .*/issue/", times=None, status=403)
    assert written(company.run(apply=True))["delivery"] == "failed"
    company.sandbox.clear()
    run = company.later(hours=1).run(apply=True, meanwhile=lambda: company.sandbox.undo("work-abandoned"))
    assert run.found == set()


def test_a_report_that_comes_due_while_others_are_looked_at_waits(company: Company) -> None:
    company.configure().sandbox.apply("sprint-forgotten")
    assert written(company.run(apply=True))["delivery"] == "updated"
    company.later(minutes=9.9).sandbox.apply("work-abandoned", "owner-leaves")

    def put_right(_: Call, answer: Answer) -> Answer:
        company.sandbox.undo("work-abandoned")
        company.later(seconds=30)
        return answer

    company.sandbox.fault("trello", "GET /1/batch.*cards", "bent").after = put_right
    waits = company.run(apply=True)
    assert written(waits) == {"roadmap": "updated", "delivery": "held", "marketing": "unchanged"}
    assert {rule for rule, _ in company.later(hours=1).run(apply=True).found} == {
        "sprint-not-closed",
        "feature-without-owner",
    }


def test_what_is_left_after_the_last_round_is_not_told(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a round of one item in place of ten of a thousand."""
    module = importlib.import_module("syncbot.pipeline.confirm")
    monkeypatch.setattr(module, "MOST", 1)
    monkeypatch.setattr(module, "ROUNDS", 1)
    company.sandbox.apply("owner-leaves", "idea-without-owner")
    first = company.run(apply=True)
    assert len(first.found) == 1
    assert reported(company.sandbox).count("Nobody owns") == 1
    assert len(company.later(hours=1).run(apply=True).found) == 2
    assert reported(company.sandbox).count("Nobody owns") == 2


def test_what_the_config_leaves_out_by_now_is_not_told(company: Company) -> None:
    company.sandbox.apply("work-abandoned")
    ((_, ref),) = MUTATIONS["work-abandoned"].refs(company.sandbox.world)
    jira = company.sandbox.world.jira
    issue = jira.issue(ref)
    left_out = next(key for key, one in jira.types.items() if one.name == "Service request")
    assert issue
    run = company.run(apply=True, meanwhile=lambda: Edits(company.sandbox.world).set(issue, type=left_out))
    assert run.found == set()


def test_a_sprint_whose_board_cannot_be_asked_again_waits(company: Company) -> None:
    company.sandbox.apply("sprint-forgotten", "work-abandoned")

    def fail() -> None:
        company.sandbox.fault("jira", "GET /rest/agile/.*/sprint", times=1, status=403)

    run = company.run(apply=True, meanwhile=fail)
    assert {rule for rule, _ in run.found} == {"work-without-assignee"}
    assert set(run.unsure) == {"delivery"}
    assert {rule for rule, _ in company.later(hours=1).run(apply=True).found} == {
        "work-without-assignee",
        "sprint-not-closed",
    }
