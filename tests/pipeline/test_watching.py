"""Who watches a read is told how far it has come, and of how much; the tool is asked only if somebody watches."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.jira.connector import Jira
from syncbot.connector import Settings, Want
from syncbot.pipeline import Reached
from syncbot.pipeline.reached import watching
from syncbot.sandbox.http import Answer
from syncbot.sandbox.server import Sandbox
from tests.connectors.jira.site import FIELDS, TOKEN, USER, scopes, site


@pytest.fixture(params=["cloud", "data center"])
def world(request: pytest.FixtureRequest) -> Iterator[tuple[Sandbox, Jira]]:
    with site(issues=250) as sandbox:
        url, user = (sandbox.jira_url, USER) if request.param == "cloud" else (sandbox.dc_url, None)
        jira = Jira(Settings("delivery", "jira", url, user, {"token": TOKEN}, patience=0.0))
        yield sandbox, jira
        jira.close()


def watched(jira: Jira, wants: list[Want]) -> list[Reached]:
    told: list[Reached] = []
    with watching(jira, "delivery", wants, told.append) as watch:
        for page in jira.pull(wants, FIELDS):
            watch.saw(page)
    return told


def test_counts_grow_to_what_there_is(world: tuple[Sandbox, Jira]) -> None:
    _, jira = world
    wants = [Want(scope) for scope in scopes(jira).values()]
    assert jira.size(wants) == 251
    told = watched(jira, wants)
    assert [one.records for one in told] == sorted(one.records for one in told)
    assert (told[-1].records, told[-1].done, told[-1].scopes) == (251, 2, 2)
    assert {one.expected for one in told} <= {None, 251}


def test_that_it_cannot_be_counted_harms_nothing(world: tuple[Sandbox, Jira]) -> None:
    sandbox, jira = world
    wants = [Want(scope) for scope in scopes(jira).values()]
    sandbox.fault("jira", "approximate-count", status=403, times=None)
    refuse = sandbox.fault("dc", "POST /rest/api/2/search", "bent", times=None)
    refuse.after = lambda call, answer: answer if call.body["maxResults"] else Answer({}, 403)
    told = watched(jira, wants)
    assert told[-1].records == 251
    assert {one.expected for one in told} == {None}


def test_nobody_is_asked_if_nobody_watches_or_nothing_is_read_in_full(world: tuple[Sandbox, Jira]) -> None:
    sandbox, jira = world
    (first, *_) = wants = [Want(scope) for scope in scopes(jira).values()]
    cursor = [page.cursor for page in jira.pull([first], FIELDS)][-1]
    sandbox.clear()
    with watching(jira, "delivery", wants, None):
        pass
    with watching(jira, "delivery", [Want(first.scope, cursor)], print):
        pass
    assert sandbox.requests == []
