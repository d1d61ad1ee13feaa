"""Data Center: what the site says it is decides the routes; search by places loses nothing; people have keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from connectors.jira.connector import Jira
from connectors.jira.records import LABEL, PROPERTY, text
from syncbot.connector import Settings, Target, Want, Write
from syncbot.errors import Broken, Refused, ToolError
from syncbot.model import Word
from syncbot.sandbox.cruelty import Plan, Rule
from syncbot.sandbox.edits import Edits
from syncbot.sandbox.http import Answer, Call
from syncbot.sandbox.server import Sandbox
from tests.connectors.jira.site import NOW, PAY, RISK, TOKEN, add, ends, read, scopes, site

MARKER = "syncbot:v1:0123456789abcdef"
BOT, ADA = "JIRAUSER10100", "JIRAUSER10101"
FIELDS = frozenset({"assignee", "duedate"})


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with site(issues=250) as sandbox:
        yield sandbox


@pytest.fixture
def jira(sandbox: Sandbox) -> Iterator[Jira]:
    jira = connector(sandbox)
    yield jira
    jira.close()


def connector(sandbox: Sandbox, **more: Any) -> Jira:
    settings = {"user": None, "secrets": {"token": TOKEN}, "patience": 0.0, **more}
    return Jira(Settings("dc", "jira", sandbox.dc_url, **settings))


def asked(sandbox: Sandbox, path: str = "/rest/api/2/search") -> int:
    return sum(one.path == path for one in sandbox.requests)


# What it is --------------------------------------------------------------------------------------------------------


def test_the_site_says_what_it_is(jira: Jira) -> None:
    probe = jira.probe()
    assert (probe.deployment, probe.markup) == ("Data Center", "wiki")
    assert (probe.account.remote_id, probe.account.handle) == (BOT, "bot")
    assert probe.permissions == ("BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES")
    assert probe.timezone == "America/Los_Angeles"


def test_a_site_at_any_address_is_asked_before_anything_else(sandbox: Sandbox) -> None:
    jira = connector(sandbox)
    sandbox.clear()
    jira.census(Want(next(iter(jira.scopes()))))
    assert sandbox.requests[0].path == "/rest/api/2/serverInfo"
    assert asked(sandbox, "/rest/api/2/serverInfo") == 1
    assert not any("/api/3/" in one.path for one in sandbox.requests)
    jira.close()


def test_a_personal_access_token_is_a_bearer_and_a_wrong_one_is_refused(sandbox: Sandbox) -> None:
    jira = connector(sandbox, secrets={"token": "another-token"})
    with pytest.raises(Refused) as raised:
        jira.probe()
    assert "another-token" not in str(raised.value)
    jira.close()


def test_projects_come_at_once_archived_ones_too(jira: Jira, sandbox: Sandbox) -> None:
    sandbox.world.jira.projects["10001"].archived = True
    assert [(one.key, one.archived, one.public) for one in jira.scopes()] == [
        ("PAY", False, False),
        ("RISK", True, False),
    ]


# Reading -----------------------------------------------------------------------------------------------------------


def test_a_full_read_has_every_issue_once(jira: Jira, sandbox: Sandbox) -> None:
    records, _ = read(jira, [Want(scope) for scope in scopes(jira).values()], FIELDS)
    assert sorted(record.remote_id for record in records) == sorted(sandbox.world.jira.issues)


def test_nothing_changed_costs_one_search_even_in_a_new_process(jira: Jira, sandbox: Sandbox) -> None:
    found = scopes(jira).values()
    _, cursors = read(jira, [Want(scope) for scope in found], FIELDS)
    sandbox.clear()
    later = connector(sandbox)
    records, after = read(later, [Want(scope, cursors[scope.remote_id]) for scope in found], FIELDS)
    assert (records, after) == ([], cursors)
    assert [one.path for one in sandbox.requests] == ["/rest/api/2/search"]
    later.close()


def test_only_what_changed_is_read_again(jira: Jira, sandbox: Sandbox) -> None:
    found = scopes(jira).values()
    _, cursors = read(jira, [Want(scope) for scope in found], FIELDS)
    sandbox.now = NOW + timedelta(hours=1)
    issue = sandbox.world.jira.issue("PAY-7")
    assert issue
    issue.summary, issue.updated = "Changed", sandbox.world.stamp()
    records, _ = read(jira, [Want(scope, cursors[scope.remote_id]) for scope in found], FIELDS)
    assert [(record.ref, record.title) for record in records] == [("PAY-7", "Changed")]


@pytest.mark.parametrize("gone", [1, 5, 40, 99])
def test_issues_that_leave_while_we_read_hide_no_other(jira: Jira, sandbox: Sandbox, gone: int) -> None:
    state = sandbox.world.jira
    seen: set[str] = set()
    for page in jira.pull([Want(scopes(jira)["PAY"])], FIELDS):
        if not seen:
            for number in range(1, gone + 1):
                issue = state.issue(f"PAY-{number}")
                assert issue
                del state.issues[issue.id]
            sandbox.world.stamp()
        assert page.error is None
        seen |= {record.ref for record in page.records}
    assert {f"PAY-{number}" for number in range(gone + 1, 251)} <= seen


def test_issues_that_come_while_we_read_are_read_now_or_next_time(jira: Jira, sandbox: Sandbox) -> None:
    pay, seen, cursor = scopes(jira)["PAY"], set[str](), None
    for page in jira.pull([Want(pay)], FIELDS):
        if not seen:
            add(sandbox.world.jira, "PAY", 900, NOW - timedelta(hours=400))  # moved here: created before all others
            moved = sandbox.world.jira.issue("PAY-900")
            assert moved
            moved.updated = sandbox.world.stamp()
        seen |= {record.ref for record in page.records}
        cursor = page.cursor or cursor
    later, _ = read(jira, [Want(pay, cursor)], FIELDS)
    assert {f"PAY-{number}" for number in (*range(1, 251), 900)} == seen | {record.ref for record in later}


def test_an_error_leaves_the_scope_without_an_end(jira: Jira, sandbox: Sandbox) -> None:
    sandbox.fault("dc", "POST .*/search", status=500, times=None, after=1)
    pages = list(jira.pull([Want(scopes(jira)["PAY"])], FIELDS))
    assert isinstance(ends(pages)[PAY].error, ToolError)
    assert not any(one.last for one in pages)


def test_census_is_complete(jira: Jira, sandbox: Sandbox) -> None:
    assert len(jira.census(Want(scopes(jira)["PAY"]))) == 250
    sandbox.fault("dc", "POST .*/search", status=403, times=None)
    with pytest.raises(Refused):
        jira.census(Want(scopes(jira)["PAY"]))


# What an issue says ------------------------------------------------------------------------------------------------


def test_an_epic_is_the_parent_sprints_are_text_and_people_are_keys(jira: Jira, sandbox: Sandbox) -> None:
    state = sandbox.world.jira
    epic = add(state, "PAY", 901, NOW, type="2", summary="Epic")
    add(
        state,
        "PAY",
        902,
        NOW,
        parent=epic.id,
        sprints=[1, 2],
        assignee="ada",
        description="h3. Why\n\n* fewer *failures*, because [merchants|https://x.example] ask\n{code:sql}select{code}",
    )
    sandbox.world.stamp()
    records, _ = read(jira, [Want(scopes(jira)["PAY"])], FIELDS)
    (record,) = [one for one in records if one.ref == "PAY-902"]
    (parent,) = [one for one in record.references if one.parent]
    assert (parent.target, parent.form, parent.word) == (
        f"{sandbox.dc_url}/browse/PAY-901",
        "url",
        Word("customfield_10014", "Epic Link"),
    )
    assert (record.sprints, record.past_sprints) == (("2",), ("1",))
    assert (record.creator, record.fields["assignee"]) == (ADA, ADA)
    assert (record.description_words, record.has_reason) == (7, True)
    assert record.status_since is None


def test_markup_is_no_word() -> None:
    assert text(
        "h1. Title\n----\n# one\n** two\n||a||b||\n{panel:title=x}in{panel} [said|https://x.example]"
    ).split() == [*("Title", "one", "two", "a", "b", "in", "said")]
    assert text("a-b well-known 3 - 2") == "a-b well-known 3 - 2"


def test_fields_and_words_are_described(jira: Jira) -> None:
    words = jira.describe(tuple(scopes(jira).values()))
    assert {"customfield_10014", "customfield_10020", "duedate"} <= {field.id for field in words.fields}
    assert {(term.facet, term.name) for term in words.terms} >= {
        ("status", "Done"),
        ("type", "Epic"),
        ("priority", "Medium"),
        ("link", "Blocks"),
    }


def test_sprints_and_versions_are_read(jira: Jira) -> None:
    found = jira.containers(tuple(scopes(jira).values()))
    assert [one.name for one in found.sprints] == ["PAY 1", "PAY 2", "PAY 3"]
    assert [one.name for one in found.containers] == ["1.0"]
    assert found.errors == {}


def test_accounts_have_keys_and_those_of_leavers_are_asked_for(jira: Jira, sandbox: Sandbox) -> None:
    sandbox.world.jira.users["ada"].active = False
    found = jira.accounts(tuple(scopes(jira).values()), frozenset({ADA, "JIRAUSER99999"}))
    assert [(one.remote_id, one.handle, one.active) for one in found] == [
        (BOT, "bot", True),
        (ADA, "ada", False),
        ("JIRAUSER10102", "app", True),
    ]


def test_an_empty_answer_about_a_leaver_makes_nobody_a_stranger(jira: Jira, sandbox: Sandbox) -> None:
    sandbox.world.jira.users["ada"].active = False
    sandbox.plan = Plan(1, [Rule(("hollow",), "dc", "GET /rest/api/2/user", chance=1)])
    with pytest.raises(Broken, match="nothing of a person"):
        jira.accounts(tuple(scopes(jira).values()), frozenset({ADA}))


# The report --------------------------------------------------------------------------------------------------------


@pytest.fixture
def write(jira: Jira, sandbox: Sandbox) -> Write:
    target = Target(scopes(jira)["PAY"], "Alignment report", "Task")
    sandbox.clear()
    body = {"summary": "Alignment report", "description": "*1 finding.*\n\n----", "labels": [LABEL]}
    return Write(target, MARKER, body, authors=frozenset({BOT}))


def test_the_report_is_made_once_and_found_by_label_and_mark(jira: Jira, sandbox: Sandbox, write: Write) -> None:
    made = jira.apply(write)
    assert (made.outcome, made.url) == ("created", f"{sandbox.dc_url}/browse/{made.ref}")
    issue = sandbox.world.jira.issues[made.remote_id]
    assert (issue.description, issue.properties) == ("*1 finding.*\n\n----", {PROPERTY: {"marker": MARKER}})
    found = jira.find(write.target, MARKER, frozenset({BOT}))
    assert found
    assert (found.remote_id, found.closed) == (made.remote_id, False)
    assert jira.find(write.target, MARKER, frozenset({ADA})) is None
    assert jira.find(write.target, "syncbot:v1:ffff", frozenset({BOT})) is None
    sandbox.clear()
    for known in (None, made.remote_id):
        assert jira.apply(msgspec.structs.replace(write, remote_id=known)).outcome == "unchanged"
    assert sandbox.writes() == []


def test_a_change_is_one_request_and_a_closed_report_is_muted(jira: Jira, sandbox: Sandbox, write: Write) -> None:
    made = jira.apply(write)
    second = {**write.body, "description": "second"}
    later = msgspec.structs.replace(write, remote_id=made.remote_id, body=second, before=(write.body,))
    sandbox.clear()
    assert jira.apply(later).outcome == "updated"
    assert [one.method for one in sandbox.requests] == ["GET", "PUT"]
    issue = sandbox.world.jira.issues[made.remote_id]
    assert issue.description == "second"
    issue.status = "13"
    assert jira.apply(write).outcome == "muted"


def test_lines_that_end_in_another_way_are_no_difference(jira: Jira, sandbox: Sandbox, write: Write) -> None:
    made = jira.apply(write)
    sandbox.world.jira.issues[made.remote_id].description = "*1 finding.*\r\n\r\n----\r\n"
    assert jira.apply(write).outcome == "unchanged"


def test_our_own_report_is_known_by_its_mark_when_it_is_read(jira: Jira, write: Write) -> None:
    made = jira.apply(write)
    records, _ = read(jira, [Want(write.target.scope)], FIELDS)
    assert [record.marker for record in records if record.remote_id == made.remote_id] == [MARKER]
    assert {record.marker for record in records if record.remote_id != made.remote_id} == {None}


def test_too_much_text_is_refused_in_jiras_words(jira: Jira, sandbox: Sandbox, write: Write) -> None:
    with pytest.raises(ToolError, match="32,767"):
        jira.apply(msgspec.structs.replace(write, body={**write.body, "description": "x" * 32_768}))
    assert not [one for one in sandbox.world.jira.issues.values() if LABEL in one.labels]


def test_what_keeps_a_report_from_being_written_is_said(jira: Jira, write: Write) -> None:
    assert jira.obstacles(write.target) == ()
    (said,) = jira.obstacles(msgspec.structs.replace(write.target, issue_type="Report"))
    assert 'no issue type "Report"' in said


def test_a_search_body_has_no_nulls_and_exact_fields(jira: Jira, sandbox: Sandbox) -> None:
    seen: list[dict[str, Any]] = []
    send = jira._client.search

    def search(query: dict[str, Any]) -> tuple[bytes, int]:
        seen.append(json.loads(json.dumps(query)))
        return send(query)

    jira._client.search = search
    read(jira, [Want(scopes(jira)["PAY"])], FIELDS)
    assert {*seen[0]} == {"jql", "startAt", "maxResults", "fields"}
    assert {"assignee", "duedate", "customfield_10014", "customfield_10020"} <= set(seen[0]["fields"])
    assert "*all" not in seen[0]["fields"]
    assert sandbox.requests


# Issues that it cannot show ------------------------------------------------------------------------------------------


def poison(sandbox: Sandbox, *keys: str) -> set[str]:
    """Let whatever shows more of these issues than their ids and projects fail; gives their ids."""
    ids = {one.id for one in sandbox.world.jira.issues.values() if one.key in keys}

    def spoil(call: Call, answer: Answer) -> Answer:
        shown = json.dumps(answer.body)
        asked = (call.body or {}).get("fields")
        is_hit = asked not in (["id"], ["project"]) and any(f'"id": "{id_}"' in shown for id_ in ids)
        return Answer({"errorMessages": ["A field of it is broken"], "errors": {}}, 500) if is_hit else answer

    sandbox.fault("dc", "/api/2/(search|issue/)", "bent", times=None).after = spoil
    return ids


def test_an_issue_that_jira_cannot_show_is_put_aside_and_all_others_are_read(jira: Jira, sandbox: Sandbox) -> None:
    ids = poison(sandbox, "PAY-30", "PAY-31", "PAY-249")
    wants = [Want(scope) for scope in scopes(jira).values()]
    sandbox.requests.clear()
    pages = list(jira.pull(wants, FIELDS))
    assert not any(page.error for page in pages)
    assert len({one.remote_id for page in pages for one in page.records}) == 251 - len(ids)
    told = {id_: why for page in pages for id_, why in page.unread.items()}
    assert told == dict.fromkeys(ids, "Jira cannot give it: A field of it is broken")
    assert {page.scope for page in pages if page.unread} == {PAY}
    assert len(sandbox.requests) < 100


def test_to_find_the_one_that_cannot_be_shown_takes_no_more_pauses_than_to_ask_for_it_twice(sandbox: Sandbox) -> None:
    (id_,) = poison(sandbox, "PAY-30")
    jira = connector(sandbox, patience=100.0)
    transport = jira._client._transport
    pauses: list[float] = []
    transport._sleep = pauses.append
    transport._jitter = lambda: 1.0
    pay = scopes(jira)["PAY"]
    assert {one for page in jira.pull([Want(pay)], FIELDS) for one in page.unread} == {id_}
    assert sum(one for one in pauses if one >= 1) == 2 * (2 + 4 + 8)
    jira.close()


def test_one_that_changes_alone_is_put_aside_in_its_own_project(jira: Jira, sandbox: Sandbox) -> None:
    found = scopes(jira)
    _, cursors = read(jira, [Want(scope) for scope in found.values()])
    sandbox.now += timedelta(hours=1)
    changed = next(one for one in sandbox.world.jira.issues.values() if one.key == "RISK-1")
    Edits(sandbox.world).set(changed, summary="Poisoned")
    (id_,) = poison(sandbox, "RISK-1")
    pages = list(jira.pull([Want(scope, cursors[scope.remote_id]) for scope in found.values()], FIELDS))
    assert {page.scope: {*page.unread} for page in pages if page.last} == {PAY: set(), RISK: {id_}}
    again = jira.again([Want(scope) for scope in found.values()], {RISK: [id_]}, FIELDS)
    assert ({*again.unread}, again.records) == ({id_}, ())


def test_a_site_at_which_everything_fails_puts_nothing_aside(jira: Jira, sandbox: Sandbox) -> None:
    wants = [Want(scope) for scope in scopes(jira).values()]
    _, cursors = read(jira, wants)
    sandbox.fault("dc", ".*", status=500, times=None)
    pages = list(jira.pull([Want(one.scope, cursors[one.scope.remote_id]) for one in wants], FIELDS))
    assert all(page.error is not None and not page.unread for page in pages)
    with pytest.raises(ToolError):
        jira.again(wants, {PAY: [next(iter(sandbox.world.jira.issues))]}, FIELDS)
