"""The model's closed lists, and the base of all its types."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["goal", "feature", "milestone", "task"]
Side = Literal["product", "project"]
Status = Literal["planned", "ready", "doing", "paused", "done", "dropped"]
LinkType = Literal["child_of", "blocks", "twin_of", "relates"]
Severity = Literal["info", "warning", "error"]
Acts = Literal["product", "project", "both", "admin"]
Category = Literal["new", "doing", "done"]
SprintState = Literal["future", "active", "closed"]

KINDS: tuple[Kind, ...] = ("goal", "feature", "milestone", "task")
STATUSES: tuple[Status, ...] = ("planned", "ready", "doing", "paused", "done", "dropped")
OPEN: frozenset[Status] = frozenset({"planned", "ready", "doing", "paused"})
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")

Scalar = str | int | float | bool
Value = Scalar | tuple[Scalar, ...]


class Struct(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Base of every type here: immutable, without a ``__dict__``, equal by value, cheap to encode.

    Immutable values make no cycles, so the garbage collector need not walk the thousands that a read holds at a time.
    """
