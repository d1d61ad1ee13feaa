"""The steps of the pipeline as a person sees them: what each did, what went wrong, and which exit code that means."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping, Sequence

import click
import msgspec
from rich.console import Console

from syncbot import outbox, report
from syncbot.cli import tables, worst
from syncbot.cli.failure import located, write_log
from syncbot.cli.progress import Progress
from syncbot.cli.prose import complain, locate, remark, say
from syncbot.cli.session import Published, Session
from syncbot.errors import Crashed, Mistake, ToolError
from syncbot.model import SEVERITIES, STANDING
from syncbot.pipeline import SAID, Pulled, Ready, Verdict
from syncbot.report.words import clean
from syncbot.transport.wire import scrub

MUST_EDIT, TOOL_FAILED, FOUND = 2, 3, 1


def pull(
    session: Session, progress: Progress, only: Sequence[str], *, accept: Sequence[str] = (), retry: bool = False
) -> tuple[dict[str, Ready], list[int]]:
    """Prepare and pull every feed, tell what came, and return what is ready with the exit codes so far."""
    ready = session.prepare(progress)
    pulled = session.pull(ready, progress, only, accept=accept, retry=retry)
    codes = [show_mistakes(session.mistakes)]
    for one in pulled:
        if progress.level >= 0 and (came := _sentence(one)):
            remark(came)
        codes.append(show_failures(session, one.connection, one.failed))
    codes.append(_heed(session, ready, progress))
    return ready, codes


def _heed(session: Session, ready: Mapping[str, Ready], progress: Progress) -> int:
    """Do what people answered in their tools, and tell it."""
    heeded = session.heed(ready)
    told = [f"{count} {what}" for count, what in ((heeded.taken, "taken"), (heeded.refused, "refused")) if count]
    if told and progress.level >= 0:
        remark(f"answers to the reports: {', '.join(told)} (see: syncbot waive list)")
    for report_, error in heeded.failed.items():
        complain(f"the answers to “{report_}” could not be read: {error}")
    return TOOL_FAILED if heeded.failed else 0


def publish(
    session: Session, ready: Mapping[str, Ready], verdict: Verdict, *, apply: bool | None, quiet: bool = False
) -> list[int]:
    """Bring the reports up to date, or show what would be written; the exit codes."""
    done = session.publish(ready, verdict, apply=apply)
    codes = [show_unconfirmed(name, error) for name, error in done.unconfirmed.items()]
    codes.append(show_mistakes(done.mistakes))
    codes += show_unwritten(done.outcomes, session.hidden)
    if not quiet:
        _tell(session, done)
    else:
        for one in done.planned:
            if one.is_stuck:
                complain(str(one))
    return codes


def _tell(session: Session, done: Published) -> None:
    """What was written, or would be."""
    if not session.config.reports:
        remark("No report is configured: add a [[reports]] table, so that people see this in their tool.")
    elif done.outcomes:
        show_outcomes(done.outcomes)
    elif any(one.action != "unchanged" for one in done.planned):
        show_plan(done.planned)
    elif done.planned:
        click.echo("Every report already says this: nothing to write.")
    else:
        click.echo("No report can be written: nothing is known of the places where they stand.")


def show(verdict: Verdict, console: Console) -> None:
    """Draw the findings on a console."""
    report.terminal.show(verdict.document(None), console)


def code_of(verdict: Verdict, fail_on: str) -> int:
    """1 if a finding that stands is at or above the severity."""
    if fail_on == "never":
        return 0
    bad = SEVERITIES[SEVERITIES.index(fail_on) :]
    standing = (one.finding for one in verdict.stated if one.state in STANDING)
    return FOUND if any(finding.severity in bad for finding in standing) else 0


def show_mistakes(mistakes: Iterable[Mistake]) -> int:
    """What the config or a mapping names and no tool has."""
    found = list(mistakes)
    for mistake in found:
        locate(located(mistake))
    return MUST_EDIT if found else 0


def show_failures(session: Session, connection: str, failed: Mapping[str, ToolError]) -> int:
    """Why a connection, or scopes of it, could not be read; errors that are alike once.

    For our own fault a log is written.
    """
    alike: dict[str, list[str]] = {}
    for name, error in failed.items():
        alike.setdefault(str(error).removeprefix(f"{connection}: "), []).append(name)
    for said, names in alike.items():
        where = ", ".join(filter(None, [connection, *names]))
        told = f"{where}: {said} {session.credentials(connection, [failed[names[0]]])}".strip()
        complain(f"{told}\n  What was read before is kept; rules that need more say that they cannot tell.")
        _log_fault(failed[names[0]], session.hidden)
    return worst([error.exit_code for error in failed.values()])


def _log_fault(error: ToolError, hidden: Iterable[str]) -> None:
    if isinstance(error, Crashed):
        log = write_log(scrub("".join(traceback.format_exception(error)), hidden))
        remark(f"  Please report it with this log, after reading what it says: {log}")


def show_unconfirmed(connection: str, error: ToolError) -> int:
    """Why what is new could not be looked at once more before it is written."""
    said = str(error).removeprefix(f"{connection}: ")
    complain(f"{connection}: {said}\n  What is new there was not looked at again, so it is written with the next run.")
    return TOOL_FAILED


def show_plan(planned: Sequence[outbox.Planned]) -> None:
    """What would be written where."""
    console = Console(highlight=False)
    say(console, "Plan:")
    for one in planned:
        shown = msgspec.structs.replace(one, held="") if one.held == outbox.ONLY_PLANNED else one
        say(console, f"  {clean(str(shown), tables.LONGEST)}")
    if any(one.held == outbox.ONLY_PLANNED for one in planned):
        say(console, "Nothing was written. Add --apply to write it.")


def show_unwritten(outcomes: Sequence[outbox.Outcome], hidden: Iterable[str]) -> list[int]:
    """What could not be written; the exit codes. ``hidden``: what a log may not tell."""
    codes = []
    for one in outcomes:
        if one.error is not None:
            complain(f"{_where(one)} was not written: {one.error}")
            _log_fault(one.error, hidden)
            codes.append(one.error.exit_code)
    return codes


def show_outcomes(outcomes: Sequence[outbox.Outcome]) -> None:
    """What was written where."""
    console = Console(highlight=False)
    for one in outcomes:
        is_news = one.planned.draft.target.edition is not None
        told = {"created": "posted", "unchanged": "is posted already"} if is_news else {}
        said = f"{told.get(one.result, one.result)}: {one.url}"
        if one.result == "held":
            said = f"waits: {one.planned.held}"
        elif one.result == "muted":
            said = f"was closed or moved away by a person and is left alone: {one.url}"
        if one.error is None:
            say(console, f"{_where(one)} {said}")


def _where(outcome: outbox.Outcome) -> str:
    draft = outcome.planned.draft
    return f"{draft.connection}, {draft.target.scope.name}: {draft.called}"


def _sentence(pulled: Pulled) -> str:
    """What came; empty for nothing, where that says nothing since something could not be read."""
    counts = {
        "new": pulled.new,
        "changed": pulled.changed,
        "mapped again": pulled.remapped,
        **{f"gone ({SAID[fate]})": number for fate, number in pulled.gone.items()},
        "put aside (see: syncbot doctor)": pulled.quarantined,
    }
    parts = [f"{count:,} {what}" for what, count in counts.items() if count]
    if not parts and pulled.failed:
        return ""
    return f"{pulled.connection}: {', '.join(parts) or 'nothing new'}"


__all__ = ["code_of", "publish", "pull", "show", "show_failures", "show_mistakes", "worst"]
