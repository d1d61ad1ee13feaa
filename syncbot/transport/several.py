"""Answers to several questions of one kind: what is not there, or hidden from us, is no failure of the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeVar

from syncbot.errors import Missing, Refused, ToolError

T = TypeVar("T")


def told_apart(
    ids: Sequence[str], answers: Iterable[T | ToolError]
) -> tuple[dict[str, T], dict[str, Literal["deleted", "hidden"]]]:
    """By the id that was asked for: what is there, and why the rest is not. Any other failure is raised."""
    there: dict[str, T] = {}
    fates: dict[str, Literal["deleted", "hidden"]] = {}
    for id_, answer in zip(ids, answers, strict=True):
        if isinstance(answer, Missing):
            fates[id_] = "deleted"
        elif isinstance(answer, Refused):
            fates[id_] = "hidden"
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
