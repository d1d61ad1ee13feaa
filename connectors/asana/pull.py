"""Reading projects: whole at first, and after that only what Asana's events name.

The cursor is a sync token, taken before a read begins, so that what changes during it is seen by the next one. A
token lives for a day; when Asana no longer knows it, the project is read whole again. So it is once a day in any case,
because events are delivered at most once. Events name what left a project or was deleted, but not for certain: those
tasks are asked for, and what is no longer in any project that is read is left for the census to find.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from connectors.asana import goals
from connectors.asana.api import AT_ONCE, BATCH, PAGE, Api, Expired
from connectors.asana.records import last_changed, opt_fields, places, records
from connectors.asana.wire import Event, Many, One, Task
from syncbot.connector import Page, Want, decode_cursor, encode_cursor, or_error
from syncbot.errors import Broken, Missing, ToolError
from syncbot.model import Record
from syncbot.transport.several import seen
from syncbot.transport.threads import interleave

MANY = 200  # changed tasks beyond which reading the project whole takes fewer requests
TOGETHER = 500  # tasks, at least, of one page: to store a few at a time costs more
TRIES = 3  # walks of one project, each ended by an expired offset
DAY = 86_400.0  # seconds


class Cursor(msgspec.Struct):
    """``sync``: the token to go on from. ``full``: the server's time (epoch seconds) of the last full read.

    ``fields``: what was asked for; ``since``: the admin's own limit. Where they differ now, all is read again.
    """

    sync: str
    full: float
    fields: str
    since: str | None = None


class Reading(msgspec.Struct, frozen=True):
    """One project to read. ``order``: of all projects that are ever read, for the home of what is in several."""

    want: Want
    fields: frozenset[str]
    order: Mapping[str, int]

    @property
    def scope(self) -> str:
        """The project's id."""
        return self.want.scope.remote_id

    @property
    def asked(self) -> str:
        """The fields to ask Asana for."""
        return opt_fields(self.fields)

    def shape(self, tasks: Iterable[Task]) -> tuple[Record, ...]:
        """Tasks as records, without those that changed before the admin's own limit."""
        found = records(tasks, self.scope, self.order, self.fields)
        return tuple(record for record in found if record.changed >= (self.want.since or ""))


def pull(api: Api, width: int, wants: Sequence[Want], fields: frozenset[str]) -> Iterator[Page]:
    """Pages of these projects, ``width`` projects at once; see `syncbot.connector.Connector.pull`."""
    order = _order(wants)
    readings = []
    for want in wants:
        if want.where:
            error = ToolError(f"{want.scope.name}: an Asana project cannot be filtered by `where`; take it out.")
            yield Page(want.scope.remote_id, error=error)
        else:
            readings.append(Reading(want, fields, order))
    yield from interleave((or_error(reading.scope, _read(api, reading)) for reading in readings), width)


def _order(wants: Sequence[Want]) -> dict[str, int]:
    homes = next((want.homes for want in wants), ()) or [want.scope.remote_id for want in wants]
    return {scope: n for n, scope in enumerate(homes)}


def _read(api: Api, reading: Reading) -> Iterator[Page]:
    if goals.is_goals(reading.scope):
        return goals.read(api, reading.want, reading.fields)
    return read(api, reading)


def read(api: Api, reading: Reading) -> Iterator[Page]:
    """One project: what changed since its cursor, or all of it."""
    cursor = _cursor(reading)
    if cursor is None:
        sync, now = _begin(api, reading.scope)
        yield from _whole(api, reading, sync, now)
        return
    changes = _changes(api, reading.scope, cursor.sync)
    if changes.lost or not 0 <= changes.now - cursor.full < DAY or len(changes.tasks) > MANY:
        yield from _whole(api, reading, changes.sync, changes.now)
        return
    following = Cursor(changes.sync, cursor.full, cursor.fields, cursor.since)
    found = reading.shape(_again(api, reading, changes))
    yield Page(reading.scope, found, _text(following), last=True)


class Changes(msgspec.Struct):
    """What a project's events come to. ``lost``: the token was too old, or more changed than events of tasks tell."""

    sync: str
    now: float
    tasks: dict[str, bool]
    lost: bool = False


def _begin(api: Api, project: str) -> tuple[str, float]:
    """A sync token: Asana gives the first one as if an older one had expired."""
    events, _, now = api.events(project, None)
    return events.sync, now


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
    elif event.resource.resource_type == "section" and event.action in {"changed", "deleted", "undeleted"}:
        changes.lost = True  # its tasks carry its name, and no event of theirs tells of it


def _again(api: Api, reading: Reading, changes: Changes) -> list[Task]:
    """The tasks that changed, and all below those that moved; ten a request."""
    asked = reading.asked.split(",")
    tasks = _each(api, [f"/tasks/{gid}" for gid in changes.tasks], asked)
    here = [task for task in tasks if _is_read(task, reading)]
    moved = [task.gid for task in here if changes.tasks[task.gid] and task.num_subtasks]
    below = [task for page in _below(api, moved, asked) for task in page]
    return [*here, *(task for task in below if task.gid not in changes.tasks)]


