"""History that the config asks for: read of what changed and nothing else, told in our words, and sprints rebuilt."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from syncbot.sandbox.asana import edits as asana
from syncbot.sandbox.http import Answer, Call
from syncbot.sandbox.jira.changes import noted
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.trello import edits
from syncbot.sandbox.world import JiraIssue
from tests.company import Company
from tests.connectors.acceptance.sites import HISTORY, text_of

CHANGES = """
    select i.ref, c.field, c.old, c.new, a.remote_id from changes c join items i on i.id = c.item_id
    left join accounts a on a.id = c.account_id where c.at >= '2026-11-23T08:00'"""  # not what the company began with
SNAPSHOTS = """
    select p.name, s.event, s.rebuilt, i.ref, x.points, x.status from snapshots s
    join sprints p on p.id = s.of_id and s.of = 'sprint'
    join snapshot_items x on x.snapshot_id = s.id join items i on i.id = x.item_id"""


ON_BOTH = pytest.mark.parametrize("company", ["jira", "data center"], indirect=True)


@pytest.fixture
def company(request: pytest.FixtureRequest, sandbox: Sandbox, store_url: str, tmp_path: Path) -> Company:
    return Company(sandbox, store_url, tmp_path, text=text_of(sandbox, getattr(request, "param", "jira"))).configure(
        HISTORY
    )


def _planned(company: Company) -> JiraIssue:
    """Work of the running sprint that has points."""
    state = company.sandbox.world.jira
    (running,) = [one.id for one in state.sprints.values() if one.state == "active"]
    points = "customfield_10028"
    return next(one for one in state.issues.values() if one.sprints == [running] and one.fields.get(points))


def _edit(company: Company, issue: JiraIssue, **values: Any) -> None:
    with noted(company.sandbox.world, issue, issue.creator):
        for name, value in values.items():
            setattr(issue, name, value)


def _done(company: Company) -> str:
    statuses = company.sandbox.world.jira.statuses
    return next(key for key, one in statuses.items() if one.name == "Done")


def _asked(company: Company) -> int:
    """How many requests of the last run can have been for changelogs: Data Center's are searches, as others are."""
    found = [one for one in company.sandbox.requests if one.path.endswith(("/changelog/bulkfetch", "/api/2/search"))]
    company.sandbox.clear()
    return len(found)


@ON_BOTH
def test_what_changed_is_told_in_our_words_and_asked_for_once(company: Company) -> None:
    company.run(apply=None)
    issue = _planned(company)
    _asked(company)
    company.later(minutes=20).run(apply=None)
    usual = _asked(company)
    company.later(minutes=20)
    _edit(company, issue, due="2026-12-24", fields=issue.fields | {"customfield_10028": 99.0})
    _edit(company, issue, status=_done(company), summary="Renamed")
    assert not any(one.failed for one in company.run(apply=None).pulled)
    assert _asked(company) == usual + 1
    told = company.ask(CHANGES)
    assert {row[1] for row in told} >= {"status", "points", "due_on"}
    assert {(row[0], row[3]) for row in told if row[1] == "points"} == {(issue.key, "99")}
    assert {row[4] is not None for row in told} == {True}
    assert not any(one.failed for one in company.later(minutes=20).run(apply=None).pulled)
    assert _asked(company) == usual
    assert company.ask(CHANGES) == told


@ON_BOTH
def test_one_that_could_not_be_read_is_said_and_read_next_time(company: Company) -> None:
    company.run(apply=None)
    issue = _planned(company)
    company.later(minutes=20)
    _edit(company, issue, due="2026-12-24")
    faults = [
        company.sandbox.fault("jira", "changelog/bulkfetch", times=None),
        company.sandbox.fault("dc", "POST .*/search", after=1, times=None),
    ]
    run = company.run(apply=None)
    assert [list(one.failed) for one in run.pulled] == [[], ["Payments"], []]
    assert company.ask(CHANGES) == set()
    for fault in faults:
        fault.times = 0
    company.later(minutes=20).run(apply=None)
    assert (issue.key, "due_on") in {row[:2] for row in company.ask(CHANGES)}


def test_a_changed_mapping_tells_another_past_without_asking(company: Company) -> None:
    company.run(apply=None)
    issue = _planned(company)
    company.later(minutes=20)
    _edit(company, issue, status=_done(company))
    company.run(apply=None)
    assert {row[3] for row in company.ask(CHANGES) if row[1] == "status"} == {"done"}
    folder = company.file.parent / "mappings"
    folder.mkdir(exist_ok=True)
    (folder / "jira.toml").write_text('version = 1\n[status]\npaused = { status = "Done" }\n', encoding="utf-8")
    company.configure(HISTORY)
    company.run(apply=None, expect_mistakes=None)
    assert {row[3] for row in company.ask(CHANGES) if row[1] == "status"} == {"paused"}


