"""A night of the daemon against cruel tools: its log, to be read through as an operator would.

``python -m bench.night [HOURS] [MINUTES] [SEED] [human|json]``: so many hours at a schedule of so many minutes, in as
much time as the work (and the waiting for tools) takes. People go on working; now and then something falls on a single
request; and twice an hour, but for the last two hours, a tool is in trouble for a while. Lines with ``##`` say what
happened, those with ``%%`` what ``syncbot status`` would show, whenever its alarms are others than before. In the end
it counts lines by level, names what was said most often, and every secret or traceback, of which there must be none.
"""

from __future__ import annotations

import datetime as dt
import io
import logging
import os
import random
import re
import sys
import tempfile
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console

from syncbot import logs
from syncbot.cli.daemon import LONG
from syncbot.cli.status import show
from syncbot.daemon import Daemon
from syncbot.daemon.watch import Watch, Watcher
from syncbot.sandbox.cruelty import KINDS, Plan, Rule
from syncbot.sandbox.cruelty.people import DEEDS, act
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.settings import ENVIRONMENT, config_text

TOOLS = ("jira", "trello", "asana")
TROUBLES = [kind for kind in KINDS if kind not in DEEDS]
EVENING = dt.datetime(2026, 11, 23, 20, 0, tzinfo=dt.UTC)
HALF_HOUR, QUIET = dt.timedelta(minutes=30), dt.timedelta(hours=2)
SELDOM, REFUSALS = 0.005, 6  # the share of requests that something falls on; how often a tool says "too many" in a slot
WORKED = 0.15  # of the slots in which somebody does something in a tool


class Night:
    """The clock of the daemon, which goes on while it rests, and what happens meanwhile."""

    def __init__(self, sandbox: Sandbox, hours: float, minutes: int, seed: int, out: TextIO) -> None:
        self.sandbox, self.out, self.seed = sandbox, out, seed
        self.now, self.end = EVENING, EVENING + dt.timedelta(hours=hours)
        self.every = dt.timedelta(minutes=minutes)
        self.dice = random.Random(seed)
        self.alarms: tuple[str, ...] = ()
        self.seen: set[str] = set()
        self._slot, self._trouble = -1, ("", "", 0.0)
        self._ends = EVENING
        self._troubles = iter(self.dice.sample(TROUBLES, len(TROUBLES)) * 10)

    def run(self, config: Path, log: logs.Log) -> None:
        """From the evening to the morning."""
        self.daemon = Daemon(config, apply=True, clock=lambda: self.now, pause=self.rest, look=60, log=log)
        self.watcher = Watcher(lambda: self.daemon.session.store, lambda: self.daemon.state, lambda: self.now)
        self.hidden = self.daemon.session.hidden
        self.daemon.run()

    def rest(self, seconds: float) -> None:
        """Let time pass, and people and fate do what they do."""
        self._look()
        self.now += dt.timedelta(seconds=seconds)
        self.sandbox.now = self.now
        if self.now >= self.end:
            self.daemon.stop()
        slot = int((self.now - EVENING) / self.every)
        if slot != self._slot:
            self._slot = slot
            self._work()
            self._befall()

    def _work(self) -> None:
        for tool in TOOLS:
            if self.dice.random() < WORKED:
                deed = self.dice.choice([*DEEDS])
                with self.sandbox.lock:
                    did = act(self.sandbox.world, tool, deed, self.dice)
                if did:
                    self.say("##", f"{tool}: {DEEDS[deed]}")

    def _befall(self) -> None:
        """Begin or end what a tool is in trouble with."""
        if self.now >= self._ends and self._trouble[0]:
            self.say("##", f"{self._trouble[0]}: well again")
            self._trouble = ("", "", 0.0)
        if self.now >= self.end - QUIET:
            self.sandbox.plan = None
            return
        if (self.now - EVENING) % HALF_HOUR < self.every and self.now - EVENING >= self.every:
            tool, kind = self.dice.choice(TOOLS), next(self._troubles)
            self._trouble = tool, kind, self.dice.choice([1.0, 0.2])
            self._ends = self.now + self.dice.choice([1, 2, 4]) * self.every
            self.say("##", f"{tool}: {kind} ({KINDS[kind].says}), {self._trouble[2]:.0%} of requests")
        rules = [Rule(chance=SELDOM)]
        tool, kind, share = self._trouble
        if tool:
            rules.insert(0, Rule((kind,), tool, chance=share, most=REFUSALS if kind.startswith("429") else None))
        self.sandbox.plan = Plan(self.seed + self._slot, rules)

    def _look(self) -> None:
        """What an operator would see, if it is another thing than before."""
        watch = self.watcher.look()
        alarms = tuple(sorted(f"{one.id} {one.about} {one.said}" for one in watch.alarms))
        self.seen |= {one.id for one in watch.alarms}
        if alarms != self.alarms:
            self.alarms = alarms
            self.say("%%", status(watch, self.now))

    def say(self, mark: str, text: str) -> None:
        """Beside the log's own lines."""
        for line in text.splitlines():
            self.out.write(f"{mark} {self.now:%H:%M} {line}\n")


