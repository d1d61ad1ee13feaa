"""What became of issues that a count lacks, or that an old key names.

Jira says of none whether it was deleted or may not be seen any more. What is archived it gives by its id and in no
search (developer.atlassian.com/server/jira/platform/jira-archiver).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from connectors.jira.client import Client
from connectors.jira.cursor import Cursor, Task
from connectors.jira.pull import BAD_REQUEST, passing, which
from connectors.jira.records import Reader
from connectors.jira.search import CERTAIN, FETCHED, by_ids, search
from connectors.jira.wire import Json, Lens, Ref, parse
from syncbot.connector import Fate, Want
from syncbot.errors import Missing, ToolError

_KEY = re.compile(r"[A-Z][A-Z0-9_]*-[0-9]+")


def fates(client: Client, want: Want, remote_ids: Collection[str]) -> dict[str, Fate]:
    """Each of them: in another project, archived or outside the admin's own filter (moved), here all the same, or gone.

    Cloud is asked again for those that are here, as they are now and not as its index has them. Data Center has only an
    index, which loses issues that are there: what it does not find is here, unless its whole project is archived.
    """
    lens = Lens()
    issues, unread = by_ids(client, sorted(remote_ids), lens)
    found = {record.remote_id: record for record in Reader(lens).records(issues)}
    inside = sorted(key for key, record in found.items() if record.places[0].scope == want.scope.remote_id)
    here = set(unread)
    if client.is_data_center and not want.scope.archived:
        here |= passing(client, want, inside)
    elif not want.scope.archived:
        query = which([Task(want, Cursor(0, lens))])
        for start in range(0, len(inside), CERTAIN):
            here |= _found_now(client, query, inside[start : start + CERTAIN])
    told: dict[str, Fate] = {}
    for key in remote_ids:
        told[key] = "here" if key in here else "moved" if key in found else "gone"
    return told


def _found_now(client: Client, query: str, ids: Sequence[str]) -> set[str]:
    """Those of at most CERTAIN issues that a search finds, as they are at this moment."""
    asked = f"{query} and id in ({', '.join(ids)}) order by created asc, id asc"
    try:
        parts = [*search(client, asked, Lens(), only_ids=True, certain=ids)]
    except ToolError as error:  # it may refuse what it does not find
        half = len(ids) // 2
        if error.status != BAD_REQUEST or not (half or ids[0] in error.said):
            raise
        return _found_now(client, query, ids[:half]) | _found_now(client, query, ids[half:]) if half else set()
    return {str(issue.id) for part in parts for issue in part.issues}


def renamed(client: Client, keys: Collection[str]) -> dict[str, tuple[str, str]]:
    """Each key that is an old one, with the id of the issue and the address that the key makes.

    Cloud says in one request for a hundred whether some of them are old, and which cannot be; the rest is asked for one
    by one. A key that fails is as one that nothing has; only if all of them fail that is an error.
    """
    asked = [key for key in keys if _KEY.fullmatch(key)]
    if not client.is_data_center:
        parts = [asked[start : start + FETCHED] for start in range(0, len(asked), FETCHED)]
        asked = [key for part in client.each(lambda part: _perhaps_old(client, part), parts) for key in part]
    answers = [*client.each(lambda key: _called(client, key), asked)]
    errors = [one for one in answers if isinstance(one, ToolError)]
    if errors and len(errors) == len(answers):
        raise errors[0]
    moved = {key: one.id for key, one in zip(asked, answers, strict=True) if isinstance(one, Ref) and one.key != key}
    return {key: (str(id_), f"{client.site()}/browse/{key}") for key, id_ in moved.items()}


class _Answered(Json):
    """The issues that Jira gives for some keys, old ones or new; the rest it leaves out."""

    issues: list[Ref]


def _perhaps_old(client: Client, keys: Sequence[str]) -> list[str]:
    """Those of these keys that no issue has, if there are issues that none of them is the key of; else none."""
    body = {"issueIdsOrKeys": keys, "fields": ["project"]}
    there = {one.key for one in parse(client.post("issue/bulkfetch", body), _Answered, client.name).issues}
    return [key for key in keys if key not in there] if there - {*keys} else []


def _called(client: Client, key: str) -> Ref | ToolError | None:
    """The issue of a key, old or new, if there is one to be seen."""
    try:
        return client.get(f"issue/{key}", Ref, fields="project")
    except Missing:
        return None
    except ToolError as error:
        return error
