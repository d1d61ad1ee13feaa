"""What a log says of runs: each trouble once, and once that it is over; that nothing happens, once in an hour. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec.structs import replace

from syncbot.daemon.state import PASS, Job, JobName
from syncbot.errors import Crashed, Mistake, ToolError, Unknown, Vanished
from syncbot.model import Struct
from syncbot.report.words import number

KEPT = "What was read before is kept, and it is tried again with each run."
AGAIN = "It is tried again with each run."
LOOKS = "The next run looks whether it did, before it writes again."


class Trouble(Struct, frozen=True):
    """One of them. ``said``: for a person, with what to do; ``kind``: equal for what is the same trouble still.

    ``over``: what to say when it is. ``is_alarm``: a source or a report has an alarm for it (`syncbot.daemon.alarms`).
    ``fault``: our own, whose traceback is logged.
    """

    said: str
    kind: str
    over: str = "works again"
    is_report: bool = False
    is_alarm: bool = False
    fault: BaseException | None = None


def of_connection(name: str, failed: Mapping[str, ToolError], *, is_alarm: bool, credentials: str = "") -> Trouble:
    """A connection, some scopes of which (by name; "": itself) could not be read.

    ``credentials``: a sentence on where those that were refused come from.
    """
    scopes: dict[str, list[str]] = {}
    for scope, error in sorted(failed.items()):
        scopes.setdefault(str(error).removeprefix(f"{name}: ").rstrip("."), []).append(scope)
    said = "; ".join(f"{', '.join(filter(None, names))}: {error}".removeprefix(": ") for error, names in scopes.items())
    ask = any(isinstance(error, Vanished) for error in failed.values())  # which says itself what to do
    kinds = {_kind(error, scope) for scope, error in failed.items()}
    fault = next((error for error in failed.values() if isinstance(error, Crashed)), None)
    said = said if ask else " ".join(filter(None, (f"{said}.", credentials, KEPT)))
    return Trouble(said, "; ".join(sorted(kinds)), is_alarm=is_alarm, fault=fault)


def of_report(error: ToolError, *, is_alarm: bool) -> Trouble:
    """A report that was not written."""
    said = f"{str(error).rstrip('.')}. {LOOKS if isinstance(error, (Unknown, Crashed)) else AGAIN}"
    fault = error if isinstance(error, Crashed) else None
    return Trouble(said, _kind(error), "is written again", is_report=True, is_alarm=is_alarm, fault=fault)


def of_question(error: ToolError) -> Trouble:
    """Something that was asked of a tool besides its work."""
    return Trouble(f"{str(error).rstrip('.')}. {AGAIN}", _kind(error))


def of_mistake(mistake: Mistake) -> Trouble:
    """Something in a file that does not fit the tools as they are."""
    return Trouble(str(mistake), "mistake", "is corrected")


def of_jobs(
    jobs: Sequence[Job], due: Collection[JobName], failed: Collection[JobName], found: Mapping[str, Trouble]
) -> tuple[Job, ...]:
    """The jobs after a run that was ``due`` to some; ``failed``: those whose fault is what was found in it.

    The passes of the pipeline are one work: where one went well, no other one is failing any more.
    """
    said = "; ".join(f"{name}: {one.said}".removeprefix(": ") for name, one in found.items()) or None
    is_told = all(one.is_alarm for one in found.values())
    well = {*due, *PASS} if PASS & {*due} and not found else {*due}

    def after(job: Job) -> Job:
        if job.name in failed:
            return replace(job, last_error=said, is_told=is_told)
        return replace(job, last_error=None, is_told=False) if job.name in well else job

    return tuple(map(after, jobs))


class Since(Struct, frozen=True):
    """A trouble that was said, and when it began."""

    trouble: Trouble
    at: dt.datetime


def news(
    before: Mapping[str, Since], found: Mapping[str, Trouble], now: dt.datetime, *, looked: Collection[str] = ()
) -> tuple[dict[str, Since], list[tuple[str, Trouble]], list[str]]:
    """All troubles from now on, those to be said (by what they are about), and in a line each, what is over.

    ``looked``: the reports that were looked at; the trouble of one that waits, or cannot be reached, is not over.
    """
    after = {name: one for name, one in before.items() if one.trouble.is_report and name not in looked}
    new = []
    for name, trouble in found.items():
        known = before.get(name)
        if known is None or known.trouble.kind != trouble.kind:
            new.append((name, trouble))
        after[name] = Since(replace(trouble, fault=None), known.at if known else now)
    return after, new, list(_over(before, after, now))


def _over(before: Mapping[str, Since], after: Mapping[str, Since], now: dt.datetime) -> Iterator[str]:
    for name in sorted(before.keys() - after.keys()):
        since = before[name]
        minutes = max(1, int((now - since.at).total_seconds() // 60))
        hours = minutes // 60
        time = number(hours, "hour") if hours > 1 else number(minutes, "minute")
        yield f"{name}: {since.trouble.over}, after {time}"


NOTHING = "nothing changed"
HEARTBEAT = dt.timedelta(hours=1)
"""How often it is said that nothing changes."""


class Silence(Struct, frozen=True):
    """So many runs in which nothing happened since something was last said; ``summary``: of the last one."""

    since: dt.datetime
    summary: str
    runs: int = 0


def summed_up(before: Silence | None, summary: str, now: dt.datetime, *, happened: bool) -> tuple[Silence, str]:
    """What to remember after a run, and what to say of it; empty: nothing. ``happened``: it did or saw something.

    What only lasts, such as a connection that is not read, is said when it begins and then hourly.
    """
    if before is None or happened or summary not in {NOTHING, before.summary}:
        return Silence(now, summary), summary
    runs = before.runs + 1
    if now - before.since < HEARTBEAT:
        return Silence(before.since, summary, runs), ""
    return Silence(now, summary), f"{summary} in {number(runs, 'run')}"


def _kind(error: ToolError, scope: str = "") -> str:
    """What tells one trouble from another.

    What passes by itself is one, for it shows in one place now and in another one a moment later.
    """
    name = type(error).__name__
    return name if error.retry else f"{name} {error.status or ''} {scope}"
