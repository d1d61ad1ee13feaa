"""What every connector's reading must hold, whatever its tool: nothing is left out, nothing is asked in vain."""

from __future__ import annotations

import itertools
import random
from datetime import timedelta

import pytest

import connectors
from syncbot.sandbox.cruelty.bending import hollow
from syncbot.sandbox.cruelty.people import DEEDS, act
from tests.connectors.acceptance.sites import SITES, Reading, Site


def test_every_registered_connector_is_held_to_this() -> None:
    assert {"jira" if tool == "dc" else tool for tool, _ in SITES.values()} == connectors.ALL.keys()


def test_two_reads_agree_and_each_ends_every_scope(site: Site) -> None:
    first, second = site.read(), site.read()
    assert first.records == second.records
    assert len(first.records) > 8
    assert first.ended == second.ended == {scope.remote_id for scope in site.scopes}
    assert first.cursors.keys() == first.ended
    assert None not in first.cursors.values()


def test_what_is_read_is_what_is_counted(site: Site) -> None:
    counted = frozenset().union(*(site.connector.census(want) for want in site.wants()))
    assert site.read().records.keys() == counted


def test_from_every_cursor_on_all_the_rest_is_read(site: Site) -> None:
    whole = site.read()
    kept = Reading()
    for page in whole.pages:
        kept.add(page)
        if page.cursor is not None:
            rest = site.read(kept.cursors)
            assert kept.records | rest.records == whole.records


def test_a_read_that_is_killed_after_any_page_is_gone_on_with(site: Site) -> None:
    whole = site.read()
    for number in range(0, len(whole.pages), 3):
        kept = Reading()
        pages = site.pages()
        for page in itertools.islice(pages, number + 1):
            kept.add(page)
        pages.close()  # type: ignore[attr-defined]  # the contract's iterators are generators
        rest = site.read(kept.cursors)
        assert kept.records | rest.records == whole.records
        assert rest.ended == whole.ended


@pytest.mark.parametrize("site", ["jira", "data center"], indirect=True)
def test_no_empty_search_ends_a_read_that_was_killed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.jira.search.TOGETHER", 5)
    whole = site.read()
    for number in range(1, len(whole.pages)):
        kept = Reading()
        for page in whole.pages[:number]:
            kept.add(page)
        site.sandbox.fault(site.tool, "/search", "bent").after = hollow
        for page in site.connector.pull(site.wants(kept.cursors), site.fields):
            if page.error is None:
                kept.add(page)
        ended = {key for key, record in whole.records.items() if record.places[0].scope in kept.ended}
        assert ended <= kept.records.keys()
        assert kept.records | site.read(kept.cursors).records == whole.records


def test_nothing_changed_means_nothing_is_read_and_little_is_asked(site: Site) -> None:
    before = site.read()
    site.sandbox.now += timedelta(minutes=10)
    before = site.read(before.cursors)
    site.sandbox.clear()
    after = site.read(before.cursors)
    assert after.records == {}
    most = len(site.scopes) if site.tool == "asana" else 1
    assert len(site.sandbox.requests) <= most
    assert after.ended == before.ended


def test_what_changes_between_two_reads_is_read(site: Site) -> None:
    before = site.read()
    for number in range(5):
        site.sandbox.now += timedelta(minutes=3)
        changed = act(site.sandbox.world, site.tool, "edit", random.Random(number))
        after = site.read(before.cursors)
        assert changed in after.records
        assert after.records[changed] != before.records[changed]
        before.cursors, before.records = after.cursors, before.records | after.records


@pytest.mark.parametrize("deed", DEEDS)
def test_whatever_people_do_is_read_by_the_next_read_or_found_by_counting(site: Site, deed: str) -> None:
    site.fields -= {"subtasks"}  # of a Jira issue: they say it themselves, and it is not touched when they come
    before = site.read()
    for number in (1, 2, 1):
        site.sandbox.now += timedelta(minutes=3)
        act(site.sandbox.world, site.tool, deed, random.Random(number))
        after = site.read(before.cursors)
        before.cursors, before.records = after.cursors, before.records | after.records
    counted = frozenset().union(*(site.connector.census(want) for want in site.wants()))
    assert {key: record for key, record in before.records.items() if key in counted} == site.read().records


@pytest.mark.parametrize(
    ("zone", "skew"), [("America/Los_Angeles", 7200), ("Pacific/Kiritimati", -7200), ("UTC", 50_400)]
)
def test_no_zone_of_an_account_and_no_wrong_clock_hides_a_change(site: Site, zone: str, skew: float) -> None:
    for user in site.sandbox.world.jira.users.values():
        user.timezone = zone
    site.sandbox.skew = skew
    before = site.read()
    for number in (1, 2):
        site.sandbox.now += timedelta(minutes=1)
        changed = act(site.sandbox.world, site.tool, "edit", random.Random(number))
        before = site.read(before.cursors)
        assert changed in before.records


@pytest.mark.parametrize("site", ["jira", "data center"], indirect=True)
def test_what_an_index_learns_a_minute_late_is_read_then(site: Site) -> None:
    before = site.read()
    site.sandbox.now += timedelta(minutes=10)
    late = act(site.sandbox.world, site.tool, "edit", random.Random(1))
    site.sandbox.world.unindexed.add(str(late))
    seen = act(site.sandbox.world, site.tool, "edit", random.Random(2))
    after = site.read(before.cursors)
    assert (late in after.records, seen in after.records) == (False, True)
    site.sandbox.now += timedelta(minutes=1)
    site.sandbox.world.unindexed.clear()
    assert late in site.read(after.cursors).records


def test_a_cursor_from_the_far_future_misses_nothing(site: Site) -> None:
    site.sandbox.now += timedelta(days=3650)
    act(site.sandbox.world, site.tool, "edit", random.Random(1))
    future = site.read(site.read().cursors)
    site.sandbox.now -= timedelta(days=3649)
    changed = act(site.sandbox.world, site.tool, "edit", random.Random(2))
    assert changed in site.read(future.cursors).records


def test_a_clock_that_was_wrong_for_a_while_is_not_believed_for_long(site: Site) -> None:
    before = site.read()
    now = site.sandbox.now
    site.sandbox.now += timedelta(days=3650)
    act(site.sandbox.world, site.tool, "edit", random.Random(1))
    site.sandbox.now = now + timedelta(minutes=5)
    cursors = site.read(before.cursors).cursors
    site.sandbox.now += timedelta(minutes=5)
    changed = act(site.sandbox.world, site.tool, "edit", random.Random(2))
    assert changed in site.read(cursors).records
