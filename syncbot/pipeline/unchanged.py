"""Tells whether a check could say anything but what the last one said: if not, nothing is evaluated.

A check stands on what is stored, on the config, the rules and the program, on the date, and on which reads are too old
by now to be believed. The mark is all of these in one: while it is the same, the findings are, too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from syncbot import __version__
from syncbot.config import Config
from syncbot.model import CannotTell, Checked, Source, Struct
from syncbot.rules import Catalogue
from syncbot.store import inputs, memory

_KEY = "checked"
_READS_FINDINGS = re.compile(r"\bfindings\b")


class Last(Struct, frozen=True):
    """What the last check stood on, the rules that it asked, and what of their answers the findings do not hold."""

    mark: str
    rules: tuple[str, ...]
    cannot_tell: tuple[CannotTell, ...]


def mark(
    db: Connection, config: Config, catalogue: Catalogue, sources: Sequence[Source], *, edition: int, today: dt.date
) -> str | None:
    """What a check stands on now, to be asked before it begins; None if a rule reads what checks themselves write."""
    if any(_READS_FINDINGS.search(rule.sql) for rule in catalogue.rules.values()):
        return None
    said = msgspec.json.encode(
        [
            inputs.touches(db),
            replace(config, file=Path(), lines={}, notes=()),  # it may be called by another path
            catalogue,
            _program(),
            today,
            edition,
            [_age(source) for source in sources],
        ],
        enc_hook=str,
        order="deterministic",
    )
    return blake2b(said, digest_size=16).hexdigest()


def last(db: Connection, mark: str | None) -> Last | None:
    """The last check, if it came to its end and stood on the same."""
    kept = memory.get_state(db, "", _KEY, Last)
    return kept[0] if kept and kept[0].mark == mark else None


def begin(db: Connection) -> None:
    """Forget the last check, of which the facts are about to go: if this one comes to no end, the next is evaluated."""
    memory.drop_state(db, "", _KEY)


def end(
    db: Connection, mark: str | None, answers: Sequence[Checked], cannot_tell: tuple[CannotTell, ...], at: str
) -> None:
    """Keep what a check stood on, unless another run could answer otherwise in spite of it."""
    if mark is not None and not any(one.broke_off for one in answers):
        memory.put_state(db, "", _KEY, Last(mark, tuple(one.rule for one in answers), cannot_tell), at=at)


def _age(source: Source) -> tuple[object, ...]:
    """What rules can tell of the age of a scope's data: not the minute of the last read, but the day."""
    day = source.read_at and source.read_at[:10]
    return source.connection, source.scope, source.promise_broken, source.error is not None, day


@cache
def _program() -> tuple[object, ...]:
    """What tells this syncbot from another one, also where it is run from files that people edit."""
    files = ((file, file.stat()) for file in sorted(Path(__file__).parents[1].rglob("*.py")))
    return __version__, [(str(file), told.st_size, told.st_mtime_ns) for file, told in files]