@ON_BOTH
def test_a_sprint_that_ended_while_syncbot_was_away_is_rebuilt_as_one_that_was_there_kept_it(
    company: Company, tmp_path: Path
) -> None:
    company.run(apply=None)
    state, world = company.sandbox.world.jira, company.sandbox.world
    running = next(one for one in state.sprints.values() if one.state == "active")
    following = next(one for one in state.sprints.values() if one.state == "future")
    company.later(days=1)
    for issue in [one for one in state.issues.values() if one.sprints == [running.id]]:
        if state.statuses[issue.status].category != "done":
            _edit(company, issue, sprints=[running.id, following.id])
    running.state, running.completed = "closed", world.stamp()
    following.state, following.start = "active", world.stamp()
    following.end = world.now + dt.timedelta(days=14)
    there = Company(company.sandbox, f"sqlite:///{tmp_path / 'there.db'}", tmp_path, text=company.text)
    there.configure(HISTORY).later(minutes=10).run(apply=None)
    company.later(days=5)
    for issue in [one for one in state.issues.values() if following.id in one.sprints][:3]:
        _edit(company, issue, status=_done(company), fields=issue.fields | {"customfield_10028": 13.0})
    grown = next(one for one in state.issues.values() if not one.sprints and one.type == "10001")
    _edit(company, grown, sprints=[following.id])
    company.run(apply=None)
    kept = {(*row[:2], *row[3:]) for row in there.ask(SNAPSHOTS) if not row[2]}
    rebuilt = {(*row[:2], *row[3:]) for row in company.ask(SNAPSHOTS) if row[2]}
    assert {row[:2] for row in kept} == {(running.name, "close"), (following.name, "start")}
    assert {row for row in rebuilt if row[:2] in {one[:2] for one in kept}} == kept


def test_history_that_is_no_longer_wanted_is_no_longer_asked_for(company: Company) -> None:
    company.run(apply=None)
    company.configure()
    _edit(company.later(minutes=20), _planned(company), due="2026-12-24")
    company.run(apply=None)
    assert company.ask(CHANGES) == set()
    company.configure(HISTORY).later(minutes=20).run(apply=None)
    assert "due_on" in {row[1] for row in company.ask(CHANGES)}


def test_a_card_that_is_dragged_about_tells_where_it_was(sandbox: Sandbox, store_url: str, tmp_path: Path) -> None:
    company = Company(sandbox, store_url, tmp_path)
    company.configure(("[connections.roadmap]\n", '[connections.roadmap]\nhistory = "90d"\n')).run(apply=None)
    state = sandbox.world.trello
    card = next(one for one in state.cards.values() if one.due and state.lists[one.list_id].name == "Next")
    for column in ("Now", "Done"):
        company.later(minutes=20)
        was = edits.sides(card)
        card.list_id = next(key for key, one in state.lists.items() if (one.board, one.name) == (card.board, column))
        card.due = None
        edits.change(sandbox.world, next(iter(state.members)), card, was)
        sandbox.clear()
        company.run(apply=None)
        assert len([one for one in sandbox.requests if one.path.endswith("/actions")]) == 2  # one of them empty
    sandbox.clear()
    told = [row[1:4] for row in company.ask(CHANGES) if row[0] == card.short_link]
    assert {row[0]: row[2] for row in told if row[0] == "due_on"} == {"due_on": None}
    assert {row[1:] for row in told if row[0] == "status"} == {("ready", "doing"), ("doing", "done")}
    company.later(minutes=20).run(apply=None)
    assert not [one for one in sandbox.requests if one.path.endswith("/actions")]


