"""How one finding goes on from run to run: pure, and the only place that decides its state.

A finding begins when it is found and ends, *resolved*, when its rule could tell and did not find it; between, whatever
cannot be told changes nothing but says so. What was resolved in an earlier edition and is found again begins anew.
"""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from syncbot.model import FindingState, Struct

State = FindingState | Literal["unsaid"]
"""*Unsaid*: kept, and named nowhere, because its rule is not asked there or its subject is out of sight."""

Event = Literal["open", "waived", "baseline", "not_checked", "resolved", "unsaid"]


class Past(Struct, frozen=True):
    """What is known of a finding over time. ``last_day``: found; ``checked_day``: its rule could tell.

    ``in_baseline``: it was there when syncbot came, and never resolved since. ``is_confirmed``: what it stands on was
    read again before it was first written, and it has stood since.
    """

    state: State
    first_day: int
    last_day: int
    checked_day: int
    first_edition: int
    edition: int
    in_baseline: bool = False
    is_confirmed: bool = False

    @property
    def event(self) -> Event:
        """What a record of the state says; whether it is new follows from the edition in which it is read."""
        match self.state:
            case "new" | "still":
                return "open"
            case state:
                return state


def found(past: Past | None, day: int, edition: int, *, is_waived: bool) -> Past:
    """A finding that is there. One that was resolved in an earlier edition begins anew, in this one goes on."""
    if past is None or (past.state == "resolved" and past.edition != edition):
        past = Past("new", day, day, day, edition, edition)
    state: State = "new" if past.first_edition == edition else "still"
    return replace(
        past, state=_accepted(past, is_waived=is_waived) or state, last_day=day, checked_day=day, edition=edition
    )


def not_found(past: Past, day: int, edition: int, *, could_tell: bool, is_waived: bool) -> Past:
    """A finding that was there before and is not said again. Once resolved, it is no known debt any more."""
    if could_tell:
        return replace(past, state="resolved", checked_day=day, edition=edition, in_baseline=False, is_confirmed=False)
    return replace(past, state=_accepted(past, is_waived=is_waived) or "not_checked", edition=edition)


def unsaid(past: Past) -> Past:
    """A finding that no report may name now."""
    return replace(past, state="unsaid", is_confirmed=False)


def into_baseline(past: Past) -> Past:
    """A finding that stands, accepted as known debt."""
    return replace(past, state="baseline", in_baseline=True)


def out_of_baseline(past: Past, edition: int) -> Past:
    """Known debt that is listed again from now on, until the next check as if it had just been found."""
    open_: State = "new" if past.first_edition == edition else "still"
    return replace(past, state=open_ if past.state == "baseline" else past.state, in_baseline=False)


def _accepted(past: Past, *, is_waived: bool) -> State | None:
    return "waived" if is_waived else "baseline" if past.in_baseline else None
