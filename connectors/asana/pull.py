"""Reading projects: whole at first, and after that only what Asana's events name.

The cursor is a sync token, taken before a read begins, so that what changes during it is seen by the next one. A
token lives for a day; when Asana no longer knows it, the project is read whole again. So it is once a day in any case,
because events are delivered at most once. Events name what left a project or was deleted, but not for certain: those
tasks are asked for, and what is no longer in any project that is read is left for the census to find.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

import msgspec

from connectors.asana import goals
from connectors.asana.api import BATCH, Api, Expired
from connectors.asana.records import last_changed, places
from connectors.asana.whole import TRIES, Cursor, Reading, Walk, below, first, side_by_side, tasks_of
from connectors.asana.wire import Event, One, Task
from syncbot.connector import Again, Page, Want, decode_cursor, or_error
from syncbot.errors import Broken, Missing, ToolError
from syncbot.model import Record, opened
from syncbot.transport.several import given
from syncbot.transport.threads import interleave

T = TypeVar("T")

MANY = 200  # changed tasks beyond which reading the project whole takes fewer requests
DAY = 86_400.0  # seconds


def pull(api: Api, width: int, wants: Sequence[Want], fields: frozenset[str]) -> Iterator[Page]:
    """Pages of these projects, ``width`` requests at once; see `syncbot.connector.Connector.pull`.

    Those of which events tell that they must be read whole come last, ten together.
    """
    order = _order(wants)
    asked: list[Generator[Page | Walk]] = []
    unread: list[Reading] = []
    for want in wants:
        reading, scope = Reading(want, fields, order), want.scope.remote_id
        if want.where:
            error = ToolError(f"{want.scope.name}: an Asana project cannot be filtered by `where`; take it out.")
            yield Page(scope, error=error)
        elif goals.is_goals(scope):
            asked.append(or_error(scope, goals.read(api, want, fields)))
        elif (cursor := _cursor(reading)) is not None:
            asked.append(or_error(scope, _since(api, reading, cursor)))
        else:
            unread.append(reading)
    # Those that make no whole ten come first: they are soon read, and leave their place to the last ones.
    odd = len(unread) % BATCH
    asked += [first(api, part) for part in (unread[:odd], *_tens(unread[odd:])) if part]
    walks: list[Walk] = []
    for came in interleave(asked, width):
        if isinstance(came, Walk):
            walks.append(came)
        else:
            yield came
    yield from interleave((side_by_side(api, part) for part in _tens(walks)), width)


def _tens(several: Sequence[T]) -> Iterator[Sequence[T]]:
    return (several[start : start + BATCH] for start in range(0, len(several), BATCH))


def _order(wants: Sequence[Want]) -> dict[str, int]:
    homes = next((want.homes for want in wants), ()) or [want.scope.remote_id for want in wants]
    return {scope: n for n, scope in enumerate(homes)}


def _since(api: Api, reading: Reading, cursor: Cursor) -> Iterator[Page | Walk]:
    """What changed in a project since its cursor, or that it must be read whole."""
    changes = _changes(api, reading.scope, cursor.sync)
    if changes.lost or not 0 <= changes.now - cursor.full < DAY or len(changes.tasks) > MANY:
        yield Walk(reading, changes.sync, changes.now)
        return
    following = Cursor(changes.sync, cursor.full, cursor.fields, cursor.since)
    tasks, lacking = _again(api, reading, changes)
    gone = tuple(sorted(changes.deleted & lacking.missing))
    found = reading.shape(tasks)
    yield Page(reading.scope, found, following.text(), last=True, unread=lacking.unread, deleted=gone)


class Changes(msgspec.Struct):
    """What a project's events come to. ``deleted``: the tasks of which one said so.

    ``lost``: the token was too old, or more changed than events of tasks tell.
    """

    sync: str
    now: float
    tasks: dict[str, bool]
    deleted: set[str] = msgspec.field(default_factory=set)
    lost: bool = False


def _changes(api: Api, project: str, sync: str) -> Changes:
    """The tasks that events name, each with whether what is below it may have moved with it."""
    changes = Changes(sync, 0.0, {})
    seen = {sync}
    while True:
        events, good, changes.now = api.events(project, changes.sync)
        changes.sync = events.sync
        if not good:
            changes.lost = True
            return changes
        for event in events.data:
            _note(event, changes)
        if not events.has_more:
            return changes
        if events.sync in seen:
            raise Broken(f"{api.name}: Asana's events of the project {project} go round in a circle; read next time.")
        seen.add(events.sync)


def _note(event: Event, changes: Changes) -> None:
    if event.resource is None:
        return
    if event.resource.resource_type == "task":
        moved = event.action != "changed"
        changes.tasks[event.resource.gid] = changes.tasks.get(event.resource.gid, False) or moved
        if event.action == "deleted":
            changes.deleted.add(event.resource.gid)
    elif event.resource.resource_type == "section" and event.action in {"changed", "deleted", "undeleted"}:
        changes.lost = True  # its tasks carry its name, and no event of theirs tells of it


def _again(api: Api, reading: Reading, changes: Changes) -> tuple[list[Task], Lacking]:
    """The tasks that changed, and all below those that moved, ten a request; and which of them do not come.

    What is below such a one waits with it for the next whole read.
    """
    asked = reading.asked.split(",")
    tasks, lacking = _each(api, [*changes.tasks], asked)
    here = [task for task in tasks if _is_read(task, reading)]
    moved = [task.gid for task in here if changes.tasks[task.gid] and task.num_subtasks]
    under = [task for page in below(api, moved, asked) for task in page]
    return [*here, *(task for task in under if task.gid not in changes.tasks)], lacking


class Lacking(NamedTuple):
    """Tasks that do not come: those that are ``missing``; by id, why Asana cannot give one."""

    missing: set[str]
    unread: dict[str, str]


def _each(api: Api, gids: Sequence[str], asked: list[str]) -> tuple[list[Task], Lacking]:
    """These tasks, without those that are deleted or hidden from us, or that Asana cannot give."""
    answers: list[One[Task] | ToolError] = api.batch([f"/tasks/{gid}" for gid in gids], One[Task], fields=asked)
    found, unread = given(gids, answers)
    missing = {gid for gid, answer in zip(gids, answers, strict=True) if isinstance(answer, Missing)}
    return [answer.data for answer in found], Lacking(missing, unread)


def _is_read(task: Task, reading: Reading) -> bool:
    """Whether a task is in a project that is read; what has left them all keeps what is known of it."""
    own = places(task, reading.scope if task.parent else "", reading.order)
    return any(place.scope in reading.order for place in own)


def census(api: Api, want: Want) -> frozenset[str]:
    """The ids of all tasks of a project and of those below them: all of them or an error."""
    if goals.is_goals(want.scope.remote_id):
        return goals.count(api, want)
    for _ in range(TRIES - 1):
        try:
            return _count(api, want)
        except Expired:
            continue
    return _count(api, want)


def _count(api: Api, want: Want) -> frozenset[str]:
    found: set[str] = set()
    for tasks in tasks_of(api, want.scope.remote_id, ["num_subtasks", "modified_at", "created_at"]):
        found.update(task.gid for task in tasks if last_changed(task) >= (want.since or ""))
    return frozenset(found)


def again(api: Api, wants: Sequence[Want], remote_ids: Mapping[str, Sequence[str]], fields: frozenset[str]) -> Again:
    """What has these ids and still is in one of these projects, or among these goals."""
    order = _order(wants)
    found: list[Record] = []
    unread: dict[str, str] = {}
    for want in wants:
        reading = Reading(want, fields, order)
        ids = sorted(remote_ids.get(reading.scope, ()))
        if ids and goals.is_goals(reading.scope):
            found += goals.again(api, want, ids, fields)
            continue
        tasks, lacking = _each(api, ids, reading.asked.split(","))
        found += map(opened, reading.shape(task for task in tasks if _is_read(task, reading)))
        unread |= lacking.unread
    return Again(tuple(found), unread)


def _cursor(reading: Reading) -> Cursor | None:
    """The cursor to go on from; None if there is none, or if something else was asked for then."""
    cursor = decode_cursor(reading.want.cursor, Cursor)
    same = cursor is not None and (cursor.fields, cursor.since) == (reading.asked, reading.want.since)
    return cursor if same else None
