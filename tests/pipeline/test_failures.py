"""What cannot be read keeps what was read before, says so, and lets no rule accuse anybody on old data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

import connectors
from connectors.jira.connector import Jira
from syncbot.connector import Page, Settings, Want, Write, Written
from syncbot.errors import Crashed
from syncbot.sandbox.mutations import TOGETHER
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import JiraBoard
from syncbot.store import Store
from tests.company import Company

BEFORE = ("secret-work-abandoned", "work-abandoned", "owner-leaves")


@pytest.fixture
def company(sandbox: Sandbox, store_url: str, tmp_path: Path) -> Company:
    sandbox.apply(*BEFORE)
    started = Company(sandbox, store_url, tmp_path)
    assert len(started.run(apply=None).found) == len(BEFORE)
    return started


def test_a_project_that_is_no_longer_visible_loses_no_item_and_resolves_no_finding(company: Company) -> None:
    before = company.run(apply=None).found
    company.sandbox.world.jira.projects["10001"].hidden = True
    run = company.later(days=2).run(apply=None, expect_mistakes=True)
    assert "RISK" in str(next(iter(run.pulled[1].failed.values())))
    assert {(rule, ref) for rule, ref in run.found if rule != "source-stale"} == before
    assert ("source-stale", "RISK") in run.found
    assert run.resolved == set()
    states = {one.finding.subject.ref: one.state for one in run.verdict.stated}
    assert states["RISK-7"] == "not_checked"
    company.sandbox.world.jira.projects["10001"].hidden = False
    after = company.later(minutes=20).run(apply=None)
    assert after.found == before
    assert not after.pulled[1].failed


def test_what_is_to_be_looked_at_again_in_a_project_that_is_no_longer_visible_is_not_taken_for_gone(
    company: Company,
) -> None:
    company.sandbox.world.jira.projects["10001"].hidden = True
    run = company.later(days=2).run(apply=True, expect_mistakes=None)
    assert "RISK-7" not in {ref for _, ref in run.found}, "it was never looked at again, so it is not said"
    with Store.open(company.store_url) as store, store.reading() as db:
        assert db.scalar(text("select count(*) from record where seen <> 'here'")) == 0


@pytest.mark.parametrize("tool", ["jira", "trello"])
def test_a_tool_that_is_down_loses_nothing_and_the_other_goes_on(company: Company, tool: str) -> None:
    before = company.run(apply=True).found
    company.sandbox.fault(tool, ".*", status=503, times=None)
    company.sandbox.apply("epic-closed-early")
    run = company.later(hours=1).run(apply=True)
    assert {one.connection: bool(one.failed) for one in run.pulled} == {
        "roadmap": tool == "trello",
        "delivery": tool == "jira",
        "marketing": False,
    }
    assert run.found == before
    assert run.resolved == set()
    assert run.verdict.cannot_tell
    company.sandbox.clear()
    after = company.later(hours=1).run(apply=None)
    assert before < after.found
    assert {rule for rule, _ in after.found - before} == {"status-drift", "done-with-open-children"}


def test_a_hiccup_of_one_tool_writes_nothing_into_the_others(sandbox: Sandbox, store_url: str, tmp_path: Path) -> None:
    sandbox.apply(*TOGETHER)
    company = Company(sandbox, store_url, tmp_path)
    for _ in range(3):
        company.later(minutes=20).run(apply=True)
    for tool in ("asana", "jira", "trello"):
        sandbox.clear()
        sandbox.fault(tool, ".*", status=503, times=None)
        run = company.later(minutes=20).run(apply=True)
        assert any(one.is_passing for one in run.verdict.cannot_tell)
        assert [one for one in sandbox.writes() if one.tool != tool] == []
        sandbox.clear()
        company.later(minutes=20).run(apply=True)
        assert sandbox.writes() == []


def test_a_connector_that_makes_a_mistake_costs_its_connection_and_is_told_as_ours(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = company.run(apply=None).found
    monkeypatch.setitem(connectors.ALL, "jira", Careless)
    run = company.later(hours=1).run(apply=True)
    (error,) = {*run.pulled[1].failed.values()}
    assert isinstance(error, Crashed)
    assert isinstance(error.__cause__, KeyError)
    assert "secret" not in str(error)
    assert [one.connection for one in run.pulled if not one.failed] == ["roadmap", "marketing"]
    assert run.found == before
    assert run.resolved == set()


def test_a_connector_that_makes_a_mistake_while_writing_costs_its_report_and_is_looked_into(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Careless, "pull", Jira.pull)
    monkeypatch.setitem(connectors.ALL, "jira", Careless)
    run = company.later(hours=1).run(apply=True)
    results = {one.planned.draft.connection: one for one in run.outcomes}
    assert {name: one.result for name, one in results.items()} == {
        "roadmap": "created",
        "delivery": "failed",
        "marketing": "created",
    }
    assert isinstance(results["delivery"].error, Crashed)
    assert "secret" not in str(results["delivery"].error)
    monkeypatch.undo()
    company.later(hours=1).run(apply=True)
    reports = [one for one in company.sandbox.world.jira.issues.values() if "syncbot-report" in one.labels]
    assert len(reports) == 1  # it was there: only the answer was not understood


class Careless:
    """What the author of a connector may get wrong."""

    TOOL, SECRETS, DEFAULT_URL = "jira", ("token",), None

    @staticmethod
    def connect(settings: Settings) -> Jira:
        return _Careless(settings)


class _Careless(Jira):
    def pull(self, wants: Sequence[Want], fields: frozenset[str]) -> Iterator[Page]:
        yield next(super().pull(wants, fields))
        raise KeyError("a secret that stood in the answer")

    def apply(self, write: Write) -> Written:
        super().apply(write)
        raise KeyError("a secret that stood in the answer")


def test_of_two_boards_of_one_name_one_that_fails_leaves_the_other_alone(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    trello = sandbox.world.trello
    board = next(one for one in trello.boards.values() if one.name == "Product roadmap")
    twin = replace(board, id=trello.next_id(sandbox.now), short_link="TwInBoAr")
    trello.boards[twin.id] = twin
    for column in [one for one in trello.lists.values() if one.board == board.id]:
        copy = replace(column, id=trello.next_id(sandbox.now), board=twin.id)
        trello.lists[copy.id] = copy
    edit = ('scopes = ["Product roadmap"]', 'scopes = ["RoAdMaP1", "TwInBoAr"]')
    company = Company(sandbox, store_url, tmp_path)
    company.configure(edit, ('scope      = "Product roadmap"', 'scope      = "RoAdMaP1"'))
    company.run(apply=None, expect_mistakes=None)
    sandbox.fault("trello", rf"GET /1/boards/{twin.id}\?.*cards=all", times=None, status=500)
    gone = next(one for one in trello.cards.values() if one.board == board.id)
    del trello.cards[gone.id]
    for _ in range(2):
        board.active = twin.active = sandbox.world.stamp()
        run = company.later(days=1, minutes=20).run(apply=None, expect_mistakes=None)
        assert [*run.pulled[0].failed] == [f"Product roadmap ({twin.id})"]
    assert company.ask(f"select seen from items where remote_id = '{gone.id}'") == {("gone",)}


HOMES = "select s.remote_id from scopes s join items i on i.home_scope_id = s.id where s.connection = 'delivery'"
STATUSES = {"times": None, "status": 500, "body": b"{}"}


def test_a_project_whose_words_the_tool_does_not_say_is_read_with_those_that_are_known(company: Company) -> None:
    before = company.run(apply=None).found
    company.sandbox.fault("jira", "project/10001/statuses", **STATUSES)
    company.sandbox.apply("epic-closed-early")
    run = company.later(days=1, minutes=20).run(apply=None)
    assert [*run.pulled[1].failed] == ["Risk & Fraud"]
    assert "project/10001/statuses: 500" in str(run.pulled[1].failed["Risk & Fraud"])
    assert before < run.found
    assert not run.verdict.cannot_tell


def test_a_project_that_falls_silent_leaves_the_words_of_the_others_fresh(company: Company) -> None:
    company.sandbox.fault("jira", "project/10001/statuses", **STATUSES)
    jira = company.sandbox.world.jira
    done = next(one for one in jira.statuses.values() if one.category == "done")
    jira.statuses["77"] = replace(done, id="77", name="Shipped to all")
    jira.projects["10000"].statuses.append("77")
    company.later(days=1, minutes=20).run(apply=None)
    company.sandbox.clear()
    company.sandbox.fault("jira", "project/10001/statuses", **STATUSES)
    run = company.later(minutes=20).run(apply=None)
    assert {one.name for one in run.ready["delivery"].vocabulary.terms if one.id == "77"} == {"Shipped to all"}
    assert {one.scope for one in run.ready["delivery"].vocabulary.terms if one.facet == "status"} == {"10000", "10001"}
    described = [one.url for one in company.sandbox.requests if "/statuses" in one.url]
    assert {url.partition("project/")[2] for url in described} == {"10001/statuses"}, "only the silent one is asked"


def test_a_tool_that_has_no_time_for_a_silent_project_is_asked_again_and_does_not_fail_for_it(company: Company) -> None:
    company.sandbox.fault("jira", "project/10001/statuses", **STATUSES)
    company.later(days=1, minutes=20).run(apply=None)
    company.sandbox.clear()
    company.sandbox.fault("jira", "project/10001/statuses", times=None, status=429, headers={"Retry-After": "60"})
    run = company.later(minutes=20).run(apply=None)
    assert run.ready["delivery"].undescribed == ()
    company.sandbox.clear()
    assert not company.later(minutes=20).run(apply=None).pulled[1].failed


def test_what_a_silent_project_said_before_holds_also_without_asking_the_tool(company: Company) -> None:
    company.sandbox.fault("jira", "project/10001/statuses", **STATUSES)
    before = company.later(days=1, minutes=20).run(apply=None).found
    assert company.run(apply=None, asking=()).found == before


def test_a_project_that_never_spoke_leaves_the_others_to_be_checked_without_asking_the_tool(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    sandbox.fault("jira", "project/10001/statuses", **STATUSES)
    sandbox.apply("work-abandoned")
    company = Company(sandbox, store_url, tmp_path)
    before = company.run(apply=None, expect_mistakes=None).found
    assert company.run(apply=None, expect_mistakes=None, asking=()).found == before


def test_a_project_that_never_said_what_its_words_mean_leaves_the_others_alone(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    sandbox.fault("jira", "project/10001/statuses", **STATUSES)
    sandbox.apply(*BEFORE)
    company = Company(sandbox, store_url, tmp_path)
    for _ in range(2):
        run = company.later(minutes=20).run(apply=None, expect_mistakes=None)
        ((name, error),) = run.pulled[1].failed.items()
        assert (name, "project/10001/statuses: 500" in str(error)) == ("Risk & Fraud", True)
        assert company.ask(HOMES) == {("10000",)}
    sandbox.clear()
    company.later(minutes=20).run(apply=None)
    assert company.ask(HOMES) == {("10000",), ("10001",)}


OWN_MAPPING = """version = 1
[kind]
feature = { type = "Epic" }
task = {}
[scope."RISK".status]
doing = { status = "In Progress" }
"""


@pytest.mark.parametrize("how", ["silent", "hidden"])
def test_a_mapping_that_names_a_project_which_is_not_read_now_goes_on_for_the_others(
    company: Company, tmp_path: Path, how: str
) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "jira.toml").write_text(OWN_MAPPING, encoding="utf-8")
    if how == "silent":
        company.store_url = f"sqlite:///{tmp_path}/another.db"
        company.sandbox.fault("jira", "project/10001/statuses", **STATUSES)
    else:
        company.run(apply=None)
        company.sandbox.world.jira.projects["10001"].hidden = True
    run = company.configure().later(days=2).run(apply=None, expect_mistakes=None)
    delivery = next(one for one in run.pulled if one.connection == "delivery")
    assert {*delivery.failed} == {"Risk & Fraud"}
    assert run.ready["delivery"].scopes[0].key == "PAY"


def test_a_tool_that_describes_nothing_at_all_is_not_asked_for_each_of_its_scopes(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    sandbox.fault("jira", "/rest/api/3/field$", times=None, status=403)
    company = Company(sandbox, store_url, tmp_path)
    run = company.run(apply=None, expect_mistakes=None)
    assert "/field: 403" in str(run.pulled[0].failed[""])
    assert len([one for one in sandbox.requests if one.url.endswith("/field")]) == 3


@pytest.mark.parametrize("status", [403, 500])
def test_a_board_that_cannot_be_read_keeps_no_other_sprint_from_being_refreshed(company: Company, status: int) -> None:
    state = company.sandbox.world.jira
    running = state.sprints[4]
    state.boards[9] = JiraBoard(9, "Other board", "scrum", "10001")
    state.sprints[99] = replace(running, id=99, board=9, name="Other")
    company.later(days=2).run(apply=None)
    company.sandbox.fault("jira", "board/9/sprint", status=status, times=None)
    running.goal = "Another goal"
    run = company.later(minutes=16).run(apply=None)
    assert {*run.pulled[1].failed} == {"Risk & Fraud"}
    goals = {("Other", "Recover one failed payment in five"), (running.name, "Another goal")}
    assert company.ask("select name, goal from sprints where state = 'active'") == goals
    running.state, running.completed = "closed", company.now
    company.later(minutes=16).run(apply=None)
    assert company.ask("select name from sprints where state = 'active'") == {("Other",)}
