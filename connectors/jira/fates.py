"""What became of issues that a count lacks: Jira says of none whether it was deleted or may not be seen any more."""

from __future__ import annotations

from collections.abc import Collection

from connectors.jira.client import Client
from connectors.jira.pull import passing
from connectors.jira.records import Reader
from connectors.jira.search import by_ids
from connectors.jira.wire import Lens
from syncbot.connector import Fate, Want


def fates(client: Client, want: Want, remote_ids: Collection[str]) -> dict[str, Fate]:
    """Each of them: in another project or outside the admin's own filter (moved), here all the same, or gone."""
    lens = Lens()
    issues, unread = by_ids(client, sorted(remote_ids), lens)
    found = {record.remote_id: record for record in Reader(lens).records(issues)}
    inside = sorted(key for key, record in found.items() if record.places[0].scope == want.scope.remote_id)
    here = {*passing(client, want, inside), *unread}
    told: dict[str, Fate] = {}
    for key in remote_ids:
        told[key] = "here" if key in here else "moved" if key in found else "gone"
    return told
