"""The cruel sandbox: what each kind of fault does, that a plan hits what it names, and that its dice fall the same."""

from __future__ import annotations

import random
import time
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from syncbot.cli.sandbox import plan_of
from syncbot.errors import ConfigErrors
from syncbot.sandbox.company import ASANA_TOKEN, JIRA_TOKEN, JIRA_USER, TRELLO_KEY, TRELLO_TOKEN
from syncbot.sandbox.cruelty import KINDS, Plan, Rule
from syncbot.sandbox.cruelty.people import DEEDS, act
from syncbot.sandbox.server import Sandbox

SEARCH = "/rest/api/3/search/jql?jql=project=PAY&maxResults=10"
TASKS = "/api/1.0/projects/{project}/tasks?limit=2&opt_fields=name"


@pytest.fixture
def ask(sandbox: Sandbox) -> Any:
    """A GET of a tool's path; ``{board}`` and ``{project}`` stand for the first ones."""
    session = requests.Session()
    trello = f'OAuth oauth_consumer_key="{TRELLO_KEY}", oauth_token="{TRELLO_TOKEN}"'
    signed: dict[str, dict[str, Any]] = {
        "jira": {"auth": (JIRA_USER, JIRA_TOKEN)},
        "dc": {"headers": {"Authorization": f"Bearer {JIRA_TOKEN}"}},
        "trello": {"headers": {"Authorization": trello}},
        "asana": {"headers": {"Authorization": f"Bearer {ASANA_TOKEN}"}},
    }
    board, project = next(iter(sandbox.world.trello.boards)), next(iter(sandbox.world.asana.projects))

    def get(tool: str, path: str) -> requests.Response:
        url = f"{sandbox.url}/{tool}{path.format(board=board, project=project)}"
        return session.get(url, timeout=5, allow_redirects=False, **signed[tool])

    return get


def always(sandbox: Sandbox, kind: str) -> None:
    sandbox.plan = Plan(1, [Rule((kind,), chance=1)])


@pytest.mark.parametrize(
    ("kind", "status", "headers"),
    [
        ("429", 429, {"RateLimit-Reason", "Retry-After"}),
        ("429-until", 429, {"Retry-After"}),
        ("401", 401, set()),
        ("403", 403, set()),
        ("404", 404, set()),
        ("410", 410, set()),
        ("500", 500, set()),
        ("502", 502, set()),
        ("503", 503, {"Retry-After"}),
        ("504", 504, set()),
        ("html", 200, set()),
        ("redirect", 302, {"Location"}),
        ("blank", 200, set()),
    ],
)
def test_a_refusal_is_an_answer_and_nothing_is_executed(
    sandbox: Sandbox, ask: Any, kind: str, status: int, headers: set[str]
) -> None:
    always(sandbox, kind)
    answer = ask("jira", SEARCH)
    assert answer.status_code == status
    assert headers <= answer.headers.keys()
    assert b"issues" not in answer.content


def test_trello_gives_no_time_to_wait(sandbox: Sandbox, ask: Any) -> None:
    always(sandbox, "429")
    answer = ask("trello", "/1/boards/{board}")
    assert answer.json()["error"] == "API_TOKEN_LIMIT_EXCEEDED"
    assert "Retry-After" not in answer.headers


@pytest.mark.parametrize("kind", ["cut", "lost", "dropped"])
def test_a_broken_connection_gives_no_answer(sandbox: Sandbox, ask: Any, kind: str) -> None:
    always(sandbox, kind)
    with pytest.raises(requests.RequestException):
        ask("jira", SEARCH)
    assert len(sandbox.requests) == 1


@pytest.mark.parametrize(
    ("tool", "path", "empty"),
    [
        ("jira", SEARCH, {"issues": [], "isLast": True}),
        ("asana", TASKS, {"data": [], "next_page": None}),
        ("trello", "/1/boards/{board}/cards", []),
        ("trello", "/1/batch?urls=/boards/{board}/cards", [{"200": []}]),
        ("jira", "/rest/api/3/myself", {}),
    ],
)
def test_a_hollow_answer_says_that_it_is_all(sandbox: Sandbox, ask: Any, tool: str, path: str, empty: Any) -> None:
    always(sandbox, "hollow")
    assert ask(tool, path).json() == empty


def test_a_page_comes_again(sandbox: Sandbox, ask: Any) -> None:
    token = ask("jira", SEARCH).json()["nextPageToken"]
    offset = ask("asana", TASKS).json()["next_page"]["offset"]
    first = ask("dc", "/rest/api/2/search?jql=project=PAY&maxResults=5").json()["issues"]
    always(sandbox, "repeat")
    assert ask("jira", f"{SEARCH}&nextPageToken={token}").json()["nextPageToken"] == token
    assert ask("asana", f"{TASKS}&offset={offset}").json()["next_page"]["offset"] == offset
    again = ask("dc", "/rest/api/2/search?jql=project=PAY&maxResults=5&startAt=5").json()["issues"]
    assert [one["id"] for one in again] == [one["id"] for one in first]


