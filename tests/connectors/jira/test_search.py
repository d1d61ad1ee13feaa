"""Odd answers to searches, which no faithful sandbox gives: none may end a read in silence."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import responses

from connectors.jira.client import Client
from connectors.jira.connector import Jira
from connectors.jira.cursor import Cursor
from connectors.jira.search import batches, fetch, search
from connectors.jira.wire import Lens
from syncbot.connector import Page, Settings, Want
from syncbot.errors import Broken
from syncbot.model import Scope
from tests.connectors.jira.site import PAY, RISK

SITE = "https://example.atlassian.net"


def issue(number: int, **fields: Any) -> dict[str, Any]:
    base = {"summary": "x", "project": {"id": PAY}, "updated": "2026-11-23T08:00:00.000+0000"}
    return {"id": str(number), "key": f"PAY-{number}", "fields": base | fields}


def pull(*answers: Any) -> tuple[list[Page], list[str]]:
    """The pages of a pull of one scope that a site answers so, and the tokens that were sent."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as far:
        far.get(
            f"{SITE}/rest/api/2/serverInfo",
            json={"baseUrl": SITE, "deploymentType": "Cloud", "serverTime": "2026-11-23T08:00:00.000+0000"},
        )
        far.get(f"{SITE}/rest/api/3/field", json=[{"id": "summary", "name": "Summary"}])
        for answer in answers:
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            far.get(f"{SITE}/rest/api/3/search/jql", body=body)
        jira = Jira(Settings("delivery", "jira", SITE, "u", {"token": "t"}, patience=0.0))
        pages = list(jira.pull([Want(Scope(PAY, "PAY", "PAY"))], frozenset()))
        tokens = [re.search(r"nextPageToken=(\w+)", call.request.url or "") for call in far.calls[2:]]
    return pages, [found[1] for found in tokens if found]


def test_a_repeated_token_is_an_error_and_no_endless_read() -> None:
    same = {"issues": [issue(1)], "nextPageToken": "a"}
    pages, tokens = pull(same, same, same)
    assert isinstance(pages[-1].error, Broken)
    assert tokens == ["a"]
    assert not any(page.last for page in pages)


def test_the_search_ends_when_the_token_is_absent_and_not_before() -> None:
    answers = (
        {"issues": [issue(1)], "nextPageToken": "a", "isLast": True},
        {"issues": [], "nextPageToken": "b"},
        {"issues": [issue(2)]},
    )
    with responses.RequestsMock() as far:
        for answer in answers:
            far.get(f"{SITE}/rest/api/3/search/jql", json=answer)
        client = Client(Settings("delivery", "jira", SITE, "u", {"token": "t"}))
        pages = [([one.id for one in part.issues], part.last) for part in search(client, "project = 1", Lens())]
    assert pages == [(["1"], False), ([], False), (["2"], True)]


def test_a_page_that_was_promised_and_is_empty_is_asked_for_twice() -> None:
    more, empty = {"issues": [issue(1)], "nextPageToken": "a"}, {"issues": []}
    for answers, found in (((more, empty, {"issues": [issue(2)]}), ["1", "2"]), ((more, empty, empty), ["1"])):
        with responses.RequestsMock() as far:
            for answer in answers:
                far.get(f"{SITE}/rest/api/3/search/jql", json=answer)
            client = Client(Settings("delivery", "jira", SITE, "u", {"token": "t"}))
            parts = list(search(client, "project = 1", Lens()))
        assert [one.id for part in parts for one in part.issues] == found
        assert [part.last for part in parts] == [False, True]


def test_a_first_page_that_is_empty_and_not_the_last_ends_nothing() -> None:
    answers = ({"issues": [], "nextPageToken": "a"}, {"issues": [{"id": "1"}, {"id": "2"}]})
    with responses.RequestsMock() as far:
        for answer in answers:
            far.get(f"{SITE}/rest/api/3/search/jql", json=answer)
        far.post(f"{SITE}/rest/api/3/issue/bulkfetch", json={"issues": [issue(1), issue(2)]})
        client = Client(Settings("delivery", "jira", SITE, "u", {"token": "t"}))
        parts = [([one.id for one in part.issues], part.last) for part in batches(client, "project = 1", Lens())]
    assert parts == [([], False), (["1", "2"], True)]


