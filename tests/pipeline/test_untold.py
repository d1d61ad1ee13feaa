"""What is no longer looked at, or out of sight, is not put right by that: it is told neither as resolved nor as new."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from syncbot import mapping
from syncbot.sandbox.edits import Edits
from syncbot.sandbox.jira.issues import remove
from syncbot.sandbox.jira_state import JiraField
from syncbot.sandbox.mutations.register import SPLIT, card, issue, step
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import AsanaSection, TrelloBoard, World
from syncbot.store import Store, findings
from syncbot.store.retention import prune
from tests.company import Company, Run

OFF = '\n[rules.work-without-assignee.in."delivery/RISK"]\nenabled = false\n'
WITHOUT_RISK = (
    ('"PAY", "RISK"', '"PAY"'),
    ('[connections.delivery.scope."RISK"]\nteam  = "risk"\nwhere = "issuetype != \'Service request\'"\n', ""),
)

POINTS, SIZE = "customfield_10028", "customfield_10099"
PAGE = "Page for Zürich, Øresund & Łódź"


@pytest.fixture
def company(sandbox: Sandbox, store_url: str, tmp_path: Path) -> Company:
    return Company(sandbox, store_url, tmp_path)


def _states(run: Run) -> dict[str, str]:
    return {one.finding.rule: one.state for one in run.verdict.stated}


def test_known_debt_stays_known_while_its_rule_is_off_in_its_scope(company: Company) -> None:
    company.sandbox.apply("work-abandoned")
    known = company.run(apply=None).verdict.stated
    with Store.open(company.store_url) as store, store.writing() as db:
        findings.accept(db, {one.finding.fingerprint for one in known}, today="2026-11-23")
    company.text += OFF
    assert _states(company.configure().later(hours=1).run(apply=None)) == {}
    company.text = company.text.removesuffix(OFF)
    assert _states(company.configure().later(hours=1).run(apply=None)) == {"work-without-assignee": "baseline"}


@pytest.mark.parametrize(
    ("mutation", "edits"),
    [
        ("work-abandoned", WITHOUT_RISK),
        ("launch-work-abandoned", [('scopes = ["Launch *"]', 'scopes = ["Launch *", "!Launch risk score"]')]),
    ],
)
def test_what_the_config_no_longer_reads_is_not_resolved(
    company: Company, mutation: str, edits: list[tuple[str, str]]
) -> None:
    company.sandbox.apply(mutation)
    before = company.run(apply=None)
    assert before.found
    out = company.configure(*edits).later(hours=1).run(apply=None, expect_mistakes=None)
    assert (out.found, out.resolved) == (set(), set())
    company.sandbox.undo(mutation)
    back = company.configure().later(hours=1).run(apply=None)
    assert (back.found, back.resolved) == (set(), before.found)


def test_what_a_new_filter_hides_is_not_resolved_and_what_it_cannot_read_yet_is_not_checked(company: Company) -> None:
    company.sandbox.apply("work-abandoned", "two-tools-ask-too-much")
    before = company.run(apply=None)
    fault = company.sandbox.fault("jira", "search/jql", times=None, status=503)
    company.configure(("issuetype != 'Service request'", "issuetype = Epic"))
    blind = company.later(hours=1).run(apply=None)
    assert before.found <= blind.found
    assert blind.resolved == set()
    assert {state for rule, state in _states(blind).items() if rule != "source-stale"} == {"not_checked"}
    fault.times = 0
    read = company.later(hours=1).run(apply=None)
    assert ("work-without-assignee", "RISK-7") not in read.found | read.resolved


def _move(world: World) -> None:
    """Somebody moves the ownerless idea to a board that is not read."""
    idea, state = card(Edits(world), SPLIT), world.trello
    state.boards["e" * 24] = TrelloBoard("e" * 24, "Elsewhere", "ElSeWhEr", world.now)
    state.boards[idea.board].active = world.stamp()
    idea.board = "e" * 24


def _hide(world: World) -> None:
    """Somebody moves a launch's abandoned step into a private project."""
    task = step(Edits(world), PAGE)
    home = world.asana.projects[next(iter(task.places))]
    world.asana.projects["9"] = replace(home, gid="9", name="Elsewhere", privacy="private", members=[], sections=["91"])
    world.asana.sections["91"] = AsanaSection("91", "9", "Inside", home.created)
    world.asana.unplace(task, home.gid)
    world.asana.place(task, world.asana.sections["91"])


