"""What every connector that tells of history must hold: all is told, the same each time, and nothing asked in vain."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from syncbot.connector import History, Lookback
from syncbot.model import Record
from syncbot.sandbox.cruelty.people import act
from tests.connectors.acceptance.sites import TELLS, Site


def _told(site: Site, wants: list[Lookback]) -> list[History]:
    found = list(site.connector.history(wants, site.fields))
    assert not any(one.error for one in found)
    return found


def _wants(site: Site, records: Iterable[Record]) -> list[Lookback]:
    """Each is asked for in its home, as the pipeline does."""
    items: defaultdict[str, list[str]] = defaultdict(list)
    for record in records:
        items[record.places[0].scope].append(record.remote_id)
    return [Lookback(one, tuple(items[one.remote_id]), "2026-01-01") for one in site.scopes if items[one.remote_id]]


def test_what_it_tells_is_whole_and_told_again_the_same(site: Site) -> None:
    if site.name not in TELLS:
        assert list(site.connector.history(_wants(site, site.read().records.values()), site.fields)) == []
        return
    for number in range(6):
        site.sandbox.now += timedelta(minutes=3)
        act(site.sandbox.world, site.tool, ("edit", "convert", "archive")[number % 3], random.Random(number))
    records = site.read().records
    first, second = (_told(site, _wants(site, records.values())) for _ in range(2))
    entries = [entry for one in first for entry in one.entries]
    assert entries
    by_id = {entry.remote_id: entry for entry in entries}
    assert by_id == {entry.remote_id: entry for one in second for entry in one.entries}
    assert len(by_id) == len(entries)
    assert {key for one in first for key in one.whole} == {*records}
    assert {entry.item for entry in entries} <= {*records}


def test_nothing_is_asked_about_nothing(site: Site) -> None:
    site.sandbox.clear()
    assert list(site.connector.history([], site.fields)) == []
    assert site.sandbox.requests == []
