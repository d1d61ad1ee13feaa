"""What every connector that tells of history must hold: all is told, the same each time, and nothing asked in vain."""

from __future__ import annotations

import random
from datetime import timedelta

from syncbot.connector import History, Lookback
from syncbot.sandbox.cruelty.people import act
from tests.connectors.acceptance.sites import TELLS, Site


def _told(site: Site, wants: list[Lookback]) -> list[History]:
    found = list(site.connector.history(wants, site.fields))
    assert not any(one.error for one in found)
    return found


def _wants(site: Site, items: dict[str, list[str]]) -> list[Lookback]:
    return [Lookback(one, tuple(items[one.remote_id]), "2026-01-01") for one in site.scopes if items[one.remote_id]]


def test_what_it_tells_is_whole_and_told_again_the_same(site: Site) -> None:
    if site.name not in TELLS:
        assert list(site.connector.history(_wants(site, site.read().ids), site.fields)) == []
        return
    for number in range(6):
        site.sandbox.now += timedelta(minutes=3)
        act(site.sandbox.world, site.tool, ("edit", "convert", "archive")[number % 3], random.Random(number))
    items = site.read().ids
    first, second = (_told(site, _wants(site, items)) for _ in range(2))
    entries = [entry for one in first for entry in one.entries]
    assert entries
    by_id = {entry.remote_id: entry for entry in entries}
    assert by_id == {entry.remote_id: entry for one in second for entry in one.entries}
    assert len(by_id) == len(entries)
    assert {key for one in first for key in one.whole} == {key for ids in items.values() for key in ids}
    assert {entry.item for entry in entries} <= {key for ids in items.values() for key in ids}


def test_nothing_is_asked_about_nothing(site: Site) -> None:
    site.sandbox.clear()
    assert list(site.connector.history([], site.fields)) == []
    assert site.sandbox.requests == []
