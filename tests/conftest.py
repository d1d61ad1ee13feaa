"""The sandbox as a fixture, and the vendors' specifications as judges of every answer that a sandbox gives in a test.

The run ends with a table of all endpoints: how many answers, judged by what, how many violations (a violation also
fails its test).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b

import pytest
from hypothesis import HealthCheck, settings

from syncbot.sandbox.server import Exchange, Sandbox
from tests.shared import SHARED

# Two runs try the same examples, and none fails because the machine was busy.
settings.register_profile("syncbot", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("syncbot")

_SEEN: list[Exchange] = []
_JUDGED: dict[tuple[object, ...], tuple[str, list[str]]] = {}
_TABLE: Counter[tuple[str, str, int, str, str]] = Counter()
_JUDGES = (SHARED / "specs").exists()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A running sandbox over a company of its own."""
    with Sandbox() as running:
        yield running


@pytest.fixture(autouse=True)
def _every_answer_is_judged() -> Iterator[None]:
    """Fail the test in which a sandbox gave an answer that the vendor's specification does not allow."""
    _SEEN.clear()
    Sandbox.observe = _SEEN.append
    yield
    wrong = [line for exchange in _SEEN if not exchange.faulty for line in _judge(exchange)]
    _SEEN.clear()
    assert not wrong, "\n".join(wrong[:20])


def _judge(exchange: Exchange) -> list[str]:
    key = (exchange.tool, exchange.method, exchange.path, exchange.status, blake2b(exchange.content).digest())
    if key not in _JUDGED:
        from tests.vendors import judge  # takes a second, and only these tests need it

        by, wrong = judge(exchange) if _JUDGES else ("no specification here", [])
        if exchange.status >= 500:
            wrong = [exchange.content.decode()]
        _JUDGED[key] = by, [f"{exchange.method} {exchange.url[:200]}: {line}" for line in wrong]
    by, wrong = _JUDGED[key]
    place = (exchange.tool, f"{exchange.method} {exchange.path}", exchange.status, by)
    _TABLE[*place, "answers"] += 1
    _TABLE[*place, "violations"] += len(wrong)
    return wrong


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of xdist hands its counts to the controller."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["answers"] = json.dumps([[*key, count] for key, count in _TABLE.items()])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """The controller adds a worker's counts to its own."""
    output = getattr(node, "workeroutput", {})
    for *key, count in json.loads(output.get("answers", "[]")):
        _TABLE[tuple(key)] += count


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table."""
    places = sorted({key[:4] for key in _TABLE})
    if not places:
        return
    terminalreporter.section("answers of the sandbox, judged by the vendors' specifications")
    for place in places:
        tool, endpoint, status, by = place
        answers, violations = _TABLE[*place, "answers"], _TABLE[*place, "violations"]
        terminalreporter.write_line(f"{tool:<7}{endpoint:<68}{status:>4}{answers:>7}  {by:<24}{violations:>3}")
    answers = sum(count for key, count in _TABLE.items() if key[4] == "answers")
    violations = sum(count for key, count in _TABLE.items() if key[4] == "violations")
    terminalreporter.write_line(f"{answers} answers of {len(places)} kinds, {violations} violations")
