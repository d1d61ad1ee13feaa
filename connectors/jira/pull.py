"""Reading issues: which searches are needed, how each is paged, and which cursor is safe after which page."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from connectors.jira.client import Client
from connectors.jira.cursor import Cursor, Task, first, going_on
from connectors.jira.records import Found, Reader, epoch
from connectors.jira.search import CERTAIN, all_ids, batches, by_ids, check_empty, count, projects, search
from connectors.jira.wire import Lens
from syncbot.connector import Again, Page, Want
from syncbot.errors import ToolError
from syncbot.model import Record, opened
from syncbot.transport.threads import interleave

AHEAD = 60_000  # milliseconds by which a change may be stamped later than the answer that tells of it
DAY = FUTURE = 86_400_000  # milliseconds; so far a cursor may be ahead of the site's clock, which may be set back
MOST_SCOPES = 200  # of one search
MOST_CLAUSES = 8  # of one search over scopes that were last read at different times
BAD_REQUEST = 400


def pull(
    client: Client, wants: Sequence[Want], fields: frozenset[str], look: Callable[[], tuple[Lens, int]]
) -> Generator[Page]:
    """Read scopes: those that have a cursor in one search, each of the others in its own, several at once.

    ``look`` says through which lens to read now, and the server's time; it is asked only if a scope is read in full,
    and once a day: what sprints, links and addresses are kept in may have come to the site since.
    """
    known, unread = [], []
    for want in wants:
        cursor = going_on(client.url, want, fields)
        if cursor is None:
            unread.append(want)
        else:
            client.is_data_center = cursor.lens.data_center
            known.append(Task(want, cursor))
    if any(task.cursor.wide for task in known):
        known, anew = _renewed(known, look)
        unread += anew
    searches = [_search(client, [task]) for task in known if task.full]
    searches += [_search(client, tasks) for tasks in _alike(task for task in known if not task.full)]
    if unread:
        try:
            lens, now = look()
        except ToolError as error:
            yield from (Page(want.scope.remote_id, full=True, error=error) for want in unread)
        else:
            searches += [_search(client, [Task(want, first(want, lens, now))]) for want in unread]
    yield from interleave(searches, client.workers)


def _renewed(tasks: Sequence[Task], look: Callable[[], tuple[Lens, int]]) -> tuple[list[Task], list[Want]]:
    """The tasks with what the site's own fields are now; and what is to be read in full, since there are new ones.

    One that the site no longer names is asked for all the same, which costs nothing: its word may be a failure.
    """
    try:
        lens, _ = look()
    except ToolError:
        return list(tasks), []  # what this read then says itself
    kept, anew = [], []
    for task in tasks:
        old = task.cursor.lens
        now = replace(
            old,
            sprint=lens.sprint or old.sprint,
            parents=tuple((dict(old.parents) | dict(lens.parents)).items()),
            urls=tuple((dict(old.urls) | dict(lens.urls)).items()),
        )
        if set(now.asked()) <= set(old.asked()):
            kept.append(Task(task.want, replace(task.cursor, lens=now)))
        else:
            anew.append(task.want)
    return kept, anew


def census(client: Client, want: Want) -> frozenset[str]:
    """The ids of all issues of a project; the search ends as Jira says, or raises."""
    return all_ids(client, jql([Task(want, Cursor(0, Lens()))]), want.scope.remote_id)


def size(client: Client, wants: Sequence[Want]) -> int:
    """About how many issues there are in these projects."""
    tasks = [Task(want, Cursor(0, Lens())) for want in wants]
    parts = (tasks[start : start + MOST_SCOPES] for start in range(0, len(tasks), MOST_SCOPES))
    return sum(count(client, which(part)) for part in parts)


def again(
    client: Client,
    wants: Sequence[Want],
    remote_ids: Mapping[str, Sequence[str]],
    fields: frozenset[str],
    look: Callable[[], tuple[Lens, int]],
) -> Again:
    """The issues with these ids that reading one of these projects would give; ``look`` as in `pull`."""
    cursors = (going_on(client.url, want, fields) for want in wants)
    lens = next((cursor.lens for cursor in cursors if cursor is not None), None) or look()[0]
    ids = sorted({remote_id for several in remote_ids.values() for remote_id in several})
    issues, unread = by_ids(client, ids, lens)
    found = _by_scope(Reader(lens).found(issues), "")
    kept: list[Record] = []
    for want in wants:
        own = found.get(want.scope.remote_id, [])
        through = passing(client, want, [one.record.remote_id for one in own])
        kept += [opened(one.record) for one in own if one.record.remote_id in through]
    return Again(tuple(kept), unread)


def passing(client: Client, want: Want, ids: Sequence[str]) -> frozenset[str]:
    """Those of these issues of a project, all of which are there, that the admin's own filter lets through."""
    if not want.where and not want.since:
        return frozenset(ids)
    lens = Lens()
    query = which([Task(want, Cursor(0, lens))])
    through: set[str] = set()
    for start in range(0, len(ids), CERTAIN):
        some = ids[start : start + CERTAIN]
        asked = f"{query} and id in ({', '.join(some)}) order by created asc, id asc"
        for part in search(client, asked, lens, only_ids=True, certain=some):
            through |= {str(issue.id) for issue in part.issues}
    return frozenset(through)


