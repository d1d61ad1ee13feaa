"""The sprints and versions of projects. Boards are asked only for their sprints: their issues come through search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from connectors.jira.answers import BoardDetails, SprintDetails, Version
from connectors.jira.client import AGILE, Client
from connectors.jira.records import instant
from connectors.jira.search import all_ids
from syncbot.connector import Containers
from syncbot.errors import ToolError
from syncbot.model import Board, Container, Scope, Sprint, SprintState

S = TypeVar("S")
R = TypeVar("R")

BAD_REQUEST = 400
_STATES: dict[str, SprintState] = {"future": "future", "active": "active", "closed": "closed"}


def containers(client: Client, scopes: Sequence[Scope]) -> Containers:
    """Sprints and versions; a project or a board that cannot be read costs only its own."""
    sprints: dict[str, Sprint] = {}
    found: list[Container] = []
    errors: dict[str, Exception] = {}
    told: dict[str, tuple[str, str, str]] = {}
    shown: list[tuple[str, BoardDetails, SprintDetails]] = []
    unread: set[int] = set()
    asked = [(ask, scope) for scope in scopes for ask in (_on_boards, _versions)]
    for (_, scope), answer in zip(asked, client.each(lambda one: _safely(client, *one), asked), strict=True):
        if isinstance(answer, ToolError):
            errors[scope.remote_id] = answer
            continue
        for part in answer:
            if isinstance(part, Container):
                found.append(part)
                continue
            board, sprint = part
            if isinstance(sprint, ToolError):
                errors[scope.remote_id] = sprint
                unread.add(board.id)
            else:
                shown.append((scope.remote_id, board, sprint))
    for project, board, sprint in shown:
        # A sprint shows on every board whose filter matches it; it belongs to the one that it was made on.
        is_first = str(sprint.id) not in sprints and sprint.origin_board_id not in unread
        if is_first or sprint.origin_board_id == board.id:
            sprints[str(sprint.id)] = _sprint(project, board.name, sprint)
            told[str(sprint.id)] = (str(board.id), board.name, project)
    return Containers(tuple(sprints.values()), tuple(found), errors, _boards(sprints, told))


def open_sprints(client: Client, boards: Sequence[Board]) -> tuple[tuple[Sprint, ...] | ToolError, ...]:
    """The sprints that were made on these boards and are not closed."""
    return tuple(client.each(lambda board: _safely(client, _open, board), boards))


def _open(client: Client, board: Board) -> tuple[Sprint, ...]:
    return tuple(
        _sprint(board.scope, board.name, sprint)
        for sprint in _sprints(client, board.remote_id, state="active,future")
        if str(sprint.id) in board.sprints or sprint.origin_board_id in {None, int(board.remote_id)}
    )


def members(client: Client, sprints: Sequence[str]) -> tuple[frozenset[str] | ToolError, ...]:
    """The ids of the issues that are in each of these sprints."""
    with ThreadPoolExecutor(client.workers) as threads:  # the client's own fetch the pages of Data Center's searches
        return tuple(threads.map(lambda sprint: _safely(client, _members, sprint), sprints))


def _members(client: Client, sprint: str) -> frozenset[str]:
    return all_ids(client, f"sprint = {sprint} order by created asc, id asc")


def _boards(sprints: Mapping[str, Sprint], told: Mapping[str, tuple[str, str, str]]) -> tuple[Board, ...]:
    """The boards that told of the sprints that are not closed."""
    of: dict[tuple[str, str, str], list[str]] = {}
    for key, sprint in sprints.items():
        if sprint.state != "closed":
            of.setdefault(told[key], []).append(key)
    return tuple(Board(*board, tuple(several)) for board, several in of.items())


Part = Container | tuple[BoardDetails, SprintDetails | ToolError]


def _safely(client: Client, ask: Callable[[Client, S], R], about: S) -> R | ToolError:
    try:
        return ask(client, about)
    except ToolError as error:
        return error


def _on_boards(client: Client, scope: Scope) -> list[Part]:
    boards = list(client.pages("board", BoardDetails, AGILE, projectKeyOrId=scope.remote_id, maxResults=50))
    asked = [(one, _safely(client, _sprints, str(one.id))) for one in boards if one.type != "kanban"]
    return [(one, sprint) for one, told in asked for sprint in ([told] if isinstance(told, ToolError) else told)]


def _versions(client: Client, scope: Scope) -> list[Part]:
    versions = client.pages(f"project/{scope.remote_id}/version", Version, maxResults=50)
    return [_version(scope, version) for version in versions]


def _sprints(client: Client, board: str, **which: str) -> list[SprintDetails]:
    """The sprints of a board; Jira answers 400 for a board that cannot have any."""
    try:
        return list(client.pages(f"board/{board}/sprint", SprintDetails, AGILE, maxResults=50, **which))
    except ToolError as error:
        if error.status != BAD_REQUEST:
            raise
        return []


def _sprint(scope: str, board: str, sprint: SprintDetails) -> Sprint:
    return Sprint(
        str(sprint.id),
        sprint.name,
        board,
        _STATES.get(sprint.state.lower(), "future"),
        scope=scope,
        start=instant(sprint.start_date),
        end=instant(sprint.end_date),
        closed=instant(sprint.complete_date),
        goal=sprint.goal or None,
    )


def _version(scope: Scope, version: Version) -> Container:
    return Container(
        version.id,
        scope.remote_id,
        "version",
        version.name,
        closed=version.released or version.archived,
        start_on=version.start_date,
        due_on=version.release_date,
        done_on=version.release_date if version.released else None,
    )
