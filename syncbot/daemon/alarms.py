"""What of a condition a person should know, worst first, each with what to do: pure, and said alike everywhere."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Literal

from syncbot.daemon.state import State
from syncbot.model import Source, Struct
from syncbot.store.condition import Condition, Written

Level = Literal["failing", "degraded", "notice"]
LEVELS: tuple[Level, ...] = ("failing", "degraded", "notice")
"""*Failing*: a person must act, or findings cannot be trusted. *Degraded*: tried again by itself; look if it lasts.
*Notice*: as somebody wanted it, or waits for somebody."""

# The guide (docs/operation.md) has a line for each; its name is a label of metrics, too, and stays.
ALARMS: dict[str, tuple[Level, str]] = {
    "store-failing": ("failing", "Free the disk, or start the database; nothing is lost, and it goes on by itself."),
    "daemon-stuck": ("failing", "Restart it, and report what its log says last."),
    "daemon-gone": ("failing", "Start it again: syncbot daemon. Its log, or the system's, says why it ended."),
    "config-refused": ("failing", "Correct the file: the config as it was before is still what runs."),
    "source-stale": ("failing", "Ask syncbot doctor. Rules that need this source say that they cannot tell."),
    "source-failing": (
        "degraded",
        "It is tried again with each run: act if the reason asks for it. Meanwhile rules that need it cannot tell.",
    ),
    "run-killed": (
        "degraded",
        "Nothing: the next run goes on from what was stored. If it repeats, look for who kills it.",
    ),
    "run-failed": ("degraded", "Read what it says; it is tried again at its next time."),
    "job-failing": ("degraded", "Read what it says; it is tried again at its next time."),
    "write-failed": ("degraded", "Ask syncbot doctor what keeps the report from being written."),
    "write-unsure": ("degraded", "Nothing: the next run looks at the tool before it writes again."),
    "daemon-stopped": ("notice", "Start it again when you are done: syncbot daemon."),
    "report-muted": ("notice", "Nothing, if that is meant; once it is put back, it is written again."),
    "answers-refused": ("notice", "syncbot waive list names them: tell their authors, or let `answers` name them."),
    "records-aside": ("notice", "syncbot doctor names them; all others were read."),
}


_REQUEST = re.compile(r"^[A-Z]+ \S+: ")


class Alarm(Struct, frozen=True):
    """One thing to know. ``about``: the source, report or job that it is about; empty: all."""

    id: str
    about: str
    said: str

    @property
    def level(self) -> Level:
        """How bad it is."""
        return ALARMS[self.id][0]

    @property
    def advice(self) -> str:
        """What to do."""
        return ALARMS[self.id][1]


def alarms(condition: Condition, state: State | None, *, is_alive: bool, is_busy: bool) -> list[Alarm]:
    """Everything to know. ``is_alive``: a daemon holds the store; ``is_busy``: a run is under way at this moment."""
    found = [*_daemon(state, is_alive=is_alive), *_sources(condition), *_runs(condition, is_busy=is_busy)]
    found += [alarm for report in condition.reports for alarm in _report(report)]
    for aside in condition.aside:
        count = "1 record was" if aside.count == 1 else f"{aside.count:,} records were"
        found.append(Alarm("records-aside", aside.connection, f"{count} put aside, as {aside.example}: {aside.reason}"))
    if condition.refused:
        count = "1 answer" if condition.refused.count == 1 else f"{condition.refused.count} answers"
        said = f"{count} to reports not taken within a week, the last one because {condition.refused.reply}"
        found.append(Alarm("answers-refused", "", said))
    return by_level(found)


def by_level(found: list[Alarm]) -> list[Alarm]:
    """The worst first."""
    return sorted(found, key=lambda alarm: LEVELS.index(alarm.level))


def worst(found: list[Alarm]) -> Literal["ok", "degraded", "failing"]:
    """The whole in a word; what is only a notice is no trouble."""
    levels = {alarm.level for alarm in found}
    return "failing" if "failing" in levels else "degraded" if "degraded" in levels else "ok"


def _daemon(state: State | None, *, is_alive: bool) -> Iterator[Alarm]:
    if state is None:
        return
    who = f"{state.host}, process {state.pid}"
    if not is_alive:
        ended = "daemon-stopped" if state.is_stopping else "daemon-gone"
        how = "was stopped" if state.is_stopping else "ended without saying so"
        yield Alarm(ended, "", f"the daemon ({who}) {how} after {_time(state.seen_at)}")
        return
    if state.trouble:
        yield Alarm("store-failing", "", state.trouble)
    if state.refused:
        count = len(state.refused.mistakes)
        more = f" (and {count - 1} more)" if count > 1 else ""
        yield Alarm("config-refused", "", f"refused since {_time(state.refused.at)}: {state.refused.mistakes[0]}{more}")
    for job in state.jobs:
        if job.last_error and not job.is_told:
            yield Alarm("job-failing", job.name, f"{job.name} failed at {_time(job.last_at)}: {job.last_error}")


def _time(instant: str | None) -> str:
    """An instant as people read it; it is said to many, so in UTC."""
    return f"{dt.datetime.fromisoformat(instant):%Y-%m-%d %H:%M} UTC" if instant else "a time that is not known"


def _sources(condition: Condition) -> Iterator[Alarm]:
    """Sources of one connection with one reason are one thing to know, wherever in the tool it showed."""
    alike: dict[tuple[str, str, str, str], list[str]] = {}
    reasons: dict[tuple[str, str], str] = {}
    for source in condition.sources:
        why = (source.error or "").removeprefix(f"{source.connection}: ").rstrip(".")
        why = reasons.setdefault((source.connection, _REQUEST.sub("", why)), why)
        if source.promise_broken:
            since = f"not read completely since {_time(source.read_at)}" if source.read_at else "never read completely"
            alike.setdefault((source.connection, "source-stale", since, why), []).append(source.name)
        elif why:
            alike.setdefault((source.connection, "source-failing", "not read", why), []).append(source.name)
    for (connection, alarm, how, why), names in alike.items():
        were = "was" if len(names) == 1 else "were"
        reason = f": {why}" if why else ""
        which = connection if names == [connection] else f"{', '.join(names)} ({connection})"
        yield Alarm(alarm, connection, f"{which} {were} {how}{reason}")


def _runs(condition: Condition, *, is_busy: bool) -> Iterator[Alarm]:
    latest = {run.command: run for run in reversed(condition.runs)}
    for run in latest.values():
        if run.ended_at is None and not (is_busy and run == condition.runs[0]):
            during = f" during {run.doing}" if run.doing else ""
            yield Alarm(
                "run-killed",
                run.command,
                f"the run of {_time(run.started_at)} ({run.command}) ended{during}, unrecorded",
            )
        elif run.outcome == "failed" and run.error:  # what failed of a source or a report is told of that
            yield Alarm(
                "run-failed", run.command, f"the run of {_time(run.started_at)} ({run.command}) failed: {run.error}"
            )


def _report(report: Written) -> Iterator[Alarm]:
    where = f"{report.connection}/{report.scope}"
    if report.muted_at:
        yield Alarm(
            "report-muted",
            where,
            f"“{report.title}” was closed or moved by a person, seen {_time(report.muted_at)}: {report.url}",
        )
    if report.is_open:
        yield Alarm("write-unsure", where, f"no answer came to the last write of “{report.title}”")
    if report.error:
        yield Alarm("write-failed", where, f"“{report.title}” was not written: {report.error}")


def freshness(source: Source) -> Literal["fresh", "last read failed", "old"]:
    """What its data are worth: rules that need what is not fresh say that they cannot tell."""
    if source.promise_broken:
        return "old"
    return "last read failed" if source.error else "fresh"


def named(source: Source) -> str:
    """A source as people know it."""
    return f"{source.connection}/{source.name}" if source.scope else source.connection
