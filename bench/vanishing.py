"""``python -m bench.vanishing [COUNT]``: work that is deleted, moved away and hidden, told apart by two counts.

A project of ten thousand issues loses a third of COUNT (500) in each way; a board loses as much of its cards as may
vanish at once without a question.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from syncbot.sandbox.cruelty.people import take
from syncbot.sandbox.jira.issues import remove
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import World
from tests.company import Company

ITEMS = 12_000


def lose(world: World, count: int) -> dict[str, int]:
    """Take so many issues and cards away; by what was done, how many."""
    state, cards = world.jira, world.trello
    linked = {end for link in state.links.values() for end in (link.source, link.target)}
    linked |= {one.parent for one in state.issues.values() if one.parent}
    home = max(state.projects.values(), key=lambda one: one.counter)
    alone = [one for one in state.issues.values() if one.project == home.id and one.id not in linked][:count]
    parts = alone[::3], alone[1::3], alone[2::3]
    remove(state, *parts[0])
    for id_, hidden, lost in (("88", False, parts[1]), ("89", True, parts[2])):
        state.projects[id_] = replace(home, id=id_, key=f"OUT{id_}", name=f"Out {id_}", hidden=hidden)
        for number, one in enumerate(lost, 1):
            one.project, one.key, one.old_keys = id_, f"OUT{id_}-{number}", [one.key]
    board = max(cards.boards, key=lambda key: sum(one.board == key for one in cards.cards.values()))
    mine = [one for one in cards.cards.values() if one.board == board]
    some = mine[: len(mine) // 12]
    for card in some[::2]:
        del cards.cards[card.id]
    for card in some[1::2]:
        take(world, card, next(iter(cards.members)))
    world.stamp()
    return {"issues deleted": len(parts[0]), "moved": len(parts[1]), "hidden": len(parts[2]), "cards": len(some)}


def main() -> int:
    """Lose, count twice, and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with Sandbox(items=ITEMS) as sandbox, tempfile.TemporaryDirectory() as name:
        company = Company(sandbox, f"sqlite:///{Path(name) / 'syncbot.db'}", Path(name))
        company.run(apply=None)
        console = Console(width=120)
        console.print(lose(sandbox.world, count))
        table = Table("count", "seconds", "requests", "connection", "gone, by fate", "failed")
        for number in (1, 2):
            company.later(days=1, minutes=1)
            sandbox.clear()
            began = time.monotonic()
            run = company.run(apply=None)
            took = time.monotonic() - began
            for one in run.pulled:
                said = ", ".join(map(str, one.failed.values())) or "-"
                row = (str(number), f"{took:.1f}", str(len(sandbox.requests)), one.connection)
                table.add_row(*row, str(one.gone or "-"), said)
        console.print(table)
        console.print(company.ask("select connection, seen, count(*) from items group by connection, seen"))
        console.print(f"load {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
