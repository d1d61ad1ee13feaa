"""Asking about several issues where one of them makes Jira fail: it costs no other, and not many requests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import TypeVar

from connectors.jira.client import Client
from syncbot.errors import ToolError

T = TypeVar("T")

FAILURE = 500
MOST_FAILING = 10  # issues of one question that fail by themselves; of more it is Jira that fails


def apart(
    client: Client, ids: Sequence[str], ask: Callable[[Sequence[str]], T]
) -> tuple[list[T], dict[str, ToolError]]:
    """What ``ask`` says of these issues, in as few parts as do not fail, and by id those that fail by themselves.

    Raises the error where many fail, or for another reason.
    """
    told: list[T] = []
    failed: dict[str, ToolError] = {}
    left = [ids]
    while left:
        some = left.pop()
        try:
            with nullcontext() if some is ids else client.once():
                told.append(ask(some))
        except ToolError as error:
            if error.status != FAILURE or len(failed) == MOST_FAILING:
                raise
            if len(some) == 1:
                failed[some[0]] = error
            else:
                half = len(some) // 2
                left += [some[half:], some[:half]]
    return told, failed
