"""What a Jira site says of this account: who it is, which projects it sees, and which people."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence

from connectors.jira.answers import FieldDetails, Permissions, Project
from connectors.jira.client import DEPLOYMENTS, Client
from connectors.jira.records import epoch
from connectors.jira.wire import Lens, User
from syncbot.connector import Probe
from syncbot.errors import Broken, Missing, Refused, ToolError
from syncbot.model import CHOICE, Account, Scope

EPIC_LINK = "com.pyxis.greenhopper.jira:gh-epic-link"
SPRINT = "com.pyxis.greenhopper.jira:gh-sprint"
PARENT_LINK = "com.atlassian.jpo:jpo-custom-field-parent"  # of an epic, where Advanced Roadmaps has levels above
URL = "com.atlassian.jira.plugin.system.customfieldtypes:url"

# What an account needs for reading, and for making and editing the report.
PERMISSIONS = ("BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES")
_PARENTS = (EPIC_LINK, PARENT_LINK)
_SPECIAL = (SPRINT, *_PARENTS, URL)
USERS_A_PAGE = 1_000
USERS = 90  # of one bulk request; their ids stand in its address


def probe(client: Client) -> Probe:
    """Who we are, what the site is, and what we may do there."""
    server = client.server()
    theirs = epoch(server.server_time)
    me = client.get("myself", User)
    held = client.get("mypermissions", Permissions, permissions=",".join(PERMISSIONS)).permissions
    return Probe(
        account=account(me),
        deployment=DEPLOYMENTS[server.deployment_type],
        timezone=me.time_zone,
        permissions=tuple(name for name in PERMISSIONS if name in held and held[name].have_permission),
        limits=("100 reads and 50 changes a second for each endpoint", "20 changes in 2 s for each issue"),
        markup="wiki" if client.is_data_center else None,
        clock_skew_seconds=theirs / 1000 - time.time() if theirs else None,
    )


def scopes(client: Client) -> tuple[Scope, ...]:
    """All projects that this account can see; ``public`` if somebody without an account sees them too."""
    try:
        public = {project.id for project in _projects(client.stranger(), "live")}
    except ToolError as error:
        if error.retry:
            raise
        public = set()  # strangers get no answer at all
    site = client.site()
    return tuple(
        Scope(
            project.id,
            project.key,
            project.name,
            url=f"{site}/browse/{project.key}",
            public=project.id in public,
            archived=project.archived,
        )
        for project in _projects(client, "live", "archived")
    )


def _projects(client: Client, *states: str) -> Iterator[Project]:
    """Projects in these states; Data Center gives them all at once."""
    if client.is_data_center:
        return iter(client.get("project", list[Project], includeArchived=str("archived" in states).lower()))
    return client.pages("project/search", Project, status=states, maxResults=100)


def all_fields(client: Client) -> list[FieldDetails]:
    """The fields of the site. Raises Broken where it says that it has none, which no site has."""
    if found := client.get("field", list[FieldDetails]):
        return found
    raise Broken(f"{client.name}: Jira says that it has no fields at all; it is asked again next time.")


def look(client: Client, fields: frozenset[str]) -> tuple[Lens, int]:
    """The lens for reading these fields now, and the server's time in epoch milliseconds (0: it does not say)."""
    asked = client.pool.submit(client.now)
    if client.is_data_center is None:
        asked.result()  # which tells where the fields are
    known, now = all_fields(client), asked.result()
    special = {kind: [one for one in known if one.schema and one.schema.custom == kind] for kind in _SPECIAL}
    lens = Lens(
        fields=tuple(sorted(field for field in fields if field.isidentifier())),
        choices=tuple(sorted(field.removesuffix(CHOICE) for field in fields if field.endswith(CHOICE))),
        sprint=next((one.id for one in special[SPRINT]), None),
        parents=tuple((one.id, one.name) for kind in _PARENTS for one in special[kind][:1]),
        urls=tuple(sorted((one.id, one.name) for one in special[URL])),
        site=client.site(),
        url=client.url,
        data_center=bool(client.is_data_center),
    )
    return lens, now


def accounts(client: Client, scopes: Sequence[Scope], known: frozenset[str]) -> tuple[Account, ...]:
    """The people that work of these projects can be given to, and those of ``known`` that still exist.

    A project that may not be seen costs only those whom nobody knows yet, unless none may be.
    """

    def assignable(scope: Scope) -> list[User]:
        """All pages: Jira filters a page after cutting it, so that only an empty one is surely the last."""
        users: list[User] = []
        seen: set[str] = set()
        project = scope.key if client.is_data_center else scope.remote_id  # a key may be an old one
        for start in itertools.count(0, USERS_A_PAGE):
            page = client.get(
                "user/assignable/search", list[User], project=project, startAt=start, maxResults=USERS_A_PAGE
            )
            if not page:
                return users
            if seen.issuperset(user.id for user in page):
                raise Broken(f"{client.name}: Jira repeats a page of people; they are asked for again next time.")
            seen.update(user.id for user in page)
            users += page
        return users

    def safely(scope: Scope) -> list[User] | ToolError:
        try:
            return assignable(scope)
        except (Missing, Refused) as error:
            return error

    answers = list(client.each(safely, scopes))
    told = [users for users in answers if isinstance(users, list)]
    if refused := [error for error in answers if isinstance(error, ToolError) and not told]:
        raise refused[0]
    found = {user.id: user for users in told for user in users}
    found.update((user.id, user) for user in _users(client, sorted(known - found.keys())))
    return tuple(account(user) for _, user in sorted(found.items()))


def _users(client: Client, ids: Sequence[str]) -> Iterator[User]:
    """The users of these ids that still exist."""
    if client.is_data_center:
        yield from (user for user in client.each(lambda id_: _user(client, id_), ids) if user)
        return
    for some in _parts(ids, USERS):
        found = list(client.pages("user/bulk", User, accountId=some, maxResults=len(some)))
        if not found and _user(client, some[0], "accountId"):
            raise Broken(f"{client.name}: Jira gives none of {len(some)} users that are there; asked again next time.")
        yield from found


def _user(client: Client, id_: str, name: str = "key") -> User | None:
    try:
        user = client.get("user", User, **{name: id_})
    except Missing:
        return None
    if not user.id:
        raise Broken(f"{client.name}: Jira says nothing of a person who is there; asked again next time.")
    return user


def account(user: User) -> Account:
    """A user as an account. Jira hides most e-mail addresses; an app is no person."""
    return Account(
        user.id,
        user.display_name or user.id,
        email=user.email_address or None,
        active=user.active,
        is_bot=user.account_type == "app",
        timezone=user.time_zone,
        handle=user.name or None,
    )


def _parts(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