def _take_away(world: World) -> None:
    """Somebody deletes an abandoned issue, or hides it: Jira tells nobody which."""
    remove(world.jira, issue(Edits(world), "Tune the rules by country"))
    world.stamp()


def _close_off(world: World) -> None:
    """Somebody lets fewer people see a board; its sprints go on."""
    board = next(one for one in world.jira.boards.values() if one.name == "PAY board")
    del world.jira.boards[board.id]
    world.stamp()


@pytest.mark.parametrize(
    ("mutation", "act"),
    [
        ("idea-without-owner", _move),
        ("launch-work-abandoned", _hide),
        ("work-abandoned", _take_away),
        ("sprint-overfull", _close_off),
    ],
)
def test_what_goes_out_of_sight_is_not_resolved(company: Company, mutation: str, act: Callable[[World], None]) -> None:
    company.sandbox.apply(mutation)
    before = company.run(apply=None).found
    assert before
    act(company.sandbox.world)
    for _ in range(2):
        run = company.later(days=1, minutes=1).run(apply=None)
    assert (run.found, run.resolved) == (set(), set())
    with Store.open(company.store_url) as store:
        for _ in range(2):  # nor when it is no longer known at all
            prune(store, company.config.keep, now=company.later(days=100).now)
    run = company.run(apply=None)
    assert (run.found | run.resolved) & before == set()


def test_what_waits_is_not_put_right_by_a_blocker_that_nobody_sees_any_more(company: Company) -> None:
    company.sandbox.apply("blocker-dated-later")
    assert {rule for rule, _ in company.run(apply=None).found} == {"blocker-due-later"}
    remove(company.sandbox.world.jira, issue(Edits(company.sandbox.world), "Measure recovered revenue"))
    company.sandbox.world.stamp()
    for _ in range(2):
        run = company.later(days=1, minutes=1).run(apply=None)
    assert "blocker-due-later" not in _states(run)


@pytest.mark.parametrize("way", ["no read", "another scope", "a failed read"])
def test_a_field_that_was_never_asked_for_makes_nothing_right_until_it_is_read(
    company: Company, tmp_path: Path, way: str
) -> None:
    jira = company.sandbox.world.jira
    jira.fields[SIZE] = JiraField(SIZE, "Delivery size", {**jira.fields[POINTS].schema, "customId": 10099}, custom=True)
    company.sandbox.apply("sprint-overfull")
    for one in jira.issues.values():
        one.fields[SIZE] = one.fields.get(POINTS) or one.fields.get("customfield_10016")
    before = company.run(apply=None).found
    assert {rule for rule, _ in before} == {"sprint-over-capacity"}
    (tmp_path / "mappings").mkdir()
    preset = mapping.preset("jira").read_text(encoding="utf-8")
    edited = preset.replace('["Story Points", "Story point estimate"]', '"Delivery size"')
    assert edited != preset
    (tmp_path / "mappings" / "jira.toml").write_text(edited, encoding="utf-8")
    company.configure().later(hours=1)
    match way:
        case "no read":
            blind = company.run(apply=None, asking=())
        case "another scope":
            blind = company.run(apply=None, only=["RISK"])
        case _:
            fault = company.sandbox.fault("jira", "search/jql", times=None, status=503)
            blind = company.run(apply=None)
            fault.times = 0
    assert blind.resolved == set()
    assert _states(blind)["sprint-over-capacity"] == "not_checked"
    reasons = {gap.reason for gap in blind.verdict.cannot_tell if gap.rule == "sprint-over-capacity"}
    assert reasons == {"a field that its mapping wants was not read yet"}
    read = company.later(minutes=20).run(apply=None)
    assert (read.found, read.verdict.cannot_tell) == (before, ())
