"""``syncbot demo``: the real pipeline on the sandbox's company, twice; the tools count the writes."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from pathlib import Path

import click
import httpx
from rich.console import Console
from rich.text import Text

from syncbot.cli import steps, tables, worst
from syncbot.cli.progress import Progress
from syncbot.cli.report import drawings
from syncbot.cli.session import opened
from syncbot.report import html
from syncbot.sandbox.mutations import MUTATIONS
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.settings import ENVIRONMENT, config_text

SHOWN = (
    "owner-leaves",
    "work-abandoned",
    "promised-without-work",
    "sprint-overfull",
    "epic-closed-early",
    "launch-work-abandoned",
    "trap-two-members",
)
"""What has gone wrong in the demo's company."""


PAGE = "report.html"


@click.command("demo")
@click.option("--stay", is_flag=True, help="Keep the company running afterwards, to look around in it.")
@click.option("--items", type=click.IntRange(min=1), default=60, show_default=True, help="About so many items.")
def command(stay: bool, items: int) -> int:
    """See it work: a made-up company in local Jira, Trello and Asana, the pipeline, twice. Touches nothing real."""
    console = Console()
    with Sandbox(now=dt.datetime.now(dt.UTC), items=items) as sandbox:
        sandbox.apply(*SHOWN)
        folder = Path(tempfile.mkdtemp(prefix="syncbot-demo-"))
        config = folder / "config.toml"
        config.write_text(config_text(sandbox), encoding="utf-8")
        os.environ.update(ENVIRONMENT)
        _say(console, "A payments company plans in Trello, delivers in Jira and launches from Asana.")
        _say(console, "Since last week:")
        for name in SHOWN:
            console.print(Text(f"  - {MUTATIONS[name].title}"))
        tables.heading(console, "1. syncbot sync --apply")
        code = _sync(config, console, quiet=False)
        written = [f"{one.tool}: {one.method} {one.path}" for one in sandbox.writes()]
        console.print(Text(f"{len(written)} writes reached the tools:"))
        for line in written:
            console.print(Text(f"  {line}"))
        sandbox.clear()
        tables.heading(console, "2. The same again, nothing having changed")
        again = _sync(config, console, quiet=True)
        console.print(
            Text(f"{len(sandbox.requests)} requests, {len(sandbox.writes())} writes: counted by the tools, not by us.")
        )
        _show_where(console, sandbox, folder)
        if stay:
            _say(console, f"\nThe company stays at {sandbox.url} until you press Ctrl-C.")
            try:
                sandbox.wait()
            except KeyboardInterrupt:
                console.print("Stopped.")
    return worst([code, again])


def _sync(config: Path, console: Console, *, quiet: bool) -> int:
    """Sync; the page for a browser is left beside the config."""
    progress = Progress(level=-1 if quiet else 0)
    with opened(config) as session:
        ready, codes = steps.pull(session, progress, ())
        verdict = session.check(ready)
        if not quiet:
            steps.show(verdict, console)
            console.print()
        codes += steps.publish(session, ready, verdict, apply=True, quiet=quiet)
        page = html.render(verdict.document(None), drawings(session, verdict))
        config.with_name(PAGE).write_text(page, encoding="utf-8")
    return worst(codes)


def _show_where(console: Console, sandbox: Sandbox, folder: Path) -> None:
    """Save the reports as the tools would draw them, since the company ends with the demo."""
    tables.heading(console, "Look at it")
    for name, page in sandbox.reports().items():
        answer = httpx.get(page, timeout=30)
        answer.raise_for_status()
        file = folder / f"{name}.html"
        file.write_text(answer.text, encoding="utf-8")
        shown = f"the report as {name.capitalize()} shows it:"
        console.print(Text(f"  {shown:<34}{file}"), soft_wrap=True)
    console.print(Text(f"  {'the report as a web page:':<34}{folder / PAGE}"), soft_wrap=True)
    console.print(Text(f"  the configuration and the store:  {folder}"), soft_wrap=True)
    console.print(Text("  look around in the company:       syncbot demo --stay"))


def _say(console: Console, text: str) -> None:
    console.print(Text(text))
