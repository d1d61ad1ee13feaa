"""The daemon's pages over real HTTP, its metrics read by Prometheus' own parsers."""

from __future__ import annotations

import http.client
import json
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace
from prometheus_client import openmetrics, parser
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from syncbot.daemon.alarms import ALARMS
from syncbot.daemon.health import serving
from syncbot.daemon.state import State
from syncbot.daemon.watch import Watcher
from syncbot.store import Store, scopes
from syncbot.transport import Limit
from syncbot.transport.limits import Queue
from syncbot.transport.wire import Request
from tests.daemon.helpers import AT, EARLIER, NOW, STATE, fill, write
from tests.store.helpers import put

Values = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@contextmanager
def pages(store: Store, state: State = STATE, listen: str = "127.0.0.1:0") -> Iterator[str]:
    with serving(listen, Watcher(lambda: store, lambda: state, lambda: NOW)) as address:
        yield f"http://{address}"


def values(text: str) -> Values:
    """Every sample, by name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in parser.text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_metrics_are_what_prometheus_reads_in_both_of_its_formats(store: Store):
    fill(store)
    write(store, state="failed", error="403")
    with store.writing() as db:
        scopes.finish_read(db, "delivery", "10001", at=AT, complete=False, error="no answer")
    with pages(store) as url:
        plain = httpx.get(f"{url}/metrics")
        modern = httpx.get(f"{url}/metrics", headers={"Accept": openmetrics.exposition.CONTENT_TYPE_LATEST})
    assert plain.headers["content-type"].startswith("text/plain; version=")
    assert modern.headers["content-type"].startswith("application/openmetrics-text")
    families = list(text_string_to_metric_families(modern.text))
    assert len(families) > 15
    assert all(family.documentation for family in families)
    found = values(plain.text)

    def value(name: str, /, **labels: str) -> float:
        return found[f"syncbot_{name}", tuple(sorted(labels.items()))]

    risk = {"connection": "delivery", "scope": "RISK", "name": "Risk"}
    assert value("source_complete_timestamp_seconds", **risk) == NOW.timestamp() - 900
    assert (value("source_fresh", **risk), value("source_failing", **risk)) == (1, 1)
    assert value("findings", rule="overdue", severity="error", state="still") == 1
    assert ("syncbot_findings", "unsaid") not in {(name, dict(labels).get("state")) for name, labels in found}
    assert value("reports", connection="delivery", state="failed") == 1
    assert value("writes_last_day", connection="delivery", outcome="created") == 1
    assert value("writes_last_day", connection="delivery", outcome="failed") == 1
    assert value("run_duration_seconds", command="sync") == 4
    assert value("step_duration_seconds", command="sync", step="pull", connection="delivery") == 2.5
    assert value("step_count", command="sync", step="pull", connection="delivery", what="changed") == 3
    assert value("job_next_timestamp_seconds", job="sync") == NOW.timestamp() + 900
    assert value("job_missed_total", job="sync") == 0
    assert value("alarms", alarm="source-failing", level="degraded") == 1
    assert value("alarms", alarm="store-failing", level="failing") == 0
    assert value("active") == value("store_up") == 1


def test_what_is_left_of_each_limit_is_told_by_connection(store: Store):
    queue = Queue([Limit(100, 10), Limit(5, 2, lambda _: "an issue")])
    for _ in range(3):
        queue.enter(Request("GET", "https://example.com/"), now=0.0)
    watcher = Watcher(lambda: store, lambda: STATE, lambda: NOW, lambda: {"delivery": queue.room(1.0)})
    with serving("127.0.0.1:0", watcher) as address:
        found = values(httpx.get(f"http://{address}/metrics").text)
    left = {dict(labels)["limit"]: value for (name, labels), value in found.items() if name == "syncbot_limit_left"}
    assert left == {"100 in 10 s": 97, "5 in 2 s": 2}
    assert [one.left for one in queue.room(11.0)] == [100, 5]


def test_no_title_or_person_is_in_the_metrics(store: Store):
    fill(store)
    aside = {"connection": "delivery", "scope": "1", "at": AT, "since": AT, "remote_id": "5", "reason": "Ada Park"}
    put(store, "quarantine", aside)
    with pages(store) as url:
        text = httpx.get(f"{url}/metrics").text
    assert "Ada Park" not in text
    assert "Alignment report" not in text
    assert 'syncbot_records_aside{connection="delivery"} 1.0' in text


def test_names_of_strangers_do_not_break_the_metrics(store: Store):
    name = 'evil"}\n# HELP \\ \u202e 💳'
    with store.writing() as db:
        scope = scopes.Scope("1", key='K"\n}', name=name)
        scopes.sync_connection(db, "delivery", "jira", [scope], sides={})
    with pages(store) as url:
        found = values(httpx.get(f"{url}/metrics").text)
    assert name in {dict(labels).get("name") for _, labels in found}


def test_health_tells_all_and_is_bad_only_where_a_restart_would_help(store: Store):
    fill(store)
    with store.writing() as db:
        scopes.finish_read(db, "delivery", "10000", at=AT, complete=False, error="401")
    with pages(store) as url:
        said = httpx.get(f"{url}/health")
    body = said.json()
    assert (said.status_code, body["status"]) == (200, "degraded")
    (alarm,) = body["alarms"]
    assert (alarm["id"], alarm["advice"]) == ("source-failing", ALARMS["source-failing"][1])
    assert body["sources"]["delivery/Payments"] == {"complete_at": EARLIER, "fresh": False}
    assert body["daemon"]["jobs"][0]["name"] == "sync"
    with pages(store, replace(STATE, seen_at="2026-11-23T07:00:00.000Z")) as url:
        said = httpx.get(f"{url}/health")
    assert (said.status_code, said.json()["alarms"][0]["id"]) == (503, "daemon-stuck")


def test_ready_is_who_could_work_even_a_standby(store: Store):
    standby = replace(STATE, role="standby")
    for state, code in ((STATE, 200), (standby, 200), (replace(STATE, is_stopping=True), 503)):
        with pages(store, state) as url:
            assert httpx.get(f"{url}/ready").status_code == code


def test_a_store_that_is_gone_is_not_ready_and_counted(tmp_path: Path):
    with Store.open(f"sqlite:///{tmp_path / 'syncbot.db'}") as store:
        store.close()
        (tmp_path / "syncbot.db").unlink()
        with pages(store) as url:
            assert httpx.get(f"{url}/ready").status_code == 503
            assert httpx.get(f"{url}/health").json()["alarms"][0]["id"] == "store-failing"
            assert values(httpx.get(f"{url}/metrics").text)["syncbot_store_up", ()] == 0


def test_only_this_machine_is_answered_and_only_by_its_own_names(store: Store):
    with pages(store) as url:
        host, port = url.removeprefix("http://").split(":")
        assert host == "127.0.0.1"
        for name, code in (("localhost", 200), ("evil.example", 400)):
            line = http.client.HTTPConnection(host, int(port))
            line.request("GET", "/health", headers={"Host": name})
            assert line.getresponse().status == code
            line.close()
        assert httpx.post(f"{url}/health").status_code == 405
        assert httpx.get(f"{url}/").status_code == 404
    with pages(store, listen="0.0.0.0:0") as url:
        port = url.rpartition(":")[2]
        assert httpx.get(f"http://127.0.0.1:{port}/ready", headers={"Host": "syncbot.internal"}).status_code == 200


def test_a_port_that_is_taken_is_logged_and_stops_nothing(store: Store, caplog: pytest.LogCaptureFixture):
    with socket.create_server(("127.0.0.1", 0)) as taken, caplog.at_level(logging.WARNING):
        watcher = Watcher(lambda: store, lambda: STATE, lambda: NOW)
        with serving(f"127.0.0.1:{taken.getsockname()[1]}", watcher) as address:
            assert address is None
    assert "nobody can watch this daemon" in caplog.text
    with serving(None, watcher) as address:
        assert address is None


def test_it_stops_at_once(store: Store):
    with pages(store) as url:
        json.loads(httpx.get(f"{url}/ready").text)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/ready")
