"""The policy of requests, on a clock that only moves when somebody waits."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import pytest
from requests.structures import CaseInsensitiveDict

from syncbot.errors import Limited, Missing, Refused, ToolError, Unknown, Unreachable
from syncbot.transport import Answer, Limit, Lost, NotSent, Request, Transport

GET = Request("GET", "https://jira.example/rest/api/3/search/jql?jql=secret+words&token=hush")
POST = Request("POST", "https://jira.example/rest/api/3/issue")
PUT = Request("PUT", "https://jira.example/rest/api/3/issue/10")
SUNDAY = 1_795_305_600.0  # Sun, 22 Nov 2026 00:00:00 GMT


@dataclass
class Clock:
    now: float = 0.0
    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


@dataclass
class Far:
    """The far side: answers what it was told, in turn, and counts the calls."""

    turns: list[Answer | Exception]
    calls: int = 0

    def __call__(self) -> Answer:
        turn = self.turns[min(self.calls, len(self.turns) - 1)]
        self.calls += 1
        if isinstance(turn, Exception):
            raise turn
        return turn


def answer(status: int = 200, body: bytes = b"{}", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, CaseInsensitiveDict({"Content-Type": "application/json"} | named), body)


def policy(clock: Clock, **more: Any) -> Transport:
    options = {
        "clock": lambda: clock.now,
        "wall": lambda: SUNDAY + clock.now,
        "sleep": clock.sleep,
        "jitter": lambda: 1.0,
    }
    return Transport("delivery", **(options | more))


def test_an_answer_below_400_is_returned_as_it_is() -> None:
    clock, far = Clock(), Far([answer(304)])
    assert policy(clock).send(GET, far).status == 304
    assert (far.calls, clock.waits) == (1, [])


@pytest.mark.parametrize(
    ("request_", "failure", "calls", "error"),
    [
        (GET, answer(503), 4, Unreachable),
        (GET, Lost("the connection broke"), 4, Unreachable),
        (PUT, answer(502), 4, Unreachable),
        (POST, NotSent("it cannot be reached"), 4, Unreachable),
        (GET, NotSent("its certificate is not trusted", lasting=True), 1, Unreachable),
        (POST, answer(500), 1, Unknown),
        (POST, answer(503, Retry_After="1"), 1, Unknown),
        (POST, Lost("no answer in time"), 1, Unknown),
        (GET, answer(501), 1, Unreachable),
        (GET, answer(400), 1, ToolError),
        (GET, answer(401), 1, Refused),
        (POST, answer(403), 1, Refused),
        (GET, answer(404), 1, Missing),
        (GET, answer(410), 1, Missing),
    ],
)
def test_only_what_is_safe_is_sent_again(
    request_: Request, failure: Answer | Exception, calls: int, error: type[ToolError]
) -> None:
    clock, far = Clock(), Far([failure])
    with pytest.raises(ToolError) as raised:
        policy(clock).send(request_, far)
    assert type(raised.value) is error
    assert far.calls == calls
    assert clock.waits == [2.0, 4.0, 8.0][: calls - 1]


def test_a_safe_repetition_can_succeed() -> None:
    clock, far = Clock(), Far([answer(503), Lost("x"), answer(200)])
    assert policy(clock).send(GET, far).status == 200
    assert far.calls == 3


def test_pauses_are_spread_so_that_many_clients_do_not_return_together() -> None:
    pauses = []
    for _ in range(20):
        clock = Clock()
        transport = Transport("delivery", clock=lambda c=clock: c.now, sleep=clock.sleep)
        transport.send(GET, Far([answer(503), answer()]))
        pauses += clock.waits
    assert len(set(pauses)) > 10
    assert all(1.4 <= pause <= 2.6 for pause in pauses)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry_After": "1847"}, 1847.0),
        ({"Retry_After": "0.5"}, 0.5),
        ({"Retry_After": "Sun, 22 Nov 2026 00:30:00 GMT"}, 1800.0),
        ({"Retry_After": "Sun, 22 Nov 2026 00:30:00 GMT", "Date": "Sun, 22 Nov 2026 00:29:00 GMT"}, 60.0),
        ({"X_RateLimit_Reset": "2026-11-22T01:00:00Z"}, 3600.0),
        ({"Retry_After": "soon"}, 2.0),
        ({"Retry_After": "0"}, 2.0),
        ({}, 2.0),
    ],
    ids=str,
)
@pytest.mark.parametrize("request_", [GET, POST], ids=["GET", "POST"])
def test_a_429_was_not_carried_out_and_waits_as_long_as_asked(
    headers: dict[str, str], wait: float, request_: Request
) -> None:
    clock, far = Clock(), Far([answer(429, **headers), answer()])
    assert policy(clock, patience=4000).send(request_, far).status == 200
    assert clock.now == pytest.approx(wait)


def test_a_503_waits_as_long_as_it_asks() -> None:
    clock, far = Clock(), Far([answer(503, Retry_After="90"), answer()])
    policy(clock).send(GET, far)
    assert clock.waits == [90.0]


def test_a_429_that_asks_for_more_than_the_patience_ends_at_once_and_says_how_long() -> None:
    clock, far = Clock(), Far([answer(429, Retry_After="1847")])
    transport = policy(clock, patience=300)
    with pytest.raises(Limited, match="wait of 1847 s") as raised:
        transport.send(GET, far)
    assert raised.value.wait == pytest.approx(1847)
    assert clock.waits == []
    with pytest.raises(Limited):
        transport.send(PUT, far)  # nobody knocks again before that time
    assert far.calls == 1


def test_a_time_that_was_too_short_is_waited_for_a_little_longer_each_time() -> None:
    clock, far = Clock(), Far([*[answer(429, Retry_After="1")] * 3, answer()])
    policy(clock).send(GET, far)
    assert clock.now == pytest.approx(1 + 2 + 3)


def test_a_tool_that_refuses_for_ever_is_not_asked_for_ever() -> None:
    clock, far = Clock(), Far([answer(429, Retry_After="0")])
    with pytest.raises(Limited):
        policy(clock, patience=300).send(GET, far)
    assert clock.now <= 300
    assert far.calls < 20


def test_the_patience_holds_for_repetitions_too() -> None:
    clock, far = Clock(), Far([answer(503)])
    with pytest.raises(Unreachable):
        policy(clock, patience=0).send(GET, far)
    assert (far.calls, clock.waits) == (1, [])


def by_path(request: Request) -> str | None:
    return request.path


def writes(request: Request) -> str | None:
    return request.path if request.method != "GET" else None


LIMITS = (Limit(1000, 1, by_path, "jira-burst-based"), Limit(1000, 1, writes, "jira-per-issue-on-write"))


@pytest.mark.parametrize(
    ("reason", "held"),
    [
        ("jira-burst-based", {"PUT /a", "GET /a"}),
        ("jira-per-issue-on-write", {"PUT /a"}),
        ("jira-quota-tenant-based", {"PUT /a", "GET /a", "GET /b", "PUT /b"}),
        (None, {"PUT /a", "GET /a", "GET /b", "PUT /b"}),
    ],
)
def test_a_reason_holds_back_only_what_it_names(reason: str | None, held: set[str]) -> None:
    clock = Clock()
    transport = policy(clock, limits=LIMITS, patience=10)
    headers = {"RateLimit_Reason": reason} if reason else {}
    with pytest.raises(Limited):
        transport.send(Request("PUT", "https://x/a"), Far([answer(429, Retry_After="60", **headers)]))
    kept_back = set()
    for method, path in (("GET", "/a"), ("PUT", "/a"), ("GET", "/b"), ("PUT", "/b")):
        try:
            transport.send(Request(method, f"https://x{path}"), Far([answer()]))
        except Limited:
            kept_back.add(f"{method} {path}")
    assert kept_back == held
    clock.now += 60
    assert transport.send(Request("PUT", "https://x/a"), Far([answer()])).status == 200


def test_no_window_of_a_limit_ever_holds_more_than_it_allows() -> None:
    clock, sent = Clock(), []
    transport = policy(clock, limits=[Limit(3, 10.0)])

    def far() -> Answer:
        sent.append(clock.now)
        clock.now += 0.7
        return answer()

    for _ in range(20):
        transport.send(GET, far)
    assert all(later - first > 9.999 for first, later in zip(sent, sent[3:], strict=False))
    assert sent[-1] < 65  # and not slower than it must be


def test_lanes_are_counted_apart() -> None:
    clock = Clock()
    transport = policy(clock, limits=[Limit(1, 10.0, by_path)])
    for path in "abc":
        transport.send(Request("GET", f"https://x/{path}"), Far([answer()]))
    assert clock.waits == []
    transport.send(Request("GET", "https://x/a"), Far([answer()]))
    assert clock.waits == [10.0]


def test_keeping_below_a_limit_needs_no_patience_unless_it_takes_long() -> None:
    clock = Clock()
    transport = policy(clock, limits=[Limit(2, 1.0), Limit(3, 900.0)], patience=0)
    for _ in range(3):
        transport.send(GET, Far([answer()]))
    assert clock.waits == [1.0]
    with pytest.raises(Limited, match="wait of 899 s"):
        transport.send(GET, Far([answer()]))


def test_who_is_in_a_hurry_waits_for_nothing_and_asks_what_needs_no_wait() -> None:
    transport = Transport("delivery", limits=[Limit(1, 250.0)])
    transport.send(GET, Far([answer()]))
    waking = threading.Timer(0.1, transport.hurry)
    waking.start()
    with pytest.raises(Unreachable, match="asked to stop"):
        transport.send(GET, Far([answer()]))
    waking.join()
    with pytest.raises(Unreachable, match="asked to stop"):
        transport.send(GET, Far([answer()]))
    hurried = Transport("delivery")
    hurried.hurry()
    assert hurried.send(GET, Far([answer()])).status == 200
    with pytest.raises(Unreachable, match="asked to stop"):
        hurried.send(GET, Far([answer(429, Retry_After="200"), answer()]))


def test_a_limit_holds_for_all_threads_together() -> None:
    clock, lock = Clock(), threading.Lock()
    sent: list[float] = []

    def sleep(seconds: float) -> None:
        with lock:
            clock.now = max(clock.now, clock.now + seconds)

    transport = policy(clock, limits=[Limit(4, 1.0)], sleep=sleep, patience=1e9)

    def far() -> Answer:
        sent.append(clock.now)
        return answer()

    threads = [threading.Thread(target=lambda: [transport.send(GET, far) for _ in range(5)]) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent) == 30
    assert clock.now >= 30 / 4 - 1


@pytest.mark.parametrize(
    "failure",
    [
        answer(400, b'{"errorMessages":["bad hush"],"errors":{"x":"a%20b&token=hush"}}'),
        answer(500, b"plain hush", Content_Type="text/plain"),
        Lost("broke at https://u:hush@jira.example/?token=hush"),
        NotSent("hush"),
        answer(429, Retry_After="9999"),
    ],
)
def test_no_error_holds_a_secret_or_a_query(failure: Answer | Exception) -> None:
    request = Request("GET", "https://user:hush@jira.example/hush/path?jql=summary~confidential&token=hush")
    with pytest.raises(ToolError) as raised:
        policy(Clock(), secrets=["hush", "a b"], patience=0).send(request, Far([failure]))
    said = f"{raised.value} {raised.value.said} {raised.value!r}"
    assert "hush" not in said
    assert "a%20b" not in said
    assert "confidential" not in said
    assert "delivery: GET jira.example/***/path" in said
    assert raised.value.__cause__ is None


def test_waits_are_logged_without_secrets(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "syncbot.transport")
    request = Request("GET", "https://jira.example/path?token=hush")
    policy(Clock(), secrets=["hush"]).send(request, Far([answer(429, b"hush", Retry_After="7"), answer(503), answer()]))
    assert "waiting 7 s" in caplog.text
    assert "trying again in 2 s" in caplog.text
    assert "hush" not in caplog.text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"errorMessages":["First."],"errors":{"priority":"Not there."}}', "First. priority: Not there."),
        (b'{"error":"API_TOKEN_LIMIT_EXCEEDED","message":"Rate limit exceeded"}', "Rate limit exceeded API_TOKEN_"),
        (b'{"errors":[{"message":"project: Not a recognized ID"}]}', "project: Not a recognized ID"),
        (b'"invalid key"', "invalid key"),
        (b"invalid   id\n", "invalid id"),
        (b'{"message":"caf\xe9"}', "caf\ufffd"),
        (b"[" * 5000 + b"]" * 5000, "[[["),
        (b"\xff\xfe", ""),
        (b"", ""),
        (b"x" * 5000, "x" * 299 + "\N{HORIZONTAL ELLIPSIS}"),
    ],
)
def test_the_tools_own_words_are_kept_short_and_on_one_line(body: bytes, said: str) -> None:
    with pytest.raises(ToolError) as raised:
        policy(Clock()).send(GET, Far([answer(400, body)]))
    assert raised.value.said.startswith(said)
    assert len(raised.value.said) <= 300


def test_a_page_for_people_is_not_quoted() -> None:
    with pytest.raises(ToolError, match=r"400$"):
        policy(Clock()).send(GET, Far([answer(400, b"<html>Oops</html>", Content_Type="text/html;charset=UTF-8")]))


def test_closing_wakes_those_that_wait_and_sends_nothing_more() -> None:
    transport = Transport("delivery", patience=1000)
    far, raised = Far([answer(429, Retry_After="900")]), []
    asked = threading.Event()

    def call() -> Answer:
        asked.set()
        return far()

    def run() -> None:
        try:
            transport.send(GET, call)
        except ToolError as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    assert asked.wait(5)
    transport.close()
    thread.join(5)
    assert not thread.is_alive()
    assert isinstance(raised[0], Unreachable)
    with pytest.raises(Unreachable):
        transport.send(GET, far)
    assert far.calls == 1
