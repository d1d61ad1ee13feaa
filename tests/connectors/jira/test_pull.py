"""Reading issues: nothing missed, nothing read twice for long."""

from __future__ import annotations

import re
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest

from connectors.jira.connector import Jira
from connectors.jira.cursor import Cursor, Task
from connectors.jira.pull import MOST_CLAUSES, jql
from connectors.jira.wire import Lens
from syncbot.connector import Want
from syncbot.errors import Unreachable
from syncbot.model import Scope
from syncbot.sandbox.server import Sandbox
from tests.connectors.jira.site import FIELDS, NOW, PAY, RISK, add, again, asked, connector, edit, read, scopes, site

ISSUES = 250


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


def test_an_instant_is_compared_as_epoch_milliseconds(jira: Jira, sandbox: Sandbox) -> None:
    _, cursors = read(jira, [Want(scope) for scope in scopes(jira).values()])
    sandbox.clear()
    read(jira, again(jira, cursors))
    found = re.search(r"updated\+%3E%3D\+(\d+)\+", asked(sandbox)[0])
    assert found
    at = datetime.fromtimestamp(int(found[1]) / 1000, NOW.tzinfo)
    assert at == NOW - timedelta(minutes=2)


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
