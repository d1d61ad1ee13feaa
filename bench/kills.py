"""A daemon that is killed (-9) at random moments of its runs, again and again, over one store.

``python -m bench.kills [KILLS] [sqlite|postgresql] [SEED]``. Half of the kills fall anywhere in a run, half while the
tool makes the answer to a write: the call was sent, and nobody settled it. Between two runs somebody changes the
company, and between one and fifteen minutes pass. In the end there must be one report for each target, and the findings
of a store that never saw a kill.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from syncbot.daemon import Daemon
from syncbot.sandbox.mutations import MUTATIONS
from syncbot.sandbox.server import Exchange, Sandbox
from syncbot.sandbox.settings import ENVIRONMENT, config_text
from syncbot.store import Store, runs

SLOWEST = 0.6  # seconds; a run on an idle machine takes about half of it
MOST_APPLIED = 8
CHANGES = [name for name, one in MUTATIONS.items() if not (one.is_trap or one.hours) and one.looks == 1]


def main() -> int:
    """Kill, count, compare."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["nursery"]:
        return nursery()
    kills = int(arguments[0]) if arguments else 1000
    engine = arguments[1] if arguments[1:] else "sqlite"
    seed = int(arguments[2]) if arguments[2:] else 1
    with tempfile.TemporaryDirectory() as folder, a_store(engine, Path(folder)) as url:
        counts, wrong = measure(kills, url, Path(folder), random.Random(seed))
    total = sum(counts.values())
    for where, count in sorted(counts.items(), key=lambda one: -one[1]):
        print(f"{count:6} {where}")
    print(f"{total:6} kills on {engine}; {wrong or 'all as it must be'}")
    return 1 if wrong else 0


@contextmanager
def a_store(engine: str, folder: Path) -> Iterator[str]:
    """The URL of an empty store."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'syncbot.db'}"
        return
    from tests.stores import Server  # only where it is asked for

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        server = Server(Path(place) / "data")
        yield server.url
        server.stop()


def write_config(sandbox: Sandbox, folder: Path) -> Path:
    """The company's config for a run every minute; its store is in the variable SYNCBOT_STORE."""
    config = folder / "config.toml"
    settings = config_text(sandbox).replace("[syncbot]", '[syncbot]\nstore = "env:SYNCBOT_STORE"\nsettle = "1m"')
    config.write_text(f'{settings}\n[schedule]\nsync = "* * * * *"\n', encoding="utf-8")
    return config


