"""The sandbox in a process of its own, so that its work is not counted as ours.

``python -m bench.server CONFIG ITEMS [limits]`` writes a config for it, says where it is, and then obeys lines on its
standard input: ``latency SECONDS`` (which forgets the requests so far), ``asked``, answered with the requests since
then, as JSON, and ``cpu``, answered with the seconds that it has worked. ``now`` and ``at INSTANT`` are its clock;
``edit COUNT`` takes the assignee from so many issues under way and gives it back to those of before. With ``limits`` it
is as strict as the tools document. With a number of ``projects``, all issues are in so many, evenly. With either there
are no more cards and tasks than the company has.
"""

from __future__ import annotations

import datetime as dt
import gc
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

import msgspec

from syncbot.sandbox.edits import Edits
from syncbot.sandbox.limits import Limits
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.settings import config_text

CARDS = 990  # of one board: so many come with the board itself, and with the SDK's single request


class Server:
    """The far end of a running server. ``config``: the file that says how to read it; ``site``: where it is."""

    def __init__(self, process: subprocess.Popen[str], config: Path, site: str) -> None:
        self._process, self.config, self.site = process, config, site

    def _say(self, line: str) -> str:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()

    def latency(self, seconds: float) -> None:
        """Let every answer take longer, and forget the requests so far."""
        self._say(f"latency {seconds}")

    def now(self) -> dt.datetime:
        """Its clock."""
        return msgspec.json.decode(self._say("now"), type=dt.datetime)

    def at(self, now: dt.datetime) -> None:
        """Set its clock."""
        self._say(f"at {now.isoformat()}")

    def edit(self, count: int) -> None:
        """Take the assignee from so many issues under way, and give it back to those of before."""
        self._say(f"edit {count}")

    def asked(self) -> list[tuple[str, str]]:
        """Method and URL of every request, in their order."""
        return msgspec.json.decode(self._say("asked"), type=list[tuple[str, str]])

    def cpu(self) -> float:
        """Seconds that it has worked."""
        return msgspec.json.decode(self._say("cpu"), type=float)


@contextmanager
def serving(folder: Path, items: int, *options: str) -> Iterator[Server]:
    """A sandbox with about so many issues, and as many cards on boards of `CARDS`."""
    config = folder / "config.toml"
    command = [sys.executable, "-m", "bench.server", str(config), str(items), *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield Server(process, config, process.stdout.readline().strip())
        finally:
            process.terminate()


def _deal(sandbox: Sandbox, cards: int) -> None:
    """Copy the roadmap's board until there are as many cards; each copy has its own lists and labels."""
    trello = sandbox.world.trello
    board = next(iter(trello.boards.values()))
    models = [one for one in trello.cards.values() if one.board == board.id][:CARDS]
    trello.cards = {one.id: one for one in models}
    columns, words = list(trello.lists), list(trello.labels)
    for number in range(1, cards // CARDS):
        copy = replace(board, id=trello.next_id(board.active), name=f"Board {number}", short_link=f"Board{number:03}")
        trello.boards[copy.id] = copy
        lists = {one: replace(trello.lists[one], id=trello.next_id(board.active), board=copy.id) for one in columns}
        labels = {one: replace(trello.labels[one], id=trello.next_id(board.active), board=copy.id) for one in words}
        trello.lists |= {one.id: one for one in lists.values()}
        trello.labels |= {one.id: one for one in labels.values()}
        for model in models:
            card = replace(
                model,
                id=trello.next_id(board.active),
                board=copy.id,
                list_id=lists[model.list_id].id,
                labels=[labels[label].id for label in model.labels],
                short_link=f"c{trello.sequence:07}",
            )
            trello.cards[card.id] = card


def _deal_tasks(sandbox: Sandbox, tasks: int) -> None:
    """Copy the tasks that have nothing below them, each into its own section, until there are as many."""
    asana = sandbox.world.asana
    models = [one for one in asana.tasks.values() if one.places and not one.subtasks]
    for model in islice(cycle(models), max(0, tasks - len(asana.tasks))):
        copy = replace(model, gid=asana.next_gid(), places={}, dependencies=[])
        asana.tasks[copy.gid] = copy
        for section in model.places.values():
            asana.place(copy, asana.sections[section])


def _spread(sandbox: Sandbox, count: int) -> None:
    """Put all issues into so many projects, each with as many."""
    state = sandbox.world.jira
    first = next(iter(state.projects.values()))
    state.projects = {
        one.id: one for one in (replace(first, id=str(90_000 + n), key=f"P{n}", name=f"P{n}") for n in range(count))
    }
    state.boards, state.versions = {}, {}
    for number, issue in enumerate(state.issues.values()):
        issue.versions = []
        issue.project = str(90_000 + number % count)
        issue.key = f"P{number % count}-{number // count + 1}"


def main() -> None:
    """Serve until told to end."""
    config, items = Path(sys.argv[1]), int(sys.argv[2])
    options = sys.argv[3:]
    with Sandbox(items=items, limits=Limits() if "limits" in options else None) as sandbox:
        if not options:
            _deal(sandbox, items)
            _deal_tasks(sandbox, items)
        for option in options:
            if option.isdecimal():
                _spread(sandbox, int(option))
        text = config_text(sandbox).replace('["Product roadmap"]', '["*"]').replace('["PAY", "RISK"]', '["*"]')
        config.write_text(text, encoding="utf-8")
        edits, chance = Edits(sandbox.world), random.Random(1)
        gc.freeze()  # a million issues are not looked through for garbage
        sys.stdout.write(f"{sandbox.url}\n")
        sys.stdout.flush()
        for line in sys.stdin:
            match line.split():
                case ["latency", seconds]:
                    sandbox.latency = float(seconds)
                    sandbox.clear()
                    answer = b"[]"
                case ["now"]:
                    answer = msgspec.json.encode(sandbox.now)
                case ["at", instant]:
                    sandbox.now = dt.datetime.fromisoformat(instant)
                    answer = b"[]"
                case ["edit", count]:
                    _edit(sandbox, edits, chance, int(count))
                    answer = b"[]"
                case ["cpu"]:
                    answer = msgspec.json.encode(time.process_time())
                case _:
                    answer = msgspec.json.encode([(one.method, one.url) for one in sandbox.requests])
            sys.stdout.write(answer.decode() + "\n")
            sys.stdout.flush()


def _edit(sandbox: Sandbox, edits: Edits, chance: random.Random, count: int) -> None:
    with sandbox.lock:
        edits.undo()
        jira = sandbox.world.jira
        under_way = {one.id for one in jira.statuses.values() if one.category == "indeterminate"}
        doing = [one for one in jira.issues.values() if one.assignee and one.status in under_way]
        for issue in chance.sample(doing, count):
            edits.assign(issue, None)


if __name__ == "__main__":
    main()
