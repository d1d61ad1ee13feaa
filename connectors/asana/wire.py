"""What Asana sends, as types: parsed once, only the keys named here, and forgiving of a single odd value."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from syncbot.transport.forgiving import Forgiving

T = TypeVar("T")


class _Json(msgspec.Struct, gc=False, omit_defaults=True):
    """Base of what Asana sends; keys that are not named here are skipped while parsing."""


class Named(_Json):
    """Anything with an id and mostly a name: a section, a tag, an option, a workspace, a user as others see it."""

    gid: str
    name: str | None = None


class Membership(_Json):
    """A task's place in one project."""

    project: Named | None = None
    section: Named | None = None


class Parent(_Json):
    """The task above a task, and where it is."""

    gid: str
    memberships: list[Membership] = []
    parent: Parent | None = None


class DateValue(_Json):
    """The value of a custom field that is a date."""

    date: str | None = None
    date_time: str | None = None


class CustomField(_Json):
    """A custom field: on a task with its value, in a project's settings with its options."""

    gid: str
    name: str | None = None
    resource_subtype: str | None = None
    type: str | None = None
    enum_options: list[Named] | None = None
    text_value: str | None = None
    number_value: float | None = None
    enum_value: Named | None = None
    multi_enum_values: list[Named] | None = None
    people_value: list[Named] | None = None
    date_value: DateValue | None = None
    display_value: str | None = None


class Task(_Json):
    """A task, a milestone or an approval. Ids were integers once: those are read too."""

    gid: str
    name: str | None = None
    resource_subtype: str | None = None
    notes: str | None = None
    html_notes: str | None = None
    completed: bool | None = None
    completed_at: str | None = None
    created_at: str | None = None
    modified_at: str | None = None
    created_by: Named | None = None
    assignee: Named | None = None
    approval_status: str | None = None
    custom_type: Named | None = None
    custom_type_status_option: Named | None = None
    due_on: str | None = None
    due_at: str | None = None
    start_on: str | None = None
    start_at: str | None = None
    actual_time_minutes: float | None = None
    memberships: list[Membership] | None = None
    parent: Parent | None = None
    tags: list[Named] | None = None
    dependencies: list[Named] | None = None
    custom_fields: list[CustomField] | None = None
    num_subtasks: int | None = None
    permalink_url: str | None = None


class Setting(_Json):
    """A custom field in use on a project."""

    custom_field: CustomField | None = None


class Project(_Json):
    """A project."""

    gid: str
    name: str | None = None
    archived: bool | None = None
    permalink_url: str | None = None
    privacy_setting: str | None = None
    members: list[Named] | None = None


class User(_Json):
    """A person. The e-mail is there only if we may see it."""

    gid: str
    name: str | None = None
    email: str | None = None
    workspaces: list[Named] | None = None


class WorkspaceMembership(_Json):
    """A person's place in a workspace."""

    user: Named | None = None
    is_guest: bool | None = None


class ProjectMembership(_Json):
    """A person's place in a project: admin, editor, commenter or viewer."""

    member: Named | None = None
    access_level: str | None = None


class Event(_Json):
    """Something that happened in a project."""

    action: str | None = None
    resource: Resource | None = None
    parent: Resource | None = None


class Resource(_Json):
    """What an event is about."""

    gid: str
    resource_type: str | None = None


class Dates(_Json):
    """When something is to begin and to be done."""

    start_on: str | None = None
    due_on: str | None = None
    due_at: str | None = None


class Story(_Json):
    """An entry of a task's history; what people say is of the type "comment". The rest depends on what it tells."""

    gid: str
    type: str | None = None
    text: str | None = None
    created_at: str | None = None
    created_by: Named | None = None
    resource_subtype: str | None = None
    assignee: Named | None = None
    project: Named | None = None
    custom_field: Named | None = None
    old_name: str | None = None
    new_name: str | None = None
    old_section: Named | None = None
    new_section: Named | None = None
    old_dates: Dates | None = None
    new_dates: Dates | None = None
    old_resource_subtype: str | None = None
    new_resource_subtype: str | None = None
    old_approval_status: str | None = None
    new_approval_status: str | None = None
    old_text_value: str | None = None
    new_text_value: str | None = None
    old_number_value: float | None = None
    new_number_value: float | None = None
    old_enum_value: Named | None = None
    new_enum_value: Named | None = None
    old_multi_enum_values: list[Named] | None = None
    new_multi_enum_values: list[Named] | None = None
    old_people_value: list[Named] | None = None
    new_people_value: list[Named] | None = None
    old_date_value: Dates | None = None
    new_date_value: Dates | None = None


class StatusUpdate(_Json):
    """What somebody said of how a project goes: on_track, at_risk, off_track, on_hold, complete, dropped."""

    gid: str
    text: str | None = None
    status_type: str | None = None
    author: Named | None = None
    created_at: str | None = None


class NextPage(_Json):
    """Where a collection goes on."""

    offset: str


class One(_Json, Generic[T]):
    """The answer that holds one thing."""

    data: T


class Many(_Json, Generic[T]):
    """A page of a collection that was asked for with a limit: then ``next_page`` is there, None on the last page."""

    data: list[T]
    next_page: NextPage | None


class Events(_Json):
    """The events since a sync token, and the token to go on from."""

    sync: str
    data: list[Event] = []
    has_more: bool = False


class Goal(_Json):
    """A goal. ``status``: green, yellow, red while it is open (None: nobody said), else how it ended."""

    gid: str
    name: str | None = None
    owner: Named | None = None
    notes: str | None = None
    due_on: str | None = None
    start_on: str | None = None
    status: str | None = None
    privacy_setting: str | None = None


class Plan(_Json):
    """A portfolio, or a project in one, as something that is planned itself."""

    gid: str
    resource_type: str | None = None
    name: str | None = None
    owner: Named | None = None
    due_on: str | None = None
    start_on: str | None = None
    created_at: str | None = None
    completed: bool | None = None
    archived: bool | None = None
    permalink_url: str | None = None
    privacy_setting: str | None = None


class PortfolioMembership(_Json):
    """A person's place in a portfolio."""

    portfolio: Named | None = None


class GoalRelationship(_Json):
    """What a goal is made of: another goal, a project, a task or a portfolio."""

    gid: str
    supporting_resource: Resource | None = None


class Part(_Json):
    """The answer to one action of a batch."""

    status_code: int
    body: msgspec.Raw = msgspec.Raw(b"{}")
    headers: dict[str, object] = {}


class Batch(_Json):
    """The answers to all actions of a batch."""

    data: list[Part]


parse = Forgiving("Asana", Task, {"gid": "id"}).parse
