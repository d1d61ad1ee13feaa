"""What stands around the records: sprints, versions and lists, and the people on them.

Few of these change within a day, so they are read as seldom; but a sprint begins and ends at an hour that matters, so
the boards with an open one are asked for theirs every quarter of an hour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection

from syncbot.connector import Connector, Containers, Page
from syncbot.errors import Missing, ToolError
from syncbot.guard import guarded, tool_error
from syncbot.model import Account, Board, Scope, Sprint
from syncbot.pipeline.failures import Failure, lasting
from syncbot.pipeline.feed import Ready
from syncbot.pipeline.moments import instant, is_older
from syncbot.store import Store, containers, memory

ALL = dt.timedelta(days=1)
"""How old sprints, versions and lists may grow before all of them are read again."""

BUSY = dt.timedelta(hours=1)
"""The same while people are at work: something else was changed since."""

SPRINTS = dt.timedelta(minutes=15)
"""How old an open sprint may grow; also how soon what could not be read, or not be believed, is read again."""

ACCOUNTS = dt.timedelta(days=1)
"""How old the names and addresses of people may grow."""

Told = list[tuple[Board, tuple[Sprint, ...] | ToolError]]
"""What boards say of their open sprints."""

T = TypeVar("T")


@contextmanager
def beside(ready: Ready, store: Store, now: dt.datetime) -> Iterator[Around]:
    """What stands around the records of a connection, which are read meanwhile; leaving it waits for what was asked."""
    with ThreadPoolExecutor(2) as pool:
        yield Around(ready, store, now, pool)


class Around:
    """What has grown old of what stands around the records, or is named there and not known yet.

    It is asked for as soon as the tool has given a page of the records, so that it costs no time of its own. What is
    told is stored only in the end, by whoever stores those.
    """

    def __init__(self, ready: Ready, store: Store, now: dt.datetime, pool: ThreadPoolExecutor) -> None:
        self._ready, self._store, self._now, self._pool = ready, store, now, pool
        self._containers: Future[Containers | Told] | None = None
        self._people: Future[tuple[Account, ...]] | None = None
        self._strange: frozenset[str] = frozenset()
        self._known: frozenset[str] = frozenset()
        self._is_begun = False

    def meanwhile(self, pages: Iterator[Page]) -> Iterator[Page]:
        """These pages; what is old by now is asked for once the first one has come."""
        for page in pages:
            if not self._is_begun and page.error is None:
                self._begin(changed=False)
            yield page

    def finish(self, *, changed: bool) -> dict[str, ToolError]:
        """Ask for what was not yet, and store all; what failed, by remote id of the scope ("": all of it). What is not
        asked for now fails as it last did: a trouble is over once the tool says so, and not before.

        ``changed``: this run found work that was new or changed.
        """
        self._begin(changed=changed, boards=True)
        failed: dict[str, ToolError] = {}
        try:
            failed |= self._keep_containers()
        except ToolError as error:
            failed[""] = error
        try:
            self._keep_people()
        except ToolError as error:
            failed[""] = error
        return failed

    def _begin(self, *, changed: bool, boards: bool = False) -> None:
        """Ask for what is due and was not asked for; ``boards``: also those with an open sprint for theirs."""
        self._is_begun = True
        ready, connector = self._ready, self._ready.feed.connector
        with self._store.reading() as db:
            known = containers.known_accounts(db, ready.name)
            people = memory.get_state(db, ready.name, "people", list[str])
            kept = memory.get_state(db, ready.name, "boards", list[Board])
            strange = containers.strange_sprints(db, ready.name)
            is_due = _is_due(db, ready, self._now, strange, changed=changed)
        if self._containers is None and is_due:
            self._strange = strange
            self._containers = self._ask(lambda: connector.containers(ready.scopes))
        elif self._containers is None and boards and kept and kept[0] and is_older(kept[1], self._now, SPRINTS):
            self._containers = self._ask(lambda: _ask(connector, ready.scopes, kept[0]))
        is_new = people is None or not known <= set(people[0]) or is_older(people[1], self._now, ACCOUNTS)
        if self._people is None and is_new:
            self._known = known
            self._people = self._ask(lambda: connector.accounts(ready.scopes, known))

    def _ask(self, ask: Callable[[], T]) -> Future[T]:
        def asking() -> T:
            with guarded(self._ready.name):
                return ask()

        return self._pool.submit(asking)

    def _keep_containers(self) -> dict[str, ToolError]:
        """Store what there is; a sprint that an item named only after that was asked for is asked for anew."""
        ready, store, now = self._ready, self._store, self._now
        if self._containers is None:
            with store.reading() as db:
                return _failing(db, ready)
        told = self._containers.result()
        if not isinstance(told, Containers):
            failed = _keep_sprints(ready, store, told)
            _note_boards(ready, store, [board for board, _ in told], failed, now)
            return failed
        with store.reading() as db:
            named = containers.strange_sprints(db, ready.name) - self._strange
        if not named <= {sprint.remote_id for sprint in told.sprints}:
            told = self._ask(lambda: ready.feed.connector.containers(ready.scopes)).result()
        return _keep(ready, store, told, now)

    def _keep_people(self) -> None:
        """Store who there is; whoever came to be known only after that was asked for is asked for alone."""
        if self._people is None:
            return
        ready, store = self._ready, self._store
        told = self._people.result()
        with store.reading() as db:
            known = containers.known_accounts(db, ready.name)
        if strangers := known - self._known - {account.remote_id for account in told}:
            told += self._ask(lambda: ready.feed.connector.accounts((), strangers)).result()
        _keep_people(ready, store, told, known, self._now)


def sprints_again(ready: Ready, store: Store, sprints: AbstractSet[str], now: dt.datetime) -> dict[str, ToolError]:
    """Ask the boards of these sprints (remote ids) once more, and store what they say; by sprint, what failed.

    A sprint of no board that is known has nobody to be asked. Raises ToolError where the tool does not answer.
    """
    with store.reading() as db:
        kept = memory.get_state(db, ready.name, "boards", list[Board])
    boards = [one for one in kept[0] if not sprints.isdisjoint(one.sprints)] if kept and sprints else []
    if not boards:
        return {}
    with guarded(ready.name):
        told = _ask(ready.feed.connector, ready.scopes, boards)
    failed = _keep(ready, store, told, now) if isinstance(told, Containers) else _keep_sprints(ready, store, told)
    return {sprint: failed[board.scope] for board in boards if board.scope in failed for sprint in board.sprints}


def _is_due(db: Connection, ready: Ready, now: dt.datetime, strange: AbstractSet[str], *, changed: bool) -> bool:
    """Whether all is to be read: it is old, the config names other scopes, or an item names a sprint that is new."""
    around = memory.get_state(db, ready.name, "around", list[str])
    if around is None or around[0] != [scope.remote_id for scope in ready.scopes]:
        return True
    noted = memory.get_state(db, ready.name, "strange sprints", list[str])
    return is_older(around[1], now, BUSY if changed else ALL) or not strange <= set(noted[0] if noted else ())


def _ask(connector: Connector, scopes: Sequence[Scope], boards: Sequence[Board]) -> Containers | Told:
    """The open sprints of these boards; all that there is if there are none, or others are open than were."""
    told = list(zip(boards, connector.sprints(boards) if boards else (), strict=True))
    return told if told and all(_is_as_before(*one) for one in told) else connector.containers(scopes)


def _is_as_before(board: Board, told: tuple[Sprint, ...] | ToolError) -> bool:
    """Whether the board has the open sprints that it had, as far as it says."""
    if isinstance(told, ToolError):
        return not isinstance(told, Missing)
    return {one.remote_id for one in told} == {*board.sprints}


def _keep(ready: Ready, store: Store, found: Containers, now: dt.datetime) -> dict[str, ToolError]:
    ids = [scope.remote_id for scope in ready.scopes]
    with store.writing() as db:
        doubted = _doubted(db, ready, found, now)
        told = set(ids) - found.errors.keys() - doubted
        containers.save_sprints(db, ready.name, found.sprints, told)
        for scope in told:
            own = [one for one in found.containers if one.scope == scope]
            containers.save_containers(db, ready.name, scope, own)
        again = now + SPRINTS - ALL if found.errors or doubted else now
        memory.put_state(db, ready.name, "around", ids, at=instant(again))
        memory.put_state(db, ready.name, "boards", found.boards, at=instant(now))
        strange = sorted(containers.strange_sprints(db, ready.name))
        memory.put_state(db, ready.name, "strange sprints", strange, at=instant(now))
        failed = {scope: tool_error(error) for scope, error in found.errors.items()}
        _note_failing(db, ready, failed, now)
    return failed


def _keep_sprints(ready: Ready, store: Store, told: Told) -> dict[str, ToolError]:
    failed = {board.scope: answer for board, answer in told if isinstance(answer, ToolError)}
    sprints = [one for _, answer in told if not isinstance(answer, ToolError) for one in answer]
    with store.writing() as db:
        containers.save_sprints(db, ready.name, sprints, ())
    return failed


def _note_boards(
    ready: Ready, store: Store, boards: Sequence[Board], failed: Mapping[str, ToolError], now: dt.datetime
) -> None:
    """Remember when these boards, which have the sprints that they had, were asked, and which ``failed``, by scope."""
    with store.writing() as db:
        memory.put_state(db, ready.name, "boards", boards, at=instant(now))
        _note_failing(db, ready, failed, now)


def _note_failing(db: Connection, ready: Ready, failed: Mapping[str, ToolError], now: dt.datetime) -> None:
    told = {scope: failure for scope, error in failed.items() if (failure := lasting(error))}
    memory.put_state(db, ready.name, "around failing", told, at=instant(now))


def _failing(db: Connection, ready: Ready) -> dict[str, ToolError]:
    """What failed when it was last asked for, by scope."""
    kept = memory.get_state(db, ready.name, "around failing", dict[str, Failure])
    there = {scope.remote_id for scope in ready.scopes}
    told = kept[0] if kept else {}
    return {scope: one.error() for scope, one in told.items() if scope in there}


def _keep_people(
    ready: Ready, store: Store, people: Sequence[Account], known: frozenset[str], now: dt.datetime
) -> None:
    """Store who there is. That the tool does not know somebody whom its work names is believed when said twice."""
    with store.writing() as db:
        kept = memory.get_state(db, ready.name, "people", list[str])
        before = frozenset(kept[0]) if kept else frozenset()
        told = {account.remote_id for account in people}
        containers.save_accounts(db, ready.name, people, known & before)
        again = now if known <= told | before else now + SPRINTS - ACCOUNTS
        memory.put_state(db, ready.name, "people", sorted(known | told), at=instant(again))


def _doubted(db: Connection, ready: Ready, found: Containers, now: dt.datetime) -> set[str]:
    """The scopes that seem to have lost all their sprints, versions or lists at once: believed when said twice."""
    emptied = sorted(containers.emptied(db, ready.name, found.sprints, found.containers))
    kept = memory.get_state(db, ready.name, "emptied", list[tuple[str, str]])
    before = set(kept[0]) if kept else set()
    if set(emptied) != before:
        memory.put_state(db, ready.name, "emptied", emptied, at=instant(now))
    return {scope for scope, type_ in emptied if (scope, type_) not in before}
