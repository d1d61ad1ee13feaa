"""``syncbot status``: how things stand, for whoever keeps syncbot running; asks the store alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec
from rich.console import Console
from rich.text import Text

from syncbot.cli import options, tables, worst
from syncbot.cli.failure import explain
from syncbot.cli.files import standing
from syncbot.cli.session import now
from syncbot.cli.steps import MUST_EDIT, TOOL_FAILED
from syncbot.daemon.alarms import Alarm, freshness, named
from syncbot.daemon.watch import Watch, look, told
from syncbot.errors import ConfigErrors
from syncbot.model import SEVERITIES, STANDING
from syncbot.report.words import number
from syncbot.store.condition import Condition
from syncbot.store.runs import Recorded

_COLOURS = {"failing": "red", "degraded": "yellow", "notice": "cyan"}
_WIDTH = 10
_EDIT = frozenset({"config-refused"})


@click.command("status")
@options.config
@options.formats("text", "json")
def command(config: Path, format_: str) -> int:
    """Show how things stand: the daemon and its schedule, alarms with what to do, sources, findings and reports.

    Asks no tool: 'syncbot doctor' does. Exits with 3 if something is failing, with 2 if that is a file to correct.
    Mistakes in the files are told on standard error, and how things stand all the same.
    """
    with standing(config) as (settings, store, mistakes):
        at = now()
        codes = [explain(ConfigErrors(mistakes))] if mistakes else []
        if store is not None:
            watch = look(store, now=at)
            codes += [_code(alarm) for alarm in watch.alarms]
            if format_ == "json":
                click.echo(msgspec.json.format(msgspec.json.encode(told(watch))).decode())
            else:
                show(Console(), watch, at, settings.timezone, has_mistakes=bool(mistakes))
        return worst(codes)


def _code(alarm: Alarm) -> int:
    if alarm.level != "failing":
        return 0
    return MUST_EDIT if alarm.id in _EDIT else TOOL_FAILED


class _Time:
    """Instants as a person reads them, in the config's time zone."""

    def __init__(self, at: dt.datetime, zone: ZoneInfo) -> None:
        self._at, self._zone = at, zone

    def point(self, instant: str) -> str:
        """12:15 of today, else with its date."""
        time, today = (one.astimezone(self._zone) for one in (dt.datetime.fromisoformat(instant), self._at))
        return f"{time:%H:%M}" if time.date() == today.date() else f"{time:%Y-%m-%d %H:%M}"

    def ago(self, instant: str) -> str:
        """How long ago that was, in its largest unit."""
        minutes = int((self._at - dt.datetime.fromisoformat(instant)).total_seconds() // 60)
        for size, unit in ((1440, "day"), (60, "hour"), (1, "minute")):
            if minutes >= size:
                return f"{number(minutes // size, unit)} ago"
        return "just now"


def show(console: Console, watch: Watch, at: dt.datetime, timezone: str, *, has_mistakes: bool = False) -> None:
    """Show a condition as it was seen at an instant; times of day are those of a time zone.

    ``has_mistakes``: those of the files were told already.
    """
    condition, time = watch.condition, _Time(at, ZoneInfo(timezone))
    if condition is None:
        return
    _lines(console, "syncbot", _daemon(watch, time))
    _lines(console, "last runs", _runs(condition, time))
    _alarms(console, watch, has_mistakes=has_mistakes)
    rows = [
        (named(one), time.ago(one.read_at) if one.read_at else "never", freshness(one)) for one in condition.sources
    ]
    if rows:
        tables.heading(console, "sources")
        tables.show(console, ("source", "read completely", "data"), rows)
    else:
        _lines(console, "sources", iter([("", "nothing was read yet: run 'syncbot sync', which only plans")]))
    _lines(console, "findings", _findings(condition))
    _lines(console, "reports", _reports(condition, time))


def _lines(console: Console, heading: str, found: Iterator[tuple[str, str]]) -> None:
    tables.heading(console, heading)
    for label, said in found:
        tables.entry(console, Text(f"{label:<{_WIDTH}}" if label else ""), said)


def _daemon(watch: Watch, time: _Time) -> Iterator[tuple[str, str]]:
    state = watch.state
    if state is None:
        yield "daemon", "none has run on this store; 'syncbot daemon' does everything at its time"
        return
    if any(alarm.id in {"daemon-gone", "daemon-stopped"} for alarm in watch.alarms):
        yield "daemon", f"not running; the last one was seen {time.ago(state.seen_at)} on {state.host}"
        return
    yield "daemon", f"runs on {state.host} (process {state.pid}) since {time.point(state.started_at)}"
    if state.watched_at:
        yield "answers", f"at http://{state.watched_at}/health"
    if state.working:
        yield (
            "at work",
            f"run {state.working.run}, {', '.join(state.working.due)}, since {time.point(state.working.since)}",
        )
    for job in state.jobs:
        following = f"next {time.point(job.next_at)}" if job.next_at else "no next time"
        last = f", last {time.ago(job.last_at)}" if job.last_at else ""
        missed = f", {number(job.missed, 'time')} missed" if job.missed else ""
        yield job.name, f"{following}{last}{missed}"


def _runs(condition: Condition, time: _Time) -> Iterator[tuple[str, str]]:
    latest = {run.command: run for run in reversed(condition.runs)}
    if not latest:
        yield "", "none yet"
    for run in sorted(latest.values(), key=lambda run: run.number, reverse=True):
        yield run.command, f"{time.ago(run.started_at)}: {_ended(run)}"


def _ended(run: Recorded) -> str:
    if run.ended_at is None:
        return f"has not ended{f', in step {run.doing}' if run.doing else ''}"
    took = dt.datetime.fromisoformat(run.ended_at) - dt.datetime.fromisoformat(run.started_at)
    longest = sorted(run.steps, key=lambda step: step.seconds, reverse=True)[:3]
    steps = ", ".join(f"{step.name} {step.connection}".strip() + f" {step.seconds:.1f} s" for step in longest)
    return f"{run.outcome} after {took.total_seconds():.1f} s{f' ({steps})' if steps else ''}"


def _alarms(console: Console, watch: Watch, *, has_mistakes: bool) -> None:
    tables.heading(console, "to know")
    if not watch.alarms:
        tables.entry(console, Text(), "nothing but the mistakes told above" if has_mistakes else "nothing: all is well")
    for alarm in watch.alarms:
        said = alarm.said.rstrip(".")
        tables.entry(
            console,
            Text(f"{alarm.level:<{_WIDTH}}", style=_COLOURS[alarm.level]),
            f"{said}{'' if said.endswith('?') else '.'} {alarm.advice}",
        )


def _findings(condition: Condition) -> Iterator[tuple[str, str]]:
    states: Counter[str] = Counter()
    standing: Counter[str] = Counter()
    for one in condition.findings:
        states[one.state] += one.count
        standing[one.severity] += one.count if one.state in STANDING else 0
    nouns = {"info": "info"}
    found = [number(standing[one], one, nouns.get(one)) for one in reversed(SEVERITIES) if standing[one]]
    yield "standing", ", ".join(found) or "none"
    others = {
        "new": "new in this edition",
        "not_checked": "found before and not checked now",
        "waived": "accepted until a date",
        "baseline": "known debt",
    }
    told = [f"{states[state]:,} {said}" for state, said in others.items() if states[state]]
    if told:
        yield "of all", ", ".join(told)


def _reports(condition: Condition, time: _Time) -> Iterator[tuple[str, str]]:
    if not condition.reports:
        yield "", "none was written yet"
    for report in condition.reports:
        state = "left" if report.is_left else "muted" if report.muted_at else "written" if report.written_at else "open"
        left = ", no longer written since no [[reports]] table has it; close or delete it" if report.is_left else ""
        when = f" {time.ago(report.written_at)}" if report.written_at and not report.muted_at else ""
        yield (
            state,
            f"“{report.title}” in {report.connection}/{report.scope}{when}{left}: {report.url or 'no answer yet'}",
        )
        if report.held and not report.is_left:
            yield "", f"says something else with its next write, which waits: {report.held}"
