"""What Jira sends, as types: parsed once, only the keys named here, and forgiving of a single odd value.

A search page is parsed strictly, which is fast. Only when that fails are its issues parsed one by one, and of an issue
that fails its fields one by one, so that an odd value costs itself and nothing more.
"""

from __future__ import annotations

from functools import lru_cache
from types import GenericAlias
from typing import Any

import msgspec

from syncbot.errors import Broken
from syncbot.model import CHOICE, converted, decoder
from syncbot.transport.forgiving import loosely


class Json(msgspec.Struct, rename="camel", gc=False, omit_defaults=True):
    """Base of what Jira sends; keys that are not named here are skipped while parsing."""


class Named(Json):
    """Anything with an id and a name: a type, a priority, a resolution, a version."""

    id: str = ""
    name: str = ""


class StatusCategory(Json):
    """Jira's own reading of a status: new, indeterminate, done or undefined."""

    key: str = ""


class Status(Named):
    """A status with its category."""

    status_category: StatusCategory | None = None


class User(Json):
    """A person or an app. Cloud knows them by ``account_id``; old servers by ``key`` or ``name``."""

    account_id: str = ""
    key: str = ""
    name: str = ""
    display_name: str = ""
    email_address: str | None = None
    active: bool | None = None
    account_type: str = ""
    time_zone: str | None = None

    @property
    def id(self) -> str:
        """What this user is known by."""
        return self.account_id or self.key or self.name


class Ref(Json):
    """Another issue, as parent, epic or end of a link. An epic's id is a number."""

    id: str | int = ""
    key: str = ""


class Link(Json):
    """A link between two issues, seen from one of them: exactly one end is given, the other one's."""

    type: Named | None = None
    inward_issue: Ref | None = None
    outward_issue: Ref | None = None


class SprintRef(Json):
    """A sprint as the Sprint field holds it."""

    id: int | str = ""
    name: str = ""
    state: str = ""


class Node(Json):
    """A node of the Atlassian Document Format, as far as it holds text."""

    text: str = ""
    content: list[Node] = []


Sprints = list[SprintRef | str] | SprintRef | str | None

# The fields that every record needs, by Jira's id. `epic`, `sprint` and `closedSprints` come from the agile API only.
BASE: dict[str, Any] = {
    "summary": str | None,
    "project": Named | None,
    "issuetype": Named | None,
    "status": Status | None,
    "statuscategorychangedate": str | None,
    "created": str | None,
    "updated": str | None,
    "creator": User | None,
    "priority": Named | None,
    "resolution": Named | None,
    "security": Any,  # of whatever shape: losing it would show what must not be seen
    "labels": list[str] | None,
    "parent": Ref | None,
    "issuelinks": list[Link] | None,
    "description": Node | str | None,
}
AGILE: dict[str, Any] = {"epic": Ref | None, "sprint": Sprints, "closedSprints": Sprints}

# Fields that mappings often want, whose objects carry much that nobody needs.
_KNOWN: dict[str, Any] = {
    "assignee": User | None,
    "reporter": User | None,
    "fixVersions": list[Named] | None,
    "versions": list[Named] | None,
    "components": list[Named] | None,
}


