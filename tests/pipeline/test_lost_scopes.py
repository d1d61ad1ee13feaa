"""A scope that is not seen any more: whether it is missed, for how long, and what is left of it."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from sqlalchemy import text

from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import JiraProject
from syncbot.store import Store
from tests.company import Company

RISK = "10001"
REFS = "select ref from items where ref like 'RISK-%' and seen <> 'gone'"
OWN = """[connections.delivery.scope."RISK"]
team  = "risk"
where = "issuetype != 'Service request'"
"""
EVERYTHING = ('scopes = ["PAY", "RISK"]', 'scopes = ["*"]')


@pytest.fixture
def company(sandbox: Sandbox, store_url: str, tmp_path: Path) -> Company:
    sandbox.apply("work-abandoned")
    made = Company(sandbox, store_url, tmp_path)
    made.text = made.text.replace(OWN, "")
    return made


def _made_anew(sandbox: Sandbox) -> JiraProject:
    """RISK is deleted for good, and another project begun under its key."""
    jira = sandbox.world.jira
    made = copy.copy(jira.projects.pop(RISK))
    made.id = "10777"
    jira.issues = {key: issue for key, issue in jira.issues.items() if issue.project != RISK}
    for one in (*jira.boards.values(), *jira.versions.values()):
        one.project = made.id if one.project == RISK else one.project
    jira.projects[made.id] = made
    return made


def test_a_key_that_another_project_has_by_now_means_that_one(company: Company) -> None:
    company.configure().run(apply=None)
    assert company.ask(REFS)
    _made_anew(company.sandbox)
    run = company.later(days=1, minutes=1).run(apply=None)
    assert not any(one.failed for one in run.pulled)
    assert company.ask(REFS) == set()
    assert ("source-stale", "RISK") not in company.later(days=2).run(apply=None).found


def test_where_another_has_its_key_the_advice_is_to_leave_out_its_id(company: Company) -> None:
    company.configure(EVERYTHING).run(apply=None, expect_mistakes=None)
    _made_anew(company.sandbox)
    run = company.later(days=1, minutes=1).run(apply=None, expect_mistakes=None)
    (error,) = run.pulled[1].failed.values()
    assert f'add "!{RISK}"' in str(error)
    company.configure((EVERYTHING[0], f'scopes = ["*", "!{RISK}"]'))
    run = company.later(minutes=20).run(apply=None, expect_mistakes=None)
    assert not run.pulled[1].failed
    assert {scope.remote_id for scope in run.ready["delivery"].scopes} >= {"10777"}


def test_what_one_list_lacks_is_asked_for_again_in_the_next_run(company: Company) -> None:
    company.configure(EVERYTHING).run(apply=None, expect_mistakes=None)
    company.sandbox.world.jira.projects[RISK].hidden = True
    run = company.later(days=1, minutes=1).run(apply=None, expect_mistakes=None)
    assert run.pulled[1].failed
    company.sandbox.clear()
    assert company.later(minutes=14).run(apply=None).pulled[1].failed
    asked = {one.path.rpartition("/rest/api/")[2] for one in company.sandbox.requests if one.tool == "jira"}
    assert "3/project/search" in asked
    assert "3/priority" not in asked, "the words are still believed"
    company.sandbox.world.jira.projects[RISK].hidden = False
    assert not company.later(minutes=14).run(apply=None).pulled[1].failed


def test_what_was_put_aside_of_a_scope_that_left_the_config_is_forgotten(company: Company) -> None:
    company.configure().run(apply=None)
    with Store.open(company.store_url) as store, store.writing() as db:
        row = f"'delivery', '99999', '{RISK}', 'poisoned', '2026-11-23T08:00:00.000Z', ''"
        db.execute(text(f"insert into quarantine values ({row})"))
    company.configure(('["PAY", "RISK"]', '["PAY"]')).later(minutes=1).run(apply=None)
    assert company.ask("select scope from quarantine") == set()


def test_what_stays_lost_is_listed_seldom_and_a_list_that_fails_costs_no_other_scope(company: Company) -> None:
    company.configure(EVERYTHING).run(apply=None, expect_mistakes=None)
    company.sandbox.world.jira.projects[RISK].hidden = True
    for minutes in (24 * 60 + 1, 5, 5, 5, 5):
        company.later(minutes=minutes).run(apply=None)
    company.sandbox.clear()
    company.later(minutes=5).run(apply=None)
    assert not [one for one in company.sandbox.requests if one.path.endswith("project/search")]
    company.sandbox.fault("jira", "project/search", times=None, status=500)
    (failed,) = company.later(hours=2).run(apply=None).pulled[1].failed
    assert failed == "Risk & Fraud"