def test_a_task_of_asana_tells_how_it_came_to_be_what_it_is(sandbox: Sandbox, store_url: str, tmp_path: Path) -> None:
    company = Company(sandbox, store_url, tmp_path)
    history = ("[connections.marketing]\n", '[connections.marketing]\nhistory = "90d"\n')
    company.configure(history).run(apply=None)
    state, home = sandbox.world.asana, next(iter(sandbox.world.asana.projects.values()))
    todo, doing = (one for one in map(state.sections.__getitem__, home.sections) if one.name in {"To do", "Doing"})
    there = map(state.tasks.__getitem__, todo.tasks)
    task = next(one for one in there if len(one.places) == 1 and not one.subtasks)
    call = Call(sandbox.world, "PUT", "", "", {}, {}, {}, {}, {}, home.owner or "")
    sandbox.clear()
    company.later(minutes=20).run(apply=None)
    assert not [one for one in sandbox.requests if one.path.endswith("/stories")]
    usual = len(sandbox.requests)
    company.later(minutes=20)
    asana.put(call, task, doing)
    asana.change(call, task, {"due_on": "2026-12-24", "assignee": home.owner})
    asana.change(call, task, {"completed": True})
    sandbox.clear()
    company.run(apply=None)
    assert len(sandbox.requests) - usual == 2, "the task is read, and its stories"
    told = {row[1:] for row in company.ask(CHANGES) if row[0] == task.gid}
    assert {row[0]: row[2] for row in told if row[0] == "due_on"} == {"due_on": "2026-12-24"}
    assert {row[1:3] for row in told if row[0] == "status"} == {("planned", "doing"), ("doing", "done")}
    assert {row[3] for row in told} == {home.owner}
    sandbox.clear()
    company.later(minutes=20).run(apply=None)
    assert len(sandbox.requests) == usual


def test_a_history_that_is_hidden_is_asked_for_again_after_a_day(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    company = Company(sandbox, store_url, tmp_path)
    history = ("[connections.marketing]\n", '[connections.marketing]\nhistory = "90d"\n')
    hide = sandbox.fault("asana", "POST .*/batch", "bent", times=None)
    hide.after = _without_stories
    told = []
    for time in ({"minutes": 0}, {"minutes": 20}, {"hours": 23}, {"hours": 1}, {"minutes": 20}):
        run = company.configure(history).later(**time).run(apply=None)
        told.append([name for one in run.pulled for name in one.failed])
        if len(told) == 3:
            assert company.ask("select count(*) from past") == {(0,)}
            hide.times = 0
    assert [bool(one) for one in told] == [True, False, False, False, False]
    assert company.ask("select count(*) from past") != {(0,)}


def _without_stories(call: Call, answer: Answer) -> Answer:
    """A batch in which one task's stories are hidden."""
    actions = call.body["data"]["actions"]
    for action, part in zip(actions, answer.body["data"], strict=True):
        if action["relative_path"].endswith("/stories"):
            part |= {"status_code": 403, "body": {"errors": [{"message": "Not you"}]}}
    return answer


def test_what_a_tool_keeps_back_once_is_told_with_what_comes_next(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    company = Company(sandbox, store_url, tmp_path)
    company.configure(("[connections.roadmap]\n", '[connections.roadmap]\nhistory = "90d"\n')).run(apply=None)
    state = sandbox.world.trello
    first, second, *_ = [one for one in state.cards.values() if one.due]
    sandbox.fault("trello", "/actions", status=200, body="[]", headers={"Content-Type": "application/json"})
    for card in (first, second):
        company.later(minutes=20)
        was, card.due = edits.sides(card), None
        edits.change(sandbox.world, next(iter(state.members)), card, was)
        company.run(apply=None)
        known = {row[0] for row in company.ask(CHANGES) if row[1] == "due_on"}
        assert known == (set() if card is first else {first.short_link, second.short_link})


def test_the_history_of_a_card_that_is_read_after_the_others_is_whole(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    history = ("[connections.roadmap]\n", '[connections.roadmap]\nhistory = "90d"\n')
    company = Company(sandbox, store_url, tmp_path)
    state = sandbox.world.trello
    late, early = [one for one in state.cards.values() if one.due][:2]
    for card in (late, early):
        company.later(days=2)
        was, card.due = edits.sides(card), None
        edits.change(sandbox.world, next(iter(state.members)), card, was)
    filter_ = f'[connections.roadmap.scope."Product roadmap"]\nsince = {sandbox.now.date()}\n'
    company.configure(history, ("[connections.delivery]\n", f"{filter_}[connections.delivery]\n")).run(apply=None)
    known = {row[0] for row in company.ask(CHANGES) if row[1] == "due_on"}
    assert known == {early.short_link}
    company.configure(history).later(minutes=20).run(apply=None)
    known = {row[0] for row in company.ask(CHANGES) if row[1] == "due_on"}
    assert known == {early.short_link, late.short_link}
    for card, other in ((early, late), (late, early)):
        company.later(minutes=20)
        was, card.name = edits.sides(card), f"{other.name} again"
        edits.change(sandbox.world, next(iter(state.members)), card, was)
        sandbox.clear()
        company.run(apply=None)
        asked = [one.url for one in sandbox.requests if one.path.endswith("/actions")]
        assert "since=2026-08" not in asked[0], "only what came since is asked for"