class Lens(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a read looks at: the fields that mappings want, and where this site keeps what is no ordinary field.

    ``sprint`` is the id of the field Sprint, ``parents`` those of the fields that hold a parent's key (Epic Link,
    Parent Link) and ``urls`` those of URL fields, with their names. ``site`` is the address that people see, ``url``
    the one that was asked, ``data_center`` what runs there, ``choices`` those of ``fields`` whose options are wanted
    by id too.
    """

    fields: tuple[str, ...] = ()
    sprint: str | None = None
    parents: tuple[tuple[str, str], ...] = ()
    urls: tuple[tuple[str, str], ...] = ()
    site: str = ""
    url: str = ""
    data_center: bool = False
    choices: tuple[str, ...] = ()

    @property
    def covers(self) -> frozenset[str]:
        """What can be read with it of what a pull asks for."""
        return frozenset((*self.fields, *(field + CHOICE for field in self.choices)))

    def asked(self) -> tuple[str, ...]:
        """The ids of all fields to ask for."""
        special = [self.sprint, *(id_ for id_, _ in (*self.parents, *self.urls))]
        return tuple(dict.fromkeys([*BASE, *filter(None, special), *self.fields]))


class Issue(Json):
    """An issue with fields of any shape: what is left of one that did not parse as its lens says."""

    id: str | int
    key: str = ""
    fields: Any = None
    properties: Any = None


class IssueError(Json):
    """An issue that a bulk request could not give now."""

    id: str = ""
    error_message: str = ""


class Page(Json):
    """A page of a search, or the answer to a bulk request: issues as their lens says. Cloud's last page has no token;
    Data Center says which size of page it keeps to, and how many issues there are in all. ``at``: when it was answered;
    ``unread``: by id, why an issue of it is only named.
    """

    issues: list[Any]
    max_results: int | None = None
    total: int | None = None
    next_page_token: str | None = None
    is_last: bool | None = None
    issue_errors: list[IssueError] = []
    at: int = 0
    unread: dict[str, str] = {}


class Shape(msgspec.Struct, frozen=True):
    """The types of one lens: a page of a search, an issue, and each field by Jira's id."""

    page: Any
    issue: Any
    fields: Any
    kinds: dict[str, Any]


@lru_cache(maxsize=64)
def shape(lens: Lens) -> Shape:
    """The types to parse by for a lens; the attributes of its fields are named by Jira's ids."""
    kinds = dict.fromkeys(lens.asked(), Any) | {id_: _KNOWN[id_] for id_ in lens.fields if id_ in _KNOWN} | BASE | AGILE
    if lens.sprint:
        kinds[lens.sprint] = Sprints
    named = [(id_, kind, None) for id_, kind in kinds.items()]
    fields = msgspec.defstruct("Fields", named, gc=False, omit_defaults=True)
    issue = msgspec.defstruct("Issue", [("fields", fields | None, None)], bases=(Issue,), gc=False)
    page = msgspec.defstruct("Page", [("issues", GenericAlias(list, (issue,)))], bases=(Page,), rename="camel")
    return Shape(page, issue, fields, kinds)


def parse(raw: bytes, kind: Any, source: str) -> Any:
    """The answer of a connection as ``kind``. Raises Broken when it is no whole JSON, or not what Jira promises."""
    try:
        return decoder(kind).decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        plain = msgspec.json.encode(loosely(raw, f"{source}: Jira"))
    try:
        return decoder(kind).decode(plain)
    except msgspec.DecodeError as error:
        raise Broken(f"{source}: this is not what Jira's API promises ({error}); nothing of it was used.") from None


def parse_page(raw: bytes, lens: Lens, source: str) -> Page:
    """A page of a search. Odd values are left out; raises Broken for what is cut off or is no page."""
    types = shape(lens)
    try:
        page: Page = decoder(types.page).decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        page = parse(msgspec.json.encode(loosely(raw, f"{source}: Jira")), Page, source)
        page.issues = [issue for issue in (_salvage(issue, types) for issue in page.issues) if issue is not None]
    return page


def _salvage(issue: Any, types: Shape) -> Any:
    """As much of an issue as fits its types; None if not even its id does."""
    try:
        return converted(issue, types.issue)
    except msgspec.ValidationError:
        pass
    try:
        bare = converted(issue, Issue)
    except msgspec.ValidationError:
        return None
    said = bare.fields if isinstance(bare.fields, dict) else {}
    fields = types.fields(**{id_: _fitting(said[id_], kind) for id_, kind in types.kinds.items() if id_ in said})
    return types.issue(id=bare.id, key=bare.key, fields=fields, properties=bare.properties)


def _fitting(value: Any, kind: Any) -> Any:
    try:
        return converted(value, kind)
    except msgspec.ValidationError:
        return None
