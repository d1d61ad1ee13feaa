"""``syncbot rules``: the catalogue, the page of a rule, and a check of the admin's own rules."""

from __future__ import annotations

import os
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import click
from rich.console import Console
from rich.markdown import Markdown

import connectors
from syncbot import config as configs
from syncbot import rules
from syncbot.cli import options, tables
from syncbot.errors import ConfigErrors, Mistake, UserError
from syncbot.model import Acts
from syncbot.store import Store
from syncbot.toml import nearest


@click.group("rules")
def command() -> None:
    """List the rules, read their pages, check your own."""


@command.command("list")
@options.config
@click.option("--side", type=click.Choice(get_args(Acts)), help="Only the rules that ask these people to act.")
def listed(config: Path, side: str | None) -> int:
    """Every rule: how bad, who must act, what it finds."""
    catalogue, _ = _catalogue(config)
    asked = sorted(
        (rule.topic, rule.id, rule.severity, rule.side, rule.title)
        for rule in catalogue.rules.values()
        if side in {None, rule.side} or (rule.side == "both" and side != "admin")
    )
    rows: list[tuple[str, ...]] = []
    for topic, several in groupby(asked, key=itemgetter(0)):
        rows += [(topic, "", "", ""), *((f"  {name}", *told) for _, name, *told in several)]
    tables.show(Console(), ("rule", "severity", "who acts", "finds"), rows, whole=("rule",))
    return _tell(list(catalogue.mistakes))


@command.command()
@options.config
@click.argument("rule")
def show(config: Path, rule: str) -> int:
    """The page of a rule: why it matters, what to do, its settings."""
    catalogue, _ = _catalogue(config)
    if rule not in catalogue.rules:
        raise UserError(f'no rule is called "{rule}". {nearest(rule, catalogue.rules)} See: syncbot rules list')
    page, console = rules.page(catalogue.rules[rule]), Console()
    if console.is_terminal:
        console.print(Markdown(page))
    else:
        click.echo(page, nl=False)
    return 0


@command.command()
@options.config
def check(config: Path) -> int:
    """Check rule files (yours in rule_folders, and those that ship) without running them on your data."""
    catalogue, folders = _catalogue(config)
    with TemporaryDirectory() as folder, Store.open(f"sqlite:///{folder}/empty.db") as store, store.writing() as db:
        mistakes = [*catalogue.mistakes, *rules.prepare(db, catalogue)]
    if not mistakes:
        own = f", {len(folders)} folder{'s' if len(folders) != 1 else ''} of yours among them" if folders else ""
        click.echo(f"{len(catalogue.rules)} rules are fine{own}.")
    return _tell(mistakes)


def _catalogue(file: Path) -> tuple[rules.Catalogue, tuple[Path, ...]]:
    """The rules of a config; without a config file those that ship."""
    if not file.exists():
        return rules.load(), ()
    config, mistakes = configs.read(file, os.environ, tools=connectors.ALL, need_secrets=False)
    if mistakes:
        raise ConfigErrors(mistakes)
    return rules.load(config.rule_folders), config.rule_folders


def _tell(mistakes: list[Mistake]) -> int:
    if mistakes:
        raise ConfigErrors(mistakes)
    return 0
