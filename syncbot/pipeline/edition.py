"""Editions: from one scheduled report to the next. A finding is new in the edition in which it was first found."""

from __future__ import annotations

import datetime as dt

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Connection

from syncbot.config import Config
from syncbot.pipeline.feed import instant
from syncbot.store import findings, memory

_KEY = "edition"


def turn(db: Connection, config: Config, *, now: dt.datetime, today: dt.date) -> None:
    """Begin the next edition if a report was scheduled since this one began, however many runs were missed."""
    began = memory.get_state(db, "", _KEY, str)
    if began is not None and not _is_over(config, dt.datetime.fromisoformat(began[0]), now):
        return
    if began is not None:
        findings.begin_edition(db, today.isoformat())
    memory.put_state(db, "", _KEY, instant(now), at=instant(now))


def scheduled(config: Config, now: dt.datetime) -> dt.datetime | None:
    """When the last report was scheduled, by the schedule alone: so the store need not be asked which edition it is.

    None if none was within the last year.
    """
    trigger = CronTrigger.from_crontab(config.schedule.report, timezone=config.timezone)
    for days in (1 / 24, 1, 8, 32, 370):
        at = now - dt.timedelta(days=days)
        last: dt.datetime | None = None
        while (following := trigger.get_next_fire_time(None, at)) is not None and following <= now:
            last, at = following, following + dt.timedelta(seconds=1)
        if last is not None:
            return last
    return None


def _is_over(config: Config, began: dt.datetime, now: dt.datetime) -> bool:
    trigger = CronTrigger.from_crontab(config.schedule.report, timezone=config.timezone)
    scheduled = trigger.get_next_fire_time(None, began + dt.timedelta(seconds=1))
    return scheduled is not None and scheduled <= now
