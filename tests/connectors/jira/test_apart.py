"""An issue that makes Jira fail is put aside, and costs no other one; Data Center's searches: test_datacenter.py."""

from __future__ import annotations

import json

import pytest

from connectors.jira.connector import Jira
from syncbot.connector import Lookback, Want
from syncbot.errors import ToolError
from syncbot.sandbox.http import Answer, Call
from syncbot.sandbox.server import Sandbox
from tests.connectors.jira.site import FIELDS, PAY, again, edit, read, scopes

ISSUES = 250


def poison(sandbox: Sandbox, pattern: str, *words: str) -> None:
    """Let whatever shows one of these words, of which any answer without issues has none, fail."""

    def spoil(_: Call, answer: Answer) -> Answer:
        shown = json.dumps(answer.body)
        is_hit = any(word in shown for word in words)
        return Answer({"errorMessages": ["A field of it is broken"], "errors": {}}, 500) if is_hit else answer

    sandbox.fault("jira", pattern, "bent", times=None).after = spoil


@pytest.mark.parametrize("key", ["PAY-2", "PAY-120"])
def test_an_issue_that_makes_pages_fail_is_put_aside_and_all_others_are_read(
    jira: Jira, sandbox: Sandbox, key: str
) -> None:
    id_ = next(one.id for one in sandbox.world.jira.issues.values() if one.key == key)
    poison(sandbox, "search/jql|issue/bulkfetch", f'"key": "{key}", ')
    sandbox.requests.clear()
    pages = list(jira.pull([Want(scope) for scope in scopes(jira).values()], FIELDS))
    assert not any(page.error for page in pages)
    assert len({one.remote_id for page in pages for one in page.records}) == len(sandbox.world.jira.issues) - 1
    assert {id_: why for page in pages for id_, why in page.unread.items()} == {
        id_: "Jira cannot give it: A field of it is broken"
    }
    assert all(page.cursor for page in pages if page.last)
    assert len(sandbox.requests) < 50


def test_one_that_changes_alone_is_put_aside_and_the_read_goes_on_from_there(jira: Jira, sandbox: Sandbox) -> None:
    _, cursors = read(jira, [Want(scope) for scope in scopes(jira).values()])
    poison(sandbox, "search/jql|issue/bulkfetch", '"key": "PAY-7", ')
    id_ = edit(sandbox, "PAY-7", summary="Poisoned")
    pages = list(jira.pull(again(jira, cursors), FIELDS))
    assert {id_ for page in pages for id_ in page.unread} == {id_}
    assert not any(page.error for page in pages)


def test_where_all_that_changed_fails_and_the_site_too_nothing_is_put_aside(jira: Jira, sandbox: Sandbox) -> None:
    _, cursors = read(jira, [Want(scope) for scope in scopes(jira).values()])
    edit(sandbox, "PAY-7", summary="Changed")
    sandbox.fault("jira", "bulkfetch|serverInfo", status=500, times=None)
    sandbox.fault("jira", "search/jql.*summary", status=500, times=None)
    pages = list(jira.pull(again(jira, cursors), FIELDS))
    assert all(page.error is not None and not page.unread for page in pages)


def test_a_changelog_that_fails_keeps_no_other_from_being_told(jira: Jira, sandbox: Sandbox) -> None:
    pay = scopes(jira)["PAY"]
    ids = tuple(one.id for one in sandbox.world.jira.issues.values() if one.project == PAY)[:40]
    for number in (1, 2, 3):
        edit(sandbox, f"PAY-{number}", summary="Changed")
    whole = [one for one in jira.history([Lookback(pay, ids, "2026-01-01")], FIELDS) if one.whole]
    assert [one.whole for one in whole] == [ids]
    _fail_with(sandbox, ids[1])
    history, failed = jira.history([Lookback(pay, ids, "2026-01-01")], FIELDS)
    assert (history.whole, history.hidden) == ((ids[0], *ids[2:]), (ids[1],))
    assert isinstance(failed.error, ToolError)


def _fail_with(sandbox: Sandbox, id_: str) -> None:
    """Let each question for this issue's changelog fail."""

    def spoil(call: Call, answer: Answer) -> Answer:
        return Answer({"errorMessages": ["Broken"]}, 500) if id_ in call.body["issueIdsOrKeys"] else answer

    sandbox.fault("jira", "changelog/bulkfetch", "bent", times=None).after = spoil
