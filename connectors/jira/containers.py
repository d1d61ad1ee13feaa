"""The sprints and versions of projects. Boards are asked only for their sprints: their issues come through search."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from connectors.jira.answers import Board, SprintDetails, Version
from connectors.jira.client import AGILE, Client
from connectors.jira.records import instant
from syncbot.connector import Containers
from syncbot.errors import ToolError
from syncbot.model import Container, Scope, Sprint, SprintState

BAD_REQUEST = 400
_STATES: dict[str, SprintState] = {"future": "future", "active": "active", "closed": "closed"}


def containers(client: Client, scopes: Sequence[Scope]) -> Containers:
    """Sprints and versions; a project that cannot be read costs only its own."""
    sprints: dict[str, Sprint] = {}
    found: list[Container] = []
    errors: dict[str, Exception] = {}
    asked = [(ask, scope) for scope in scopes for ask in (_on_boards, _versions)]
    for (_, scope), answer in zip(asked, client.each(lambda one: _safely(client, *one), asked), strict=True):
        if isinstance(answer, ToolError):
            errors[scope.remote_id] = answer
            continue
        for part in answer:
            if isinstance(part, Container):
                found.append(part)
                continue
            # A sprint shows on every board whose filter matches it; it belongs to the one that it was made on.
            board, sprint = part
            if str(sprint.id) not in sprints or sprint.origin_board_id == board.id:
                sprints[str(sprint.id)] = _sprint(scope, board, sprint)
    return Containers(tuple(sprints.values()), tuple(found), errors)


Part = Container | tuple[Board, SprintDetails]


def _safely(client: Client, ask: Callable[[Client, Scope], list[Part]], scope: Scope) -> list[Part] | ToolError:
    try:
        return ask(client, scope)
    except ToolError as error:
        return error


def _on_boards(client: Client, scope: Scope) -> list[Part]:
    boards = list(client.pages("board", Board, AGILE, projectKeyOrId=scope.remote_id, maxResults=50))
    return [(board, sprint) for board in boards for sprint in _sprints(client, board)]


def _versions(client: Client, scope: Scope) -> list[Part]:
    versions = client.pages(f"project/{scope.remote_id}/version", Version, maxResults=50)
    return [_version(scope, version) for version in versions]


def _sprints(client: Client, board: Board) -> list[SprintDetails]:
    """The sprints of a board; Jira answers 400 for a board that cannot have any."""
    if board.type == "kanban":
        return []
    try:
        return list(client.pages(f"board/{board.id}/sprint", SprintDetails, AGILE, maxResults=50))
    except ToolError as error:
        if error.status != BAD_REQUEST:
            raise
        return []


def _sprint(scope: Scope, board: Board, sprint: SprintDetails) -> Sprint:
    return Sprint(
        str(sprint.id),
        sprint.name,
        board.name,
        _STATES.get(sprint.state.lower(), "future"),
        scope=scope.remote_id,
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
