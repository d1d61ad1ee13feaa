"""``syncbot waive``: accept a finding until a date, see what is accepted, and take it back."""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from msgspec.structs import replace
from rich.console import Console
from rich.text import Text

from syncbot.cli import options, tables
from syncbot.cli.meant import named
from syncbot.cli.session import Session, opened, today
from syncbot.config import Config
from syncbot.errors import UserError
from syncbot.model import SHORT, Finding, Waiver
from syncbot.patterns import fold
from syncbot.pipeline import instant
from syncbot.report import words
from syncbot.report.words import clean
from syncbot.store import answers, findings, waivers
from syncbot.toml import nearest

LATELY = dt.timedelta(days=30)

_RULE = click.option("--rule", metavar="NAME", help="The rule, where several speak of the same subject.")


@click.group("waive")
def command() -> None:
    """Accept findings until a date: they are counted, and listed in no report.

    Waivers can stand in the config, too ([[waivers]]), and people can make some in their tools, by a comment on a
    report or a tick in it, if its `answers` names them; all hold alike. A waiver holds to the end of its last day,
    from the next check on.
    """


@command.command()
@options.config
@click.argument("finding")
@_RULE
@click.option("--until", required=True, metavar="DATE", help="The last day on which it holds, like 2027-01-31.")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is accepted: whoever reads the list sees it.")
@click.option("--by", metavar="NAME", help="Who accepts it.  [default: who is logged in here]")
def add(config: Path, finding: str, rule: str | None, until: str, reason: str, by: str | None) -> int:
    """Accept FINDING: its id or the beginning of it, or the key, short link or URL of what it is about.

    By its id just that finding is accepted; by a key, whatever the rule says of that subject while the waiver holds.
    """
    with opened(config, offline=True) as session:
        now = today(session.config)
        waiver = Waiver(
            rule=rule or "",
            subject=finding.strip(),
            until=_last_day(until, now),
            reason=_said(reason),
            by=by or _user(),
            origin="command",
            made_on=now,
        )
        with session.store.writing() as db:
            waiver, found = _meant(session, findings.kept_findings(db), waiver)
            before = waivers.add(db, waiver)
    console = Console()
    replaced = f", no longer until {words.day(before.until)}" if before else ""
    tables.line(console, f"Accepted to the end of {words.day(waiver.until)}{replaced}, from the next check on:")
    for one in found:
        tables.line(console, f"  {one.fingerprint[:SHORT]}  {named(one)}")
    return 0


@command.command("list")
@options.config
def listed(config: Path) -> int:
    """Every waiver of the config, of this command and of the tools: what it accepts now, until when, who said so, why.

    At the end what people asked for in their tools lately and did not get.
    """
    with opened(config, offline=True) as session, session.store.reading() as db:
        found = findings.kept_findings(db)
        known = [*session.config.waivers, *waivers.made(db)]
        refused = answers.refused(db, instant(session.now() - LATELY))
    if not known:
        click.echo("Nothing is waived.")
    for one in sorted(known, key=lambda one: (one.until, one.rule, one.subject)):
        is_over = one.until < today(session.config)
        accepted = [] if is_over else [finding for finding in found if waivers.accepts(one, finding)]
        by = ", ".join(filter(None, (one.by, _place(session.config, one))))
        accepts = "over" if is_over else f"accepts {words.number(len(accepted), 'finding')}"
        called = f" “{words.title(accepted[0].subject.title)}”" if accepted else ""
        label = Text(f"until {one.until}  ", style="dim" if is_over else "")
        tables.entry(Console(), label, f"{one.rule} for {waivers.shown(one)}{called}: {accepts}. {one.reason} ({by})")
    for request in refused:
        said = request.said or "a tick"
        tables.entry(
            Console(), Text("not taken         "), f"“{said}” ({request.name}, {request.at[:10]}): {request.reply}"
        )
    return 0


@command.command()
@options.config
@click.argument("subject")
@_RULE
def remove(config: Path, subject: str, rule: str | None) -> int:
    """Take back the waivers of SUBJECT, as 'syncbot waive list' shows it; one of the config is named with its line."""
    with opened(config, offline=True) as session, session.store.writing() as db:
        made, written = (_same(known, subject, rule) for known in (waivers.made(db), session.config.waivers))
        if not made and not written:
            raise UserError(f"nothing is waived for {clean(subject)}. See: syncbot waive list")
        waivers.remove(db, made)
    for one in made:
        tables.line(Console(), f"No longer accepted from the next check on: {one.rule} for {waivers.shown(one)}")
    if written:
        places = " and ".join(_place(session.config, one) for one in written)
        raise UserError(f"a waiver for {clean(subject)} stands in {places}: take its [[waivers]] table out there.")
    return 0


def _meant(session: Session, known: Sequence[Finding], waiver: Waiver) -> tuple[Waiver, list[Finding]]:
    """The waiver, with rule and whole id, and the findings that it would accept.

    Raises UserError for none, for those of several rules, and for the beginning of several ids.
    """
    if waiver.rule and waiver.rule not in session.catalogue.rules:
        raise UserError(f'no rule is called "{waiver.rule}". {nearest(waiver.rule, session.catalogue.rules)}')
    known = [one for one in known if waiver.rule in {"", one.rule}]
    named = [one for one in known if waivers.names(waiver.subject, one)]
    found = named or waivers.by_id(waiver.subject, known)
    rules = sorted({one.rule for one in found})
    if not found:
        by = f" by {waiver.rule}" if waiver.rule else ""
        raise UserError(
            f"nothing is said of {clean(waiver.subject)}{by} that could be accepted; "
            "'syncbot report --all' shows every finding with its id, as of the last pull."
        )
    if not named and len(found) > 1:
        raise UserError(_ambiguous(waiver.subject, [one.fingerprint for one in found]))
    if len(rules) > 1:
        raise UserError(f"several rules speak of {clean(waiver.subject)}: choose with --rule {', '.join(rules)}")
    return replace(waiver, rule=rules[0], subject=waiver.subject if named else found[0].fingerprint), found


def _ambiguous(said: str, ids: Iterable[str]) -> str:
    return f"several ids begin with {clean(said)}: {', '.join(ids)}"


def _last_day(said: str, now: str) -> str:
    day = words.date(said)
    if day is None:
        raise UserError(f"--until: {clean(said)} is not a date; write it like 2027-01-31.")
    if day < now:
        raise UserError(f"--until: {day} is over already.")
    return day


def _said(reason: str) -> str:
    if not reason.strip():
        raise UserError("--reason: say why, for those who read the list later.")
    return " ".join(reason.split())


def _user() -> str | None:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account that this machine has no name for
        return None


def _same(known: Iterable[Waiver], subject: str, rule: str | None) -> list[Waiver]:
    """Those of this subject, or of the finding whose id begins so. Raises UserError if several do."""
    held = [one for one in known if rule in {None, one.rule}]
    begins = waivers.beginning(subject)
    same = [one for one in held if fold(one.subject) == fold(subject)]
    same = same or [one for one in held if begins and waivers.beginning(one.subject) and one.subject.startswith(begins)]
    if len(ids := {one.subject for one in same}) > 1:
        raise UserError(_ambiguous(subject, sorted(ids)))
    return same


def _place(config: Config, waiver: Waiver) -> str:
    if waiver.origin != "config":
        return f"{'syncbot waive' if waiver.origin == 'command' else 'answered'}, {waiver.made_on}"
    return f"{config.file.name}:{config.line(('waivers', config.waivers.index(waiver)))}"
