"""The news of an edition as a project status update: posted once, found again by its marker, never changed.

A status update also sets how the project is said to go. That is for people to say, so the last word of theirs is
repeated. News are muted with their report.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from connectors.asana.api import Api
from connectors.asana.report import is_muted, look_at
from connectors.asana.wire import StatusUpdate
from syncbot.connector import Found, Target, Write, Written, instant
from syncbot.texts import marker_of

_EARLIER = timedelta(days=1)  # than the edition began: more than any two clocks differ


def find(api: Api, target: Target, marker: str, authors: frozenset[str]) -> Found | None:
    """The status update of the project with this marker, with the lowest id, that one of ``authors`` posted."""
    since = datetime.fromisoformat(target.edition or "1970-01-01T00:00:00Z") - _EARLIER
    found = [
        one.gid
        for one in _updates(api, target, created_since=instant(since.isoformat()) or "")
        if marker_of(one.text or "") == marker and one.author and one.author.gid in authors
    ]
    if not found:
        return None
    gid = min(found, key=lambda gid: (len(gid), gid))
    return Found(gid, gid, target.scope.url, closed=False)


def apply(api: Api, write: Write) -> Written:
    """Post the news unless they are posted, or a person has muted their report."""
    target, url = write.target, write.target.scope.url
    found = find(api, target, write.marker, write.authors)
    if found is not None:
        return Written(found.remote_id, found.ref, url, "unchanged", 0)
    report = look_at(api, write.report) if write.report else None
    if write.report and (report is None or is_muted(report, target)):
        return Written(write.report, write.report, url, "muted", 0)
    said = next((one for one in _newest(api, target) if one.author and one.author.gid not in write.authors), None)
    data = {
        "parent": target.scope.remote_id,
        "title": write.body["title"],
        "html_text": f"{write.body['html_text'].removesuffix('</body>')}\n{write.marker}</body>",
        "status_type": said.status_type if said and said.status_type else write.body["status_type"],
    }
    made = api.write("POST", "/status_updates", StatusUpdate, data, "title")
    return Written(made.gid, made.gid, url, "created", 1)


def _newest(api: Api, target: Target) -> list[StatusUpdate]:
    return sorted(_updates(api, target), key=lambda one: instant(one.created_at) or "", reverse=True)


def _updates(api: Api, target: Target, **more: str) -> Iterator[StatusUpdate]:
    fields = "text,author,created_at,status_type"
    for page in api.all("/status_updates", StatusUpdate, parent=target.scope.remote_id, opt_fields=fields, **more):
        yield from page
