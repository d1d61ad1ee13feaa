"""Both HTTP stacks under the policy, against a server that breaks as asked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import httpx
import pytest
import requests
from requests.adapters import HTTPAdapter

from syncbot.errors import Limited, Missing, Refused, ToolError, Unknown, Unreachable
from syncbot.sandbox.company import JIRA_TOKEN, JIRA_USER
from syncbot.sandbox.http import Answer
from syncbot.sandbox.http import Call as Asked
from syncbot.sandbox.server import Sandbox
from syncbot.transport import TIMEOUT, Transport, over_httpx
from syncbot.transport.over_requests import Adapter, mount

Call = Callable[..., bytes]
AUTH = (JIRA_USER, JIRA_TOKEN)
WRITE = "/rest/api/3/issue"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def policy(**more: Any) -> Transport:
    return Transport("delivery", **({"sleep": lambda _: None, "secrets": [JIRA_TOKEN]} | more))


@pytest.fixture
def keep() -> Iterator[ExitStack]:
    with ExitStack() as keep:
        yield keep


def with_requests(keep: ExitStack, transport: Transport, **settings: Any) -> Call:
    session = keep.enter_context(requests.Session())
    session.auth = AUTH
    mount(session, Adapter(transport, **({"ca": None, "proxy": None, "connections": 2} | settings)))
    return lambda method, url, **more: session.request(method, url, **more).content


def with_httpx(keep: ExitStack, transport: Transport) -> Call:
    adapter = over_httpx.Adapter(transport, httpx.HTTPTransport())
    client = keep.enter_context(httpx.Client(auth=AUTH, transport=adapter, timeout=TIMEOUT[1]))
    return lambda method, url, **more: client.request(method, url, **more).content


@pytest.fixture(params=[with_requests, with_httpx], ids=["requests", "httpx"])
def stack(request: pytest.FixtureRequest, keep: ExitStack) -> Callable[[Transport], Call]:
    return partial(request.param, keep)


@pytest.fixture
def call(stack: Callable[[Transport], Call], sandbox: Sandbox) -> Call:
    sandbox.clear()
    inner = stack(policy())
    return lambda method, path, **more: inner(method, sandbox.jira_url + path, **more)


def test_an_answer_comes_back_unpacked(call: Call) -> None:
    assert b'"deploymentType":"Cloud"' in call("GET", "/rest/api/3/serverInfo").replace(b" ", b"")
    assert call("GET", "/rest/api/3/field").startswith(b"[")  # large enough to be sent as gzip


@pytest.mark.parametrize("kind", ["cut", "lost", "dropped"])
def test_a_broken_answer_to_a_read_is_asked_for_again(call: Call, sandbox: Sandbox, kind: Any) -> None:
    sandbox.fault("jira", "GET /rest/api/3/field", kind, times=2)
    assert call("GET", "/rest/api/3/field").endswith(b"]")
    sandbox.fault("jira", "GET /rest/api/3/field", kind, times=None)
    with pytest.raises(Unreachable):
        call("GET", "/rest/api/3/field")


@pytest.mark.parametrize("kind", ["cut", "lost", "dropped"])
def test_a_lost_answer_to_a_write_is_never_asked_for_again(call: Call, sandbox: Sandbox, kind: Any) -> None:
    sandbox.fault("jira", "POST /rest/api/3/issue", kind, times=None)
    with pytest.raises(Unknown, match="may or may not have happened"):
        call("POST", WRITE, json={})
    assert len(sandbox.writes()) == 1


def test_errors_are_ours_and_hold_no_credential(call: Call, sandbox: Sandbox) -> None:
    with pytest.raises(Missing) as missing:
        call("GET", "/rest/api/3/nothing?key=" + JIRA_TOKEN)
    assert missing.value.said == "dead link: this resource does not exist"
    assert JIRA_TOKEN not in str(missing.value)
    sandbox.fault("jira", "field", status=429, headers={"Retry-After": "900", "RateLimit-Reason": "jira-burst-based"})
    with pytest.raises(Limited, match="900"):
        call("GET", "/rest/api/3/field")


def test_a_wrong_credential_is_refused(stack: Callable[[Transport], Call], sandbox: Sandbox) -> None:
    with pytest.raises(Refused, match="check the user and the token"):
        stack(policy())("GET", sandbox.jira_url + "/rest/api/3/myself", auth=("bot", "wrong"))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refused_connection_was_not_sent_and_is_tried_again(stack: Callable[[Transport], Call], method: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    waits: list[float] = []
    with pytest.raises(Unreachable, match=f"127.0.0.1:{port}/x: it cannot be reached"):
        stack(policy(sleep=waits.append))(method, f"http://127.0.0.1:{port}/x")
    assert len(waits) == 3


def test_a_server_that_never_answers_runs_into_the_time_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, requests.Session() as session:
        mount(session, Adapter(policy(patience=0), ca=None, proxy=None, connections=1))
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(Unreachable, match="no answer in time"):
            session.get(url, timeout=(1, 0.05))
        with pytest.raises(Unknown, match="no answer in time"):
            session.post(url, timeout=(1, 0.05))


class _Caught(Exception):
    """What would have been sent."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options


