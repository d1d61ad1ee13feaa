"""What a comment on a report asks for: pure, and forgiving of how people write it.

::

    syncbot snooze 1a2b3c4d 2w because the vendor is late
    syncbot snooze 2w because we are frozen until January     (everything that the report names)
    syncbot waive PAY-12 until 2027-01-31 because Ada joins then
"""

from __future__ import annotations

import datetime as dt
import re

from syncbot.model import Struct
from syncbot.report.words import clean
from syncbot.store import waivers

SNOOZE, WAIVE = dt.timedelta(weeks=2), dt.timedelta(days=90)
"""For how long, where nobody says it; a tick snoozes."""

_COMMAND = re.compile(r"\W{0,3}syncbot\s+(snooze|waive)\b(.*)", re.IGNORECASE | re.DOTALL)
_DURATION = re.compile(r"(?<!\S)(\d{1,6})\s*(d|days?|w|weeks?)(?![^\s,.])", re.IGNORECASE)
_DATE = re.compile(r"(?<!\S)\d{4}-\d\d-\d\d(?![^\s,.])")
_FILLERS = frozenset({"for", "until", "till", "to"})
_REASON = 300


class Asked(Struct, frozen=True):
    """Accept what is said of a subject (an id, key or URL; None: all that the report names) to the end of a date."""

    subject: str | None
    until: str
    reason: str


def is_asked(text: str) -> bool:
    """Whether a comment is meant for us."""
    return _COMMAND.match(text) is not None


def parse(text: str, said_on: str) -> Asked | str:
    """What a comment that is meant for us asks for, or what it lacks, in words for its author.

    Its time runs from the date on which it was said, whenever we come to read it.
    """
    match = _COMMAND.match(text)
    verb, rest = (match[1].lower(), match[2]) if match else ("", "")
    what, because, why = _parted(rest)
    reason = clean(why, _REASON).strip()
    if not because or not reason:
        return "say why: ... because ..."
    now = dt.date.fromisoformat(said_on)
    until = _until(what, now, SNOOZE if verb == "snooze" else WAIVE)
    if isinstance(until, str):
        return until
    left = _DATE.sub(" ", _DURATION.sub(" ", what)).replace(",", " ").split()
    subjects = [word.strip("`<>()[]") for word in left if word.casefold() not in _FILLERS]
    if len(subjects) > 1:
        return f"name one finding at a time, not {clean(' '.join(subjects), 60)}"
    if not subjects and verb == "waive":
        return "name the finding: its id, or the key or address of what it is about"
    return Asked(subjects[0] if subjects else None, until.isoformat(), reason)


def _parted(rest: str) -> tuple[str, str, str]:
    parts = re.split(r"\bbecause\b", rest, maxsplit=1, flags=re.IGNORECASE)
    return (parts[0], "because", parts[1]) if len(parts) > 1 else (rest, "", "")


def _until(what: str, now: dt.date, usual: dt.timedelta) -> dt.date | str:
    """The last day."""
    try:
        date, duration = _DATE.search(what), _DURATION.search(what)
        if date:
            until = dt.date.fromisoformat(date[0])
        elif duration:
            until = now + dt.timedelta(days=int(duration[1]) * (7 if duration[2].lower().startswith("w") else 1))
        else:
            until = now + usual
    except (ValueError, OverflowError):
        return "that date does not exist"
    if until < now:
        return f"{until} is over already"
    return until if until <= now + waivers.LONGEST else "at most two years"
