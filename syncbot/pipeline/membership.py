"""Which work the open sprints hold: people put it in and take it out on a board, and its own date may not say so.

So each sprint is asked once a day for the ids of what it holds, and again when one begins or ends; what is stored
otherwise is read again by its id.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from syncbot.errors import ToolError
from syncbot.guard import guarded
from syncbot.pipeline.feed import Ready, want
from syncbot.pipeline.moments import instant, is_older
from syncbot.pipeline.retry import save
from syncbot.store import Store, containers, memory, records, scopes

AGAIN = dt.timedelta(days=1)
"""How long it counts what a sprint said."""

FAILED = dt.timedelta(minutes=15)
"""How soon they are asked again where one did not answer."""

_STATE = "sprints compared"


def compare(ready: Ready, store: Store, now: dt.datetime) -> tuple[records.Saved, dict[str, ToolError]]:
    """Read again what is in another sprint than is stored; what failed, by remote id of the scope ("": all of it)."""
    with store.reading() as db:
        sprints = containers.open_sprints(db, ready.name)
        compared = memory.get_state(db, ready.name, _STATE, dict[str, str])
    states = {sprint: state for sprint, (state, _) in sprints.items()}
    before = states if compared is None else compared[0]  # what a first read gave is as it is now
    if compared and states == before and not (states and is_older(compared[1], now, AGAIN)):
        return records.Saved(), {}
    saved = records.Saved()
    failed: dict[str, ToolError] = {}
    if states or before:
        try:
            if compared:
                saved, failed = _compare(ready, store, sprints, before.keys(), now)
        except ToolError as error:
            failed, states = {"": error}, before
    with store.writing() as db:
        memory.put_state(db, ready.name, _STATE, states, at=instant(now - AGAIN + FAILED if failed else now))
    return saved, failed


def _compare(
    ready: Ready, store: Store, sprints: Mapping[str, tuple[str, str]], before: AbstractSet[str], now: dt.datetime
) -> tuple[records.Saved, dict[str, ToolError]]:
    """``sprints``: the open ones, with state and scope; one of ``before`` that is not among them holds nothing now."""
    connector = ready.feed.connector
    with guarded(ready.name):
        told = dict(zip(sprints, connector.members([*sprints]), strict=True))
    failed = {sprints[key][1]: answer for key, answer in told.items() if isinstance(answer, ToolError)}
    with store.reading() as db:
        odd = {item for sprint in before - sprints.keys() for item in containers.held(db, ready.name, sprint)}
        for sprint, answer in told.items():
            if not isinstance(answer, ToolError):
                odd |= answer ^ containers.held(db, ready.name, sprint)
        homes = records.homes(db, ready.name, odd)
        cursors = scopes.cursors(db, ready.name)
    read = {scope.remote_id for scope in ready.scopes}
    homes = {scope: ids for scope, ids in homes.items() if scope in read}
    if not homes:
        return records.Saved(), failed
    wants = [want(ready, scope, cursors.get(scope.remote_id)) for scope in ready.scopes]
    with guarded(ready.name):
        found = connector.again(wants, homes, ready.wanted)
    with store.writing() as db:
        return save(db, ready, homes, found, now), failed
