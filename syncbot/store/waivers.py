"""Which findings people accept, and until when: said in the config, or by a command, which is kept here alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, text

from syncbot.model import SHORT, Finding, Waiver
from syncbot.patterns import fold
from syncbot.store import bulk, inputs

LONGEST = dt.timedelta(days=2 * 366)
"""For how long an answer may accept a finding."""

_COLUMNS = ("rule", "subject", "origin", "until", "reason", "by", "made_on")
_KEY = ("rule", "subject", "origin")
_BEGINNING = re.compile(r"[0-9a-f]{4,12}")


def accepts(waiver: Waiver, finding: Finding) -> bool:
    """Whether a waiver is about a finding: it names its subject's key, short link or URL, or the finding's own id."""
    if waiver.rule != finding.rule:
        return False
    begins = len(waiver.subject.strip()) >= SHORT and bool(by_id(waiver.subject, [finding]))
    return begins or fold(waiver.subject) == finding.fingerprint or names(waiver.subject, finding)


def names(said: str, finding: Finding) -> bool:
    """Whether this is the key, short link or URL of what a finding is about."""
    wanted, url = fold(said), fold(finding.subject.url)
    below = bool(wanted and url) and url.startswith(wanted.rstrip("/") + "/")  # a card's title may follow
    return bool(wanted) and (wanted in {fold(finding.subject.ref), url} or below)


def by_id(said: str, known: Iterable[Finding]) -> list[Finding]:
    """Those of the findings whose id begins so."""
    wanted = beginning(said)
    return [one for one in known if one.fingerprint.startswith(wanted)] if wanted else []


def beginning(said: str) -> str | None:
    """What can be the beginning of a finding's id, as the ids are written; None for what is too short, or no such.

    On Trello's cards ``sb-`` stands before it.
    """
    wanted = said.strip().lower().removeprefix("sb-")
    return wanted if _BEGINNING.fullmatch(wanted) else None


def shown(waiver: Waiver) -> str:
    """What a waiver is about as people know it: an id as short as reports show it."""
    return waiver.subject[:SHORT] if beginning(waiver.subject) else waiver.subject


def valid(db: Connection, config: Sequence[Waiver], today: str) -> tuple[Waiver, ...]:
    """The waivers that hold on a date, those of the config first; each holds to the end of its last day."""
    return tuple(waiver for waiver in (*config, *made(db)) if waiver.until >= today)


def keep(db: Connection, config: Iterable[Waiver]) -> None:
    """Let the store say which waivers the config has; the config is where those are made."""
    now = {(one.rule, one.subject, "config"): _row(one) for one in config}
    before = {_row(one)[:3]: _row(one) for one in _all(db) if one.origin == "config"}
    bulk.delete(db, "waiver", _KEY, list(before.keys() - now.keys()))
    bulk.upsert(db, "waiver", _COLUMNS, _KEY, [row for key, row in now.items() if before.get(key) != row])


def made(db: Connection) -> list[Waiver]:
    """The waivers that commands and answers made, those that are over too."""
    return [one for one in _all(db) if one.origin != "config"]


def add(db: Connection, waiver: Waiver) -> Waiver | None:
    """Keep a waiver of a command or an answer; the one of the same rule and subject that it stands for now.

    An answer stands for answers only: what the admin's command said is not for others to shorten.
    """
    before = [one for one in _same(db, waiver.rule, waiver.subject) if waiver.origin in {"command", one.origin}]
    bulk.delete(db, "waiver", _KEY, [_row(one)[:3] for one in before])
    bulk.insert(db, "waiver", _COLUMNS, [_row(waiver)])
    inputs.touch(db)
    return before[0] if before else None


def remove(db: Connection, waivers: Iterable[Waiver]) -> None:
    """Take away waivers of commands or answers."""
    bulk.delete(db, "waiver", _KEY, [_row(one)[:3] for one in waivers])
    inputs.touch(db)


def _same(db: Connection, rule: str, subject: str) -> list[Waiver]:
    return [one for one in made(db) if one.rule == rule and fold(one.subject) == fold(subject)]


def _all(db: Connection) -> list[Waiver]:
    names = ", ".join(f'"{name}"' for name in _COLUMNS)
    rows = db.execute(text(f"select {names} from waiver order by until, rule, subject, origin"))
    return [Waiver(**dict(zip(_COLUMNS, row, strict=True))) for row in rows]


def _row(waiver: Waiver) -> tuple[str | None, ...]:
    return tuple(getattr(waiver, name) for name in _COLUMNS)
