"""``syncbot baseline``: accept what is there as known debt, so that reports begin with what comes from now on."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from rich.console import Console

from syncbot.cli import options, prose, steps, tables
from syncbot.cli.asking import agreed
from syncbot.cli.session import Session, opened, today
from syncbot.model import SEVERITIES, STANDING, Stated
from syncbot.pipeline import Ready, Verdict
from syncbot.report import words
from syncbot.store import findings, targets

OFFERED = 20
"""So many findings at least make the first report longer than anyone works through at once."""


@click.command("baseline")
@options.together(
    options.config,
    options.rules("Only what this rule found (repeatable)."),
    click.option("--undo", is_flag=True, help="Empty the baseline: what is left of it is listed again."),
    click.option("--yes", is_flag=True, help="Do it without asking."),
)
def command(config: Path, rules: tuple[str, ...], undo: bool, yes: bool) -> int:
    """Accept what is there now as known debt: counted in every report, listed in none.

    The baseline only melts: what is resolved leaves it for good, and is a finding like any other if it comes back. What
    the admin must act on (a source that is old, words that are not mapped) is no debt and stays listed.
    """
    with opened(config, offline=True) as session:
        session.expect_rules(rules)
        verdict = session.check_alone()
        known = [one for one in verdict.stated if one.state == "baseline"]
        if undo:
            return _undo(session, len(known), yes=yes)
        debt = [one for one in debt_of(verdict) if not rules or one.finding.rule in rules]
        if not debt:
            click.echo(f"Nothing stands that could be accepted; {len(known):,} are known already.")
            return steps.show_mistakes(session.mistakes)
        show(debt)
        if agreed(f"Accept {words.number(len(debt), 'finding')} as known debt?", yes=yes):
            with session.recorder.alone():
                accept(session, debt, len(known))
        return steps.show_mistakes(session.mistakes)


def publish(
    session: Session, ready: Mapping[str, Ready], verdict: Verdict, *, apply: bool | None, quiet: bool = False
) -> tuple[Verdict, list[int]]:
    """Publish. Where first reports would be long, offer to begin without what is there: the verdict after that.

    They are asked who are at a terminal and about to write; others are told how.
    """
    writes = {feed.setting.writes for feed in session.feeds}
    is_asked = sys.stdin.isatty() and bool(apply or (apply is None and "apply" in writes))
    is_long = _is_first(session, verdict) and len(debt_of(verdict)) >= OFFERED
    told = _OFFER.format(findings=words.number(len(debt_of(verdict)), "finding"))
    if is_long and is_asked:
        prose.remark(told)
        if click.confirm("Accept them now?", err=True):
            accept(session, debt_of(verdict))
            verdict = session.check(ready)
    codes = steps.publish(session, ready, verdict, apply=apply, quiet=quiet)
    if is_long and not is_asked and not quiet:
        prose.remark(told)
    return verdict, codes


def _is_first(session: Session, verdict: Verdict) -> bool:
    """Whether no report is there yet, and no baseline taken."""
    with session.store.reading() as db:
        return not targets.is_any_there(db) and all(one.state != "baseline" for one in verdict.stated)


_OFFER = (
    "\nThese are the first reports, and they begin with {findings}. Accepted as known debt, those are counted and not "
    "listed, and the reports tell what comes from now on: 'syncbot baseline' does that at any time."
)


def debt_of(verdict: Verdict) -> list[Stated]:
    """What could be accepted: all that stands, but what the admin must act on."""
    return [one for one in verdict.stated if one.state in STANDING and one.finding.side != "admin"]


def show(debt: Sequence[Stated]) -> None:
    """How many findings of which rules."""
    counts = Counter((one.finding.rule, one.finding.severity) for one in debt)
    worst_first = sorted(counts.items(), key=lambda one: (-SEVERITIES.index(one[0][1]), -one[1], one[0]))
    rows = [(rule, severity, f"{count:,}") for (rule, severity), count in worst_first]
    tables.show(Console(), ("rule", "severity", "findings"), rows, right=("findings",))


def accept(session: Session, debt: Sequence[Stated], known: int = 0) -> None:
    """Put findings into the baseline, which holds ``known`` already."""
    with session.store.writing() as db:
        findings.accept(db, {one.finding.fingerprint for one in debt}, today=today(session.config))
    total = words.number(known + len(debt), "finding")
    click.echo(f"The baseline holds {total}: counted in every report, listed in none.")


def _undo(session: Session, known: int, *, yes: bool) -> int:
    if not known:
        click.echo("The baseline is empty.")
    elif agreed(f"List {words.number(known, 'finding')} of the baseline again?", yes=yes):
        with session.recorder.alone(), session.store.writing() as db:
            findings.disown(db, today=today(session.config))
        click.echo(f"{words.number(known, 'finding')} of the baseline are listed again, from the next report on.")
    return 0
