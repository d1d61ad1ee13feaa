"""Search by places, answered oddly: where it ends, where it goes on, and when it gives up."""

from __future__ import annotations

import json
import queue
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
import responses

from connectors.jira import offsets
from connectors.jira.client import Client
from connectors.jira.wire import Lens
from syncbot.connector import Settings
from syncbot.errors import Broken
from tests.connectors.jira.site import TOKEN

SITE = "https://jira.example.corp"
SEARCH = f"{SITE}/rest/api/2/search"

Far = Callable[[int], dict[str, Any]]


@pytest.mark.parametrize("total", [0, 1, 100, 7_000, None])
def test_a_wrong_total_ends_no_search_and_keeps_none_going(total: int | None) -> None:
    pages = {0: page(range(100), total), 95: page(range(95, 130), total), 125: page(range(125, 130), total)}
    assert read_pages(lambda start: pages.get(start, page((), total))) == list(range(130))


def test_where_size_and_total_agree_the_search_ends_without_another_question() -> None:
    asked: list[int] = []
    pages = {0: page(range(100), 103), 95: page(range(95, 103), 103)}
    assert read_pages(lambda start: asked.append(start) or pages[start]) == list(range(103))
    assert sorted(asked) == [0, 95]
    assert read_pages(lambda _: page(range(3), 3)) == [0, 1, 2]
    assert read_pages(lambda _: page((), 0)) == []


def test_a_short_page_in_the_middle_is_not_the_end() -> None:
    pages = {0: page(range(100), 150), 95: page(range(95, 120), 150), 115: page(range(115, 150), 150)}
    assert read_pages(lambda start: pages.get(start, page((), 150))) == list(range(150))


def test_pages_are_asked_for_before_their_turn_and_each_once() -> None:
    asked: queue.Queue[int] = queue.Queue()

    def far(start: int) -> dict[str, Any]:
        asked.put(start)
        return page(range(start, min(start + 100, 380)), 380)

    pages = walk(far)
    assert [next(pages), next(pages)] == [list(range(100)), list(range(100, 195))]
    assert sorted(asked.get(timeout=5) for _ in range(4)) == [0, 95, 190, 285]
    assert [*pages] == [list(range(195, 290)), list(range(290, 380))]
    assert asked.empty()


def test_all_searches_together_hold_no_more_pages_than_there_are_workers() -> None:
    client = Client(Settings("dc", "jira", SITE, None, {"token": TOKEN}, concurrency=4))
    client.is_data_center = True

    def answer(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        start = json.loads(request.body or "")["startAt"]
        return 200, {}, json.dumps(page(range(start, start + 100), 10_000))

    with responses.RequestsMock() as mock:
        mock.add_callback("POST", SEARCH, answer)
        searches = [offsets.search(client, f"project = {number}", Lens(), ["id"]) for number in range(4)]
        for one in (*searches, *searches):
            assert next(one)[0]
        client.pool.shutdown()
        assert len(mock.calls) == 4 + 4 + 4  # what was given, and one page more for each worker
        for one in searches:
            one.close()
        assert all(client.ahead.acquire(blocking=False) for _ in range(4))
        client.close()


@pytest.mark.parametrize("gone", [1, 3, 40, 90])
@pytest.mark.parametrize("at", [95, 190, 475, 855])
def test_what_leaves_the_result_between_pages_hides_nothing(gone: int, at: int) -> None:
    """The page that begins there is answered before some issues are deleted, all others after it."""
    there = list(range(900))

    def far(start: int) -> dict[str, Any]:
        found = there if start == at else there[gone:]
        return page(found[start : start + 100], len(found))

    assert set(read_pages(far)) >= set(there[gone:])


@pytest.mark.parametrize(
    "far",
    [
        lambda _: page((), 50),
        lambda _: page((), None, size=None),
        lambda _: page(range(100), 250),
    ],
    ids=["nothing though there is something", "an empty first page", "the same page again and again"],
)
def test_a_search_that_contradicts_itself_is_broken(far: Far) -> None:
    with pytest.raises(Broken):
        read_pages(far)


def page(ids: Any, total: int | None, size: int | None = 100) -> dict[str, Any]:
    issues = [{"id": str(number), "key": f"PAY-{number}", "fields": {}} for number in ids]
    return {"startAt": 0, "maxResults": size, "total": total, "issues": issues}


def read_pages(far: Far) -> list[int]:
    return [one for some in walk(far) for one in some]


def walk(far: Far) -> Iterator[list[int]]:
    client = Client(Settings("dc", "jira", SITE, None, {"token": TOKEN}, patience=0.0))
    client.is_data_center = True

    def answer(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        return 200, {}, json.dumps(far(json.loads(request.body or "")["startAt"]))

    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.add_callback("POST", SEARCH, answer)
        for issues, *_ in offsets.search(client, "project = 1", Lens(), ["id"]):
            yield [int(issue.id) for issue in issues]
        client.close()
