"""Reading issues: nothing missed, nothing read twice for long, whatever happens between two pages."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from connectors.jira.connector import Jira
from connectors.jira.pull import MOST_CLAUSES, Cursor, Task, jql
from connectors.jira.site import URL
from connectors.jira.wire import Lens
from syncbot.connector import Want
from syncbot.errors import Missing, Refused, ToolError, Unreachable
from syncbot.model import Scope
from syncbot.sandbox.server import Sandbox
from tests.connectors.jira.site import FIELDS, NOW, PAY, RISK, add, connector, ends, read, scopes, site


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with site(issues=250) as sandbox:
        yield sandbox


def again(jira: Jira, cursors: dict[str, str | None]) -> list[Want]:
    return [Want(scope, cursors[scope.remote_id]) for scope in jira.scopes()]


def asked(sandbox: Sandbox) -> list[str]:
    return [one.url for one in sandbox.requests if "search/jql" in one.url]


def edit(sandbox: Sandbox, key: str, **fields: Any) -> str:
    issue = sandbox.world.jira.issue(key)
    assert issue
    for name, held in fields.items():
        setattr(issue, name, held)
    issue.updated = sandbox.world.stamp()
    return issue.id


def test_a_full_read_has_every_issue_once(jira: Jira, sandbox: Sandbox) -> None:
    records, _ = read(jira, [Want(scope) for scope in scopes(jira).values()])
    assert sorted(record.remote_id for record in records) == sorted(sandbox.world.jira.issues)
    assert {record.places[0].scope for record in records} == {PAY, RISK}


def test_a_large_project_is_fetched_several_requests_at_once(jira: Jira, sandbox: Sandbox) -> None:
    for number in range(251, 1_051):
        add(sandbox.world.jira, "PAY", number, NOW - timedelta(minutes=2_000 - number))
    together = threading.Barrier(5)  # ten requests follow; it breaks if fewer than five are ever on their way
    write = jira._client.post

    def post(path: str, body: dict[str, Any]) -> bytes:
        together.wait(10)
        return write(path, body)

    jira._client.post = post
    records, _ = read(jira, [Want(scopes(jira)["PAY"])])
    assert len({record.remote_id for record in records}) == 1_050


def test_nothing_changed_costs_one_search_for_all_scopes_and_keeps_the_cursors(jira: Jira, sandbox: Sandbox) -> None:
    _, cursors = read(jira, [Want(scope) for scope in scopes(jira).values()])
    wants = again(jira, cursors)
    sandbox.clear()
    records, later = read(jira, wants)
    assert records == []
    assert later == cursors
    assert len(sandbox.requests) == 1


def test_only_what_changed_is_read_again(jira: Jira, sandbox: Sandbox) -> None:
    _, cursors = read(jira, [Want(scope) for scope in scopes(jira).values()])
    sandbox.now = NOW + timedelta(hours=1)
    changed = {edit(sandbox, "PAY-7", summary="Changed"), edit(sandbox, "RISK-1", summary="Changed")}
    records, cursors = read(jira, again(jira, cursors))
    assert {record.remote_id for record in records} == changed
    assert {record.title for record in records} == {"Changed"}
    sandbox.now = NOW + timedelta(hours=2)
    records, _ = read(jira, again(jira, cursors))
    assert {record.remote_id for record in records} == changed  # within the overlap: the index may lag


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "UTC", "Pacific/Kiritimati"])
def test_the_accounts_time_zone_loses_nothing(zone: str) -> None:
    with site(zone=zone) as sandbox:
        jira = connector(sandbox)
        records, cursors = read(jira, [Want(scope) for scope in scopes(jira).values()])
        assert max(record.changed for record in records) == "2026-11-23T07:00:00.000Z"
        sandbox.now = NOW + timedelta(seconds=30)
        changed = edit(sandbox, "PAY-1", summary="Half a minute later")
        records, _ = read(jira, again(jira, cursors))
        assert [record.remote_id for record in records] == [changed]
        jira.close()


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three pages of what is one batch else."""
    monkeypatch.setattr("connectors.jira.search.TOGETHER", 100)


@pytest.mark.usefixtures("small_pages")
def test_an_edit_between_two_pages_moves_no_issue_out_of_sight(jira: Jira, sandbox: Sandbox) -> None:
    seen, cursors = set(), {}
    for count, page in enumerate(jira.pull([Want(scopes(jira)["PAY"])], FIELDS)):
        seen |= {record.remote_id for record in page.records}
        cursors[page.scope] = page.cursor
        edit(sandbox, f"PAY-{count + 1}", summary="Edited while we read")
    assert len(seen) == 250
    records, _ = read(jira, [Want(scopes(jira)["PAY"], cursors[PAY])])
    assert {"PAY-1", "PAY-2", "PAY-3"} <= {record.ref for record in records}


