"""The readable cases of each rule: a world's rows in, findings out. One file a rule, beside this one."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection

from syncbot import rules
from syncbot.model import Checked, RuleSetting
from syncbot.rules import Catalogue
from syncbot.store import Store
from tests import worlds
from tests.worlds import World

FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Find:
    """An expected finding; ``says`` its only or first message, ``person`` who must act ("" for nobody)."""

    subject: str
    other: tuple[str, ...] = ()
    says: str | None = None
    person: str | None = None
    severity: str | None = None


@dataclass(frozen=True)
class Gap:
    """An expected "cannot tell"; ``scope`` is "" for subjects of no scope."""

    scope: str
    reason: str
    count: int = 1


@dataclass(frozen=True)
class Case:
    name: str
    world: World
    finds: tuple[Find, ...] = ()
    cannot_tell: tuple[Gap, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)


def load(rule: str) -> tuple[Case, ...]:
    """The cases of a rule. What is no expectation in a case is its world."""
    told = tomllib.loads((FOLDER / f"{rule}.toml").read_text(encoding="utf-8"))
    cases = []
    for case in told["cases"]:
        expected = {key: case.pop(key) for key in ("name", "finds", "cannot_tell", "settings") if key in case}
        cases.append(msgspec.convert({**expected, "world": case}, Case))
    return tuple(cases)


def answer(db: Connection, catalogue: Catalogue, rule: str, settings: dict[str, Any] | None = None) -> Checked:
    """What one rule says of the filled store."""
    only = Catalogue({rule: catalogue.rules[rule]})
    setting = msgspec.convert({"rule": rule, **(settings or {})}, RuleSetting)
    return next(rules.check(db, only, [setting], today=worlds.TODAY))


def told(checked: Checked) -> tuple[set[tuple[str, tuple[str, ...]]], set[tuple[str | None, str, int]]]:
    """An answer without its words: subjects with the other items, and scopes with reasons and counts."""
    findings = {
        (one.subject.ref, tuple(sorted(piece.other.ref for piece in one.evidence if piece.other)))
        for one in checked.findings
    }
    return findings, {(gap.scope, gap.reason, gap.count) for gap in checked.cannot_tell}


def compare(case: Case, checked: Checked) -> list[str]:
    """Where an answer differs from what the case expects."""
    findings, gaps = told(checked)
    expected = {(find.subject, tuple(sorted(find.other))) for find in case.finds}
    complaints = [f"found {findings}, expected {expected}"] if findings != expected else []
    expected_gaps = {(gap.scope or None, gap.reason, gap.count) for gap in case.cannot_tell}
    complaints += [f"cannot tell {gaps}, expected {expected_gaps}"] if gaps != expected_gaps else []
    by_ref = {one.subject.ref: one for one in checked.findings}
    for find in case.finds:
        if one := by_ref.get(find.subject):
            actual = {
                "says": one.evidence[0].message,
                "person": one.person.name if one.person else "",
                "severity": one.severity,
            }
            complaints += [
                f"{find.subject}: {key} is {value!r}, expected {getattr(find, key)!r}"
                for key, value in actual.items()
                if getattr(find, key) not in {None, value}
            ]
    return complaints


def warm(store: Store) -> Store:
    """Fill the store's calendar, so that each world after it costs little."""
    with store.writing() as db:
        worlds.fill(db, World(scopes=()))
    return store


@contextmanager
def filled(store: Store, world: World) -> Iterator[Connection]:
    """A transaction that sees the world, undone at the end."""
    with contextlib.suppress(_Undo), store.writing() as db:
        worlds.fill(db, world)
        yield db
        raise _Undo


class _Undo(Exception):
    pass
