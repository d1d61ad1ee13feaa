"""What is deleted, moved or left out: no finding names it for long, and nothing that is there is taken for gone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from syncbot.errors import Vanished
from syncbot.sandbox.asana.edits import delete
from syncbot.sandbox.cruelty import Plan, Rule, people
from syncbot.sandbox.edits import Edits
from syncbot.sandbox.http import Call
from syncbot.sandbox.jira.issues import remove
from syncbot.sandbox.mutations.register import INVOICES, RETRY, SPLIT, card, issue
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import AsanaSection, JiraIssue, TrelloBoard
from tests.company import Company
from tests.pipeline.test_datacenter import on_data_center

ABANDONED = ("work-without-assignee", "Tune the rules by country")


@pytest.fixture
def company(sandbox: Sandbox, store_url: str, tmp_path: Path) -> Company:
    return Company(sandbox, store_url, tmp_path)


def _days(company: Company, days: int) -> set[tuple[str, str]]:
    """What stands after this many more days with a run each."""
    for _ in range(days):
        found = company.later(days=1, minutes=1).run(apply=None).found
    return found


def _delete(company: Company, issue: JiraIssue) -> None:
    del company.sandbox.world.jira.issues[issue.id]
    company.sandbox.world.stamp()


def test_a_deleted_card_is_not_named_after_one_day_and_its_finding_is_resolved_after_two(company: Company) -> None:
    company.sandbox.apply("idea-without-owner")
    before = company.run(apply=None).found
    assert len(before) == 1
    gone, state = card(Edits(company.sandbox.world), SPLIT), company.sandbox.world.trello
    del state.cards[gone.id]
    state.boards[gone.board].active = company.sandbox.world.stamp()
    assert company.later(days=1, minutes=1).run(apply=None).found == set()
    run = company.later(days=1, minutes=1).run(apply=None)
    assert (run.found, run.resolved) == (set(), before)


def test_a_deleted_card_is_no_feature_and_its_epic_stands_for_itself(company: Company) -> None:
    assert company.run(apply=None).found == set()
    gone = card(Edits(company.sandbox.world), RETRY)
    epic = issue(Edits(company.sandbox.world), RETRY)
    Edits(company.sandbox.world).assign(epic, None)
    del company.sandbox.world.trello.cards[gone.id]
    company.sandbox.world.trello.boards[gone.board].active = company.sandbox.world.stamp()
    assert _days(company, 2) == {("feature-without-owner", epic.key), ("twin-vanished", epic.key)}
    ((said,),) = company.ask("select fate from lost_twins")
    assert said == "deleted"


def test_an_issue_that_moves_to_another_project_is_judged_there_under_its_new_key(company: Company) -> None:
    company.sandbox.apply("work-abandoned")
    company.run(apply=None)
    moved = issue(Edits(company.sandbox.world), ABANDONED[1])
    other = next(one for one in company.sandbox.world.jira.projects.values() if one.id != moved.project)
    Edits(company.sandbox.world).set(moved, project=other.id, key=f"{other.key}-900", old_keys=[moved.key])
    run = company.later(minutes=20).run(apply=None)
    assert run.found == {("work-without-assignee", f"{other.key}-900")}
    assert run.resolved == set()
    assert _days(company, 3) == {("work-without-assignee", f"{other.key}-900")}


def test_a_card_that_moves_to_a_board_that_is_not_read_is_gone(company: Company) -> None:
    company.sandbox.apply("idea-without-owner")
    run = company.run(apply=None)
    assert len(run.found) == 1
    state = company.sandbox.world.trello
    moved = next(one for one in state.cards.values() if one.short_link == next(iter(run.found))[1])
    elsewhere = TrelloBoard(state.next_id(company.now), "Elsewhere", "ElSeWhEr", company.now)
    state.boards[elsewhere.id] = elsewhere
    state.boards[moved.board].active = company.sandbox.world.stamp()
    moved.board = elsewhere.id
    assert _days(company, 2) == set()


def test_one_miss_is_no_deletion(company: Company) -> None:
    company.sandbox.apply("work-abandoned")
    before = company.run(apply=None).found
    lost = issue(Edits(company.sandbox.world), ABANDONED[1])
    _delete(company, lost)
    assert _days(company, 1) == set()
    company.sandbox.world.jira.issues[lost.id] = lost
    company.sandbox.world.stamp()
    run = company.later(days=1, minutes=1).run(apply=None)
    assert run.found == before
    assert run.resolved == set()


def test_a_project_that_loses_too_much_at_once_loses_nothing_and_says_so(company: Company) -> None:
    company.sandbox.apply("work-abandoned", "idea-without-owner")
    before = company.run(apply=None).found
    jira = company.sandbox.world.jira
    hidden = {one.id: one for one in jira.issues.values() if one.project == "10000"}
    for one in hidden:
        del jira.issues[one]
    company.sandbox.world.stamp()
    for _ in range(3):
        run = company.later(days=1, minutes=1).run(apply=None)
        assert run.found == before
        (error,) = run.pulled[1].failed.values()
        assert "are no longer to be found" in str(error)
    jira.issues |= hidden
    company.sandbox.world.stamp()
    run = company.later(minutes=20).run(apply=None)
    assert run.found == before
    assert not run.pulled[1].failed
    assert run.verdict.cannot_tell == ()


def test_a_person_can_say_that_it_is_gone(company: Company) -> None:
    company.sandbox.apply("work-abandoned", "idea-without-owner")
    company.run(apply=None)
    jira = company.sandbox.world.jira
    ids = [one.id for one in jira.issues.values() if one.project == "10000"]
    remove(jira, *(jira.issues[id_] for id_ in ids[::2]))
    for id_ in ids[1::2]:
        jira.issues[id_].project = "10002"
    jira.projects["10002"] = replace(jira.projects["10001"], id="10002", key="OPS", name="Operations")
    company.sandbox.world.stamp()
    run = company.later(days=1, minutes=1).run(apply=None)
    (error,) = run.pulled[1].failed.values()
    assert isinstance(error, Vanished)
    assert "moved away" in str(error)
    assert "deleted or no longer visible" in str(error)
    assert "syncbot pull --connection delivery --accept-vanished PAY" in str(error)
    run = company.later(minutes=1).run(apply=None, accept=["PAY"])
    assert not run.pulled[1].failed
    assert run.pulled[1].gone == {"gone": len(ids[::2]), "moved": len(ids[1::2])}
    assert company.ask(
        "select count(*) from items where connection = 'delivery' and ref like 'PAY%' and seen = 'here'"
    ) == {(0,)}


def test_what_is_gone_is_told_apart_as_far_as_the_tool_does(company: Company) -> None:
    company.run(apply=None)
    world = company.sandbox.world
    deleted, moved = [one for one in world.trello.cards.values() if one.creator not in world.trello.tokens.values()][:2]
    del world.trello.cards[deleted.id]
    people.take(world, moved, next(iter(world.trello.members)))
    tasks = [one for one in world.asana.tasks.values() if len(one.places) == 1 and not (one.subtasks or one.parent)]
    for task, gid, privacy in (tasks[0], "8", "public_to_workspace"), (tasks[1], "9", "private"):
        home = world.asana.projects[next(iter(task.places))]
        elsewhere = replace(home, gid=gid, name="Elsewhere", privacy=privacy, members=[], sections=[f"{gid}1"])
        section = AsanaSection(f"{gid}1", gid, "Inside", home.created)
        world.asana.projects[gid], world.asana.sections[section.gid] = elsewhere, section
        world.asana.unplace(task, home.gid)
        world.asana.place(task, section)
    company.later(days=1, minutes=1).run(apply=None)
    run = company.later(days=1, minutes=1).run(apply=None)
    assert [one.gone for one in run.pulled] == [{"deleted": 1, "moved": 1}, {}, {"moved": 1, "hidden": 1}]


def test_an_issue_that_is_archived_is_not_judged_for_ever(company: Company) -> None:
    company.sandbox.apply("work-abandoned")
    edits = Edits(company.sandbox.world)
    archived = issue(edits, ABANDONED[1])
    company.configure(("where = ", "# "))
    assert (ABANDONED[0], archived.key) in company.run(apply=None).found
    edits.set(archived, archived=True)
    assert archived.key not in {ref for _, ref in _days(company, 2)}
    edits.undo()
    assert (ABANDONED[0], archived.key) in _days(company, 1)


@pytest.mark.parametrize("kind", ["cloud", "data center"])
def test_of_a_project_that_is_archived_a_person_says_that_it_is_gone(company: Company, kind: str) -> None:
    if kind == "data center":
        company.text = on_data_center(company.sandbox)
        company.configure()
    company.run(apply=None)
    company.sandbox.world.jira.projects["10000"].archived = True
    company.sandbox.world.stamp()
    run = company.later(days=1, minutes=1).run(apply=None)
    (error,) = run.pulled[1].failed.values()
    assert "PAY is archived by now" in str(error)
    assert "moved away" in str(error)
    run = company.later(minutes=1).run(apply=None, accept=["PAY"])
    assert not run.pulled[1].failed
    assert [*run.pulled[1].gone] == ["moved"]
    company.sandbox.world.jira.projects["10000"].archived = False
    company.sandbox.world.stamp()
    assert not any(one.failed for one in company.later(days=1, minutes=1).run(apply=None).pulled)


def test_a_count_that_lacks_what_is_there_buries_nothing(company: Company) -> None:
    company.run(apply=None)
    company.later(days=1, minutes=1)
    company.sandbox.plan = Plan(1, [Rule(("hollow",), "asana", "GET */tasks", chance=1)])
    company.run(apply=None)
    company.sandbox.plan = None
    assert company.ask("select count(*) from items where seen <> 'here'") == {(0,)}


def test_what_was_never_read_is_found_by_counting(company: Company) -> None:
    company.run(apply=None)
    world = company.sandbox.world
    like = issue(Edits(world), INVOICES)
    unread = JiraIssue(
        "77777",
        "PAY-777",
        like.project,
        like.type,
        like.status,
        "Never told of",
        like.created,
        like.created,
        like.created,
        like.creator,
    )
    world.jira.issues[unread.id] = unread
    world.stamp()
    assert _days(company, 1) >= {("feature-without-owner", "PAY-777")}


def test_what_was_out_of_sight_for_days_is_back_with_the_first_count_that_sees_it(company: Company) -> None:
    company.run(apply=None)
    hidden = issue(Edits(company.sandbox.world), ABANDONED[1])
    _delete(company, hidden)
    _days(company, 2)
    seen = f"select seen from items where remote_id = '{hidden.id}'"
    assert company.ask(seen) in (set(), {("gone",)})
    company.sandbox.world.jira.issues[hidden.id] = hidden
    company.sandbox.clear()
    _days(company, 1)
    assert company.ask(seen) == {("here",)}
    assert sum("bulkfetch" in one.url for one in company.sandbox.requests) == 1  # and nothing was read in full


def test_it_is_counted_in_the_first_run_after_its_time_and_in_no_other(company: Company) -> None:
    def counts(**later: float) -> bool:
        company.sandbox.clear()
        company.later(**later).run(apply=None)
        asked = [one.url for one in company.sandbox.requests]
        return any(("fields=id" in url and "sprint" not in url) or "list_fields=closed" in url for url in asked)

    company.now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)  # it is due at 3:00 in London
    counts()  # the first time is the reference
    assert not counts(hours=17)
    assert counts(hours=2)
    assert not counts(hours=22)
    assert counts(hours=2)
    assert counts(days=-1)  # a clock that was wrong


def test_goals_that_are_refused_for_days_stay_and_grow_old(sandbox: Sandbox, store_url: str, tmp_path: Path) -> None:
    edit = ('scopes = ["Launch *"]', 'scopes = ["Launch *", "goals:*"]')
    company = Company(sandbox, store_url, tmp_path, edit=edit)
    company.run(apply=None)
    assert company.ask("select 1 from items where connection = 'marketing' and kind = 'goal'")
    sandbox.fault("asana", r"GET /api/1.0/goals\?", times=None, status=403)
    for _ in range(3):
        run = company.later(days=1, minutes=1).run(apply=None)
    assert set(run.pulled[2].failed) == {f"Goals of {sandbox.world.asana.name}"}
    assert company.ask("select count(*) from items where seen <> 'here'") == {(0,)}


def test_an_address_from_before_a_move_that_nobody_saw_leads_to_the_issue_once_jira_was_asked(company: Company) -> None:
    epic = issue(Edits(company.sandbox.world), RETRY)
    twins = "select f.title from twins t join features f on f.id = t.feature_id"
    before = epic.key
    other = next(one for one in company.sandbox.world.jira.projects.values() if one.id != epic.project)
    Edits(company.sandbox.world).set(epic, project=other.id, key=f"{other.key}-900", old_keys=[before], fields={})
    links = card(Edits(company.sandbox.world), RETRY).attachments
    links.append(replace(links[0], id=f"{links[0].id[:-3]}fff", url=f"{company.sandbox.jira_url}/browse/{before}999"))
    company.run(apply=None)
    assert (RETRY,) not in company.ask(twins)
    company.later(minutes=5).run(apply=None)
    assert (RETRY,) in company.ask(twins)
    company.sandbox.clear()
    company.later(minutes=5).run(apply=None)
    assert not [one for one in company.sandbox.requests if "/issue/" in one.path]  # nor what is nowhere
    company.later(days=8).run(apply=None)
    asked = [one.path for one in company.sandbox.requests if "/issue/" in one.path]
    assert "/rest/api/3/issue/bulkfetch" in asked
    assert "/rest/api/3/issue/{issue}" not in asked


def test_a_task_that_an_event_calls_deleted_is_gone_at_once_if_it_is_not_there(company: Company) -> None:
    company.sandbox.apply("launch-work-abandoned")
    before = company.run(apply=None).found
    ((_, gid),) = before
    state = company.sandbox.world.asana
    call = Call(company.sandbox.world, "DELETE", "", "", {}, {}, {}, {}, {}, next(iter(state.users)))
    state.tell(company.sandbox.world.stamp(), call.user, ("task", gid), "deleted", *state.tasks[gid].places)
    assert company.later(minutes=5).run(apply=None).found == before  # it is there all the same
    delete(call, state.tasks[gid])
    run = company.later(minutes=5).run(apply=None)
    assert (run.found, run.resolved) == (set(), before)


def test_an_issue_that_moves_while_it_is_counted_is_at_its_new_place(company: Company) -> None:
    company.run(apply=None)
    jira = company.sandbox.world.jira
    moved = issue(Edits(company.sandbox.world), ABANDONED[1])
    other = next(one for one in jira.projects.values() if one.id != moved.project)
    count = company.sandbox.fault("jira", "search/jql.*maxResults=5000", "bent")
    count.before = lambda _: Edits(company.sandbox.world).set(moved, project=other.id, key=f"{other.key}-900")
    company.later(days=1, minutes=1).run(apply=None)
    assert company.ask(f"select seen, ref from items where remote_id = '{moved.id}'") == {("here", f"{other.key}-900")}
