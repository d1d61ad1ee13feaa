"""``syncbot report``: the findings here, for the terminal, a browser, a document or a program."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click
from rich.console import Console

from syncbot import pipeline, report, rules
from syncbot.cli import options, steps, worst
from syncbot.cli.session import Session, opened
from syncbot.pipeline import Verdict
from syncbot.report import Document, html
from syncbot.report.pictures import pictures


@click.command("report")
@options.together(
    options.config,
    options.formats("terminal", *sorted([*report.TEXT, "html"])),
    options.output,
    click.option("--all", "whole", is_flag=True, help="Every finding, nothing summed up or cut short."),
    options.fail_on,
)
def command(config: Path, format_: str, output: Path | None, whole: bool, fail_on: str) -> int:
    """Show the report of what was last pulled, with everything that the admin may see. Asks no tool."""
    with opened(config, offline=True) as session:
        verdict = steps.check(session, session.recall())
        document = steps.document(verdict, whole=whole)
        if format_ != "terminal":
            text = _html(session, verdict, document, whole) if format_ == "html" else report.TEXT[format_](document)
            if output is None:
                click.echo(text, nl=not text.endswith("\n"))
            else:
                output.write_text(text, encoding="utf-8")
        elif output is None:
            report.terminal.show(document, Console())
        else:
            with output.open("w", encoding="utf-8") as file:
                report.terminal.show(document, Console(file=file, width=100))
        return worst([steps.show_mistakes(session.mistakes), steps.code_of(verdict, fail_on)])


def _html(session: Session, verdict: Verdict, document: Document, whole: bool) -> str:
    about = {
        one.id: html.About(one.title, *(one.sections[heading] for heading in rules.HEADINGS))
        for one in session.catalogue.rules.values()
    }
    with session.store.reading() as db:
        material = pipeline.material(db, dt.date.fromisoformat(verdict.today))
    drawn = pictures(material, verdict.stated, verdict.sources, None)
    return html.render(document, drawn, about, lines=None if whole else html.LINES)
