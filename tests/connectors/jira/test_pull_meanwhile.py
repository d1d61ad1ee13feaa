"""What people do, and what the index learns late, between two pages or two reads: all of it is read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connectors.jira.connector import Jira
from connectors.jira.site import URL
from syncbot.connector import Want
from syncbot.errors import Broken
from syncbot.sandbox.cruelty.bending import hollow
from syncbot.sandbox.http import Answer, Call
from syncbot.sandbox.server import Sandbox
from tests.connectors.jira.site import FIELDS, NOW, PAY, add, again, edit, read, scopes

ISSUES = 250


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


@pytest.mark.parametrize("lacks", ["sprint", "url", ""])
def test_a_field_that_the_site_leaves_out_once_is_read_all_the_same(jira: Jira, sandbox: Sandbox, lacks: str) -> None:
    _, cursors = read(jira, [Want(scope) for scope in scopes(jira).values()])

    def lessened(_: Call, answer: Answer) -> Answer:
        kept = [one for one in answer.body if lacks not in one.get("schema", {}).get("custom", "")]
        return Answer(kept, answer.status, answer.headers)

    sandbox.now = NOW + timedelta(hours=25)
    edit(sandbox, "RISK-1", summary="Changed")
    _, cursors = read(jira, again(jira, cursors))
    sandbox.fault("jira", "/field", "bent").after = lessened
    _, cursors = read(jira, again(jira, cursors))  # which looks back, and at the fields
    state = sandbox.world.jira
    url = next(one.id for one in state.fields.values() if (one.schema or {}).get("custom") == URL)
    edit(sandbox, "PAY-7", sprints=[2], fields={url: "https://trello.com/c/AbCd1234"})
    records, _ = read(jira, again(jira, cursors))
    told = next(record for record in records if record.ref == "PAY-7")
    assert [one.target for one in told.references if one.form == "url"] == ["https://trello.com/c/AbCd1234"]
    assert told.sprints


def test_a_site_that_says_it_has_no_fields_is_not_read(jira: Jira, sandbox: Sandbox) -> None:
    wants = [Want(scope) for scope in scopes(jira).values()]
    sandbox.fault("jira", "/field", "bent").after = hollow
    assert [type(page.error) for page in jira.pull(wants, FIELDS)] == [Broken, Broken]
    assert len(read(jira, wants)[0]) == len(sandbox.world.jira.issues)


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


def test_an_empty_answer_to_the_read_that_looks_back_is_not_believed(jira: Jira, sandbox: Sandbox) -> None:
    _, cursors = read(jira, [Want(scope) for scope in scopes(jira).values()])
    late = edit(sandbox, "PAY-7", summary="Indexed late")
    sandbox.world.unindexed.add(late)
    for hours in (3, 25):
        sandbox.now = NOW + timedelta(hours=hours)
        edit(sandbox, "RISK-1", summary=f"Changed at {hours}")
        _, cursors = read(jira, again(jira, cursors))
    sandbox.world.unindexed.clear()
    wants = again(jira, cursors)
    sandbox.fault("jira", "search/jql", "bent").after = hollow
    assert [type(page.error) for page in jira.pull(wants, FIELDS)] == [Broken, Broken]
    records, _ = read(jira, wants)
    assert late in {record.remote_id for record in records}
