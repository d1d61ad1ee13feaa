"""Search by places, answered oddly: where it ends, where it goes on, and when it gives up."""

from __future__ import annotations

from typing import Any

import pytest
import responses

from connectors.jira import offsets
from connectors.jira.client import Client
from connectors.jira.wire import Lens
from syncbot.connector import Settings
from syncbot.errors import Broken
from tests.connectors.jira.site import TOKEN

SITE = "https://jira.example.corp"
SEARCH = f"{SITE}/rest/api/2/search"


@pytest.mark.parametrize("total", [0, 1, 100, 7_000, None])
def test_a_wrong_total_ends_no_search_and_keeps_none_going(total: int | None) -> None:
    found = read_pages([page(range(100), total), page(range(95, 130), total), page(range(125, 130), total)])
    assert found == list(range(130))


def test_where_size_and_total_agree_the_search_ends_without_another_question() -> None:
    assert read_pages([page(range(100), 103), page(range(95, 103), 103)]) == list(range(103))
    assert read_pages([page(range(3), 3)]) == [0, 1, 2]
    assert read_pages([page((), 0)]) == []


def test_a_short_page_in_the_middle_is_not_the_end() -> None:
    pages = [page(range(100), 150), page(range(95, 120), 150), page(range(115, 150), 150)]
    assert read_pages(pages) == list(range(150))


@pytest.mark.parametrize(
    "pages",
    [[None] * 30, [0] * 30, [1] * 60],
    ids=["nothing though there is something", "an empty first page", "the same page again and again"],
)
def test_a_search_that_contradicts_itself_is_broken(pages: list[Any]) -> None:
    kinds = {None: page((), 50), 0: page((), None, size=None), 1: page(range(100), 250)}
    with pytest.raises(Broken):
        read_pages([kinds[kind] for kind in pages])


def page(ids: Any, total: int | None, size: int | None = 100) -> dict[str, Any]:
    issues = [{"id": str(number), "key": f"PAY-{number}", "fields": {}} for number in ids]
    return {"startAt": 0, "maxResults": size, "total": total, "issues": issues}


def read_pages(pages: list[dict[str, Any]]) -> list[int]:
    client = Client(Settings("dc", "jira", SITE, None, {"token": TOKEN}, patience=0.0))
    client.is_data_center = True
    with responses.RequestsMock(assert_all_requests_are_fired=False) as far:
        for one in pages:
            far.post(SEARCH, json=one)
        found = [
            int(issue.id) for issues, _ in offsets.search(client, "project = 1", Lens(), ["id"]) for issue in issues
        ]
    client.close()
    return found
