"""What people say to a report: the comments on its issue, the newest first, back to those that were read before."""

from __future__ import annotations

from connectors.jira.client import Client
from connectors.jira.records import instant, text
from connectors.jira.wire import Json, Node, User
from syncbot.connector import Answer, Answers

_PAGE = 100


class _Comment(Json):
    id: str
    author: User | None = None
    body: Node | str | None = None
    created: str | None = None


class _Comments(Json):
    comments: list[_Comment] = []
    total: int = 0


def answers(client: Client, issue: str, cursor: str | None) -> Answers:
    """The comments since an instant, which is the cursor; those of that instant come again.

    A site that does not sort as it is asked to is read to the end.
    """
    found: dict[str, Answer] = {}
    start = 0
    while True:
        page = client.get(f"issue/{issue}/comment", _Comments, orderBy="-created", startAt=start, maxResults=_PAGE)
        times = [instant(one.created) or "" for one in page.comments]
        for one, at in zip(page.comments, times, strict=True):
            if one.author and at >= (cursor or ""):
                found[one.id] = Answer(one.id, one.author.id, at, text(one.body) if one.body else "")
        start += len(page.comments)
        is_behind = times == sorted(times, reverse=True) and times[-1:] < [cursor or ""]
        if not times or start >= page.total or is_behind:
            break
    ordered = sorted(found.values(), key=lambda one: (one.at, one.remote_id))
    return Answers(tuple(ordered), max([cursor or "", *(one.at for one in ordered)]))
