"""Answers to several questions of one kind: what is not there, or hidden from us, is no failure of the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeVar

from syncbot.errors import Missing, Refused, ToolError, Unreachable

T = TypeVar("T")

MOST_UNREAD = 10  # answers that are put aside; of more it is the tool that is odd


def told_apart(
    ids: Sequence[str], answers: Iterable[T | ToolError]
) -> tuple[dict[str, T], dict[str, Literal["deleted", "hidden", "here"]]]:
    """By the id that was asked for: what is there, and why the rest is not; what the tool cannot give is here.

    Any failure but the tool's own is raised, and so is that if there are many.
    """
    there: dict[str, T] = {}
    fates: dict[str, Literal["deleted", "hidden", "here"]] = {}
    unread = 0
    for id_, answer in zip(ids, answers, strict=True):
        if isinstance(answer, Missing):
            fates[id_] = "deleted"
        elif isinstance(answer, Refused):
            fates[id_] = "hidden"
        elif isinstance(answer, Unreachable) and unread < MOST_UNREAD:
            fates[id_] = "here"
            unread += 1
        elif isinstance(answer, ToolError):
            raise answer
        else:
            there[id_] = answer
    return there, fates


def seen(answers: Sequence[T | ToolError]) -> list[T]:
    """What is there and not hidden from us. Any other failure is raised."""
    found: list[T] = []
    for answer in answers:
        if not isinstance(answer, ToolError):
            found.append(answer)
        elif not isinstance(answer, Missing | Refused):
            raise answer
    return found


def given(ids: Sequence[str], answers: Iterable[T | ToolError]) -> tuple[list[T], dict[str, str]]:
    """What is there and not hidden from us; and by the id that was asked for, why the tool cannot give the rest.

    Any failure but the tool's own is raised, and so is that if there are many: then it is not they that are odd.
    """
    found: list[T] = []
    unread: dict[str, str] = {}
    for id_, answer in zip(ids, answers, strict=True):
        if not isinstance(answer, ToolError):
            found.append(answer)
        elif isinstance(answer, Unreachable) and len(unread) < MOST_UNREAD:
            unread[id_] = str(answer)
        elif not isinstance(answer, Missing | Refused):
            raise answer
    return found, unread
