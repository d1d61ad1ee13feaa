"""Editions: from one scheduled report to the next. A finding is new in the edition in which it was first found."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection

from syncbot.config import Config
from syncbot.pipeline import schedule
from syncbot.pipeline.moments import instant
from syncbot.store import findings, memory

_KEY = "edition"


def turn(db: Connection, config: Config, *, now: dt.datetime, today: dt.date) -> None:
    """Begin the next edition if a report was scheduled since this one began, however many runs were missed."""
    began = memory.get_state(db, "", _KEY, str)
    if began is not None and dt.datetime.fromisoformat(began[0]) > now:  # by a clock that was set back since
        memory.put_state(db, "", _KEY, instant(now), at=instant(now))
        return
    cron, timezone = config.schedule.report, config.timezone
    if began is not None and not schedule.has_come(cron, timezone, dt.datetime.fromisoformat(began[0]), now):
        return
    if began is not None:
        findings.begin_edition(db, today.isoformat())
    memory.put_state(db, "", _KEY, instant(now), at=instant(now))


def scheduled(config: Config, now: dt.datetime) -> dt.datetime | None:
    """When the last report was scheduled, by the schedule alone: so the store need not be asked which edition it is.

    None if none was within the last year.
    """
    return schedule.last(config.schedule.report, config.timezone, now)
