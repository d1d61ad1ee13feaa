"""A check of 100,000 items on each engine: facts, all rules, findings written; the same again with nothing changed.

``python -m bench.scale 1000000`` measures as many instead. Seconds are those of the processor, the database's server
included.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bench import company
from bench.check import Took
from bench.table import Row, show
from syncbot.store import Store
from tests.stores import Server

_BARS = {100_000: (1.5, 1.5), 1_000_000: (15.0, 8.0)}
"""Seconds for all rules with their findings written, on SQLite and PostgreSQL."""


def measure(items: int = company.PART) -> Iterator[Row]:
    """SQLite, then PostgreSQL."""
    yield from sqlite(items)
    yield from postgresql(items)


def sqlite(items: int) -> Iterator[Row]:
    """In a file of its own."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _measure("SQLite", f"sqlite:///{folder}/bench.db", items)


def postgresql(items: int) -> Iterator[Row]:
    """In a server of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = Server(Path(folder) / "data")
        try:
            yield from _measure("PostgreSQL", server.url, items)
        finally:
            server.stop()


def _measure(engine: str, url: str, items: int) -> Iterator[Row]:
    with Store.open(url) as store:
        company.fill(store, items)
    ran = subprocess.run([sys.executable, "-m", "bench.check", url], stdout=subprocess.PIPE, check=True)
    took = msgspec.json.decode(ran.stdout, type=Took)
    sqlite, postgresql = _BARS.get(items, (None, None))
    bar = sqlite if engine == "SQLite" else postgresql
    for again in ("", ", again"):
        yield Row(f"{engine}: facts of {items:,} items{again}", took.seconds[f"facts{again}"])
        what = f"{engine}: {len(took.rules)} rules on them, {took.findings:,} findings kept{again}"
        yield Row(what, took.seconds[f"check{again}"], bar=bar)
    yield Row(f"{engine}: peak memory of these", took.peak, bar=500, unit="MB")
    shared = sum(seconds for seconds, _ in took.rules.values())
    yield Row(f"{engine}: the rules alone, one by one", shared)
    for rule, (seconds, found) in sorted(took.rules.items(), key=lambda one: -one[1][0]):
        yield Row(f"{engine}: {rule}, {found:,} findings", seconds)


if __name__ == "__main__":
    for engine in (sqlite, postgresql):
        show(list(engine(int(sys.argv[1]))))
