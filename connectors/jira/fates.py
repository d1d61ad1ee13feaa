"""What became of issues that a count lacks, or that an old key names.

Jira says of none whether it was deleted or may not be seen any more.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from connectors.jira.client import Client
from connectors.jira.pull import passing
from connectors.jira.records import Reader
from connectors.jira.search import by_ids
from connectors.jira.wire import Lens, Ref
from syncbot.connector import Fate, Want
from syncbot.errors import Missing

_KEY = re.compile(r"[A-Z][A-Z0-9_]*-[0-9]+")


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


def renamed(client: Client, keys: Collection[str]) -> dict[str, tuple[str, str]]:
    """Each key that is an old one, with the id of the issue and the address that the key makes; a request for each."""
    found = zip(keys, client.each(lambda key: _called(client, key), keys), strict=True)
    moved = {key: one.id for key, one in found if one is not None and one.key != key}
    return {key: (str(id_), f"{client.site()}/browse/{key}") for key, id_ in moved.items()}


def _called(client: Client, key: str) -> Ref | None:
    """The issue of a key, old or new, if there is one to be seen."""
    if not _KEY.fullmatch(key):
        return None
    try:
        return client.get(f"issue/{key}", Ref, fields="project")
    except Missing:
        return None
