"""What is accused for the first time is looked at again, by its id, just before it is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from syncbot.sandbox.edits import Edits
from syncbot.sandbox.http import Answer, Call
from syncbot.sandbox.mutations import MUTATIONS
from syncbot.sandbox.server import Sandbox
from tests.company import Company


@pytest.fixture
def company(sandbox: Sandbox, store_url: str, tmp_path: Path) -> Company:
    """A company whose reports have been written, without a finding."""
    clean = Company(sandbox, store_url, tmp_path)
    clean.run(apply=True)
    return clean.later(hours=1)


def reported(sandbox: Sandbox) -> str:
    """What the report on the roadmap says."""
    return "".join(item.name for sheet in sandbox.world.trello.checklists.values() for item in sheet.items)


def asked_again(sandbox: Sandbox) -> int:
    batches = [unquote(unquote(one.url)) for one in sandbox.requests if one.path == "/1/batch"]
    return sum("/cards/" in url for url in batches) + sum("bulkfetch" in one.path for one in sandbox.requests)


@pytest.mark.parametrize(
    "wrong",
    [
        *("owner-leaves", "work-abandoned", "card-done-early"),
        *("sprint-overfull", "sprint-forgotten", "two-tools-ask-too-much"),
    ],
)
def test_what_was_put_right_while_we_read_is_not_written(company: Company, wrong: str) -> None:
    company.sandbox.apply(wrong)
    company.sandbox.clear()
    run = company.run(apply=True, meanwhile=lambda: company.sandbox.undo(wrong))
    assert run.found == set()
    assert run.unsure == {}
    assert "error" not in reported(company.sandbox)
    assert company.sandbox.writes() == []
    assert company.later(hours=1).run(apply=True).found == set()


def test_what_was_deleted_while_we_read_is_not_written(company: Company) -> None:
    company.sandbox.apply("owner-leaves")
    ((_, link),) = MUTATIONS["owner-leaves"].refs(company.sandbox.world)
    cards = company.sandbox.world.trello.cards
    lost = next(one.id for one in cards.values() if one.short_link == link)
    run = company.run(apply=True, meanwhile=lambda: cards.pop(lost))
    assert run.found == set()
    assert "Nobody owns" not in reported(company.sandbox)


def test_of_many_findings_those_that_their_line_names_are_looked_at_again(company: Company) -> None:
    """Eleven cards lose their owners, and one of those that the line would name gets its owner back meanwhile."""
    world = company.sandbox.world
    cards = [one for one in world.trello.cards.values() if not one.is_template and one.name != "Alignment report"][:11]
    before = {one.id: one.members for one in cards}
    edits = Edits(world)
    for one in cards:
        edits.set(one, members=[])
        if world.trello.lists[one.list_id].name == "Done":
            edits.drag(one, "Next")
    for number in range(3):  # that somebody owns: where nobody does, it is a habit
        edits.add(
            world.trello.cards,
            replace(
                cards[-1],
                id=world.trello.next_id(company.sandbox.now),
                name=f"Owned {number}",
                short_link=f"ownd{number:04}",
                members=before[cards[0].id],
            ),
        )
    whole = company.run(apply=None).verdict.document(None)
    (line,) = [line for group in whole.groups for line in group.lines if line.rule == "feature-without-owner"]
    assert line.count == 11
    lucky = next(one for one in cards if one.name == line.pieces[0].text[3].text)
    company.sandbox.clear()
    company.later(hours=1).run(apply=True, meanwhile=lambda: edits.set(lucky, members=before[lucky.id]))
    assert asked_again(company.sandbox) > 0
    assert "Nobody owns" in reported(company.sandbox), "ten are told one by one"
    assert f"Nobody owns [{lucky.name}" not in reported(company.sandbox)


def test_what_still_is_so_is_written_and_looked_at_only_once(company: Company) -> None:
    company.sandbox.apply("owner-leaves")
    company.sandbox.clear()
    assert company.run(apply=True).found
    assert asked_again(company.sandbox) == 1
    assert "Nobody owns" in reported(company.sandbox)
    company.sandbox.apply("card-done-early")
    company.sandbox.clear()
    company.later(hours=1).run(apply=True)
    assert asked_again(company.sandbox) == 2, "the card and its twin, not what was looked at before"
    company.sandbox.clear()
    company.later(hours=1).run(apply=True)
    assert asked_again(company.sandbox) == 0


def test_a_plan_asks_nothing(company: Company) -> None:
    company.sandbox.apply("owner-leaves")
    company.sandbox.clear()
    assert company.run(apply=False).found
    assert asked_again(company.sandbox) == 0


@pytest.mark.parametrize("after", [1, 25])
def test_what_a_tool_out_of_reach_would_have_to_be_asked_for_waits_until_it_is_back(
    company: Company, after: int
) -> None:
    """Also where it is so long out of reach that this run does not use it at all."""
    company.configure(('side       = "product"\ncovers', "covers"))
    company.sandbox.apply("card-done-early", "owner-leaves")
    found = company.run(apply=None).found
    company.sandbox.fault("jira", ".", times=None, status=503)
    found_then = company.later(hours=after).run(apply=True).found
    assert {rule for rule, _ in found_then} - {"source-stale"} == {"feature-without-owner"}
    assert "Nobody owns" in reported(company.sandbox)
    company.sandbox.clear()
    assert company.later(hours=1).run(apply=True).found == found


def test_what_cannot_be_looked_at_again_waits_for_the_next_run(company: Company) -> None:
    company.sandbox.apply("owner-leaves", "work-abandoned")

    def fail() -> None:
        company.sandbox.fault("jira", ".*bulkfetch", times=1, status=403)

    run = company.run(apply=True, meanwhile=fail)
    assert set(run.unsure) == {"delivery"}
    assert {rule for rule, _ in run.found} == {"feature-without-owner"}
    assert "Nobody owns" in reported(company.sandbox)
    company.sandbox.clear()
    again = company.later(hours=1).run(apply=True)
    assert again.unsure == {}
    assert {rule for rule, _ in again.found} == {"feature-without-owner", "work-without-assignee"}
    assert [(one.tool, one.method) for one in company.sandbox.writes()] == [("jira", "PUT")]


def test_an_issue_that_jira_cannot_give_is_put_aside_and_withholds_what_is_said_of_itself(company: Company) -> None:
    company.sandbox.apply("work-abandoned", "owner-leaves", "epic-closed-early")
    clean = company.run(apply=None).found
    ((_, ref),) = MUTATIONS["work-abandoned"].refs(company.sandbox.world)
    poisoned = company.sandbox.world.jira.issue(ref)
    assert poisoned

    def after(_: Call, answer: Answer) -> Answer:
        issues = [one for one in answer.body["issues"] if one["id"] != poisoned.id]
        if len(issues) == len(answer.body["issues"]):
            return answer
        errors = [{"id": poisoned.id, "errorMessage": "An\nodd <b>thing"}]
        return Answer({"issues": issues, "issueErrors": errors}, answer.status, answer.headers)

    company.sandbox.fault("jira", "bulkfetch", "bent", times=None).after = after
    run = company.run(apply=True)
    assert run.unsure == {}
    assert {one for one in clean if one not in run.found} == {one for one in clean if one[1] == ref}
    assert company.ask("select remote_id, scope from quarantine") == {(poisoned.id, poisoned.project)}
    run = company.later(hours=2).run(apply=True)
    assert not any(one.failed for one in run.pulled), "it is tried again, and fails nothing"
    company.sandbox.clear()
    assert company.later(hours=2).run(apply=True).found == clean
    assert company.ask("select * from quarantine") == set()
