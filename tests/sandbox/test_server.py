"""The server itself: credentials, its log, compression, faults."""

from __future__ import annotations

import gzip
import time
from email.utils import parsedate_to_datetime

import pytest
import requests

from syncbot.sandbox.company import JIRA_TOKEN, JIRA_USER
from syncbot.sandbox.server import Sandbox

MYSELF = "/rest/api/3/myself"


@pytest.fixture
def session():
    session = requests.Session()
    session.auth = (JIRA_USER, JIRA_TOKEN)
    return session


@pytest.mark.parametrize("auth", [None, ("", ""), (JIRA_USER, ""), (JIRA_USER, "x"), ("x", JIRA_TOKEN)])
def test_jira_checks_who_asks(sandbox, auth):
    assert requests.get(sandbox.jira_url + MYSELF, auth=auth, timeout=5).status_code == 401


def test_the_log_tells_reads_from_writes(sandbox, session):
    session.get(sandbox.jira_url + MYSELF)
    session.post(f"{sandbox.jira_url}/rest/api/3/search/approximate-count", json={"jql": "project = PAY"})
    session.put(f"{sandbox.jira_url}/rest/api/3/issue/PAY-1", json={"fields": {"summary": "New name"}})
    assert [(one.method, one.is_write, one.status) for one in sandbox.requests] == [
        ("GET", False, 200),
        ("POST", False, 200),
        ("PUT", True, 204),
    ]
    assert sandbox.requests[2].path == "/rest/api/3/issue/{issue}"
    assert sandbox.requests[2].url == "PUT /rest/api/3/issue/PAY-1"
    sandbox.clear()
    assert sandbox.requests == sandbox.writes() == []


def test_answers_are_compressed_only_if_that_was_asked_for(sandbox, session):
    url = f"{sandbox.jira_url}/rest/api/3/field"
    packed = session.get(url, stream=True).raw
    assert packed.headers["Content-Encoding"] == "gzip"
    plain = session.get(url, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.read()) == plain.content


def test_an_answer_can_be_replaced(sandbox, session):
    sandbox.fault("jira", "myself", status=429, headers={"Retry-After": "7", "RateLimit-Reason": "jira-burst-based"})
    answer = session.get(sandbox.jira_url + MYSELF)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert session.get(sandbox.jira_url + MYSELF).status_code == 200


@pytest.mark.parametrize("kind", ["cut", "lost", "dropped"])
def test_a_broken_answer_is_executed_or_not_as_its_kind_says(sandbox, session, kind):
    sandbox.fault("jira", "^POST /rest/api/3/issue$", kind)
    before = len(sandbox.world.jira.issues)
    fields = {"project": {"key": "PAY"}, "issuetype": {"name": "Task"}, "summary": "Made?"}
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        session.post(f"{sandbox.jira_url}/rest/api/3/issue", json={"fields": fields})
    assert len(sandbox.world.jira.issues) - before == (0 if kind == "dropped" else 1)
    assert session.get(sandbox.jira_url + MYSELF).status_code == 200


def test_a_fault_can_wait_and_can_last(sandbox, session):
    sandbox.fault("jira", "myself", times=None, after=1)
    assert [session.get(sandbox.jira_url + MYSELF).status_code for _ in range(4)] == [200, 503, 503, 503]
    sandbox.clear()
    assert session.get(sandbox.jira_url + MYSELF).status_code == 200


def test_a_stopped_sandbox_refuses_connections():
    sandbox = Sandbox()
    sandbox.start()
    sandbox.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(sandbox.jira_url + MYSELF, timeout=5)


def test_the_same_port_can_be_had_again(sandbox):
    port = int(sandbox.url.rpartition(":")[2])
    sandbox.stop()
    with Sandbox(port=port) as again:
        assert again.url == sandbox.url
        assert requests.get(again.jira_url + MYSELF, auth=(JIRA_USER, JIRA_TOKEN), timeout=5).ok


def test_unknown_paths_are_answered_as_the_tool_does(sandbox, session):
    answer = session.get(f"{sandbox.jira_url}/rest/api/3/nothing/here")
    assert answer.status_code == 404
    assert "errorMessages" in answer.json()


def test_answers_can_be_slow(sandbox, session):
    sandbox.latency = 0.1
    began = time.monotonic()
    assert session.get(sandbox.jira_url + MYSELF).ok
    assert time.monotonic() - began >= 0.1


def test_the_servers_clock_can_be_wrong(sandbox, session):
    dates = []
    for sandbox.skew in (0, 3600):
        dates.append(parsedate_to_datetime(session.get(sandbox.jira_url + MYSELF).headers["Date"]))
    assert 3590 < (dates[1] - dates[0]).total_seconds() < 3660