def test_an_issue_that_cannot_be_fetched_now_is_asked_for_again_and_then_put_aside() -> None:
    late = {"issues": [issue(1)], "issueErrors": [{"id": "2", "errorMessage": "busy"}]}
    for second, unread in (({"issues": [issue(2)]}, {}), (late, {"2": "Jira cannot give it: busy"})):
        with responses.RequestsMock() as far:
            far.post(f"{SITE}/rest/api/3/issue/bulkfetch", json=late)
            far.post(f"{SITE}/rest/api/3/issue/bulkfetch", json=second)
            client = Client(Settings("delivery", "jira", SITE, "u", {"token": "t"}))
            issues, left = fetch(client, ["1", "2"], Lens())
            assert {one.id for one in issues} == {"1", "2"} - left.keys()
            assert left == unread
            assert json.loads(far.calls[1].request.body or "")["issueIdsOrKeys"] == ["2"]


def test_an_error_that_names_no_issue_is_of_those_that_did_not_come() -> None:
    with responses.RequestsMock() as far:
        far.post(f"{SITE}/rest/api/3/issue/bulkfetch", json={"issues": [issue(1)], "issueErrors": [{}]})
        far.post(f"{SITE}/rest/api/3/issue/bulkfetch", json={"issues": []})
        far.get(f"{SITE}/rest/api/3/issue/2", status=404)
        client = Client(Settings("delivery", "jira", SITE, "u", {"token": "t"}))
        issues, unread = fetch(client, ["1", "2"], Lens())
    assert ([one.id for one in issues], unread) == (["1"], {})


def test_many_issues_that_cannot_be_fetched_are_an_error_and_none_is_put_aside() -> None:
    errors = {"issues": [issue(1)], "issueErrors": [{"id": str(number)} for number in range(2, 14)]}
    with responses.RequestsMock() as far:
        far.post(f"{SITE}/rest/api/3/issue/bulkfetch", json=errors)
        client = Client(Settings("delivery", "jira", SITE, "u", {"token": "t"}))
        with pytest.raises(Broken, match="12 issues"):
            fetch(client, [str(number) for number in range(1, 14)], Lens())


@pytest.mark.parametrize("knows", [True, False])
def test_a_poisoned_issue_of_several_projects_is_put_aside_in_its_own_as_far_as_jira_tells_it(*, knows: bool) -> None:
    found = [{"issues": [issue(3)], "nextPageToken": "a"}, {"issues": [{"id": str(number)} for number in (2, 3)]}]
    with responses.RequestsMock() as far:
        for answer in found:
            far.get(f"{SITE}/rest/api/3/search/jql", json=answer)
        homes = {"json": {"issues": [issue(2, project={"id": RISK})]}} if knows else {"status": 400}
        far.get(f"{SITE}/rest/api/3/search/jql", **homes)
        for _ in range(2):
            far.post(f"{SITE}/rest/api/3/issue/bulkfetch", json={"issues": [], "issueErrors": [{"id": "2"}]})
        jira = Jira(Settings("delivery", "jira", SITE, "u", {"token": "t"}, patience=0.0))
        before = Cursor(1, Lens(url=SITE), swept=1).text()
        pages = list(
            jira.pull([Want(Scope(PAY, "PAY", "PAY"), before), Want(Scope(RISK, "RISK", "RISK"), before)], frozenset())
        )
        jira.close()
    assert {page.scope for page in pages if page.unread} == {RISK if knows else PAY}


