"""One Jira site with very many issues, as strict as its documented limits: how near a pull comes to what they allow.

``python -m bench.large 1000000``. The server is a process of its own; memory is that of this one.
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import connectors
from bench.baselines import PAGE
from bench.pull import IDS, IN_FLIGHT, LATENCY
from bench.server import Server, serving
from bench.table import Row, show, side
from connectors.jira.client import LIMITS
from syncbot import config as configs
from syncbot import mapping, pipeline
from syncbot.cli import collect_seldom
from syncbot.pipeline import Feed
from syncbot.sandbox.settings import ENVIRONMENT
from syncbot.store import Store

SHARE = 0.9
"""Of the records a second that the limits allow, at least so many."""


def measure(items: int) -> Iterator[Row]:
    """Read all, and again with nothing changed."""
    os.environ.update(ENVIRONMENT)
    collect_seldom()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), items, "limits") as server:
        yield from _measure(server, folder)


def _measure(server: Server, folder: str) -> Iterator[Row]:
    config = configs.load(server.config, ENVIRONMENT, tools=connectors.ALL)
    setting = config.connections["delivery"]
    connector = connectors.ALL["jira"].connect(configs.settings(config, setting, ENVIRONMENT))
    now = dt.datetime.now(dt.UTC)
    with Store.open(f"sqlite:///{folder}/bench.db") as store:
        feed = Feed(setting, connector, {"jira": mapping.load(mapping.preset("jira"))})
        ready = pipeline.prepare(feed, store, config, now=now)
        for again in ("", ", again, unchanged"):
            server.latency(LATENCY)
            theirs, ours, began = server.cpu(), time.process_time(), time.perf_counter()
            pulled = pipeline.pull(ready, store, now=now + dt.timedelta(minutes=5 * bool(again)))
            wall, ours, theirs = time.perf_counter() - began, time.process_time() - ours, server.cpu() - theirs
            assert not pulled.failed
            asked = server.asked()
            if not again:
                count = pulled.new
                least = (count / PAGE + count / IDS) / LIMITS[0].calls
                sides = {"the tool's limit": least, "CPU here": ours, "CPU of the server": theirs}
                what = f"{count:,} issues (wall; what the limits allow)"
                yield Row(what, wall, least, 1 / SHARE, limited=side(sides, wall))
                yield Row(
                    "the same, a thousand (CPU here; CPU of the server)", ours / count * 1000, theirs / count * 1000
                )
            else:
                yield Row(f"all{again} (wall)", wall)
            yield Row(f"requests{again}, {IN_FLIGHT} at once, {LATENCY * 1000:.0f} ms each", len(asked), unit="")
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            yield Row(f"peak memory{again}", peak, bar=300, unit="MB")
    connector.close()


if __name__ == "__main__":
    show(list(measure(int(sys.argv[1]))))
