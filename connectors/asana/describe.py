"""What Asana's projects are made of: their fields and words with samples, their sections, and the people on them."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from connectors.asana import goals
from connectors.asana.api import PAGE, Api
from connectors.asana.records import (
    BUILT_IN,
    DEPENDENCY,
    GOAL,
    GOAL_STATUSES,
    PORTFOLIO,
    PROJECT,
    RESOLUTIONS,
    SUPPORT,
    TYPES,
    opt_fields,
    records,
)
from connectors.asana.wire import (
    CustomField,
    Many,
    Named,
    One,
    Project,
    ProjectMembership,
    Setting,
    Task,
    User,
    WorkspaceMembership,
)
from syncbot.connector import Containers, Probe, Target
from syncbot.errors import Missing, Refused, ToolError
from syncbot.model import (
    Account,
    Container,
    FieldType,
    Record,
    Scope,
    Struct,
    Term,
    Value,
    Vocabulary,
    described,
)
from syncbot.transport.several import seen

T = TypeVar("T")

_TYPES: dict[str, FieldType] = {
    "text": "text",
    "number": "number",
    "enum": "option",
    "multi_enum": "options",
    "date": "instant",
    "people": "people",
}
_BUILT_IN: tuple[tuple[str, str, FieldType], ...] = (
    ("assignee", "Assignee", "person"),
    ("due_on", "Due date", "instant"),
    ("start_on", "Start date", "instant"),
    ("actual_time_minutes", "Actual time", "number"),
    ("name", "Task name", "text"),
)
SAMPLED, FEWEST = 1_000, 10
"""Of so many tasks in all samples are taken, but of so many in each project."""
_PROJECT = "name,archived,permalink_url,privacy_setting"


class Look(Struct, frozen=True):
    """A project's own words, and its first tasks as samples."""

    scope: str
    fields: tuple[CustomField, ...]
    sections: tuple[Named, ...]
    sample: tuple[Record, ...]


def probe(api: Api) -> Probe:
    """Who the token belongs to, and which workspaces it opens. Asana tells no time zone."""
    me = _me(api)
    return Probe(
        account=_account(me, active=True),
        permissions=tuple(f"member of {one.name or one.gid}" for one in me.workspaces or ()),
        limits=("150 requests a minute on a free plan, 1500 on a paid one",),
    )


def scopes(api: Api) -> tuple[Scope, ...]:
    """Every project that this account sees in its workspaces, archived ones too.

    A project is ``public`` if a guest of the workspace is a member of it, as far as we are told who is a guest.
    """
    found = []
    for workspace in _me(api).workspaces or ():
        guests = _guests(api, workspace.gid)
        fields = f"{_PROJECT},members" if guests else _PROJECT
        for projects in api.all("/projects", Project, workspace=workspace.gid, opt_fields=fields):
            found += [_scope(project, guests) for project in projects]
        if (own := goals.scope(api, workspace)) is not None:
            found.append(own)
    return tuple(found)


def _guests(api: Api, workspace: str) -> frozenset[str]:
    """The guests of a workspace; none where Asana does not say (not every account may ask)."""
    path = f"/workspaces/{workspace}/workspace_memberships"
    try:
        pages = list(api.all(path, WorkspaceMembership, opt_fields="user,is_guest"))
    except (Refused, Missing):
        return frozenset()
    return frozenset(one.user.gid for page in pages for one in page if one.user and one.is_guest)


def _scope(project: Project, guests: frozenset[str]) -> Scope:
    return Scope(
        remote_id=project.gid,
        key=project.gid,
        name=project.name or project.gid,
        url=project.permalink_url or f"https://app.asana.com/0/{project.gid}",
        public=any(member.gid in guests for member in project.members or ()),
        private=project.privacy_setting in {"private", "private_to_team"},
        archived=bool(project.archived),
    )


def describe(api: Api, projects: Sequence[Scope]) -> Vocabulary:
    """The fields and words of these projects, three requests for ten of them, and the tags of the workspaces."""
    read = [scope.remote_id for scope in projects if not goals.is_goals(scope.remote_id)]
    looks = _looks(api, read)
    used: defaultdict[str, list[Look]] = defaultdict(list)
    custom: dict[str, CustomField] = {}
    for look in looks:
        for field in look.fields:
            custom[field.gid] = field
            used[field.gid].append(look)
    fields = [described(key, name, kind, _held(key, looks), custom=False) for key, name, kind in _BUILT_IN]
    fields += [
        described(
            gid,
            field.name or gid,
            _TYPES.get(field.resource_subtype or field.type or "", "other"),
            _held(gid, used[gid]),
            custom=True,
            scopes=[look.scope for look in used[gid]],
        )
        for gid, field in custom.items()
    ]
    terms = [Term("type", word.id, word.name) for word in TYPES.values()]
    terms += [Term("resolution", word.id, word.name) for word in RESOLUTIONS.values()]
    terms += [Term("link", word.id, word.name) for word in (DEPENDENCY, SUPPORT)]
    if len(read) < len(projects):
        terms += [Term("type", word.id, word.name) for word in (GOAL, PORTFOLIO, PROJECT)]
        terms += [Term("status", word.id, word.name) for word in GOAL_STATUSES.values()]
    terms += [Term("section", one.gid, one.name or one.gid, look.scope) for look in looks for one in look.sections]
    terms += [Term("label", tag.gid, tag.name or tag.gid) for tag in _tags(api)]
    return Vocabulary(tuple(fields), tuple(terms))


def _held(field: str, looks: Iterable[Look]) -> list[Value | None]:
    return [record.fields.get(field) for look in looks for record in look.sample if record.marker is None]