class Kept(io.StringIO):
    """What is written to standard output at once, and kept."""

    def write(self, text: str) -> int:
        """Write to both."""
        sys.stdout.write(text)
        sys.stdout.flush()
        return super().write(text)


def status(watch: Watch, now: dt.datetime) -> str:
    """What ``syncbot status`` shows at an instant, in 100 columns."""
    told = io.StringIO()
    show(Console(file=told, width=100), watch, now, "Europe/London")
    return told.getvalue()


@contextmanager
def dated(night: Night) -> Iterator[None]:
    """Let every line of the log bear the simulated time."""
    make = logging.getLogRecordFactory()

    def made(*args: Any, **rest: Any) -> logging.LogRecord:
        record = make(*args, **rest)
        record.created = night.now.timestamp()
        return record

    logging.setLogRecordFactory(made)
    try:
        yield
    finally:
        logging.setLogRecordFactory(make)


def simulate(hours: float, minutes: int, seed: int, style: logs.Style, written: io.StringIO) -> Night:
    """A night, whose log and events are written; the credentials must be in the environment."""
    with Sandbox(now=EVENING) as sandbox, tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.toml"
        schedule = f'\n[schedule]\nsync = "*/{minutes} * * * *"\n'
        config.write_text(config_text(sandbox) + schedule, encoding="utf-8")
        night = Night(sandbox, hours, minutes, seed, written)
        with dated(night), logs.writing(written, style=style, waits=LONG) as log:
            night.run(config, log)
    return night


def told(night: Night, written: str) -> str:
    """What is to be said of all that was written."""
    lines = [line for line in written.splitlines() if not line.startswith(("##", "%%"))]
    shapes = Counter(re.sub(r"[0-9]+", "N", re.sub(r'^\S+|"(at|run)":[^,]*', "", line)) for line in lines)
    secrets = [one for one in night.hidden if one and one in written]
    parts = [f"{len(lines)} lines, alarms seen: {', '.join(sorted(night.seen)) or 'none'}"]
    parts += [f"{count:>5}  {shape.strip()[:150]}" for shape, count in shapes.most_common(15)]
    parts.append(f"secrets {len(secrets)}, tracebacks {written.count('Traceback')}")
    return "\n".join(parts)


def main() -> int:
    """Simulate, and print."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("hours", type=float, nargs="?", default=12)
    parser.add_argument("minutes", type=int, nargs="?", default=5)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("style", choices=["human", "json"], nargs="?", default="human")
    given = parser.parse_args()
    os.environ |= {**ENVIRONMENT, "TZ": "UTC"}
    written = Kept()
    night = simulate(given.hours, given.minutes, given.seed, given.style, written)
    sys.stderr.write(told(night, written.getvalue()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
