"""Every connector can read records again by their ids: as a pull would, in few requests, none left out in silence."""

from __future__ import annotations

import math

import pytest
from msgspec.structs import replace

from syncbot.errors import ToolError
from syncbot.model import Record
from tests.connectors.acceptance.sites import Reading, Site

A_REQUEST = {"jira": 100, "data center": 1, "trello": 10, "asana": 10}
"""How many records one request gives."""


@pytest.fixture
def known(site: Site) -> Reading:
    """What was read, once."""
    known = site.read()
    site.sandbox.plan = None
    site.sandbox.clear()
    return known


def again(site: Site, known: Reading) -> dict[str, Record]:
    found = site.connector.again(site.wants(known.cursors), known.ids, site.fields)
    assert found.unread == {}
    return {record.remote_id: record for record in found.records}


def lose(site: Site, known: Reading) -> str:
    """Delete something at the tool for good, to which nothing else points."""
    pointed = {one.target for record in known.records.values() for one in record.references}
    lost = max(key for key, record in known.records.items() if not {key, record.ref} & pointed)
    world = site.sandbox.world
    world.trello.cards.pop(lost, None)
    world.asana.tasks.pop(lost, None)
    for key in [key for key, issue in world.jira.issues.items() if issue.id == lost]:
        del world.jira.issues[key]
    return lost


def test_what_is_read_again_is_what_was_read(site: Site, known: Reading) -> None:
    assert again(site, known) == known.records
    a_request = A_REQUEST[site.name]
    assert len(site.sandbox.requests) <= math.ceil(len(known.records) / a_request) + len(known.ids) + 1


def test_what_is_gone_is_left_out_and_nothing_else(site: Site, known: Reading) -> None:
    lost = lose(site, known)
    assert again(site, known) == {key: record for key, record in known.records.items() if key != lost}


def test_what_is_in_no_scope_that_is_read_is_left_out(site: Site, known: Reading) -> None:
    wants = site.wants(known.cursors)[1:]
    kept = {want.scope.remote_id for want in wants}
    found = site.connector.again(wants, known.ids, site.fields)
    assert {record.places[0].scope for record in found.records} <= kept


def test_what_the_admins_own_filter_leaves_out_is_left_out(site: Site, known: Reading) -> None:
    days = [record.changed[:10] for record in known.records.values()]
    for since, expected in ((min(days), known.records.keys()), ("2999-01-01", set())):
        wants = [replace(want, since=since) for want in site.wants(known.cursors)]
        found = site.connector.again(wants, known.ids, site.fields)
        assert {record.remote_id for record in found.records} == expected


def test_a_tool_that_does_not_answer_is_an_error(site: Site, known: Reading) -> None:
    for tool in ("jira", "dc", "trello", "asana"):
        site.sandbox.fault(tool, ".*", times=None, status=403)
    with pytest.raises(ToolError):
        again(site, known)
