"""Which job is due when, by the schedule and by what was begun before. Pure: any night is tried in a moment.

A time that passed while nobody looked (a suspended machine, a long run, a daemon that was down) is made up for once,
however many there were.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from msgspec.structs import replace

from syncbot.config import Schedule
from syncbot.daemon.state import Job, JobName
from syncbot.pipeline import instant, schedule

_SPREAD = dt.timedelta(seconds=30)
_MOST_COUNTED = 1000


def plan(lines: Schedule, timezone: str, before: Sequence[Job], now: dt.datetime) -> tuple[Job, ...]:
    """When each job is due next, after what was begun ``before``.

    What never ran: a sync is due at once, all else when it was first due, whenever a daemon was up since. A beginning
    that lies in the future was by another clock: the schedule then counts from now on.
    """
    known = {job.name: job for job in before}
    crons: dict[JobName, str] = {
        "sync": lines.sync,
        "census": lines.census,
        "report": lines.report,
        "prune": lines.prune,
    }
    return tuple(_plan(known.get(name), name, cron, timezone, now) for name, cron in crons.items())


def _plan(job: Job | None, name: JobName, cron: str, timezone: str, now: dt.datetime) -> Job:
    last = job.last_at if job else None
    if last is None and name == "sync":
        at: dt.datetime | None = now
    else:
        since = dt.datetime.fromisoformat(last) if last else now
        at = schedule.following(cron, timezone, min(since, now))
        if last is None and at and job and job.cron == cron and job.next_at:
            at = min(at, dt.datetime.fromisoformat(job.next_at))
    return replace(job or Job(name, cron, None), cron=cron, next_at=instant(at) if at else None)


def begins(job: Job, timezone: str, share: float) -> dt.datetime | None:
    """When a job begins: a share (0 to 1, this daemon's own) of half a minute late, or of a tenth of its interval.

    So the daemons of many companies do not all ask the same tool in the same second.
    """
    if job.next_at is None:
        return None
    at = dt.datetime.fromisoformat(job.next_at)
    following = schedule.following(job.cron, timezone, at)
    return at + share * min(_SPREAD, (following - at) / 10 if following else _SPREAD)


def due(jobs: Sequence[Job], timezone: str, share: float, now: dt.datetime) -> tuple[JobName, ...]:
    """The jobs to begin now."""
    return tuple(job.name for job in jobs if (at := begins(job, timezone, share)) is not None and at <= now)


def begun(jobs: Sequence[Job], names: Collection[JobName], timezone: str, now: dt.datetime) -> tuple[Job, ...]:
    """The jobs after these were begun at an instant."""
    return tuple(_begun(job, timezone, now) if job.name in names else job for job in jobs)


def _begun(job: Job, timezone: str, now: dt.datetime) -> Job:
    missed, at = 0, dt.datetime.fromisoformat(job.next_at) if job.next_at else None
    while at is not None and missed < _MOST_COUNTED:
        at = schedule.following(job.cron, timezone, at)
        if at is None or at > now:
            break
        missed += 1
    following = schedule.following(job.cron, timezone, now)
    return replace(
        job, last_at=instant(now), next_at=instant(following) if following else None, missed=job.missed + missed
    )
