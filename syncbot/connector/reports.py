"""What crosses between syncbot and a tool about a report: where it lives, what it shall say, and what people answer."""

from __future__ import annotations

from typing import Any, Literal

from syncbot.model import Scope, Struct


class Target(Struct, frozen=True):
    """Where a report lives: a scope, plus what the tool needs (Jira: issue type; Trello: list; Asana: section).

    With ``edition`` (an instant) it is not the living report, but the news of that edition, which is said once.
    """

    scope: Scope
    title: str
    issue_type: str | None = None
    list: str | None = None
    section: str | None = None
    edition: str | None = None


class Write(Struct, frozen=True):
    """A report to be made or brought up to date. ``body`` is native: see the renderer of the tool in syncbot/report.

    ``marker`` (``syncbot:v1:<hash of the target>``) is written with it, so that it is found again without the store;
    ``remote_id`` is where it was last time (None: never). ``authors``: every account id this connection ever wrote as.
    ``report``: of an edition's news, the remote id of the living report, whose muting mutes them too.
    ``was``: the title that we gave it, where that is another one now; a report that people call otherwise keeps theirs.
    ``before``: the bodies that may stand there now: what was written last, and what was sent since and may have
    arrived. They tell our words from those that people put around.
    """

    target: Target
    marker: str
    body: dict[str, Any]
    remote_id: str | None = None
    authors: frozenset[str] = frozenset()
    report: str | None = None
    was: str | None = None
    before: tuple[dict[str, Any], ...] = ()


class Written(Struct, frozen=True):
    """What became of a write. ``muted``: a person closed, archived or moved away the report, so it was left alone.

    ``requests`` counts the calls that changed something at the tool; 0 means that it already said just this.
    """

    remote_id: str
    ref: str
    url: str
    outcome: Literal["created", "updated", "unchanged", "muted"]
    requests: int


class Found(Struct, frozen=True):
    """A report of ours that is already at the tool. ``closed``: a person closed or archived it."""

    remote_id: str
    ref: str
    url: str
    closed: bool


class Answer(Struct, frozen=True):
    """What a person said to a report: a comment below it, or an entry of it (by its key) that was ticked or unticked.

    ``account`` is the remote id of who said it, ``at`` an instant.
    """

    remote_id: str
    account: str
    at: str
    text: str = ""
    entry: str | None = None
    ticked: bool = False


class Answers(Struct, frozen=True):
    """Some answers, the oldest first, and the cursor to go on from."""

    answers: tuple[Answer, ...]
    cursor: str
