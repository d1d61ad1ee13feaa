"""``python -m bench.pull_kills [KILLS]``: a pull that is killed at random requests, and what the store is in the end.

Each run is a process of its own on one store, killed (SIGKILL) while the answer to a request that was drawn is on its
way, or a moment later. People go on working meanwhile, and every fifth time the store is lost. Kills are counted by
what the run was doing. A last run that nobody disturbs must leave what a store without a past reads.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from syncbot.cli import run
from syncbot.model import Record
from syncbot.sandbox.cruelty import Plan, Rule
from syncbot.sandbox.cruelty.people import DEEDS, act
from syncbot.sandbox.server import Exchange, Sandbox
from syncbot.sandbox.settings import ENVIRONMENT, config_text
from syncbot.store import Store, records

STEPS = {
    "asking who and what": (
        "myself",
        "members",
        "users/",
        "project/search",
        "/field",
        "statuses",
        "serverInfo",
        "goals",
    ),
    "reading work": ("search/jql", "bulkfetch", "/tasks", "/boards", "events", "batch"),
    "reading sprints and people": ("agile", "version", "user/", "/users", "sections"),
}
FIRST, LATER = 60, 11  # requests of a first read, and of one that finds little new
TOOLS = ("jira", "trello", "asana")


class Killed:
    """A company, a store, and processes that are killed."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox, self.folder = sandbox, folder
        (folder / "config.toml").write_text(config_text(sandbox), encoding="utf-8")
        self.steps: Counter[str] = Counter()
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["syncbot.cli.pull", "connectors.jira.connector", "connectors.trello"])

    def run(self, kill_at: int | None = None, pause: float = 0.0) -> int:
        """Pull once in a process of its own; killed at that request, ``pause`` seconds after it was answered."""
        seen: list[Exchange] = []
        Sandbox.observe = seen.append
        process = self._context.Process(target=_pull, args=(str(self.folder),))
        process.start()
        while process.is_alive():
            if kill_at is not None and len(seen) >= kill_at:
                time.sleep(pause)
                if process.is_alive():
                    process.kill()
                    self.steps[_step(seen[-1].url)] += 1
                break
            time.sleep(0.005)
        process.join()
        Sandbox.observe = None
        return process.exitcode or 0

    def records(self) -> dict[tuple[str, str], Record]:
        """What the store holds of all connections."""
        with Store.open(f"sqlite:///{self.folder / 'syncbot.db'}") as store, store.reading() as db:
            names = ("delivery", "roadmap", "marketing")
            return {(name, one.remote_id): one for name in names for one in records.records(db, name)}

    def forget(self) -> None:
        """Lose the store."""
        for file in self.folder.glob("syncbot.db*"):
            file.unlink()


def _pull(folder: str) -> None:
    """What the process does."""
    os.chdir(folder)
    os.environ |= ENVIRONMENT
    sys.exit(run(["pull", "--quiet"]))


def _step(url: str) -> str:
    return next((step for step, parts in STEPS.items() if any(part in url for part in parts)), "other")


def main() -> int:
    """Kill, and compare."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    dice = random.Random(7)
    with Sandbox(now=dt.datetime.now(dt.UTC), items=120) as sandbox, tempfile.TemporaryDirectory() as folder:
        sandbox.plan = Plan(7, [Rule(("short",), chance=0.3)])
        killed = Killed(sandbox, Path(folder))
        began, runs = time.monotonic(), 0
        while sum(killed.steps.values()) < kills:
            runs += 1
            if runs % 5 == 0:
                killed.forget()
            deed, tool = dice.choice([one for one in DEEDS if one not in {"delete", "move"}]), dice.choice(TOOLS)
            with sandbox.lock:
                sandbox.now = dt.datetime.now(dt.UTC)
                act(sandbox.world, tool, deed, dice)
            most = LATER if (killed.folder / "syncbot.db").exists() else FIRST
            killed.run(dice.randint(1, most), dice.choice([0.0, 0.0, 0.01, 0.05]))
            sys.stderr.write(f"{runs} runs, {sum(killed.steps.values())} kills\n")
        sandbox.plan = None
        codes = [killed.run(), killed.run()]
        there = killed.records()
        killed.forget()
        killed.run()
        truth = killed.records()
        table = Table("killed while", "kills")
        for step, count in killed.steps.most_common():
            table.add_row(step, str(count))
        console = Console(width=120)
        console.print(table)
        differ = {key for key in there.keys() | truth.keys() if there.get(key) != truth.get(key)}
        took, load = time.monotonic() - began, os.getloadavg()[0]
        count, records_there = sum(killed.steps.values()), len(there)
        console.print(f"{count} kills in {runs} runs, {took:.0f} s (load {load:.1f}); the last runs ended with {codes}")
        console.print(f"{records_there} records, {len(differ)} of them other than undisturbed")
        return 1 if differ or any(codes) else 0


if __name__ == "__main__":
    sys.exit(main())
