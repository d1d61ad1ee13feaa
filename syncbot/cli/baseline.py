"""``syncbot baseline``: accept what is there as known debt, so that reports begin with what comes from now on."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from rich.console import Console

from syncbot.cli import options, steps, tables
from syncbot.cli.session import Session, opened, today
from syncbot.errors import UserError
from syncbot.model import SEVERITIES, STANDING, Stated
from syncbot.pipeline import Ready, Verdict
from syncbot.report import words
from syncbot.store import findings, targets
from syncbot.toml import nearest

OFFERED = 20
"""So many findings at least make the first report longer than anyone works through at once."""


@click.command("baseline")
@options.together(
    options.config,
    click.option("--rule", "rules", multiple=True, metavar="NAME", help="Only what this rule found (repeatable)."),
    click.option("--undo", is_flag=True, help="Empty the baseline: what is left of it is listed again."),
    click.option("--yes", is_flag=True, help="Do it without asking."),
)
def command(config: Path, rules: tuple[str, ...], undo: bool, yes: bool) -> int:
    """Accept what is there now as known debt: counted in every report, listed in none.

    The baseline only melts: what is resolved leaves it for good, and is a finding like any other if it comes back. What
    the admin must act on (a source that is old, words that are not mapped) is no debt and stays listed.
    """
    with opened(config, offline=True) as session:
        for rule in rules:
            if rule not in session.catalogue.rules:
                raise UserError(f'no rule is called "{rule}". {nearest(rule, session.catalogue.rules)}')
        verdict = session.check(session.recall())
        known = [one for one in verdict.stated if one.state == "baseline"]
        if undo:
            return _undo(session, len(known), yes=yes)
        debt = [one for one in debt_of(verdict) if not rules or one.finding.rule in rules]
        if not debt:
            click.echo(f"Nothing stands that could be accepted; {len(known):,} are known already.")
            return steps.show_mistakes(session.mistakes)
        show(debt)
        if _agreed(f"Accept {words.number(len(debt), 'finding')} as known debt?", yes=yes):
            accept(session, debt)
            total = len(known) + len(debt)
            click.echo(f"The baseline holds {words.number(total, 'finding')}: counted in every report, listed in none.")
        return steps.show_mistakes(session.mistakes)


def offer(
    session: Session, ready: Mapping[str, Ready], verdict: Verdict, *, apply: bool | None, quiet: bool
) -> Verdict:
    """Before the very first report is written: offer to take what is there as known debt; the verdict after that."""
    writes = {feed.setting.writes for feed in session.feeds}
    debt = debt_of(verdict)
    if not (apply or (apply is None and "apply" in writes)) or len(debt) < OFFERED:
        return verdict
    with session.store.reading() as db:
        if targets.is_any_written(db) or any(one.state == "baseline" for one in verdict.stated):
            return verdict
    if not quiet:
        click.echo(_OFFER.format(findings=words.number(len(debt), "finding")), err=True)
    if sys.stdin.isatty() and click.confirm("Accept them now?", err=True):
        accept(session, debt)
        return session.check(ready)
    return verdict


_OFFER = """
These are the first reports, and they begin with {findings}. Accepted as known debt, those are counted and not listed,
and the reports tell what comes from now on; 'syncbot baseline' does that at any time."""


def debt_of(verdict: Verdict) -> list[Stated]:
    """What could be accepted: all that stands, but what the admin must act on."""
    return [one for one in verdict.stated if one.state in STANDING and one.finding.side != "admin"]


def show(debt: Sequence[Stated]) -> None:
    """How many findings of which rules."""
    counts = Counter((one.finding.rule, one.finding.severity) for one in debt)
    worst_first = sorted(counts.items(), key=lambda one: (-SEVERITIES.index(one[0][1]), -one[1], one[0]))
    rows = [(rule, severity, f"{count:,}") for (rule, severity), count in worst_first]
    tables.show(Console(), ("rule", "severity", "findings"), rows, right=("findings",))


def accept(session: Session, debt: Sequence[Stated]) -> None:
    """Put findings into the baseline."""
    with session.store.writing() as db:
        findings.accept(db, {one.finding.fingerprint for one in debt}, today=today(session.config))


def _undo(session: Session, known: int, *, yes: bool) -> int:
    if not known:
        click.echo("The baseline is empty.")
    elif _agreed(f"List {words.number(known, 'finding')} of the baseline again?", yes=yes):
        with session.store.writing() as db:
            findings.disown(db, today=today(session.config))
        click.echo(f"{words.number(known, 'finding')} of the baseline are listed again, from the next report on.")
    return 0


def _agreed(question: str, *, yes: bool) -> bool:
    """Whether to go on; where nobody can be asked, only ``--yes`` says so."""
    if yes:
        return True
    if not sys.stdin.isatty():
        click.echo(f"{question} Nothing was done: add --yes.")
        return False
    return click.confirm(question)