def test_an_edit_between_two_pages_of_changes_is_read_next_time(jira: Jira, sandbox: Sandbox) -> None:
    _, cursors = read(jira, [Want(scope) for scope in scopes(jira).values()])
    sandbox.now = NOW + timedelta(hours=1)
    for number in range(1, 151):
        edit(sandbox, f"PAY-{number}", summary="Many changes at once")
    seen, first = set(), True
    for page in jira.pull(again(jira, cursors), FIELDS):
        assert page.error is None
        seen |= {record.ref for record in page.records}
        cursors[page.scope] = page.cursor or cursors[page.scope]
        if first:
            first = False
            sandbox.now = NOW + timedelta(hours=3)
            edit(sandbox, "PAY-1", summary="Read already, and changed after that")
            sandbox.now = NOW + timedelta(hours=5)
            edit(sandbox, "PAY-149", summary="Not read yet, and changed later still")
    assert len(seen) == 150
    records, _ = read(jira, again(jira, cursors))
    assert {record.title for record in records if record.ref == "PAY-1"} == {"Read already, and changed after that"}


@pytest.mark.usefixtures("small_pages")
def test_a_read_that_was_killed_goes_on_from_any_stored_page(jira: Jira, sandbox: Sandbox) -> None:
    want = Want(scopes(jira)["PAY"])
    pages = list(jira.pull([want], FIELDS))
    assert [page.last for page in pages] == [False, False, True]
    for stored in range(1, len(pages)):
        kept = {record.remote_id for page in pages[:stored] for record in page.records}
        sandbox.clear()
        rest = list(jira.pull([Want(want.scope, pages[stored - 1].cursor)], FIELDS))
        assert kept | {record.remote_id for page in rest for record in page.records} == jira.census(want)
        assert rest[-1].last
        assert rest[-1].full  # it completes the full read that it goes on with
        assert len(rest) == len(pages) - stored
        assert rest[-1].cursor == pages[-1].cursor


def test_reading_again_from_every_cursor_gives_the_same_end(jira: Jira) -> None:
    want = Want(scopes(jira)["PAY"])
    once, twice = (list(jira.pull([want], FIELDS)) for _ in range(2))
    assert [(page.records, page.cursor) for page in once] == [(page.records, page.cursor) for page in twice]


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
    bad = Cursor(0, Lens(tuple(sorted(FIELDS)), url=sandbox.jira_url), where="nonsense ==== 1").text()
    last = ends(
        list(jira.pull([Want(found["PAY"], bad, "nonsense ==== 1"), Want(found["RISK"], cursors[RISK])], FIELDS))
    )
    assert isinstance(last[PAY].error, ToolError)
    assert last[RISK].error is None


def test_a_project_that_is_gone_fails_alone(jira: Jira, sandbox: Sandbox) -> None:
    gone = Scope("99999", "GONE", "Gone")
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


def test_leaving_a_pull_early_stops_its_threads(jira: Jira) -> None:
    pull = jira.pull([Want(scope) for scope in scopes(jira).values()] * 3, FIELDS)
    next(pull)
    pull.close()


def test_census_is_complete_or_an_error(jira: Jira, sandbox: Sandbox) -> None:
    pay = scopes(jira)["PAY"]
    sandbox.clear()
    assert len(jira.census(Want(pay))) == 250
    assert len(sandbox.requests) == 1
    sandbox.fault("jira", "search/jql", status=500, times=None)
    with pytest.raises(Unreachable):
        jira.census(Want(pay))


def test_no_search_is_ever_empty_and_many_old_cursors_stay_few_clauses() -> None:
    lens = Lens()
    tasks = [Task(Want(Scope(str(n), f"P{n}", "P")), Cursor(n * 1_000_000, lens)) for n in range(1, 60)]
    text = jql(tasks)
    assert text.count("updated >=") == MOST_CLAUSES + 1
    assert all(re.search(rf"\b{n}\b", text) for n in range(1, 60))
    floors = {
        int(project): int(ms) + 120_000
        for projects, ms in re.findall(r"project in \(([\d, ]+)\) and updated >= (-?\d+)", text)
        for project in projects.split(", ")
    }
    assert all(floors[n] <= n * 1_000_000 for n in range(1, 60))
    assert jql([Task(Want(Scope("1", "P", "P")), Cursor(0, lens, begun=0))]).startswith("project in (1) order by")


def test_a_new_issue_while_we_read_is_not_lost(jira: Jira, sandbox: Sandbox) -> None:
    pay = scopes(jira)["PAY"]
    seen: set[str] = set()
    cursor = None
    for page in jira.pull([Want(pay)], FIELDS):
        if not seen:
            add(sandbox.world.jira, "PAY", 999, sandbox.world.stamp())
        seen |= {record.ref for record in page.records}
        cursor = page.cursor
    later, _ = read(jira, [Want(pay, cursor)])
    assert "PAY-999" in seen | {record.ref for record in later}


