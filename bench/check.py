"""One check of a filled store in a process of its own, so that its memory is its own: prints what everything took."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import msgspec
from sqlalchemy import Connection

from bench import company
from syncbot import rules
from syncbot.model import Struct
from syncbot.rules import Catalogue
from syncbot.store import Store, findings
from tests import worlds


class Took(Struct, frozen=True):
    """Seconds, of the first check and of one with nothing changed; ``peak`` in MB; ``rules``: seconds and findings."""

    seconds: dict[str, float]
    findings: int
    peak: float
    rules: dict[str, tuple[float, int]]


def measure(url: str) -> Took:
    """Check what is stored there twice, and then each rule for itself."""
    frame = company.frame()
    seconds: dict[str, float] = {}
    kept = 0
    with Store.open(url) as store:
        for again, now in (("", worlds.NOW), (", again", worlds.NOW + timedelta(minutes=5))):
            with _timed(seconds, f"facts{again}"), store.writing() as db:
                worlds.build_facts(db, frame, now=now)
            with _timed(seconds, f"check{again}"):
                kept = _check(store)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
        alone = dict(_each(store))
    return Took(seconds, kept, peak, alone)


def _check(store: Store) -> int:
    """All rules, and their findings written; how many there are."""
    with store.reading() as db:
        answers = list(rules.check(db, rules.load(), today=worlds.TODAY))
    with store.writing() as db:
        return len(findings.reconcile(db, answers, (), today=worlds.TODAY.isoformat()))


def _each(store: Store) -> Iterator[tuple[str, tuple[float, int]]]:
    """How long each rule takes beside what all rules share, the best of three, and how much it finds."""
    with store.reading() as db:
        shared = min(_alone(db, Catalogue({}))[0] for _ in range(3))
        for rule in rules.load().rules.values():
            seconds, found = min(_alone(db, Catalogue({rule.id: rule})) for _ in range(3))
            yield rule.id, (seconds - shared, found)


def _alone(db: Connection, catalogue: Catalogue) -> tuple[float, int]:
    began = time.perf_counter()
    found = sum(len(one.findings) for one in rules.check(db, catalogue, today=worlds.TODAY))
    return time.perf_counter() - began, found


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - began


if __name__ == "__main__":
    sys.stdout.write(msgspec.json.encode(measure(sys.argv[1])).decode())
