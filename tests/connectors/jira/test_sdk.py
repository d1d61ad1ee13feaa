"""The traps of the jira SDK, each sprung on purpose: what it would do by itself, and that ours does not."""

from __future__ import annotations

import logging
import threading
from typing import Any

import pytest
import responses
from jira import JIRA

from connectors.jira import connect
from connectors.jira.client import LIMITS, Client
from connectors.jira.connector import Jira
from syncbot.connector import Settings, Target, Want, Write
from syncbot.errors import Broken, Limited, Refused, ToolError, Unknown, Unreachable
from syncbot.transport import TIMEOUT, Request, Transport
from tests.connectors.jira.site import FIELDS, TOKEN, USER, connector, read, scopes, site

SITE = "https://example.atlassian.net"
SEARCH = f"{SITE}/rest/api/3/search/jql"
DOCUMENT = {"type": "doc", "version": 1, "content": []}


def settings(**more: Any) -> Settings:
    return Settings(
        "delivery", "jira", **({"url": SITE, "user": USER, "secrets": {"token": TOKEN}, "patience": 0.0} | more)
    )


def test_making_a_connector_and_its_sdk_client_sends_nothing() -> None:
    with responses.RequestsMock():  # every request would fail
        jira = connect(settings())
        with Client(settings())._borrowed() as sdk:
            assert sdk.server_url == SITE
        jira.close()


def test_the_sdk_speaks_version_3_and_knows_that_it_talks_to_the_cloud() -> None:
    with Client(settings())._borrowed() as sdk:
        assert sdk._get_url("issue") == f"{SITE}/rest/api/3/issue"
        assert sdk._is_cloud
        assert sdk._session.max_retries == 0
        assert sdk._session.timeout == TIMEOUT
        assert sdk._options["check_update"] is False


def test_the_sdks_cloud_methods_work_since_the_deployment_is_set() -> None:
    with responses.RequestsMock() as far, Client(settings())._borrowed() as sdk:
        far.post(f"{SITE}/rest/api/3/search/approximate-count", json={"count": 7})
        assert sdk.approximate_issue_count("project = 1") == 7
        sdk.deploymentType = None
        assert sdk.approximate_issue_count("project = 1") is None  # the trap


def test_two_connections_do_not_change_each_others_options() -> None:
    before = repr(JIRA.DEFAULT_OPTIONS)
    with Client(settings())._borrowed() as one, Client(settings(url="https://other.example/jira/"))._borrowed() as two:
        assert (one.server_url, two.server_url) == (SITE, "https://other.example/jira")
    assert repr(JIRA.DEFAULT_OPTIONS) == before


@pytest.mark.parametrize(("status", "error"), [(429, Limited), (503, Unknown), (500, Unknown)])
def test_a_post_is_never_sent_twice(status: int, error: type[ToolError]) -> None:
    with responses.RequestsMock() as far:
        far.post(f"{SITE}/rest/api/3/issue", status=status, headers={"Retry-After": "1"})
        with pytest.raises(error):
            Client(settings()).write("POST", "issue", {})
        assert len(far.calls) == 1


def test_a_retry_after_as_a_date_is_understood() -> None:
    with responses.RequestsMock() as far:
        dates = {"Retry-After": "Sun, 22 Nov 2026 00:30:47 GMT", "Date": "Sun, 22 Nov 2026 00:00:00 GMT"}
        far.get(SEARCH, status=429, headers=dates)
        with pytest.raises(Limited) as raised:
            Client(settings()).read("search/jql")
    assert raised.value.wait == pytest.approx(1847, abs=1)  # beyond the SDK's cap of 60 s


def test_a_503_without_retry_after_is_tried_again() -> None:
    transport = Transport("delivery", sleep=lambda _: None)
    with responses.RequestsMock() as far:
        far.get(SEARCH, status=503)
        far.get(SEARCH, json={"issues": []})
        assert Client(settings(), transport).read("search/jql") == b'{"issues": []}'