def test_a_project_is_read_to_its_end_although_one_of_its_issues_is_poisoned() -> None:
    with responses.RequestsMock() as far:
        for answer in (
            {"issues": [issue(1)], "nextPageToken": "a"},
            {"issues": [{"id": str(number)} for number in (1, 2, 3)]},
        ):
            far.get(f"{SITE}/rest/api/3/search/jql", json=answer)
        for issues in ([issue(3)], []):
            far.post(f"{SITE}/rest/api/3/issue/bulkfetch", json={"issues": issues, "issueErrors": [{"id": "2"}]})
        jira = Jira(Settings("delivery", "jira", SITE, "u", {"token": "t"}, patience=0.0))
        before = Cursor(1, Lens(url=SITE), swept=1).text()
        *_, page = jira.pull([Want(Scope(PAY, "PAY", "PAY"), before)], frozenset())
        jira.close()
    assert ([one.remote_id for one in page.records], page.last) == (["3"], True)
    assert page.unread == {"2": "Jira cannot give it: it does not say why"}


@pytest.mark.parametrize(
    "answer",
    [
        {"issues": [issue(1)], "isLast": False},
        {},
        {"isLast": True},
        [],
        b"",
        b"{}" * 2,
        json.dumps({"issues": [issue(1)]}).encode()[:-3],
        b"<html>maintenance</html>",
    ],
)
def test_an_answer_that_breaks_the_contract_ends_no_read_in_silence(answer: Any) -> None:
    pages, _ = pull(answer)
    assert isinstance(pages[-1].error, Broken)
    assert not any(page.last for page in pages)


def test_an_odd_value_costs_itself_only_and_an_issue_without_id_itself() -> None:
    odd = issue(2, labels={"not": "a list"}, status=7, priority=None, summary="kept")
    pages, _ = pull({"issues": [issue(1), odd, {"key": "no id"}, "no issue", issue(3, fields=None)]})
    records = pages[-1].records
    assert pages[-1].last
    assert [record.remote_id for record in records] == ["1", "2", "3"]
    assert (records[1].title, records[1].labels, records[1].status) == ("kept", (), None)


def test_half_an_emoji_and_broken_bytes_cost_one_character() -> None:
    body = json.dumps({"issues": [issue(1, summary="a CUT b"), issue(2, summary="BYTE")]}).encode()
    body = body.replace(b"CUT", b"\\ud83d").replace(b"BYTE", b"\xff\xfe").replace(b'"x"', b"NaN")
    pages, _ = pull(body)
    assert [record.title for record in pages[-1].records] == ["a \ufffd b", "\ufffd\ufffd"]
    pages[-1].records[0].title.encode()


def test_a_byte_that_is_no_unicode_costs_one_character_where_all_else_is_right() -> None:
    pages, _ = pull(json.dumps({"issues": [issue(1, summary="BYTE")]}).encode().replace(b"BYTE", b"caf\xe9"))
    assert [record.title for record in pages[-1].records] == ["caf\ufffd"]


@pytest.mark.parametrize("levels", [900, 100_000])
def test_a_description_nested_too_deep_costs_itself_only(levels: int) -> None:
    deep = '{"type": "doc", "content": [' * levels + '{"text": "deep ]]"}' + "]}" * levels
    body = json.dumps({"issues": [issue(1, summary="a [", description=0), issue(2)]}).replace("0}", f"{deep}}}", 1)
    assert deep in body
    pages, _ = pull(body.encode())
    assert [(one.remote_id, one.title, one.description_words) for one in pages[-1].records] == [
        ("1", "a [", 0),
        ("2", "x", 0),
    ]


def test_a_site_that_does_not_say_its_time_is_read_again_rather_than_trusted() -> None:
    with responses.RequestsMock() as far:
        far.get(f"{SITE}/rest/api/2/serverInfo", json={"baseUrl": SITE, "deploymentType": "Cloud"})
        far.get(f"{SITE}/rest/api/3/field", json=[{"id": "summary", "name": "Summary"}])
        far.get(f"{SITE}/rest/api/3/search/jql", json={"issues": [issue(1)]})
        jira = Jira(Settings("delivery", "jira", SITE, "u", {"token": "t"}))
        pages = list(jira.pull([Want(Scope(PAY, "PAY", "PAY"))], frozenset()))
    assert json.loads(pages[-1].cursor or "")["ms"] == 0
