"""What became of issues that a count lacks: Jira says of none whether it was deleted or may not be seen any more."""

from __future__ import annotations

from collections.abc import Collection

from connectors.jira.client import Client
from connectors.jira.pull import Cursor, Task, jql
from connectors.jira.records import Reader
from connectors.jira.search import FETCHED, by_ids, search
from connectors.jira.wire import Lens
from syncbot.connector import Fate, Want


def fates(client: Client, want: Want, remote_ids: Collection[str]) -> dict[str, Fate]:
    """Each of them: in another project or outside the admin's own filter (moved), here all the same, or gone."""
    lens = Lens()
    issues, unread = by_ids(client, sorted(remote_ids), lens)
    found = {record.remote_id: record for record in Reader(lens).records(issues)}
    inside = sorted(key for key, record in found.items() if record.places[0].scope == want.scope.remote_id)
    here = {*_passing(client, want, inside), *unread} if want.where or want.since else {*inside, *unread}
    told: dict[str, Fate] = {}
    for key in remote_ids:
        told[key] = "here" if key in here else "moved" if key in found else "gone"
    return told


def _passing(client: Client, want: Want, ids: list[str]) -> list[str]:
    """Those of these issues, all of which are there, that the admin's own filter lets through."""
    lens = Lens()
    query = jql([Task(want, Cursor(0, lens))]).rpartition(" order by ")[0]
    passing: list[str] = []
    for start in range(0, len(ids), FETCHED):
        some = f"{query} and id in ({', '.join(ids[start : start + FETCHED])}) order by created asc, id asc"
        passing += [str(issue.id) for part in search(client, some, lens, only_ids=True) for issue in part.issues]
    return passing