def test_an_instant_is_compared_as_epoch_milliseconds(jira: Jira, sandbox: Sandbox) -> None:
    _, cursors = read(jira, [Want(scope) for scope in scopes(jira).values()])
    sandbox.clear()
    read(jira, again(jira, cursors))
    found = re.search(r"updated\+%3E%3D\+(\d+)\+", asked(sandbox)[0])
    assert found
    at = datetime.fromtimestamp(int(found[1]) / 1000, NOW.tzinfo)
    assert at == NOW - timedelta(minutes=2)


def test_what_the_index_learns_late_is_read_after_however_long_a_silence(jira: Jira, sandbox: Sandbox) -> None:
    _, cursors = read(jira, [Want(scope) for scope in scopes(jira).values()])
    sandbox.now = NOW + timedelta(hours=9, minutes=30)
    late = edit(sandbox, "PAY-7", summary="On Friday evening, indexed an hour later")
    sandbox.world.unindexed.add(late)
    sandbox.now += timedelta(minutes=20)
    edit(sandbox, "PAY-8", summary="The last change of the week")
    seen = []
    for hours in (10, 72, 73, 74):
        sandbox.now = NOW + timedelta(hours=hours)
        records, cursors = read(jira, again(jira, cursors))
        seen += [hours for record in records if record.remote_id == late]
        sandbox.world.unindexed.clear()
    assert seen == [73]


def test_a_field_for_sprints_or_addresses_that_comes_to_the_site_is_read_within_a_day(
    jira: Jira, sandbox: Sandbox
) -> None:
    state = sandbox.world.jira
    url = next(one for one in state.fields.values() if (one.schema or {}).get("custom") == URL)
    del state.fields[url.id]
    _, cursors = read(jira, [Want(scope) for scope in scopes(jira).values()])
    state.fields[url.id] = url
    issue = state.issue("PAY-7")
    assert issue
    issue.fields[url.id] = "https://trello.com/c/AbCd1234"
    sandbox.world.stamp()
    found = []
    for hours in (20, 25, 26):
        sandbox.now = NOW + timedelta(hours=hours)
        records, cursors = read(jira, again(jira, cursors))
        found.append([one.target for record in records for one in record.references if one.form == "url"])
    assert found == [[], [], ["https://trello.com/c/AbCd1234"]]
    sandbox.now = NOW + timedelta(hours=27)
    assert len(read(jira, again(jira, cursors))[0]) < 250


def test_what_is_edited_while_the_tool_holds_a_read_back_is_read_next_time(jira: Jira, sandbox: Sandbox) -> None:
    _, cursors = read(jira, [Want(scope) for scope in scopes(jira).values()])
    sandbox.now = NOW + timedelta(hours=1)
    for number in range(1, 151):
        edit(sandbox, f"PAY-{number}", summary="Many changes at once")
    pages = jira.pull(again(jira, cursors), FIELDS)

    def held(_: Any) -> None:  # the second request is answered minutes after the first
        for key, seconds in (("PAY-1", 5), ("PAY-149", 280)):
            sandbox.now = NOW + timedelta(hours=1, seconds=seconds)
            edit(sandbox, key, summary="Edited meanwhile")

    sandbox.fault("jira", "serverInfo|fields=id", "bent").before = held
    for page in pages:
        cursors[page.scope] = page.cursor or cursors[page.scope]
    sandbox.now += timedelta(minutes=15)
    records, _ = read(jira, again(jira, cursors))
    assert {record.ref for record in records if record.title == "Edited meanwhile"} == {"PAY-1", "PAY-149"}


def test_a_search_too_long_for_an_address_is_asked_for_in_a_body(jira: Jira, sandbox: Sandbox) -> None:
    where = "key in (PAY-3, RISK-1) or " + " or ".join(f'labels = "team {number}"' for number in range(200))
    wants = [Want(scope, where=where) for scope in scopes(jira).values()]
    records, cursors = read(jira, wants)
    assert {record.ref for record in records} == {"PAY-3", "RISK-1"}
    sandbox.clear()
    sandbox.now = NOW + timedelta(hours=1)
    edit(sandbox, "PAY-3", summary="x")
    records, _ = read(jira, [Want(one.scope, cursors[one.scope.remote_id], where) for one in wants])
    assert [record.ref for record in records] == ["PAY-3"]
    assert [one.url for one in sandbox.requests] == ["POST /rest/api/3/search/jql"]


def test_what_the_index_learns_hours_late_is_read_within_a_day_of_changes(jira: Jira, sandbox: Sandbox) -> None:
    _, cursors = read(jira, [Want(scope) for scope in scopes(jira).values()])
    late = edit(sandbox, "PAY-7", summary="Indexed late")
    sandbox.world.unindexed.add(late)
    seen = set()
    for hours in (3, 6, 20, 25, 27):
        sandbox.now = NOW + timedelta(hours=hours)
        edit(sandbox, "RISK-1", summary=f"Changed at {hours}")
        sandbox.world.unindexed.clear() if hours == 6 else None
        records, cursors = read(jira, again(jira, cursors))
        seen |= {(record.remote_id, hours) for record in records if record.remote_id == late}
    assert seen == {(late, 27)}
