"""Reading projects whole: their tasks page by page, and then those below them.

A batch asks for a page of each of ten projects at once. It is worth it only while all goes well: whichever project is
odd in any way is read by itself, from its start, where every failure is told apart.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

import msgspec

from connectors.asana.api import AT_ONCE, BATCH, PAGE, Api, Expired
from connectors.asana.records import is_placed, last_changed, opt_fields, way
from connectors.asana.wire import Many, Named, Task
from syncbot.connector import Page, Want, encode_cursor, or_error
from syncbot.errors import Broken, Limited, Missing, ToolError, Unreachable
from syncbot.model import Sealed

TOGETHER = 500  # tasks, at least, of one page: to store a few at a time costs more
TRIES = 3  # walks of one project, each ended by an expired offset
DOWN = (Unreachable, Limited)
MOST_DOWN = 2  # answers in a batch's place that fail like that before it is asked whether the tool is at fault


class Cursor(msgspec.Struct):
    """``sync``: the token to go on from. ``full``: the server's time (epoch seconds) of the last full read.

    ``fields``: what was asked for; ``since``: the admin's own limit. Where they differ now, all is read again.
    """

    sync: str
    full: float
    fields: str
    since: str | None = None

    def text(self) -> str:
        """As the store keeps it."""
        return encode_cursor(msgspec.to_builtins(self))


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

    def shape(self, tasks: Iterable[Task]) -> tuple[Sealed, ...]:
        """Tasks to be records, without those that changed before the admin's own limit."""
        here, anywhere = way(self.scope, self.order, self.fields), way("", self.order, self.fields)
        since = self.want.since
        return tuple(
            [
                Sealed(task.gid, task, anywhere if is_placed(task) else here)
                for task in tasks
                if not since or last_changed(task) >= since
            ]
        )


class Walk(msgspec.Struct):
    """A project to be read whole, and how far that is. ``sync``: the token to go on from afterwards, given at ``now``
    (epoch seconds by the server's clock); ``parents``: those of its tasks that have some below them.
    """

    reading: Reading
    sync: str
    now: float
    offsets: list[str] = []
    parents: list[str] = []

    @property
    def path(self) -> str:
        """Where its next page is."""
        offset = f"?offset={self.offsets[-1]}" if self.offsets else ""
        return f"/projects/{self.reading.scope}/tasks{offset}"

    @property
    def cursor(self) -> str:
        """The cursor that is safe once all of it is stored."""
        reading = self.reading
        return Cursor(self.sync, self.now, reading.asked, reading.want.since).text()

    def is_odd(self, answer: Many[Task]) -> bool:
        """Whether a page is not to be believed as it is: it is empty, or goes on where the walk has been."""
        return not answer.data or (answer.next_page is not None and answer.next_page.offset in self.offsets)


def first(api: Api, readings: Sequence[Reading]) -> Generator[Page]:
    """Up to ten projects whole, with a sync token each: Asana gives the first as if an older one had expired."""
    tokens: Sequence[str | None] = [None] * len(readings)
    now = 0.0
    doubt = _Doubt(api)
    if len(readings) > 1:
        try:
            tokens, now = api.first_tokens([reading.scope for reading in readings])
        except ToolError as error:
            doubt.note(error)
    walks = []
    for reading, token in zip(readings, tokens, strict=True):
        if token is not None:
            walks.append(Walk(reading, token, now))
            continue
        if (down := doubt.settled()) is not None:
            yield Page(reading.scope, error=down)
            continue
        try:
            events, _, at = api.events(reading.scope, None)
        except ToolError as error:
            doubt.note(error)
            yield Page(reading.scope, error=error)
        else:
            walks.append(Walk(reading, events.sync, at))
    yield from side_by_side(api, walks)


