"""``syncbot publish``: write the reports into the tools, or show the plan."""

from __future__ import annotations

from pathlib import Path

import click

from syncbot.cli import baseline, options, steps, worst
from syncbot.cli.progress import Progress, level
from syncbot.cli.session import opened


@click.command("publish")
@options.together(options.config, options.connection, options.apply, options.verbose, options.quiet)
def command(config: Path, connections: tuple[str, ...], apply: bool | None, verbose: int, quiet: bool) -> int:
    """Bring the reports in the tools up to what was last pulled. A plan, unless --apply or writes = "apply"."""
    progress = Progress(level=level(verbose, quiet=quiet))
    with opened(config, connections) as session, session.recorder.run("publish"):
        ready = session.prepare(progress)
        codes = [steps.show_mistakes(session.mistakes)]
        codes += [steps.show_failures(session, name, {"": error}) for name, error in session.unreachable.items()]
        _, written = baseline.publish(session, ready, session.check(ready), apply=apply, quiet=quiet)
        return worst([*codes, *written])
