"""Pull, map and save: the client's CPU against the same bytes raw and against the SDK's objects; its time with latency.

The server is a process of its own.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import requests
import trello
from jira import JIRA

import connectors
from bench.server import Server, serving
from bench.table import Row
from connectors.trello.api import connect_api
from syncbot import config as configs
from syncbot import mapping, pipeline
from syncbot.config import Config
from syncbot.connector import Want
from syncbot.pipeline import Feed
from syncbot.sandbox.settings import ENVIRONMENT
from syncbot.store import Store

ITEMS = 20_000
LATENCY, IN_FLIGHT = 0.08, 10
USER = "syncbot@payments.example"
# How many issues or ids Jira gives in one answer, and how many boards or cards Trello does.
PAGE, IDS, BOARD = 100, 5_000, 1_000


class Read(NamedTuple):
    """What one read of everything took: CPU, the part of it that fetched and made records, wall; and what it asked."""

    count: int
    cpu: float
    fetching: float
    wall: float
    again: float
    urls: list[str]
    fields: list[str]
    base: str


def measure() -> Iterator[Row]:
    """Both tools, each without latency and with it."""
    os.environ.update(ENVIRONMENT)
    for tool, connection, raw, sdk, bar in (
        ("jira", "delivery", _raw_jira, _sdk_jira, 1 / 2.5),
        ("trello", "roadmap", _raw_trello, _sdk_trello, 1 / 1.5),
    ):
        with tempfile.TemporaryDirectory() as folder, serving(Path(folder), ITEMS) as server:
            yield from _measure(server, tool, connection, raw, sdk, bar)


def _measure(
    server: Server,
    tool: str,
    connection: str,
    raw: Callable[[Read], float],
    sdk: Callable[[Read, Config], float],
    bar: float,
) -> Iterator[Row]:
    config = configs.load(server.config, ENVIRONMENT, tools=connectors.ALL)
    read = min((_read(server, config, tool, connection, 0.0) for _ in range(2)), key=lambda one: one.cpu)
    name, least = tool.title(), min(raw(read) for _ in range(3))
    yield Row(f"{name}: {read.count:,} pulled, mapped, saved (CPU; raw bytes)", read.cpu, least, 6)
    yield Row(f"{name}: the same again, unchanged (CPU; raw bytes)", read.again, least, 3)
    objects = sdk(read, config) + read.cpu - read.fetching
    yield Row(f"{name}: pulled, mapped, saved (CPU; SDK's objects and the same save)", read.cpu, objects, bar)
    slow = _read(server, config, tool, connection, LATENCY)
    fewest = -(-read.count // PAGE) + -(-read.count // IDS) if tool == "jira" else -(-read.count // BOARD)
    floor = max(fewest * LATENCY / IN_FLIGHT, read.cpu)
    yield Row(f"{name}: pulled with 80 ms latency (wall; least possible)", slow.wall, floor, 1.3 + 0.5 / floor)


def _read(server: Server, config: Config, tool: str, connection: str, latency: float) -> Read:
    """Read everything into an empty store, and then the same with the cursors forgotten."""
    setting = config.connections[connection]
    now = dt.datetime.now(dt.UTC)
    connector = connectors.ALL[tool].connect(configs.settings(config, setting, ENVIRONMENT))
    with tempfile.TemporaryDirectory() as folder, Store.open(f"sqlite:///{folder}/bench.db") as store:
        feed = Feed(setting, connector, {tool: mapping.load(mapping.preset(tool))})
        ready = pipeline.prepare(feed, store, config, now=now)
        wants = [Want(scope=scope) for scope in ready.scopes]
        server.latency(latency)
        began = time.process_time()
        for _ in connector.pull(wants, ready.wanted):
            pass
        fetching = time.process_time() - began
        urls = [url for method, url in server.asked() if method == "GET"]
        began, started = time.process_time(), time.perf_counter()
        pulled = pipeline.pull(ready, store, now=now)
        cpu, wall = time.process_time() - began, time.perf_counter() - started
        with store.writing() as db:
            db.exec_driver_sql("update scope set cursor = null")
        began = time.process_time()
        same = pipeline.pull(ready, store, now=now)
        again = time.process_time() - began
    connector.close()
    server.latency(0.0)
    assert not pulled.failed
    assert not same.failed
    assert same.same == pulled.new
    return Read(pulled.new, cpu, fetching, wall, again, urls, sorted({*ready.wanted, *ALWAYS}), setting.url)


ALWAYS = (
    "summary",
    "issuetype",
    "status",
    "resolution",
    "priority",
    "labels",
    "project",
    "parent",
    "issuelinks",
    "created",
    "updated",
    "creator",
    "resolutiondate",
    "statuscategorychangedate",
    "security",
    "description",
)
JQL = "project in (PAY, RISK) order by created"


class _Token(msgspec.Struct, rename="camel"):
    next_page_token: str | None = None


def _raw_jira(read: Read) -> float:
    """CPU seconds to fetch every page through the SDK's session: body read, only the page token parsed."""
    session = _jira(read)._session  # noqa: SLF001  # the SDK offers no other way to its session
    query: dict[str, str] = {"jql": JQL, "fields": ",".join(read.fields), "maxResults": str(PAGE)}
    began, token = time.process_time(), ""
    while token is not None:
        answer = session.get(f"{read.base}/rest/api/3/search/jql", params=query)
        token = msgspec.json.decode(answer.content, type=_Token).next_page_token
        query["nextPageToken"] = token or ""
    return time.process_time() - began


def _sdk_jira(read: Read, _: Config) -> float:
    """CPU seconds to have every issue as an object of the SDK."""
    sdk = _jira(read)
    began = time.process_time()
    found = sdk.enhanced_search_issues(JQL, maxResults=0, fields=read.fields)
    assert len(found) >= read.count
    return time.process_time() - began


def _jira(read: Read) -> JIRA:
    options = {"server": read.base, "rest_api_version": "3", "check_update": False}
    sdk = JIRA(options, basic_auth=(USER, ENVIRONMENT["JIRA_TOKEN"]), get_server_info=False, max_retries=0)
    sdk.deploymentType = "Cloud"
    return sdk


def _raw_trello(read: Read) -> float:
    """CPU seconds to send the same requests once more."""
    session = requests.Session()
    key, token = ENVIRONMENT["TRELLO_KEY"], ENVIRONMENT["TRELLO_TOKEN"]
    session.headers["Authorization"] = f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'
    paths = [url.partition(" ")[2] for url in read.urls]
    began = time.process_time()
    for path in paths:
        session.get(read.base + path, timeout=60).raise_for_status()
    return time.process_time() - began


def _sdk_trello(read: Read, config: Config) -> float:
    """CPU seconds to have every card as an object of the SDK; it asks through our session, for it knows one site."""
    api = connect_api(configs.settings(config, config.connections["roadmap"], ENVIRONMENT))
    sdk = trello.TrelloClient(api_key=ENVIRONMENT["TRELLO_KEY"], token=ENVIRONMENT["TRELLO_TOKEN"], http_service=api)
    began = time.process_time()
    count = sum(len(board.all_cards()) for board in sdk.list_boards())
    assert count >= read.count
    api.close()
    return time.process_time() - began
