"""Pull, map and save: the client's CPU against the same bytes raw and against the SDK's objects; its time with latency.

``python -m bench.pull``; the server is a process of its own.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import connectors
from bench import baselines
from bench.baselines import ALWAYS, PAGE, Read
from bench.server import Server, serving
from bench.table import Row, show, side
from connectors.asana.api import BATCH
from connectors.asana.api import LIMITS as ASANA
from connectors.jira.client import LIMITS as JIRA
from connectors.trello.api import LIMITS as TRELLO
from syncbot import config as configs
from syncbot import mapping, pipeline
from syncbot.cli import collect_seldom
from syncbot.config import Config
from syncbot.connector import Want
from syncbot.pipeline import Feed
from syncbot.pipeline.pull import RECORDS
from syncbot.sandbox.settings import ENVIRONMENT
from syncbot.store import Store, bulk

ITEMS = 20_000
LATENCY, IN_FLIGHT = 0.08, 10
LIMITS = {"jira": JIRA[0], "asana": ASANA[0], "trello": TRELLO[0]}
IDS, BOARD = 5_000, 1_000  # how many ids Jira gives in one answer, and how many cards Trello does


def measure() -> Iterator[Row]:
    """Each tool without latency and with it."""
    os.environ.update(ENVIRONMENT)
    collect_seldom()
    for tool, connection, raw, sdk, bar in (
        ("jira", "delivery", baselines.raw_jira, baselines.sdk_jira, 1 / 2.5),
        ("trello", "roadmap", baselines.raw_trello, baselines.sdk_trello, 1 / 1.5),
        ("asana", "marketing", baselines.raw_asana, baselines.sdk_asana, 1.0),
    ):
        with tempfile.TemporaryDirectory() as folder, serving(Path(folder), ITEMS) as server:
            yield from _measure(server, tool, connection, raw, sdk, bar)
            if tool == "jira":
                yield from _measure_wide(server, Path(folder))
    one, ten = (_spread(projects) for projects in ("1", "10"))
    what = "Jira: all in one project, with 80 ms latency (wall; in ten)"
    yield Row(what, one.wall, ten.wall, 1.1, limited=side(_sides("jira", one), one.wall))


def _measure_wide(server: Server, folder: Path) -> Iterator[Row]:
    """Jira with every field that it has, which no mapping needs: as if any of them could flag an issue."""
    config = configs.load(server.config, ENVIRONMENT, tools=connectors.ALL)
    fields = connectors.ALL["jira"].connect(configs.settings(config, config.connections["delivery"], ENVIRONMENT))
    preset = mapping.preset("jira").read_text(encoding="utf-8")
    every = ", ".join(f'{{ field = "{field.id}" }}' for field in fields.describe(fields.scopes()).fields)
    wide = folder / "wide.toml"
    wide.write_text(preset.replace('any = { field = "Flagged" }', f"any = [{every}]"), encoding="utf-8")
    fields.close()
    read = min((_read(server, config, "jira", "delivery", 0.0, wide) for _ in range(2)), key=lambda one: one.cpu)
    least = min(baselines.raw_jira(read) for _ in range(3))
    yield Row(
        f"Jira, all {len(read.fields)} fields: {read.count:,} pulled, mapped, saved (CPU; raw bytes)",
        read.cpu,
        least,
        4,
        limited="CPU here",
    )
    objects = baselines.sdk_jira(read, config) + read.cpu - read.fetching
    what = "Jira, all fields: pulled, mapped, saved (CPU; SDK's objects and the same save)"
    yield Row(what, read.cpu, objects, 1 / 5, limited="CPU here")


def _spread(projects: str) -> Read:
    """As many issues read from so many projects."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), ITEMS, projects) as server:
        config = configs.load(server.config, ENVIRONMENT, tools=connectors.ALL)
        return min((_read(server, config, "jira", "delivery", LATENCY) for _ in range(2)), key=lambda read: read.wall)


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
    objects = sdk(read, config) + read.cpu - read.fetching
    for what, cpu, baseline, most in (
        (f"{read.count:,} pulled, mapped, saved (CPU; raw bytes)", read.cpu, least, 6),
        ("of that, SQLite taking in the rows (CPU; raw bytes)", read.inserting, least, None),
        ("the same again, unchanged (CPU; raw bytes)", read.again, least, 3),
        ("pulled, mapped, saved (CPU; SDK's objects and the same save)", read.cpu, objects, bar),
    ):
        yield Row(f"{name}: {what}", cpu, baseline, most, limited="CPU here")
    slow = _read(server, config, tool, connection, LATENCY)
    sides = _sides(tool, slow)
    floor = max(sides["latency"], read.cpu)
    what = f"{name}: with 80 ms latency (wall; least possible)"
    yield Row(what, slow.wall, floor, 1.3 + 0.5 / floor, limited=side(sides, slow.wall))


