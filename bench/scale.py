"""A check of 100,000 items on each engine: facts, all rules, findings written; the same again with nothing changed."""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bench.table import Row
from syncbot import rules
from syncbot.store import Store, findings
from tests import worlds
from tests.stores import Server

ITEMS = 100_000
_EACH = 500  # items a person
_WORK = 9  # tasks a feature
_OFFENDERS = 0.01
_SHARED, _IN_SPRINT = 0.2, 0.3  # of the work: by two people, in a sprint


def measure() -> Iterator[Row]:
    """SQLite, then PostgreSQL."""
    world = _world(random.Random(1))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield from _measure("SQLite", f"sqlite:///{folder}/bench.db", world)
        server = Server(Path(folder) / "data")
        try:
            yield from _measure("PostgreSQL", server.url, world)
        finally:
            server.stop()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    yield Row("Peak memory of this whole benchmark, its worlds included", peak, unit="MB")


def _measure(engine: str, url: str, world: worlds.World) -> Iterator[Row]:
    with Store.open(url) as store:
        with store.writing() as db:
            worlds.fill(db, world, build=False)
        for what, now in (("", worlds.NOW), (" again, unchanged", worlds.NOW + timedelta(minutes=5))):
            began = time.perf_counter()
            with store.writing() as db:
                worlds.build_facts(db, world, now=now)
            built = time.perf_counter()
            with store.reading() as db:
                answers = list(rules.check(db, rules.load(), today=worlds.TODAY))
            with store.writing() as db:
                stated = findings.reconcile(db, answers, (), today=worlds.TODAY.isoformat())
            ended = time.perf_counter()
            yield Row(f"{engine}: facts of {len(world.items):,} items{what}", built - began)
            said = f"{engine}: {len(answers)} rules on them, {len(stated):,} findings kept{what}"
            yield Row(said, ended - built, bar=1.5)


def _world(chance: random.Random) -> worlds.World:
    """Features on one board, their work in Jira, two people on some of it; one in a hundred breaks a rule."""
    people = [f"person{number}" for number in range(ITEMS // _EACH)]
    sprints = tuple(worlds.Sprint(f"Sprint {number}") for number in range(20))
    items: list[worlds.Item] = []
    for number in range(ITEMS // (_WORK + 1)):
        feature, epic = f"F-{number}", f"E-{number}"
        items.append(
            worlds.Item(
                feature,
                kind="feature",
                scope=worlds.BOARD.label,
                status=chance.choice(worlds.STATUSES),
                owner=_unless_offending(chance, people),
                names=(epic,),
            )
        )
        items.append(worlds.Item(epic, kind="feature", side="project", status="doing", owner=chance.choice(people)))
        items += [
            worlds.Item(
                f"T-{number}-{task}",
                status=chance.choice(worlds.STATUSES),
                owner=(owner := _unless_offending(chance, people)),
                on=(chance.choice(people),) if owner and chance.random() < _SHARED else (),
                points=chance.choice((None, 1, 2, 3)),
                parent=epic,
                sprints=(chance.choice(sprints).name,) if chance.random() < _IN_SPRINT else (),
            )
            for task in range(_WORK - 1)
        ]
    return worlds.World(tuple(items), sprints=sprints)


def _unless_offending(chance: random.Random, people: list[str]) -> str | None:
    return None if chance.random() < _OFFENDERS else chance.choice(people)
