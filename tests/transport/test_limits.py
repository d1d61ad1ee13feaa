"""What the tools' limits allow, counted for whom the tool counts, and what is learned of them while it answers."""

from __future__ import annotations

import pytest
from requests.structures import CaseInsensitiveDict

from syncbot.transport import ACCOUNT, Limit, Queues, Request, holder
from syncbot.transport.limits import BELIEVED, UNTOLD, Queue

GET = Request("GET", "https://tool.example/1/boards/b")
HERE, THERE = {ACCOUNT: "here"}, {ACCOUNT: "there"}


def sent(queue: Queue, now: float, request: Request = GET) -> int:
    """How many requests may go at this moment."""
    count = 0
    while queue.enter(request, now) == 0:
        count += 1
    return count


def test_connections_of_one_account_are_counted_together_and_of_another_apart() -> None:
    shared = Queues()
    first, second = (Queue([Limit(10, 60)], shared, HERE) for _ in range(2))
    assert sent(first, 0) == 10
    assert second.enter(GET, 1) == 59
    assert sent(Queue([Limit(10, 60)], shared, THERE), 1) == 10


def test_a_key_is_counted_over_all_its_tokens() -> None:
    shared = Queues()
    limits = [Limit(4, 10), Limit(6, 10, whose="key")]
    assert sent(Queue(limits, shared, {ACCOUNT: "ada", "key": "ours"}), 0) == 4
    assert sent(Queue(limits, shared, {ACCOUNT: "bo", "key": "ours"}), 0) == 2
    assert sent(Queue(limits, shared, {ACCOUNT: "cy", "key": "theirs"}), 0) == 4


def test_what_asks_the_tool_to_hold_holds_all_of_the_account() -> None:
    shared = Queues()
    first, second = (Queue([Limit(10, 60, reason="burst")], shared, HERE) for _ in range(2))
    first.hold(GET, None, 30, 0)
    assert second.held(GET, 10) == 20
    assert Queue([], shared, THERE).held(GET, 10) == 0


def test_what_counts_as_several_requests_takes_their_room() -> None:
    queue, batch = Queue([Limit(25, 60)]), Request("POST", "https://tool.example/batch", 10)
    assert sent(queue, 0, batch) == 2
    assert sent(queue, 0) == 5
    assert queue.enter(batch, 59) == 1
    assert Queue([Limit(3, 60)]).enter(batch, 0) == 0  # more than would ever fit goes alone


def test_a_refusal_at_fewer_calls_than_documented_teaches_how_many_there_are() -> None:
    queue = Queue([Limit(1500, 60)])
    for tenth in range(151):
        assert queue.enter(GET, tenth / 10) == 0
    queue.hold(GET, None, 45, 15.1)
    assert queue.held(GET, 15.1) == 45
    assert sent(queue, 60.1) == 1  # the other 149 went within the last minute
    assert sent(queue, 180.1) == 150
    assert sent(queue, 15.1 + BELIEVED * 60) == 1500


def test_a_refusal_after_few_calls_does_not_stop_us_for_long() -> None:
    queue = Queue([Limit(100, 10)])
    queue.enter(GET, 0)
    queue.hold(GET, None, 0, 0)
    assert sent(queue, 20) == 10


@pytest.mark.parametrize(("reason", "seconds"), [("API_TOKEN_LIMIT_EXCEEDED", 10), (None, UNTOLD), ("what", UNTOLD)])
def test_without_a_time_the_limit_that_is_named_says_how_long(reason: str | None, seconds: float) -> None:
    queue = Queue([Limit(100, 10, reason="API_TOKEN_LIMIT_EXCEEDED")])
    assert queue.hold(GET, reason, 0, 0) == seconds
    assert queue.held(GET, 0) == seconds


def bucket(left: int) -> CaseInsensitiveDict[str]:
    said = {"Limit": 50, "Remaining": left, "FillRate": 5, "Interval-Seconds": 2}
    return CaseInsensitiveDict({f"X-RateLimit-{name}": str(number) for name, number in said.items()})


def test_a_bucket_that_the_tool_describes_is_never_emptied() -> None:
    queue = Queue([])
    queue.learn(GET, bucket(left=7), 0)
    assert sent(queue, 0) == 7
    assert queue.enter(GET, 0.5) == 1.5
    assert sent(queue, 2) == 5
    queue.learn(GET, bucket(left=9), 2)  # answered before ours had come
    assert queue.enter(GET, 2) == 2
    assert sent(queue, 6) == 10


def test_near_a_limit_that_others_use_too_the_pace_is_halved_for_as_long() -> None:
    queue = Queue([Limit(100, 1)])
    queue.learn(GET, CaseInsensitiveDict({"x-ratelimit-nearlimit": "true"}), 0)
    assert sent(queue, 0) == 50
    assert sent(queue, 1.5) == 100


@pytest.mark.parametrize("odd", ["", "soon", "-1", "1e9", "\u0663"])
def test_odd_headers_teach_nothing(odd: str) -> None:
    queue = Queue([Limit(100, 1)])
    names = ("Remaining", "FillRate", "Interval-Seconds", "NearLimit")
    queue.learn(GET, CaseInsensitiveDict({f"X-RateLimit-{name}": odd for name in names}), 0)
    assert sent(queue, 0) == 100


def test_a_holders_name_does_not_hold_the_secret() -> None:
    assert "hush" not in holder("https://tool.example", "hush")
    assert holder("a", "bc") != holder("ab", "c")
