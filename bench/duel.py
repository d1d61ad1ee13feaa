"""Two daemons on one store, and everything that can befall them, for so many runs.

``python -m bench.duel [RUNS] [sqlite|postgresql] [SEED]``. Their clocks go sixty times as fast: each second has a run.
Meanwhile they are killed, stopped, frozen for seconds, lose their lock while they hold it, the tools fail before, after
and in the middle of answers, and somebody changes the company. In the end there must be one report for each target,
and the findings of a store that saw nothing of it.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import psycopg
from sqlalchemy import text

from bench import kills
from syncbot.daemon import Daemon
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.settings import ENVIRONMENT
from syncbot.store import Store

SPEED = 60
FORKS = get_context("forkserver")  # so that none has to load its program
FORKS.set_forkserver_preload(["bench.kills"])


def main() -> int:
    """Run, disturb, compare."""
    arguments = sys.argv[1:]
    count = int(arguments[0]) if arguments else 500
    engine = arguments[1] if arguments[1:] else "sqlite"
    seed = int(arguments[2]) if arguments[2:] else 1
    with tempfile.TemporaryDirectory() as folder, kills.a_store(engine, Path(folder)) as url:
        did, wrong = measure(count, url, Path(folder), random.Random(seed))
    for what, times in sorted(did.items(), key=lambda one: -one[1]):
        print(f"{times:6} {what}")
    print(f"two daemons on {engine}: {wrong or 'all as it must be'}")
    return 1 if wrong else 0


def daemon(config: Path, url: str, began: float) -> None:
    """A daemon on the store at a URL, whose clock goes faster since an instant (seconds since 1970)."""
    os.environ |= {**ENVIRONMENT, "SYNCBOT_STORE": url}
    halt = threading.Event()
    one = Daemon(
        config,
        apply=True,
        clock=lambda: dt.datetime.fromtimestamp(began + (time.time() - began) * SPEED, dt.UTC),
        pause=lambda seconds: halt.wait(seconds / SPEED),
    )
    signal.signal(signal.SIGTERM, lambda *_: (one.stop(), halt.set()))
    one.run()


def send(one: ForkServerProcess, number: signal.Signals) -> None:
    """Send it a signal."""
    assert one.pid
    os.kill(one.pid, number)


class Duel:
    """Two daemons, and what is done to them."""

    def __init__(self, sandbox: Sandbox, url: str, folder: Path, chance: random.Random) -> None:
        self.sandbox, self.url, self.folder, self.chance = sandbox, url, folder, chance
        self.began = time.time()
        self.applied: list[str] = []
        self.config = kills.write_config(sandbox, folder)
        self.pair = [self.start(), self.start()]

    def start(self) -> ForkServerProcess:
        """One more daemon."""
        one = FORKS.Process(target=daemon, args=(self.config, self.url, self.began))
        one.start()
        return one

    def end(self, number: signal.Signals) -> None:
        """End one of them, and start another."""
        at = self.chance.randrange(2)
        send(self.pair[at], number)
        self.pair[at].join()
        self.pair[at] = self.start()

    def kill(self) -> None:
        """Without warning."""
        self.end(signal.SIGKILL)

    def stop(self) -> None:
        """As an operator does."""
        self.end(signal.SIGTERM)

    def freeze(self) -> None:
        """For some minutes of its clock."""
        one = self.chance.choice(self.pair)
        send(one, signal.SIGSTOP)
        time.sleep(self.chance.uniform(0.5, 3))
        send(one, signal.SIGCONT)

    def take_the_lock(self) -> None:
        """From the active one while it works: both believe to be alone for a while."""
        if self.url.startswith("sqlite"):
            for file in self.folder.glob("*.daemon.lock"):
                file.unlink()
            return
        with psycopg.connect(self.url, autocommit=True) as db:
            db.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()")

    def fail(self) -> None:
        """Let a tool fail at some of its next requests, and at no others: else they become more than are asked."""
        self.sandbox.clear()
        tool = self.chance.choice(("jira", "trello", "asana"))
        kind = self.chance.choice(("answer", "cut", "lost", "dropped"))
        self.sandbox.fault(tool, self.chance.choice((".", "^P")), kind, times=self.chance.randint(1, 3))

    def change(self) -> None:
        """As people do."""
        kills.change(self.sandbox, self.applied, self.chance)

    def runs(self) -> int:
        """How many runs there were."""
        with Store.open(self.url) as store, store.reading() as db:
            return int(db.scalar(text("select count(*) from run where command = 'daemon'")) or 0)


def measure(count: int, url: str, folder: Path, chance: random.Random) -> tuple[Counter[str], str]:
    """What was done to them how often, and what is wrong in the end, in words."""
    did: Counter[str] = Counter()
    with Sandbox(now=dt.datetime.now(dt.UTC)) as sandbox:
        duel = Duel(sandbox, url, folder, chance)
        does: tuple[Callable[[], None], ...] = (
            duel.kill,
            duel.stop,
            duel.freeze,
            duel.take_the_lock,
            *(duel.fail,) * 3,
            *(duel.change,) * 8,
        )
        while (runs := duel.runs()) < count:
            sandbox.now = dt.datetime.fromtimestamp(duel.began + (time.time() - duel.began) * SPEED, dt.UTC)
            do = chance.choice(does)
            do()
            did[do.__name__] += 1
            print(f"{runs}\r", end="", file=sys.stderr, flush=True)
            time.sleep(chance.uniform(0, 1))
            if any(found > 1 for found in kills.reports(sandbox).values()):
                break
        for one in duel.pair:
            one.terminate()
        for one in duel.pair:
            one.join()
        codes = [one.exitcode for one in duel.pair]
        did["runs"] = runs
        sandbox.clear()
        sandbox.now += dt.timedelta(minutes=30)
        if set(codes) - {0, -signal.SIGTERM}:  # asked to end while it still began
            return did, f"a daemon ended with {codes}"
        return did, kills.compare(sandbox, url, folder)


if __name__ == "__main__":
    sys.exit(main())
