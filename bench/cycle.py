"""A cycle in which nothing changed: the requests that it sends, as the sandbox counts them, and its CPU."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bench.table import Row
from syncbot.sandbox.server import Sandbox
from tests.company import Company

BOARDS = 25
_ALL = ('scopes = ["Product roadmap"]', 'scopes = ["*"]')
_WITHIN, _LATER = 5, 16
"""Minutes since the cycle before: open sprints are asked for every 15."""


def measure() -> Iterator[Row]:
    """Three tools that were read and written before, over many boards."""
    with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
        trello = sandbox.world.trello
        first = next(iter(trello.boards.values()))
        for number in range(BOARDS - len(trello.boards)):
            id_ = trello.next_id(sandbox.now)
            trello.boards[id_] = replace(first, id=id_, name=f"Board {number}", short_link=f"Board{number:03}")
        company = Company(sandbox, f"sqlite:///{folder}/syncbot.db", Path(folder), edit=_ALL)
        company.run(apply=True)
        company.later(minutes=_LATER).run(apply=True)  # what we wrote ourselves is read once
        ((projects,),) = company.ask("select count(*) from scope where connection = 'marketing'")
        jira = sandbox.world.jira
        sprints = len({one.board for one in jira.sprints.values() if one.state == "active"})
        for minutes, most in ((_WITHIN, 1), (_LATER, 1 + sprints)):
            sandbox.clear()
            began = time.process_time()
            company.later(minutes=minutes).run(apply=True)
            cpu = time.process_time() - began
            asked = Counter(one.tool for one in sandbox.requests)
            what = f"No change for {minutes} minutes"
            yield Row(f"{what}: Jira", asked["jira"], bar=most, unit="requests")
            yield Row(f"{what}: Trello, {BOARDS} boards", asked["trello"], bar=-(-BOARDS // 10), unit="requests")
            yield Row(f"{what}: Asana, {projects} projects", asked["asana"], bar=projects, unit="requests")
            yield Row(f"{what} (CPU, the sandbox included)", cpu)