def test_no_error_and_no_log_holds_the_credential_or_the_body(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with responses.RequestsMock() as far:
        far.get(SEARCH, status=400, body=f"{TOKEN} and {USER}", headers={"Set-Cookie": "session=abc", "X-Token": TOKEN})
        with pytest.raises(ToolError) as raised:
            Client(settings()).read("search/jql", jql="summary ~ confidential")
    seen = f"{raised.value!r} {raised.value.__cause__!r} {raised.value.__context__!r} {caplog.text}"
    for secret in (TOKEN, "a-secret%2Ftoken", "session=abc", "confidential"):
        assert secret not in seen


def test_a_wrong_token_that_is_answered_as_if_nobody_had_asked_is_refused() -> None:
    with responses.RequestsMock() as far:
        far.get(SEARCH, json={"issues": []}, headers={"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"})
        with pytest.raises(Refused, match="check the user and the token"):
            Client(settings()).read("search/jql")


def test_a_wrong_token_is_refused() -> None:
    with site() as sandbox, pytest.raises(Refused) as raised:
        connector(sandbox, secrets={"token": "wrong-token"}).probe()
    assert "wrong-token" not in str(raised.value)


def test_a_page_of_errors_with_status_200_is_broken() -> None:
    with responses.RequestsMock() as far:
        far.get(
            f"{SITE}/rest/api/3/myself", body="<html><!-- SecurityTokenMissing --></html>", content_type="text/html"
        )
        with pytest.raises(Broken, match="delivery: myself"):
            Client(settings()).get("myself", dict)


def test_the_search_is_a_get_without_nulls() -> None:
    with site() as sandbox:
        jira = connector(sandbox)
        read(jira, [Want(scope) for scope in scopes(jira).values()])
        searches = [one for one in sandbox.requests if "search/jql" in one.path]
        assert {one.method for one in searches} == {"GET"}
        assert not any("null" in one.url or "None" in one.url for one in searches)
        jira.close()


def test_creating_the_report_reads_nothing_back() -> None:
    with site() as sandbox:
        jira = connector(sandbox)
        target = Target(scopes(jira)["PAY"], "Report", "Task")
        sandbox.clear()
        jira.apply(Write(target, "syncbot:v1:00", {"summary": "Report", "description": DOCUMENT}))
        assert [one.method for one in sandbox.requests] == ["GET", "POST"]  # the look for an older one, the creation
        jira.close()


def test_no_two_threads_use_one_sdk_client_and_clients_are_used_again() -> None:
    users: dict[int, set[int]] = {}
    together = threading.Barrier(4, timeout=10)

    def ask(_: int) -> int:
        with client._borrowed() as sdk:
            users.setdefault(id(sdk), set()).add(threading.get_ident())
            together.wait()
            return id(sdk)

    client = Client(settings(concurrency=4))
    first = list(client.each(ask, range(4)))
    second = list(client.each(ask, range(4)))
    client.close()
    assert len(set(first)) == len(set(second)) == 4
    assert set(first) == set(second)


def test_all_sdk_clients_share_one_pool_of_connections() -> None:
    client = Client(settings())
    with client._borrowed() as one, client._borrowed() as two:
        adapters = {id(sdk._session.get_adapter(url)) for sdk in (one, two) for url in (SITE, "http://x")}
    assert adapters == {id(client._adapter)}


def test_a_site_that_is_neither_is_refused_plainly() -> None:
    with responses.RequestsMock() as far:
        far.get(f"{SITE}/rest/api/2/serverInfo", json={"deploymentType": "Local", "version": "7.0"})
        with pytest.raises(ToolError, match=r"Jira 7\.0, deployment 'Local'; syncbot reads Jira Cloud and Data Center"):
            Jira(settings(user=None)).probe()
        assert far.calls[0].request.headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("method", "path", "lanes"),
    [
        ("GET", "/rest/api/3/search/jql", ["GET /rest/api/3/search/jql", None, None, None]),
        ("GET", "/rest/api/3/issue/10001", ["GET /rest/api/3/issue/*", None, None, None]),
        ("GET", "/rest/api/3/project/search", ["GET /rest/api/3/project/search", None, None, None]),
        ("GET", "/rest/api/3/project/PAY/statuses", ["GET /rest/api/3/project/*/statuses", None, None, None]),
        ("POST", "/rest/api/3/issue", ["POST /rest/api/3/issue", None, None, None]),
        ("POST", "/rest/api/3/issue/bulkfetch", ["POST /rest/api/3/issue/bulkfetch", None, None, None]),
        ("PUT", "/rest/api/3/issue/10001", [None, "PUT /rest/api/3/issue/*", "10001", "10001"]),
    ],
)
def test_limits_are_counted_as_jira_counts_them(method: str, path: str, lanes: list[str | None]) -> None:
    assert [limit.lane(Request(method, SITE + path)) for limit in LIMITS] == lanes


def test_a_burst_limit_slows_only_its_endpoint() -> None:
    with responses.RequestsMock() as far:
        far.get(SEARCH, status=429, headers={"Retry-After": "60", "RateLimit-Reason": "jira-burst-based"})
        far.get(f"{SITE}/rest/api/3/field", json=[])
        client = Client(settings())
        for _ in range(2):
            with pytest.raises(Limited):
                client.read("search/jql")
        assert client.read("field") == b"[]"
        assert len(far.calls) == 2


def test_an_unreachable_site_is_one_error_of_each_scope() -> None:
    with site() as sandbox:
        jira = connector(sandbox)
        wants = [Want(scope) for scope in scopes(jira).values()]
    pages = list(jira.pull(wants, FIELDS))
    assert {page.scope for page in pages} == {want.scope.remote_id for want in wants}
    assert all(isinstance(page.error, Unreachable) and not page.records for page in pages)
    jira.close()
