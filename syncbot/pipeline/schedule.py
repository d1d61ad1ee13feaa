"""When something is due by a cron line of the config, whatever the clocks of its time zone do.

A line whose hour is "*" follows real time: in the night in which the clocks go back, the hour that comes twice is run
twice. A line that names hours means the clock on the wall, as cron's own do: it runs once, also if that time comes
twice, and an hour later if it does not come at all.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

_TICK = dt.timedelta(microseconds=1)  # the trigger's own times are whole seconds, and it counts the one it is given
_LOOKED_BACK = tuple(dt.timedelta(days=days) for days in (1 / 24, 1, 8, 32, 370))


def following(cron: str, timezone: str, after: dt.datetime) -> dt.datetime | None:
    """The first time after an instant, in UTC; None if there is none for years."""
    if cron.split()[1] == "*":
        found = _trigger(cron, timezone).get_next_fire_time(None, after + _TICK)
        return found.astimezone(dt.UTC) if found else None
    zone = ZoneInfo(timezone)
    wall: dt.datetime | None = after.astimezone(zone).replace(tzinfo=dt.UTC, fold=0)
    while wall is not None and (wall := _trigger(cron, "UTC").get_next_fire_time(None, wall + _TICK)) is not None:
        at = wall.replace(tzinfo=zone).astimezone(dt.UTC)
        if at > after:
            return at
    return None


def last(cron: str, timezone: str, now: dt.datetime) -> dt.datetime | None:
    """The last time until an instant, in UTC; None if there was none within a year."""
    for back in _LOOKED_BACK:
        found, at = None, now - back
        while (at_next := following(cron, timezone, at)) is not None and at_next <= now:
            found = at = at_next
        if found is not None:
            return found
    return None


def has_come(cron: str, timezone: str, since: dt.datetime, now: dt.datetime) -> bool:
    """Whether a time of the schedule lies after one instant and not after another."""
    at = following(cron, timezone, since)
    return at is not None and at <= now


@cache
def _trigger(cron: str, timezone: str) -> CronTrigger:
    return CronTrigger.from_crontab(cron, timezone=timezone)
