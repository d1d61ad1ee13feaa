"""``syncbot sync``: the whole pipeline once."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from syncbot.cli import baseline, options, steps, worst
from syncbot.cli.progress import Progress, level
from syncbot.cli.session import opened


@click.command("sync")
@options.together(
    options.config,
    options.connection,
    options.scope,
    options.apply,
    options.fail_on,
    options.verbose,
    options.quiet,
)
def command(
    config: Path,
    connections: tuple[str, ...],
    scopes: tuple[str, ...],
    apply: bool | None,
    fail_on: str,
    verbose: int,
    quiet: bool,
) -> int:
    """Pull, check and publish: the whole pipeline once.

    Without --apply nothing is written to a tool, unless the config says writes = "apply": you see the plan.
    """
    progress = Progress(level=level(verbose, quiet=quiet))
    with opened(config, connections) as session, session.recorder.run("sync"):
        ready, codes = steps.pull(session, progress, scopes)
        verdict = session.check(ready)
        if not quiet:
            steps.show(verdict, Console())
            click.echo()
        verdict, written = baseline.publish(session, ready, verdict, apply=apply, quiet=quiet)
        return worst([*codes, *written, steps.code_of(verdict, fail_on)])
