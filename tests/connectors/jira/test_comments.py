"""Comments on a report: all of them once, then those that came after, however many and however the site sorts them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connectors.jira.connector import Jira
from syncbot.connector import Settings
from syncbot.errors import Missing
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import JiraComment
from tests.connectors.jira.site import NOW, PAY, TOKEN

ISSUE = f"{int(PAY) * 10_000 + 1}"


def words(said: str) -> dict[str, Any]:
    return {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": said}]}],
    }


def say(sandbox: Sandbox, first: int, last: int, author: str = "ada") -> None:
    """Comments, a minute apart."""
    issue = sandbox.world.jira.issues[ISSUE]
    for number in range(first, last + 1):
        at = NOW + timedelta(minutes=number)
        issue.comments.append(JiraComment(str(number), author, words(f"Comment {number}"), at, at))


def pages(sandbox: Sandbox) -> int:
    return sum(one.path.endswith("/comment") for one in sandbox.requests)


def test_all_comments_come_once_and_then_only_the_new_ones_in_one_request(jira: Jira, sandbox: Sandbox):
    say(sandbox, 1, 250)
    first = jira.answers(ISSUE, None)
    assert [one.text for one in first.answers] == [f"Comment {number}" for number in range(1, 251)]
    assert {one.account for one in first.answers} == {"ada"}
    say(sandbox, 251, 252)
    sandbox.clear()
    second = jira.answers(ISSUE, first.cursor)
    assert [one.remote_id for one in second.answers] == ["250", "251", "252"], "those of the same instant come again"
    assert pages(sandbox) == 1
    assert jira.answers(ISSUE, second.cursor).cursor == second.cursor


def test_no_comments_are_no_answers(jira: Jira):
    found = jira.answers(ISSUE, None)
    assert found.answers == ()
    assert jira.answers(ISSUE, found.cursor).answers == ()


def test_a_report_that_is_gone_is_missing(jira: Jira):
    with pytest.raises(Missing):
        jira.answers("999", None)


def test_data_center_tells_them_in_wiki_markup_and_people_by_key(sandbox: Sandbox):
    say(sandbox, 1, 120)
    jira = Jira(Settings("dc", "jira", sandbox.dc_url, user=None, secrets={"token": TOKEN}, patience=0.0))
    try:
        found = jira.answers(ISSUE, None)
        assert [one.text for one in found.answers] == [f"Comment {number}" for number in range(1, 121)]
        assert all(one.account.startswith("JIRAUSER") for one in found.answers)
        # A site that sorts the other way is read to the end.
        sandbox.world.jira.issues[ISSUE].comments.reverse()
        say(sandbox, 121, 121)
        assert [one.remote_id for one in jira.answers(ISSUE, found.cursor).answers] == ["120", "121"]
    finally:
        jira.close()
