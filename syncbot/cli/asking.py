"""Questions to the person at the terminal: where nobody is, the option is named that answers instead."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import click

from syncbot.errors import UserError

T = TypeVar("T")


def answer(option: str, question: str, read: Callable[[str], T], *, default: str | None = None) -> T:
    """What was answered, as ``read`` takes it; asked again as long as that raises UserError.

    ``default``: what is said by saying nothing. Raises UserError where nobody can be asked.
    """
    if not sys.stdin.isatty():
        raise UserError(f"say {option} (see --help), since nobody is here to be asked.")

    def accept(said: str) -> T:
        try:
            return read(said)
        except UserError as error:
            raise click.UsageError(str(error)) from None

    result: T = click.prompt(question, default=default, show_default=bool(default), value_proc=accept)
    return result


def one_of(*known: str) -> Callable[[str], str]:
    """Takes one of these, in upper or lower case."""
    choice = click.Choice(known, case_sensitive=False)
    return lambda said: choice.convert(said, None, None)


def agreed(question: str, *, yes: bool) -> bool:
    """Whether to go on. Raises UserError where nobody can be asked, so that a script does not take it for done."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UserError(f"{question} Nobody is here to be asked, so nothing was done: add --yes.")
    with ending("Stopped. Nothing was done."):
        return click.confirm(question)


@contextmanager
def ending(said: str) -> Iterator[None]:
    """Say this if the person ends it here."""
    try:
        yield
    except (click.Abort, KeyboardInterrupt):
        raise click.Abort(said) from None
