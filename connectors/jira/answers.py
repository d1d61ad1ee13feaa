"""What Jira answers about itself, as types: its server, projects, fields and words, boards, sprints and versions."""

from __future__ import annotations

from connectors.jira.wire import Json, Named, Status


class Server(Json):
    """serverInfo: ``deployment_type`` is Cloud or Server (Data Center)."""

    base_url: str = ""
    deployment_type: str = ""
    version: str = ""
    server_time: str | None = None


class Schema(Json):
    """What a field holds: ``custom`` is the full name of its type, ``items`` what a list of it has."""

    type: str = ""
    items: str = ""
    custom: str = ""


class FieldScope(Json):
    """Where a field can be used: everywhere, or in one team-managed project."""

    project: Named | None = None


class FieldDetails(Json):
    """A field of the site; one of a team-managed project names that project in its scope."""

    id: str
    name: str = ""
    custom: bool = False
    schema: Schema | None = None
    scope: FieldScope | None = None


class Project(Json):
    """A project."""

    id: str
    key: str = ""
    name: str = ""
    archived: bool = False


class Type(Named):
    """An issue type of a project, with the statuses of its workflow."""

    subtask: bool = False
    statuses: list[Status] = []


class BoardDetails(Json):
    """A board; only some have sprints."""

    id: int
    name: str = ""
    type: str = ""


class SprintDetails(Json):
    """A sprint; those of the future may have no dates."""

    id: int
    name: str = ""
    state: str = ""
    start_date: str | None = None
    end_date: str | None = None
    complete_date: str | None = None
    origin_board_id: int | None = None
    goal: str | None = None


class Version(Json):
    """A version of a project."""

    id: str
    name: str = ""
    released: bool = False
    archived: bool = False
    start_date: str | None = None
    release_date: str | None = None


class Permission(Json):
    """Whether this account has a permission."""

    have_permission: bool = False


class Permissions(Json):
    """Permissions by their keys."""

    permissions: dict[str, Permission] = {}


class LinkTypes(Json):
    """All link types."""

    issue_link_types: list[Named] = []
