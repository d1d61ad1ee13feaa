"""The options that read alike in every command."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from syncbot import logs
from syncbot.cli.progress import telling_waits
from syncbot.model import SEVERITIES

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def config_file(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path:
    """``--config``, else ``$SYNCBOT_CONFIG``, else ``./config.toml``."""
    return value or Path(os.environ.get("SYNCBOT_CONFIG") or "config.toml")


def _log(ctx: click.Context, _param: click.Parameter, value: int) -> int:
    """Write what is logged on standard error, as long as the command runs; else only why it takes so long."""
    if not value and not ctx.params.get("quiet"):
        ctx.with_resource(telling_waits())
    elif value:
        level = logging.INFO if value == 1 else logging.DEBUG
        ctx.with_resource(logs.writing(sys.stderr, style="human", level=level))
    return value


config = click.option(
    "--config",
    "-c",
    "config",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=config_file,
    help="The config file (else $SYNCBOT_CONFIG, else ./config.toml).",
)
connection = click.option(
    "--connection", "connections", multiple=True, metavar="NAME", help="Only this connection (repeatable)."
)
scope = click.option(
    "--scope", "scopes", multiple=True, metavar="NAME", help="Only this scope: key, id or name, * allowed (repeatable)."
)
output = click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file, not to the terminal."
)
apply = click.option(
    "--apply/--plan",
    "apply",
    default=None,
    help="Write to the tools, or only show what would be written (the default, unless the config says writes).",
)
fail_on = click.option(
    "--fail-on",
    type=click.Choice(["never", *SEVERITIES]),
    default="never",
    show_default=True,
    help="Exit with 1 if there are findings at or above this severity.",
)
verbose = click.option(
    "-v", "--verbose", count=True, callback=_log, help="Say more: each wait and retry; each request with -vv."
)
quiet = click.option("-q", "--quiet", is_flag=True, is_eager=True, help="Say nothing but errors and questions.")


def rules(what: str) -> Decorator:
    """``--rule``, with what it does."""
    return click.option("--rule", "rules", multiple=True, metavar="NAME", help=what)


def formats(*names: str) -> Decorator:
    """``--format`` with these choices, the first the default."""
    return click.option(
        "--format", "format_", type=click.Choice(names), default=names[0], show_default=True, help="How to show it."
    )


def together(*options: Decorator) -> Decorator:
    """Several options as one decorator, shown in this order."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate
