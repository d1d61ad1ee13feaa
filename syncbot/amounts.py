"""How amounts are said to people."""

from __future__ import annotations


def hours(minutes: float) -> str:
    """Minutes as people say them: "20 h", "7.5 h", "1,000 h"."""
    return f"{round(minutes / 60, 1):,.10g} h"
