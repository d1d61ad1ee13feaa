"""A day of the daemon at a 5-minute schedule over a large company, in as much time as its work takes.

``python -m bench.day [ITEMS] [HOURS]``: the server is a process of its own, and somebody edits a few issues in every
sixth slot. Told: slots and how many were missed, runs and writes, the CPU of a slot with and without a change, and
memory.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.server import Server, serving
from syncbot.daemon import Daemon
from syncbot.model import Struct
from syncbot.sandbox.settings import ENVIRONMENT
from syncbot.store import Store, runs

TOOLS = 3  # each has as many items
EVERY, EDITED_EVERY, EDITS = dt.timedelta(minutes=5), 6, 3


class Day:
    """The clock of the daemon, which goes on while it rests, and what is measured in each of its slots."""

    def __init__(self, server: Server, began: dt.datetime, hours: int) -> None:
        self.server, self.now, self.end = server, began, began + dt.timedelta(hours=hours)
        self.slot, self.is_edited = _slot(began), False
        self.cpu: list[tuple[bool, float]] = []
        self.memory: list[int] = []
        self._cpu = time.process_time()

    def rest(self, seconds: float) -> None:
        """Let time pass; at each slot somebody may have edited something before."""
        self.now += dt.timedelta(seconds=seconds)
        slot = _slot(self.now)
        if slot == self.slot:
            return
        used, self._cpu = time.process_time() - self._cpu, time.process_time()
        self.cpu.append((self.is_edited, used))
        self.memory.append(_resident())
        print(f"{len(self.cpu)} slots\r", end="", file=sys.stderr, flush=True)
        if self.now >= self.end:
            self.daemon.stop()
            return
        self.slot, self.is_edited = slot, slot % EDITED_EVERY == 0
        self.server.at(self.now)
        if self.is_edited:
            self.server.edit(EDITS)

    def run(self, config: Path) -> None:
        """From the first slot to the last."""
        self.daemon = Daemon(config, apply=True, clock=lambda: self.now, pause=self.rest, look=60)
        self.daemon.run()


class Told(Struct, frozen=True):
    """What a day took. Seconds of CPU: the first run, each slot without an edit, each with one; megabytes by slot."""

    runs: int
    missed: int
    failed: int
    updated: int
    requests: int
    first: float
    quiet: tuple[float, ...]
    edited: tuple[float, ...]
    memory: tuple[int, ...]


def measure(items: int, hours: int, folder: Path) -> Told:
    """Simulate so many hours over so many items."""
    os.environ.update(ENVIRONMENT)
    with serving(folder, items // TOOLS) as server:
        text = server.config.read_text(encoding="utf-8") + '\n[schedule]\nsync = "*/5 * * * *"\n'
        server.config.write_text(text, encoding="utf-8")
        day = Day(server, server.now(), hours)
        day.run(server.config)
        asked = [one for one in server.asked() if one[0] != "GET" and not one[1].partition("?")[0].endswith(_READS)]
    with Store.open(f"sqlite:///{folder}/syncbot.db") as store, store.reading() as db:
        ran = [one for one in runs.recent(db, 10_000) if any(step.name == "pull" for step in one.steps)]
    published = [step.counts for one in ran for step in one.steps if step.name == "publish"]
    (_, first), *rest = day.cpu
    return Told(
        runs=len(ran),
        missed=next(one.missed for one in day.daemon.state.jobs if one.name == "sync"),
        failed=sum(one.outcome != "done" for one in ran),
        updated=sum(counts.get("updated", 0) for counts in published),
        requests=len(asked),
        first=first,
        quiet=tuple(used for is_edited, used in rest if not is_edited),
        edited=tuple(used for is_edited, used in rest if is_edited),
        memory=tuple(day.memory),
    )


def main() -> int:
    """Simulate, and print what it took."""
    items = int(sys.argv[1]) if sys.argv[1:] else 100_000
    hours = int(sys.argv[2]) if sys.argv[2:] else 24
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        told = measure(items, hours, Path(folder))
    print(f"{items:,} items, {hours} hours in {time.monotonic() - began:.0f} s, load {os.getloadavg()[1]:.0f}")
    print(f"runs {told.runs}, missed {told.missed}, failed {told.failed}")
    print(f"slots with edits {len(told.edited)}, reports updated {told.updated}, requests that write {told.requests}")
    print(
        f"CPU: first run {told.first:.1f} s; a slot without an edit {_said(told.quiet)}; with one {_said(told.edited)}"
    )
    tenth = max(1, len(told.memory) // 10)
    early, late = told.memory[1 : tenth + 1], told.memory[-tenth:]
    print(f"memory: {max(told.memory)} MB at most; first tenth {max(early)} MB, last tenth {max(late)} MB")
    return 0


_READS = ("/search/jql", "/bulkfetch", "/batch", "/approximate-count")


def _said(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds):.3f} s (median), {max(seconds):.3f} s (most)" if seconds else "none"


def _slot(now: dt.datetime) -> int:
    return int(now.timestamp() // EVERY.total_seconds())


def _resident() -> int:
    """Megabytes of this process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000


if __name__ == "__main__":
    sys.exit(main())
