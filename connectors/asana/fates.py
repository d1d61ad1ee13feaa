"""What became of tasks that a count lacks."""

from __future__ import annotations

from collections.abc import Collection

from connectors.asana import goals
from connectors.asana.api import Api
from connectors.asana.records import last_changed, opt_fields, places
from connectors.asana.wire import One, Task
from syncbot.connector import Fate, Want
from syncbot.transport.several import told_apart


def fates(api: Api, want: Want, remote_ids: Collection[str]) -> dict[str, Fate]:
    """Each of them, ten a request: in another project or in none, hidden from us, deleted, or here all the same."""
    if goals.is_goals(want.scope.remote_id):
        return goals.fates(api, remote_ids)
    ids = sorted(remote_ids)
    answers = api.batch([f"/tasks/{gid}" for gid in ids], One[Task], fields=opt_fields(frozenset()).split(","))
    there, fates = told_apart(ids, answers)
    return {**fates, **{gid: _place(answer.data, want) for gid, answer in there.items()}}


def _place(task: Task, want: Want) -> Fate:
    homes = {place.scope for place in places(task, "", {})}
    is_read = want.scope.remote_id in homes and last_changed(task) >= (want.since or "")
    return "here" if is_read else "moved"
