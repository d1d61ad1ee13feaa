"""The tools as strict as the real ones: they refuse what is too much, and are never asked too much."""

from __future__ import annotations

import pytest
import requests

from connectors.jira.answers import Server
from connectors.jira.client import VERSION_2, Client
from syncbot.connector import Settings
from syncbot.sandbox.company import JIRA_TOKEN, JIRA_USER
from syncbot.sandbox.limits import Limits
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.settings import ENVIRONMENT

NONE = (1, 3600.0)


@pytest.mark.parametrize(
    ("route", "headers", "limits", "said"),
    [
        ("jira/rest/api/3/myself", {}, Limits(jira=NONE), "jira-burst-based"),
        ("dc/rest/api/2/myself", {"Authorization": f"Bearer {ENVIRONMENT['JIRA_TOKEN']}"}, Limits(datacenter=NONE), ""),
        ("asana/api/1.0/users/me", {"Authorization": "Bearer x"}, Limits(asana=NONE), "too many requests"),
        ("trello/1/members/me?key=k&token=t", {}, Limits(token=NONE), "API_TOKEN_LIMIT_EXCEEDED"),
        ("trello/1/members/me?key=k&token=t", {}, Limits(key=NONE), "API_KEY_LIMIT_EXCEEDED"),
    ],
)
def test_the_sandbox_refuses_as_each_tool_does(route: str, headers: dict[str, str], limits: Limits, said: str) -> None:
    with Sandbox(limits=limits) as sandbox:
        for status in (False, True):
            answer = requests.get(f"{sandbox.url}/{route}", headers=headers, auth=_auth(route), timeout=5)
            assert (answer.status_code == 429) is status
        assert said in f"{answer.headers} {answer.text}"
        assert sum(limits.refused.values()) == 1


def _auth(route: str) -> tuple[str, str] | None:
    return (JIRA_USER, JIRA_TOKEN) if route.startswith("jira") else None


@pytest.mark.parametrize(
    ("url", "user", "limits", "calls"),
    [("jira_url", JIRA_USER, Limits(), 150), ("dc_url", None, Limits(datacenter=(50, 1)), 75)],
    ids=["cloud", "data center"],
)
def test_a_tool_asked_as_fast_as_it_goes_never_has_to_refuse(
    url: str, user: str | None, limits: Limits, calls: int
) -> None:
    """Half as much again as may come at once: on a busy machine the first ones may come up to half a second late."""
    with Sandbox(limits=limits) as sandbox:
        settings = Settings("delivery", "jira", getattr(sandbox, url), user, {"token": JIRA_TOKEN})
        client, second = Client(settings), Client(settings)

        def ask(number: int) -> Server:
            return (client, second)[number % 2].get("serverInfo", Server, VERSION_2)

        assert len(list(client.each(ask, range(calls)))) == calls
        assert limits.refused == {}
        for one in (client, second):
            one.close()
