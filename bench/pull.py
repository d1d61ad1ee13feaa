"""Pull, map and save against fetching the same bytes raw: the client's CPU, with the server in a process of its own."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import requests

import connectors
from bench.table import Row
from syncbot import config as configs
from syncbot import mapping, pipeline
from syncbot.pipeline import Feed
from syncbot.sandbox.settings import ENVIRONMENT
from syncbot.store import Store

ITEMS = 20_000


class _Token(msgspec.Struct, rename="camel"):
    next_page_token: str | None = None


def measure() -> Iterator[Row]:
    """A first pull of everything, and the same again with the cursors forgotten: all is read, nothing changed."""
    with tempfile.TemporaryDirectory() as folder, _sandbox(Path(folder)) as file:
        config = configs.load(file, ENVIRONMENT, tools=connectors.ALL)
        setting = config.connections["delivery"]
        connector = connectors.ALL["jira"].connect(configs.settings(config, setting, ENVIRONMENT))
        feed = Feed(setting, connector, {"jira": mapping.load(mapping.preset("jira"))})
        now = dt.datetime.now(dt.UTC)
        with Store.open(f"sqlite:///{folder}/bench.db") as store:
            ready = pipeline.prepare(feed, store, config, now=now)
            fields = sorted({*ready.wanted, *_ALWAYS})
            raw = min(_raw(setting.url, fields) for _ in range(3))
            began = time.process_time()
            pulled = pipeline.pull(ready, store, now=now)
            first = time.process_time() - began
            with store.writing() as db:
                db.exec_driver_sql("update scope set cursor = null")
            began = time.process_time()
            again = pipeline.pull(ready, store, now=now)
            second = time.process_time() - began
        connector.close()
    assert not pulled.failed
    assert not again.failed
    yield Row(f"Jira: pull, map and save {pulled.new:,} issues (CPU, against raw)", first, raw, 6)
    yield Row(f"Jira: the same {again.same:,} again, unchanged (CPU, against raw)", second, raw, 3)


_ALWAYS = (
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


def _raw(url: str, fields: list[str]) -> float:
    """CPU seconds to fetch every page: gzip, body read, only the page token parsed."""
    session = requests.Session()
    session.auth = ("syncbot@payments.example", ENVIRONMENT["JIRA_TOKEN"])
    began, token = time.process_time(), ""
    while token is not None:
        params = {"jql": "project in (PAY, RISK) order by created", "fields": ",".join(fields), "maxResults": "100"}
        if token:
            params["nextPageToken"] = token
        answer = session.get(f"{url}/rest/api/3/search/jql", params=params, timeout=60)
        answer.raise_for_status()
        token = msgspec.json.decode(answer.content, type=_Token).next_page_token
    return time.process_time() - began


@contextmanager
def _sandbox(folder: Path) -> Iterator[Path]:
    """A sandbox in a process of its own, and the config for it."""
    file = folder / "config.toml"
    command = [sys.executable, "-m", "syncbot", "sandbox", "--port", "0", "--items", str(ITEMS)]
    with subprocess.Popen([*command, "--write-config", str(file)], stdout=subprocess.DEVNULL) as server:
        try:
            for _ in range(1200):
                if file.exists() and file.stat().st_size:
                    break
                time.sleep(0.1)
            os.environ.update(ENVIRONMENT)
            yield file
        finally:
            server.terminate()