def _sides(tool: str, read: Read) -> dict[str, float]:
    """The seconds that each side needs at least for a read with latency."""
    fewest = _fewest(tool, read.count)
    return {
        "latency": fewest * LATENCY / IN_FLIGHT,
        "the tool's limit": (fewest - 1) // LIMITS[tool].calls * LIMITS[tool].seconds,
        "CPU here": read.cpu,
        "CPU of the server": read.theirs,
    }


def _fewest(tool: str, count: int) -> int:
    """The fewest requests that a tool needs to give so many."""
    if tool == "jira":
        return -(-count // PAGE) + -(-count // IDS)
    return -(-count // (BOARD if tool == "trello" else BATCH * PAGE))


def _read(
    server: Server, config: Config, tool: str, connection: str, latency: float, source: Path | None = None
) -> Read:
    """Read everything into an empty store, and then the same with the cursors forgotten."""
    setting = config.connections[connection]
    now = dt.datetime.now(dt.UTC)
    settings = configs.settings(config, setting, ENVIRONMENT)
    connector = connectors.ALL[tool].connect(settings)
    with tempfile.TemporaryDirectory() as folder, Store.open(f"sqlite:///{folder}/bench.db") as store:
        feed = Feed(setting, connector, {tool: mapping.load(source or mapping.preset(tool))})
        ready = pipeline.prepare(feed, store, config, now=now)
        wants = [Want(scope=scope) for scope in ready.scopes]
        server.latency(latency)
        began = time.process_time()
        for _ in connector.pull(wants, ready.wanted):
            pass
        fetching = time.process_time() - began
        settings.queues.windows.clear()  # each read begins with the tool's limits unused
        urls = [url for method, url in server.asked() if method == "GET"]
        theirs = server.cpu()
        began, started = time.process_time(), time.perf_counter()
        pulled = pipeline.pull(ready, store, now=now)
        cpu, wall = time.process_time() - began, time.perf_counter() - started
        theirs = server.cpu() - theirs
        with store.writing() as db:
            db.exec_driver_sql("update scope set cursor = null")
        settings.queues.windows.clear()
        began = time.process_time()
        same = pipeline.pull(ready, store, now=now)
        again = time.process_time() - began
        inserting = _inserting(store, f"sqlite:///{folder}/again.db")
    connector.close()
    server.latency(0.0)
    assert not pulled.failed, pulled.failed
    assert not same.failed
    assert same.same == pulled.new + pulled.same
    fields = sorted({*ready.wanted, *(ALWAYS if tool == "jira" else ())})
    scopes = [scope.remote_id for scope in ready.scopes]
    return Read(pulled.new, cpu, fetching, wall, again, inserting, theirs, urls, scopes, fields, setting.url)


def _inserting(store: Store, url: str) -> float:
    """CPU seconds for putting the rows of a store into an empty one, which is less than any pull can take."""
    cpu = 0.0
    with Store.open(url) as other:
        for table in ("record", "account", "item", "assignee", "membership", "reference"):
            with store.reading() as db:
                found = db.exec_driver_sql(f'select * from "{table}"')
                columns, rows = tuple(found.keys()), [tuple(row) for row in found.all()]
            for start in range(0, len(rows), RECORDS):
                began = time.process_time()
                with other.writing() as db:
                    bulk.insert(db, table, columns, rows[start : start + RECORDS])
                cpu += time.process_time() - began
    return cpu


if __name__ == "__main__":
    show(list(measure()))
