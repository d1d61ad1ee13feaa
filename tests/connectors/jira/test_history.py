"""Changelogs as Jira tells them: in bulk, beside a search, cut, repeated, and recorded from a real site."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import msgspec
import pytest

from connectors.jira.connector import Jira
from connectors.jira.history import Log, _entries, _instant
from syncbot.connector import History, Lookback, Settings
from syncbot.errors import Broken
from syncbot.model import Word
from syncbot.sandbox.cruelty import Plan, Rule
from syncbot.sandbox.cruelty.bending import hollow
from syncbot.sandbox.http import Answer, Call
from syncbot.sandbox.jira.changes import noted
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import JiraIssue
from tests.connectors.jira.site import FIELDS, TOKEN, connector, scopes, site
from tests.shared import shared

SPRINT = "customfield_10020"
POINTS = "customfield_10016"


def told(sandbox: Sandbox, *issues: JiraIssue, since: str = "2026-01-01", cloud: bool = True) -> list[History]:
    """The history of these issues of PAY."""
    there = Settings("dc", "jira", sandbox.dc_url, user=None, secrets={"token": TOKEN}, patience=0)
    jira = connector(sandbox) if cloud else Jira(there)
    want = Lookback(scopes(jira)["PAY"], tuple(issue.id for issue in issues), since)
    return list(jira.history([want], FIELDS | {POINTS}))


def edited(sandbox: Sandbox, number: int = 0) -> JiraIssue:
    """An issue that Ada moved on, estimated and put into a sprint."""
    issue = [*sandbox.world.jira.issues.values()][number]
    with noted(sandbox.world, issue, "ada"):
        issue.status = "12"
        issue.fields[POINTS] = 5.0
    with noted(sandbox.world, issue, "ada"):
        issue.sprints, issue.due, issue.assignee = [2, 3], "2026-12-24", "ada"
        issue.summary = "Not followed"
    return issue


FOUND = {
    ("status", Word("11", "To Do"), Word("12", "In Progress")),
    (POINTS, None, Word("", "5")),
    ("sprint", None, Word("2, 3", "PAY 2, PAY 3")),
    ("duedate", None, Word("2026-12-24", "2026-12-24")),
    ("assignee", None, Word("ada", "Ada Park")),
}


@pytest.mark.parametrize("cloud", [True, False])
def test_a_site_that_says_it_has_no_fields_is_not_believed(*, cloud: bool) -> None:
    with site() as sandbox:
        issue = edited(sandbox)
        sandbox.fault("jira" if cloud else "dc", "/field", "bent").after = hollow
        with pytest.raises(Broken):
            told(sandbox, issue, cloud=cloud)


def test_what_matters_is_told_with_ids_and_names() -> None:
    with site() as sandbox:
        issue = edited(sandbox)
        (history,) = told(sandbox, issue)
    assert {(one.field, one.old, one.new) for one in history.entries} == FOUND
    assert history.whole == (issue.id,)
    assert {(one.item, one.account) for one in history.entries} == {(issue.id, "ada")}
    assert min(one.at for one in history.entries) == "2026-11-23T08:00:00.000Z"
    assert len({one.remote_id for one in history.entries}) == len(FOUND)


def test_what_is_older_than_asked_for_is_left_out_and_what_is_gone_is_whole() -> None:
    with site() as sandbox:
        issue = edited(sandbox)
        (late,) = told(sandbox, issue, since="2026-11-24")
        del sandbox.world.jira.issues[issue.id]
        (gone,) = told(sandbox, issue)
    assert (late.entries, late.whole) == ((), (issue.id,))
    assert (gone.entries, gone.whole) == ((), (issue.id,))


def test_no_changes_at_all_are_not_believed_where_an_issue_itself_tells_of_some() -> None:
    with site() as sandbox:
        issue = edited(sandbox)
        sandbox.plan = Plan(1, [Rule(("hollow",), "jira", "POST */changelog/bulkfetch", chance=1)])
        (hollow,) = told(sandbox, issue)
        sandbox.plan = None
        untouched = [*sandbox.world.jira.issues.values()][5]
        (none,) = told(sandbox, untouched)
    assert "gave no changelog" in str(hollow.error)
    assert (hollow.whole, none.whole, none.error) == ((), (untouched.id,), None)


def test_one_changelog_may_need_several_pages() -> None:
    with site() as sandbox:
        issue = edited(sandbox)
        sandbox.plan = Plan(1, [Rule(("short",), chance=1)])
        (history,) = told(sandbox, issue)
        asked = [one for one in sandbox.requests if one.path.endswith("changelog/bulkfetch")]
    assert {(one.field, one.old, one.new) for one in history.entries} == FOUND
    assert len(asked) > 1


def test_a_page_that_comes_again_ends_it_and_marks_nothing_as_whole() -> None:
    with site() as sandbox:
        issue = edited(sandbox)

        def again(_: Call, answer: Answer) -> Answer:
            return Answer({**answer.body, "nextPageToken": "0"}, answer.status, answer.headers)

        sandbox.fault("jira", "changelog/bulkfetch", "bent", times=3).after = again
        (history,) = told(sandbox, issue)
    assert "repeats a page of changelogs" in str(history.error)
    assert history.whole == ()


@pytest.mark.parametrize("total", [None, 99])
def test_data_center_tells_it_beside_a_search_and_a_cut_one_is_asked_for_by_itself(total: int | None) -> None:
    with site() as sandbox:
        issue, other = edited(sandbox), edited(sandbox, 1)

        def cut(_: Call, answer: Answer) -> Answer:
            body = msgspec.json.decode(msgspec.json.encode(answer.body))
            for one in body["issues"]:
                one["changelog"]["total"] = total
                one["changelog"]["histories"] = one["changelog"]["histories"][:2]
            return Answer(body, answer.status, answer.headers)

        if total:
            sandbox.fault("dc", "POST .*/search", "bent").after = cut
        histories = told(sandbox, issue, other, cloud=False)
        alone = [one for one in sandbox.requests if "expand=changelog" in one.url]
    assert len(alone) == (2 if total else 0)
    entries = [one for history in histories for one in history.entries]
    assert Counter((one.item, one.field) for one in entries) == Counter(
        (one.id, field) for one in (issue, other) for field, _, _ in FOUND
    )


def test_on_data_center_an_issue_that_a_search_finds_and_that_is_then_refused_is_asked_for_again() -> None:
    with site() as sandbox:
        issue, gone = edited(sandbox), edited(sandbox, 1)
        del sandbox.world.jira.issues[gone.id]

        def cut(_: Call, answer: Answer) -> Answer:
            return Answer({**answer.body, "issues": []}, answer.status, answer.headers)

        sandbox.fault("dc", "POST .*/search", "bent").after = cut
        sandbox.fault("dc", "expand=changelog", times=None, status=404)
        (contradicted,) = told(sandbox, issue, gone, cloud=False)
        sandbox.clear()
        (history,) = told(sandbox, issue, gone, cloud=False)
    assert (contradicted.entries, contradicted.whole) == ((), ())
    assert {one.field for one in history.entries} == {field for field, _, _ in FOUND}
    assert history.whole == (issue.id, gone.id)


def test_on_data_center_what_another_field_of_the_same_name_was_is_not_told_as_ours() -> None:
    with site() as sandbox:
        fields = sandbox.world.jira.fields
        fields["customfield_10099"] = replace(fields[POINTS], id="customfield_10099")
        fields["customfield_10098"] = replace(fields[POINTS], id="customfield_10098", name="Status")
        issue, other = edited(sandbox), edited(sandbox, 1)
        with noted(sandbox.world, issue, "ada"):
            issue.fields["customfield_10098"] = 55.0
        with noted(sandbox.world, other, "ada"):
            other.status, other.fields = "13", {**other.fields, POINTS: 5.0}
        (history,) = told(sandbox, issue, other, cloud=False)
        (cloud,) = told(sandbox, issue, other)
    assert {one.field for one in history.entries} == {field for field, _, _ in FOUND} - {POINTS}
    assert len([one for one in history.entries if one.field == "status"]) == 3, "none of the field that somebody made"
    assert (history.whole, history.unsure) == ((issue.id, other.id), {issue.id, other.id})
    assert (POINTS in {one.field for one in cloud.entries}, cloud.unsure) == (True, frozenset())


def test_times_are_told_in_milliseconds_or_as_text() -> None:
    assert _instant(1732877091000) == _instant("2024-11-29T10:44:51.000+0000") == "2024-11-29T10:44:51.000Z"
    assert [_instant(odd) for odd in (None, "", "soon", 10**30)] == [None] * 4


def test_a_real_sites_changelogs_are_read() -> None:
    fields: Counter[str] = Counter()
    lines = shared("payloads/jira/devlake/issue_changelogs.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines:
        log = msgspec.convert(json.loads(line)["data"], Log)
        followed = {one.field_id: one.field_id for one in log.items if one.field_id}
        found = list(_entries("1", log, followed, {}))
        assert len(found) == sum(one.field_id is not None for one in log.items)
        assert all(one.at.endswith("Z") and (one.old or one.new) for one in found)
        fields.update(one.field for one in found)
    assert fields["status"]
