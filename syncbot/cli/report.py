"""``syncbot report``: the findings here, for the terminal, a browser, a document or a program."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext
from pathlib import Path

import click
from rich.console import Console

from syncbot import pipeline, report
from syncbot.cli import options, prose, steps, worst
from syncbot.cli.session import Session, now, opened, today
from syncbot.errors import UserError
from syncbot.model import Linked, Report, Scope
from syncbot.patterns import covers, matches
from syncbot.pipeline import Verdict
from syncbot.report import html, words
from syncbot.report.pictures import Pictures, pictures


@click.command("report")
@options.together(
    options.config,
    options.formats("terminal", *sorted([*report.TEXT, "html"])),
    options.output,
    click.option("--all", "whole", is_flag=True, help="Every finding, nothing summed up or cut short (csv always is)."),
    options.rules("Only what this rule found, and could not tell (repeatable)."),
    click.option("--as-of", metavar="DATE", help="The findings as they were recorded on that day, like 2026-11-02."),
    click.option(
        "--for",
        "readers",
        metavar="REPORT",
        help="What the readers of a report may see and no more: its title in the config, or the scope where it lives.",
    ),
    options.fail_on,
)
def command(
    config: Path,
    format_: str,
    output: Path | None,
    whole: bool,
    rules: tuple[str, ...],
    as_of: str | None,
    readers: str | None,
    fail_on: str,
) -> int:
    """Show the report of what was last pulled, with everything that the admin may see. Asks no tool.

    With --as-of nothing is evaluated anew: it tells what the last check of that day left, in the words of that day.
    What you pass on to others wants --for.
    """
    with opened(config, offline=True) as session:
        session.expect_rules(rules)
        verdict = _recorded(session, as_of) if as_of else session.check_alone()
        verdict = verdict.only(rules) if rules else verdict
        whole = whole or format_ == "csv"
        setting, linked = _audience(session, verdict, readers) if readers else (None, None)
        document = verdict.document(setting, linked, whole=whole)
        if format_ != "terminal":
            if format_ == "html":
                # What pictures stand on is known of today only.
                drawn = Pictures() if as_of else drawings(session, verdict, setting, linked)
                text = html.render(document, drawn, lines=None if whole else html.LINES)
            else:
                text = report.TEXT[format_](document)
            if output is None:
                click.echo(text, nl=not text.endswith("\n"))
            else:
                output.write_text(text, encoding="utf-8")
        else:
            with nullcontext() if output is None else output.open("w", encoding="utf-8") as file:
                console = Console(file=file, width=None if output is None else 100)
                report.terminal.show(document, console, lines=None if whole else report.terminal.LINES)
        return worst([steps.show_mistakes(session.mistakes), steps.code_of(verdict, fail_on)])


def _recorded(session: Session, said: str) -> Verdict:
    day, latest = words.date(said), today(session.config)
    if day is None:
        raise UserError(f"--as-of: {words.clean(said)} is not a date; write it like 2026-11-02.")
    began = pipeline.began(session.store)
    if began is None or not began <= day <= latest:
        known = f"findings are recorded from {began} on" if began else "nothing was recorded yet"
        raise UserError(f"--as-of: nothing is known of {day}: {known}.")
    prose.remark("As recorded then. What could not be checked that day, and which data was old, is not recorded.")
    return pipeline.recorded(session.store, day, session.catalogue, now=now())


def _audience(session: Session, verdict: Verdict, wanted: str) -> tuple[Report, Linked]:
    """The report of the config that is called so, and what it covers by being linked to it."""
    ready = session.recall()
    found, _ = pipeline.places(session.store, ready, session.config)
    named = [
        one
        for one in found
        if any(matches(wanted, name) for name in (one.setting.title, *_names(one.scope)))
        or covers(wanted, one.setting.connection, *_names(one.scope))
    ]
    if len(named) != 1:
        there = "; ".join(
            f"{one.setting.connection}/{words.clean(one.scope.name)}: {words.clean(one.setting.title)}" for one in found
        )
        problem = "names several reports" if named else "is no report of the config"
        unread = sorted({one.connection for one in session.config.reports} - ready.keys())
        more = f" Those in {', '.join(unread)} are known once it was read: run 'syncbot pull'." if unread else ""
        raise UserError(f'--for: "{words.clean(wanted)}" {problem}. There are: {there or "none"}.{more}')
    with session.store.reading() as db:
        ((place, linked),) = pipeline.reaches(db, named, (one.finding for one in verdict.stated))
    return place.setting, linked


def _names(scope: Scope) -> tuple[str, ...]:
    return scope.key, scope.remote_id, scope.name


def drawings(
    session: Session, verdict: Verdict, setting: Report | None = None, linked: Linked | None = None
) -> Pictures:
    """The pictures of a page for the readers of a report; None: for the admin."""
    with session.store.reading() as db:
        material = pipeline.material(db, dt.date.fromisoformat(verdict.today))
    return pictures(material, verdict.stated, verdict.sources, setting, linked=linked)
