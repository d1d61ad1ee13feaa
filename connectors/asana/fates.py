"""What became of tasks that a count lacks."""

from __future__ import annotations

from collections.abc import Collection

from connectors.asana import goals
from connectors.asana.api import Api
from connectors.asana.records import last_changed, opt_fields, places
from connectors.asana.wire import One, Task
from syncbot.connector import Fate, Want
from syncbot.errors import Missing, Refused, ToolError


def fates(api: Api, want: Want, remote_ids: Collection[str]) -> dict[str, Fate]:
    """Each of them, ten a request: in another project or in none, hidden from us, deleted, or here all the same."""
    if goals.is_goals(want.scope.remote_id):
        return goals.fates(api, remote_ids)
    found: dict[str, Fate] = {}
    ids = sorted(remote_ids)
    answers = api.batch([f"/tasks/{gid}" for gid in ids], One[Task], fields=opt_fields(frozenset()).split(","))
    for gid, answer in zip(ids, answers, strict=True):
        if isinstance(answer, Missing):
            found[gid] = "deleted"
        elif isinstance(answer, Refused):
            found[gid] = "hidden"
        elif isinstance(answer, ToolError):
            raise answer
        else:
            homes = {place.scope for place in places(answer.data, "", {})}
            is_read = want.scope.remote_id in homes and last_changed(answer.data) >= (want.since or "")
            found[gid] = "here" if is_read else "moved"
    return found
