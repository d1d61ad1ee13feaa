"""Sprints, lists and people are asked for while the records are read, and lack nothing that these name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from syncbot.sandbox.http import Answer, Call
from syncbot.sandbox.server import Sandbox
from tests.company import Company
from tests.pipeline.test_datacenter import on_data_center

NONE = json.dumps({"isLast": True, "maxResults": 50, "startAt": 0, "values": []})


def test_boards_and_people_are_asked_for_while_issues_are_read(store_url: str, tmp_path: Path) -> None:
    with Sandbox(items=400) as sandbox:
        sandbox.fault("jira", "search/jql.*maxResults=5000", "bent", times=None).delay = 0.5
        Company(sandbox, store_url, tmp_path).read("delivery")
        paths = [one.path for one in sandbox.requests]
    begun = next(n for n, path in enumerate(paths) if path.endswith("bulkfetch"))
    assert {"/rest/agile/1.0/board", "/rest/api/3/user/assignable/search"} <= {*paths[:begun]}


def test_a_sprint_that_is_made_while_issues_are_read_is_known_in_the_end(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    sandbox.fault("jira", "GET .*board/1/sprint", status=200, body=NONE)
    company = Company(sandbox, store_url, tmp_path)
    company.read("delivery")
    assert company.ask("select count(*) from sprints where state = 'active'") == {(1,)}
    asked = [one for one in sandbox.requests if one.path.endswith("/sprint")]
    company.later(minutes=5).read("delivery")
    assert [one for one in sandbox.requests if one.path.endswith("/sprint")] == asked


def test_who_comes_to_be_known_while_issues_are_read_is_asked_for_alone(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    sandbox.fault("jira", "assignable/search", status=200, body="[]", times=None)
    company = Company(sandbox, store_url, tmp_path)
    company.read("delivery")
    assert company.ask("select name from account where not is_asked") == set()
    assert len([one for one in sandbox.requests if one.path.endswith("/user/bulk")]) == 1


def test_that_a_person_is_not_there_is_believed_when_it_is_said_twice(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    jira = sandbox.world.jira
    issue = next(one for one in jira.issues.values() if one.assignee and jira.statuses[one.status].category == "new")
    jira.users[issue.assignee].active = False  # whom no work can be given to any more
    sandbox.fault("dc", r"GET .*/user\?", status=404, times=None)
    company = Company(sandbox, store_url, tmp_path, text=on_data_center(sandbox))
    assert "word-not-mapped" not in {rule for rule, _ in company.run(apply=None).found}
    assert "word-not-mapped" in {rule for rule, _ in company.later(minutes=16).run(apply=None).found}
    sandbox.clear()
    company.later(minutes=20).run(apply=None)
    assert not [one for one in sandbox.requests if "/user" in one.path]


@pytest.mark.parametrize("status", [403, 500])
def test_a_board_that_cannot_be_read_fails_in_each_run_until_it_can(
    sandbox: Sandbox, store_url: str, tmp_path: Path, status: int
) -> None:
    company = Company(sandbox, store_url, tmp_path)
    company.run(apply=None)
    fault = sandbox.fault("jira", "board/1/sprint", status=status, times=None)
    told = []
    for minutes in (16, 5, 5, 6, 5):
        run = company.later(minutes=minutes).run(apply=None)
        (failed,) = [one.failed for one in run.pulled if one.connection == "delivery"]
        told.append({(scope, type(error), str(error), error.status) for scope, error in failed.items()})
    assert len(told[0]) == 1
    assert all(one == told[0] for one in told)
    fault.times = 0
    run = company.later(minutes=16).run(apply=None)
    assert [one.failed for one in run.pulled] == [{}, {}, {}]


def test_a_list_of_sprints_that_lacks_one_with_work_in_it_is_believed_when_it_is_said_twice(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    def cut(_: Call, answer: Answer) -> Answer:
        return Answer({**answer.body, "isLast": True, "values": answer.body["values"][:1]}, 200, answer.headers)

    company = Company(sandbox, store_url, tmp_path)
    company.read("delivery")
    known = "select name from sprints where state <> 'closed'"
    before = company.ask(known)
    assert len(before) > 1
    fault = sandbox.fault("jira", "/board/1/sprint", "bent", times=None)
    fault.after = cut
    company.later(days=1, minutes=1).read("delivery")
    assert company.ask(known) == before
    company.later(minutes=16).read("delivery")
    assert len(company.ask(known)) < len(before)