def side_by_side(api: Api, walks: Sequence[Walk]) -> Generator[Page]:
    """Up to ten projects whole, a page of each in every request."""
    alone = list(walks) if len(walks) == 1 else []
    walks = [] if alone else walks
    failed: list[Walk] = []
    while walks:
        further = []
        for walk, answer in zip(walks, _next(api, walks), strict=True):
            if isinstance(answer, ToolError):
                failed.append(walk)
                continue
            if walk.is_odd(answer):
                alone.append(walk)
                continue
            walk.parents += [task.gid for task in answer.data if task.num_subtasks]
            found = walk.reading.shape(answer.data)
            if answer.next_page is not None:
                walk.offsets.append(answer.next_page.offset)
                further.append(walk)
                yield Page(walk.reading.scope, found, full=True)
            else:
                yield from or_error(walk.reading.scope, _end(api, walk, found))
        walks = further
    yield from _one_by_one(api, [*alone, *failed])  # of those that fail some may not be asked at all


def _next(api: Api, walks: Sequence[Walk]) -> Sequence[Many[Task] | ToolError]:
    """The next page of each of these projects."""
    asked = walks[0].reading.asked.split(",")
    try:
        return api.batch([walk.path for walk in walks], Many[Task], fields=asked, limit=PAGE)
    except ToolError as error:
        return [error] * len(walks)


def _end(api: Api, walk: Walk, found: tuple[Sealed, ...]) -> Iterator[Page]:
    """The last page of a project, what is below its tasks, and the cursor."""
    reading = walk.reading
    for tasks in below(api, walk.parents, reading.asked.split(",")):
        yield Page(reading.scope, found, full=True)
        found = reading.shape(tasks)
    yield Page(reading.scope, found, walk.cursor, last=True, full=True)


def _one_by_one(api: Api, walks: Sequence[Walk]) -> Iterator[Page]:
    """Projects by themselves, as long as it is they that are at fault, and not the tool."""
    doubt = _Doubt(api)
    for walk in walks:
        scope = walk.reading.scope
        if (down := doubt.settled()) is not None:
            yield Page(scope, error=down)
            continue
        for page in or_error(scope, whole(api, walk)):
            doubt.note(page.error)
            yield page


class _Doubt:
    """Whether it is the tool that fails, whatever it is asked: after a few such failures it is asked who we are."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._failed: list[Exception] = []
        self._settled: Exception | None = None

    def note(self, error: Exception | None) -> None:
        """Count an error that says that the tool does not answer."""
        self._failed += [error] if isinstance(error, DOWN) else []

    def settled(self) -> Exception | None:
        """The last such error, if it is the tool that is at fault."""
        if self._settled is None and len(self._failed) >= MOST_DOWN:
            try:
                self._api.get("/users/me", Named)
                self._failed.clear()
            except ToolError:
                self._settled = self._failed[-1]
        return self._settled


def whole(api: Api, walk: Walk) -> Iterator[Page]:
    """All tasks of a project, then those below them. An expired offset starts the walk again; nothing is lost by it."""
    reading = walk.reading
    for left in reversed(range(TRIES)):
        found: list[Sealed] = []
        try:
            for tasks in tasks_of(api, reading.scope, reading.asked.split(",")):
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
    yield Page(reading.scope, tuple(found), walk.cursor, last=True, full=True)


def tasks_of(api: Api, project: str, asked: list[str]) -> Iterator[list[Task]]:
    """The tasks of a project, and then those below them."""
    parents: list[str] = []
    for tasks in _tasks(api, project, ",".join(asked)):
        parents += [task.gid for task in tasks if task.num_subtasks]
        yield tasks
    yield from below(api, parents, asked)


def _tasks(api: Api, project: str, fields: str) -> Iterator[list[Task]]:
    """The tasks of a project. That it has none is asked otherwise before it is believed."""
    count = 0
    for tasks in api.all(f"/projects/{project}/tasks", Task, opt_fields=fields):
        count += len(tasks)
        yield tasks
    if not count and next(api.all("/tasks", Task, project=project, opt_fields="gid"), []):
        raise Broken(f"{api.name}: Asana gives no tasks of the project {project}, which has some; read next time.")


def below(api: Api, parents: Sequence[str], asked: list[str]) -> Iterator[list[Task]]:
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
