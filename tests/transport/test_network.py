"""``ca`` and ``proxy``, for real: a server with a certificate of its company's own, and a proxy on the way to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from syncbot.errors import ToolError, Unreachable
from syncbot.sandbox.company import JIRA_TOKEN
from syncbot.sandbox.server import Sandbox
from syncbot.transport import Transport
from syncbot.transport.over_requests import Adapter, mount
from tests.network import certificate, proxy, secure

HOST = "jira.example.corp"
PATH = "/dc/rest/api/2/serverInfo"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with Sandbox() as sandbox:
        yield int(sandbox.url.rpartition(":")[2])


def get(url: str, **settings: Any) -> bytes:
    """What an address answers, asked once."""
    transport = Transport("dc", patience=0.0)
    adapter = Adapter(transport, **({"ca": None, "proxy": None, "connections": 2} | settings))
    with requests.Session() as session, closing(adapter):
        session.headers["Authorization"] = f"Bearer {JIRA_TOKEN}"
        mount(session, adapter)
        return session.get(url).content


def test_a_companys_own_authority_is_trusted_if_it_is_named(port: int, tmp_path: Path) -> None:
    with secure(tmp_path, "localhost", port) as secured:
        url = f"https://localhost:{secured}{PATH}"
        assert b'"deploymentType":"Server"' in get(url, ca=str(tmp_path / "ca.pem"))
        with pytest.raises(Unreachable, match="certificate is not trusted"):
            get(url)
        (tmp_path / "other").mkdir()
        certificate(tmp_path / "other", "localhost")
        with pytest.raises(Unreachable, match="certificate is not trusted"):
            get(url, ca=str(tmp_path / "other" / "ca.pem"))


def test_a_certificate_of_another_host_is_not_trusted(port: int, tmp_path: Path) -> None:
    with secure(tmp_path, HOST, port) as secured, pytest.raises(Unreachable, match="certificate is not trusted"):
        get(f"https://localhost:{secured}{PATH}", ca=str(tmp_path / "ca.pem"))


def test_the_config_wins_over_the_environment(port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate(tmp_path, "localhost")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    asked: list[str] = []
    (tmp_path / "ours").mkdir()
    with secure(tmp_path / "ours", HOST, port) as secured, proxy({HOST: secured}, asked) as address:
        assert get(f"https://{HOST}{PATH}", ca=str(tmp_path / "ours" / "ca.pem"), proxy=address)
    assert asked == [f"CONNECT {HOST}:443"]


def test_plain_requests_go_through_the_proxy_too(port: int) -> None:
    asked: list[str] = []
    with proxy({HOST: port}, asked) as address:
        assert b'"deploymentType":"Server"' in get(f"http://{HOST}{PATH}", proxy=address)
    assert asked == [f"GET http://{HOST}{PATH}"]


def test_a_secure_request_shows_the_proxy_nothing_but_the_host(port: int, tmp_path: Path) -> None:
    asked: list[str] = []
    with secure(tmp_path, HOST, port) as secured, proxy({HOST: secured}, asked) as address:
        get(f"https://{HOST}{PATH}?token=x", ca=str(tmp_path / "ca.pem"), proxy=address)
    assert asked == [f"CONNECT {HOST}:443"]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_refuses_is_said(scheme: str) -> None:
    with proxy({}, []) as address, pytest.raises(ToolError) as raised:
        get(f"{scheme}://{HOST}{PATH}", proxy=address)
    assert "proxy" in str(raised.value) or raised.value.status == 403


def test_a_proxy_that_is_not_there_is_said() -> None:
    with pytest.raises(Unreachable, match="the proxy cannot be reached, or refuses"):
        get(f"http://{HOST}{PATH}", proxy="http://127.0.0.1:1")
