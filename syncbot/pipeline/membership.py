"""Which work the open sprints hold: people put it in and take it out on a board, and its own date may not say so.

So each sprint is asked once a day for the ids of what it holds, and again when one begins or ends; what is stored
otherwise is read again by its id.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet

from syncbot.errors import ToolError
from syncbot.guard import guarded
from syncbot.model import Struct
from syncbot.pipeline.failures import Failure, lasting
from syncbot.pipeline.feed import Ready
from syncbot.pipeline.moments import instant, is_older
from syncbot.pipeline.retry import ask_again, save
from syncbot.store import Store, containers, memory, records

AGAIN = dt.timedelta(days=1)
"""How long it counts what a sprint said."""

FAILED = dt.timedelta(minutes=15)
"""How soon one that did not answer is asked again; each time twice as long, up to a day."""

_DOUBLED = 7
"""So often that it is more than a day."""

_STATE = "sprints compared"


class _Compared(Struct, frozen=True):
    """A sprint as it was when it was last asked, and how often it failed since it last answered."""

    state: str
    scope: str
    at: str
    failed: int = 0
    failure: Failure | None = None

    def is_due(self, now: dt.datetime) -> bool:
        wait = FAILED * 2 ** min(self.failed - 1, _DOUBLED) if self.failed else AGAIN
        return is_older(self.at, now, min(wait, AGAIN))


def compare(ready: Ready, store: Store, now: dt.datetime) -> tuple[records.Saved, dict[str, ToolError]]:
    """Read again what is in another sprint than is stored; what failed, by remote id of the scope ("": all of it).

    A sprint that is not asked now fails as it last did.
    """
    with store.reading() as db:
        sprints = containers.open_sprints(db, ready.name)
        kept = memory.get_state(db, ready.name, _STATE, dict[str, _Compared])
    before = kept[0] if kept else {}
    as_before = {key: one.state for key, one in before.items()} == {key: state for key, (state, _) in sprints.items()}
    due = {key: told for key, told in sprints.items() if not as_before or before[key].is_due(now)}
    if kept and as_before and not due:
        return records.Saved(), _failing(before.values())
    saved, failed = records.Saved(), dict[str, ToolError]()
    after = {key: one for key, one in before.items() if key in sprints}
    if kept:  # what a first read gave is as it is now
        try:
            saved, failed = _compare(ready, store, due, before.keys() - sprints.keys(), now)
        except ToolError as error:
            if not as_before:
                return saved, _failing(before.values()) | {
                    "": error
                }  # what has ended is known from what was before: so it is all asked again
            failed, due = dict.fromkeys(due, error), {key: (state, "") for key, (state, _) in due.items()}
    at = instant(now)
    for key, (state, scope) in due.items():
        wrong = failed.get(key)
        times = after[key].failed if key in after else 0
        after[key] = _Compared(state, scope, at, times + 1 if wrong else 0, lasting(wrong) if wrong else None)
    with store.writing() as db:
        memory.put_state(db, ready.name, _STATE, after, at=at)
    return saved, _failing(after.values()) | {due[key][1]: error for key, error in failed.items()}


def _failing(sprints: Iterable[_Compared]) -> dict[str, ToolError]:
    return {one.scope: one.failure.error() for one in sprints if one.failure}


def _compare(
    ready: Ready, store: Store, sprints: Collection[str], ended: AbstractSet[str], now: dt.datetime
) -> tuple[records.Saved, dict[str, ToolError]]:
    """``ended``: those that hold nothing now; what failed, by sprint."""
    connector = ready.feed.connector
    with guarded(ready.name):
        told = dict(zip(sprints, connector.members([*sprints]), strict=True))
    failed = {key: answer for key, answer in told.items() if isinstance(answer, ToolError)}
    with store.reading() as db:
        odd = {item for sprint in ended for item in containers.held(db, ready.name, sprint)}
        for sprint, answer in told.items():
            if not isinstance(answer, ToolError):
                odd |= answer ^ containers.held(db, ready.name, sprint)
        homes = records.homes(db, ready.name, odd)
    read = {scope.remote_id for scope in ready.scopes}
    homes = {scope: ids for scope, ids in homes.items() if scope in read}
    if not homes:
        return records.Saved(), failed
    found = ask_again(ready, store, homes)
    with store.writing() as db:
        return save(db, ready, homes, found, now), failed