@pytest.fixture
def caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def send(_: Any, __: Any, **options: Any) -> None:
        raise _Caught(options)

    monkeypatch.setattr(HTTPAdapter, "send", send)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/environment.pem")
    monkeypatch.setenv("HTTPS_PROXY", "http://environment:1")


@pytest.mark.usefixtures("caught")
def test_the_configs_certificates_and_proxy_win_over_the_environment(keep: ExitStack) -> None:
    fetch = with_requests(keep, policy(), ca="/config.pem", proxy="http://config:1")
    with pytest.raises(_Caught) as sent:
        fetch("GET", "https://jira.example/")
    assert sent.value.options["verify"] == "/config.pem"
    assert sent.value.options["proxies"] == {"http": "http://config:1", "https": "http://config:1"}


@pytest.mark.usefixtures("caught")
def test_without_them_the_environment_holds_and_a_time_out_is_always_set(keep: ExitStack) -> None:
    with pytest.raises(_Caught) as sent:
        with_requests(keep, policy())("GET", "https://jira.example/")
    assert sent.value.options["verify"] == "/environment.pem"
    assert sent.value.options["proxies"]["https"] == "http://environment:1"
    assert sent.value.options["timeout"] == TIMEOUT


def test_a_file_of_certificates_that_is_not_there_is_named(sandbox: Sandbox, keep: ExitStack) -> None:
    fetch = with_requests(keep, policy(), ca="/no/such/file.pem")
    with pytest.raises(Unreachable, match="`ca` cannot be read"):
        fetch("GET", sandbox.jira_url.replace("http:", "https:"))


def test_one_adapter_serves_many_sessions_and_reuses_their_connections(keep: ExitStack) -> None:
    accepted = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            link, _ = server.accept()
            accepted.append(link)
            for _ in range(3):
                link.recv(65536)
                link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        adapter = Adapter(policy(), ca=None, proxy=None, connections=2)
        for _ in range(3):
            session = keep.enter_context(requests.Session())
            mount(session, adapter)
            assert session.get(f"http://127.0.0.1:{server.getsockname()[1]}/").content == b"{}"
        thread.join(5)
        accepted[0].close()
    assert len(accepted) == 1


def test_every_error_of_the_policy_is_a_tool_error(keep: ExitStack) -> None:
    fetch = with_requests(keep, policy())
    for url in ("http://127.0.0.1:1/", "http://[::1]:1/", "http://name.invalid/"):
        with pytest.raises(ToolError):
            fetch("POST", url)


def test_a_cookie_of_an_answer_goes_with_the_next_request(sandbox: Sandbox, keep: ExitStack) -> None:
    told: list[str] = []

    def stick(_: Asked, answer: Answer) -> Answer:
        return Answer(answer.body, answer.status, {**answer.headers, "Set-Cookie": "node=one; Path=/"})

    fault = sandbox.fault("jira", "/field", "bent", times=2)
    fault.before, fault.after = lambda asked: told.append(asked.headers.get("cookie", "")), stick
    call = with_requests(keep, policy())
    for _ in range(2):
        call("GET", f"{sandbox.jira_url}/rest/api/3/field")
    assert told == ["", "node=one"]
