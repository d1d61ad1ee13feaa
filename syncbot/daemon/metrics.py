"""The condition as Prometheus reads it: gauges made anew for each scrape from what the store and the daemon know.

Labels hold names of connections, scopes and rules, never titles or people. The state of what is counted over time is in
the store, so a restart loses nothing and two processes tell the same.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry

from syncbot import __version__
from syncbot.daemon.alarms import ALARMS
from syncbot.daemon.state import State
from syncbot.daemon.watch import Watch
from syncbot.store.condition import Condition


def registry(watch: Watch) -> CollectorRegistry:
    """It as the library's encoders want it."""
    made = CollectorRegistry()
    made.register(_Once(watch))
    return made


class _Once(Collector):
    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def collect(self) -> Iterable[Metric]:
        """All metrics of this scrape."""
        watch = self._watch
        yield _gauge("info", "Which version runs; always 1.", [((__version__,), 1)], "version")
        yield _gauge("store_up", "Whether the store answers.", [((), watch.condition is not None)])
        active = Counter(alarm.id for alarm in watch.alarms)
        values = [((name, level), active[name]) for name, (level, _) in ALARMS.items()]
        yield _gauge("alarms", "How many things a person should know, by docs/operation.md.", values, "alarm", "level")
        if watch.condition is not None:
            yield from _sources(watch.condition)
            yield from _said(watch.condition)
            yield from _runs(watch.condition)
        if watch.state is not None:
            yield from _daemon(watch.state)
            rooms = [
                ((name, f"{one.calls} in {one.seconds:g} s"), one)
                for name, all_ in watch.limits.items()
                for one in all_
            ]
            left = [(labels, one.left) for labels, one in rooms]
            yield _gauge("limit_left", "Requests that a limit of the tool lets through.", left, "connection", "limit")


def _sources(condition: Condition) -> Iterator[Metric]:
    known = {(one.connection, one.key, one.name): one for one in condition.sources}
    labels = ("connection", "scope", "name")
    read = [(name, _seconds(one.read_at)) for name, one in known.items() if one.read_at]
    yield _gauge(
        "source_complete_timestamp_seconds", "When all of a source was last known to be stored.", read, *labels
    )
    fresh = [(name, not one.promise_broken) for name, one in known.items()]
    yield _gauge("source_fresh", "Whether that is within the connection's promise.", fresh, *labels)
    failing = [(name, one.error is not None) for name, one in known.items()]
    yield _gauge("source_failing", "Whether the last try to read it failed.", failing, *labels)
    aside = [((one.connection,), one.count) for one in condition.aside]
    yield _gauge("records_aside", "Records that could not be stored or mapped.", aside, "connection")


def _said(condition: Condition) -> Iterator[Metric]:
    findings = [((one.rule, one.severity, one.state), one.count) for one in condition.findings]
    yield _gauge("findings", "Findings as the last check left them.", findings, "rule", "severity", "state")
    reports: Counter[tuple[str, str]] = Counter()
    for one in condition.reports:
        state = "open" if one.is_open else "failed" if one.error else "muted" if one.muted_at else "written"
        reports[one.connection, state] += 1
    yield _gauge(
        "reports",
        "Reports by what became of their last write; open: no answer came to it yet.",
        reports.items(),
        "connection",
        "state",
    )
    writes = [((one.connection, one.outcome), one.count) for one in condition.writes]
    yield _gauge("writes_last_day", "Writes that ended within 24 hours.", writes, "connection", "outcome")


def _runs(condition: Condition) -> Iterator[Metric]:
    latest = {(run.command,): run for run in reversed(condition.runs)}
    done = {(run.command,): run for run in reversed(condition.runs) if run.outcome == "done" and run.ended_at}
    started = [(name, _seconds(run.started_at)) for name, run in latest.items()]
    yield _gauge("run_started_timestamp_seconds", "When the last run of a command began.", started, "command")
    ended = [(name, _seconds(run.ended_at)) for name, run in done.items()]
    yield _gauge("run_done_timestamp_seconds", "When one last ended with nothing failed.", ended, "command")
    complete = {name: run for name, run in latest.items() if run.ended_at}
    took = [(name, _seconds(run.ended_at) - _seconds(run.started_at)) for name, run in complete.items()]
    yield _gauge("run_duration_seconds", "How long the last run took, if it has ended.", took, "command")
    steps: defaultdict[tuple[str, str, str], float] = defaultdict(float)
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for (command,), run in latest.items():
        for step in run.steps:
            steps[command, step.name, step.connection] += step.seconds
            for what, count in step.counts.items():
                counts[command, step.name, step.connection, what] += count
    labels = ("command", "step", "connection")
    yield _gauge("step_duration_seconds", "How long each of its steps took.", steps.items(), *labels)
    yield _gauge("step_count", "What each of its steps counted.", counts.items(), *labels, "what")


def _daemon(state: State) -> Iterator[Metric]:
    yield _gauge("active", "Whether this is the active daemon of its store.", [((), state.role == "active")])
    yield _gauge("working", "Whether a run is under way.", [((), state.working is not None)])
    yield _gauge("config_refused", "Whether a changed file was refused.", [((), state.refused is not None)])
    yield _gauge("config_loaded_timestamp_seconds", "When the config was read.", [((), _seconds(state.loaded_at))])
    following = [((job.name,), _seconds(job.next_at)) for job in state.jobs if job.next_at]
    yield _gauge("job_next_timestamp_seconds", "When a job of the schedule is due.", following, "job")
    failing = [((job.name,), job.last_error is not None) for job in state.jobs]
    yield _gauge("job_failing", "Whether it failed when it was last begun.", failing, "job")
    missed = CounterMetricFamily("syncbot_job_missed", "Times of it that went by unused.", labels=["job"])
    for job in state.jobs:
        missed.add_metric([job.name], job.missed)
    yield missed


def _gauge(
    name: str, about: str, values: Iterable[tuple[tuple[str, ...], float | bool]], *labels: str
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"syncbot_{name}", about, labels=labels)
    for names, value in values:
        family.add_metric(list(names), float(value))
    return family


def _seconds(instant: str | None) -> float:
    return dt.datetime.fromisoformat(instant).timestamp() if instant else 0.0
