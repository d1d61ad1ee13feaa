"""The living report as a Jira issue: found again by its id or its mark, made once, changed only where it differs."""

from __future__ import annotations

from typing import Any

from connectors.jira.answers import Permissions, Type
from connectors.jira.client import Client
from connectors.jira.document import among, same
from connectors.jira.records import LABEL, PROPERTY, Reader
from connectors.jira.search import search
from connectors.jira.site import PERMISSIONS
from connectors.jira.wire import Json, Lens, Named, Status, parse
from syncbot.connector import Found, Target, Write, Written
from syncbot.errors import Broken, Missing, Unknown

DEFAULT_TYPE = "Task"


class _Fields(Json):
    """What is looked at before anything is written."""

    status: Status | None = None
    summary: str | None = None
    description: Any = None
    project: Named | None = None


class _Report(Json):
    """An issue that is a report of ours."""

    id: str
    key: str
    fields: _Fields

    def is_muted(self, target: Target) -> bool:
        """Whether a person closed it, or took it to another project, whose readers we do not know."""
        status, project = self.fields.status, self.fields.project
        is_closed = bool(status and status.status_category and status.status_category.key == "done")
        return is_closed or (project is not None and project.id != target.scope.remote_id)


class _Created(Json):
    id: str
    key: str


def find(client: Client, target: Target, marker: str, authors: frozenset[str]) -> Found | None:
    """The report with this mark that one of ``authors`` made, the oldest if there are several."""
    # By label, since a property cannot be searched for; then by mark and author.
    jql = f'project = {target.scope.remote_id} and labels = "{LABEL}" order by id asc'
    lens = Lens(site=client.site())
    reader = Reader(lens)
    for part in search(client, jql, lens):
        for record in reader.records(part.issues):
            if record.marker == marker and record.creator in authors:
                return Found(record.remote_id, record.ref, record.url, closed=record.category == "done")
    return None


def obstacles(client: Client, target: Target) -> tuple[str, ...]:
    """What is missing for a report in that project: a permission there, or the issue type."""
    project, name = target.scope.remote_id, target.scope.name
    if target.scope.archived:
        return (f"{name} is archived: restore it, or name another project.",)
    held = client.get("mypermissions", Permissions, permissions=",".join(PERMISSIONS), projectId=project).permissions
    found = [
        f"this account lacks the permission {one.replace('_', ' ').capitalize()} in {name}: grant it there."
        for one in PERMISSIONS
        if one not in held or not held[one].have_permission
    ]
    wanted = target.issue_type or DEFAULT_TYPE
    types = [one for one in client.get(f"project/{project}/statuses", list[Type]) if not one.subtask]
    if wanted not in {one.name for one in types}:
        there = ", ".join(f'"{one.name}"' for one in types)
        found.append(f'{name} has no issue type "{wanted}": write another as issue_type. There are {there or "none"}.')
    return tuple(found)


def apply(client: Client, write: Write) -> Written:
    """Make the issue say what the write says. Its summary is ours as long as people leave it as we wrote it."""
    issue = _read(client, write.remote_id) if write.remote_id else None
    if issue is None:
        found = find(client, write.target, write.marker, write.authors)
        issue = _read(client, found.remote_id) if found else None
    if issue is None:
        return _create(client, write)
    url = f"{client.site()}/browse/{issue.key}"
    if issue.is_muted(write.target):
        return Written(issue.id, issue.key, url, "muted", 0)
    fields = {}
    wanted = among(write.body["description"], issue.fields.description, [one["description"] for one in write.before])
    if not same(wanted, issue.fields.description):
        fields["description"] = wanted
    if write.was is not None and issue.fields.summary == write.was:
        fields["summary"] = write.body["summary"]
    if not fields:
        return Written(issue.id, issue.key, url, "unchanged", 0)
    client.write("PUT", f"issue/{issue.id}", {"fields": fields})
    return Written(issue.id, issue.key, url, "updated", 1)


def _read(client: Client, remote_id: str) -> _Report | None:
    try:
        return client.get(f"issue/{remote_id}", _Report, fields="status,summary,description,project")
    except Missing:
        return None


def _create(client: Client, write: Write) -> Written:
    body = write.body
    issue = {
        "fields": {
            "project": {"id": write.target.scope.remote_id},
            "issuetype": {"name": write.target.issue_type or DEFAULT_TYPE},
            "summary": body["summary"],
            "description": body["description"],
            "labels": sorted({*body.get("labels", ()), LABEL}),
        },
        # With the issue, so that no moment exists in which it is there and cannot be found.
        "properties": [{"key": PROPERTY, "value": {"marker": write.marker}}],
    }
    url = f"{client.site()}/browse/"
    answer = client.write("POST", "issue", issue)
    try:
        created: _Created = parse(answer, _Created, client.name)
    except Broken as error:
        raise Unknown(f"{error} The report may have been made.") from None
    return Written(created.id, created.key, url + created.key, "created", 1)