def _looks(api: Api, projects: Sequence[str]) -> list[Look]:
    asked = "custom_field.name,custom_field.resource_subtype"
    settings = _of_each(api, projects, "custom_field_settings", Setting, asked)
    fields = [tuple(one.custom_field for one in several if one.custom_field) for several in settings]
    sections = _of_each(api, projects, "sections", Named, "name")
    wanted = [BUILT_IN | {field.gid for field in own} for own in fields]
    samples = _samples(api, projects, opt_fields(BUILT_IN.union(*wanted)))
    return [
        Look(project, own, tuple(several), records(sample, project, {}, names))
        for project, own, several, sample, names in zip(projects, fields, sections, samples, wanted, strict=True)
    ]


def _of_each(api: Api, projects: Sequence[str], what: str, kind: type[T], fields: str) -> list[list[T]]:
    found = []
    for project, several in zip(
        projects, api.lists([f"/projects/{one}/{what}" for one in projects], kind, fields), strict=True
    ):
        if several is None:
            raise Missing(f"{api.name}: the project {project} is not there, or this account may not see it.")
        found.append(several)
    return found


def _samples(api: Api, projects: Sequence[str], fields: str) -> list[list[Task]]:
    """The first tasks of each project."""
    limit = max(FEWEST, min(PAGE, SAMPLED // max(1, len(projects))))
    paths = [f"/projects/{one}/tasks" for one in projects]
    answers = api.batch(paths, Many[Task], fields=fields.split(","), limit=limit)
    return [
        next(api.all(path, Task, opt_fields=fields, limit=str(limit)), []) if isinstance(one, ToolError) else one.data
        for path, one in zip(paths, answers, strict=True)
    ]


def _sections(api: Api, project: str) -> tuple[Named, ...]:
    pages = api.all(f"/projects/{project}/sections", Named, opt_fields="name")
    return tuple(one for page in pages for one in page)


def _tags(api: Api) -> list[Named]:
    return [
        tag
        for workspace in _me(api).workspaces or ()
        for page in api.all(f"/workspaces/{workspace.gid}/tags", Named, opt_fields="name")
        for tag in page
    ]


def containers(api: Api, projects: Sequence[Scope]) -> Containers:
    """The sections of these projects, ten projects a request. Asana has no sprints of its own."""
    projects = [one for one in projects if not goals.is_goals(one.remote_id)]
    paths = [f"/projects/{one.remote_id}/sections" for one in projects]
    found: list[Container] = []
    errors: dict[str, Exception] = {}
    for project, answer in zip(projects, api.batch(paths, Many[Named], fields=["name"], limit=100), strict=True):
        scope = project.remote_id
        try:
            if isinstance(answer, ToolError):
                raise answer
            sections = tuple(answer.data) if answer.next_page is None else _sections(api, scope)
        except ToolError as error:
            errors[scope] = error
            continue
        found += [Container(one.gid, scope, "section", one.name or one.gid) for one in sections]
    return Containers(containers=tuple(found), errors=errors)


def accounts(api: Api, scopes: Sequence[Scope], known: frozenset[str]) -> tuple[Account, ...]:
    """The people of our workspaces, any of whom can be on a task, unless ``scopes`` is empty; and those of ``known``
    who left but still exist. Many hide their e-mail.
    """
    found: dict[str, Account] = {}
    for workspace in (_me(api).workspaces or ()) if scopes else ():
        for users in api.all("/users", User, workspace=workspace.gid, opt_fields="name,email"):
            found.update((user.gid, _account(user, active=True)) for user in users)
    left = [f"/users/{gid}" for gid in sorted(known - found.keys())]
    for answer in seen(api.batch(left, One[User], fields=["name", "email"])):
        found[answer.data.gid] = _account(answer.data, active=None)
    return tuple(found.values())


def obstacles(api: Api, target: Target) -> tuple[str, ...]:
    """What is missing for a report task in that project: one that is not archived, the right to edit, the section."""
    scope = target.scope.remote_id
    if goals.is_goals(scope):
        return (f"a report cannot live among the {target.scope.name}: name a project.",)
    project = api.get(f"/projects/{scope}", Project, opt_fields="name,archived")
    if project.archived:
        return (f"the project {project.name} is archived: bring it back, or name another project.",)
    found = []
    if _is_reader(api, scope):
        found.append(f"this account may only comment in {project.name}: make it an editor of the project.")
    try:
        section(api, target)
    except Missing as error:
        found.append(str(error))
    return tuple(found)


def section(api: Api, target: Target) -> str | None:
    """The id of the section that the report names, if it names one. Raises Missing with the sections that there are."""
    if target.section is None:
        return None
    there = _sections(api, target.scope.remote_id)
    for one in there:
        if target.section == one.gid or fold(target.section) == fold(one.name or ""):
            return one.gid
    names = ", ".join(f'"{one.name}"' for one in there)
    raise Missing(f'The project {target.scope.name} has no section "{target.section}"; it has {names or "none"}.')


def fold(name: str) -> str:
    """A name as names compare."""
    return unicodedata.normalize("NFC", name).strip().casefold()


def _is_reader(api: Api, project: str) -> bool:
    """Whether we may only comment there; not known for those who see a project without being a member of it."""
    path = f"/projects/{project}/project_memberships"
    try:
        mine = next(api.all(path, ProjectMembership, user="me", opt_fields="access_level"), [])
    except (Refused, Missing):
        return False
    return any(one.access_level in {"commenter", "viewer"} for one in mine)


def _me(api: Api) -> User:
    return api.get("/users/me", User, opt_fields="name,email,workspaces.name")


def _account(user: User, *, active: bool | None) -> Account:
    return Account(remote_id=user.gid, name=user.name or user.gid, email=user.email or None, active=active)