def test_a_short_page_goes_on(sandbox: Sandbox, ask: Any) -> None:
    always(sandbox, "short")
    answer = ask("jira", SEARCH).json()
    assert len(answer["issues"]) < 10
    assert answer["nextPageToken"]


def test_tokens_expire(sandbox: Sandbox, ask: Any) -> None:
    token = ask("jira", SEARCH).json()["nextPageToken"]
    offset = ask("asana", TASKS).json()["next_page"]["offset"]
    always(sandbox, "expired")
    assert ask("jira", SEARCH).status_code == 200
    assert ask("jira", f"{SEARCH}&nextPageToken={token}").status_code == 400
    assert "expired" in ask("asana", f"{TASKS}&offset={offset}").text


def test_a_clock_is_wrong_and_an_answer_late(sandbox: Sandbox, ask: Any) -> None:
    always(sandbox, "skew")
    date = parsedate_to_datetime(ask("jira", SEARCH).headers["Date"]).timestamp()
    assert abs(date - sandbox.now.timestamp()) > 200
    always(sandbox, "slow")
    start = time.monotonic()
    assert ask("jira", SEARCH).status_code == 200
    assert time.monotonic() - start >= 0.3


@pytest.mark.parametrize("tool", ["jira", "trello", "asana"])
@pytest.mark.parametrize("deed", DEEDS)
def test_people_work_on_and_every_answer_stays_valid(sandbox: Sandbox, ask: Any, tool: str, deed: str) -> None:
    before = sandbox.world.version
    done = [act(sandbox.world, tool, deed, random.Random(seed)) for seed in range(10)]
    assert any(done) == ((tool, deed) != ("jira", "archive"))
    assert (sandbox.world.version > before) == any(done)
    paths = {
        "jira": ["/rest/api/3/search/jql?jql=project%20is%20not%20EMPTY&fields=*all&maxResults=100"],
        "trello": ["/1/boards/{board}?cards=all&lists=all&customFields=true&card_customFieldItems=true"],
        "asana": ["/api/1.0/projects/{project}/tasks?limit=100", "/api/1.0/events?resource={project}"],
    }
    for path in paths[tool]:
        assert ask(tool, path).status_code in {200, 412}


def test_a_deed_happens_after_the_answer_was_made(sandbox: Sandbox, ask: Any) -> None:
    before = set(sandbox.world.jira.issues)
    always(sandbox, "delete")
    assert ask("jira", SEARCH).status_code == 200
    assert set(sandbox.world.jira.issues) < before


def test_a_plan_hits_what_it_names_and_no_more_than_it_says(sandbox: Sandbox, ask: Any) -> None:
    sandbox.plan = Plan(1, [Rule(("503",), "jira", "GET /rest/api/3/my*", chance=1, most=2)])
    asked = [("jira", "/rest/api/3/field"), ("trello", "/1/members/me"), *[("jira", "/rest/api/3/myself")] * 3]
    assert [ask(*one).status_code for one in asked] == [200, 200, 503, 503, 200]
    assert dict(sandbox.plan.struck) == {("jira", "GET /rest/api/3/myself", "503"): 2}


def test_the_same_seed_gives_the_same_faults_in_whatever_order_is_asked(sandbox: Sandbox, ask: Any) -> None:
    paths = [f"/rest/api/3/issue/PAY-{number}" for number in range(1, 31)]

    def fates(seed: int, order: list[str]) -> dict[str, int]:
        sandbox.plan = Plan(seed, [Rule(("403", "503"), chance=0.4)])
        return {path: ask("jira", path).status_code for path in order}

    assert fates(7, paths) == fates(7, paths[::-1])
    assert fates(7, paths) != fates(8, paths)
    assert set(fates(7, paths).values()) == {200, 403, 503}


def test_what_is_asked_again_may_meet_another_fate(sandbox: Sandbox, ask: Any) -> None:
    sandbox.plan = Plan(3, [Rule(("503",), chance=0.5)])
    assert {ask("jira", "/rest/api/3/myself").status_code for _ in range(20)} == {200, 503}


def test_a_plan_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "plan.toml"
    file.write_text('seed = 7\n[[faults]]\ntool = "jira"\nkind = ["429", "cut"]\nchance = 0.2\nmost = 10\n')
    plan = plan_of(str(file))
    assert (plan.seed, plan.rules) == (7, (Rule(("429", "cut"), "jira", "*", 0.2, 10),))
    assert plan_of("12").rules == (Rule(tuple(KINDS)),)


def test_every_mistake_of_a_plan_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "plan.toml"
    file.write_text('[[faults]]\nkind = "503x"\nchance = 2\n[[faults]]\nkindly = "503"\n')
    with pytest.raises(ConfigErrors) as said:
        plan_of(str(file))
    assert [f"{one.line} {one.key}" for one in said.value.mistakes] == [
        "2 faults[1].kind",
        "3 faults[1].chance",
        "5 faults[2].kindly",
    ]
