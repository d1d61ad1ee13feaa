"""One check of a filled store in a process of its own, so that its memory is its own: prints what everything took."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import msgspec
from sqlalchemy import Connection

from bench import company
from bench.processor import Clock, peak
from syncbot import rules
from syncbot.model import Struct
from syncbot.rules import Catalogue
from syncbot.store import Store, findings
from tests import worlds


class Took(Struct, frozen=True):
    """Seconds of the processor, of the first check and of one with nothing changed; ``peak`` in MB; ``rules``: seconds
    and findings.
    """

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
        clock = Clock(store)
        for again, now in (("", worlds.NOW), (", again", worlds.NOW + timedelta(minutes=5))):
            with _timed(clock, seconds, f"facts{again}"), store.writing() as db:
                worlds.build_facts(db, frame, now=now)
            with _timed(clock, seconds, f"check{again}"):
                kept = _check(store)
        most = peak()
        alone = dict(_each(store, clock))
    return Took(seconds, kept, most, alone)


def _check(store: Store) -> int:
    """All rules, and their findings written; how many there are."""
    with store.reading() as db:
        answers = list(rules.check(db, rules.load(), today=worlds.TODAY))
    with store.writing() as db:
        return len(findings.reconcile(db, answers, (), today=worlds.TODAY.isoformat()))


def _each(store: Store, clock: Callable[[], float]) -> Iterator[tuple[str, tuple[float, int]]]:
    """How long each rule takes beside what all rules share, the best of three, and how much it finds."""
    with store.reading() as db:
        shared = min(_alone(db, clock, Catalogue({}))[0] for _ in range(3))
        for rule in rules.load().rules.values():
            seconds, found = min(_alone(db, clock, Catalogue({rule.id: rule})) for _ in range(3))
            yield rule.id, (seconds - shared, found)


def _alone(db: Connection, clock: Callable[[], float], catalogue: Catalogue) -> tuple[float, int]:
    began = clock()
    found = sum(len(one.findings) for one in rules.check(db, catalogue, today=worlds.TODAY))
    return clock() - began, found


@contextmanager
def _timed(clock: Callable[[], float], seconds: dict[str, float], name: str) -> Iterator[None]:
    began = clock()
    yield
    seconds[name] = clock() - began


if __name__ == "__main__":
    sys.stdout.write(msgspec.json.encode(measure(sys.argv[1])).decode())
