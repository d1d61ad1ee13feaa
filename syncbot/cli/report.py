"""``syncbot report``: the findings here, for the terminal, a document or a program."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from syncbot import report
from syncbot.cli import options, steps, worst
from syncbot.cli.session import opened


@click.command("report")
@options.together(
    options.config,
    options.formats("terminal", *sorted(report.TEXT)),
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
            text = report.TEXT[format_](document)
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
