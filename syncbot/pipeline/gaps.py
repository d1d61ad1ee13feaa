"""What could not be told before a read failed, and could not if it had not: a failed read hides that for a while.

Else the reports in other tools would lose a line at each hiccup of one tool, and get it back a moment later.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from syncbot.model import CannotTell
from syncbot.store import memory

_KEY = "gaps"


def kept(db: Connection, found: Sequence[CannotTell], *, at: str) -> tuple[CannotTell, ...]:
    """The gaps that a check found, with those of before that a failed read hides; remembers what lasts of them."""
    passing = {(one.rule, one.scope) for one in found if one.is_passing}
    before = memory.get_state(db, "", _KEY, list[CannotTell])
    hidden = [one for one in (before[0] if before else ()) if (one.rule, one.scope) in passing and one not in found]
    lasting = [one for one in (*found, *hidden) if not one.is_passing]
    if before is None or before[0] != lasting:
        memory.put_state(db, "", _KEY, lasting, at=at)
    return (*found, *hidden)