def _search(client: Client, tasks: Sequence[Task]) -> Generator[Page]:
    """Read the scopes of some tasks in one search; if Jira refuses it as wrong, each by itself."""
    try:
        yield from _read(client, tasks)
    except ToolError as error:
        if error.status == BAD_REQUEST and len(tasks) > 1:
            for task in tasks:
                yield from _search(client, [task])
        else:
            yield from (Page(task.scope, full=task.full, error=error) for task in tasks)


def _read(client: Client, tasks: Sequence[Task]) -> Iterator[Page]:
    """Read in the order of creation, which no edit can change.

    Page tokens may be mere places in a live result; in the order of the last change, an edit between two pages would
    move an issue to the end and another one across the border, unread. The price is that only the end of a read of
    changes makes its cursor safe, and only up to the time at which it began.
    """
    reader = Reader(tasks[0].cursor.lens)
    reached, began = 0, None
    for issues, last, at, unread in batches(client, jql(tasks), tasks[0].cursor.lens):
        found = reader.found(issues)
        reached = max(reached, epoch(max((one.changed for one in found), default=None)))
        if began is None:
            began = at
            for task in (ahead := _ahead(tasks, began)):
                yield from _read(client, [Task(task.want, replace(task.cursor, ms=began, begun=0))])
            tasks = [task for task in tasks if task not in ahead]
            if not tasks:
                return
        parts = _by_scope(found, tasks[0].scope)
        if last and not reached and not unread and any(task.full or task.cursor.wide for task in tasks):
            check_empty(client, jql(tasks), tasks[0].scope if tasks[0].full else None)
        put_aside = _homes(client, tasks, unread)
        for task in tasks:
            refused = put_aside.get(task.scope, {})
            part = parts.get(task.scope, [])
            if part or last or refused:
                cursor = _after(task, part, reached, began, last=last)
                text = cursor.text() if cursor else None
                records = tuple([one.record for one in part])
                yield Page(task.scope, records, text, last=last, full=task.full, unread=refused)


def _homes(client: Client, tasks: Sequence[Task], unread: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What cannot be read, by the project that it is in, as far as Jira tells that."""
    there = {task.scope for task in tasks}
    told = projects(client, unread) if unread and len(there) > 1 else {}
    homes: dict[str, dict[str, str]] = defaultdict(dict)
    for id_, why in unread.items():
        homes[home if (home := told.get(id_)) in there else tasks[0].scope][id_] = why
    return homes


def _ahead(tasks: Sequence[Task], now: int) -> list[Task]:
    """The tasks whose cursor lies in the site's future, since a clock was wrong once: they would miss what changes."""
    return [task for task in tasks if not task.full and now and task.cursor.ms > now + FUTURE]


def _after(task: Task, found: Sequence[Found], reached: int, began: int, *, last: bool) -> Cursor | None:
    """The cursor that is safe once these records are stored, if there is one; the read ``began`` then."""
    if task.full:
        created = epoch(max((one.created for one in found), default=None))
        begun = None if last else max(task.cursor.begun or 0, created)
        return replace(task.cursor, begun=begun, swept=task.cursor.ms)
    if not last:
        return None
    ms = max(task.cursor.ms, min(reached, began + AHEAD))
    now = began or ms
    swept = now if task.cursor.wide else task.cursor.swept
    return replace(task.cursor, ms=ms, swept=swept, wide=abs(now - swept) >= DAY)


def _by_scope(found: Iterable[Found], default: str) -> dict[str, list[Found]]:
    """By home. One that has moved to a project that is not asked for in the meantime is in no scope's part."""
    parts: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        parts[one.project or default].append(one)
    return parts


def jql(tasks: Sequence[Task]) -> str:
    """One search for all these scopes, in the order in which they are read."""
    return f"{which(tasks)} order by created asc, id asc"


def which(tasks: Sequence[Task]) -> str:
    """The condition for what to read of these scopes; instants in epoch milliseconds, which no time zone can shift."""
    clauses = []
    for (where, since), alike in itertools.groupby(sorted(tasks, key=_filter), key=_filter):
        group = list(alike)
        times = sorted({task.start for task in group}, reverse=True)
        floor = {ms: ms if rank < MOST_CLAUSES else times[-1] for rank, ms in enumerate(times)}
        for ms in dict.fromkeys(floor.values()):
            projects = ", ".join(task.scope for task in group if floor[task.start] == ms)
            terms = [f"project in ({projects})"]
            terms += [f"created >= {group[0].cursor.begun}"] if group[0].cursor.begun else []
            terms += [f"updated >= {ms}"] if ms else []
            terms += [f"updated >= {epoch(f'{since}T00:00:00Z')}"] if since else []
            terms += [f"({where})"] if where else []
            clauses.append(" and ".join(terms))
    return clauses[0] if len(clauses) == 1 else " or ".join(f"({clause})" for clause in clauses)


def _filter(task: Task) -> tuple[str, str]:
    return task.want.where or "", task.want.since or ""


def _alike(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    """The tasks that one search can serve: of the same lens, and not so many that its address grows too long."""
    lenses: dict[Lens, list[Task]] = defaultdict(list)
    for task in tasks:
        lenses[task.cursor.lens].append(task)
    for group in lenses.values():
        yield from (group[start : start + MOST_SCOPES] for start in range(0, len(group), MOST_SCOPES))
