"""The command line: one module per command, loaded only when it is called, and the one place that ends a process.

Exit codes, the highest of 4, 2, 3, 1 winning: 0 fine, 1 findings at or above ``--fail-on``, 2 something the user must
edit, 3 a tool failed (the rest was done), 4 our own fault (a log is written and named).
"""

from __future__ import annotations

import gc
import importlib
import sys
from typing import TYPE_CHECKING

import click

from syncbot import __version__
from syncbot.cli import pipes

if TYPE_CHECKING:
    from collections.abc import Iterable

# The order in which someone meets them. The summary stands here so that --help loads no command.
COMMANDS = {
    "demo": "See it work: a made-up company, the whole pipeline, twice.",
    "init": "Write a config from what your tools really hold.",
    "doctor": "Check credentials, permissions, fields, people and store.",
    "sync": "Pull, check and publish: the whole pipeline once.",
    "daemon": "Do it all at its time, until it is stopped.",
    "pull": "Read the tools into the store.",
    "check": "Find misalignments in what is stored.",
    "publish": "Write the reports into the tools (a plan, unless --apply).",
    "status": "How things stand: daemon, sources, findings, reports, and what to do.",
    "report": "Show the report here: terminal, web page, Markdown, CSV or JSON.",
    "baseline": "Accept what is there now as known debt, counted and not listed.",
    "waive": "Accept a finding until a date, see what is accepted, take it back.",
    "rules": "List the rules, read their pages, check your own.",
    "mapping": "See how your tool's words read onto the model.",
    "people": "See who is unknown, and who may be one person on several tools.",
    "explain": "See why an item is read as it is, and what is said of it.",
    "sandbox": "Serve local Jira, Asana and Trello APIs over a made-up company.",
    "db": "Look into the store, copy it, put it back, prune it.",
}
PRECEDENCE = (4, 2, 3, 1)


def worst(codes: Iterable[int]) -> int:
    """The exit code that wins among several."""
    seen = set(codes)
    return next((code for code in PRECEDENCE if code in seen), 0)


class Commands(click.Group):
    """A group that imports a command's module only when that command runs."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Names in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"syncbot.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, and a mistyped command names the nearest one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches  # noqa: PLC0415 - only a mistake pays for it

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else " See syncbot --help."
            raise click.UsageError(f"No such command '{args[0]}'.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Names and summaries, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="syncbot %(version)s")
def cli() -> None:
    """Find where product and project have drifted apart, and say so in your own tools."""


cli.help = f"""{cli.help}

\b
See it:      syncbot demo
Set it up:   syncbot init --tool jira --url https://example.atlassian.net
Every day:   syncbot sync --apply
"""


def collect_seldom() -> None:
    """Look for circular garbage less often than Python does by itself.

    What a read holds by the thousand makes no circles, and looking at all of it again and again took a tenth of it.
    """
    gc.set_threshold(50_000, 20, 10)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    collect_seldom()
    pipes.outlive()
    code = run(arguments)
    gc.freeze()  # what is held goes with the process: to look through all of it once more took a tenth of a read
    sys.exit(code)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code; every error ends here, on standard error, in words for people."""
    try:
        code = cli.main(arguments, prog_name="syncbot", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt) as stopped:
        said = str(stopped) or "Stopped. What was stored is kept; the next run continues from there."
        click.echo(f"\n{said}" if sys.stderr.isatty() else said, err=True)  # below what was typed
        return 130
    except Exception as error:  # noqa: BLE001 - the one place that turns any error into an exit code
        from syncbot.cli.failure import explain  # noqa: PLC0415 - only a failure pays for it

        return explain(error)
    return code if isinstance(code, int) else 0
