"""``syncbot check``: find misalignments in what is stored."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from syncbot.cli import options, steps, worst
from syncbot.cli.session import opened


@click.command("check")
@options.together(options.config, options.fail_on, options.quiet)
def command(config: Path, fail_on: str, quiet: bool) -> int:
    """Find misalignments in what was last pulled. Asks no tool, writes nothing to one."""
    with opened(config, offline=True) as session, session.recorder.run("check"):
        verdict = session.check(session.expect_read())
        if not quiet:
            steps.show(verdict, Console())
        return worst([steps.show_mistakes(session.mistakes), steps.code_of(verdict, fail_on)])