def _each(api: Api, paths: Sequence[str], asked: list[str]) -> list[Task]:
    """These tasks, without those that are deleted or hidden from us."""
    return [answer.data for answer in seen(api.batch(paths, One[Task], fields=asked))]


def _is_read(task: Task, reading: Reading) -> bool:
    """Whether a task is in a project that is read; what has left them all keeps what is known of it."""
    own = places(task, reading.scope if task.parent else "", reading.order)
    return any(place.scope in reading.order for place in own)


def _whole(api: Api, reading: Reading, sync: str, now: float) -> Iterator[Page]:
    """All tasks of a project, then those below them. An expired offset starts the walk again; nothing is lost by it."""
    for left in reversed(range(TRIES)):
        found: list[Record] = []
        try:
            for tasks in _walk(api, reading.scope, reading.asked.split(",")):
                found += reading.shape(tasks)
                if len(found) >= TOGETHER:
                    yield Page(reading.scope, tuple(found), full=True)
                    found = []
            break
        except ToolError as error:
            if found:
                yield Page(reading.scope, tuple(found), full=True)
            if not left or not isinstance(error, Expired):
                raise
    cursor = Cursor(sync, now, reading.asked, reading.want.since)
    yield Page(reading.scope, tuple(found), _text(cursor), last=True, full=True)


def _walk(api: Api, project: str, asked: list[str]) -> Iterator[list[Task]]:
    """The tasks of a project, and then those below them."""
    parents: list[str] = []
    for tasks in _tasks(api, project, ",".join(asked)):
        parents += [task.gid for task in tasks if task.num_subtasks]
        yield tasks
    yield from _below(api, parents, asked)


def _tasks(api: Api, project: str, fields: str) -> Iterator[list[Task]]:
    """The tasks of a project. That it has none is asked otherwise before it is believed."""
    count = 0
    for tasks in api.all(f"/projects/{project}/tasks", Task, opt_fields=fields):
        count += len(tasks)
        yield tasks
    if not count and next(api.all("/tasks", Task, project=project, opt_fields="gid"), []):
        raise Broken(f"{api.name}: Asana gives no tasks of the project {project}, which has some; read next time.")


def _below(api: Api, parents: Sequence[str], asked: list[str]) -> Iterator[list[Task]]:
    """The subtasks of these tasks and theirs, level by level. None is walked twice."""
    seen, level = set(parents), list(parents)
    while level:
        following: list[str] = []
        for start in range(0, len(level), AT_ONCE * BATCH):
            part = level[start : start + AT_ONCE * BATCH]
            tasks: list[Task] = []
            answers = api.batch([f"/tasks/{gid}/subtasks" for gid in part], Many[Task], fields=asked, limit=PAGE)
            for gid, answer in zip(part, answers, strict=True):
                if isinstance(answer, Missing):
                    continue  # deleted since its parents were read
                if isinstance(answer, ToolError):
                    raise answer
                if answer.next_page is None and answer.data:
                    tasks += answer.data
                else:  # rare, so from its start, with all that a collection's pages promise; none where some were said
                    pages = api.all(f"/tasks/{gid}/subtasks", Task, opt_fields=",".join(asked))
                    tasks += [task for page in pages for task in page]
            following += [task.gid for task in tasks if task.num_subtasks and task.gid not in seen]
            seen.update(following)
            yield tasks
        level = following


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
    for tasks in _walk(api, want.scope.remote_id, ["num_subtasks", "modified_at", "created_at"]):
        found.update(task.gid for task in tasks if last_changed(task) >= (want.since or ""))
    return frozenset(found)


def again(
    api: Api, wants: Sequence[Want], remote_ids: Mapping[str, Sequence[str]], fields: frozenset[str]
) -> tuple[Record, ...]:
    """What has these ids and still is in one of these projects, or among these goals."""
    order = _order(wants)
    found: list[Record] = []
    for want in wants:
        reading = Reading(want, fields, order)
        ids = sorted(remote_ids.get(reading.scope, ()))
        if ids and goals.is_goals(reading.scope):
            found += goals.again(api, want, ids, fields)
            continue
        tasks = _each(api, [f"/tasks/{gid}" for gid in ids], reading.asked.split(","))
        found += reading.shape(task for task in tasks if _is_read(task, reading))
    return tuple(found)


def _text(cursor: Cursor) -> str:
    return encode_cursor(msgspec.to_builtins(cursor))


def _cursor(reading: Reading) -> Cursor | None:
    """The cursor to go on from; None if there is none, or if something else was asked for then."""
    cursor = decode_cursor(reading.want.cursor, Cursor)
    same = cursor is not None and (cursor.fields, cursor.since) == (reading.asked, reading.want.since)
    return cursor if same else None