class Killer:
    """Runs the daemon's process and kills it; what the tool saw of it meanwhile."""

    def __init__(self, sandbox: Sandbox, folder: Path, url: str) -> None:
        self.sandbox, self.url = sandbox, url
        self._lethal, self._seen, self._pid = 0, 0, 0
        self.is_hit = threading.Event()
        environment = {**os.environ, **ENVIRONMENT}
        command = [sys.executable, "-m", "bench.kills", "nursery"]
        self._nursery = subprocess.Popen(
            command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.config = write_config(sandbox, folder)

    def close(self) -> None:
        with self._nursery:
            self._nursery.kill()

    def start(self, *, lethal: int = 0) -> None:
        """Begin a run at the sandbox's time; ``lethal``: at the how manieth of its writes it is killed, 0: at none."""
        self._lethal, self._seen = lethal, 0
        self.is_hit.clear()
        self._pid = int(self._say(f"{self.sandbox.now.timestamp()} {self.url} {self.config}"))

    def kill(self) -> None:
        """Kill it now."""
        os.kill(self._pid, signal.SIGKILL)

    def wait(self) -> int:
        """How it ended."""
        return int(self._say("wait"))

    def finds(self) -> set[tuple[str, str]]:
        """What stands after a run in peace."""
        self.start()
        self.wait()
        return _standing(self.url)

    def observe(self, exchange: Exchange) -> None:
        """Kill as the answer to a write is made."""
        if exchange.is_write:
            self._seen += 1
            if self._seen == self._lethal:
                self.kill()
                self.is_hit.set()

    def _say(self, line: str) -> str:
        assert self._nursery.stdin
        assert self._nursery.stdout
        self._nursery.stdin.write(f"{line}\n")
        self._nursery.stdin.flush()
        return self._nursery.stdout.readline()


def nursery() -> int:
    """Fork a daemon for each line, so that none has to load its program; it ends after its first run."""
    child = 0
    for line in sys.stdin:
        if line == "wait\n":
            _, status = os.waitpid(child, 0)
            print(os.waitstatus_to_exitcode(status), flush=True)
            continue
        at, url, config = line.split()
        child = os.fork()
        if child:
            print(child, flush=True)
            continue
        os.environ["SYNCBOT_STORE"] = url
        _run_once(Path(config), float(at))
        os._exit(0)
    return 0


def _run_once(config: Path, at: float) -> None:
    """A daemon that begins at a time (seconds since 1970) and ends when it first rests."""
    late = at - time.time()
    daemon = Daemon(
        config,
        apply=True,
        clock=lambda: dt.datetime.fromtimestamp(time.time() + late, dt.UTC),
        pause=lambda _: daemon.stop(),
    )
    daemon.run()


def measure(kills: int, url: str, folder: Path, chance: random.Random) -> tuple[Counter[str], str]:
    """The kills by the step in which they fell, and what is wrong in the end, in words."""
    counts: Counter[str] = Counter()
    with Sandbox(now=dt.datetime.now(dt.UTC)) as sandbox:
        killer = Killer(sandbox, folder, url)
        before, Sandbox.observe = Sandbox.observe, killer.observe
        try:
            applied: list[str] = []
            while sum(counts.values()) < kills:
                change(sandbox, applied, chance)
                sandbox.now += dt.timedelta(minutes=chance.choice((1, 2, 5, 15)))
                where = _kill(killer, chance)
                if where is not None:
                    counts[where] += 1
                    print(f"{sum(counts.values())}\r", end="", file=sys.stderr, flush=True)
                if any(count > 1 for count in reports(sandbox).values()):
                    return counts, f"more than one report: {reports(sandbox)}"
            sandbox.now += dt.timedelta(minutes=30)
            return counts, compare(sandbox, url, folder)
        finally:
            Sandbox.observe = before
            killer.close()


def change(sandbox: Sandbox, applied: list[str], chance: random.Random) -> None:
    """Let something go wrong in the company, or put right what went wrong last."""
    if applied and chance.random() < len(applied) / MOST_APPLIED:
        sandbox.undo(applied.pop())
        return
    name = chance.choice([one for one in CHANGES if one not in applied])
    try:
        sandbox.apply(name)
    except (LookupError, StopIteration):  # the work that it changes was changed otherwise
        sandbox.undo(name)
    else:
        applied.append(name)


def _kill(killer: Killer, chance: random.Random) -> str | None:
    """Where a run was killed; None: it ended before."""
    if chance.random() < 1 / 2:
        killer.start(lethal=chance.randint(1, 4))
        code = killer.wait()
    else:
        killer.start()
        threading.Event().wait(chance.uniform(0.02, SLOWEST))
        killer.kill()
        code = killer.wait()
    if code == 0:
        return None
    with Store.open(killer.url) as store, store.reading() as db:
        last = runs.recent(db, 1)
        sending = db.scalar(text("select count(*) from outbox where state = 'sending'"))
    if killer.is_hit.is_set():
        return "publish: call sent, not settled"
    if not last or last[0].ended_at is not None:
        return "between runs"
    step = last[0].doing or "before its first step"
    return f"{step}: begun, not settled" if sending and step == "publish" else step


def reports(sandbox: Sandbox) -> dict[str, int]:
    """How many reports there are at each target, and how many news at their one."""
    world = sandbox.world
    return {
        "jira": sum("syncbot-report" in one.labels for one in world.jira.issues.values()),
        "trello": sum(one.name == "Alignment report" for one in world.trello.cards.values()),
        "asana": sum(one.name == "Alignment report" for one in world.asana.tasks.values()),
    }


def compare(sandbox: Sandbox, url: str, folder: Path) -> str:
    """After one more run: what differs from a store that saw nothing of it all, in words."""
    killer = Killer(sandbox, folder, url)
    try:
        found = killer.finds()
        sandbox.now += dt.timedelta(minutes=2)
        killer.url = f"sqlite:///{folder / 'fresh.db'}"
        undisturbed = killer.finds()
    finally:
        killer.close()
    if found != undisturbed:
        return f"findings differ: {sorted(found ^ undisturbed)}"
    if set(reports(sandbox).values()) != {1}:
        return f"not one report each: {reports(sandbox)}"
    return ""


def _standing(url: str) -> set[tuple[str, str]]:
    query = "select rule, fingerprint from finding where state in ('new', 'still')"
    with Store.open(url) as store, store.reading() as db:
        return {(row.rule, row.fingerprint) for row in db.execute(text(query))}


if __name__ == "__main__":
    sys.exit(main())
