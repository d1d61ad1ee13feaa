"""``syncbot pull``: read the tools into the store."""

from __future__ import annotations

from pathlib import Path

import click

from syncbot.cli import options, steps, worst
from syncbot.cli.progress import Progress, level
from syncbot.cli.session import opened


@click.command("pull")
@options.together(options.config, options.connection, options.scope)
@click.option(
    "--accept-vanished",
    "accept",
    multiple=True,
    metavar="SCOPE",
    help="Whatever is no longer found in this scope is gone, however much it is (repeatable).",
)
@click.option("--retry", is_flag=True, help="Read at once what was put aside, instead of an hour later.")
@options.together(options.verbose, options.quiet)
def command(
    config: Path,
    connections: tuple[str, ...],
    scopes: tuple[str, ...],
    accept: tuple[str, ...],
    retry: bool,
    verbose: int,
    quiet: bool,
) -> int:
    """Read what changed in the tools into the store. Checks nothing, writes nothing to a tool."""
    progress = Progress(level=level(verbose, quiet=quiet))
    with opened(config, connections) as session, session.recorder.run("pull"):
        _, codes = steps.pull(session, progress, scopes, accept=accept, retry=retry)
        return worst(codes)
