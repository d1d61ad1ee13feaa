"""The traps of the asana SDK (5.4.0), each as it is, and how this connector steps around it."""

from __future__ import annotations

import gc
import logging
import socket
import threading
import time

import asana
import pytest

from connectors.asana.api import connect_api
from connectors.asana.wire import Named, Task
from syncbot.connector import Want
from syncbot.errors import Limited, Unreachable
from syncbot.transport import Transport
from syncbot.transport.over_urllib3 import Pool


def sdk(site) -> asana.ApiClient:
    configuration = asana.Configuration()
    configuration.host = f"{site.sandbox.asana_url}/api/1.0"
    configuration.access_token = next(iter(site.state.tokens))
    configuration.retry_strategy = False
    return asana.ApiClient(configuration)


@pytest.fixture
def api(site):
    made = connect_api(site.settings(patience=0))
    yield made
    made.close()


def test_the_sdk_loses_non_breaking_spaces_and_we_do_not(site, api):
    task = site.task(site.project(), name="10\N{NO-BREAK SPACE}000")
    client = sdk(site)
    assert asana.TasksApi(client).get_task(task.gid, {})["name"] == "10 000"
    client.rest_client.pool_manager.clear()
    assert api.get(f"/tasks/{task.gid}", Task).name == "10\N{NO-BREAK SPACE}000"


def test_the_sdk_writes_into_what_it_is_given_and_ours_stays(site, api):
    project = site.project()
    options = {"opt_fields": "name"}
    client = sdk(site)
    list(asana.TasksApi(client).get_tasks_for_project(project.gid, options))
    client.rest_client.pool_manager.clear()
    assert options != {"opt_fields": "name"}
    for _ in range(2):
        list(api.all(f"/projects/{project.gid}/tasks", Task, opt_fields="name"))
    assert len({one.url for one in site.sandbox.requests[-2:]}) == 1


def test_events_advance_from_token_to_token(site):
    # The SDK's own iterator asks with its first token for ever where there is more: so it is not used.
    project = site.project()
    tasks = [site.task(project) for _ in range(120)]
    connector = site.connector()
    (*_, last) = connector.pull([Want(site.scope(project))], frozenset())
    for task in tasks:
        site.edit(task, name="new")
    site.sandbox.clear()
    list(connector.pull([Want(site.scope(project), last.cursor)], frozenset()))
    asked = [one.url for one in site.sandbox.requests if "/events" in one.url]
    assert len(asked) == len(set(asked)) == 2


def test_time_outs_are_always_set_whatever_the_sdk_makes_of_them(api, monkeypatch):
    seen = []
    pools = api._pool._pools
    send = pools.request

    def request(*args, **options):
        seen.append(options["timeout"])
        return send(*args, **options)

    monkeypatch.setattr(pools, "request", request)
    api.get("/users/me", Named)
    assert (seen[0].connect_timeout, seen[0].read_timeout) == (10.0, 60.0)


def test_gzip_is_asked_for_which_the_sdk_does_not(site, api):
    project = site.project()
    for n in range(100):
        site.task(project, name=f"Task {n}")
    seen = []
    pools = api._pool._pools
    send = pools.request
    pools.request = lambda *args, **options: seen.append(send(*args, **options)) or seen[-1]
    list(api.all(f"/projects/{project.gid}/tasks", Task, opt_fields="name"))
    assert seen[0].headers["Content-Encoding"] == "gzip"


def test_what_fails_for_a_while_is_tried_again_by_us_alone(site):
    made = connect_api(site.settings())
    made._transport._sleep = lambda _: None
    site.sandbox.fault("asana", "/users/me", status=503, times=2)
    assert made.get("/users/me", Named).gid == site.bot.gid
    assert len(site.lines()) == 3
    made.close()


def test_a_wait_that_is_longer_than_ours_ends_as_limited(site, api):
    site.sandbox.fault("asana", "/users/me", status=429, headers={"Retry-After": "1847"})
    with pytest.raises(Limited) as error:
        api.get("/users/me", Named)
    assert 1800 < error.value.wait <= 1847
    assert len(site.lines()) == 1


def test_a_cut_answer_is_no_answer(site, api):
    site.sandbox.fault("asana", "/users/me", "cut", times=9)
    with pytest.raises(Unreachable):
        api.get("/users/me", Named)


def test_no_body_and_no_token_gets_into_a_log(site, api, caplog):
    task = site.task(site.project(), name="Secret plan")
    with caplog.at_level(logging.DEBUG):
        api.get(f"/tasks/{task.gid}", Task)
    assert "Secret plan" not in caplog.text
    assert next(iter(site.state.tokens)) not in caplog.text


def test_two_connections_keep_their_own_tokens(site):
    # Configuration is one object copied shallowly: what is shared by its copies must not be ours.
    site.state.tokens["other-token"] = site.ada.gid
    one, other = connect_api(site.settings()), connect_api(site.settings(secrets={"token": "other-token"}))
    found = [made.get("/users/me", Named).gid for made in (one, other, one)]
    assert found == [site.bot.gid, site.ada.gid, site.bot.gid]
    one.close()
    other.close()


def test_the_sdk_keeps_no_threads_of_its_own(site):
    before = threading.active_count()
    made = connect_api(site.settings())
    made.get("/users/me", Named)
    after = threading.active_count()
    made.close()
    began = time.monotonic()
    del made
    gc.collect()
    assert time.monotonic() - began < 5
    assert after <= before + 1  # the sandbox may need one more


def test_an_address_where_nobody_answers_is_said_plainly():
    transport = Transport("plans", patience=0)
    pool = Pool(transport, ca=None, proxy=None, connections=1)
    with pytest.raises(Unreachable, match="it cannot be reached: check the address"):
        pool.request("GET", "http://127.0.0.1:1/api")
    pool.clear()


def test_a_proxy_that_cannot_be_reached_is_named():
    pool = Pool(Transport("plans", patience=0), ca=None, proxy="http://127.0.0.1:1", connections=1)
    with pytest.raises(Unreachable, match="the proxy cannot be reached"):
        pool.request("GET", "https://app.asana.com/api/1.0/users/me")
    pool.clear()


def test_a_certificate_file_that_is_not_there_is_named(tmp_path):
    pool = Pool(Transport("plans", patience=0), ca=str(tmp_path / "none.pem"), proxy=None, connections=1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"https://127.0.0.1:{server.getsockname()[1]}/api"
        with pytest.raises(Unreachable, match="the file named by `ca` cannot be read"):
            pool.request("GET", address)
    pool.clear()
