"""What stands around the records: sprints, versions and lists, and the people on them.

Few of these change within a day, so they are read as seldom; but a sprint begins and ends at an hour that matters, so
the boards with an open one are asked for theirs every quarter of an hour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection

from syncbot.connector import Connector, Containers
from syncbot.errors import Missing, ToolError
from syncbot.guard import guarded, tool_error
from syncbot.model import Account, Board, Scope, Sprint
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


def read_around(ready: Ready, store: Store, now: dt.datetime, *, changed: bool) -> dict[str, ToolError]:
    """Read what has grown old, or is named and not known yet; what failed, by remote id of the scope ("": all of it).

    ``changed``: this run found work that was new or changed.
    """
    connector = ready.feed.connector
    failed: dict[str, ToolError] = {}
    with store.reading() as db:
        known = containers.known_accounts(db, ready.name)
        people = memory.get_state(db, ready.name, "people", list[str])
        boards = memory.get_state(db, ready.name, "boards", list[Board])
        is_due = _is_due(db, ready, now, changed=changed)
    with ThreadPoolExecutor(1) as beside:
        found = people_now = None
        if is_due:
            found = beside.submit(_ask, connector, ready.scopes, ())
        elif boards is not None and boards[0] and is_older(boards[1], now, SPRINTS):
            found = beside.submit(_ask, connector, ready.scopes, boards[0])
        try:
            with guarded(ready.name):
                if people is None or not known <= set(people[0]) or is_older(people[1], now, ACCOUNTS):
                    people_now = connector.accounts(ready.scopes, known)
        except ToolError as error:
            failed[""] = error
        try:
            with guarded(ready.name):
                told = found.result() if found is not None else None
                if isinstance(told, Containers):
                    failed |= _keep(ready, store, told, now)
                elif told is not None and boards is not None:
                    failed |= _keep_sprints(ready, store, told)
                    _note_boards(ready, store, boards[0], now)
        except ToolError as error:
            failed[""] = error
    if people_now is not None:
        _keep_people(ready, store, people_now, known, now)
    return failed


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


def _is_due(db: Connection, ready: Ready, now: dt.datetime, *, changed: bool) -> bool:
    """Whether all is to be read: it is old, the config names other scopes, or an item names a sprint that is new."""
    around = memory.get_state(db, ready.name, "around", list[str])
    if around is None or around[0] != [scope.remote_id for scope in ready.scopes]:
        return True
    noted = memory.get_state(db, ready.name, "strange sprints", list[str])
    strange = containers.strange_sprints(db, ready.name)
    return is_older(around[1], now, BUSY if changed else ALL) or not strange <= set(noted[0] if noted else ())


Told = list[tuple[Board, tuple[Sprint, ...] | ToolError]]
"""What boards say of their open sprints."""


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
    return {scope: tool_error(error) for scope, error in found.errors.items()}


def _keep_sprints(ready: Ready, store: Store, told: Told) -> dict[str, ToolError]:
    failed = {board.scope: answer for board, answer in told if isinstance(answer, ToolError)}
    sprints = [one for _, answer in told if not isinstance(answer, ToolError) for one in answer]
    with store.writing() as db:
        containers.save_sprints(db, ready.name, sprints, ())
    return failed


def _note_boards(ready: Ready, store: Store, boards: Sequence[Board], now: dt.datetime) -> None:
    """Remember when these boards, which have the sprints that they had, were asked."""
    with store.writing() as db:
        memory.put_state(db, ready.name, "boards", boards, at=instant(now))


def _keep_people(
    ready: Ready, store: Store, people: Sequence[Account], known: frozenset[str], now: dt.datetime
) -> None:
    with store.writing() as db:
        containers.save_accounts(db, ready.name, people, known)
        everyone = sorted(known | {account.remote_id for account in people})
        memory.put_state(db, ready.name, "people", everyone, at=instant(now))


def _doubted(db: Connection, ready: Ready, found: Containers, now: dt.datetime) -> set[str]:
    """The scopes that seem to have lost all their sprints, versions or lists at once: believed when said twice."""
    emptied = sorted(containers.emptied(db, ready.name, found.sprints, found.containers))
    kept = memory.get_state(db, ready.name, "emptied", list[tuple[str, str]])
    before = set(kept[0]) if kept else set()
    if set(emptied) != before:
        memory.put_state(db, ready.name, "emptied", emptied, at=instant(now))
    return {scope for scope, type_ in emptied if (scope, type_) not in before}
