"""One search reads many projects: what narrows, empties or fails one of them concerns no other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.jira.connector import Jira
from connectors.jira.cursor import Cursor
from connectors.jira.wire import Lens
from syncbot.connector import Want
from syncbot.errors import Missing, Refused, ToolError, Unreachable
from syncbot.model import Scope
from syncbot.sandbox.server import Sandbox
from tests.connectors.jira.site import FIELDS, NOW, PAY, RISK, again, edit, ends, read, scopes

ISSUES = 250


def test_a_field_that_was_never_asked_for_means_a_full_read(jira: Jira, sandbox: Sandbox) -> None:
    _, cursors = read(jira, [Want(scope) for scope in scopes(jira).values()])
    pages = list(jira.pull(again(jira, cursors), FIELDS | {"reporter"}))
    assert all(page.full for page in pages)
    assert sum(len(page.records) for page in pages) == len(sandbox.world.jira.issues)
    fewer = list(jira.pull(again(jira, cursors), FIELDS - {"duedate"}))
    assert not any(page.full for page in fewer)


@pytest.mark.parametrize("change", [{"where": "summary ~ '1'"}, {"since": "2026-11-20"}])
def test_another_filter_means_a_full_read(jira: Jira, change: dict[str, str]) -> None:
    _, cursors = read(jira, [Want(scope) for scope in scopes(jira).values()])
    pay = scopes(jira)["PAY"]
    assert all(page.full for page in jira.pull([Want(pay, cursors[PAY], **change)], FIELDS))


def test_a_site_at_another_address_means_a_full_read(jira: Jira, sandbox: Sandbox) -> None:
    _, cursors = read(jira, [Want(scope) for scope in scopes(jira).values()])
    moved = {scope: (text or "").replace(sandbox.jira_url, "https://old.example") for scope, text in cursors.items()}
    pages = list(jira.pull(again(jira, moved), FIELDS))
    assert all(page.full for page in pages)
    assert {record.url.rpartition("/browse/")[0] for page in pages for record in page.records} == {sandbox.jira_url}


def test_where_and_since_narrow_a_scope_and_no_other(jira: Jira, sandbox: Sandbox) -> None:
    found = scopes(jira)
    wants = [Want(found["PAY"], where="key = PAY-3 or key = PAY-4"), Want(found["RISK"])]
    records, cursors = read(jira, wants)
    assert {record.ref for record in records} == {"PAY-3", "PAY-4", "RISK-1"}
    sandbox.now = NOW + timedelta(hours=1)
    for key in ("PAY-3", "PAY-5", "RISK-1"):
        edit(sandbox, key, summary="x")
    sandbox.clear()
    records, _ = read(jira, [Want(one.scope, cursors[one.scope.remote_id], one.where) for one in wants])
    assert {record.ref for record in records} == {"PAY-3", "RISK-1"}
    assert len(sandbox.requests) == 1
    records, _ = read(jira, [Want(found["PAY"], since="2026-11-23")])
    assert {"PAY-250", "PAY-249"} <= {record.ref for record in records}
    assert len(records) < 40


def test_a_wrong_filter_fails_its_own_scope_only(jira: Jira, sandbox: Sandbox) -> None:
    found = scopes(jira)
    good, cursors = read(jira, [Want(scope) for scope in found.values()])
    assert good
    sandbox.now = NOW + timedelta(hours=1)
    edit(sandbox, "RISK-1", summary="x")
    bad = Cursor(0, Lens(tuple(sorted(FIELDS)), url=sandbox.jira_url), where="nonsense ==== 1", key="PAY").text()
    last = ends(
        list(jira.pull([Want(found["PAY"], bad, "nonsense ==== 1"), Want(found["RISK"], cursors[RISK])], FIELDS))
    )
    assert isinstance(last[PAY].error, ToolError)
    assert last[RISK].error is None


def test_a_project_that_is_gone_fails_alone(jira: Jira, sandbox: Sandbox) -> None:
    gone = Scope("99999", "GONE", "Gone", url=scopes(jira)["PAY"].url)
    _, cursors = read(jira, [Want(scope) for scope in scopes(jira).values()])
    sandbox.now = NOW + timedelta(hours=1)
    changed = edit(sandbox, "PAY-1", summary="x")
    wants = [*again(jira, cursors), Want(gone, cursors[PAY])]
    pages = list(jira.pull(wants, FIELDS))
    last = ends(pages)
    assert isinstance(last["99999"].error, ToolError)
    assert last["99999"].error.status == 400
    assert last[PAY].last
    assert last[RISK].last
    assert [record.remote_id for page in pages for record in page.records] == [changed]


def test_a_cut_answer_is_asked_for_again_and_then_an_error_of_its_scope_only(jira: Jira, sandbox: Sandbox) -> None:
    wants = [Want(scope) for scope in scopes(jira).values()]
    sandbox.fault("jira", "GET .*search/jql.*10001", "cut", times=None)
    last = ends(list(jira.pull(wants, FIELDS)))
    assert isinstance(last[RISK].error, Unreachable)
    assert last[RISK].cursor is None
    assert last[PAY].last


def test_a_lost_permission_is_an_error_and_no_empty_project(jira: Jira, sandbox: Sandbox) -> None:
    want = Want(scopes(jira)["PAY"])
    sandbox.fault("jira", "search/jql", status=403, times=None)
    assert isinstance(ends(list(jira.pull([want], FIELDS)))[PAY].error, Refused)
    with pytest.raises(Refused):
        jira.census(want)


def test_an_empty_project_is_told_from_one_that_cannot_be_seen(jira: Jira, sandbox: Sandbox) -> None:
    found = scopes(jira)
    sandbox.world.jira.issues.clear()
    sandbox.world.stamp()
    pages = list(jira.pull([Want(found["PAY"])], FIELDS))
    assert [(page.records, page.last, page.full, page.error) for page in pages] == [((), True, True, None)]
    assert jira.census(Want(found["PAY"])) == frozenset()
    sandbox.fault("jira", f"GET /rest/api/3/project/{PAY}$", status=404, times=None)
    pages = list(jira.pull([Want(found["PAY"])], FIELDS))
    assert [(page.last, type(page.error)) for page in pages] == [(False, Missing)]
    with pytest.raises(Missing):
        jira.census(Want(found["PAY"]))


def test_a_scope_that_fails_in_the_middle_has_no_last_page(jira: Jira, sandbox: Sandbox) -> None:
    sandbox.fault("jira", "POST .*bulkfetch", status=500, times=None, after=1)
    pages = list(jira.pull([Want(scopes(jira)["PAY"])], FIELDS))
    assert [page.last for page in pages] == [False, False]
    assert isinstance(pages[-1].error, Unreachable)
    assert pages[-1].records == ()
