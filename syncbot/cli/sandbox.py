"""``syncbot sandbox``: local tools over a made-up company, to try syncbot on without touching anything real."""

from __future__ import annotations

import datetime as dt
import signal
import time
from pathlib import Path

import click

from syncbot import toml
from syncbot.errors import ConfigErrors, UserError
from syncbot.sandbox.company import JIRA_USER
from syncbot.sandbox.cruelty import KINDS, Plan, Rule
from syncbot.sandbox.limits import Limits
from syncbot.sandbox.mutations import MUTATIONS, TOGETHER
from syncbot.sandbox.neglect import neglect
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.settings import ENVIRONMENT, config_text


@click.command("sandbox")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0: any free port.")
@click.option("--items", type=click.IntRange(min=1), default=60, show_default=True, help="About so many items.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed, the same company.")
@click.option(
    "--mutate",
    "mutations",
    multiple=True,
    type=click.Choice(list(MUTATIONS)),
    metavar="NAME",
    help="Let something go wrong in the company (repeatable; a wrong one lists them).",
)
@click.option("--mutate-all", is_flag=True, help="Let everything go wrong that can at once.")
@click.option(
    "--neglect",
    "neglected",
    type=click.IntRange(0, 100),
    default=0,
    metavar="PERCENT",
    help="Let so much of the company go wrong, by chance: with --items 9000, about 6,000 findings.",
)
@click.option(
    "--faults",
    metavar="SEED|PLAN",
    help="Be cruel: a number draws every fault now and then, a TOML file says which and where (docs/sandbox.md).",
)
@click.option("--limits", is_flag=True, help="Refuse what exceeds the tools' documented limits.")
@click.option(
    "--write-config", type=click.Path(path_type=Path, dir_okay=False), help="Write a config.toml for it here."
)
def command(
    port: int,
    items: int,
    seed: int,
    mutations: tuple[str, ...],
    mutate_all: bool,
    neglected: int,
    faults: str | None,
    limits: bool,
    write_config: Path | None,
) -> int:
    """Serve local Jira, Trello and Asana APIs over a made-up company, on this machine only, until you stop it."""
    plan = None if faults is None else plan_of(faults)
    try:
        made = Sandbox(
            seed=seed,
            now=dt.datetime.now(dt.UTC),
            items=items,
            port=port,
            plan=plan,
            limits=Limits() if limits else None,
        )
    except OSError as error:
        raise UserError(f"port {port} cannot be used ({error.strerror}): choose another --port, 0 for any.") from None
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that it says what happened, however it is stopped
    with made as sandbox:
        for name in TOGETHER if mutate_all else mutations:
            sandbox.apply(name)
        neglect(sandbox.world, neglected, seed)
        click.echo(f"The company is at {sandbox.url} (open it in a browser); Ctrl-C ends it.\n")
        click.echo(f"  Jira    {sandbox.jira_url} (and as Data Center: {sandbox.dc_url})")
        click.echo(f"  Trello  {sandbox.trello_url}\n  Asana   {sandbox.asana_url}\n")
        click.echo("Credentials, for another terminal:\n")
        for name, value in ENVIRONMENT.items():
            click.echo(f"  export {name}={value}")
        click.echo("\nThen, in an empty folder (each asks what to read; --scope '*' takes all):\n")
        click.echo(f"  syncbot init --tool jira --url {sandbox.jira_url} --user {JIRA_USER}")
        click.echo(f"  syncbot init --tool trello --url {sandbox.trello_url}")
        click.echo(f"  syncbot init --tool asana --url {sandbox.asana_url}")
        click.echo("\nThe same Jira as Data Center, instead of the first of these:\n")
        click.echo(f"  syncbot init --tool jira --url {sandbox.dc_url} --user '' --name datacenter")
        if write_config is not None:
            write_config.write_text(config_text(sandbox), encoding="utf-8")
            click.echo(f"\nA config for it is in {write_config}: syncbot sync --config {write_config}")
        try:
            while True:
                time.sleep(1)
                sandbox.now = dt.datetime.now(dt.UTC)
        except KeyboardInterrupt:
            click.echo("\nStopped.")
    for tool, count in sorted(made.limits.refused.items() if made.limits else ()):
        click.echo(f"{count:>6}  refused as too many by {tool}")
    for (tool, endpoint, kind), count in sorted(plan.struck.items() if plan else ()):
        click.echo(f"{count:>6}  {kind:<10} {tool:<7} {endpoint}")
    return 0


def plan_of(told: str) -> Plan:
    """The plan that a seed, or a file, stands for. Raises ConfigErrors with every mistake of the file."""
    if told.isdecimal():
        return Plan(int(told))
    root = toml.read(Path(told))
    seed = root.integer("seed", 1)
    rules = tuple(_rule(table) for table in root.tables("faults"))
    if not rules:
        root.mistake((), "names no fault.", 'Write one as [[faults]] with kind = "503".')
    if mistakes := root.finish():
        raise ConfigErrors(mistakes)
    return Plan(seed, rules)


def _rule(table: toml.Table) -> Rule:
    kinds = table.texts("kind")
    for kind in kinds:
        if kind not in KINDS:
            table.mistake("kind", f'knows no "{kind}".', toml.nearest(kind, KINDS))
    return Rule(
        kinds=kinds or tuple(KINDS),
        tool=table.text("tool", "*"),
        endpoint=table.text("endpoint", "*"),
        chance=table.number("chance", 0.05, high=1),
        most=table.integer("most", None, low=1),
    )
